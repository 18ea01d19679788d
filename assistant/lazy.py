# SPDX-License-Identifier: EUPL-1.2
"""The embedder and the index, opened when the first document needs them.

A folder in which nothing changed needs neither: comparing it with what is known takes the
embedder's name, not its model; and to import Chroma alone would be most of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from corpus.documents import Filters
from corpus.repair import ErasableIndex
from corpus.seams import Embedder, Fields, Vectors


class LazyEmbedder:
    """An Embedder that opens at the first text; its name is known before."""

    def __init__(self, name: str, opener: Callable[[], Embedder]) -> None:
        self.name = name
        self._opener = opener

    @cached_property
    def _opened(self) -> Embedder:
        return self._opener()

    @property
    def dimension(self) -> int:
        return self._opened.dimension

    @property
    def max_tokens(self) -> int:
        return self._opened.max_tokens

    def count_tokens(self, text: str) -> int:
        return self._opened.count_tokens(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._opened.embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        return self._opened.embed_query(text)


class LazyIndex:
    """An ErasableIndex that opens when it is first asked for anything."""

    def __init__(
        self, opener: Callable[[], ErasableIndex], *, holds: Callable[[Sequence[str]], bool]
    ) -> None:
        self._opener = opener
        self._holds = holds

    @cached_property
    def _opened(self) -> ErasableIndex:
        return self._opener()

    def add(self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Fields]) -> None:
        self._opened.add(ids, vectors, fields)

    def relabel(self, ids: Sequence[str], fields: Sequence[Fields]) -> None:
        if ids:
            self._opened.relabel(ids, fields)

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[str, float]]:
        return self._opened.search(vector, limit, filters)

    def remove(self, ids: Sequence[str]) -> None:
        if ids:
            self._opened.remove(ids)

    def ids(self) -> set[str]:
        return self._opened.ids()

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        return self._opened.vectors(ids) if ids else {}

    def holds(self, ids: Sequence[str]) -> bool:
        return self._holds(ids)

    def rebuild(self) -> None:
        self._opened.rebuild()
