# SPDX-License-Identifier: EUPL-1.2
"""A private paper by the command line: it waits, is shown, decided on, and the register says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in
from tests.corpus.test_originals import pdf

LETTER = f"Je soussigné {RESIDENT} vous écris du lavoir.\n\nDepuis mars, je perçois le RSA.\n"
TELLS = f"{RESIDENT} perçoit le RSA depuis mars."


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch, guard=RosterGuard(RESIDENT))
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    (terminal.town / "lettre.txt").write_text(LETTER, "utf-8")
    return terminal


def _added(terminal: Terminal) -> str:
    report = terminal("corpus", "add", str(terminal.town), "--json").json
    assert {"file": "lettre.txt", "needs": "decision_social_aid"} in report["waiting"]
    (case,) = terminal("quarantine", "list", "--json").json
    return str(case["id"])


def test_it_waits_and_the_lists_say_why(terminal: Terminal) -> None:
    case = _added(terminal)
    rows = {row["id"]: row for row in terminal("corpus", "list", "--json").json}
    assert (rows[case]["needs"], rows[case]["passages"]) == ("decision_social_aid", 0)
    assert "une décision est attendue" in terminal("corpus", "list").out
    assert "en attente ; aide sociale" in terminal("quarantine", "list").out
    shown = terminal("quarantine", "show", case, "--json").json
    assert shown["concerns"] == [
        {"page": 1, "category": "social_aid", "text": "Depuis mars, je perçois le RSA."}
    ]
    assert "[aide sociale]  Depuis mars" in terminal("quarantine", "show", case).out


def test_a_page_has_the_number_that_it_has_in_the_file(terminal: Terminal) -> None:
    (terminal.town / "lettre.txt").unlink()
    (terminal.town / "lettre.pdf").write_bytes(pdf((LETTER.splitlines()[0],), (), (TELLS,)))
    terminal("corpus", "add", str(terminal.town))
    (case,) = terminal("quarantine", "list", "--json").json
    shown = terminal("quarantine", "show", case["id"], "--json").json
    assert [one["page"] for one in shown["concerns"]] == [3]  # the second is blank
    kept = {row["id"]: row["pages"] for row in terminal("corpus", "list", "--json").json}
    assert kept[case["id"]] == 3


@pytest.mark.parametrize("decision", ["keep", "hide", "reject"])
def test_a_decision_is_in_the_register_and_holds(terminal: Terminal, decision: str) -> None:
    case = _added(terminal)
    done = terminal("quarantine", decision, case, "--json")
    assert done.json == {"id": case, "decision": decision, "to_read": False}
    shown = terminal("register", "show", "--kind", "quarantine", "--jsonl").out
    entry, begun = sorted((json.loads(line) for line in shown.splitlines()),
                          key=lambda entry: len(entry["payload"]))  # fmt: skip
    assert begun["payload"] == {**entry["payload"], "status": "begun", "change": ""}
    assert entry["payload"] == {
        "document": case,
        "decision": decision,
        "before": "",
        "categories": {"social_aid": 1},
    }
    assert terminal("corpus", "add", str(terminal.town), "--json").json["waiting"] == []
    (row,) = terminal("quarantine", "list", "--json").json
    assert row["decision"] == decision
    found = terminal("search", "lavoir", "--json").json["passages"]
    assert ("lettre.txt" in {p["file"] for p in found}) is (decision != "reject")


def test_a_document_that_is_no_case_is_refused(terminal: Terminal) -> None:
    _added(terminal)
    done = terminal("quarantine", "keep", "0" * 32)
    assert done.code == 1
    assert "greffier quarantine list" in done.err
