# SPDX-License-Identifier: EUPL-1.2
"""The register in PostgreSQL by settings alone: the same commands, a backup, a way back."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from assistant.addresses import database_place
from assistant.backup import sealing
from assistant.errors import BadSettings
from assistant.settings import Settings
from tests.assistant.terminal import Terminal, stand_in
from tests.assistant.test_backup import ClosableIndex
from tests.servers.postgresql import PASSWORD, USER, new_database
from tests.servers.process import Started

PRICE = "Combien coûte le repas de la cantine ?"
WORDS = "une phrase de passe pour les essais"


def with_backups(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """A terminal whose backups are quick to seal."""
    stand_in(monkeypatch)
    monkeypatch.setattr(sealing, "SCRYPT_N", 2**4)
    monkeypatch.setattr("assistant.commands.backup.open_index", lambda path: ClosableIndex())
    monkeypatch.setenv("GREFFIER_BACKUP_PASSPHRASE", WORDS)
    return Terminal(tmp_path, capsys, monkeypatch)


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    return with_backups(tmp_path, capsys, monkeypatch)


def settle(
    terminal: Terminal,
    place: dict[str, str],
    password: str = PASSWORD,
    tables: tuple[str, ...] = ("register",),
) -> None:
    """Name a database in the settings, for each of these tables of theirs."""
    secret = terminal.keys.parent / "secret.txt"
    secret.write_text(f"{password}\n", "utf-8")
    address = f"postgresql://{USER}@127.0.0.1:{place['port']}/{place['dbname']}"
    terminal.data.mkdir(exist_ok=True)
    lines = f'database = "{address}"\ndatabase_password = "{secret}"\n'
    (terminal.data / "greffier.toml").write_text(
        "".join(f"[{table}]\n{lines}" for table in tables), "utf-8"
    )


@pytest.mark.real
def test_the_same_commands_and_a_backup_that_opens(
    terminal: Terminal, database: dict[str, str], postgresql: Started, tmp_path: Path
) -> None:
    settle(terminal, database)
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    asked = terminal("ask", PRICE, "--json").json
    assert asked["status"] == "answer"
    assert asked["record"] in terminal("register", "show", "--last", "9", "--jsonl").out
    point = tmp_path / "point.txt"
    point.write_text(terminal("register", "checkpoint").out, "utf-8")
    verified = terminal("register", "verify", "--checkpoint", str(point), "--json")
    assert verified.code == 0 and verified.json["holds"]
    assert not terminal.register.exists()
    copy = str(tmp_path / "copy.sqlite3")
    assert terminal("register", "export", copy, "--form", "copy").code == 0
    assert terminal("register", "verify", copy).code == 4  # nothing that was kept elsewhere
    assert terminal("register", "verify", copy, "--checkpoint", str(point)).code == 0

    backup = tmp_path / "mairie.backup"
    assert terminal("backup", str(backup)).code == 0
    assert terminal("restore", str(backup), "--check").code == 0
    shutil.rmtree(terminal.data)
    assert terminal("restore", str(backup)).code == 0
    assert terminal.register.exists()
    assert terminal("ask", PRICE, "--json").code != 0  # the database holds a register still

    settle(terminal, new_database(postgresql.port, f"{database['dbname']}_again"))
    assert terminal("ask", PRICE, "--json").json["status"] == "answer"
    assert not terminal.register.exists()
    assert terminal("register", "verify", "--checkpoint", str(point), "--json").json["holds"]
    assert PASSWORD.encode() not in b"".join(
        path.read_bytes() for path in terminal.data.rglob("*") if path.is_file()
    )


@pytest.mark.real
def test_a_town_that_had_a_file_goes_on_in_the_database(
    terminal: Terminal, database: dict[str, str]
) -> None:
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    before = terminal("ask", PRICE, "--json").json["record"]
    settle(terminal, database)
    after = terminal("ask", PRICE, "--json").json["record"]
    shown = terminal("register", "show", "--last", "99", "--jsonl").out
    assert before in shown and after in shown
    assert terminal("register", "verify").code == 0


@pytest.mark.real
def test_what_is_missing_is_told_in_one_line_without_the_password(
    terminal: Terminal, database: dict[str, str]
) -> None:
    settle(terminal, database, password="un-autre-secret")
    told = terminal("register", "show")
    assert told.code != 0 and len(told.err.splitlines()) == 1
    assert "secret" not in told.err
    (terminal.keys.parent / "secret.txt").unlink()
    assert "register.database_password" in terminal("register", "show").err


def test_a_driver_that_is_not_installed_is_told(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "guardrails.register.store_postgresql", raising=False)
    settle(terminal, {"port": "5432", "dbname": "greffier"})
    told = terminal("register", "show")
    assert told.code != 0 and "psycopg" in told.err


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://greffier:secret@10.0.0.9/greffier",
        "postgresql://greffier@8.8.8.8/greffier",
        "postgresql://greffier@10.0.0.9/greffier?hostaddr=8.8.8.8",
        "postgresql://greffier@10.0.0.9,8.8.8.8/greffier",
        "postgresql://10.0.0.9",
        "postgresql:///greffier",
        "mysql://greffier@10.0.0.9/greffier",
        "host=10.0.0.9",
    ],
)
def test_an_address_that_leads_out_or_holds_a_secret_is_refused(
    tmp_path: Path, address: str
) -> None:
    path = tmp_path / "greffier.toml"
    path.write_text(f'[register]\ndatabase = "{address}"\n', "utf-8")
    with pytest.raises(BadSettings):
        Settings.read(path)


def test_out_of_the_town_it_is_encrypted_and_certified() -> None:
    assert database_place("postgresql://base.example.fr/actes") == {
        "host": "base.example.fr",
        "port": "5432",
        "user": "greffier",
        "dbname": "actes",
        "sslmode": "verify-full",
        "sslrootcert": "system",
    }
