# SPDX-License-Identifier: EUPL-1.2
"""Whatever is typed or broken: one line that says what to do, a non-zero exit, nothing lost."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import ModelInterrupted
from assistant.seams import Prompt
from assistant.wiring import Parts
from corpus.errors import CorpusBusy, FolderUnusable, NoSuchPath, StorageFull
from corpus.weights_catalogue import DEFAULT_EMBEDDER, catalogue
from tests.assistant.terminal import RESIDENT, Printed, RosterGuard, Terminal, stand_in
from tests.fakes import ScriptedModel

PRICE = "Combien coûte le repas de la cantine ?"


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch)
    return Terminal(tmp_path, capsys, monkeypatch)


@pytest.fixture
def bare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    """A machine without any model file."""
    stand_in(monkeypatch, models=False)
    return Terminal(tmp_path, capsys, monkeypatch)


def one_clear_line(printed: Printed, code: int = 1, *, start: str = "Erreur : ") -> str:
    """Return the one line of the error, once it is sure that there is nothing else."""
    assert printed.code == code
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line.startswith(start)
    assert "Traceback" not in line and "Error(" not in line
    assert len(line) < 400
    return line


BAD = {
    "no question": (["ask"], b"", "est vide"),
    "an empty question": (["ask", ""], b"", "est vide"),
    "a blank question": (["search", " \n\t"], b"", "est vide"),
    "a very long question": (["ask", "é" * 50_000], b"", "50000 caractères"),
    "a very long search": (["search", "é" * 50_000], b"", "50000 caractères"),
    "a folder that does not exist": (["corpus", "add", "nulle-part"], b"", "n'existe pas"),
    "a file that does not exist": (["screen", "nulle-part.txt"], b"", "n'existe pas"),
    "a line that is not JSON": (["ask", "--jsonl"], b"bonjour\n", "la ligne 1"),
    "a line that is not an object": (["screen", "--jsonl"], b"\n[1]\n", "la ligne 2"),
    "a line without its field": (["search", "--jsonl"], b'{"id":"1"}\n', "question"),
    "a field that is not text": (["screen", "--jsonl"], b'{"text":3}\n', "text"),
    "a line that is too deep": (["ask", "--jsonl"], b"[" * 100_000 + b"\n", "la ligne 1"),
    "bytes that are not UTF-8": (["screen"], b"\xff\xfe\xe9", "UTF-8"),
    "a JSON line that is not UTF-8": (["screen", "--jsonl"], b'{"text":"\xe9"}\n', "UTF-8"),
    "questions that are not there": (["eval", "nulle-part.toml"], b"", "n'existe pas"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_that_says_what_to_do(terminal: Terminal, case: str) -> None:
    arguments, stdin, said = BAD[case]
    assert said in one_clear_line(terminal(*arguments, stdin=stdin))


@pytest.mark.parametrize("case", BAD)
def test_and_in_english_it_says_so_in_english(terminal: Terminal, case: str) -> None:
    arguments, stdin, _ = BAD[case]
    french = one_clear_line(terminal(*arguments, stdin=stdin))
    english = one_clear_line(terminal("--lang", "en", *arguments, stdin=stdin), start="Error: ")
    assert english.partition(": ")[2] != french.partition(" : ")[2]


def test_a_bad_line_leaves_the_results_before_it(terminal: Terminal) -> None:
    done = terminal("screen", "--jsonl", stdin=b'{"id":"1","text":"Bonjour."}\nbonjour\n')
    assert [row["id"] for row in done.jsonl] == ["1"]
    assert done.code == 1 and "la ligne 2" in done.err


def test_a_bad_line_is_not_quoted(terminal: Terminal) -> None:
    done = terminal("screen", "--jsonl", stdin=f'{{"text": "{RESIDENT}'.encode())
    assert RESIDENT not in done.err + done.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["corpus", "nothing"],
        ["ask", "--nothing", PRICE],
        ["--lang", "de", "ask", PRICE],
        ["search", "-k", "0", PRICE],
        ["search", "-k", "beaucoup", PRICE],
        ["corpus", "add"],
        ["serve", "--port", "99999"],
        ["models", "pull", "another"],
    ],
    ids=" ".join,
)
def test_a_badly_written_command_points_to_its_help(
    terminal: Terminal, arguments: list[str]
) -> None:
    line = one_clear_line(terminal(*arguments), code=2)
    assert "--help" in line or "serve" in arguments  # `serve` is added by ui/main.py


# -- the data folder


def settings(terminal: Terminal, text: str | bytes) -> None:
    terminal.data.mkdir(exist_ok=True)
    raw = text if isinstance(text, bytes) else text.encode()
    (terminal.data / "greffier.toml").write_bytes(raw)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("watts = ", "ne se lit pas"),
        (b"name = '\xff'", "ne se lit pas"),
        ("wats = 3", "wats"),
        ("[model]\ncontext_tokens = 12", "model.context_tokens"),
        ("language = 'de'", "language"),
    ],
    ids=["not TOML", "not UTF-8", "unknown name", "out of range", "unknown language"],
)
@pytest.mark.parametrize("command", [["ask", PRICE], ["doctor"], ["corpus", "list"]], ids=" ".join)
def test_settings_that_cannot_be_read_are_named(
    terminal: Terminal, text: str | bytes, said: str, command: list[str]
) -> None:
    settings(terminal, text)
    line = one_clear_line(terminal(*command))
    assert "greffier.toml" in line and said in line


def test_settings_that_are_a_folder(terminal: Terminal) -> None:
    (terminal.data / "greffier.toml").mkdir(parents=True)
    assert "greffier.toml" in one_clear_line(terminal("ask", PRICE))


def test_an_english_town_reads_its_errors_in_english(terminal: Terminal) -> None:
    settings(terminal, "language = 'en'")
    one_clear_line(terminal("ask", ""), start="Error: ")
    one_clear_line(terminal("--lang", "fr", "ask", ""))


def write_marker(terminal: Terminal, text: str) -> None:
    terminal.data.mkdir(exist_ok=True)
    (terminal.data / "greffier.json").write_text(text, "utf-8")


def test_a_folder_of_a_newer_version_is_left_alone(terminal: Terminal) -> None:
    marker = '{"version": 99, "id": "7a0c1f8e-37b7-4f0c-a2c8-5b3b1c9d2e10"}'
    write_marker(terminal, marker)
    for command in (["ask", PRICE], ["corpus", "add", str(terminal.town)], ["corpus", "list"]):
        assert "plus récente" in one_clear_line(terminal(*command))
    assert [p.name for p in terminal.data.iterdir()] == ["greffier.json"]
    assert (terminal.data / "greffier.json").read_text("utf-8") == marker


def test_passages_of_a_newer_version_are_left_alone(terminal: Terminal) -> None:
    terminal("corpus", "add", str(terminal.town))
    with closing(sqlite3.connect(terminal.data / "passages.db")) as database:
        database.execute("PRAGMA user_version = 99")
    assert "plus récente" in one_clear_line(terminal("search", PRICE))


@pytest.mark.parametrize("marker", ["", "{}", '{"version": "x", "id": 3}', "[]"])
def test_a_damaged_marker_is_said(terminal: Terminal, marker: str) -> None:
    write_marker(terminal, marker)
    assert "abîmé" in one_clear_line(terminal("search", PRICE))


def test_passages_that_are_not_a_database_are_said(terminal: Terminal) -> None:
    terminal("corpus", "add", str(terminal.town))
    for name in ("passages.db", "passages.db-wal", "passages.db-shm"):
        (terminal.data / name).unlink(missing_ok=True)
    (terminal.data / "passages.db").write_bytes(b"not a database at all" * 500)
    assert "abîmé" in one_clear_line(terminal("search", PRICE))


def test_a_data_folder_that_is_a_file_is_said(terminal: Terminal) -> None:
    terminal.data.write_text("I am a file", "utf-8")
    assert "dossier de données" in one_clear_line(terminal("search", PRICE))
    assert terminal.data.read_text("utf-8") == "I am a file"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StorageFull(), "faites de la place"),
        (CorpusBusy(), "attendez"),
        (FolderUnusable("no_access"), "--data"),
        (NoSuchPath(1), "2"),
        (OSError(28, "No space left on device"), "faites de la place"),
        (PermissionError(13, "Permission denied"), "droits"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_corpus_reports_says_what_to_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def broken(self: Parts) -> None:
        raise error

    monkeypatch.setattr(Parts, "ingestion", property(broken))
    line = one_clear_line(terminal("corpus", "add", str(terminal.town)))
    assert said in line


# -- models


def test_a_model_that_is_missing_names_the_command_that_fetches_it(bare: Terminal) -> None:
    for command in (["ask", PRICE], ["search", PRICE], ["corpus", "add", str(bare.town)]):
        assert f"greffier models pull {DEFAULT_EMBEDDER}" in one_clear_line(bare(*command))


def test_a_model_with_a_wrong_hash_is_deleted_and_never_loaded(bare: Terminal) -> None:
    file = bare.models / next(w.file for w in catalogue() if w.name == DEFAULT_EMBEDDER)
    bare.models.mkdir()
    file.write_bytes(b"other bytes")
    assert "n'était pas le bon" in one_clear_line(bare("search", PRICE))
    assert not file.exists()


@pytest.mark.parametrize("name", ["nulle-part.gguf", "nobody-knows-it"])
def test_a_model_that_the_settings_misname_is_said(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.undo()
    stand_in(monkeypatch, models=False)
    monkeypatch.setenv("GREFFIER_KEYS", str(terminal.keys))
    monkeypatch.setattr(Parts, "search", property(lambda self: None))
    monkeypatch.setattr(Parts, "embedder", property(lambda self: None))
    monkeypatch.setattr(Parts, "question_reader", property(lambda self: None))
    monkeypatch.setattr(Parts, "wording", property(lambda self: None))
    settings(terminal, f'[model]\nname = "{name}"')
    line = one_clear_line(terminal("--data", str(terminal.data), "ask", PRICE))
    assert name in line and "greffier models list" in line


# -- the guard and the register


def test_a_guard_that_fails_shows_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, guard=RosterGuard(RESIDENT, trap="PIÈGE"))
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    for command in (["screen"], ["search", "PIÈGE"]):
        one_clear_line(terminal(*command, stdin=b"PI\xc3\x88GE"))
    refused = terminal("ask", "PIÈGE", "--json").json
    assert (refused["status"], refused["reason"]) == ("refusal", "guard_closed")


def test_a_register_that_cannot_be_opened_shows_nothing(terminal: Terminal) -> None:
    terminal("corpus", "list")
    (terminal.data / "register").write_text("I am a file", "utf-8")
    assert "registre" in one_clear_line(terminal("ask", PRICE))


def test_a_register_that_stops_writing_shows_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("corpus", "add", str(terminal.town))
    terminal("ask", PRICE)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("guardrails.register.register.Register.append", full)
    assert "faites de la place" in one_clear_line(terminal("ask", PRICE))
    monkeypatch.undo()
    monkeypatch.setenv("GREFFIER_KEYS", str(terminal.keys))
    assert terminal("--data", str(terminal.data), "register", "verify").code == 0


def test_a_register_that_was_cut_refuses_to_go_on(terminal: Terminal) -> None:
    terminal("corpus", "add", str(terminal.town))
    before = terminal.register.read_bytes()
    terminal("ask", PRICE)
    for rest in ("-wal", "-shm"):
        Path(f"{terminal.register}{rest}").unlink(missing_ok=True)
    terminal.register.write_bytes(before)
    assert "greffier register verify" in one_clear_line(terminal("ask", PRICE))


def test_keys_that_are_gone_are_said(terminal: Terminal) -> None:
    terminal("ask", PRICE)
    terminal.keys.rename(terminal.keys.with_name("elsewhere"))
    assert "clés" in one_clear_line(terminal("ask", PRICE))


# -- the machine


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 800 kB, where this machine lets us make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=800k", "tmpfs", str(disk)],
        capture_output=True, check=False, timeout=300,
    ) if os.geteuid() == 0 else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip("making a small disk takes the right to mount one")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True, timeout=300)


def test_a_full_disk_loses_nothing(terminal: Terminal, small_disk: Path) -> None:
    data = ["--data", str(small_disk / "data")]
    first = terminal(*data, "corpus", "add", str(terminal.town), "--json")
    assert first.json["added"] == 2
    words = [f"Article {n} : la place numéro {n * n} est libre.\n\n" for n in range(20_000)]
    (terminal.town / "long.txt").write_text("".join(words), "utf-8")
    assert "faites de la place" in one_clear_line(
        terminal(*data, "corpus", "add", str(terminal.town))
    )
    files = {row["file"] for row in terminal(*data, "corpus", "list", "--json").json}
    assert files == {"cantine.txt", "livres/bibliotheque.txt"}
    assert terminal(*data, "register", "verify").code == 0


def test_an_interrupted_command_says_so(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("corpus", "add", str(terminal.town))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ScriptedModel, "log_probability", interrupt)
    done = terminal("ask", PRICE)
    assert (done.code, done.out, done.err) == (130, "", "\nInterrompu.\n")
    kinds = [
        json.loads(line)["payload"].get("status")
        for line in terminal("register", "show", "--kind", "outcome", "--jsonl").out.splitlines()
    ]
    assert kinds == ["abandoned"]


def test_a_model_that_ends_under_way_is_told_in_one_line(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal("corpus", "add", str(terminal.town))
    weigh, ends = ScriptedModel.log_probability, list[int]()

    def end(self: ScriptedModel, prompt: Prompt, reply: str) -> float:
        if len(ends) % 2 == 0:
            ends.append(1)
            raise ModelInterrupted("model_interrupted", name="petit")
        return weigh(self, prompt, reply)

    monkeypatch.setattr(ScriptedModel, "log_probability", end)
    assert "vous pouvez reposer la question" in one_clear_line(terminal("ask", PRICE))
    assert terminal("ask", PRICE, "--json").json["status"] == "answer"
    ends.append(1)
    many = terminal("ask", "--jsonl", stdin=[{"id": "a", "question": PRICE}])
    assert [one["status"] for one in many.jsonl] == ["answer"]  # asked once more by itself
    shown = terminal("register", "show", "--kind", "outcome", "--jsonl").out.splitlines()
    told = sorted(json.loads(line)["payload"]["status"] for line in shown)
    assert told == ["answer", "answer", "interrupted", "interrupted"]
