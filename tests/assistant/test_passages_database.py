# SPDX-License-Identifier: EUPL-1.2
"""The passages in PostgreSQL by settings alone: the same commands, a backup, a way back."""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import BadSettings
from assistant.pack.words import kept_packs
from assistant.settings import Settings
from corpus.packs import Standing
from corpus.passages import PassageStore
from tests.assistant.terminal import Terminal
from tests.assistant.test_pack import PASSPORT, Maker
from tests.assistant.test_register_database import PRICE, settle, with_backups
from tests.servers.postgresql import PASSWORD, new_database, sql
from tests.servers.process import Started, free_port

BOTH = ("index", "register")


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    return with_backups(tmp_path, capsys, monkeypatch)


def file_of(terminal: Terminal) -> Path:
    return terminal.data / "passages.db"


def every_byte(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.real
def test_the_same_commands_and_no_text_in_the_data_folder(
    terminal: Terminal, database: dict[str, str]
) -> None:
    settle(terminal, database, tables=BOTH)
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    assert terminal("ask", PRICE, "--json").json["status"] == "answer"
    found = terminal("search", "livres de la bibliotheque", "--json").json["passages"]
    assert found[0]["file"] == "livres/bibliotheque.txt"
    assert not file_of(terminal).exists()
    assert b"cantine" not in every_byte(terminal.data)

    listed = terminal("corpus", "list", "--json").json
    gone = next(one["id"] for one in listed if one["file"] == "cantine.txt")
    assert terminal("corpus", "remove", gone, "--json").json["remains"] == 0
    assert terminal("ask", PRICE, "--json").json["status"] != "answer"
    held = sql(database, "SELECT count(*) FROM greffier_corpus.pages WHERE text ~ 'cantine'")
    assert held == [(0,)]
    assert terminal("register", "verify").code == 0


@pytest.mark.real
def test_a_backup_gives_a_file_that_another_database_takes_up(
    terminal: Terminal, database: dict[str, str], postgresql: Started, tmp_path: Path
) -> None:
    settle(terminal, database, tables=("index",))
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    backup = tmp_path / "mairie.backup"
    told = terminal("backup", str(backup), "--json").json
    assert (told[0]["documents"], told[0]["passages"]) == (2, told[0]["vectors"])
    assert terminal("restore", str(backup), "--check").code == 0
    assert not file_of(terminal).exists()
    assert sorted(path.name for path in terminal.data.glob(".*")) == []
    (terminal.town / "salle.txt").write_text("La salle des fêtes ouvre à 9 h.", "utf-8")
    assert terminal("corpus", "add", str(terminal.town)).code == 0

    shutil.rmtree(terminal.data)
    assert terminal("restore", str(backup)).code == 0
    assert file_of(terminal).exists()
    refused = terminal("ask", PRICE)  # the database holds them and another
    assert refused.code != 0 and "passages.db" in refused.err
    assert len(refused.err.splitlines()) == 1 and file_of(terminal).exists()

    settle(
        terminal, new_database(postgresql.port, f"{database['dbname']}_again"), tables=("index",)
    )
    assert terminal("ask", PRICE, "--json").json["status"] == "answer"
    assert not file_of(terminal).exists()

    shutil.rmtree(terminal.data)
    assert terminal("restore", str(backup)).code == 0
    (terminal.data / "greffier.toml").unlink()  # the way back
    assert terminal("ask", PRICE, "--json").json["status"] == "answer"
    assert file_of(terminal).exists()


@pytest.mark.real
def test_a_town_that_had_a_file_goes_on_in_the_database(
    terminal: Terminal, database: dict[str, str]
) -> None:
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    before = terminal("search", "tarif du repas", "--json").json["passages"]
    settle(terminal, database, tables=("index",))
    assert terminal("search", "tarif du repas", "--json").json["passages"] == before
    assert not list(terminal.data.glob("passages.db*"))
    assert terminal("corpus", "add", str(terminal.town), "--json").json["unchanged"] == 2

    shutil.rmtree(terminal.data)  # a data folder of another town, and of other keys
    settle(terminal, database, tables=("index",))
    refused = terminal("corpus", "list")
    assert refused.code != 0 and "autre dossier" in refused.err


@pytest.mark.real
def test_what_is_missing_is_told_in_one_line_without_the_password(
    terminal: Terminal, database: dict[str, str]
) -> None:
    settle(terminal, database, password="un-autre-secret", tables=("index",))
    told = terminal("corpus", "list")
    assert told.code != 0 and len(told.err.splitlines()) == 1
    assert "index.database" in told.err and "secret" not in told.err
    (terminal.keys.parent / "secret.txt").unlink()
    assert "index.database_password" in terminal("corpus", "list").err


@pytest.mark.real
def test_a_file_that_is_in_use_is_taken_up_afterwards(
    terminal: Terminal, database: dict[str, str]
) -> None:
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    settle(terminal, database, tables=("index",))
    with closing(PassageStore(file_of(terminal))) as before, before.sole_writer():
        assert terminal("corpus", "list").code != 0
    assert file_of(terminal).exists()
    assert len(terminal("corpus", "list", "--json").json) == 2


def test_a_driver_that_is_not_installed_is_told(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in ("corpus.database_postgresql", "guardrails.postgresql"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    settle(terminal, {"port": "5432", "dbname": "greffier"}, tables=("index",))
    told = terminal("corpus", "list")
    assert told.code != 0 and "psycopg" in told.err and "passages" in told.err


def test_doctor_looks_whether_somebody_answers_there(terminal: Terminal) -> None:
    settle(terminal, {"port": str(free_port()), "dbname": "greffier"}, tables=("index",))
    told = {one["name"]: one["state"] for one in terminal("doctor", "--json").json}
    assert told["base des passages"] == "bad"


def test_an_address_that_holds_a_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "greffier.toml"
    address = "postgresql://greffier:secret@10.0.0.9/greffier"
    path.write_text(f'[index]\ndatabase = "{address}"\n', "utf-8")
    with pytest.raises(BadSettings):
        Settings.read(path)


@pytest.mark.real
def test_the_password_stands_nowhere_in_the_data_folder(
    terminal: Terminal, database: dict[str, str]
) -> None:
    settle(terminal, database, tables=BOTH)
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    assert PASSWORD.encode() not in every_byte(terminal.data)


@pytest.mark.real
def test_a_pack_stands_in_the_database_and_is_told_from_it(
    terminal: Terminal, database: dict[str, str], tmp_path: Path
) -> None:
    settle(terminal, database, tables=("index",))
    maker = Maker(terminal, tmp_path)
    pack = maker.pack("2026-10", PASSPORT)
    assert terminal("pack", "add", str(pack), "--trust", maker.public).code == 0
    found = terminal("search", "prix du passeport", "--audience", "senior", "--json").json
    assert {one["pack"]["month"] for one in found["passages"]} == {"2026-10"}
    settings = Settings.read(terminal.data / "greffier.toml")
    assert kept_packs(terminal.data, settings) == {"service-public": Standing(month="2026-10")}
