# SPDX-License-Identifier: EUPL-1.2
"""Nearest neighbours in Chroma, in a folder.

    vectors/
    ├── current         names the generation in use; replaced at each change
    └── 6f1c…/          a generation: one Chroma folder

Chroma keeps the plain text of deleted documents in its file, so it never sees a text: ids,
vectors and filter fields only. It keeps deleted vectors too (seen in its HNSW file and in
its queue): to erase, the survivors are copied into a new generation and the old one goes.
A process does not see what another one adds (measured): `current` tells it to open again.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sqlite3
import threading
import uuid
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Literal, cast

import numpy as np

from corpus.chroma import (
    ChromaError,
    Client,
    Collection,
    CreateCollectionConfiguration,
    Settings,
    Where,
    chromadb,
)
from corpus.documents import Filters
from corpus.errors import StorageFull
from corpus.seams import Fields, Vectors, day_number
from corpus.storage import is_closed, is_full, storage_errors
from corpus.vector_files import CURRENT, DATABASE

logger = logging.getLogger(__name__)

NAME = "passages"
CONFIGURATION: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "ef_search": 200}}
LAST_DAY = 99_991_231
BATCH = 2_000
"""Rows a call: Chroma refuses more than SQLite's limit of variables allows."""
UNSIGNED = (0, 0)
"""The sign of no file: what carries it is opened again."""


class CollectionIndex(ABC):
    """A Chroma collection, wherever it stands, under the VectorIndex seam."""

    def add(self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Fields]) -> None:
        with self._changing() as passages:
            for start in range(0, len(ids), BATCH):
                rows = slice(start, start + BATCH)
                passages.upsert(
                    ids=list(ids[rows]),
                    embeddings=vectors[rows],
                    metadatas=[dict(f) for f in fields[rows]],
                )

    def relabel(self, ids: Sequence[str], fields: Sequence[Fields]) -> None:
        """Give vectors that are kept other fields: thirteen times faster than to add them again."""
        with self._changing() as passages:
            for start in range(0, len(ids), BATCH):
                rows = slice(start, start + BATCH)
                passages.update(ids=list(ids[rows]), metadatas=[dict(f) for f in fields[rows]])

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[str, float]]:
        if filters.is_closed:
            return []
        with self._reading() as passages:
            found = passages.query(
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
        if ids:
            with self._changing() as passages:
                for start in range(0, len(ids), BATCH):
                    passages.delete(ids=list(ids[start : start + BATCH]))

    def ids(self) -> set[str]:
        with self._reading() as passages:
            return set(passages.get(include=[])["ids"])

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of those ids that are kept."""
        if not ids:
            return {}
        with self._reading() as passages:
            rows = passages.get(ids=list(ids), include=["embeddings"])
        if rows["embeddings"] is None:
            return {}
        kept = zip(rows["ids"], rows["embeddings"], strict=True)
        return {identifier: np.asarray(row, np.float32) for identifier, row in kept}

    @abstractmethod
    def rebuild(self) -> None:
        """Leave nothing of what was removed."""

    @abstractmethod
    def close(self) -> None:
        """Let files and connections go."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Collection]:
        """Hold the collection as it is now."""

    @abstractmethod
    def _changing(self) -> AbstractContextManager[Collection]:
        """Hold it to change it."""


class ChromaIndex(CollectionIndex):
    """A collection in a folder."""

    _client: Client
    _passages: Collection
    _signed: tuple[int, int]

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with storage_errors():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not (path / CURRENT).exists():
                self._mark(uuid.uuid4().hex)
        try:
            self._open_current()
        except ChromaError:
            if not _is_spoilt(self._path / self._generation):
                raise
            # Nothing is lost: vectors follow from passages, and the next `add` makes them again.
            logger.warning("the vectors could not be read: begun again, without any")
            self._mark(uuid.uuid4().hex)
            self._open_current()

    def rebuild(self) -> None:
        """Copy what is kept into a new generation and delete the old one, byte and all."""
        fresh = uuid.uuid4().hex
        with self._reading() as passages:
            client, copied = _open(self._path / fresh)
            copy_all(passages, copied)
            self._client.close()
            self._client, self._passages = client, copied
            self._mark(fresh)
            for folder in self._path.iterdir():
                if folder.is_dir() and folder.name != fresh:
                    shutil.rmtree(folder)  # one that a dead run left goes too

    def close(self) -> None:
        with self._lock:
            self._client.close()

    @contextmanager
    def _reading(self) -> Iterator[Collection]:
        """Hold the collection, opened again if another process has changed it."""
        with self._lock, chroma_errors():
            if self._sign() != self._signed:
                self._client.close()
                self._open_current()
            yield self._passages

    @contextmanager
    def _changing(self) -> Iterator[Collection]:
        with self._reading() as passages:
            try:
                yield passages
            except BaseException:
                # A write that failed can leave its transaction open, for which the next one
                # would wait 1,000 seconds (Chroma's busy timeout): open again for that.
                self._client.close()
                with suppress(OSError):  # others may see what was written before it failed
                    self._mark(self._generation)
                self._signed = UNSIGNED
                raise
            self._mark(self._generation)

    def _open_current(self) -> None:
        signed = self._sign()  # before what it is the sign of is read
        self._generation = (self._path / CURRENT).read_text("utf-8", "replace").strip()
        self._client, self._passages = _open(self._path / self._generation)
        self._signed = signed

    def _mark(self, generation: str) -> None:
        """Replace `current`, so that other processes see that something changed."""
        draft = self._path / f"{CURRENT}.{os.getpid()}"
        draft.write_text(generation, "utf-8")
        draft.replace(self._path / CURRENT)
        self._generation = generation
        self._signed = self._sign()

    def _sign(self) -> tuple[int, int]:
        """Return what differs once `current` was replaced."""
        found = (self._path / CURRENT).stat()
        return found.st_ino, found.st_mtime_ns


def _open(path: Path) -> tuple[Client, Collection]:
    with chroma_errors():
        client = chromadb.PersistentClient(
            path=str(path), settings=Settings(anonymized_telemetry=False)
        )
        # Without embedding_function=None Chroma fetches a model from the network the
        # first time a text is added: measured with the network cut.
        passages = client.get_or_create_collection(
            NAME,
            embedding_function=None,
            configuration=CONFIGURATION,
        )
    return cast(Client, client), passages


def copy_all(passages: Collection, copied: Collection) -> None:
    """Copy all that a collection holds into another."""
    ids = sorted(passages.get(include=[])["ids"])
    for start in range(0, len(ids), BATCH):
        some = passages.get(ids=ids[start : start + BATCH], include=["embeddings", "metadatas"])
        copied.upsert(ids=some["ids"], embeddings=some["embeddings"], metadatas=some["metadatas"])


def _is_spoilt(generation: Path) -> bool:
    """Whether Chroma's database is none any more, and not merely out of reach."""
    if not re.fullmatch(r"[0-9a-f]{32}", generation.name):
        return True  # `current` names no generation
    place = (generation / DATABASE).absolute().as_uri()
    try:
        with closing(sqlite3.connect(f"{place}?mode=ro", uri=True)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        return not is_closed(error)
    return False


def _where(filters: Filters) -> Where | None:
    wanted: list[Where] = [
        _one_of(field, allowed)
        for field, allowed in (
            ("collection", filters.collections),
            ("document", filters.documents),
        )
        if allowed is not None
    ]
    if filters.kinds is not None:
        wanted.append({"$or": [_one_of("kind", filters.kinds), _one_of("decided", filters.kinds)]})
    if filters.since or filters.until:
        wanted.append(_day("$gte", day_number(filters.since) or 1))
        wanted.append(_day("$lte", day_number(filters.until) or LAST_DAY))
    if len(wanted) > 1:
        return {"$and": wanted}
    return wanted[0] if wanted else None


def _day(sign: Literal["$gte", "$lte"], day: int) -> Where:
    compared: dict[
        Literal["$gt", "$gte", "$lt", "$lte", "$ne", "$eq"] | Literal["$and", "$or"],
        str | int | float | bool,
    ] = {sign: day}
    return {"day": compared}


def _one_of(field: str, allowed: frozenset[str]) -> Where:
    chosen: dict[Literal["$in", "$nin"], list[str | int | float | bool]] = {
        "$in": [*sorted(allowed)]
    }
    return {field: chosen}


@contextmanager
def chroma_errors() -> Iterator[None]:
    """Say a full disk in our words, and keep Chroma's advice to programmers quiet."""
    with warnings.catch_warnings(), storage_errors():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            yield
        except ChromaError as error:
            if is_full(error):
                raise StorageFull from error
            raise
