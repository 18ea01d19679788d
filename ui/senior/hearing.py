# SPDX-License-Identifier: EUPL-1.2
"""What a person said, in words, by Whisper on this machine.

    audio (bytes, in memory) ─ui/sound.py▶ samples ─ui/ear.py, whisper-base▶ text
                              each a process of its own, closed in, ended after a limit

Nothing is written: neither the audio nor the text. The weights are checked by their hash
(`greffier models pull whisper-base`, and its three small files).
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from importlib.util import find_spec
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import CorpusError
from corpus.processes import Untold, told_by
from corpus.weights import Weights
from ui.sound import NoSound, samples_of

TURN_SECONDS = 60.0
"""How long a recording waits for the one before: the threads of the service are counted."""

HEARD_SECONDS = 300.0
"""By the clock, for a process that waits instead of working: what works is limited by processor
time (`ui/ear.py`), which a busy machine does not shorten."""

THREADS = 2
"""Whoever dictates takes no more cores than that from those who wait for an answer."""

MAX_BYTES = 16_384
COMMAND = (sys.executable, "-m", "ui.ear")
FILES = {
    "model.bin": "whisper-base",
    "config.json": "whisper-base-config",
    "tokenizer.json": "whisper-base-tokenizer",
    "vocabulary.txt": "whisper-base-vocabulary",
}
"""What Whisper calls its files, and what `corpus/weights.toml` calls them."""


class Unheard(Exception):
    """The audio is no audio, holds no words, or is too long."""


class Ears(Protocol):
    """What the page needs: words for audio of any format that a browser records."""

    def __call__(self, audio: bytes) -> str: ...


class WhisperEars:
    """Whisper, one recording at a time, each in a process that ends with it."""

    def __init__(self, weights: Weights, *, threads: int = THREADS) -> None:
        self._weights = weights
        self._threads = threads
        self._turn = Lock()

    def __call__(self, audio: bytes) -> str:
        """Return the words; raise Unheard."""
        if not self._turn.acquire(timeout=TURN_SECONDS):
            raise Unheard
        try:
            text = self._heard(samples_of(audio))
        except (NoSound, Untold, CorpusError, OSError) as error:
            raise Unheard from error
        finally:
            self._turn.release()
        if not text:
            raise Unheard
        return text

    def _heard(self, samples: NDArray[np.float32]) -> str:
        """Return what the process says, which is believed to be words of some length only."""
        said = (samples * np.float32(32_767)).astype("<i2").tobytes()
        with ExitStack() as closing:
            opened = {
                inside: closing.enter_context(self._weights.path(name).open("rb")).fileno()
                for inside, name in FILES.items()
            }
            given = [f"{descriptor}={inside}" for inside, descriptor in opened.items()]
            told = told_by(
                (*COMMAND, str(self._threads), *given),
                said,
                most=MAX_BYTES,
                seconds=HEARD_SECONDS,
                files=(*opened.values(),),
            )
        return " ".join(told.decode(errors="replace").split())


def open_ears(weights: Weights, *, threads: int = THREADS) -> Ears | None:
    """Return ears if the library and its files are here; without, the page has no microphone."""
    if find_spec("faster_whisper") is None:
        return None
    try:
        for name in FILES.values():
            weights.path(name)
    except CorpusError:
        return None
    return WhisperEars(weights, threads=threads)
