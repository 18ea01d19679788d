# SPDX-License-Identifier: EUPL-1.2
"""Killed at any instant, out of disk, on a disk that cannot be written: nothing shown is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from guardrails.errors import RegisterError, RegisterUnavailable
from guardrails.register import AuditRecord, Kind
from guardrails.register.inspection import verify_file
from guardrails.register.keys import Keyring
from guardrails.register.queries import Writing
from tests.register.homes import Home, ask_in

ROOT = Path(__file__).parents[2]
NOTE = AuditRecord(kind=Kind.FEEDBACK, payload={"a": 1})


def kill_writers(home: Home, kills: int, seed: int) -> dict[str, int]:
    """Run the eight writers, then check all that they showed; return the figures."""
    command = [
        sys.executable,
        "-m",
        "tests.register.writers",
        str(home.path),
        str(kills),
        str(seed),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=True
    )
    figures: dict[str, int] = json.loads(done.stdout)
    assert figures["failed"] == 0, done.stderr

    shown = [line.split() for file in home.path.glob("shown-*.txt")
             for line in file.read_text("utf-8").splitlines()]  # fmt: skip
    with home.open() as register:
        entries = list(register.entries())
        assert register.verify().holds
    assert [entry.index for entry in entries] == list(range(len(entries)))
    leaves = {entry.index: entry.leaf.hex() for entry in entries}
    assert all(leaves[int(index)] == leaf for index, leaf, _ in shown)
    assert len({index for index, _, _ in shown}) == len(shown)

    intents = {e.exchange for e in entries if e.kind is Kind.INTENT}
    ends = [e.exchange for e in entries if e.kind in (Kind.OUTCOME, Kind.INCIDENT) and e.exchange]
    assert sorted(intents) == sorted(ends)
    interrupted = sum(e.kind is Kind.INCIDENT and bool(e.exchange) for e in entries)
    assert not list((home.data / "writers").iterdir())
    return {**figures, "entries": len(entries), "shown": len(shown), "interrupted": interrupted}


def test_twenty_kills_lose_nothing_that_was_shown(home: Home) -> None:
    figures = kill_writers(home, kills=20, seed=1)
    assert figures["shown"] > 5 * 20
    assert figures["interrupted"] > 0


@pytest.mark.long
def test_two_hundred_kills_lose_nothing_that_was_shown(home: Home) -> None:
    figures = kill_writers(home, kills=200, seed=2)
    print(json.dumps(figures))
    assert figures["shown"] > 5 * 200
    assert figures["interrupted"] > 0


def test_a_question_whose_process_died_is_told_by_whoever_opens_next(home: Home) -> None:
    child = os.fork()
    if child == 0:
        register = home.open()
        register.append(AuditRecord(kind=Kind.INTENT, exchange="lost", payload={"question": "?"}))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    verdict = verify_file(home.file)
    assert verdict.holds
    assert [(r.name, r.n) for r in verdict.remarks] == [("open", 1)]
    with home.open() as register:
        intent, incident = register.exchange("lost")
    assert incident.kind is Kind.INCIDENT
    assert incident.public == {"why": "process_died", "closes": intent.index}
    assert not verify_file(home.file).remarks


def test_a_question_that_is_being_answered_elsewhere_is_left_alone(home: Home) -> None:
    with home.open() as busy:
        busy.append(AuditRecord(kind=Kind.INTENT, exchange="going-on"))
        with home.open() as other:
            assert [e.kind for e in other.exchange("going-on")] == [Kind.INTENT]
        busy.append(AuditRecord(kind=Kind.OUTCOME, exchange="going-on"))
    with home.open() as register:
        assert [e.kind for e in register.exchange("going-on")] == [Kind.INTENT, Kind.OUTCOME]


def test_closing_tells_of_questions_left_without_outcome(home: Home) -> None:
    with home.open() as register:
        register.append(AuditRecord(kind=Kind.INTENT, exchange="left"))
    with home.open() as register:
        assert register.exchange("left")[-1].public["why"] == "closed_without_outcome"


def test_an_error_inside_the_transaction_leaves_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.open() as register:
        size = register.size()
        with monkeypatch.context() as broken:
            broken.setattr(Writing, "set_head", lambda *_: (_ for _ in ()).throw(MemoryError()))
            with pytest.raises(MemoryError):
                register.append(NOTE)
        assert register.size() == size
        register.append(NOTE)
        assert register.verify().holds


def test_a_crash_between_payload_and_key_is_finished_at_the_next_opening(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.open() as register:
        ask_in(register)
        with monkeypatch.context() as crash:
            crash.setattr(Keyring, "forget", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
            with pytest.raises(KeyboardInterrupt):
                register.erase_entries([1], why="request")
        register.keyring.payload_key(1)  # still there: the crash came first
    with home.open() as register:
        with pytest.raises(LookupError):
            register.keyring.payload_key(1)
        assert register.verify().holds


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes that really is one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a tmpfs is not allowed here (it needs root)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_refuses_and_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.data.symlink_to(small_disk)
    register = home.open()
    big = AuditRecord(kind=Kind.FEEDBACK, payload={"t": "x" * 50_000})
    written = 0
    with pytest.raises(RegisterUnavailable, match="full"):
        for _ in range(200):
            written = register.append(big).index + 1
    assert written > 5
    with pytest.raises(RegisterUnavailable):
        for _ in range(100):
            written = register.append(NOTE).index + 1
    verdict = verify_file(small_disk / "register.sqlite3")
    assert verdict.holds, verdict.sentence("en")
    assert verdict.size == written
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    assert register.append(big).index >= written  # room again: it goes on
    register.close()
    assert verify_file(small_disk / "register.sqlite3", notes=[home.latest]).holds


def test_a_read_only_disk_refuses_and_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.data.symlink_to(small_disk)
    with home.open() as register:
        ask_in(register)
        size = register.size()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(RegisterError):
        home.open().append(NOTE)
    verdict = verify_file(small_disk / "register.sqlite3", notes=[home.latest])
    assert verdict.holds, verdict.sentence("en")
    assert verdict.size == size
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    with home.open() as register:
        ask_in(register)
        assert register.verify().holds


def test_keys_that_cannot_be_written_refuse(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    with home.open() as register:
        size = register.size()
        monkeypatch.setattr("guardrails.register.keyfiles.write_whole", refuse)
        with pytest.raises(RegisterUnavailable, match="Read-only"):
            register.rotate_signing_key()
        with pytest.raises(RegisterUnavailable, match="Read-only"):
            register.checkpoint()
        monkeypatch.undo()
        assert register.size() == size
        assert register.verify().holds
