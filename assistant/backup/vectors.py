# SPDX-License-Identifier: EUPL-1.2
"""Vectors as numbers: what is searched today is kept, and nothing that an engine still holds.

    record   id (64 bytes, padded with zeros), then `dimension` 32-bit floats

An engine's own files keep deleted vectors and are read under its lock; these records need neither,
and go back into any engine. They are a moment's: a passage without one is embedded again by the
next `corpus add`.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import BinaryIO

import numpy as np

from corpus.passages import PassageStore
from corpus.repair import ErasableIndex
from corpus.seams import VectorIndex

BATCH = 1_000
ID_BYTES = 64


def _record(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("id", f"S{ID_BYTES}"), ("vector", "<f4", (dimension,))])


def keep_vectors(
    passages: sqlite3.Connection, index: ErasableIndex, folder: Path
) -> tuple[BinaryIO, int, int]:
    """Return a nameless file with the vectors of those passages, how many, and their dimension."""
    out = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (the caller closes it)
    count = dimension = 0
    cursor = passages.execute("SELECT id FROM passages ORDER BY id")
    while rows := cursor.fetchmany(BATCH):
        found = sorted(index.vectors([str(row[0]) for row in rows]).items())
        if found:
            dimension = len(found[0][1])
            records = np.zeros(len(found), _record(dimension))
            records["id"] = [identifier.encode() for identifier, _ in found]
            records["vector"] = [vector for _, vector in found]
            out.write(records.tobytes())
            count += len(found)
    return out, count, dimension


def size_of(count: int, dimension: int) -> int:
    """Return how many bytes that many vectors take."""
    return count * _record(dimension).itemsize


def put_vectors(path: Path, dimension: int, store: PassageStore, index: VectorIndex) -> None:
    """Fill an index with the vectors of a file; say that those of other passages are missing."""
    if store.passage_count() > path.stat().st_size // _record(dimension).itemsize:
        store.set_state("unsettled", "1")
    with path.open("rb") as source:
        while block := source.read(BATCH * _record(dimension).itemsize):
            records = np.frombuffer(block, _record(dimension))
            ids = [bytes(identifier).decode() for identifier in records["id"]]
            vectors = np.ascontiguousarray(records["vector"], np.float32)
            index.add(ids, vectors, store.filter_fields(ids))
