# SPDX-License-Identifier: EUPL-1.2
"""A robot's voice made on this machine, where the browser has no French voice of its own.

text ─stdin▶ `ui/speaker.py`: espeak-ng ─stdout▶ WAV     nothing on the disk or the command line

    ROBOT(text, places) ─▶ WAV, kept in memory for who asks again │ TooMuch

A sound costs a second of processor time: two are made at once, one for each place.

Debian: `apt install espeak-ng`. It is a program of its own (GPL), run and not linked.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from threading import Lock

from corpus.processes import Untold, surroundings, told_by
from ui.access.buckets import fits
from ui.access.visit import Places
from ui.speaker import PROGRAM

COMMAND = (sys.executable, "-m", "ui.speaker")
WORDS_A_MINUTE = 130
MAX_CHARS = 4_000
PATIENCE_SECONDS = 20
AT_ONCE = 2
MAX_BYTES = 48_000_000
"""Of one sound: what four thousand characters last, four times."""

MAX_KEPT_BYTES = 24_000_000
"""About ten minutes of speech."""


class TooMuch(Exception):
    """As many sounds are made as may be, at all or for one place."""


def has_voice() -> bool:
    """Whether the program is installed."""
    return shutil.which(PROGRAM) is not None


@cache
def languages() -> frozenset[str]:
    """Return the languages that the machine's voice speaks; French alone where it does not say."""
    try:
        done = subprocess.run(
            [PROGRAM, "--voices"], capture_output=True, timeout=PATIENCE_SECONDS,
            env=surroundings(), check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return frozenset({"fr"})
    rows = (line.split() for line in done.stdout.decode(errors="replace").splitlines()[1:])
    return frozenset({"fr", *(row[1].partition("-")[0] for row in rows if len(row) > 1)})


def spoken(text: str, language: str = "fr") -> bytes:
    """Return a text spoken in a language as a WAV file, nothing if the voice fails."""
    if not has_voice():
        return b""
    command = (*COMMAND, language, str(WORDS_A_MINUTE))
    given = text[:MAX_CHARS].encode()
    try:
        return told_by(command, given, most=MAX_BYTES, seconds=PATIENCE_SECONDS)
    except (Untold, OSError):
        return b""


class Robot:
    """Says texts, a few at a time; what it said lately it need not say again."""

    def __init__(self, say: Callable[[str, str], bytes]) -> None:
        self._say = say
        self._turn = Lock()
        self._busy: list[Places] = []
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    def __call__(self, text: str, places: Places, language: str = "fr") -> bytes:
        """Return a text as a WAV file, nothing if the voice fails; TooMuch."""
        name = sha256(f"{language}\0{text}".encode()).digest()
        with self._turn:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
            if not fits(self._busy, places, of_one=1, of_all=AT_ONCE):
                raise TooMuch
            self._busy.append(places)
        try:
            sound = self._say(text, language)
        finally:
            with self._turn:
                self._busy.remove(places)
        if sound:
            self._keep(name, sound)
        return sound

    def _keep(self, name: bytes, sound: bytes) -> None:
        with self._turn:
            self._kept[name] = sound
            while sum(map(len, self._kept.values())) > MAX_KEPT_BYTES:
                self._kept.popitem(last=False)


ROBOT = Robot(lambda text, language: spoken(text, language))
