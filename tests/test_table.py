# SPDX-License-Identifier: EUPL-1.2
"""A table in one test tries each of its rows, and tells all that fail."""

from __future__ import annotations

import inspect

import pytest

from tests.table import each


def test_every_row_is_tried_and_all_that_fail_are_told() -> None:
    tried = []

    @each("one, two", [(1, 1), (1, 2), (3, 3), (5, 4)], ids=["a", "b", "c", "d"])
    def same(one: int, two: int) -> None:
        tried.append(one)
        assert one == two

    with pytest.raises(BaseExceptionGroup, match="2 of 4 rows") as told:
        same()
    assert tried == [1, 1, 3, 5]
    assert [error.__notes__ for error in told.value.exceptions] == [["row: b"], ["row: d"]]


def test_whatever_a_row_raises_is_told_by_its_values() -> None:
    @each("row", ["said", "skipped", "broken"])
    def raises(row: str) -> None:
        if row == "said":
            pytest.fail("said")
        if row == "skipped":
            pytest.skip("the rows after it are tried all the same")
        raise KeyError(row)

    with pytest.raises(BaseExceptionGroup) as told:
        raises()
    assert [error.__notes__ for error in told.value.exceptions] == [
        ["row: 'said'"],
        ["row: 'skipped'"],
        ["row: 'broken'"],
    ]


def test_a_table_without_rows_fails() -> None:
    @each("row", [])
    def empty(row: str) -> None: ...

    with pytest.raises(AssertionError, match="without rows"):
        empty()


def test_fixtures_are_those_that_no_row_gives_and_tables_may_be_crossed() -> None:
    seen = []

    @each("first", "ab")
    @each("second", ["c", "d"], ids=str.upper)
    def crossed(first: str, second: str, opened: str) -> None:
        seen.append(first + second + opened)

    assert list(inspect.signature(crossed).parameters) == ["opened"]
    crossed(opened="!")
    assert seen == ["ac!", "ad!", "bc!", "bd!"]
