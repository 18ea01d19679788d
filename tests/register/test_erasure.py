# SPDX-License-Identifier: EUPL-1.2
"""Erasing destroys keys and payloads for good, and every proof still holds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardrails.errors import RegisterError
from guardrails.register import AuditRecord, Kind, Register, Retention, Selection
from guardrails.register.erasing import months_before
from guardrails.register.inspection import verify_file
from guardrails.register.keeper import Keeper
from guardrails.register.notes import read_note
from guardrails.register.puncture import KeyForgotten
from tests.register.homes import Home, ask_in, live


def test_an_erased_entry_keeps_its_place_and_says_when_not_what(
    register: Register, ask: Callable[..., str]
) -> None:
    exchange = ask()
    note = register.checkpoint()
    erased = register.erase(Selection(exchange=exchange), why="request", by="dpo", role="dpo")
    entries = register.exchange(exchange)
    assert erased.payloads == 3
    assert [e.kind for e in entries] == [Kind.INTENT, Kind.SENTENCE, Kind.OUTCOME]
    assert all(e.erased and not e.payload and not e.actor and not e.role for e in entries)
    verdict = register.verify(notes=[note])
    assert verdict.holds
    assert [(r.name, r.n) for r in verdict.remarks] == [("erased", 3)]


def test_an_erasure_is_an_entry_that_says_who_why_and_where(register: Register) -> None:
    ask_in(register)
    [sealed] = register.erase_entries([1, 3], why="mistake", by="dpo").sealed
    entry = next(e for e in register.entries() if e.index == sealed.index)
    assert entry.kind is Kind.ERASURE
    assert entry.public == {"why": "mistake", "erases": [[1, 2], [3, 4]]}
    assert entry.actor == "dpo"


def test_an_old_copy_of_the_data_does_not_bring_a_payload_back(home: Home, tmp_path: Path) -> None:
    with home.open() as register:
        exchange = ask_in(register)
    shutil.copytree(home.data, tmp_path / "backup")
    with home.open() as register:
        register.erase(Selection(exchange=exchange), why="request")
    shutil.rmtree(home.data)
    shutil.copytree(tmp_path / "backup", home.data)
    with home.open(restored=True) as register:
        assert all(entry.erased for entry in register.exchange(exchange)[:3])
        with pytest.raises(KeyForgotten):
            register.keyring.payload_key(1)


def test_nothing_of_an_erased_payload_is_left_in_the_files(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        sealed = [register.row(index)[1] for index in (1, 2, 3)]
        register.erase_entries([1, 2, 3], why="request")
        files = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    for body in sealed:
        assert body is not None
        assert body[12:44] not in files


def test_a_person_is_erased_over_all_their_months(home: Home) -> None:
    with home.open() as register:
        ask_in(register, "agent-7")
        home.clock.moment += timedelta(days=31)
        ask_in(register, "agent-7")
        ask_in(register, "agent-8")
        them = tuple(register.keyring.pseudonyms("agent-7"))
        assert register.erase(Selection(actors=them), why="request").payloads == 6
        left = [e for e in register.entries() if e.kind is Kind.INTENT and not e.erased]
    assert len(left) == 1


def test_retention_differs_by_kind_and_is_applied_by_purge(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        register.append(AuditRecord(kind=Kind.SIGN_IN))
        keep = {Kind.READING: 1200}
        home.clock.moment += timedelta(days=197)
        live(home, register, 3)
        assert register.purge().payloads == 0
        assert register.purge(Retention(months={Kind.SIGN_IN: 6})).payloads == 1
        home.clock.moment += timedelta(days=197)
        live(home, register, 3)
        assert register.purge(Retention(months={Kind.OUTCOME: 24} | keep)).payloads == 3
        kinds = {e.kind for e in register.entries() if e.erased}
        assert kinds == {Kind.SIGN_IN, Kind.INTENT, Kind.SENTENCE, Kind.KEY}
        assert register.purge(Retention(months={Kind.OUTCOME: 24} | keep)).payloads == 0
        assert register.verify().holds


def test_a_service_purges_once_a_day_and_keeps_the_rhythm(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        keeper = Keeper(register, Retention(months={Kind.SENTENCE: 0}))
        home.clock.let(days=1)
        keeper.tick()
        ask_in(register)
        keeper.tick()
        assert sum(e.kind is Kind.ERASURE for e in register.entries()) == 1
        assert read_note(home.latest).checkpoint.size == 5
        home.clock.let(days=1)
        keeper.tick()
        assert sum(e.kind is Kind.ERASURE for e in register.entries()) == 2


def test_a_service_starts_its_keeper_and_stops_it(home: Home) -> None:
    with home.open(service=True) as register:
        ask_in(register)
    assert verify_file(home.file, notes=[home.latest]).holds


def test_erasing_nothing_writes_nothing(register: Register) -> None:
    size = register.size()
    assert register.erase_entries([], why="request").payloads == 0
    assert register.erase_entries([999], why="request").payloads == 0
    assert register.size() == size


def test_a_line_slipped_among_the_pending_erasures_destroys_no_key(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        with register._store.writing() as writer:
            writer.erase([], 2)
        with pytest.raises(RegisterError, match="not an erasure"):
            register.finish_erasures()
        register.keyring.payload_key(2)


def test_an_erasure_that_was_altered_while_pending_destroys_no_key(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = home.open()
    ask_in(register)
    with monkeypatch.context() as crash:
        crash.setattr(Register, "finish_erasures", lambda _: None)
        register.erase_entries([1], why="request")
    with closing(sqlite3.connect(home.file)) as connection, connection:
        connection.execute("DROP TRIGGER entries_no_update")
        public = '{"erases":[[1,4]],"why":"request"}'
        connection.execute("UPDATE entries SET public = ? WHERE kind = 'erasure'", (public,))
    with pytest.raises(RegisterError, match="entry 4 was changed"):
        register.finish_erasures()
    register.keyring.payload_key(3)
    register.close()


def test_months_before_counts_months() -> None:
    start = Home(Path()).clock.moment.replace(day=31)
    assert f"{months_before(start, 1):%Y-%m-%d}" == "2026-02-28"
    assert f"{months_before(start, 12):%Y-%m}" == "2025-03"
    assert f"{months_before(start, 15):%Y-%m}" == "2024-12"


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sets(st.integers(1, 30), max_size=12), max_size=4))
def test_whatever_is_erased_the_proofs_hold_and_the_rest_is_readable(
    tmp_path_factory: pytest.TempPathFactory, erasures: list[set[int]]
) -> None:
    home = Home(tmp_path_factory.mktemp("erasures"))
    with home.open() as register:
        records = [AuditRecord(kind=Kind.FEEDBACK, payload={"n": n}) for n in range(1, 31)]
        register.append_many(records)
        note = register.checkpoint()
        for indexes in erasures:
            register.erase_entries(sorted(indexes), why="request")
        gone = set().union(*erasures)
        for entry in list(register.entries())[1:31]:
            assert entry.erased == (entry.index in gone)
            assert entry.erased or entry.payload == {"n": entry.index}
        verdict = register.verify(notes=[note])
        assert verdict.holds, verdict.sentence("en")
        point = read_note(note).checkpoint
        for index in range(point.size):
            assert register.inclusion(index, point.size).checkpoint == point
            assert register.inclusion(index, point.size).holds()
