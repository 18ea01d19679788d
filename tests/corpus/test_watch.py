# SPDX-License-Identifier: EUPL-1.2
"""Watching folders: at once, at each change, and on after an error."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import CorpusBusy
from corpus.watch import watch

PATIENCE_SECONDS = 300


class Follower:
    """Counts syncs, and fails where it is told to."""

    def __init__(self, *fails: int) -> None:
        self._fails = fails
        self._count = 0
        self.done: queue.Queue[int] = queue.Queue()
        self.failed: queue.Queue[Exception] = queue.Queue()

    def sync(self) -> None:
        self._count += 1
        if self._count in self._fails:
            raise CorpusBusy
        self.done.put(self._count)


@contextmanager
def following(folder: Path, follower: Follower) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(
        target=watch,
        args=([folder], follower.sync, follower.failed.put),
        kwargs={"stop": stop, "poll": True, "together_ms": 50, "look_ms": 100},
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_it_syncs_at_once_then_at_each_change(tmp_path: Path) -> None:
    follower = Follower()
    with following(tmp_path, follower):
        assert follower.done.get(timeout=PATIENCE_SECONDS) == 1
        (tmp_path / "a.txt").write_text("un", "utf-8")
        assert follower.done.get(timeout=PATIENCE_SECONDS) == 2


def test_an_error_is_told_and_tried_again_without_a_change(tmp_path: Path) -> None:
    follower = Follower(1, 2)
    with following(tmp_path, follower):
        assert isinstance(follower.failed.get(timeout=PATIENCE_SECONDS), CorpusBusy)
        assert isinstance(follower.failed.get(timeout=PATIENCE_SECONDS), CorpusBusy)
        assert follower.done.get(timeout=PATIENCE_SECONDS) == 3
