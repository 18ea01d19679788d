# SPDX-License-Identifier: EUPL-1.2
"""Keys from their making to their end: what is kept of them, what is told, how fast, how often."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from contextlib import ExitStack
from pathlib import Path

import pytest

import ui.main  # noqa: F401  (adds the command)
from assistant.cli import run
from corpus.folder import DataFolder
from guardrails.register import Kind, open_register
from tests.ui.api.conftest import QUESTION, House, open_house
from ui.access.errors import AccountRefused
from ui.access.keys import ROLES, SECRET
from ui.access.person import Role
from ui.access.routes import ROUTES, Opens
from ui.access.routes import Kind as RouteKind
from ui.access.store import FILE, FIRST, STEPS, Store
from ui.access.throttle import LIMITS
from ui.api.words import table

ASK = {"question": QUESTION}
CALLER = {"x-forwarded-for": "198.51.100.9"}


def test_a_key_is_shown_once_and_told_in_the_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GREFFIER_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("GREFFIER_DATA", str(tmp_path / "data"))
    assert run(["key", "add", "intranet", "--role", "agent", "--collection", "b"]) == 0
    secret = capsys.readouterr().out.strip()
    assert SECRET.fullmatch(secret)
    assert run(["key", "add", "veille", "--role", "admin", "--days", "30"]) == 0
    assert run(["key", "add", "INTRANET", "--role", "agent"]) == 1
    assert run(["key", "add", "a b", "--role", "agent"]) == 1
    assert run(["key", "add", "x", "--role", "resident"]) == 2
    assert run(["key", "revoke", "intranet"]) == 0
    assert run(["key", "revoke", "personne"]) == 1
    capsys.readouterr()
    assert run(["key", "list"]) == 0
    assert "intranet  " in capsys.readouterr().out
    assert run(["key", "list", "--json"]) == 0
    out = capsys.readouterr().out
    assert [
        (k["name"], k["role"], k["collections"], k["state"], k["expires"] is None)
        for k in json.loads(out)
    ] == [("intranet", "agent", ["b"], "revoked", True), ("veille", "admin", None, "open", False)]
    assert run(["key", "add", "intranet", "--role", "agent"]) == 1  # a name serves once
    with open_register(
        tmp_path / "data" / "register",
        DataFolder.open(tmp_path / "data").keys(tmp_path / "keys") / "register",
    ) as register:
        made = [
            (e.payload["status"], e.payload["account_role"])
            for e in register.entries()
            if e.kind is Kind.SETTINGS and e.payload.get("status", "begun") != "begun"
        ]
    assert made == [("key_created", "agent"), ("key_created", "admin"), ("key_revoked", "agent")]
    whole, part = secret.encode(), secret.rpartition("_")[2].encode()
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            assert whole not in path.read_bytes() and part not in path.read_bytes(), path


def test_a_key_ends_when_it_expires_or_is_revoked(house: House) -> None:
    _, short = house.clerk.make_key("short", Role.AGENT, seconds=60)
    client = house.program(secret=short)
    assert client.get("/v1/models").status_code == 200
    house.clock.turn(60)
    refused = len(house.entries(Kind.SIGN_IN))
    for _ in range(3):
        assert client.get("/v1/models").json()["error"]["code"] == "key_refused"
    told = house.entries(Kind.SIGN_IN)[refused:]
    assert [e.payload["status"] for e in told] == ["refused"]  # once: it is no guess
    assert told[0].actor == house.register.pseudonym("key:short")
    assert house.program().get("/v1/models").status_code == 200


def test_wrong_keys_cost_time_as_wrong_passwords_do(tmp_path: Path) -> None:
    with ExitStack() as closing:
        house = open_house(tmp_path, closing, proxy={"addresses": ["127.0.0.1"]})
        key, _ = house.clerk.make_key("intranet", Role.AGENT)
        wrong = house.program(Role.AGENT, secret=f"gfr_{key.id}_{'0' * 64}", **CALLER)
        codes = [wrong.get("/v1/models").status_code for _ in range(LIMITS["pair"].free + 2)]
        assert codes == [401] * LIMITS["pair"].free + [429] * 2
        assert int(wrong.get("/v1/models").headers["retry-after"]) >= 4
        statuses = [e.payload["status"] for e in house.entries(Kind.SIGN_IN)]
        assert statuses == ["refused"] * (LIMITS["pair"].free - 1) + ["locked"]
        assert (
            house.program(Role.AGENT, **CALLER).get("/v1/models").status_code == 200
        )  # another key
        house.clock.turn(3600)
        assert wrong.get("/v1/models").status_code == 401


def test_a_key_may_ask_so_often_a_minute(tmp_path: Path) -> None:
    with ExitStack() as closing:
        house = open_house(tmp_path, closing, actions_per_minute=3)
        client = house.program()
        codes = [client.post("/api/screen", json={"text": "x"}).status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        slow = client.post("/api/screen", json={"text": "x"})
        assert slow.json()["error"]["code"] == "slow"
        assert int(slow.headers["retry-after"]) >= 1
        assert house.program(Role.ADMIN).post("/api/screen", json={"text": "x"}).is_success


@pytest.mark.parametrize("shown", ["Basic abc", "Bearer", "Bearer sk-abc", "Bearer é"])
def test_what_is_no_key_opens_nothing(house: House, shown: str) -> None:
    client = house.program(None)
    answer = client.get("/v1/models", headers=[(b"authorization", shown.encode())])
    assert answer.status_code == 401


def test_of_two_keys_none_is_believed(house: House) -> None:
    shown = ("authorization", f"Bearer {house.keys[Role.AGENT]}")
    answer = house.program(None).get("/v1/models", headers=[shown, shown])
    assert answer.json()["error"]["code"] == "key_missing"


def test_no_key_and_no_question_is_ever_logged(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, secret = house.clerk.make_key("logged", Role.AGENT)
    client = house.program(secret=secret)
    client.post("/api/ask", json={"question": "Où est la mairie de Valclair ?"})
    client.post("/api/ask", content=b"{Valclair")
    client.post("/v1/chat/completions", json={"Valclair": "Valclair"})
    house.clerk.revoke_key("logged")
    client.post("/api/ask", json={"question": "Où est la mairie de Valclair ?"})
    house.program(secret=secret[:-1] + "x").get("/v1/models")
    logged = [r for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    written = " ".join(r.getMessage() + str(r.args) + str(r.exc_text) for r in logged)
    assert "gfr_" not in written
    assert "Valclair" not in written


def test_a_file_of_the_first_version_takes_the_step_and_keeps_its_accounts(
    tmp_path: Path,
) -> None:
    with sqlite3.connect(tmp_path / FILE) as old:
        old.executescript(FIRST + "PRAGMA user_version = 1;")
        old.execute(
            "INSERT INTO accounts (key, name, role, method) VALUES ('a', 'a', 'agent', 'oidc')"
        )
        old.execute("INSERT INTO failures VALUES (x'00', 3, 1.0)")
    old.close()
    for _ in range(2):
        store = Store(tmp_path / FILE)
        assert [row["name"] for row in store.rows("SELECT * FROM accounts")] == ["a"]
        assert store.rows("SELECT * FROM keys") == []
        assert [c["name"] for c in store.rows("PRAGMA table_info(failures)")][1] == "of"
        assert store.rows("PRAGMA user_version")[0][0] == len(STEPS)
        store.close()


def test_a_file_of_a_later_greffier_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(AccountRefused, match="accounts_too_new"):
        Store(tmp_path / FILE)


def test_both_languages_have_the_same_words_and_all_are_used() -> None:
    folders = [Path(__file__).parents[3] / "ui" / name for name in ("api", "mcp")]
    source = "".join(path.read_text("utf-8") for f in folders for path in f.glob("*.py"))
    assert table("fr").keys() == table("en").keys()
    for key, words in table("fr").items():
        assert re.findall(r"{\w+}", words) == re.findall(r"{\w+}", table("en")[key])
        # what does not fit is asked for by pydantic's name
        assert key.startswith("misfit_") or f'"{key}"' in source, key


def test_no_program_asks_as_a_resident() -> None:
    """There is no HTTP way on which the API or MCP would answer one: docs/access.md says so."""
    programs = [route for route in ROUTES if route.kind is RouteKind.API]
    assert Role.RESIDENT not in ROLES
    assert [r.pattern.pattern for r in programs if Role.RESIDENT in r.roles] == []
    opened = [r.pattern.pattern for r in programs if r.opens is not Opens.NEVER]
    assert opened == ["/metrics"]
    paths = {"/api/ask", "/api/search", "/v1/chat/completions", "/mcp"}
    assert paths == {p for p in paths if any(r.fits("POST", p) for r in programs)}
