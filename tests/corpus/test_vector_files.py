# SPDX-License-Identifier: EUPL-1.2
"""The vectors' folder tells without Chroma whether it holds what it should."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.vector_files import CURRENT, DATABASE, holds


def write(folder: Path, *ids: str) -> Path:
    """A folder as Chroma lays it out, with no more than what is asked of it."""
    generation = folder / "generation"
    generation.mkdir(parents=True)
    (folder / CURRENT).write_text("generation\n", "utf-8")
    with closing(sqlite3.connect(generation / DATABASE)) as database, database:
        database.execute("CREATE TABLE embeddings (embedding_id TEXT)")
        database.executemany("INSERT INTO embeddings VALUES (?)", [(i,) for i in ids])
    return generation / DATABASE


def test_all_of_them_must_be_there(tmp_path: Path) -> None:
    write(tmp_path, "a", "b", "b")
    assert holds(tmp_path, ["a", "b"])
    assert holds(tmp_path, [])
    assert not holds(tmp_path, ["a", "c"])


def test_what_is_gone_or_spoilt_holds_nothing(tmp_path: Path) -> None:
    database = write(tmp_path, "a")
    database.write_bytes(b"no database" * 100)
    assert not holds(tmp_path, ["a"])
    database.unlink()
    assert not holds(tmp_path, ["a"])
    (tmp_path / CURRENT).unlink()
    assert not holds(tmp_path, ["a"])
    assert not database.exists()


@pytest.mark.real
def test_chroma_lays_its_folder_out_so(tmp_path: Path) -> None:
    from corpus.vectors import ChromaIndex

    with closing(ChromaIndex(tmp_path)) as index:
        index.add(["a"], np.ones((1, 4), np.float32), [{"collection": "default"}])
    assert holds(tmp_path, ["a"])
    assert not holds(tmp_path, ["a", "b"])
