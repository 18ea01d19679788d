# SPDX-License-Identifier: EUPL-1.2
"""The seam behind which the corpus's text stands: a file of SQLite, or PostgreSQL.

    PassageStore ──statements──▶ PassageDatabase ──▶ rows
                 └─terms of passages─▶ its FullText ──▶ BM25, the words of the corpus

Statements are written once, with `?` for a value, in the SQL that both read the same; how terms
are kept and ranked is each one's own. The tests of the corpus run on both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from corpus.documents import Filters

HEADING_WEIGHT = 0.6
"""How much a word of the heading counts beside one of the passage."""


class Found(Protocol):
    """The rows that a statement found."""

    def fetchall(self) -> list[Any]: ...


class Writing(Protocol):
    """A transaction at hand."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Found: ...

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What is indexed of a passage, by its key in the table."""

    passage: int
    body: Sequence[str]
    heading: Sequence[str]


class FullText(Protocol):
    """Ranks passages by the terms that they hold."""

    def add(
        self, write: Writing, document: str, collection: str, passages: Sequence[Terms]
    ) -> None:
        """Index the passages of a document."""

    def drop(self, write: Writing, document: str) -> None:
        """Forget the passages of a document, which are still in their table."""

    def ranked(
        self, wanted: Collection[str], limit: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """Return ids and BM25 over the terms, best first; filtered before ranking."""

    def known(self, wanted: Iterable[str]) -> set[str]:
        """Return those of the terms that the index holds."""

    def vocabulary(self) -> dict[str, int]:
        """Return each term of the index with the number of passages that hold it."""


class PassageDatabase(Protocol):
    """One connection, shared by threads one at a time."""

    @property
    def full_text(self) -> FullText: ...

    def read(self, question: str, values: Sequence[Any] = ()) -> list[tuple[object, ...]]:
        """Return all rows of a SELECT."""

    def read_whole(
        self, columns: int, question: str, values: Sequence[Any] = ()
    ) -> list[tuple[object, ...]]:
        """Return all rows of a SELECT of so many columns, for who must not wait between them."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Run the block as one transaction: all of it is kept, or nothing."""

    def one_moment(self) -> AbstractContextManager[None]:
        """Run the block's questions as of one moment, whatever others write."""

    def sole_writer(self) -> AbstractContextManager[None]:
        """Hold the corpus for one writer; raise CorpusBusy if another has it."""

    def generation(self) -> tuple[int, int]:
        """Return numbers that differ once any process has written."""

    def purge(self) -> None:
        """Leave as little as the engine can of what was removed."""

    def forget(self) -> None:
        """The same for what was just deleted, without writing all anew where that is not needed."""

    def close(self) -> None: ...
