# SPDX-License-Identifier: EUPL-1.2
"""The vector index: the stand-in and Chroma keep the same contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.seams import VectorIndex
from corpus.vectors import ChromaIndex
from tests.contracts.vectors import EVERYTHING, NORTH, VectorIndexContract, fields, rows
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
