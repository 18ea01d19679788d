# SPDX-License-Identifier: EUPL-1.2
"""Work that nobody waits for: looked for when woken, ended with its block, not by what breaks."""

from __future__ import annotations

import logging
from threading import Event

import pytest

from assistant.idle import Idle

AN_HOUR, PATIENCE = 3600.0, 60.0


def test_what_breaks_is_counted_without_its_words_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    looked, done = list[int](), Event()

    def look() -> None:
        looked.append(1)
        idle.wake()
        if len(looked) == 1:
            raise OSError("Mme Arlin")
        done.set()

    idle = Idle("examples", look, seconds=AN_HOUR)
    with caplog.at_level(logging.WARNING), idle.running():
        idle.wake()
        assert done.wait(PATIENCE)
    assert "OSError" in caplog.text and "Arlin" not in caplog.text


def test_it_ends_with_its_block_and_what_is_under_way_can_see_it() -> None:
    begun, left = Event(), Event()

    def look() -> None:
        begun.set()
        while not idle.is_over:
            left.wait(0.01)  # until the block ends
        left.set()

    idle = Idle("examples", look, seconds=AN_HOUR)
    with idle.running():
        assert not idle.is_over
        idle.wake()
        assert begun.wait(PATIENCE)
    assert left.is_set()
