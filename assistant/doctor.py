# SPDX-License-Identifier: EUPL-1.2
"""What is missing or weak on this machine, each with what mends it.

A state is `ok`, `weak` (works, but look at it) or `bad` (something will fail).
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assistant.calibration import calibration_file
from assistant.checkup import Examined, State, machine
from assistant.engines import engines
from assistant.pack.words import examined as examined_packs
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import open_weights
from corpus.errors import WeightsError
from corpus.machine import memory_bytes
from corpus.readers.programs import Need, is_there
from corpus.weights import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL
from corpus.weights_catalogue import catalogue

MIN_FREE_BYTES = 2_000_000_000
MIN_MEMORY_BYTES = 6_000_000_000
ROBOT = "espeak-ng"
"""What speaks for a device without a voice of its own (`ui/senior/voice.py` runs it)."""


def examine(data: Path, keys: Path, settings: Settings, texts: Texts) -> list[Examined]:
    """Look at models, folders, disk, memory and system programs."""
    return [
        *_models(settings, texts),
        *_calibrated(data, settings, texts),
        *_folders(data, keys, texts),
        _disk(data, texts),
        _memory(texts),
        *examined_packs(data, settings, texts, date.today()),
        *_scans(texts),
        *_voice(settings, texts),
        *machine(data, settings, texts),
        *engines(settings, texts),
        _contact(settings, texts),
        _roster(settings, texts),
    ]


def _models(settings: Settings, texts: Texts) -> Iterator[Examined]:
    weights = open_weights(settings)
    chosen = [] if settings.model.servers else [settings.model.name or DEFAULT_LANGUAGE_MODEL]
    for name in (DEFAULT_EMBEDDER, *chosen):
        if name.endswith(".gguf"):
            is_there = Path(name).is_file()
            key = "model_ok" if is_there else "model_path_missing"
            yield Examined(
                texts("doctor", "model"),
                "ok" if is_there else "bad",
                texts("doctor", key, name=name),
            )
            continue
        try:
            weights.path(name, check=True)
        except WeightsError:
            yield Examined(
                texts("doctor", "model"), "bad", texts("doctor", "model_missing", name=name)
            )
        else:
            yield Examined(texts("doctor", "model"), "ok", texts("doctor", "model_ok", name=name))


def _calibrated(data: Path, settings: Settings, texts: Texts) -> Iterator[Examined]:
    """Whether a model other than the shipped one was calibrated on this machine."""
    chosen = settings.model
    if not chosen.servers and chosen.name in {"", DEFAULT_LANGUAGE_MODEL}:
        return
    files = {one.name: one.file for one in catalogue()}
    name = chosen.served_as if chosen.servers else Path(files.get(chosen.name, chosen.name)).stem
    is_done = calibration_file(data, name).exists()
    told = texts("doctor", "calibrated" if is_done else "not_calibrated", name=name)
    yield Examined(texts("doctor", "calibration"), "ok" if is_done else "weak", told)


def _folders(data: Path, keys: Path, texts: Texts) -> Iterator[Examined]:
    for name, folder in ((texts("doctor", "data"), data), (texts("doctor", "keys"), keys)):
        if not folder.exists():
            yield Examined(name, "ok", texts("doctor", "folder_new", path=str(folder)))
        elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            yield Examined(name, "bad", texts("doctor", "folder_closed", path=str(folder)))
        elif stat.S_IMODE(folder.stat().st_mode) & 0o077:
            yield Examined(name, "weak", texts("doctor", "folder_open", path=str(folder)))
        else:
            yield Examined(name, "ok", str(folder))
    if keys.resolve().is_relative_to(data.resolve()):
        yield Examined(texts("doctor", "keys"), "weak", texts("doctor", "keys_with_data"))


def _disk(data: Path, texts: Texts) -> Examined:
    place = next(folder for folder in (data, *data.resolve().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    state: State = "ok" if free >= MIN_FREE_BYTES else "weak"
    return Examined(
        texts("doctor", "disk"),
        state,
        texts("doctor", "free", gigabytes=texts.decimal(free / 1e9, 1)),
    )


def _memory(texts: Texts) -> Examined:
    memory = memory_bytes()
    state: State = "ok" if memory >= MIN_MEMORY_BYTES else "weak"
    return Examined(
        texts("doctor", "memory"),
        state,
        texts("doctor", "size", gigabytes=texts.decimal(memory / 1e9, 1)),
    )


def _scans(texts: Texts) -> Iterator[Examined]:
    """Whether scanned pages can be read: Tesseract, and its French words."""
    if not shutil.which("tesseract"):
        yield Examined("tesseract", "weak", texts("doctor", "program_missing"))
    elif not is_there(Need.OCR):
        yield Examined("tesseract", "weak", texts("doctor", "program_no_french"))
    else:
        yield Examined("tesseract", "ok", texts("doctor", "program_ok"))


def _voice(settings: Settings, texts: Texts) -> Iterator[Examined]:
    """Whether a device without a voice hears the simple page; nothing where it is shut."""
    if settings.senior.open:
        is_here = has_robot()
        key = "voice_ok" if is_here else "voice_missing"
        yield Examined(texts("doctor", "voice"), "ok" if is_here else "weak", texts("doctor", key))


def has_robot() -> bool:
    """Whether the robot's voice is installed."""
    return shutil.which(ROBOT) is not None


def _contact(settings: Settings, texts: Texts) -> Examined:
    if settings.town.phone:
        return Examined(texts("doctor", "contact"), "ok", settings.town.phone)
    return Examined(texts("doctor", "contact"), "weak", texts("doctor", "contact_missing"))


def _roster(settings: Settings, texts: Texts) -> Examined:
    if settings.roster:
        return Examined(
            texts("doctor", "roster"), "ok", texts("doctor", "names", count=len(settings.roster))
        )
    return Examined(texts("doctor", "roster"), "weak", texts("doctor", "roster_missing"))
