# SPDX-License-Identifier: EUPL-1.2
"""A recording that a stranger sent, from any format of a browser to samples. The only door to PyAV.

    samples_of(bytes) ─a file without a name▶ `python -m ui.sound PARENT` ─▶ samples, 60 s at most
                       told_by(…): a process that is started, limited and ended (`ui/ear.py` too)

It is decoded frame by frame in a process that is closed in (`corpus/containment.py`): 100 kB can
claim to be hours of sound. What it says is believed only as far as its length.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from threading import Timer

import numpy as np
from numpy.typing import NDArray

from corpus.containment import contain, end_with_parent
from corpus.processes import surroundings

RATE = 16_000
MAX_SECONDS = 60
MAX_SAMPLES = RATE * MAX_SECONDS
MAX_BYTES = 2 * MAX_SAMPLES
LEAST_RATE, MOST_RATE = 8_000, 96_000
"""What microphones give; at one sample a second, a thousand bytes would be a quarter of an hour."""

MOST_CHANNELS = 8
FORMATS = "matroska,webm,ogg,mov,mp4,m4a,wav,mp3,aac,flac"
CODECS = (
    "opus,libopus,vorbis,aac,mp3,mp3float,flac,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8,pcm_mulaw,pcm_alaw"
)
"""No list of other files to open, no format that nobody records in."""

MEMORY_BYTES = 512 * 1024**2
WORK_SECONDS = 30
PATIENCE_SECONDS = 600.0
"""By the clock, for a process that waits instead of working."""

COMMAND = (sys.executable, "-m", "ui.sound")


class NoSound(Exception):
    """The bytes are no sound that is taken, or too much of it."""


def samples_of(audio: bytes) -> NDArray[np.float32]:
    """Return a recording's samples, from -1 to 1; raise NoSound."""
    told = told_by(COMMAND, audio, most=MAX_BYTES, seconds=PATIENCE_SECONDS)
    if not told or len(told) % 2:
        raise NoSound
    return samples_in(told)


def samples_in(told: bytes) -> NDArray[np.float32]:
    """Return the samples that 16 bits each tell."""
    return np.frombuffer(told, np.int16).astype(np.float32) / np.float32(32_768)


def told_by(
    command: Sequence[str],
    given: bytes,
    *,
    most: int,
    seconds: float,
    files: Sequence[int] = (),
) -> bytes:
    """Start a process of ours on some bytes (a file without a name) and return what it says; raise
    NoSound if it fails, says more than `most` or takes longer. `files`: descriptors that it keeps.
    It is told who its parent is, and ends with it.
    """
    there = os.memfd_create("sound")
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
        raise NoSound
    return told


def close_in(memory_bytes: int, work_seconds: int, *, parent: str) -> None:
    """Give up, for good, what a process that hears strangers has no use for, its life without
    `parent` too."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (work_seconds, work_seconds + 1))
    contain()
    end_with_parent(int(parent))


def main() -> None:
    """Decode the standard input; of a failure the parent reads the exit code only."""
    close_in(MEMORY_BYTES, WORK_SECONDS, parent=sys.argv[-1])
    samples = b"".join(decoded(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(samples)


def decoded(audio: bytes) -> Iterator[bytes]:
    """Yield the samples of each frame, 16 bits each; raise NoSound once there are too many."""
    import av  # the library is there where dictation is installed

    options = {"format_whitelist": FORMATS, "codec_whitelist": CODECS}
    with av.open(io.BytesIO(audio), metadata_errors="ignore", options=options) as container:
        stream = container.streams.audio[0]
        if not LEAST_RATE <= stream.rate <= MOST_RATE or stream.channels > MOST_CHANNELS:
            raise NoSound
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        left = MAX_SAMPLES
        for frame in chain(container.decode(stream), [None]):
            for part in resampler.resample(frame):
                left -= part.samples
                if left < 0:
                    raise NoSound
                yield part.to_ndarray().tobytes()


if __name__ == "__main__":
    main()
