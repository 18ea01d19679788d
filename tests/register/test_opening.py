# SPDX-License-Identifier: EUPL-1.2
"""Opening: keys that do not fit, copies that are too old, versions too new, two services."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from guardrails.errors import (
    RegisterBusy,
    RegisterKeysInvalid,
    RegisterTampered,
    RegisterTooNew,
    RegisterUnavailable,
)
from guardrails.register import AuditRecord, Kind, Selection, open_register
from guardrails.register.bundles import write_bundle
from guardrails.register.inspection import verify_file
from guardrails.register.notes import NoteMalformed, read_note
from guardrails.register.proving import verify_bundle
from guardrails.register.verdicts import Trouble
from tests.register.homes import Home, ask_in


def keys_of(home: Home) -> Path:
    return next(home.keys.glob("register-*"))


def test_a_register_goes_on_where_it_was_left(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        size, origin = register.size(), register.origin
    with home.open() as register:
        assert (register.size(), register.origin) == (size, origin)
        ask_in(register)
        assert register.verify().holds


def test_keys_stand_apart_sealed_and_closed_to_others(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        private = register.signing_key().private_bytes_raw()
        secret = register.keyring.payload_key(1)
    data = b"".join(path.read_bytes() for path in home.data.rglob("*") if path.is_file())
    keys = list(keys_of(home).iterdir())
    for key in (private, secret):
        assert key not in data
        assert not any(key in path.read_bytes() for path in keys)
    for path in keys:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    assert stat.S_IMODE(keys_of(home).stat().st_mode) == 0o700


def test_a_passphrase_locks_the_keys_and_can_be_changed(home: Home) -> None:
    with home.open(passphrase="un deux trois") as register:
        ask_in(register)
        assert not list(keys_of(home).glob("kek-*"))
        register.keyring.protect("quatre cinq six")
    for wrong in ("un deux trois", None):
        with pytest.raises(RegisterKeysInvalid, match="passphrase"):
            home.open(passphrase=wrong)
    with home.open(passphrase="quatre cinq six") as register:
        assert len(list(register.entries())) == 4
        register.keyring.protect(None)
    with home.open() as register:
        register.keyring.protect(None)
        assert len(list(keys_of(home).glob("kek-*"))) == 1
    home.open().close()


@pytest.mark.parametrize("name", ["signing.sealed", "payloads.sealed", "lock.json", "kek-*.key"])
def test_damaged_or_missing_keys_are_a_clear_error(home: Home, name: str) -> None:
    with home.open() as register:
        ask_in(register)
    [path] = keys_of(home).glob(name)
    content = path.read_bytes()
    path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
    with pytest.raises(RegisterKeysInvalid):
        home.open()
    path.unlink()
    with pytest.raises(RegisterKeysInvalid):
        home.open()
    path.write_bytes(content)
    path.chmod(0o600)
    with home.open() as register:
        assert register.verify().holds


def test_keys_of_another_register_do_not_open_this_one(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    other.open().close()
    home.open().close()
    shutil.rmtree(home.keys)
    shutil.copytree(other.keys, home.keys)
    with pytest.raises(RegisterKeysInvalid, match="not in their folder"):
        home.open()


def test_two_services_are_refused_and_a_passing_program_is_not(home: Home) -> None:
    with home.open(service=True) as service:
        with pytest.raises(RegisterBusy):
            home.open(service=True)
        with home.open() as passing:
            ask_in(passing)
        ask_in(service)
        assert service.verify().holds
    home.open(service=True).close()


def test_a_newer_version_is_refused_by_register_and_verifier(home: Home) -> None:
    home.open().close()
    with closing(sqlite3.connect(home.file)) as connection:
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(RegisterTooNew, match="version 2"):
        home.open()
    verdict = verify_file(home.file)
    assert (verdict.trouble, verdict.exit_code) == (Trouble.TOO_NEW, 3)


def test_an_older_copy_is_refused_until_somebody_answers_for_it(home: Home, tmp_path: Path) -> None:
    with home.open() as register:
        ask_in(register)
    shutil.copytree(home.data, tmp_path / "backup")
    with home.open() as register:
        lost = ask_in(register)
        kept = register.checkpoint()
        last_key = register.row(register.size() - 1)[0].key
    shutil.rmtree(home.data)
    shutil.copytree(tmp_path / "backup", home.data)
    with pytest.raises(RegisterTampered, match=r"\(4 entries\).*checkpoint of 7"):
        home.open()
    with home.open(restored=True) as register:
        assert not register.exchange(lost)
        incident = next(e for e in register.entries() if e.kind is Kind.INCIDENT)
        assert (incident.public["why"], incident.public["size"]) == ("restored", 7)
        assert register.row(incident.index)[0].key > last_key  # no key serves two histories
        verdict = register.verify()
        assert [r.name for r in verdict.remarks] == ["restored"]
    home.open().close()
    assert verify_file(home.file, notes=[kept]).trouble is Trouble.FORKED


def test_a_register_that_vanished_is_told_in_the_next_one(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        origin = register.origin
    shutil.rmtree(home.data)
    with home.open() as register:
        assert register.origin != origin
        incident = next(e for e in register.entries() if e.kind is Kind.INCIDENT)
    assert incident.public == {"why": "register_missing", "origin": origin, "size": 4}


def test_a_foreign_row_is_noticed_before_anything_is_written_on_top(home: Home) -> None:
    register = home.open()
    ask_in(register)
    with closing(sqlite3.connect(home.file)) as connection, connection:
        connection.execute(
            'INSERT INTO entries SELECT "index" + 1, at, kind, exchange, public, "key" + 1, '
            'digest, tree FROM entries WHERE "index" = 3'
        )
    for attempt in (lambda: ask_in(register), register.close):
        with pytest.raises(RegisterTampered, match="signed last"):
            attempt()


def test_a_link_in_place_of_the_register_is_refused(home: Home, tmp_path: Path) -> None:
    home.open().close()
    shutil.move(home.file, tmp_path / "elsewhere")
    home.file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RegisterUnavailable, match="link"):
        home.open()


def test_a_file_that_is_no_register_is_refused(home: Home) -> None:
    home.data.mkdir(parents=True)
    home.file.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with pytest.raises(RegisterTampered, match="damaged"):
        home.open()
    assert verify_file(home.file).trouble is Trouble.NOT_A_REGISTER
    home.file.unlink()
    with closing(sqlite3.connect(home.file)) as connection:
        connection.execute("CREATE TABLE t (a)")
    assert verify_file(home.file).trouble is Trouble.NOT_A_REGISTER


def test_a_checkpoint_of_another_register_is_named(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    other.open().close()
    home.open().close()
    verdict = verify_file(home.file, notes=[other.latest])
    assert verdict.trouble is Trouble.OTHER_REGISTER
    assert read_note(other.latest).checkpoint.origin in verdict.sentence("fr")
    with pytest.raises(NoteMalformed):
        verify_file(home.file, notes=["not a checkpoint"])
    with pytest.raises(NoteMalformed):
        verify_file(home.file, keys=["not a key"])


def test_keys_rotate_and_old_checkpoints_stay_verifiable(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        old_note, old_key = register.checkpoint(), str(register.key_chain()[0])
        new_note = register.rotate_signing_key(by="admin")
        ask_in(register)
        keys = [str(key) for key in register.key_chain()]
    assert keys[0] == old_key
    assert len(set(keys)) == 2
    assert verify_file(home.file, notes=[old_note, new_note], keys=[old_key]).holds
    assert verify_file(home.file, keys=[keys[1]]).holds
    other_key = old_key.replace(old_key[-6:], "AAAAAA")
    with pytest.raises(NoteMalformed):
        verify_file(home.file, keys=[other_key])


def test_a_tail_cut_past_a_new_key_is_told_with_that_key(home: Home, tmp_path: Path) -> None:
    with home.open() as register:
        ask_in(register)
    shutil.copytree(home.data, tmp_path / "backup")
    with home.open() as register:
        first, kept = str(register.key_chain()[0]), register.rotate_signing_key()
        second = str(register.key_chain()[1])
    older = tmp_path / "backup" / "register.sqlite3"
    assert verify_file(older, notes=[kept]).trouble is Trouble.CHECKPOINT_FORGED
    assert verify_file(older, notes=[kept], keys=[first, second]).trouble is Trouble.TAIL_CUT


def test_a_register_without_a_key_that_was_kept_does_not_hold(home: Home, tmp_path: Path) -> None:
    """`greffier register key` names each key: who kept all of them is not told that a copy holds
    that ends before the newest, nor what a thief of the key before wrote."""
    with home.open() as register:
        ask_in(register)
    shutil.copytree(home.data, tmp_path / "backup")
    with home.open() as register:
        register.rotate_signing_key()
        keys = [str(key) for key in register.key_chain()]
    older = tmp_path / "backup" / "register.sqlite3"
    assert verify_file(home.file, keys=keys).holds
    assert verify_file(older, keys=keys[:1]).holds
    assert verify_file(older, keys=keys).trouble is Trouble.OTHER_KEY


def test_a_key_of_another_register_is_not_this_one(home: Home, tmp_path: Path) -> None:
    with Home(tmp_path / "other").open() as other:
        foreign = str(other.key_chain()[0])
    home.open().close()
    assert verify_file(home.file, keys=[foreign]).trouble is Trouble.OTHER_KEY


def test_another_process_takes_up_a_rotated_key(home: Home) -> None:
    with home.open() as first, home.open() as second:
        first.rotate_signing_key()
        ask_in(second)
        assert second.verify(notes=[second.checkpoint()]).holds


def test_a_rotation_that_was_cut_short_harms_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.open() as register:
        with monkeypatch.context() as crash:
            crash.setattr("guardrails.register.register.handover", _interrupt)
            with pytest.raises(KeyboardInterrupt):
                register.rotate_signing_key()
        ask_in(register)
    with home.open() as register:
        ask_in(register)
        register.rotate_signing_key()
        assert register.verify().holds


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_clock_set_back_is_told_and_small_steps_are_not(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        home.clock.moment -= timedelta(seconds=2)
        ask_in(register)
        assert not register.verify().remarks
        home.clock.moment -= timedelta(hours=3)
        ask_in(register)
        [incident] = [e.public for e in register.entries() if e.kind is Kind.INCIDENT]
        assert incident["why"] == "clock_set_back"
        assert incident["seconds"] == pytest.approx(10_800, abs=10)
        assert [r.name for r in register.verify().remarks] == ["clock"]


def test_many_openings_at_once_found_one_register(home: Home) -> None:
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                with open_register(home.data, home.keys) as register:
                    ask_in(register)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 6
    assert len(list(home.keys.iterdir())) == 1
    verdict = verify_file(home.file)
    assert (verdict.holds, verdict.size) == (True, 1 + 6 * 3)


@pytest.mark.parametrize("name", ["t", "sqliteXpurge"])
def test_a_register_with_a_trigger_of_somebody_else_is_not_opened(home: Home, name: str) -> None:
    """It would act on every entry that is written: this one removes all payloads."""
    home.open().close()
    trigger = "AFTER INSERT ON entries BEGIN DELETE FROM payloads; END"
    with closing(sqlite3.connect(home.file)) as connection, connection:
        connection.execute(f"CREATE TRIGGER {name} {trigger}")
    with pytest.raises(RegisterTampered, match=name):
        home.open()
    with closing(sqlite3.connect(home.file)) as connection:
        [(payloads,)] = connection.execute("SELECT count(*) FROM payloads")
    assert payloads == 1


def test_a_file_that_holds_something_already_does_not_become_a_register(home: Home) -> None:
    home.data.mkdir()
    with closing(sqlite3.connect(home.file)) as connection, connection:
        connection.execute("CREATE TABLE others (one)")
    with pytest.raises(RegisterTampered, match="others"):
        home.open()


@pytest.mark.parametrize("writer", ["../../elsewhere", "../service", "", "AB" * 8])
def test_a_writer_that_no_program_is_called_names_no_file(home: Home, writer: str) -> None:
    with home.open() as register:
        for name in ("elsewhere.lock", "data/service.lock", f"data/writers/{'AB' * 8}.lock"):
            (home.path / name).touch()  # what it would take for the lock of a writer, and remove
        register.append(AuditRecord(kind=Kind.INTENT, exchange="question"))
        with closing(sqlite3.connect(home.file)) as connection, connection:
            connection.execute("UPDATE open_exchanges SET writer = ?", (writer,))
        before = sorted(home.path.rglob("*"))
        assert register.close_dead_exchanges() == 1
        assert sorted(home.path.rglob("*")) == before
        assert register.verify().holds


ORIGIN = "registre.mairie.example/greffier"


def test_a_register_is_founded_under_the_name_that_the_town_gives_it(home: Home) -> None:
    with home.open(origin=ORIGIN) as register:
        ask_in(register)
        key = register.rotate_signing_key() and register.key_chain()[-1]
        assert (register.origin, key.name) == (ORIGIN, ORIGIN)
        path = home.path / "lot.zip"
        write_bundle(register, Selection(), path)
    note = read_note(home.latest)
    assert (note.checkpoint.origin, note.signatures[0][0]) == (ORIGIN, ORIGIN)
    assert verify_file(home.file, notes=[home.latest], keys=[str(key)]).origin == ORIGIN
    assert verify_bundle(path, keys=[str(key)]).exit_code == 0


def test_an_unattended_start_gives_the_name_that_it_always_gave(home: Home) -> None:
    with home.open() as register:
        assert re.fullmatch(r"greffier/[0-9a-f]{16}", register.origin)
        [key] = register.key_chain()
    named = key.name.encode() + b"\n\x01" + key.public  # signed-note: name, line feed, type, key
    assert str(key).split("+")[:2] == [register.origin, hashlib.sha256(named).hexdigest()[:8]]


def test_a_register_keeps_its_name_whatever_is_set_later(home: Home, tmp_path: Path) -> None:
    with home.open() as register:
        made_up = register.origin
    with home.open(origin=ORIGIN) as register:
        assert register.origin == made_up
    named = Home(tmp_path / "named")
    named.open(origin=ORIGIN).close()
    for later in ("", "autre.mairie.example"):
        with named.open(origin=later) as register:
            assert register.origin == ORIGIN


@pytest.mark.parametrize(
    "origin",
    ["https://mairie.example/greffier", "mairie.example/le greffier", "mairie.example/a+b",
     "mairie", "Mairie.example", "mairie.example/", "mairie.example//a", "mairie.example?a=1",
     "mairie.example\u00a0/a", "mairie.example/a\n7", "m\u0430irie.example", "a.b/" + "c" * 260],
)  # fmt: skip
def test_a_name_that_the_standard_does_not_allow_is_refused(home: Home, origin: str) -> None:
    with pytest.raises(RegisterKeysInvalid, match="is no origin"):
        home.open(origin=origin)
    assert not list(home.keys.glob("register-*"))


def test_a_name_is_given_once(home: Home) -> None:
    """Whoever kept checkpoints of the first would see two histories under one name."""
    home.open(origin=ORIGIN).close()
    shutil.rmtree(home.data)
    with pytest.raises(RegisterKeysInvalid, match="choose another origin"):
        home.open(origin=ORIGIN)
    with home.open(origin=f"{ORIGIN}-2") as register:
        incidents = [e.public for e in register.entries() if e.kind is Kind.INCIDENT]
    assert incidents == [{"why": "register_missing", "origin": ORIGIN, "size": 1}]


def test_the_keys_of_a_founding_that_was_cut_short_are_taken_up_again(home: Home) -> None:
    home.open(origin=ORIGIN).close()
    shutil.rmtree(home.data)
    (keys_of(home) / "anchor.txt").unlink()
    home.open(origin=ORIGIN).close()
    assert len(list(home.keys.glob("register-*"))) == 1
