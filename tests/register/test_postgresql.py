# SPDX-License-Identifier: EUPL-1.2
"""The register in PostgreSQL: the same tree and seals, nothing shown is lost when the server dies,
and what was changed behind its back is seen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from guardrails.errors import (
    RegisterKeysInvalid,
    RegisterTampered,
    RegisterTooNew,
    RegisterUnavailable,
)
from guardrails.register import AuditRecord, Kind, Register, Selection
from guardrails.register.inspection import verify_file
from guardrails.register.store import AuditStore, length
from tests.register.homes import Home, ask_in
from tests.servers.fixtures import running
from tests.servers.postgresql import new_database
from tests.servers.postgresql import sql as anywhere
from tests.servers.process import Started

pytestmark = pytest.mark.real

Place = dict[str, str]
NOTE = AuditRecord(kind=Kind.FEEDBACK, actor="a", role="agent", payload={"mark": "é"})


def store_at(place: Place) -> Callable[[], AuditStore]:
    from guardrails.register.store_postgresql import PostgresqlStore

    return lambda: PostgresqlStore(place)


def sql(place: Place, *statements: str) -> list[Any]:
    """Run statements on the register's tables; return what the last one found."""
    return anywhere(place, "SET search_path = greffier_register", *statements)


@pytest.fixture
def there(home: Home, database: Place) -> Iterator[Register]:
    with home.open(store=store_at(database)) as register:
        yield register


def test_an_ordinary_day(there: Register, home: Home, database: Place) -> None:
    exchange = ask_in(there)
    note = there.checkpoint()
    assert [entry.kind for entry in there.exchange(exchange)] == ["intent", "sentence", "outcome"]
    assert there.exchange(exchange)[0].payload["question"] == "Quand ouvre la [LIEU_1] ?"
    assert there.verify(notes=[note]).holds
    erased = there.erase(Selection(exchange=exchange), why="request", by="dpo", role="dpo")
    assert erased.payloads == 3
    assert all(entry.erased for entry in there.exchange(exchange))
    assert there.verify(notes=[note]).holds
    assert sql(database, "SELECT count(*) FROM pending") == [(0,)]
    assert not home.file.exists()


def test_a_copy_for_an_auditor_is_a_register_of_the_one_format(
    there: Register, tmp_path: Path
) -> None:
    ask_in(there)
    note = there.copy_to(tmp_path / "copy.sqlite3", by="auditor")
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.sqlite3"]
    assert verify_file(tmp_path / "copy.sqlite3", notes=[note]).holds


def test_a_file_is_taken_up_row_by_row_and_goes_on(home: Home, database: Place) -> None:
    with home.open() as register:
        for _ in range(3):
            exchange = ask_in(register)
        register.erase(Selection(exchange=exchange), why="request")
        note = register.checkpoint()
        size = register.size()
        with register._store.reading() as reader:
            before = reader.rows(0, size), reader.sealed(range(size)), reader.notes()
    with home.open(store=store_at(database)) as register:
        with register._store.reading() as reader:
            after = reader.rows(0, size), reader.sealed(range(size)), reader.notes()[:-1]
        assert after[:2] == before[:2]
        assert set(after[2]) <= {*before[2], *reader_notes(register)}
        ask_in(register)
        assert register.verify(notes=[note]).holds
    assert not home.file.exists()
    assert (home.data / "register.sqlite3.moved").exists()
    with home.open(store=store_at(database)) as register:  # once and for all
        assert register.size() > size


def reader_notes(register: Register) -> list[tuple[int, str]]:
    with register._store.reading() as reader:
        return reader.notes()


def test_a_register_in_two_places_is_not_mended_by_guessing(
    home: Home, database: Place, tmp_path: Path
) -> None:
    with home.open(store=store_at(database)) as register:
        ask_in(register)
        size = register.size()
    other = Home(tmp_path / "other")
    with other.open() as register:
        ask_in(register)
    other.file.rename(home.file)
    with pytest.raises(RegisterUnavailable, match="two places"):
        home.open(store=store_at(database))
    assert home.file.exists()
    assert sql(database, "SELECT count(*) FROM entries")[0][0] >= size


def test_a_database_without_its_keys_is_not_written_to(
    home: Home, database: Place, tmp_path: Path
) -> None:
    with home.open(store=store_at(database)) as register:
        ask_in(register)
    with pytest.raises(RegisterKeysInvalid):
        Home(tmp_path / "elsewhere").open(store=store_at(database))


def test_a_database_that_was_put_back_to_an_older_day_is_seen(home: Home, database: Place) -> None:
    with home.open(store=store_at(database)) as register:
        ask_in(register)
    sql(
        database,
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        'DELETE FROM entries WHERE "index" > 1',
        "ALTER TABLE entries ENABLE TRIGGER ALL",
    )
    with pytest.raises(RegisterTampered):
        home.open(store=store_at(database))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET at = '2020-01-01T00:00:00.000000Z' WHERE \"index\" = 1",
        "UPDATE entries SET public = '{}' WHERE \"index\" = 1",
        'DELETE FROM entries WHERE "index" = 2',
        "UPDATE payloads SET sealed = '\\x00' WHERE \"index\" = 1",
        "UPDATE head SET note = ''",
    ],
)
def test_what_was_changed_by_who_owns_the_database_is_seen(
    there: Register, database: Place, statement: str
) -> None:
    ask_in(there)
    assert there.verify().holds
    sql(
        database,
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "ALTER TABLE payloads DISABLE TRIGGER ALL",
        statement,
        "ALTER TABLE entries ENABLE TRIGGER ALL",  # as who hides it would
        "ALTER TABLE payloads ENABLE TRIGGER ALL",
    )
    assert not there.verify().holds


FOREIGN = {
    "trigger": "CREATE TRIGGER a AFTER INSERT ON entries EXECUTE FUNCTION only_grows()",
    "trigger named as ours": "CREATE TRIGGER payloads_never_change AFTER INSERT ON notes"
    " EXECUTE FUNCTION only_grows()",
    "ours, switched off": "ALTER TABLE entries DISABLE TRIGGER entries_only_grow",
    "ours, gone": "DROP TRIGGER payloads_never_change ON payloads",
    "ours, empty": "CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NULL; END $$",
    "rule": "CREATE RULE a AS ON INSERT TO payloads DO ALSO DELETE FROM payloads",
    "check": "ALTER TABLE payloads ADD CHECK (length(sealed) > 0)",
    "default": "ALTER TABLE entries ALTER exchange SET DEFAULT 'x'",
    "policy": "CREATE POLICY a ON entries USING (kind != 'erasure')",
    "row security": "ALTER TABLE entries ENABLE ROW LEVEL SECURITY",
    "column": "ALTER TABLE entries ADD seen text",
    "view": "CREATE VIEW all_entries AS SELECT * FROM entries",
    "index": "CREATE UNIQUE INDEX a ON entries (at)",
}


@pytest.mark.parametrize("statement", FOREIGN.values(), ids=FOREIGN)
def test_what_is_not_ours_in_the_schema_is_seen_by_who_opens_and_who_verifies(
    home: Home, database: Place, statement: str, tmp_path: Path
) -> None:
    with home.open(store=store_at(database)) as register:
        ask_in(register)
    with closing(store_at(database)()) as store:
        sql(database, statement)
        with pytest.raises(RegisterTampered, match="not as it was made"):
            store.copy_to(tmp_path / "copy.db")
    with pytest.raises(RegisterTampered, match="not as it was made"):
        store_at(database)()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET at = '' WHERE \"index\" = 1",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "UPDATE payloads SET sealed = '\\x00'",
        "TRUNCATE payloads",
    ],
)
def test_rows_only_grow_for_who_does_not_mean_it(
    there: Register, database: Place, statement: str
) -> None:
    import psycopg

    ask_in(there)
    with pytest.raises(psycopg.errors.RaiseException, match="only grows"):
        sql(database, statement)


def test_a_killed_server_loses_nothing_that_was_shown_and_is_taken_up_once_back(
    home: Home, own_server: Started
) -> None:
    place = new_database(own_server.port, "greffier")
    shown: list[int] = []
    told: list[Exception] = []
    stop = threading.Event()

    def show(register: Register) -> None:
        while not stop.is_set():
            try:
                shown.append(register.append(NOTE).index)
            except RegisterUnavailable as error:
                told.append(error)
                stop.wait(0.02)

    with home.open(store=store_at(place)) as register:
        writers = [threading.Thread(target=show, args=(register,)) for _ in range(3)]
        for writer in writers:
            writer.start()
        for _ in range(3):
            known = len(shown)
            while len(shown) < known + 20:
                stop.wait(0.02)
            own_server.kill()
            known = len(told)
            while len(told) < known + 3:
                stop.wait(0.02)
            own_server.start()
        known = len(shown)
        while len(shown) < known + 20:
            stop.wait(0.02)
        stop.set()
        for writer in writers:
            writer.join()
        assert len(set(shown)) == len(shown)
        kept = {entry.index for entry in register.entries() if entry.kind is Kind.FEEDBACK}
        assert {*shown} <= kept
        assert register.verify().holds
    assert not any("phrase" in str(error) for error in told)


def test_nothing_is_shown_while_the_server_is_gone(home: Home, own_server: Started) -> None:
    place = new_database(own_server.port, "greffier")
    with home.open(store=store_at(place)) as register:
        own_server.kill()
        for ask in (lambda: ask_in(register), register.size, lambda: [*register.entries()]):
            with pytest.raises(RegisterUnavailable):
                ask()
        own_server.start()
        ask_in(register)
        assert register.verify().holds
    own_server.kill()
    with pytest.raises(RegisterUnavailable):
        home.open(store=store_at(place))


def test_a_server_that_may_lose_what_it_took_is_refused(home: Home) -> None:
    with (
        running("fsync=off") as server,
        pytest.raises(RegisterUnavailable, match="fsync is off"),
    ):
        home.open(store=store_at(new_database(server.port, "greffier")))


def test_a_database_in_other_letters_or_of_a_newer_version_is_refused(
    home: Home, database: Place, postgresql: Started
) -> None:
    sql(database, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(RegisterUnavailable, match="UTF-8"):
        home.open(store=store_at({**database, "dbname": "latin"}))
    with closing(store_at(database)()) as store, store.reading() as reader:
        assert length(reader) == 0
    sql(database, "UPDATE format SET version = 99")
    with pytest.raises(RegisterTooNew):
        home.open(store=store_at(database))


def test_the_environment_does_not_lead_elsewhere(
    database: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGOPTIONS", "-c synchronous_commit=off")
    store = store_at(database)()
    with store.writing() as writer:
        told = writer._connection.execute("SHOW synchronous_commit").fetchone()  # type: ignore[attr-defined]
    assert told == ("on",)
    store.close()
    with pytest.raises(RegisterUnavailable):
        store.reading().__enter__()


def test_a_wrong_password_is_told_without_it(database: Place) -> None:
    with pytest.raises(RegisterUnavailable) as told:
        store_at({**database, "password": "secret-de-trop"})()
    assert "secret" not in str(told.value)
