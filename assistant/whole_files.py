# SPDX-License-Identifier: EUPL-1.2
"""Small files that several processes read at each question, changed whole, one process at a time.

with changing(path, read, written) as kept:  kept[:] = …    ─▶ draft ─▶ the file
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def changing(
    path: Path, read: Callable[[], Iterable[T]], written: Callable[[Sequence[T]], str]
) -> Iterator[list[T]]:
    """Give what the file holds, and put it back as it is at the end of the block."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = [*read()]
        yield kept
        draft = path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            file.write(written(kept))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
