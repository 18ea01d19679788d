# SPDX-License-Identifier: EUPL-1.2
"""What an answer costs in energy: measured where the machine tells, else estimated.

| method | what is counted |
|---|---|
| `rapl` | the processors' own counters: whole packages, neighbours included |
| `cpu_time` | an estimate: processor seconds, ours and the model's, times watts a core |
| `rapl+nvml`, `cpu_time+nvml` | the same, and the graphics cards' counters, idle draw included |

RAPL can be read by root only on most kernels since 2020: an ordinary account gets the estimate.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

JOULES_PER_WH = 3600.0
POWERCAP = Path("/sys/class/powercap")
NVML = "libnvidia-ml.so.1"


class Counter(Protocol):
    """A counter of energy that the machine keeps."""

    def joules(self) -> float | None:
        """Joules since the counter was made; None if it can no longer be read."""


class EnergyMeter:
    """Counts from its making, less its pauses; `method` says how.

    What other questions of this process draw meanwhile is counted too: whoever waits for
    a turn pauses it.
    """

    def __init__(
        self,
        watts_per_core: float,
        *,
        powercap: Path = POWERCAP,
        graphics: bool = False,
        beside: Callable[[], float] = float,
    ) -> None:
        """`beside` gives the processor seconds of other processes that work for this one."""
        self._watts = watts_per_core
        self._beside = beside
        self._cpu_seconds = self._spent()
        self._packages = RaplCounter.open(powercap)
        self._cards = NvmlCounter.open() if graphics else None
        self._left_out = 0.0

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out what is drawn in a block."""
        before = self.watt_hours()
        try:
            yield
        finally:
            self._left_out += self.watt_hours() - before

    @property
    def method(self) -> str:
        """How the energy is known (see the table above)."""
        processor = "rapl" if self._packages else "cpu_time"
        return f"{processor}+nvml" if self._cards else processor

    def watt_hours(self) -> float:
        """Energy since this meter was made."""
        measured = self._packages.joules() if self._packages else None
        if measured is None:
            self._packages = None  # what cannot be read to the end is estimated, and says so
            measured = (self._spent() - self._cpu_seconds) * self._watts
        drawn = self._cards.joules() if self._cards else 0.0
        if drawn is None:
            self._cards, drawn = None, 0.0
        return max(0.0, (measured + drawn) / JOULES_PER_WH - self._left_out)

    def _spent(self) -> float:
        return time.process_time() + self._beside()


class RaplCounter:
    """The sum of the processor packages; a counter that went past its end is put right."""

    def __init__(self, packages: dict[Path, int]) -> None:
        self._packages = packages

    @classmethod
    def open(cls, powercap: Path) -> RaplCounter | None:
        """Return the counter of all packages, or nothing where any of them cannot be read."""
        found = {
            package: _microjoules(package / "energy_uj")
            for package in sorted(powercap.glob("intel-rapl:[0-9]"))
        }
        readable = {package: value for package, value in found.items() if value is not None}
        return cls(readable) if found and len(readable) == len(found) else None

    def joules(self) -> float | None:
        """Joules of all packages since this was opened."""
        total = 0
        for package, before in self._packages.items():
            now = _microjoules(package / "energy_uj")
            end = _microjoules(package / "max_energy_range_uj")
            if now is None or (now < before and end is None):
                return None
            total += now - before if now >= before else now + (end or 0) - before
        return total / 1e6


class NvmlCounter:
    """The graphics cards' own counters, through NVIDIA's library where it is installed."""

    def __init__(self, library: ctypes.CDLL, cards: list[ctypes.c_void_p]) -> None:
        self._library = library
        self._cards = cards
        self._before = self._read()

    @classmethod
    def open(cls, name: str = NVML) -> NvmlCounter | None:
        """Return the counter of all cards, or nothing where there is none that counts."""
        try:
            library = ctypes.CDLL(name)
        except OSError:
            return None
        count = ctypes.c_uint()
        if library.nvmlInit_v2() or library.nvmlDeviceGetCount_v2(ctypes.byref(count)):
            return None
        cards = []
        for index in range(count.value):
            card = ctypes.c_void_p()
            if library.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(card)):
                return None
            cards.append(card)
        counter = cls(library, cards)
        return counter if cards and counter._before is not None else None

    def joules(self) -> float | None:
        """Joules of all cards since this was opened."""
        now = self._read()
        return None if now is None or self._before is None else (now - self._before) / 1e3

    def _read(self) -> int | None:
        total = 0
        for card in self._cards:
            millijoules = ctypes.c_ulonglong()
            if self._library.nvmlDeviceGetTotalEnergyConsumption(card, ctypes.byref(millijoules)):
                return None
            total += millijoules.value
        return total


def _microjoules(file: Path) -> int | None:
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return None
