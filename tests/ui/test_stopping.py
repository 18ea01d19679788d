# SPDX-License-Identifier: EUPL-1.2
"""A service that is told to stop closes what it has open, whoever tells it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVES = """
from fastapi import FastAPI
from ui.serve import listen, serve_on
told = lambda url: print(url, flush=True)
serve_on(listen("127.0.0.1", 0), FastAPI(), "127.0.0.1", on_ready=told)
print("closed", flush=True)
"""


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_what_comes_after_the_service_is_done(told: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVES], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    ) as service:
        assert service.stdout is not None
        assert service.stdout.readline().startswith("http://127.0.0.1:")
        service.send_signal(told)
        said, _ = service.communicate(timeout=60)
    assert (service.returncode, said) == (0, "closed\n")
