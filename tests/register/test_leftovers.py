# SPDX-License-Identifier: EUPL-1.2
"""What a change of the keys that was cut short leaves is overwritten by the next opening."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import pytest

from guardrails.errors import RegisterKeysInvalid
from guardrails.register import files, keyfiles
from guardrails.register.puncture import KeyForgotten
from tests.register.homes import Home, ask_in


class Died(BaseException):
    """The process is killed here."""


def die(*_: object, **__: object) -> None:
    raise Died


def ring(home: Home) -> Path:
    return next(home.keys.glob("register-*"))


@pytest.fixture
def asked(home: Home) -> Home:
    with home.open() as register:
        ask_in(register)
    return home


def cut_short(home: Home, monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Die while an erasure destroys a key."""
    register = home.open()
    with monkeypatch.context() as killed:
        killed.setattr(module, name, die)
        with pytest.raises(Died):
            register.erase_entries([1], why="request")
    register.close()


def test_former_seeds_are_overwritten_after_a_crash(
    asked: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = ring(asked) / "payloads.sealed"
    former, seen = seeds.read_bytes(), tmp_path / "disk"
    os.link(seeds, seen)  # the block of the disk where they stand
    cut_short(asked, monkeypatch, files, "wipe")
    assert seen.read_bytes() == former
    with asked.open() as register, pytest.raises(KeyForgotten):
        register.keyring.payload_key(1)
    assert seen.read_bytes() != former
    assert not list(ring(asked).glob(".*"))


def test_former_seeds_are_overwritten_by_the_next_erasure_too(
    asked: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, seen = (ring(asked) / "payloads.sealed").read_bytes(), tmp_path / "disk"
    os.link(ring(asked) / "payloads.sealed", seen)
    register = asked.open()
    with monkeypatch.context() as killed:
        killed.setattr(files, "wipe", die)
        with pytest.raises(Died):
            register.erase_entries([1], why="request")
    register.erase_entries([2], why="request")
    register.close()
    assert seen.read_bytes() != former


def test_the_seeds_in_use_are_never_overwritten(
    asked: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Died between the second name and the new file: both names are the seeds in use."""
    cut_short(asked, monkeypatch, os, "replace")
    left = sorted(path.name for path in ring(asked).glob(".payloads.sealed.*"))
    assert ".payloads.sealed.old" in left
    assert len(left) == 2
    with asked.open() as register:
        register.keyring.payload_key(2)
        with pytest.raises(KeyForgotten):
            register.keyring.payload_key(1)
    assert not list(ring(asked).glob(".*"))


def test_a_key_file_that_a_passphrase_was_to_replace_opens_nothing_after_a_crash(
    asked: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = asked.open()
    with monkeypatch.context() as killed:
        killed.setattr(keyfiles, "sweep", die)
        with pytest.raises(Died):
            register.protect("un deux trois quatre")
    register.close()
    assert list(ring(asked).glob("kek-*.key"))
    with pytest.raises(RegisterKeysInvalid):
        asked.open()
    asked.open(passphrase="un deux trois quatre").close()
    assert not list(ring(asked).glob("kek-*.key"))
    assert not list(ring(asked).glob(".*"))


def test_a_file_that_is_wiped_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "payloads.sealed"
    files.write_whole(path, b"former seeds")
    opened, replaced = Path.open, []

    def open_then_wait(self: Path, mode: str) -> IO[bytes]:
        file = opened(self, mode)
        if not replaced:  # another thread erases now
            replaced.append(True)
            files.write_whole(path, b"later seeds", wipe_old=True)
        return file

    monkeypatch.setattr(Path, "open", open_then_wait)
    assert files.read_whole(path) == b"later seeds"
