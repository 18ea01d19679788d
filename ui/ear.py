# SPDX-License-Identifier: EUPL-1.2
"""What was said, in words, by Whisper. The only door to faster_whisper.

    samples ─stdin▶ `python -m ui.ear THREADS FD=FILE… PARENT` ─stdout▶ words

A stranger's voice is heard in a process that is closed in (`corpus/containment.py`) as the decoder
is, with limits of its own: it has the weights, as open files, and nothing else of this machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from corpus.containment import close_in
from ui.sound import samples_in

MEMORY_BYTES = 2 * 1024**3
WORK_SECONDS = 120
"""Of all its threads together."""

MAX_CHARS = 2_000
"""More than a minute holds: Whisper repeats itself over noise."""


def main() -> None:
    """Hear the standard input; of a failure the parent reads the exit code only."""
    threads, *files, parent = sys.argv[1:]
    weights = dict(_read(one) for one in files)
    close_in(MEMORY_BYTES, WORK_SECONDS, parent=int(parent))
    words = heard(samples_in(sys.stdin.buffer.read()), weights, threads=int(threads))
    sys.stdout.buffer.write(words[:MAX_CHARS].encode())


def _read(given: str) -> tuple[str, bytes]:
    descriptor, _, name = given.partition("=")
    with os.fdopen(int(descriptor), "rb") as file:
        file.seek(0)
        return name, file.read()


def heard(samples: NDArray[np.float32], weights: Mapping[str, bytes], *, threads: int) -> str:
    """Return the words of samples; `weights` by the names that Whisper gives its files."""
    from faster_whisper import WhisperModel  # the library is there where dictation is installed

    model = WhisperModel(
        "whisper-base",
        device="cpu",
        compute_type="int8",
        cpu_threads=threads,
        local_files_only=True,
        files=dict(weights),
    )
    segments, _ = model.transcribe(
        samples,
        language="fr",
        beam_size=5,
        condition_on_previous_text=False,
        vad_filter=True,
    )
    return " ".join(segment.text.strip() for segment in segments).strip()


if __name__ == "__main__":
    main()
