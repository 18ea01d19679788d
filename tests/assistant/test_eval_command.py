# SPDX-License-Identifier: EUPL-1.2
"""`greffier eval`: scores in JSON and as a page, a gate for a build, and drafts to correct."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.evaluation import read_questions
from assistant.tally import tally
from tests.assistant.terminal import ANSWER, RESIDENT, Terminal, stand_in

QUESTIONS = f"""
[[question]]
question = "Combien coûte le repas de la cantine ? demande {RESIDENT}"
answers = ["4,20 €"]
file = "cantine.txt"
page = 1
kind = "amount"

[[question]]
question = "Ai-je droit à une aide ?"
kind = "individual_verdict"
"""


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch)
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    assert terminal("corpus", "add", str(terminal.town), "--json").code == 0
    (tmp_path / "q.toml").write_text(QUESTIONS, "utf-8")
    return terminal


def test_a_file_is_scored_with_or_without_the_word_run(terminal: Terminal, tmp_path: Path) -> None:
    file = str(tmp_path / "q.toml")
    done = terminal("eval", file, "--json")
    assert done.code == 0
    assert (done.json["right"], done.json["refused_rightly"], done.json["wrong"]) == (1, 1, 0)
    assert (done.json["quotes"], done.json["quotes_off_page"]) == (1, 0)
    assert set(asdict(tally([]))) <= set(done.json)
    assert set(done.json["kinds"]) == {"amount", "individual_verdict"}
    assert terminal("eval", "run", file, "--json").json["right"] == 1
    assert terminal("eval", "--json", file).json["right"] == 1
    assert "individual_verdict" in terminal("eval", file).out


def test_a_gate_that_is_not_held_ends_with_code_1_and_names_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = str(tmp_path / "q.toml")
    (tmp_path / "gate.toml").write_text("answered_at_least = 1\nwrong_at_most = 0\n", "utf-8")
    held = terminal("eval", file, "--gate", str(tmp_path / "gate.toml"), "--json")
    assert (held.code, held.json["broken"]) == (0, [])
    other = tmp_path / "other.toml"
    other.write_text(QUESTIONS.replace("4,20", "9,99"), "utf-8")
    broken = terminal("eval", str(other), "--require", "wrong_at_most=0", "--json")
    assert (broken.code, broken.json["broken"]) == (1, ["wrong_at_most"])
    assert "wrong_at_most" in broken.err
    unknown = terminal("eval", file, "--require", "vitesse=1")
    assert unknown.code == 1 and "vitesse" in unknown.err


def test_the_report_holds_hidden_forms_only(terminal: Terminal, tmp_path: Path) -> None:
    page = tmp_path / "rapport.html"
    assert terminal("eval", str(tmp_path / "q.toml"), "--html", str(page)).code == 0
    written = page.read_text("utf-8")
    assert ANSWER in written and "[PERSONNE_1]" in written
    assert RESIDENT not in written


def test_a_file_without_a_question_is_said(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "vide.toml").write_text("question = []\n", "utf-8")
    done = terminal("eval", str(tmp_path / "vide.toml"))
    assert done.code == 1 and "vide.toml" in done.err


def test_drafts_are_a_question_file_whose_answers_stand_in_the_documents(
    terminal: Terminal, tmp_path: Path
) -> None:
    done = terminal("eval", "propose", "--count", "12")
    assert done.code == 0 and RESIDENT not in done.out
    (tmp_path / "drafts.toml").write_text(done.out, "utf-8")
    drafts = read_questions(tmp_path / "drafts.toml")
    answered = [draft for draft in drafts if draft.answers]
    assert {draft.kind for draft in answered} >= {"amount", "hours"}
    for draft in answered:
        text = (terminal.town / draft.file).read_text("utf-8")
        assert draft.answers[0] in text
        assert draft.answers[0] not in draft.question
    assert {d.kind for d in drafts if not d.answers} >= {"off_topic", "personal_data"}
    assert terminal("eval", "propose", "--collection", "vide").code == 0
