# SPDX-License-Identifier: EUPL-1.2
"""The whole service with a sniffer on the only way out: nobody tries to leave.

Another promise than `test_no_network.py`, which cuts the network: here there seems to be one, so
that whatever dials only when it can would dial.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.promises.machine import LIMIT_SECONDS, PROGRAM, ROOT, Done, Machine
from tests.promises.test_no_network import BROWSER, CUT, QUESTION, SOURCE, can

pytestmark = pytest.mark.real

SNIFFED = Path(__file__).with_name("sniffed.py")


def sniffed(*command: str, **environment: str) -> Any:
    """Run a command there; return what it printed and what left."""
    whole = [*CUT, sys.executable, str(SNIFFED), *command]
    done = subprocess.run(
        whole, cwd=ROOT, env=environment or None, capture_output=True, encoding="utf-8",
        timeout=LIMIT_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def cable() -> None:
    if not can(*CUT, sys.executable, str(SNIFFED), "true"):
        pytest.skip("no cable can be made here (unshare, ip, packet sockets)")


def test_one_packet_that_leaves_is_seen(cable: None) -> None:
    """What the test below stands on."""
    sends = (
        "import socket\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.sendto(b'x', ('198.51.100.7', 53))\n"
        "s.sendto(b'x', ('127.0.0.1', 53))\n"
    )
    told = sniffed(sys.executable, "-c", sends)
    assert told["code"] == 0
    assert told["left"] == ["198.51.100.7:53 (protocol 17)"]


def test_no_packet_leaves_while_the_service_starts_answers_and_stops(
    machine: Machine, added: Done, cable: None
) -> None:
    machine.forget_accounts()
    environment = {**machine.environment, "PYTHONPATH": str(ROOT)}
    told = sniffed(sys.executable, str(BROWSER), QUESTION, *PROGRAM, "serve", **environment)
    assert told["code"] == 0
    page = json.loads(told["out"].splitlines()[-1])
    assert 'data-phase="answered"' in page["last"]
    assert told["left"] == []


def test_no_packet_leaves_while_documents_are_read(
    machine: Machine, cable: None, tmp_path: Path
) -> None:
    environment = {**machine.environment, "PYTHONPATH": str(ROOT)}
    elsewhere = {"GREFFIER_DATA": str(tmp_path / "data"), "GREFFIER_KEYS": str(tmp_path / "keys")}
    paper = str(machine.town / SOURCE)
    told = sniffed(*PROGRAM, "corpus", "add", paper, "--json", **{**environment, **elsewhere})
    assert (told["code"], json.loads(told["out"])["added"]) == (0, 1)
    assert told["left"] == []
