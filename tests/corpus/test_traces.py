# SPDX-License-Identifier: EUPL-1.2
"""Looking for byte strings in files: found wherever they stand, whatever their number."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import traces
from corpus.traces import Traces, count_files_that_hold


@pytest.mark.parametrize("place", [0, 1, 7, 8, 4_090, 4_096, 9_991])
def test_a_string_is_found_at_any_place(tmp_path: Path, place: int) -> None:
    path = tmp_path / "f.bin"
    path.write_bytes(b"\0" * place + b"quokka-7731" + b"\0" * (10_002 - place))
    assert Traces([b"nothing-like-it", b"quokka-7731"]).are_in(path)
    assert not Traces([b"quokka-7732"]).are_in(path)


def test_a_string_across_two_chunks_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "CHUNK_BYTES", 64)
    path = tmp_path / "f.bin"
    for place in range(50, 80):
        path.write_bytes(b"x" * place + b"quokka-7731" + b"x" * 90)
        assert Traces([b"quokka-7731"]).are_in(path)


def test_empty_short_and_absent_files_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "short").write_bytes(b"quok")
    for name in ("empty", "short", "absent"):
        assert not Traces([b"quokka-7731"]).are_in(tmp_path / name)
    assert not Traces([]).are_in(tmp_path / "short")
    with pytest.raises(ValueError, match="too short"):
        Traces([b"short"])


@settings(max_examples=40)
@given(st.binary(min_size=40, max_size=300), st.integers(0, 30), st.binary(min_size=8, max_size=9))
def test_it_says_what_find_says(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: int, other: bytes
) -> None:
    path = tmp_path_factory.mktemp("t") / "f"
    path.write_bytes(data)
    assert Traces([data[start : start + 9]]).are_in(path)
    assert Traces([other]).are_in(path) == (other in data)


TRIES_THE_LOCK = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(3)
"""


def test_looking_leaves_the_locks_that_this_process_holds(tmp_path: Path) -> None:
    path = tmp_path / "passages.db"
    path.write_bytes(b"... quokka-7731 ...")
    with path.open("r+b") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        assert count_files_that_hold([b"quokka-7731"], [path]) == 1
        tried = subprocess.run([sys.executable, "-c", TRIES_THE_LOCK, str(path)], check=False)
        assert tried.returncode == 3


def test_files_that_could_not_be_looked_at_are_not_said_to_be_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"nothing of it")
    assert count_files_that_hold([b"quokka-7731"], [tmp_path / "a"]) == 0
    monkeypatch.setattr(traces, "COMMAND", (sys.executable, "-c", "raise SystemExit(1)"))
    assert count_files_that_hold([b"quokka-7731"], [tmp_path / "a"]) == 1


SERVICE = """
import sys
from pathlib import Path
from corpus.traces import count_files_that_hold
count_files_that_hold([b"quokka-7731"], [Path(sys.argv[1])])
"""


def maps(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/maps").read_text("utf-8", "replace")
    except OSError:  # it is gone
        return ""


def test_words_that_are_erased_outlive_no_service_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "endless"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # it holds nothing, and is never looked through
    left, end = list[int](), time.monotonic() + 60
    with subprocess.Popen([sys.executable, "-c", SERVICE, str(path)]) as service:
        children = Path(f"/proc/{service.pid}/task/{service.pid}/children")
        while time.monotonic() < end and not any(str(path) in maps(pid) for pid in left):
            left = [*map(int, children.read_text("ascii").split())]
            time.sleep(0.05)
        service.kill()
    assert left
    while time.monotonic() < end and any(str(path) in maps(pid) for pid in left):
        time.sleep(0.05)
    still = [pid for pid in left if str(path) in maps(pid)]
    for pid in still:
        os.kill(pid, signal.SIGKILL)
    assert not still
