# SPDX-License-Identifier: EUPL-1.2
"""Which sentences ask: by their form alone, and by what was learnt for the real embedder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.replying.asking import Asking, AskLines, Asks, features, form, path_of
from assistant.settings import Settings
from assistant.wiring import open_weights
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER
from tests.contracts.asks import AsksContract
from tests.fakes import HashEmbedder

SENTENCES = Path(__file__).parents[2] / "benchmarks" / "mails" / "sentences.jsonl"


class TestByForm(AsksContract):
    """With an embedder that nothing was learnt for."""

    @pytest.fixture
    def asks(self) -> Asks:
        return Asks(HashEmbedder())


@pytest.fixture(scope="module")
def learnt() -> Asks:
    return Asks(OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER)))


@pytest.mark.real
class TestLearnt(AsksContract):
    @pytest.fixture
    def asks(self, learnt: Asks) -> Asks:
        return learnt

    def test_what_was_written_for_it_is_mostly_told_apart(self, asks: Asks) -> None:
        rows = [json.loads(line) for line in SENTENCES.read_text("utf-8").splitlines()[::8]]
        right = sum(asks(row["s"]).is_asked is (row["label"] != "tells") for row in rows)
        assert right >= 0.9 * len(rows)


def test_lines_give_both_odds_and_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.replying.asking.FOLDER", tmp_path)
    weights = np.zeros((2, 3), np.float32)
    weights[0, 0], weights[1, 2] = 2.0, -1.0
    AskLines(weights, np.array([0.5, 0.25], np.float32)).write("some")

    kept = AskLines.of("some")

    assert path_of("some").parent == tmp_path
    assert kept is not None
    assert kept(np.array([1, 0, 1], np.float32)) == Asking(2.5, -0.75)
    assert AskLines.of("other") is None


def test_features_are_the_form_then_the_vector() -> None:
    embedder = HashEmbedder()
    values = features("Où est la poste ?", embedder)

    assert values.shape == (len(form("")) + embedder.dimension,)
    assert values[0] == 1.0
