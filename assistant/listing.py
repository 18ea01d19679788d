# SPDX-License-Identifier: EUPL-1.2
"""Questions over several acts, and votes: read from what is known of the acts, never guessed.

    Question ─asks_list▶ ActsQuery ─acts_where▶ Listing(head, lines): a count, then each act
    Question ─asks_vote▶ the act that was found ─▶ Listing(lines): the words of its vote

A list is complete over the documents that were read, and says which acts had no date to be
counted by. Where nothing is known of the acts, there is no list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from assistant.answers import Citation
from assistant.asked_acts import acts_query, asks_list, asks_vote, matter_of
from assistant.moments import absolute
from assistant.texts import Texts
from assistant.understanding.questions import Question
from corpus.act_rows import NOT_WAITING, StoredAct
from corpus.catalogue import (
    ActsQuery,
    acts_where,
    last_sitting,
    next_sitting,
    undated,
)
from corpus.documents import Filters, Retrieved
from corpus.french import terms
from corpus.passages import PassageStore
from corpus.query import Wording

MAX_LINES = 20
VOTE_PASSAGES = 3
"""A vote is read from the acts of the first few passages, the best one that tells a vote."""

SAME_MATTER = 0.7
"""Share of a question's words that a passage must hold for its vote to be the one asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is said first (nothing for a vote), then each line with its own citation."""

    head: str
    lines: tuple[Citation, ...]


class ListsActs(Protocol):
    """What the pipeline needs of a lister."""

    def __call__(
        self, question: Question, evidence: Sequence[Retrieved], filters: Filters
    ) -> Listing | None: ...

    def wants(self, question: Question) -> bool: ...

    def dated(
        self, question: Question, filters: Filters, *, today: date | None = None
    ) -> Question: ...


class NoLists:
    """Counts and lists nothing, where passages are asked for; times in words are dates as ever."""

    def __init__(self, lister: ListsActs) -> None:
        self._lister = lister

    def __call__(self, question: Question, evidence: Sequence[Retrieved], filters: Filters) -> None:
        """Answer nothing."""

    def wants(self, question: Question) -> bool:
        return False

    def dated(self, question: Question, filters: Filters, *, today: date | None = None) -> Question:
        return self._lister.dated(question, filters, today=today)


class Lister:
    """Answers from the acts' own record."""

    def __init__(self, store: PassageStore, wording: Wording) -> None:
        self._store = store
        self._wording = wording

    def __call__(
        self, question: Question, evidence: Sequence[Retrieved], filters: Filters
    ) -> Listing | None:
        """Return the list or the vote that a question asks for; None if it asks for neither."""
        if self.wants(question):
            query = acts_query(question.text)
            return self._list(question, narrowed(query, filters)) if query else None
        return self._vote(question, evidence) if asks_vote(question.text) else None

    def wants(self, question: Question) -> bool:
        """Whether a question asks for a list or a count, which no passage may answer in its place;
        a vote may still be told by the words of minutes."""
        return asks_list(question.text)

    def dated(self, question: Question, filters: Filters, *, today: date | None = None) -> Question:
        """Return the question with its words for a time made dates (`moments.py`)."""
        day = today or datetime.now().astimezone().date()

        def last(until: date) -> date | None:
            iso = last_sitting(
                self._store, until=until.isoformat(), collections=filters.collections
            )
            return date.fromisoformat(iso) if iso else None

        def following(after: date) -> date | None:
            iso = next_sitting(
                self._store, after=after.isoformat(), collections=filters.collections
            )
            return date.fromisoformat(iso) if iso else None

        return replace(
            question,
            text=absolute(question.text, today=day, last_sitting=last, next_sitting=following),
        )

    def _list(self, question: Question, query: ActsQuery) -> Listing | None:
        found = acts_where(self._store, query, wording=self._wording)
        if not found:
            return None
        texts = Texts(question.language)
        head = texts("listing", "count" if len(found) > 1 else "count_one", count=len(found))
        if len(found) > MAX_LINES:
            head += " " + texts("listing", "first", count=MAX_LINES)
        missing = undated(self._store, query) if query.is_dated else 0
        if missing:
            head += " " + texts("listing", "undated", count=missing)
        lines = [
            self._cite(number, listed.act, listed.act.page, listed.act.start, listed.act.end)
            for number, listed in enumerate(found[:MAX_LINES], 1)
        ]
        kept = tuple(line for line in lines if line)
        return Listing(head=head, lines=kept) if len(kept) == len(lines) else None

    def _vote(self, question: Question, evidence: Sequence[Retrieved]) -> Listing | None:
        asked, dates = matter_of(question.text)
        if not asked:
            return None  # « Qui a voté contre ? » names no act
        votes = self._store.votes()
        for found in evidence[:VOTE_PASSAGES]:
            passage = found.passage
            told = set(terms(f"{passage.heading} {passage.text.text}"))
            if len(asked & told) < SAME_MATTER * len(asked):
                continue
            acts = self._store.acts(
                f"a.document = ? AND a.item = ? AND {NOT_WAITING}",
                [passage.document, passage.item],
            )
            for act in acts:
                if not dates <= told | set(terms(act.date)):
                    continue
                for page, vote in votes.get((act.document, act.item), ()):
                    if line := self._cite(1, act, page, vote.start, vote.end):
                        return Listing(head="", lines=(line,))
        return None

    def _cite(
        self, number: int, act: StoredAct, page: int, start: int, end: int
    ) -> Citation | None:
        text = self._store.page(act.document, page) or ""
        quote = text[start:end].strip()
        if not quote:
            return None
        begin = text.index(quote, start)
        return Citation(
            number=number,
            document=act.document,
            file=act.file,
            page=page,
            quote=quote,
            start=begin,
            end=begin + len(quote),
        )


def narrowed(query: ActsQuery, filters: Filters) -> ActsQuery:
    """Return the query for what the filters let through; a kind that they keep out finds nothing,
    nor does one document: a count is of all that there are.

    >>> narrowed(ActsQuery(since="2019-01-01"), Filters(since="2021-01-01")).since
    '2021-01-01'
    """
    is_kept_out = filters.kinds is not None and query.kind not in filters.kinds
    is_kept_out |= filters.documents is not None
    return replace(
        query,
        since=max(query.since, filters.since),
        until=min(filter(None, (query.until, filters.until)), default=""),
        collections=frozenset() if is_kept_out else filters.collections,
    )
