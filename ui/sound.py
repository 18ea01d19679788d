# SPDX-License-Identifier: EUPL-1.2
"""A recording that a stranger sent, from any format of a browser to samples. The only door to PyAV.

    samples_of(bytes) ─a file without a name▶ `python -m ui.sound PARENT` ─▶ samples, 60 s at most

It is decoded frame by frame in a process that is closed in (`corpus/containment.py`): 100 kB can
claim to be hours of sound. What it says is believed only as far as its length.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from corpus.containment import close_in
from corpus.processes import Untold, told_by

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
    try:
        told = told_by(COMMAND, audio, most=MAX_BYTES, seconds=PATIENCE_SECONDS)
    except Untold as error:
        raise NoSound from error
    if not told or len(told) % 2:
        raise NoSound
    return samples_in(told)


def samples_in(told: bytes) -> NDArray[np.float32]:
    """Return the samples that 16 bits each tell."""
    return np.frombuffer(told, np.int16).astype(np.float32) / np.float32(32_768)


def main() -> None:
    """Decode the standard input; of a failure the parent reads the exit code only."""
    close_in(MEMORY_BYTES, WORK_SECONDS, parent=int(sys.argv[-1]))
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
