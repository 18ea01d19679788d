# SPDX-License-Identifier: EUPL-1.2
"""Which sentences ask: by their form alone, and by what was learnt for the real embedder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.replying.asking import Asking, AskLines, Asks, gram_scale, grams_of, path_of
from assistant.replying.matter import BY_PLACE, MatterLine
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
    by_gram = np.array([[8.0, 0.0], [0.0, -8.0]], np.float32)
    weights = np.array([[2, 0, 0], [0, 0, -1]], np.float32)
    matter = MatterLine(np.arange(9, dtype=np.float32), -1.5)
    bias = np.array([0.5, 0.25], np.float32)
    AskLines({"?": 0, "ici": 1}, by_gram, weights, bias, matter).write("some")

    kept = AskLines.of("some")

    assert path_of("some").parent == tmp_path
    assert kept is not None
    vector = np.array([1, 0, 1], np.float32)
    assert kept("", vector) == Asking(2.5, -0.75)
    told = kept("Là ?", vector)
    assert told.asks == pytest.approx(2.5 + 8 * gram_scale(grams_of("Là ?")), abs=1e-4)
    assert told.leans == -0.75
    assert kept.matter.bias == -1.5
    assert kept.matter.weights.tolist() == [*range(9)]
    assert AskLines.of("other") is None


def test_grams_hold_small_words_and_not_what_was_hidden() -> None:
    grams = grams_of("Merci de réparer le banc 12 de [PERSONNE_1].")
    assert {"^ merci", "merci de", "repar*", "#erci", "0", ". $"} <= grams
    assert not any("personne" in gram for gram in grams)


def test_what_was_learnt_is_for_the_embedder_it_was_learnt_for() -> None:
    assert Asks(HashEmbedder()).beside is BY_PLACE
