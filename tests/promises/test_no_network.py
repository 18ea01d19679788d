# SPDX-License-Identifier: EUPL-1.2
"""The real application answers with the network cut, and dials nobody when it is not.

Cut: in a network namespace that has nothing but loopback. Not cut: under an audit hook
(what Python dials) and, where there is one, under strace (what any library dials).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.promises.machine import LIMIT_SECONDS, PROGRAM, ROOT, Done, Machine

pytestmark = pytest.mark.real

QUESTION = "Quelle longueur fait l'impasse de la Loutre ?"
SOURCE = "deliberations/2024-09-25-05-denomination-rue-germaine-tallandier.odt"
HOOK = Path(__file__).with_name("hook")
BROWSER = Path(__file__).with_name("browser.py")
CUT = ("unshare", "--user", "--map-root-user", "--net")

OUTSIDE = re.compile(
    r"connect\(.*sa_family=AF_INET6?\b(?!.*(?:inet_addr\(\"127\.|\"::1\"))"
    r"|(?:sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET6?\b(?!.*(?:inet_addr\(\"127\.|\"::1\"))"
)


def test_a_call_to_the_outside_is_seen_in_a_trace() -> None:
    start = "7 connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("
    assert OUTSIDE.search(start + '"93.184.216.34")}, 16) = 0')
    assert not OUTSIDE.search(start + '"127.0.0.1")}, 16) = 0')
    assert not OUTSIDE.search('7 connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0')


def can(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, timeout=300).returncode == 0


def shell(*command: str) -> list[str]:
    """Return what runs a command in a namespace of its own, loopback up."""
    return [*CUT, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *command]


@pytest.fixture(scope="module")
def cut() -> None:
    if not can(*shell("true")):
        pytest.skip("this system lets us make no network namespace (unshare, ip)")


def test_a_command_answers_with_the_network_cut(machine: Machine, added: Done, cut: None) -> None:
    outcome = machine("ask", QUESTION, "--json", before=shell()).json
    assert outcome["status"] == "answer"
    assert outcome["citations"][0]["file"] == SOURCE


def test_the_page_answers_with_the_network_cut(machine: Machine, added: Done, cut: None) -> None:
    """The real `serve`, and a browser's requests, in one namespace without routes."""
    machine.forget_accounts()
    done = subprocess.run(
        shell(sys.executable, str(BROWSER), QUESTION, *PROGRAM, "serve"),
        cwd=ROOT,
        env={**machine.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    page = json.loads(done.stdout.splitlines()[-1])
    kept = [d["collection"] for d in machine("corpus", "list", "--json").json]
    assert page["ready"] == {"status": "ready", "documents": kept.count("public")}
    assert page["elsewhere"] == []
    assert 'data-phase="answered"' in page["last"]
    assert "60 mètres" in page["last"]


def test_the_hook_sees_who_dials(tmp_path: Path) -> None:
    log = tmp_path / "dialled"
    program = (
        "import socket\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.connect(('127.0.0.1', 9))\n"
        "try:\n    s.connect(('192.0.2.1', 9))\nexcept PermissionError:\n    pass\n"
        "try:\n    socket.getaddrinfo('nowhere.invalid', 80)\nexcept PermissionError:\n    pass\n"
    )
    subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(HOOK), "DIALLED": str(log)},
        check=True,
        timeout=300,
    )
    assert log.read_text("utf-8").split() == ["192.0.2.1", "nowhere.invalid"]


def test_a_question_dials_nobody_and_leaves_the_home_empty(
    machine: Machine, added: Done, tmp_path: Path
) -> None:
    log, trace = tmp_path / "dialled", tmp_path / "trace"
    tracer = [
        "strace",
        "-f",
        "-qq",
        "-o",
        str(trace),
        "-e",
        "trace=connect,sendto,sendmsg,sendmmsg",
    ]
    if not can("strace", "-o", "/dev/null", "true"):
        tracer = []
    hooked = {"PYTHONPATH": str(HOOK), "DIALLED": str(log)}
    assert machine("ask", QUESTION, "--json", before=tracer, **hooked).json["status"] == "answer"
    assert not log.exists()
    if tracer:
        assert trace.exists()
        lines = trace.read_text("utf-8", "replace").splitlines()
        assert [line for line in lines if OUTSIDE.search(line)] == []
    assert [path for path in machine.home.rglob("*") if path.is_file()] == []
