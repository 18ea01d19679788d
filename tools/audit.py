# SPDX-License-Identifier: EUPL-1.2
"""Known flaws of the locked libraries, by pip-audit; the only tool here that asks the network.

    python -m tools.audit       code 0: none known; 1: some, each named; 2: not audited

Where no advisory database can be reached nothing was audited, and nothing says otherwise.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
UNREACHED = re.compile(
    r"ConnectionError|ServiceError|ConnectTimeout|MaxRetryError|HTTPError|Name or service|"
    r"Could not (?:fetch|connect)|Failed to (?:query|connect)|JSONDecodeError",
    re.IGNORECASE,
)
NOT_AUDITED = "not audited: no advisory database can be reached from this machine"


def verdict(code: int, said: str) -> tuple[int, str]:
    """Return what an audit comes to: its code and what to say.

    >>> verdict(0, "No known vulnerabilities found")
    (0, 'No known vulnerabilities found')
    >>> verdict(1, "requests.exceptions.ConnectionError: …")[0]
    2
    """
    found = re.search(r"Found \d+ known vulnerabilit", said)
    if code and not found:
        reason = "" if UNREACHED.search(said) else f" ({said.strip().splitlines()[-1][:200]})"
        return 2, NOT_AUDITED + reason
    return (1 if code else 0), said.strip()


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--no-deps"]
    command += ["--progress-spinner", "off", "--requirement", str(LOCK)]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=600, check=False
        )
    except subprocess.TimeoutExpired:
        code, said = 2, NOT_AUDITED
    else:
        code, said = verdict(done.returncode, done.stdout + done.stderr)
    sys.stdout.write(f"{said}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
