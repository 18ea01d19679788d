# SPDX-License-Identifier: EUPL-1.2
"""What a process that we start finds around it: this software, and one thread a library.

Named one by one: whatever else stands in our own environment, a passphrase, an address with its
password, is nobody's who reads documents that we did not write.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

HANDED_ON = frozenset({
    *("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX"),
    *("PYTHONHOME", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8"),
    # Libraries told not to dial: assistant/wiring.py.
    *("ANONYMIZED_TELEMETRY", "DO_NOT_TRACK", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"),
    "ORT_DISABLE_TELEMETRY",
})  # fmt: skip
SECRETS = ("PASSPHRASE", "PASSWORD")


def surroundings() -> dict[str, str]:
    """Return the environment of a process of ours: it imports what this one imports."""
    root = str(Path(__file__).parents[1])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    # Work runs side by side: threads of numerical libraries would only take memory.
    return {
        **{n: v for n, v in os.environ.items() if n in HANDED_ON or n.startswith("LC_")},
        "PYTHONPATH": path,
        "OPENBLAS_NUM_THREADS": "1",
    }


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a program that needs a machine's own settings, as pip does."""
    return {
        name: value
        for name, value in environment.items()
        if not any(secret in name for secret in SECRETS) or name.startswith("PIP_")
    }
