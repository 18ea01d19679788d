# SPDX-License-Identifier: EUPL-1.2
"""An assistant that looks into files that somebody dropped, beside the town's documents or alone.

    Dropped ─┬─ search ──┐
    the town ┴─ search ──┴▶ passages of both ─▶ the same pipeline: guard, judge, leads, register

Everything else is as without files: the same queue, the same model, the same seal, which holds
hidden text only. A validated answer stands for the town's documents alone: there is none here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from assistant.evidence import Weigher
from assistant.listing import Lister, Listing, ListsActs
from assistant.pipeline import Assistant
from assistant.understanding.questions import Question
from corpus.documents import Filters, Passage, Retrieved, is_dropped
from corpus.dropped import Dropped
from corpus.french import terms
from corpus.passages import PassageStore
from corpus.query import Together, Wording
from corpus.rights import NO_FILTER
from corpus.seams import Embedder
from corpus.search import FindsPassages, Search
from corpus.store_seams import HEADING_WEIGHT
from guardrails.findings import Screened

SATURATION = 1.2
"""How soon a word that is said again counts no more: `k1` of the full-text index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The town's part: its documents' words and lists, and its search; `store` gives the words."""

    store: PassageStore
    search: FindsPassages
    lister: ListsActs


def with_files(
    assistant: Assistant,
    dropped: Dropped,
    town: Town,
    embedder: Embedder,
    *,
    only: bool = False,
) -> Assistant:
    """Return the assistant that answers from these files, and from the town's documents too unless
    `only`; how rare a word is counts the town's documents either way."""
    wording = Wording(Together(town.store, dropped.store))
    own = Search(dropped.store, dropped.index, embedder, wording=wording)
    lister = Lister(dropped.store, wording)
    return assistant.looking(
        search=BothSearches(OwnSearch(own, wording), None if only else town.search),
        weigher=Weigher(embedder, wording),
        lister=BothListers(lister, None if only else town.lister),
    )


class OwnSearch:
    """Finds passages of the dropped files, their BM25 told as a large corpus would.

    Of a few pages most words stand in every other passage, and say nothing by the file's own count;
    the judge was fitted where they do.
    """

    def __init__(self, search: FindsPassages, wording: Wording) -> None:
        self._search = search
        self._wording = wording

    def __call__(
        self, question: Screened, *, limit: int = 10, filters: Filters = NO_FILTER
    ) -> list[Retrieved]:
        asked = self._wording.corrected(terms(question.text))
        rarity = {stem: self._wording.rarity({stem}) for stem in asked}
        found = self._search(question, limit=limit)
        return [replace(one, lexical=_bm25(rarity, one.passage)) for one in found]


def _bm25(rarity: Mapping[str, float], passage: Passage) -> float:
    """Return BM25 of a passage of middling length, a word of its heading counting less."""
    held, over = Counter(terms(passage.text.text)), Counter(terms(passage.heading))
    told = {stem: held[stem] + HEADING_WEIGHT * over[stem] for stem in rarity}
    return sum(
        rarity[stem] * count * (SATURATION + 1) / (count + SATURATION)
        for stem, count in told.items()
    )


class BothSearches:
    """Finds passages of the dropped files, and of the town's documents if it may."""

    def __init__(self, own: FindsPassages, town: FindsPassages | None) -> None:
        self._own = own
        self._town = town

    def __call__(
        self, question: Screened, *, limit: int = 10, filters: Filters = NO_FILTER
    ) -> list[Retrieved]:
        """Return the best of each in turn: a score says how near within its own corpus."""
        mine = self._own(question, limit=limit)
        if self._town is None:
            return mine
        theirs = self._town(question, limit=limit, filters=filters)
        in_turn = [one for pair in zip_longest(mine, theirs) for one in pair if one]
        return in_turn[: limit + limit // 2]


class BothListers:
    """Counts and lists the town's acts as ever; a vote is looked for in the files first."""

    def __init__(self, own: Lister, town: ListsActs | None) -> None:
        self._own = own
        self._town = town

    def __call__(
        self, question: Question, evidence: Sequence[Retrieved], filters: Filters
    ) -> Listing | None:
        of_files = [one for one in evidence if is_dropped(one.passage.document)]
        if self._town is None:
            return self._own(question, of_files, NO_FILTER)
        found = None if self.wants(question) else self._own(question, of_files, NO_FILTER)
        return found or self._town(question, evidence, filters)

    def wants(self, question: Question) -> bool:
        return self._own.wants(question)

    def dated(self, question: Question, filters: Filters, *, today: date | None = None) -> Question:
        if self._town is None:
            return self._own.dated(question, NO_FILTER, today=today)
        return self._town.dated(question, filters, today=today)
