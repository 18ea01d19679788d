# SPDX-License-Identifier: EUPL-1.2
"""Folders for a moment: gone when the block ends, by an error or a signal as well.

A folder that a killed run left is recognised, since nobody holds its lock, and goes first.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from assistant.errors import UserError

ENDING = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def scratch_folder(path: Path, *, busy: str = "backup_busy") -> Iterator[Path]:
    """Make this folder, for its owner only, and remove it in the end if it is still there;
    UserError(`busy`) while another process has it."""
    with _ending_by_exception():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = _held(path, busy)
        try:
            for left in path.iterdir():
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
            os.close(handle)


def _held(path: Path, busy: str) -> int:
    with suppress(FileExistsError):  # what a dead run left, unless somebody holds it
        path.mkdir(mode=0o700)
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise UserError(busy) from error
    return handle


@contextmanager
def _ending_by_exception() -> Iterator[None]:
    """Let a request to end raise, so that what must be removed is removed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
