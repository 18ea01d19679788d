# SPDX-License-Identifier: EUPL-1.2
"""`greffier register proof|witnesses|policy`, `verify --policy`, `greffier witness …`, as a script
or a person runs them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.settings import Settings
from assistant.wiring import open_parts
from guardrails.register import Kind
from guardrails.register.notes import read_note
from guardrails.register.verify import main
from guardrails.register.witness import Witness
from guardrails.register.witness_http import WitnessServer
from tests.register.homes import ask_in

Run = Callable[..., tuple[int, str, str]]
NAME = "temoin.voisine.example/w"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GREFFIER_KEYS", str(tmp_path / "keys"))
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def greffier(data: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str, language: str = "fr") -> tuple[int, str, str]:
        code = run(["--data", str(data), "--lang", language, *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return command


@pytest.fixture
def exchange(data: Path, tmp_path: Path) -> str:
    with open_parts(data, tmp_path / "keys", Settings()) as parts:
        return ask_in(parts.register)


@pytest.fixture
def server(greffier: Run, tmp_path: Path) -> Iterator[WitnessServer]:
    """A witness that the command founded, served in this process."""
    code, out, err = greffier("witness", "init", NAME)
    assert (code, out.startswith(f"{NAME}+"), "n'en remettez jamais" in err) == (0, True, True)
    with (
        closing(Witness(tmp_path / "witness" / "witness.sqlite3")) as witness,
        WitnessServer(("127.0.0.1", 0), witness) as server,
    ):
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def watch(data: Path, server: WitnessServer) -> None:
    """Name the witness in the settings."""
    line = f"{server.witness.key} http://127.0.0.1:{server.server_address[1]}"
    (data / "greffier.toml").write_text(f'[register]\nwitnesses = ["{line}"]\n', "utf-8")


def test_a_proof_is_written_and_said_to_outlive_an_erasure(
    greffier: Run, exchange: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = greffier("register", "proof", exchange)
    assert (code, "survivent à un effacement" in err) == (0, True)
    folder = tmp_path / f"preuve-{exchange[:8]}"
    names = sorted(f"{folder.name}/{path.name}" for path in folder.iterdir())
    assert sorted(out.splitlines()) == names
    key = greffier("register", "key")[1].strip()
    assert main([str(folder), "--public-key", key]) == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    code, out, _ = greffier("register", "proof", exchange, "--output", "p.zip", "--json")
    told = json.loads(out.splitlines()[-1])  # below what `main` said
    assert (code, told["place"], told["files"], len(told["entries"])) == (0, "p.zip", ["p.zip"], 3)
    code, out, _ = greffier("register", "verify", "p.zip", "--public-key", key)
    assert (code, "La preuve tient" in out) == (0, True)
    exports = greffier("register", "show", "--kind", "export", "--jsonl")[1].splitlines()
    assert [json.loads(line)["payload"]["form"] for line in exports] == ["proof", "proof"]


def test_a_record_that_is_not_there_is_told(greffier: Run, exchange: str, tmp_path: Path) -> None:
    for record in ("nothing", "99999"):
        code, out, err = greffier("register", "proof", record, "--output", str(tmp_path / "p"))
        assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert not (tmp_path / "p").exists()


def test_proofs_of_a_selection_are_exported(greffier: Run, exchange: str, tmp_path: Path) -> None:
    path = str(tmp_path / "proofs.zip")
    code, _, err = greffier("register", "export", path, "--form", "proofs", "--kind", "intent")
    assert (code, err.startswith("1 entrées exportées")) == (0, True)
    key = greffier("register", "key")[1].strip()
    assert greffier("register", "verify", path, "--public-key", key)[0] == 0


def test_a_register_without_witnesses_asks_nobody(greffier: Run, exchange: str) -> None:
    code, out, err = greffier("register", "witnesses")
    assert (code, out, "rien ne sort" in err) == (0, "", True)
    policy = greffier("register", "policy")[1]
    assert policy.splitlines()[-1] == "quorum none"
    assert greffier("register", "policy", "--quorum", "1")[0] == 2


def test_a_town_and_its_witness_from_the_first_command_to_the_verdict(
    greffier: Run, server: WitnessServer, data: Path, exchange: str, tmp_path: Path
) -> None:
    watch(data, server)
    code, out, err = greffier("register", "witnesses", "--ask")
    assert (code, "ne connaît pas ce registre" in out, err) == (1, True, "")
    key = greffier("register", "key")[1].strip()
    code, _, err = greffier("witness", "trust", key)
    assert (code, err.startswith("Veille sur greffier/")) == (0, True)
    code, out, err = greffier("register", "checkpoint")
    assert (code, len(read_note(out).signatures)) == (0, 1)
    assert f"{NAME} : vu le " in err
    told = json.loads(greffier("register", "witnesses", "--json")[1])
    assert (told["witnesses"][0]["name"], told["witnesses"][0]["trouble"]) == (NAME, None)
    assert told["witnesses"][0]["size"] == read_note(out).checkpoint.size

    policy = tmp_path / "policy"
    policy.write_text(greffier("register", "policy", "--quorum", "1")[1], "utf-8")
    copy = str(tmp_path / "copy.sqlite3")
    assert greffier("register", "export", copy, "--form", "copy")[0] == 0
    code, out, err = greffier("register", "verify", copy, "--policy", str(policy))
    assert (code, "Vu par 1 témoin le " in out, err) == (0, True, "")
    proof = str(tmp_path / "proof.zip")
    assert greffier("register", "proof", exchange, "--output", proof)[0] == 0
    assert greffier("register", "verify", proof, "--policy", str(policy))[0] == 0
    assert greffier("register", "verify", "--policy", str(policy))[0] == 4  # the export since

    code, out, _ = greffier("witness", "list", "--json")
    [log] = json.loads(out)["logs"]
    assert (code, log["keys"], log["contradictions"]) == (0, [key], [])
    assert greffier("witness", "list")[1].splitlines()[0] == str(server.witness.key)
    code, _, err = greffier("witness", "trust", key, "--forget")
    assert (code, "n'est plus crue" in err) == (0, True)


def test_incidents_say_what_was_wrong_and_no_more(
    greffier: Run, server: WitnessServer, data: Path, exchange: str, tmp_path: Path
) -> None:
    watch(data, server)
    greffier("register", "checkpoint")
    with open_parts(data, tmp_path / "keys", Settings()) as parts:
        told = [e.public for e in parts.register.entries() if e.kind is Kind.INCIDENT]
    assert told == [{"why": "witness_trouble", "witness": NAME, "what": "unknown"}]


def test_what_is_wrong_with_a_policy_is_told_with_its_line(
    greffier: Run, exchange: str, tmp_path: Path
) -> None:
    policy = tmp_path / "policy"
    policy.write_text("quorum none\nmirror x\n", "utf-8")
    code, out, err = greffier("register", "verify", "--policy", str(policy))
    assert (code, out, "ligne 2" in err) == (2, "", True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "the key is not that of a witness"),
        ("https://temoin.example", "the key is not that of a witness"),
        ("KEY", "the address of the witness is missing"),
        ("KEY ", "the address of the witness is missing"),
        ("KEY http://temoin.example", "in the clear"),
        ("KEY ftp://temoin.example", "none of http or https"),
        ("KEY https://temoin.example?q=1", "more than a place"),
        ("KEY https://a.example https://b.example", "not allowed"),
        ('KEY https://a.example", "KEY https://b.example', "twice"),
    ],
)
def test_a_witness_that_is_badly_named_in_the_settings_is_told(
    greffier: Run, server: WitnessServer, data: Path, line: str, said: str
) -> None:
    written = line.replace("KEY", str(server.witness.key))
    (data / "greffier.toml").write_text(f'[register]\nwitnesses = ["{written}"]\n', "utf-8")
    code, out, err = greffier("register", "key")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "register.witnesses" in err
    assert said in err


def test_a_witness_begins_once_and_says_what_is_wrong(
    greffier: Run, server: WitnessServer, tmp_path: Path
) -> None:
    for arguments, said in (
        (("init", NAME), "ne recommence pas"),
        (("init", "https://x", "--folder", str(tmp_path / "x")), "n'est pas un nom de témoin"),
        (("list", "--folder", str(tmp_path / "none")), "aucun témoin ici"),
        (("serve", "--folder", str(tmp_path / "none")), "aucun témoin ici"),
        (("trust", "x"), "n'est pas la clé publique d'un registre"),
        (("trust", str(server.witness.key)), "n'est pas la clé publique d'un registre"),
    ):
        code, out, err = greffier("witness", *arguments)
        assert (code, out, len(err.splitlines())) == (1, "", 1)
        assert said in err
    assert not (tmp_path / "x").exists()
