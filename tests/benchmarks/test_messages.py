# SPDX-License-Identifier: EUPL-1.2
"""The lists of messages, each beside what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.messages import HELD_OUT, LISTS, messages


def test_there_are_lists_and_one_is_held_out() -> None:
    assert [path.stem for path in LISTS] == ["dev_1", "dev_2", "dev_3", HELD_OUT]


@pytest.mark.parametrize("path", LISTS, ids=[path.stem for path in LISTS])
def test_each_message_says_something_else_than_what_it_means(path: Path) -> None:
    read = messages(path)
    assert len(read) >= 110
    assert all(one.typed.strip() and one.meant.strip() for one in read)
    assert all(one.typed != one.meant for one in read)


def test_what_is_held_out_is_in_no_other_list() -> None:
    tuned = {one.typed.casefold() for path in LISTS[:-1] for one in messages(path)}
    held = {one.typed.casefold() for one in messages(LISTS[-1])}
    assert not len(held & tuned)
