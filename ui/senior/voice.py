# SPDX-License-Identifier: EUPL-1.2
"""A robot's voice made on this machine, where the browser has no French voice of its own.

text ─stdin▶ espeak-ng ─stdout▶ WAV          nothing on the disk, nothing on the command line

Debian: `apt install espeak-ng`. It is a program of its own (GPL), run and not linked.
"""

from __future__ import annotations

import shutil
import subprocess

PROGRAM = "espeak-ng"
WORDS_A_MINUTE = 130
MAX_CHARS = 4_000
PATIENCE_SECONDS = 20


def has_voice() -> bool:
    """Whether the program is installed."""
    return shutil.which(PROGRAM) is not None


def spoken(text: str) -> bytes:
    """Return a text spoken in French as a WAV file, nothing if the voice fails."""
    command = [PROGRAM, "-v", "fr", "-s", str(WORDS_A_MINUTE), "-g", "4", "--stdin", "--stdout"]
    try:
        done = subprocess.run(
            command,
            input=text[:MAX_CHARS].encode(),
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""
