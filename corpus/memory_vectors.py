# SPDX-License-Identifier: EUPL-1.2
"""Vectors of a few passages, in memory: for a file that is asked once and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.documents import Filters
from corpus.seams import Fields, Vectors, day_number


class MemoryIndex:
    """A VectorIndex in a dictionary: each search looks at every vector."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[Vectors, Fields]] = {}

    def add(self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Fields]) -> None:
        for identifier, vector, field in zip(ids, vectors, fields, strict=True):
            self._rows[identifier] = (vector, dict(field))

    def relabel(self, ids: Sequence[str], fields: Sequence[Fields]) -> None:
        for identifier, field in zip(ids, fields, strict=True):
            if identifier in self._rows:
                self._rows[identifier] = (self._rows[identifier][0], dict(field))

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[str, float]]:
        if filters.is_closed:
            return []
        found = [
            (identifier, float(vector @ row))
            for identifier, (row, fields) in self._rows.items()
            if _passes(fields, filters)
        ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def remove(self, ids: Sequence[str]) -> None:
        for identifier in ids:
            self._rows.pop(identifier, None)

    def ids(self) -> set[str]:
        return set(self._rows)

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        return {i: self._rows[i][0] for i in ids if i in self._rows}

    def rebuild(self) -> None:
        """Nothing of what was removed is kept here."""


def _passes(fields: Fields, filters: Filters) -> bool:
    names = ((filters.collections, "collection"), (filters.documents, "document"))
    if any(allowed is not None and fields[name] not in allowed for allowed, name in names):
        return False
    kinds = {fields.get("kind", ""), fields.get("decided", "")}
    if filters.kinds is not None and not kinds & filters.kinds:
        return False
    day = int(fields.get("day", 0))
    first, last = day_number(filters.since), day_number(filters.until)
    return not (first or last) or (day > 0 and first <= day <= (last or day))
