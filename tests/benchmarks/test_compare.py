# SPDX-License-Identifier: EUPL-1.2
"""What the benchmark of comparisons counts as right, and what it does not."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.compare import Pair, Score, Told, folders, is_right, pages_of, plain, score
from tests.table import each


@each(
    "told, wanted, right",
    [
        (("changed", "", "12,00 €", "13 €"), ("changed", "x", "douze euros", "13,00 €"), True),
        (("changed", "", "9 h à 12 h", "9 h à 13 h"), ("changed", "x", "12 h", "13 h"), True),
        (
            ("changed", "", "avant le 3 mai", "avant le 4 mai"),
            ("changed", "x", "3 mai", "4 mai"),
            True,
        ),
        (("changed", "", "12 €", "14 €"), ("changed", "x", "12 €", "13 €"), False),
        (("added", "", "", "13 €"), ("changed", "x", "12 €", "13 €"), False),
        (("added", "", "", "3 € ; 4 €"), ("added", "x", "", "4 €"), True),
        (("removed", "", "3 €", ""), ("removed", "x", "3 € ; 4 €", ""), False),
        (("changed", "", "Senior", "Retraité"), ("changed", "x", "Senior", "Retraité"), True),
        (("changed", "", "Senior", "Retraité"), ("changed", "x", "Enfant", "Jeune"), False),
    ],
)
def test_a_told_change_is_right_by_its_kind_and_its_values(
    told: tuple[str, str, str, str], wanted: tuple[str, str, str, str], right: bool
) -> None:
    assert is_right(Told(*told), Told(*wanted)) is right


def test_each_expected_change_is_found_once_and_what_may_be_told_costs_nothing() -> None:
    one = Told("changed", "Adulte", "3 €", "4 €")
    pair = Pair("p", Path("a"), Path("b"), (one,), (Told("changed", "année", "2024", "2025"),))
    told = [one, one, Told("changed", "", "2024", "2025"), Told("added", "", "", "9 €")]
    counts, missed, wrong = score(told, pair)
    assert (counts, missed) == (Score(1, 1, 3, 1), [])
    assert wrong == [one, told[-1]]


def test_pairs_of_others_are_read_from_their_folders(tmp_path: Path) -> None:
    place = tmp_path / "cantine"
    place.mkdir()
    (place / "a.txt").write_text("Repas : 3 €\nGoûter : 1 €\n", "utf-8")
    (place / "b.txt").write_text("Repas : 4 €\nGoûter : 1 €\n", "utf-8")
    expected = [{"kind": "changed", "what": "Repas", "before": "3 €", "after": "4 €"}]
    (place / "expected.json").write_text(json.dumps(expected), "utf-8")
    (pair,) = folders(tmp_path)
    assert pair.expected == (Told("changed", "Repas", "3 €", "4 €"),)
    told = plain(pages_of(pair.a), pages_of(pair.b), ("", ""))
    assert score(told, pair)[0] == Score(1, 1, 1, 1)
