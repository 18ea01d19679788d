# SPDX-License-Identifier: EUPL-1.2
"""Nearest neighbours in Chroma: the only import of chromadb.

Chroma keeps the plain text of deleted documents in its file, so it never sees a
text: ids, vectors and filter fields only.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import chromadb
from chromadb.api import ClientAPI
from chromadb.api.types import Where
from chromadb.config import Settings
from chromadb.errors import ChromaError

from corpus.documents import Filters
from corpus.errors import StorageFull
from corpus.seams import Vectors
from corpus.storage import is_full, storage_errors

NAME = "passages"
BATCH = 2_000
"""Rows a call: Chroma refuses more than SQLite's limit of variables allows."""


class ChromaIndex:
    """A persistent Chroma collection under the VectorIndex seam."""

    def __init__(self, path: Path) -> None:
        with _chroma_errors():
            self._client: ClientAPI = chromadb.PersistentClient(
                path=str(path), settings=Settings(anonymized_telemetry=False)
            )
            # Without embedding_function=None Chroma fetches a model from the network the
            # first time a text is added: measured with the network cut.
            self._passages = self._client.get_or_create_collection(
                NAME,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
            )

    def add(
        self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Mapping[str, str]]
    ) -> None:
        with _chroma_errors():
            for start in range(0, len(ids), BATCH):
                rows = slice(start, start + BATCH)
                self._passages.upsert(
                    ids=list(ids[rows]),
                    embeddings=vectors[rows],
                    metadatas=[dict(f) for f in fields[rows]],
                )

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[str, float]]:
        with _chroma_errors():
            found = self._passages.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=limit,
                where=_where(filters),
                include=["distances"],
            )
        distances = found["distances"] or [[]]
        return [
            (passage, 1.0 - float(distance))
            for passage, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def remove(self, ids: Sequence[str]) -> None:
        with _chroma_errors():
            for start in range(0, len(ids), BATCH):
                self._passages.delete(ids=list(ids[start : start + BATCH]))

    def ids(self) -> set[str]:
        with _chroma_errors():
            return set(self._passages.get(include=[])["ids"])


def _where(filters: Filters) -> Where | None:
    wanted = [
        _one_of(field, allowed)
        for field, allowed in (
            ("collection", filters.collections),
            ("document", filters.documents),
        )
        if allowed
    ]
    if len(wanted) > 1:
        return {"$and": wanted}
    return wanted[0] if wanted else None


def _one_of(field: str, allowed: frozenset[str]) -> Where:
    chosen: dict[Literal["$in", "$nin"], list[str | int | float | bool]] = {
        "$in": [*sorted(allowed)]
    }
    return {field: chosen}


@contextmanager
def _chroma_errors() -> Iterator[None]:
    """Say a full disk in our words, and keep Chroma's advice to programmers quiet."""
    with warnings.catch_warnings(), storage_errors():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            yield
        except ChromaError as error:
            if is_full(error):
                raise StorageFull from error
            raise
