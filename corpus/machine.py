# SPDX-License-Identifier: EUPL-1.2
"""What this machine has: how much memory a model may count on.

/proc/meminfo, and the limit of the control group where there is one ─▶ the lesser, in bytes
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")
MEMINFO = Path("/proc/meminfo")
_VERSIONS = (
    ("memory.max", "memory.current", "memory.stat", ""),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat",
     "total_"),
)  # fmt: skip
"""Of control groups, the second and the first: the files of the limit, of what is held and of what
that is made of, and what the names in there begin with where groups below are counted in."""


def memory_bytes(groups: Path = CONTROL_GROUPS) -> int:
    """Memory of the machine, or of the container where that is less."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([physical, *(limit for limit, _ in _limits(groups))])


def available_bytes(meminfo: Path = MEMINFO, groups: Path = CONTROL_GROUPS) -> int:
    """Memory that nobody holds, of the machine or of the container where that is less; files that
    the system only keeps at hand are not held. 0 where the kernel does not tell."""
    free = _kilobytes(meminfo, "MemAvailable")
    return max(0, min([free, *(limit - held for limit, held in _limits(groups))]))


def anonymous_bytes(status: Path) -> int:
    """Memory that a process holds, less the files that it has mapped, by its `/proc/PID/status`; 0
    where the kernel does not tell."""
    return _kilobytes(status, "RssAnon")


def _limits(groups: Path) -> Iterator[tuple[int, int]]:
    """Yield each limit that is set, and what is held of it."""
    for limit, current, stat, prefix in _VERSIONS:
        most = _read(groups / limit).strip()
        if most.isdigit():
            used = _read(groups / current).strip()
            kept = re.findall(rf"^{prefix}(?:in)?active_file (\d+)$", _read(groups / stat), re.M)
            held = int(used) - sum(map(int, kept)) if used.isdigit() else 0
            yield int(most), max(0, held)


def _kilobytes(file: Path, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB$", _read(file), re.M)
    return 1024 * int(found[1]) if found else 0


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""
