# SPDX-License-Identifier: EUPL-1.2
"""The stand-in embedder keeps the contract (the real one does in its own tests)."""

from __future__ import annotations

import pytest

from corpus.seams import Embedder
from tests.contracts.embedder import EmbedderContract
from tests.fakes import HashEmbedder


class TestHashEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> Embedder:
        return HashEmbedder()
