# SPDX-License-Identifier: EUPL-1.2
"""What the register does on an ordinary day."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from guardrails.errors import RecordInvalid, RegisterUnavailable
from guardrails.register import AuditRecord, FolderPlace, Kind, Register, Rhythm, Selection
from guardrails.register.notes import read_note
from tests.register.homes import Home, ask_in, live

NOTE = AuditRecord(kind=Kind.FEEDBACK, actor="a", role="agent", payload={"mark": "é"})


def test_what_is_appended_is_committed_before_append_returns(
    home: Home, register: Register
) -> None:
    sealed = register.append(NOTE)
    with closing(sqlite3.connect(f"{home.file.as_uri()}?mode=ro", uri=True)) as other:
        row = other.execute(
            'SELECT tree FROM entries WHERE "index" = ?', (sealed.index,)
        ).fetchone()
    assert row[0][:32] == sealed.leaf


def test_every_commit_is_synced_in_full(register: Register) -> None:
    connection = register._store._connection  # type: ignore[attr-defined]
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA secure_delete").fetchone()[0] == 1


def test_entries_come_back_as_they_were(register: Register, ask: Callable[..., str]) -> None:
    exchange = ask()
    intent, sentence, outcome = register.exchange(exchange)
    assert [e.kind for e in (intent, sentence, outcome)] == ["intent", "sentence", "outcome"]
    assert intent.payload["question"] == "Quand ouvre la [LIEU_1] ?"
    assert intent.role == "agent"
    assert not intent.erased
    assert intent.at < sentence.at < outcome.at


def test_every_reading_is_an_entry_made_before_anything_is_read(register: Register) -> None:
    before = register.size()
    entries = register.entries(by="auditor")  # not yet iterated
    assert register.size() == before + 1
    assert len(list(entries)) == before
    register.exchange("none")
    readings = [e for e in register.entries() if e.kind is Kind.READING]
    assert [e.payload["purpose"] for e in readings] == ["read", "exchange"]


def test_nothing_of_a_payload_stands_in_the_files(home: Home, ask: Callable[..., str]) -> None:
    ask("Ghislaine Vautrin-Quesnoy")
    everything = b"".join(p.read_bytes() for p in home.path.rglob("*") if p.is_file())
    for words in ("neuf heures", "LIEU_1", "agent", "Vautrin", "Quesnoy"):
        assert words.encode() not in everything


def test_a_batch_is_written_whole_or_not_at_all(register: Register) -> None:
    size = register.size()
    bad = AuditRecord(kind=Kind.FEEDBACK, exchange="no spaces here")
    with pytest.raises(RecordInvalid):
        register.append_many([NOTE, bad])
    assert register.size() == size
    assert [s.index for s in register.append_many([NOTE] * 3)] == [size, size + 1, size + 2]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (AuditRecord(kind=Kind.INTENT, payload={"t": "x" * 10_000_000}), "10000041 bytes, 1048576"),
        (AuditRecord(kind=Kind.INTENT, payload={"n": float("nan")}), "not JSON"),
        (AuditRecord(kind=Kind.INTENT, payload={"b": b"bytes"}), "not JSON"),  # type: ignore[dict-item]
        (AuditRecord(kind=Kind.INTENT, exchange="a\nb"), "an exchange is"),
        (AuditRecord(kind=Kind.INTENT, exchange="x" * 65), "an exchange is"),
        (AuditRecord(kind=Kind.INTENT, actor="x" * 129), "128 characters"),
    ],
    ids=["10 MB", "not a number", "bytes", "line feed", "long exchange", "long actor"],
)
def test_a_bad_record_is_a_clear_error_and_nothing_is_lost(
    register: Register, record: AuditRecord, message: str
) -> None:
    register.append(NOTE)
    size = register.size()
    with pytest.raises(RecordInvalid, match=message):
        register.append(record)
    assert register.size() == size
    assert register.verify().holds


def test_pseudonyms_hide_the_user_and_rotate_by_month(home: Home, register: Register) -> None:
    march = register.pseudonym("Agent-7")
    assert march.startswith("2026-03.")
    assert "gent" not in march
    assert march == register.pseudonym(" agent-7 ") != register.pseudonym("agent-8")
    live(home, register, 31)
    april = register.pseudonym("agent-7")
    assert april[7:] != march[7:]
    assert register.keyring.pseudonyms("agent-7") == [march, april]
    assert register.pseudonym("") == ""
    for _ in range(13):
        live(home, register, 31)
        register.pseudonym("agent-7")
    assert march not in register.keyring.pseudonyms("agent-7")


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(kinds=(Kind.OUTCOME,)), 3),
        (Selection(reasons=("no_evidence",)), 2),
        (Selection(collections=("budget",)), 3),
        (Selection(collections=("budget",), kinds=(Kind.SENTENCE,)), 1),
        (Selection(reasons=("no_evidence",), collections=("budget",)), 0),
    ],
)
def test_a_selection_sees_the_whole_question(
    register: Register, ask: Callable[..., str], selection: Selection, expected: int
) -> None:
    ask()
    ask("agent-8", collection="budget")
    ask(reason="no_evidence")
    assert len(list(register.entries(selection))) == expected


def test_a_selection_by_collection_sees_what_was_taken_in(register: Register) -> None:
    for collection in ("actes", "budget"):
        payload = {"collection": collection}
        register.append(AuditRecord(kind=Kind.INGESTION, payload=payload))
    [entry] = register.entries(Selection(collections=("budget",)))
    assert entry.payload == {"collection": "budget"}


def test_a_selection_by_pseudonym_date_and_exchange(
    home: Home, register: Register, ask: Callable[..., str]
) -> None:
    first = ask("agent-7")
    ask("agent-8")
    mine = Selection(actors=(register.pseudonym("agent-7"),))
    assert {e.exchange for e in register.entries(mine)} == {first}
    assert len(list(register.entries(Selection(exchange=first)))) == 3
    assert Selection.from_json(mine.as_json()) == mine
    end = home.clock()
    ask("agent-7")
    late = list(register.entries(Selection(since=end)))
    early = list(register.entries(Selection(until=end)))
    assert all(e.at >= end for e in late)
    assert len(late) == 3
    assert all(e.at < end for e in early)


def test_checkpoints_come_with_entries_with_time_and_at_shutdown(home: Home) -> None:
    with home.open(rhythm=Rhythm(entries=10, every=timedelta(minutes=10))) as register:
        for _ in range(10):
            register.append(NOTE)
        assert read_note(home.latest).checkpoint.size == 10
        register.append(NOTE)
        home.clock.let(minutes=10)
        register.append(NOTE)
        assert read_note(home.latest).checkpoint.size == 13
        register.append(NOTE)
    assert read_note(home.latest).checkpoint.size == 14
    with home.open() as register:
        register.checkpoint_if_due()
    assert read_note(home.latest).checkpoint.size == 14  # nothing new, nothing written


def test_a_checkpoint_is_put_in_every_place(home: Home, tmp_path: Path) -> None:
    share = tmp_path / "share"
    with home.open(places=[FolderPlace(share)]) as register:
        note = register.checkpoint()
    assert (share / "checkpoint-latest.txt").read_text("utf-8") == note == home.latest
    assert (share / "checkpoint-2026-03-02.txt").exists()


def test_a_place_out_of_reach_is_told_once(home: Home, tmp_path: Path) -> None:
    blocked = tmp_path / "share"
    blocked.write_text("a file where the folder should be")
    with home.open(places=[FolderPlace(blocked, name="share")]) as register:
        register.checkpoint()
        register.checkpoint()
        incidents = [e.public for e in register.entries() if e.kind is Kind.INCIDENT]
        blocked.unlink()
        register.checkpoint()
    assert incidents == [{"why": "place_unreachable", "places": ["share"]}]
    assert (blocked / "checkpoint-latest.txt").exists()


def test_readers_do_not_wait_for_a_writer(register: Register) -> None:
    register.append(NOTE)
    with register.sequencing(), register._store.reading() as reader:
        assert reader.last() is not None


def test_a_closed_register_and_a_forked_process_write_nothing(home: Home) -> None:
    register = home.open()
    child = os.fork()
    if child == 0:
        try:
            register.append(NOTE)
        except RegisterUnavailable:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    register.close()
    register.close()
    with pytest.raises(RegisterUnavailable, match="not open"):
        register.append(NOTE)


def test_an_entry_is_refused_at_another_place_by_the_file_itself(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
    with closing(sqlite3.connect(home.file)) as connection:
        for statement in (
            "UPDATE entries SET kind = 'x'",
            "DELETE FROM entries",
            "UPDATE payloads SET sealed = x'00'",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_proofs_lead_to_the_checkpoint_that_was_signed(
    register: Register, ask: Callable[..., str]
) -> None:
    for _ in range(5):
        ask()
    old = read_note(register.checkpoint()).checkpoint
    ask()
    new = read_note(register.checkpoint()).checkpoint
    for index in range(new.size):
        proof = register.inclusion(index, new.size)
        assert proof.checkpoint == new
        assert proof.holds()
    consistency = register.consistency(old.size, new.size)
    assert (consistency.old, consistency.new) == (old, new)
    assert consistency.holds()
    for impossible in (lambda: register.inclusion(new.size), lambda: register.consistency(3, 999)):
        with pytest.raises(RecordInvalid):
            impossible()


def test_threads_share_a_register(register: Register) -> None:
    def write() -> None:
        for _ in range(15):
            ask_in(register)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    list(register.entries())  # read meanwhile
    for thread in threads:
        thread.join()
    assert register.size() == 1 + 6 * 15 * 3 + 1
    assert register.verify().holds
