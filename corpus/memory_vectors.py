# SPDX-License-Identifier: EUPL-1.2
"""Vectors of a few passages, in memory: for a file that is searched once and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpus.documents import Filters
from corpus.seams import Fields, Vectors


class MemoryVectors:
    """A VectorIndex in an array; filters are those of whoever dropped the file: its collections
    are no town's, so that only a closed filter keeps it out."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._rows: list[Vectors] = []

    def add(self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Fields]) -> None:
        self.remove(ids)
        self._ids += ids
        self._rows += list(vectors)

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[str, float]]:
        if filters.is_closed or not self._ids:
            return []
        cosines = np.stack(self._rows) @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(self._ids[place], float(cosines[place])) for place in best]

    def remove(self, ids: Sequence[str]) -> None:
        gone = set(ids)
        kept = [place for place, one in enumerate(self._ids) if one not in gone]
        self._rows = [self._rows[place] for place in kept]
        self._ids = [self._ids[place] for place in kept]

    def ids(self) -> set[str]:
        return set(self._ids)
