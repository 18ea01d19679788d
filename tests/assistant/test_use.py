# SPDX-License-Identifier: EUPL-1.2
"""Figures of use: what ends how, by week and collection; what few did cannot be read from them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assistant.use import FEW, Row, kept_small
from tests.table import each


@each(
    "rows, told",
    [
        ([[40, 20, 15, 5]], [(40, 20, 15, 5)]),
        ([[40, 20, 17, 3]], [(40, 20, None, None)]),
        ([[4, 4, 0, 0]], [(None, None, None, None)]),
        ([[0, 0, 0, 0]], [(0, 0, 0, 0)]),
        ([[30, 26, 4, 0]], [(30, None, None, 0)]),
    ],
)
def test_small_counts_are_hidden_with_what_gives_them_away(
    rows: Sequence[Sequence[int]], told: list[Row]
) -> None:
    assert kept_small(rows) == told


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=5))
def test_no_small_count_is_told_nor_follows_from_a_sum(parts: list[list[int]]) -> None:
    rows = [[sum(row), *row] for row in parts]
    told = kept_small(rows)
    for row, shown in zip(rows, told, strict=True):
        assert all(n is None or n == 0 or n >= FEW for n in shown)
        assert all(n is None or n == count for n, count in zip(shown, row, strict=True))
        assert sum(n is None for n in shown[1:]) != 1
    for column in zip(*told, strict=True):
        assert sum(n is None for n in column) != 1
