# SPDX-License-Identifier: EUPL-1.2
"""The real Chroma server, from the library's own command `chroma run`, on loopback."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import httpx2
import pytest

from tests.servers.process import Started, free_port


def program() -> str:
    """Return where the command is; skip the test where it is nowhere."""
    beside = Path(sys.executable).with_name("chroma")
    found = str(beside) if beside.is_file() else shutil.which("chroma")
    if found is None:
        pytest.skip("the command chroma is not installed here")
    return found


def chroma_server(folder: Path) -> Started:
    """A server of a folder, not started yet."""
    port = free_port()

    def ready() -> bool:
        address = f"http://127.0.0.1:{port}/api/v2/heartbeat"
        try:
            return httpx2.get(address, trust_env=False, timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False

    command = [program(), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    quiet = {"ANONYMIZED_TELEMETRY": "False", "DO_NOT_TRACK": "1"}
    log = folder.with_name(f"{folder.name}.log")
    return Started(command, port=port, log=log, ready=ready, environment=quiet)
