# SPDX-License-Identifier: EUPL-1.2
"""The two seams behind which the corpus's heavy libraries stand.

Stand-ins live in `tests/fakes.py`; `tests/contracts/` holds what any
implementation must do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Filters
from corpus.e5_additions import Factors

Vectors = NDArray[np.float32]
"""Rows of `dimension` floats, each of length 1."""


Fields = Mapping[str, str | int]
"""What a filter looks at: `collection`, `document`, `kind` of the document, what its item
`decided` (a kind, or nothing) and `day` (of the act, as a number: 20240612, 0 if unknown)."""


def day_number(iso: str) -> int:
    """Return an ISO date as a number that sorts, 0 for none.

    >>> day_number("2024-06-12")
    20240612
    """
    return int(iso.replace("-", "") or 0)


class Embedder(Protocol):
    """Turns screened text into vectors whose dot product says how near two texts are."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int: ...

    def count_tokens(self, text: str) -> int:
        """Tokens that the text takes as a passage, prefix and marks included."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row a text; raise PassageTooLong rather than cut one."""

    def embed_query(self, text: str) -> Vectors:
        """Return one row of shape (dimension,); a long question is embedded in windows."""


@runtime_checkable
class QuestionEmbedder(Protocol):
    """An embedder that was also taught how questions are asked, in words that no text holds."""

    def embed_question(self, text: str) -> Vectors:
        """Return one row of shape (dimension,), to be looked for among those of passages."""


def question_vector(embedder: Embedder, text: str) -> Vectors:
    """Return the vector by which what answers a question is looked for, shape (dimension,)."""
    if isinstance(embedder, QuestionEmbedder):
        return embedder.embed_question(text)
    return embedder.embed_query(text)


class TokenStates(NamedTuple):
    """What each token of a text came to mean there: `states` rows of length 1, shape (tokens,
    width); `vector` what the whole text means, of length 1, shape (width,)."""

    states: Vectors
    vector: Vectors


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that tells what each token means, not only the whole text."""

    def embed_tokens(self, text: str) -> TokenStates: ...


class QueryEmbedder(Protocol):
    """What makes a vector of a short text."""

    def embed_query(self, text: str) -> Vectors: ...


class TokenReading(NamedTuple):
    """A short text as it was read: `mean` of all tokens, shape (width,), and of each token of the
    text its `states`, (tokens, width), and where it stands, `spans` (start, end)."""

    mean: Vectors
    states: Vectors
    spans: Sequence[tuple[int, int]]


class TokenReader(QueryEmbedder, Protocol):
    """What tells of a short text what each of its tokens came to mean, too."""

    def read(self, text: str) -> TokenReading: ...


@runtime_checkable
class TeachableEmbedder(Protocol):
    """An embedder whose upper layers may be taught something else, for a classifier."""

    def taught(self, additions: Mapping[str, Factors]) -> TokenReader:
        """Return what embeds with this added to its matrices, by their names."""


@runtime_checkable
class KnowsPieces(Protocol):
    """An embedder that knows words, and parts of them, of the languages that it was taught."""

    def longest_piece(self, text: str) -> int:
        """Return how many letters the longest word, or part of one, has that it knows of a text."""


class VectorIndex(Protocol):
    """Nearest neighbours of vectors; it never sees a text."""

    def add(self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Fields]) -> None:
        """Add or replace; `fields` holds what filters look at, for each."""

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[str, float]]:
        """Return ids and cosines, nearest first, filtered before ranking."""

    def remove(self, ids: Sequence[str]) -> None: ...

    def ids(self) -> set[str]: ...
