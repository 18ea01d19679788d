# SPDX-License-Identifier: EUPL-1.2
"""The embedder, opened when the first document needs it.

A folder in which nothing changed needs none: comparing it with what is known takes its name,
not its model, whose loading would be most of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from corpus.seams import Embedder, Vectors


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
