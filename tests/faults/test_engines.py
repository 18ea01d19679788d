# SPDX-License-Identifier: EUPL-1.2
"""Every engine elsewhere at once: each that is killed is told in one line, shows nothing that was
not sealed, and is taken up again once back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from assistant.answers import Answer
from assistant.settings import Settings
from assistant.wiring import Parts, open_parts
from corpus.errors import PassagesUnusable
from corpus.vectors_server import ChromaServerIndex
from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal
from tests.fakes import HashEmbedder, ScriptedModel, plain_reader
from tests.servers.chroma import chroma_server
from tests.servers.postgresql import PASSWORD, USER, new_database, postgresql_server
from tests.servers.process import Started, free_port

pytestmark = pytest.mark.real

PRICE = "Combien coûte le repas de la cantine ?"
ANSWER = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune."


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[dict[str, Started]]:
    with ExitStack() as ending:
        folder = Path(ending.enter_context(TemporaryDirectory(prefix="greffier-engines-")))
        folder.chmod(0o755)
        (folder / "server").mkdir()
        (folder / "texts").mkdir()
        servers = {
            "register": postgresql_server(folder / "server"),
            "passages": postgresql_server(folder / "texts"),
            "vectors": chroma_server(tmp_path / "chroma"),
        }
        for server in servers.values():
            server.start()
            ending.callback(server.kill)
        yield servers


@pytest.fixture
def terminal(
    engines: dict[str, Started],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    """Commands with stand-ins for the models and the guard alone."""
    guard = RosterGuard(RESIDENT)
    model = ScriptedModel(likes=["4,20"], says=ANSWER)
    stand_ins: dict[str, Any] = {
        "embedder": HashEmbedder(),
        "model": model,
        "question_reader": plain_reader,
    }
    for name, thing in stand_ins.items():
        monkeypatch.setattr(Parts, name, property(lambda self, thing=thing: thing))
    monkeypatch.setattr(Parts, "embedder_name", "hash")
    monkeypatch.setattr("assistant.wiring.open_guard", lambda settings, data: guard)
    monkeypatch.setattr("assistant.wiring.open_screening", lambda settings, data, **how: guard)
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    for name in ("register", "passages"):
        new_database(engines[name].port, "greffier")
    (tmp_path / "secret.txt").write_text(PASSWORD, "utf-8")
    terminal.data.mkdir()
    (terminal.data / "greffier.toml").write_text(
        f"""
[index]
database = "postgresql://{USER}@127.0.0.1:{engines["passages"].port}/greffier"
database_password = "{tmp_path / "secret.txt"}"
chroma = "http://127.0.0.1:{engines["vectors"].port}"
[register]
database = "postgresql://{USER}@127.0.0.1:{engines["register"].port}/greffier"
database_password = "{tmp_path / "secret.txt"}"
[service]
traces = "http://127.0.0.1:{free_port()}"
""",
        "utf-8",
    )
    return terminal


def test_each_engine_that_dies_is_told_and_taken_up_again(
    terminal: Terminal, engines: dict[str, Started], tmp_path: Path
) -> None:
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    shown = [terminal("ask", PRICE, "--json").json]  # the collector was never there
    assert shown[0]["status"] == "answer"
    told_by = {"vectors": "index.chroma", "passages": "index.database", "register": "registre"}
    for name, told in told_by.items():
        engines[name].kill()
        asked = terminal("ask", PRICE, "--json")
        assert asked.code != 0 and asked.out == ""
        assert len(asked.err.splitlines()) == 1 and told in asked.err
        assert PASSWORD not in asked.err and "cantine" not in asked.err
        engines[name].start()
        shown.append(terminal("ask", PRICE, "--json").json)
        assert shown[-1]["status"] == "answer"
    listed = terminal("register", "show", "--last", "99", "--jsonl").out
    assert all(one["record"] in listed for one in shown)
    assert terminal("register", "verify", "--json").json["holds"]
    assert sorted(path.name for path in terminal.data.glob("*") if path.is_dir()) == ["register"]


def test_an_engine_that_is_stopped_in_order_is_missed_as_little(
    terminal: Terminal, engines: dict[str, Started]
) -> None:
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    for name in ("register", "passages"):
        engines[name].stop(signal.SIGINT)  # a fast shutdown: an upgrade of PostgreSQL
        assert terminal("ask", PRICE).code != 0
        engines[name].start()
        assert terminal("ask", PRICE, "--json").json["status"] == "answer"


def test_a_service_fails_shut_while_its_passages_are_gone_and_goes_on_once_they_are_back(
    terminal: Terminal, engines: dict[str, Started]
) -> None:
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    settings = Settings.read(terminal.data / "greffier.toml")
    with open_parts(terminal.data, terminal.keys, settings) as parts:
        assert isinstance(parts.assistant.ask(PRICE), Answer)
        engines["passages"].kill()
        for _ in range(2):
            with pytest.raises(PassagesUnusable):
                parts.assistant.ask(PRICE)
        engines["passages"].start()
        assert isinstance(parts.assistant.ask(PRICE), Answer)
        assert parts.register.verify().holds


def test_a_document_that_goes_leaves_the_server_too(
    terminal: Terminal, engines: dict[str, Started]
) -> None:
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    listed = terminal("corpus", "list", "--json").json
    gone = next(one["id"] for one in listed if one["file"] == "cantine.txt")
    assert terminal("corpus", "remove", gone, "--json").json["remains"] == 0
    address = f"http://127.0.0.1:{engines['vectors'].port}"
    index = ChromaServerIndex(address, name="greffier-nobody")
    (name,) = (
        found.name
        for found in index._server.list_collections()
        if found.name.startswith("greffier-") and found.name != "greffier-nobody"
    )
    kept = index._collection(name).get()["ids"]
    index.close()
    assert len(kept) == sum(one["passages"] for one in listed if one["id"] != gone)
