# SPDX-License-Identifier: EUPL-1.2
"""The full-text index in the same file of SQLite, by FTS5.

A row a passage: the terms of its text, those of its heading, and a term for its collection and one
for its document, so that a search is filtered inside the index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Protocol

from corpus.documents import Filters
from corpus.rows import act_conditions
from corpus.store_seams import HEADING_WEIGHT, Terms, Writing


class Readable(Protocol):
    """What can be asked a question."""

    def read(self, question: str, values: Sequence[Any] = ()) -> list[tuple[object, ...]]: ...

    def read_whole(
        self, columns: int, question: str, values: Sequence[Any] = ()
    ) -> list[tuple[object, ...]]: ...


class Fts5:
    """A FullText over the tables `terms` and `vocabulary`."""

    def __init__(self, database: Readable) -> None:
        self._database = database

    def add(
        self, write: Writing, document: str, collection: str, passages: Sequence[Terms]
    ) -> None:
        scope = f"{_collection_scope(collection)} {_document_scope(document)}"
        write.executemany(
            "INSERT INTO terms (rowid, body, heading, scope) VALUES (?, ?, ?, ?)",
            [(one.passage, " ".join(one.body), " ".join(one.heading), scope) for one in passages],
        )

    def drop(self, write: Writing, document: str) -> None:
        write.execute(
            "DELETE FROM terms WHERE rowid IN (SELECT key FROM passages WHERE document = ?)",
            (document,),
        )

    def ranked(
        self, wanted: Collection[str], limit: int, filters: Filters
    ) -> list[tuple[str, float]]:
        match = " OR ".join(f'"{term}"' for term in wanted)
        match = f"{{body heading}} : ({match})"
        for allowed in _scopes(filters):
            match += " AND scope : (" + " OR ".join(f'"{s}"' for s in allowed) + ")"
        conditions, values = act_conditions(filters)
        rows = self._database.read_whole(
            2,
            "SELECT p.id, -bm25(terms, 1.0, ?, 0.0) AS score"
            " FROM terms JOIN passages p ON p.key = terms.rowid"
            f" WHERE terms MATCH ?{conditions} ORDER BY score DESC, p.key LIMIT ?",
            (HEADING_WEIGHT, match, *values, limit),
        )
        return [(str(row[0]), float(str(row[1]))) for row in rows]

    def known(self, wanted: Iterable[str]) -> set[str]:
        # The vocabulary table would count each term's passages first: one match is enough.
        return {
            term
            for term in wanted
            if self._database.read(
                "SELECT 1 FROM terms WHERE terms MATCH ? LIMIT 1", (f'"{term}"',)
            )
        }

    def vocabulary(self) -> dict[str, int]:
        rows = self._database.read("SELECT term, doc FROM vocabulary")
        return {str(term): int(str(count)) for term, count in rows}


def _scopes(filters: Filters) -> Iterator[list[str]]:
    """Yield, for each filter that is a set of names, the index terms of what it lets through."""
    for allowed, scope in (
        (filters.collections, _collection_scope),
        (filters.documents, _document_scope),
    ):
        if allowed is not None:
            yield sorted(map(scope, allowed))


def _collection_scope(collection: str) -> str:
    """Return the index term of a collection: any name fits, whatever its signs."""
    return "c" + sha256(collection.encode()).hexdigest()[:16]


def _document_scope(document: str) -> str:
    return "d" + document
