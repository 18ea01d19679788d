# SPDX-License-Identifier: EUPL-1.2
"""Runs what failed in the last run of the tests again, alone: is it wrong, or was it a race?

    python -m tools.alone            part of `make test`; code 1 for what fails alone as well

Thousands of tests beside each other start services, kill processes and share two cores. One that
fails there and passes alone is a race, in the test or in the product, and is printed as one, to be
found; it does not hide what the other tests say. More than MOST are no accident.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")
MOST = 3


def failed(kept: Path = FAILED) -> list[str]:
    """Return the tests that failed, as pytest keeps them; none where it kept nothing."""
    return sorted(json.loads(kept.read_text("utf-8"))) if kept.exists() else []


def main() -> int:
    tests = failed()
    if not 0 < len(tests) <= MOST:
        return 1
    sys.stdout.write(f"Failed beside others, now alone: {', '.join(tests)}\n")
    sys.stdout.flush()
    alone = subprocess.run([sys.executable, "-m", "pytest", "-q", *tests], check=False)
    if alone.returncode == 0:
        sys.stdout.write(f"A race, to be found, as they passed alone: {', '.join(tests)}\n")
    return alone.returncode


if __name__ == "__main__":
    sys.exit(main())
