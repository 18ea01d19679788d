# SPDX-License-Identifier: EUPL-1.2
"""How the model's process behaves here: it ends with the service, and shares the cores."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4
OOM_SCORE = "800"
"""Of 1000: where memory runs out the kernel takes this process, which loses nothing, and not the
service."""


def settle(*, parent: int) -> None:
    """End with the service, whatever ends it, and before it; leave no image of what was read."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)  # the service's to answer: it ends this one
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE, "ascii")
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before that was said
        sys.exit()


def share(threads: int) -> int:
    """Say how this process shares the cores with others: here its priority and the way its threads
    wait are set, before the model is loaded. Returns how many threads compute."""
    return threads or len(os.sched_getaffinity(0))
