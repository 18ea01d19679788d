# SPDX-License-Identifier: EUPL-1.2
"""One invented person planted everywhere; the whole product runs on them, and dies twice.

Then every byte of the data folder, keys, home, temporary files and of all that was
printed is searched: nothing of that person is anywhere but in the town's own papers.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import closing
from itertools import cycle
from pathlib import Path

import pytest

from tests.promises import canary
from tests.promises.machine import SAMPLES, Machine, missing_models


@pytest.mark.parametrize("token", canary.TOKENS)
def test_the_search_finds_each_token_in_each_form(tmp_path: Path, token: str) -> None:
    (tmp_path / "raw").write_bytes(f"x{token.upper()}x".encode())
    (tmp_path / "wide").write_bytes(b"x" + token.encode("utf-16-le"))
    (tmp_path / "spaced").write_bytes(" ".join(token).encode())
    (tmp_path / "packed").write_bytes(b"head" + zlib.compress(token.encode()))
    with zipfile.ZipFile(tmp_path / "zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("part", token * 3)
    with closing(sqlite3.connect(tmp_path / "rows")) as database:
        database.execute("CREATE TABLE t (a TEXT)")
        database.execute("INSERT INTO t VALUES (?)", ("x" * 9000 + token,))
        database.commit()
    folder = tmp_path.name
    assert canary.everywhere(tmp_path) == {
        f"{folder}/{name}": {token} for name in ("raw", "wide", "spaced", "packed", "zip", "rows")
    }


def test_the_canary_s_papers_hold_the_canary(tmp_path: Path) -> None:
    canary.plant(tmp_path / "town")
    found = canary.everywhere(tmp_path / "town")
    papers = [path for path in (tmp_path / "town").rglob("*") if path.is_file()]
    assert len(found) >= len(papers)


@pytest.mark.real
def test_nothing_of_the_canary_is_left_anywhere(tmp_path: Path) -> None:
    if missing := missing_models():
        pytest.skip(f"model files are missing: greffier models pull ({', '.join(missing)})")
    machine = Machine(tmp_path / "machine")
    machine.data.mkdir(mode=0o700)
    shutil.copyfile(SAMPLES / "greffier.toml", machine.data / "greffier.toml")
    readable = canary.plant(machine.town)
    printed: dict[str, str] = {}

    def keep(name: str, *arguments: str, stdin: str | list[dict[str, object]] = "") -> int:
        done = machine(*arguments, stdin=stdin)
        printed[name] = done.out + done.err
        return done.code

    killed = machine.kill_when(machine.is_adding, "corpus", "add", str(machine.town), "--json")
    printed["killed add"] = b"".join(killed).decode()
    crash = canary.everywhere(machine.data, machine.keys, machine.home, machine.temp)
    assert crash == {}

    assert keep("add", "corpus", "add", str(machine.town), "--json") == 0
    assert f'"added": {readable}' in printed["add"] or '"unchanged"' in printed["add"]
    questions: list[dict[str, object]] = [{"id": 1, "question": canary.QUESTION}]
    assert keep("list", "corpus", "list") == 0
    assert keep("search", "search", "--jsonl", stdin=questions) == 0
    assert keep("search by name", "search", f"le dossier de Mme {canary.NAME}") == 0
    assert keep("ask", "ask", canary.QUESTION) == 0
    before = machine.register_rows("intent")
    killed = machine.kill_when(
        lambda: machine.register_rows("intent") > before, "ask", canary.QUESTION
    )
    printed["killed ask"] = b"".join(killed).decode()
    for paper in [*sorted(machine.town.glob("*.txt")), machine.town / "demande.odt"]:
        keep(f"summary {len(printed)}", "summary", str(paper))  # a case, or nothing, is refused
    letter = next(machine.town.glob(f"courrier {canary.LAST.upper()}*.txt"))
    with_letter = ("ask", "Que demande ce courrier ?", "--with", str(letter), "--only-with")
    assert keep("ask a file", *with_letter) == 0
    before = machine.register_rows("intent")
    killed = machine.kill_when(lambda: machine.register_rows("intent") > before, *with_letter)
    printed["killed ask a file"] = b"".join(killed).decode()
    crash = canary.everywhere(machine.data, machine.keys, machine.home, machine.temp)
    assert crash == {}
    texts: list[dict[str, object]] = [{"id": 1, "text": canary.LETTER}]
    assert keep("screen", "screen", "--jsonl", stdin=texts) == 0
    assert keep("explain", "screen", "--explain", stdin=canary.LETTER) == 0
    assert keep("explain, JSON", "screen", "--explain", "--json", stdin=canary.LETTER) == 0
    assert keep("quarantine", "quarantine", "list", "--json") == 0
    waiting = json.loads(printed["quarantine"].splitlines()[0])
    assert "aide.txt" in {case["file"] for case in waiting}
    for case, decision in zip(waiting, cycle(["hide", "reject"])):
        assert keep(f"show {case['id']}", "quarantine", "show", case["id"]) == 0
        assert keep(f"{decision} {case['id']}", "quarantine", decision, case["id"]) == 0
    assert keep("bad line", "ask", "--jsonl", stdin=f'{{"question": "{canary.QUESTION}') == 1
    long = canary.QUESTION * 500
    assert keep("long", "ask", long) == 1
    assert keep("no file", "screen", str(machine.town / f"{canary.NAME}.txt")) == 1
    export = machine.temp / "export.jsonl"
    assert keep("export", "register", "export", str(export)) == 0
    assert export.stat().st_size > 0
    assert keep("show", "register", "show", "--jsonl") == 0
    assert keep("verify", "register", "verify") == 0

    leaks = {name: found for name, text in printed.items() if (found := canary.hits(text.encode()))}
    assert leaks == {}
    assert canary.everywhere(machine.data, machine.keys, machine.home, machine.temp) == {}
