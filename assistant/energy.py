# SPDX-License-Identifier: EUPL-1.2
"""What an answer costs in energy: measured where the machine tells, else estimated.

Measured: RAPL, the processor's own counter (the whole package, neighbours
included). Estimated: seconds of processor time times a stated wattage a core.
"""

from __future__ import annotations

import time
from pathlib import Path

JOULES_PER_WH = 3600.0
RAPL = Path("/sys/class/powercap/intel-rapl:0")


class EnergyMeter:
    """Counts from its making; `method` says how: `rapl` or `cpu_time`."""

    def __init__(self, watts_per_core: float, rapl: Path = RAPL) -> None:
        self._watts = watts_per_core
        self._rapl = rapl
        self._microjoules = self._read_rapl()
        self._cpu_seconds = time.process_time()
        self.method = "cpu_time" if self._microjoules is None else "rapl"

    def watt_hours(self) -> float:
        """Energy since this meter was made."""
        now = self._read_rapl()
        if self._microjoules is None or now is None or now < self._microjoules:
            # the counter wraps round every few hours: that answer is estimated
            return (time.process_time() - self._cpu_seconds) * self._watts / JOULES_PER_WH
        return (now - self._microjoules) / 1e6 / JOULES_PER_WH

    def _read_rapl(self) -> int | None:
        try:
            return int((self._rapl / "energy_uj").read_text("ascii"))
        except (OSError, ValueError):
            return None
