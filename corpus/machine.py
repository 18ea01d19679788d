# SPDX-License-Identifier: EUPL-1.2
"""What this machine has: how much memory a model may count on."""

from __future__ import annotations

import os
from pathlib import Path

CONTROL_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def memory_bytes(limit_file: Path = CONTROL_GROUP_LIMIT) -> int:
    """Memory of the machine, or of the container where that is less."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = limit_file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return physical
    return min(physical, int(limit)) if limit.isdigit() else physical
