# SPDX-License-Identifier: EUPL-1.2
"""A process of ours on what others sent, and what it finds around it: this software, one thread a
library.

    told_by(command, bytes) ─a file without a name▶ the process ─▶ what it says, so much at most

What it finds is named one by one: whatever else stands in our own environment, a passphrase, an
address with its password, is nobody's who reads documents that we did not write. It closes itself
in (`containment.py`).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer

HANDED_ON = frozenset({
    *("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX"),
    *("PYTHONHOME", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8"),
    # Libraries told not to dial: assistant/wiring.py.
    *("ANONYMIZED_TELEMETRY", "DO_NOT_TRACK", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"),
    "ORT_DISABLE_TELEMETRY",
})  # fmt: skip
SECRETS = ("PASSPHRASE", "PASSWORD")


def surroundings() -> dict[str, str]:
    """Return the environment of a process of ours: it imports what this one imports."""
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    # Work runs side by side: threads of numerical libraries would only take memory.
    return {
        **{n: v for n, v in os.environ.items() if n in HANDED_ON or n.startswith("LC_")},
        "PYTHONPATH": path,
        "OPENBLAS_NUM_THREADS": "1",
    }


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a program that needs a machine's own settings, as pip does."""
    return {
        name: value
        for name, value in environment.items()
        if not any(secret in name for secret in SECRETS) or name.startswith("PIP_")
    }


class Untold(Exception):
    """A process failed, said more than it may, or took too long."""


def told_by(
    command: Sequence[str],
    given: bytes,
    *,
    most: int,
    seconds: float,
    files: Sequence[int] = (),
) -> bytes:
    """Start a process of ours on some bytes (a file without a name) and return what it says; raise
    Untold if it fails, says more than `most` or takes longer. `files`: descriptors that it keeps.
    It is told who its parent is, and ends with it.
    """
    there = os.memfd_create("given")
    try:
        os.truncate(there, len(given))
        os.pwrite(there, given, 0)
        with subprocess.Popen(
            (*command, str(os.getpid())),
            stdin=there,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            pass_fds=files,
            start_new_session=True,
        ) as process:
            late = Timer(seconds, process.kill)
            late.start()
            try:
                assert process.stdout is not None
                told = process.stdout.read(most + 1)
                if len(told) > most:
                    process.kill()
                process.wait()
            finally:
                late.cancel()
    finally:
        os.close(there)
    if process.returncode != 0 or len(told) > most:
        raise Untold
    return told
