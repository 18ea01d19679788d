# SPDX-License-Identifier: EUPL-1.2
"""What a person said, in words, by Whisper on this machine. The only door to faster_whisper.

    audio (bytes, in memory) ─sound.py, a process of its own▶ samples ─whisper-base▶ text

Nothing is written: neither the audio nor the text. The weights are checked by their hash
(`greffier models pull whisper-base`, and its three small files).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import Protocol

from corpus.errors import CorpusError
from corpus.weights import Weights
from ui.sound import NoSound, samples_of

TURN_SECONDS = 60.0
"""How long a recording waits for the one before: the threads of the service are counted."""

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
    """Whisper, one recording at a time; loaded at the first one."""

    def __init__(self, weights: Weights, *, threads: int = 0) -> None:
        self._weights = weights
        self._threads = threads
        self._turn = Lock()
        self._model = cache(self._open)

    def __call__(self, audio: bytes) -> str:
        """Return the words; raise Unheard."""
        if not self._turn.acquire(timeout=TURN_SECONDS):
            raise Unheard
        try:
            samples = samples_of(audio)
            text = self._model()(samples)
        except NoSound as error:
            raise Unheard from error
        finally:
            self._turn.release()
        if not text:
            raise Unheard
        return text

    def _open(self) -> Callable[[object], str]:
        from faster_whisper import WhisperModel

        contents = {inside: self._weights.path(name).read_bytes() for inside, name in FILES.items()}
        model = WhisperModel(
            "whisper-base",
            device="cpu",
            compute_type="int8",
            cpu_threads=self._threads,
            local_files_only=True,
            files=contents,
        )

        def heard(samples: object) -> str:
            segments, _ = model.transcribe(
                samples,
                language="fr",
                beam_size=5,
                condition_on_previous_text=False,
                vad_filter=True,
            )
            return " ".join(segment.text.strip() for segment in segments).strip()

        return heard


def open_ears(weights: Weights, *, threads: int = 0) -> Ears | None:
    """Return ears if the library and its files are here; without, the page has no microphone."""
    if find_spec("faster_whisper") is None:
        return None
    try:
        for name in FILES.values():
            weights.path(name)
    except CorpusError:
        return None
    return WhisperEars(weights, threads=threads)
