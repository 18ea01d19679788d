# SPDX-License-Identifier: EUPL-1.2
"""What a process that we start finds around it: this software, and one thread a library."""

from __future__ import annotations

import os
from pathlib import Path


def surroundings() -> dict[str, str]:
    """Return the environment of a process of ours: it imports what this one imports."""
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    # Work runs side by side: threads of numerical libraries would only take memory.
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
