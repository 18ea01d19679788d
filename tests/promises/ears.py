# SPDX-License-Identifier: EUPL-1.2
"""Dictation for a service whose machine has neither Whisper nor its decoder.

Two processes stand in for both, started as these are; one that is sent much takes its time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from corpus.weights import Weights
from tests.promises import canary
from ui import sound
from ui.senior import hearing

MARK = "stand-in-of-the-decoder"
MUCH = 100_000
DECODER = (
    "import sys, time\nfrom corpus.containment import end_with_parent\nend_with_parent()\n"
    f"much = len(sys.stdin.buffer.read()) > {MUCH}\n"
    "time.sleep(600 if much else 0)\n"
    "sys.stdout.buffer.write(bytes(32_000))\n"
)
EAR = (
    f"import sys\nsys.stdin.buffer.read()\nsys.stdout.buffer.write({canary.QUESTION!r}.encode())\n"
)


class NoWeights(Weights):
    """Weights that hold nothing."""

    def path(self, name: str) -> Path:
        return Path(os.devnull)


def open_ears(weights: Weights) -> hearing.Ears:
    return hearing.WhisperEars(NoWeights(weights.folder))


def stand_in() -> None:
    """Put both processes, and ears, where this process looks for them."""
    sound.COMMAND = (sys.executable, "-c", DECODER, MARK)
    hearing.COMMAND = (sys.executable, "-c", EAR)
    hearing.open_ears = open_ears
