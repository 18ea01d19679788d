# SPDX-License-Identifier: EUPL-1.2
"""The pairs that decide when two questions are one: what is made of them, and the threshold."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.cards.same import LearnedSame
from benchmarks import cards_served
from benchmarks.cards import (
    ELSEWHERE,
    FAR,
    NEAR,
    PAIRS,
    PARAPHRASE,
    TURNED,
    Judged,
    Limits,
    Pair,
    area,
    both_by_others,
    by_others,
    in_doubt,
    kept_odds,
    matter_of,
    matters_of,
    pairs_of,
    read_in_doubt,
    served,
    threshold,
)
from benchmarks.cards_report import CHANGES, NOT_MEASURED, PAGE, filled, load
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER, Weights
from tests.fakes import HashEmbedder


def test_a_near_miss_is_also_a_card_to_which_a_paraphrase_is_another_question(
    tmp_path: Path,
) -> None:
    rows = [
        {
            "question": f"Quel est le prix de la {place} ?",
            "answer": "3 €",
            "paraphrases": [f"combien la {place}"],
            "near_misses": [{"question": f"Où est la {place} ?", "why": "other kind"}],
        }
        for place in ("piscine", "cantine")
    ]
    file = tmp_path / "author.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    pairs = list(pairs_of(matters_of(file), HashEmbedder()))
    assert Counter(pair.kind for pair in pairs) == {
        PARAPHRASE: 2, NEAR: 2, TURNED: 2, ELSEWHERE: 2, FAR: 2,
    }  # fmt: skip
    (turned, _) = [pair for pair in pairs if pair.kind == TURNED]
    assert (turned.asked, turned.card) == ("combien la piscine", "Où est la piscine ?")


def test_a_neighbour_is_a_near_miss_in_each_of_its_wordings() -> None:
    row = {
        "question": "Prix de la piscine ?", "answer": "3 €", "same": ["c combien la piscine"],
        "near": [{"asks": "Où est la piscine ?", "said": ["elle est où la piscine"]}],
    }  # fmt: skip
    pairs = [*pairs_of([matter_of(row)], HashEmbedder())]
    assert [pair.asked for pair in pairs if pair.kind == NEAR] == [
        "Où est la piscine ?", "elle est où la piscine",
    ]  # fmt: skip


def author(name: str, same: float, near: float) -> Judged:
    kinds = np.repeat([PARAPHRASE, NEAR, TURNED, ELSEWHERE, FAR], 100)
    most = (same, near, 0, 0, 0)
    return Judged(name, kinds, np.concatenate([np.linspace(0, one, 100) for one in most]))


def test_the_threshold_serves_no_more_than_it_may() -> None:
    one = author("one", 1, 0.5)
    limit = threshold([one], {NEAR: 0.01})
    assert (one.found[one.kinds == NEAR] >= limit).mean() <= 0.01
    assert (one.found[one.kinds == PARAPHRASE] >= limit).mean() >= 0.5


def test_of_the_worst_author_too_no_more_near_misses_are_served() -> None:
    mild, hard = author("mild", 1, 0.1), author("hard", 1, 0.8)
    limit = threshold([mild, hard], {NEAR: 0.01})
    assert (hard.found[hard.kinds == NEAR] >= limit).mean() <= 0.01
    assert threshold([mild, hard], {TURNED: 0.05}) < 0.1


def test_an_author_is_judged_at_the_threshold_of_the_others() -> None:
    mild, hard = author("mild", 1, 0.1), author("hard", 1, 0.8)
    served = by_others([mild, hard], {NEAR: 0.01})
    assert served[NEAR] == pytest.approx((0 + 0.87) / 2, abs=0.02)
    assert area([mild]) > area([hard]) > 0.5


def both(name: str) -> tuple[Judged, Judged]:
    """Sixty paraphrases, of which the network is sure of a third and the model of half, beside a
    hundred near misses, of which the model takes one for the same and the network none."""
    kinds = np.array([PARAPHRASE] * 60 + [NEAR] * 100 + [TURNED, ELSEWHERE, FAR] * 10)
    network = np.array([0.97] * 20 + [0.5] * 30 + [0.01] * 10 + [0.6] * 100 + [0.0] * 30)
    read = np.array([9.0] * 50 + [9.0] * 10 + [5.0] + [-5.0] * 99 + [-9.0] * 30)
    return Judged(name, kinds, network), Judged(name, kinds, read)


def test_what_the_network_is_not_sure_of_the_model_may_serve() -> None:
    network, read = both("one")
    limits = Limits.of([network], [read])
    assert 0.6 < limits.alone <= 0.97 and -5 < limits.read <= 9
    shares = served([(in_doubt(network, read, limits.alone), limits.read)])
    assert shares[PARAPHRASE] == 50 / 60  # the model is not asked of what is hardly alike
    assert shares[NEAR] <= 0.01
    assert both_by_others(*zip(both("one"), both("two"), strict=True))[PARAPHRASE] == 50 / 60


def test_what_the_network_serves_counts_within_what_both_may() -> None:
    network, read = both("one")
    found = np.where(np.arange(190) // 2 == 79, 0.99, network.found)  # two near misses, at once
    limits = Limits(0.97, threshold([in_doubt(Judged("one", network.kinds, found), read, 0.97)]))
    assert limits.read > 100  # nothing more may be served


class Reads:
    """Says 1.0 of any two, and counts."""

    threshold, count = 0.0, 0

    def __call__(self, asked: str, asking: str, said: Sequence[str]) -> float:
        self.count += 1
        return 1.0


def test_what_was_read_is_kept_and_only_what_is_in_doubt_is_read(tmp_path: Path) -> None:
    pairs = [Pair(PARAPHRASE, f"q{n}", "card", "3 €") for n in range(3)]
    network = Judged("one", np.array([PARAPHRASE] * 3), np.array([0.01, 0.5, 0.9]))
    file, model = tmp_path / "read.jsonl", Reads()
    for _ in range(2):
        with file.open("a", encoding="utf-8") as out:
            told = read_in_doubt(network, pairs, model, kept_odds(file), out)
    assert model.count == 2
    assert told.found[0] < told.found[1] == 1.0 < told.found[2]


@pytest.mark.real
def test_what_is_in_use_serves_many_wordings_and_hardly_a_neighbour() -> None:
    same, found = LearnedSame(OnnxEmbedder(Weights().path(DEFAULT_EMBEDDER))), defaultdict(list)
    for name in ("author_1", "voices_11"):
        for one in matters_of(PAIRS / f"{name}.jsonl")[:12]:
            misses = [text for asks, said in one.near for text in (asks, *said)]
            for kind, texts in ((PARAPHRASE, one.same), (NEAR, misses)):
                found[kind] += [
                    same(t, one.question, [one.answer]) >= same.threshold for t in texts
                ]
    assert np.mean(found[PARAPHRASE]) > 0.25
    assert np.mean(found[NEAR]) < 0.03


def test_the_pairs_are_in_their_form() -> None:
    files = [*PAIRS.glob("author_*.jsonl")]
    assert files
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            assert row["question"] and row["answer"] and row["paraphrases"] and row["near_misses"]


def test_a_question_s_voices_and_its_neighbours_are_in_their_form() -> None:
    files = [*PAIRS.glob("voices_*.jsonl")]
    assert files
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            ways = [*row["same"], *(said for near in row["near"] for said in near["said"])]
            assert len({*ways, row["question"]}) == len(row["same"]) + 2 * len(row["near"]) + 1
            assert all(near["asks"] for near in row["near"])


def test_the_page_says_what_was_measured() -> None:
    page = PAGE.read_text("utf-8")
    assert filled(page, load()) == page, "python -m benchmarks.cards_report"
    assert NOT_MEASURED in filled(page, {})
    other = load()
    other["pairs"]["in use"]["paraphrase"] = 0.999
    assert "99.9 %" in filled(page, other)


@pytest.mark.parametrize("kind", CHANGES)
def test_no_card_is_served_stale_after_a_change(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards_served, "PAPERS", 2)
    monkeypatch.setattr(cards_served, "LINES", 3)
    came = cards_served.after(kind)
    served = 6 if kind in {"re-read", "moved"} else 0  # the paper is followed where it goes
    assert came == {"cards": 6, "suspended": 6 - served, "fresh": served, "stale": 0}


@pytest.mark.parametrize("kind", ["changed", "moved", "ended"])
def test_a_product_that_looked_at_nothing_would_be_found_out(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards_served, "PAPERS", 2)
    monkeypatch.setattr(cards_served, "LINES", 3)
    monkeypatch.setattr(cards_served, "places_of", lambda passages, card, day: ((), None))
    assert cards_served.after(kind)["stale"] == 6
