# SPDX-License-Identifier: EUPL-1.2
"""Layers go to the graphics card by its free memory, and nowhere without one."""

from __future__ import annotations

import pytest

from assistant.graphics import ALL, LEFT_FREE, NONE, free_bytes, layers_that_fit

MODEL, LAYERS = 4_000_000_000, 40


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        (0, NONE),
        (LEFT_FREE, NONE),
        (LEFT_FREE + MODEL // 2, LAYERS // 2),
        (LEFT_FREE + MODEL - 1, LAYERS - 1),
        (LEFT_FREE + MODEL, ALL),
    ],
    ids=["no card", "nothing to spare", "half", "all but one", "whole"],
)
def test_as_many_layers_as_there_is_room_for(free: int, expected: int) -> None:
    assert layers_that_fit(MODEL, LAYERS, free) == expected


def test_a_machine_without_the_library_has_no_card() -> None:
    assert free_bytes("libgreffier-none.so.1") == 0
