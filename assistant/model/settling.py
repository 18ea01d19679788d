# SPDX-License-Identifier: EUPL-1.2
"""How the model's process behaves here: it ends with the service, and shares the cores."""

from __future__ import annotations

import ctypes
import os
import signal

from corpus.containment import dies_first, end_with_parent

PR_SET_DUMPABLE = 4


def settle(*, parent: int) -> None:
    """End with the service, whatever ends it, and before it; leave no image of what was read."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)  # the service's to answer: it ends this one
    dies_first()
    end_with_parent(parent)
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def share(threads: int) -> int:
    """Say how this process shares the cores with others: here its priority and the way its threads
    wait are set, before the model is loaded. Returns how many threads compute."""
    return threads or len(os.sched_getaffinity(0))
