# SPDX-License-Identifier: EUPL-1.2
"""The lines of pages, each with a box to tick; those that follow each other are one quote.

Place… ─picker▶ HTML ─ticked▶ "document:page:start:end"… ─given▶ GivenQuote…
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from assistant.cards import Card, GivenQuote
from corpus.rows import StoredDocument
from corpus.structure import Structure
from ui.access.person import Person
from ui.agent.services import AgentServices, CardTools
from ui.agent.words import Words
from ui.drawn import marked
from ui.reply import address
from ui.source import shown_page, title_of

MOST_PAGES = 4
MAX_PAGE = 1_000_000
FIELDS = 4
"""What names a line: its document, its page, where it starts and ends."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A stretch of a page: `start` and `end` count its characters."""

    document: str
    page: int
    start: int = 0
    end: int = 0

    @classmethod
    def read(cls, written: str) -> Spot | None:
        """Read what a box holds; None where it is none of ours."""
        parts = written.rsplit(":", FIELDS - 1)
        if len(parts) != FIELDS or not all(p.isascii() and p.isdecimal() for p in parts[1:]):
            return None
        page, start, end = (int(part[:9]) for part in parts[1:])
        return cls(parts[0], page, start, end)

    def __str__(self) -> str:
        return f"{self.document}:{self.page}:{self.start}:{self.end}"

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


def seen_page(
    services: AgentServices, person: Person, document: str, page: int
) -> tuple[StoredDocument, Structure] | None:
    """Return a page that this person may read, nothing of what waits in quarantine."""
    stored = services.store.document(document) if 0 < page < MAX_PAGE else None
    if stored is None or not services.may_see(person, stored):
        return None
    known = shown_page(services.store, stored, page)
    return (stored, known) if known is not None else None


def may_see_card(services: AgentServices, cards: CardTools, person: Person, card: Card) -> bool:
    """Whether this person may read each document that a card quotes, and each that has its name
    where it is not there any more."""
    if services.filters(person).collections is None:
        return True
    each = [cards.desk.documents_of(quote) for quote in card.quotes]
    return all(each) and all(services.may_see(person, one) for some in each for one in some)


def picker(services: AgentServices, person: Person, spots: Sequence[Spot]) -> str:
    """Return the pages of some stretches, a box for each line, theirs ticked."""
    pages = list(dict.fromkeys((spot.document, spot.page) for spot in spots))[:MOST_PAGES]
    return "".join(
        _page(services, person, document, page, [s for s in spots if s.document == document])
        for document, page in pages
    )


def _page(
    services: AgentServices, person: Person, document: str, page: int, spots: Sequence[Spot]
) -> str:
    say: Words = services.words
    seen = seen_page(services, person, document, page)
    if seen is None:
        return ""
    stored, known = seen
    title = escape(title_of(services.store, stored.id, stored.file))
    boxes = "".join(
        _box(known, Spot(document, page, line.start, line.end), spots)
        for line in known.lines
        if known.text[line.start : line.end].strip()
    )
    return (
        f'<fieldset class="lines"><legend>{title}, {say("card_page", page=page)}</legend>'
        f'<p class="quiet">{say("card_lines_hint")} '
        f'<a href="{address(document, page, 0, 0)}" target="_blank" rel="noopener">'
        f'{say("card_see_page")}<span class="unseen"> {say("new_tab")}</span></a></p>'
        f"{boxes}</fieldset>"
    )


def _box(known: Structure, spot: Spot, spots: Iterable[Spot]) -> str:
    is_ticked = any(one.page == spot.page and one.overlaps(spot.start, spot.end) for one in spots)
    return (
        f'<label class="line"><input type="checkbox" name="line" value="{escape(str(spot))}"'
        f"{' checked' if is_ticked else ''}> <span>"
        f"{marked(known.said(spot.start, spot.end))}</span></label>"
    )


def given(services: AgentServices, person: Person, spots: Iterable[Spot]) -> list[GivenQuote]:
    """Return the quotes that ticked lines are; what this person may not read is left out."""
    quotes = list[GivenQuote]()
    ordered = sorted(set(spots))
    for (document, page), some in groupby(ordered, key=lambda one: (one.document, one.page)):
        seen = seen_page(services, person, document, page)
        if seen is None:
            continue
        stored, known = seen
        for start, end in _joined(known, list(some)):
            text = known.text[start:end].strip()
            if text:
                quotes.append(GivenQuote(file=stored.file, page=page, quote=text))
    return quotes


def _joined(known: Structure, spots: Sequence[Spot]) -> list[tuple[int, int]]:
    """Join lines between which nothing stands."""
    joined = list[tuple[int, int]]()
    for spot in spots:
        if joined and not known.text[joined[-1][1] : spot.start].strip():
            joined[-1] = (joined[-1][0], spot.end)
        else:
            joined.append((spot.start, spot.end))
    return joined
