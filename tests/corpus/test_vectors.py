# SPDX-License-Identifier: EUPL-1.2
"""The vector index: the stand-in and Chroma keep the same contract."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from corpus.seams import VectorIndex
from corpus.vectors import ChromaIndex
from tests.contracts.vectors import EAST, EVERYTHING, NORTH, VectorIndexContract, fields, rows
from tests.fakes import MemoryIndex


class TestMemoryIndex(VectorIndexContract):
    @pytest.fixture
    def index(self) -> VectorIndex:
        return MemoryIndex()


@pytest.mark.real
class TestChromaIndex(VectorIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> VectorIndex:
        return ChromaIndex(tmp_path / "vectors")


@pytest.mark.real
def test_chroma_keeps_its_vectors_when_opened_again(tmp_path: Path) -> None:
    ChromaIndex(tmp_path).add(["n"], rows(NORTH), [fields()])
    assert ChromaIndex(tmp_path).search(NORTH, 1, EVERYTHING)[0][0] == "n"


def add_east(path: Path) -> None:
    """Run in a process of its own."""
    ChromaIndex(path).add(["e"], rows(EAST), [fields()])


def erase_north(path: Path) -> None:
    """Run in a process of its own."""
    index = ChromaIndex(path)
    index.remove(["n"])
    index.rebuild()


@pytest.mark.real
def test_a_process_sees_what_another_one_changes(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path)
    index.add(["n"], rows(NORTH), [fields()])
    for work, expected in ((add_east, ["e", "n"]), (erase_north, ["e"])):
        process = multiprocessing.get_context("spawn").Process(target=work, args=(tmp_path,))
        process.start()
        process.join()
        assert process.exitcode == 0
        assert [i for i, _ in index.search(EAST, 5, EVERYTHING)] == expected
    index.add(["again"], rows(NORTH), [fields()])
    assert ChromaIndex(tmp_path).ids() == {"e", "again"}
