# SPDX-License-Identifier: EUPL-1.2
"""`greffier user`, as an administrator types it; what it does to screens that run."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

import ui.main  # noqa: F401  (adds the command)
from assistant.cli import run
from corpus.folder import DataFolder, read_key
from guardrails.register import Kind, open_register
from tests.ui.access.conftest import PASSWORD
from ui.access.accounts import Accounts
from ui.access.store import FILE, Store


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GREFFIER_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("GREFFIER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LOGNAME", "root-of-the-town")
    return tmp_path / "data"


def test_an_account_from_its_link_to_its_end(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["user", "add", "adele", "--role", "admin"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"http://127\.0\.0\.1:7860/bienvenue/[\w-]{43}$", told.strip())
    assert run(["user", "list"]) == 0
    assert "adele  admin  password  sans mot de passe  toutes les collections" in (
        capsys.readouterr().out
    )

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run(["user", "password", "adele", "--stdin"]) == 0
    assert run(["user", "add", "lea", "--role", "auditor", "--sign-in", "oidc"]) == 0
    assert run(["user", "role", "lea", "agent", "--collection", "b", "--collection", "a"]) == 0
    assert run(["user", "disable", "lea"]) == 0
    capsys.readouterr()
    assert run(["user", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed == [
        {
            "name": "adele",
            "role": "admin",
            "collections": None,
            "sign_in": "password",
            "state": "open",
            "sessions": 0,
        },
        {
            "name": "lea",
            "role": "agent",
            "collections": ["a", "b"],
            "sign_in": "oidc",
            "state": "disabled",
            "sessions": 0,
        },
    ]
    accounts = Accounts(Store(data / FILE))
    assert accounts.need("adele").must_change
    keys = DataFolder.open(data).keys(tmp_path / "keys")
    with open_register(data / "register", keys / "register") as register:
        entries = [e for e in register.entries() if e.kind is Kind.SETTINGS]
        changes = [e.payload["status"] for e in entries if "status" in e.payload][1::2]
        assert changes == ["created", "link", "password", "created", "rights", "disabled"]
        assert {e.actor for e in entries if "status" in e.payload} == {
            register.pseudonym("root-of-the-town")
        }
    assert len(read_key(keys, "access")) == 32
    assert (data / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["user", "disable", "adele"], "le dernier administrateur"),
        (["user", "role", "adele", "agent"], "le dernier administrateur"),
        (["user", "add", "ADELE", "--role", "agent"], "existe déjà"),
        (["user", "add", "a b", "--role", "agent"], "n'est pas possible"),
        (["user", "disable", "personne"], "aucun compte personne"),
        (["user", "password", "lea"], "là où la mairie gère ses comptes"),
        (["user", "password", "adele", "--stdin"], "trop court"),
    ],
)
def test_what_cannot_be_done_is_one_line_that_says_why(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    typed: list[str],
    told: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    run(["user", "add", "adele", "--role", "admin", "--stdin"])
    run(["user", "add", "lea", "--role", "agent", "--sign-in", "oidc"])
    monkeypatch.setattr("sys.stdin", io.StringIO("court\n"))
    capsys.readouterr()

    assert run(typed) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
