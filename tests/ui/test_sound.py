# SPDX-License-Identifier: EUPL-1.2
"""Recordings made on purpose: small ones that are hours of sound, or no sound at all."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import wave
from collections.abc import Iterator
from itertools import repeat
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.table import each
from ui import sound
from ui.sound import MAX_SECONDS, RATE, NoSound, decoded, samples_of


def recording(seconds: float, *, rate: int = 16_000, channels: int = 1) -> bytes:
    """Return a tone as a WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        tone = np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 440 / rate)
        file.writeframes(np.repeat((tone * 9_000).astype("<i2"), channels).tobytes())
    return out.getvalue()


def at_rate(data: bytes, rate: int) -> bytes:
    """Return a WAV that claims another rate."""
    return data[:24] + struct.pack("<I", rate) + data[28:]


@pytest.fixture
def av() -> None:
    pytest.importorskip("av", reason="the extra `dictation` is not installed")


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (16_000, 1), (44_100, 2), (48_000, 1)])
def test_what_a_browser_records_comes_as_samples(av: None, rate: int, channels: int) -> None:
    samples = samples_of(recording(2, rate=rate, channels=channels))
    assert abs(len(samples) - 2 * RATE) < 200
    assert samples.dtype == np.float32
    assert 0.2 < float(np.abs(samples).max()) < 0.35


def test_one_whose_parent_is_gone_when_it_begins_hears_nothing() -> None:
    command = [*sound.COMMAND, str(os.getppid())]  # as if this process had taken its place
    done = subprocess.run(command, input=recording(1), stdout=subprocess.PIPE, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_minute_is_taken_and_no_more(av: None) -> None:
    assert len(samples_of(recording(MAX_SECONDS - 1))) > (MAX_SECONDS - 2) * RATE
    with pytest.raises(NoSound):
        samples_of(recording(MAX_SECONDS + 1))


def test_a_long_recording_is_decoded_for_a_minute_only(
    av: None,
) -> None:
    """The attack: what it unfolds to is never in memory, however long it is."""
    long, taken = recording(600), 0
    with pytest.raises(NoSound):
        for part in decoded(long):
            taken += len(part)
    assert (MAX_SECONDS - 1) * RATE * 2 < taken <= MAX_SECONDS * RATE * 2


class Endless:
    """A decoder's stand-in: a recording that does not end, with the rate that it claims."""

    def __init__(self, rate: int, channels: int) -> None:
        self.streams = SimpleNamespace(audio=[SimpleNamespace(rate=rate, channels=channels)])

    def __enter__(self) -> Endless:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def decode(self, _: object) -> Iterator[object]:
        yield from repeat(object())


class Second:
    samples = RATE

    def to_ndarray(self) -> NDArray[np.int16]:
        return np.zeros((1, RATE), np.int16)


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"),
    [(16_000, 1, MAX_SECONDS), (1, 1, 0), (96_001, 1, 0), (8_000, 9, 0)],
)
def test_what_does_not_end_or_claims_odd_rates_is_given_up(
    monkeypatch: pytest.MonkeyPatch, rate: int, channels: int, seconds: int
) -> None:
    """The same attacks where the decoder is not installed."""
    library = SimpleNamespace(
        open=lambda *_, **__: Endless(rate, channels),
        AudioResampler=lambda **_: SimpleNamespace(resample=lambda frame: [Second()]),
    )
    monkeypatch.setitem(sys.modules, "av", library)
    taken = 0
    with pytest.raises(NoSound):
        for part in decoded(b"x"):
            taken += len(part)
    assert taken == seconds * RATE * 2


@pytest.mark.parametrize("rate", [1, 50, 7_999, 96_001, 4_000_000])
def test_odd_rates_are_refused(av: None, rate: int) -> None:
    """At one sample a second 100 kB were fourteen hours, and 2.2 GB."""
    with pytest.raises(NoSound):
        samples_of(at_rate(recording(3), rate))


@each(
    "data",
    [
        b"",
        b"<html>",
        bytes(5_000),
        b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"RIFF\xff\xff\xff\xffWAVEfmt ",
    ],
)
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(NoSound):
        samples_of(data)


def test_a_process_that_says_too_much_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = "import sys\nwhile True:\n    sys.stdout.buffer.write(bytes(1 << 20))\n"
    monkeypatch.setattr(sound, "COMMAND", (sys.executable, "-c", endless))
    with pytest.raises(NoSound):
        samples_of(b"x")


def test_a_process_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "COMMAND", (sys.executable, "-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(sound, "PATIENCE_SECONDS", 0.5)
    with pytest.raises(NoSound):
        samples_of(b"x")


def test_it_is_closed_in_and_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What decodes is asked to tell what it could do."""
    monkeypatch.setenv("GREFFIER_REGISTER_PASSPHRASE", "un deux trois")
    program = (
        "import os, resource, sys, ui.sound as sound\n"
        "from corpus import containment\n"
        "def told(audio):\n"
        "    known = (resource.RLIMIT_DATA, resource.RLIMIT_CPU)\n"
        "    limits = [resource.getrlimit(n)[0] for n in known]\n"
        "    try:\n        open('/etc/passwd'); reached = 'file'\n"
        "    except OSError:\n        reached = 'none'\n"
        "    names = [n for n in os.environ if 'PASS' in n]\n"
        "    yield f'{limits}|{names}|{reached}|{\"landlock\" in fences}|'.encode().ljust(200)\n"
        "real = containment.contain\n"
        "def noting(programs):\n    global fences\n    fences = real(programs)\n"
        "containment.contain = noting\nsound.decoded = told\nsound.main()\n"
    )
    monkeypatch.setattr(sound, "COMMAND", (sys.executable, "-c", program))
    told = (samples_of(b"x") * 32_768).astype("<i2").tobytes().decode().strip()
    limits, secrets, reached, has_landlock, _ = told.split("|")
    assert (limits, secrets) == (f"[{sound.MEMORY_BYTES}, {sound.WORK_SECONDS}]", "[]")
    assert reached == "none" or has_landlock == "False"
