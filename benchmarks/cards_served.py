# SPDX-License-Identifier: EUPL-1.2
"""How fast cards answer, and whether any is served once its page says otherwise.

    speed     N cards, real embedder and strict check ─▶ median seconds of a question that a card
              answers: found, compared, its quotes found again
    changes   1,000 cards over fifty invented papers, each paper changed ─▶ suspended │ stale

Papers are read, split and kept as those of a town are. A card is stale where it is served and the
figure that it says stands in no line of today's page, or its year is over.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from assistant.cards import Card, CardStore
from assistant.cards.desk import places_of
from assistant.cards.nearest import NearestCards
from assistant.cards.quotes import find
from assistant.cards.same import LearnedSame
from assistant.cards.serving import ValidatedAnswers
from assistant.understanding.questions import understand
from benchmarks.ingestion_growth import Passing
from corpus.documents import PUBLIC
from corpus.ingest import Ingestion
from corpus.memory_vectors import MemoryIndex
from corpus.passages import PassageStore
from corpus.rights import NO_FILTER
from corpus.seams import Embedder, Vectors
from guardrails.findings import Screened

PAPERS, LINES = 50, 20
ASKED = 40
KEY = b"k" * 32
THIS_YEAR, AFTER = "2025-2026", date(2026, 9, 1)
TODAY = date(2026, 3, 3)
THINGS = (
    "le repas", "la garderie", "le badge", "la salle", "le stand", "la carte", "la benne", "le bac",
    "le vélo", "la chaise", "la table", "le barnum", "la sono", "le livre", "le stage", "la clé",
    "le casier", "la place", "le transport", "le goûter",
)  # fmt: skip


class RandomEmbedder:
    """Vectors that cost nothing: no question is asked of the cards whose pages change."""

    name, dimension, max_tokens = "random", 8, 512

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        return np.full(8, 8**-0.5, np.float32)


@dataclass(frozen=True, slots=True)
class Town:
    """A folder of papers, what is kept of them, and cards."""

    papers: Path
    store: PassageStore
    cards: CardStore
    ingestion: Ingestion

    def read(self) -> None:
        self.ingestion.add([self.papers], collection=PUBLIC, prune=True)


@contextmanager
def open_town() -> Iterator[Town]:
    """Open an empty town, gone in the end."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        papers = folder / "papers"
        papers.mkdir()
        store = PassageStore(folder / "passages.db")
        closing.callback(store.close)
        cards = CardStore(folder / "cards.db")
        closing.callback(cards.close)
        ingestion = Ingestion(store, MemoryIndex(), RandomEmbedder(), Passing(), key=KEY)
        yield Town(papers, store, cards, ingestion)


def line_of(paper: int, line: int, cents: int = 0) -> str:
    """Return a line that tells a price which no other line of its paper tells."""
    return f"{THINGS[line].capitalize()} du quartier {paper} coûte {line + 2},{30 + cents} euros."


def paper_of(number: int, cents: int = 0, title: str = "") -> str:
    lines = "\n\n".join(line_of(number, line, cents) for line in range(LINES))
    return f"Tarifs du quartier {number}{title}\n\n{lines}\n"


def fill(town: Town, title: str = "") -> list[Card]:
    """Write the papers, and a card for each of their lines."""
    for number in range(PAPERS):
        (town.papers / f"{number:02}.txt").write_text(paper_of(number, title=title), "utf-8")
    town.read()
    made = list[Card]()
    with town.cards.changing() as change:
        for number in range(PAPERS):
            for line in range(LINES):
                place = find(town.store, [f"{number:02}.txt"], 1, line_of(number, line))
                assert place is not None
                question = f"Combien coûte {THINGS[line]} au quartier {number} ?"
                card = Card(id=f"{number:02}-{line:02}", question=question, quotes=(place.quote(),))
                change.put(card, np.zeros(8, np.float32), "random")
                made.append(card)
    return made


def changed(town: Town) -> None:
    """Raise every price."""
    for number in range(PAPERS):
        (town.papers / f"{number:02}.txt").write_text(paper_of(number, cents=5), "utf-8")


def moved(town: Town) -> None:
    """Give each file's name and place to the next paper."""
    for number in range(PAPERS):
        path = town.papers / f"{(number + 1) % PAPERS:02}.txt"
        path.write_text(paper_of(number), "utf-8")


def ended(town: Town) -> None:
    """Leave the papers: their school year is over."""


def re_read(town: Town) -> None:
    """Write what another reader makes of them: other spaces, signs and line ends."""
    for number in range(PAPERS):
        text = (
            paper_of(number).replace(" coûte ", "  coûte\u00a0").replace(" euros.", "\u202feuros.")
        )
        (town.papers / f"{number:02}.txt").write_text(f"\n{text}\n\n(page 1)\n", "utf-8")


KINDS: dict[str, tuple[str, Callable[[Town], None], date]] = {
    "changed": ("", changed, TODAY),
    "moved": ("", moved, TODAY),
    "ended": (f" {THIS_YEAR}", ended, AFTER),
    "re-read": ("", re_read, TODAY),
}


def after(kind: str) -> dict[str, int]:
    """Return what became of the cards after one kind of change."""
    title, change, day = KINDS[kind]
    with open_town() as town:
        cards = fill(town, title)
        change(town)
        town.read()
        counts = {"cards": len(cards), "suspended": 0, "fresh": 0, "stale": 0}
        for card in cards:
            places, why = places_of(town.store, card, day)
            says = card.quotes[0].quote
            stands = any(_holds(town.store, place.document.id, says) for place in places)
            is_right = stands and kind != "ended"
            counts["suspended" if why else "fresh" if is_right else "stale"] += 1
        return counts


def _holds(store: PassageStore, document: str, words: str) -> bool:
    """Whether a document says these words today, spaces forgiven: looked for without the product's
    own way to find quotes."""
    wanted = "".join(words.split())
    return any(wanted in "".join(text.split()) for _, text in store.pages(document))


def seconds(size: int, embedder: Embedder) -> float:
    """Return the median of questions that cards answer, of so many cards."""
    chance = np.random.default_rng(1)
    with open_town() as town:
        cards = fill(town)
        width = embedder.embed_query("a").shape[0]
        with town.cards.changing() as change:
            for card in cards[:ASKED]:
                change.put(card, embedder.embed_query(card.question), embedder.name)
            for card in cards[ASKED:]:
                change.put(card, unit(chance, width), embedder.name)
            for number in range(size - len(cards)):
                question = f"Où est le lieu dit {number} ?"
                other = replace(cards[number % len(cards)], id=f"x{number}", question=question)
                change.put(other, unit(chance, width), embedder.name)
        find_card = ValidatedAnswers(
            cards=town.cards,
            passages=town.store,
            nearest=NearestCards(town.cards, lambda: embedder),
            same=LearnedSame(embedder),
            suspend=lambda card, why: None,
            today=lambda: TODAY,
        )
        taken = list[float]()
        for card in cards[:ASKED]:
            began = time.perf_counter()
            found = find_card(understand(Screened(card.question)), "agent", NO_FILTER)
            taken.append(time.perf_counter() - began)
            assert found is not None
        return statistics.median(taken)


def unit(chance: np.random.Generator, width: int) -> Vectors:
    """Return a vector of length one in some direction: of questions that nobody asks."""
    vector = chance.normal(size=width)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def load() -> float:
    """Return the machine's load now."""
    return round(os.getloadavg()[0], 1)
