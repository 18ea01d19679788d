# SPDX-License-Identifier: EUPL-1.2
"""What `doctor` sees of a machine that serves."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from assistant import doctor
from assistant.checkup import CLOCK_SECONDS, certificate, clock, exposure, model_process, origin
from assistant.commands.session import Session
from assistant.exposure import exposed
from assistant.settings import Settings
from assistant.texts import Texts
from guardrails.register import open_register
from tests.deploy.test_proxies import certificate as made_certificate
from tests.model_child import COMMAND
from ui.commands import _tell_of_origin
from ui.senior import voice

FR = Texts("fr")
ROOT = Path(__file__).parents[2]
LISTENS = """
import socket, sys, time
listening = socket.socket(socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET)
listening.bind((sys.argv[2], 0))
listening.listen()
print(listening.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(("after", "state"), [(0, "ok"), (CLOCK_SECONDS, "ok"), (3600, "bad")])
def test_a_clock_that_was_set_back_is_seen(tmp_path: Path, after: float, state: str) -> None:
    now = time.time()
    (tmp_path / "register").mkdir()
    written = tmp_path / "register" / "register.db"
    written.touch()
    os.utime(written, (now, now + after - 1))
    assert clock(tmp_path, FR, now).state == state


def test_a_robot_s_voice_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def examined(**senior: object) -> list[tuple[str, str]]:
        settings = Settings.model_validate({"senior": senior})
        found = doctor.examine(tmp_path / "data", tmp_path / "keys", settings, FR)
        return [(one.state, one.detail) for one in found if one.name == FR("doctor", "voice")]

    monkeypatch.setattr(doctor, "machine", lambda *_: ())
    monkeypatch.setattr(doctor, "engines", lambda *_: ())
    monkeypatch.setattr(doctor, "ROBOT", "no-such-program")
    ((state, detail),) = examined()
    assert state == "weak" and "apt install espeak-ng" in detail
    assert examined(open=False) == []
    monkeypatch.setattr(doctor, "ROBOT", "sh")
    assert [state for state, _ in examined()] == ["ok"]


def test_the_doctor_and_the_packages_name_the_voice_that_the_page_runs() -> None:
    assert voice.PROGRAM == doctor.ROBOT
    for packages in ("scripts/install-system-packages.sh", "assistant/bundle/system-packages.txt"):
        assert doctor.ROBOT in (ROOT / packages).read_text("utf-8").split()


def test_a_folder_that_is_not_there_says_nothing_of_the_clock(tmp_path: Path) -> None:
    assert clock(tmp_path / "none", FR, time.time()).state == "ok"


def test_a_name_that_the_register_does_not_have_is_said(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    assert [*origin(tmp_path, "ville.example/b", FR)] == []
    with open_register(tmp_path / "register", tmp_path / "keys", origin="ville.example/a"):
        pass
    (same,) = origin(tmp_path, "ville.example/a", FR)
    (other,) = origin(tmp_path, "ville.example/b", FR)
    assert (same.state, same.detail) == ("ok", "ville.example/a")
    assert other.state == "weak"
    assert "ville.example/a" in other.detail and "ville.example/b" in other.detail


def test_serve_says_it_in_one_line() -> None:
    told: list[str] = []
    settings = Settings.model_validate({"register": {"origin": "ville.example/b"}})
    session = cast(Session, SimpleNamespace(settings=settings, texts=FR, tell=told.append))
    _tell_of_origin(session, "ville.example/b")
    assert told == []
    _tell_of_origin(session, "ville.example/a")
    (line,) = told
    assert "ville.example/a" in line and "ville.example/b" in line and "\n" not in line


def test_a_model_process_that_starts_is_fine() -> None:
    assert model_process(FR, COMMAND).state == "ok"


@pytest.mark.parametrize(
    ("program", "told"),
    [("import os; os.kill(os.getpid(), 4)", "(code -4)"), ("raise SystemExit(3)", "(code 3)")],
)
def test_a_model_process_that_ends_at_once_is_seen(program: str, told: str) -> None:
    found = model_process(FR, [sys.executable, "-c", program])
    assert (found.state, told in found.detail) == ("bad", True)
    assert model_process(FR, ["/nowhere/python"]).state == "bad"


@pytest.mark.parametrize(("days", "state"), [(90, "ok"), (20, "weak"), (0, "bad"), (-3, "bad")])
def test_a_certificate_is_watched(tmp_path: Path, days: int, state: str) -> None:
    path = made_certificate(tmp_path, days)
    found = certificate(path, FR, datetime.now(UTC) + timedelta(seconds=1))
    assert found.state == state


def test_what_is_no_certificate_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    for path in (tmp_path / "none.pem", tmp_path / "empty.pem"):
        assert certificate(path, FR, datetime.now(UTC)).state == "bad"


@contextmanager
def listening(program: Path, host: str, command: str) -> Iterator[int]:
    """Run a program that waits for connections; yield its port."""
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(LISTENS, "utf-8")
    words = [sys.executable, str(program), command, host]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("host", "program", "command", "is_seen"),
    [
        ("0.0.0.0", "bin/greffier", "serve", True),
        ("::", "bin/greffier", "serve", True),
        ("127.0.0.1", "bin/greffier", "serve", False),
        ("0.0.0.0", "bin/another", "serve", False),
        ("0.0.0.0", "greffier/bin/another", "serve", False),  # where it lies says nothing
        ("0.0.0.0", "bin/greffier", "ask", False),
    ],
)
def test_a_service_that_others_reach_is_seen(
    tmp_path: Path, host: str, program: str, command: str, is_seen: bool
) -> None:
    with listening(tmp_path / program, host, command) as port:
        assert (f"{host}:{port}" in exposed()) is is_seen


def test_a_kernel_that_shows_nothing_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "12").mkdir()
    assert exposed(tmp_path) == []


def test_plain_http_to_others_is_bad_and_weak_beside_a_proxy() -> None:
    behind = Settings.model_validate({"access": {"proxy": {"addresses": ["127.0.0.1"]}}})
    told = {
        name: [one.state for one in exposure(settings, FR, places)]
        for name, settings, places in (
            ("none", Settings(), []),
            ("plain", Settings(), ["0.0.0.0:7860"]),
            ("proxy", behind, ["0.0.0.0:7860"]),
        )
    }
    assert told == {"none": ["ok"], "plain": ["bad"], "proxy": ["weak"]}
