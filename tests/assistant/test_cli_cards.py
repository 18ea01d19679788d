# SPDX-License-Identifier: EUPL-1.2
"""Validated answers by the command line, as the contract has them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.cards.proposing import What
from assistant.wiring import Parts
from tests.assistant.terminal import RESIDENT, RosterGuard, Terminal, stand_in
from tests.fakes import MemoryIndex

QUESTION = "Combien coûte le repas de la cantine ?"
QUOTE = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune."


@pytest.fixture
def terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    stand_in(monkeypatch, guard=RosterGuard(RESIDENT))
    terminal = Terminal(tmp_path, capsys, monkeypatch)
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    return terminal


def line(**changes: Any) -> dict[str, Any]:
    return {"question": QUESTION, "file": "cantine.txt", "page": 1, "quote": QUOTE} | changes


def imported(terminal: Terminal, *lines: Any) -> Any:
    file = terminal.data.parent / "cards.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    return terminal("cards", "import", str(file), "--json").json


def test_an_import_keeps_the_page_s_own_words_and_tells_the_register(terminal: Terminal) -> None:
    loose = "LE REPAS  de la cantine coute 4,20\xa0euros"
    report = imported(terminal, line(quote=loose, wordings=["prix cantine"], until="2099-06-30"))
    (identifier,) = report["added"]
    assert report["refused"] == []
    (card,) = terminal("cards", "list", "--json").json["cards"]
    assert (card["id"], card["state"], card["why"]) == (identifier, "served", "")
    kept = "Le repas de la cantine coûte 4,20 euros"
    assert card["quotes"] == [{"file": "cantine.txt", "page": 1, "quote": kept}]
    assert card["wordings"] == ["prix cantine"]
    assert card["by"] and card["at"] and card["until"] == "2099-06-30"
    (entry,) = terminal("register", "show", "--kind", "card", "--jsonl").jsonl
    assert entry["payload"]["card"] == identifier
    assert entry["payload"]["status"] == "served"
    assert terminal("register", "verify").code == 0


BAD: list[tuple[dict[str, Any], str]] = [
    ({"quote": "Le repas coûte 9 euros."}, "quote_not_found"),
    ({"quote": "epas de la cantine"}, "quote_not_found"),
    ({"quote": "20 euros pour un enfant"}, "quote_not_found"),
    ({"page": 2}, "quote_not_found"),
    ({"page": 10**30}, "quote_not_found"),
    ({"question": "Combien ?\ud800"}, "missing_field"),
    ({"quote": "Le repas\ud800"}, "missing_field"),
    ({"file": "cantine\ud800.txt"}, "missing_field"),
    ({"answer": "Oui.\ud800"}, "missing_field"),
    ({"answers": {"en": "Yes.\ud800"}}, "missing_field"),
    ({"file": "nulle-part.txt"}, "no_such_file"),
    ({"answer": "Le repas coûte 4,30 euros."}, "value_without_source"),
    ({"answer": "Le repas coûte 4,20 euros jusqu'en juin."}, "value_without_source"),
    ({"answer": f"Le repas coûte 4,20 euros, dit {RESIDENT}."}, "personal_data"),
    ({"question": f"Combien {RESIDENT} paie-t-elle la cantine ?"}, "personal_data"),
    ({"wordings": [f"le repas de {RESIDENT}"]}, "personal_data"),
    ({"question": "Ai-je droit à l'APA ?"}, "individual_verdict"),
    ({"quote": "Le dossier a été déposé par [PERSONNE_1] le 3 mai 2024"}, "personal_data"),
    ({"question": " ?! "}, "missing_field"),
    ({"page": "1"}, "missing_field"),
    ({"quote": None}, "missing_field"),
    ({"audience": "tous"}, "bad_audience"),
    ({"until": "demain"}, "bad_date"),
    ({"until": "2020-01-01"}, "over"),
    ({"answer": "Oui. Non. Peut-être. Qui sait ?"}, "too_long"),
]


def test_what_nobody_may_validate_is_refused_with_why(terminal: Terminal) -> None:
    given = [line(question=f"{n}. {QUESTION}") | changes for n, (changes, _) in enumerate(BAD)]
    report = imported(terminal, *given)
    assert report["added"] == []
    wanted = {(one["question"], reason) for one, (_, reason) in zip(given, BAD, strict=True)}
    assert {(one["question"], one["reason"]) for one in report["refused"]} == wanted
    assert terminal("cards", "list", "--json").json == {"cards": []}
    assert "card" not in {e["kind"] for e in terminal("register", "show", "--jsonl").jsonl}


def test_one_question_with_two_answers_is_refused_twice(terminal: Terminal) -> None:
    same = line(question="combien coute le repas, de la cantine")
    other = same | {"quote": "Un repas peut être annulé jusqu'à la veille à 10 heures."}
    book = {"question": "Quand ouvre la bibliothèque ?", "page": 1,
            "file": "livres/bibliotheque.txt",
            "quote": "La bibliothèque ouvre le mercredi de 10 h à 18 h."}  # fmt: skip
    report = imported(terminal, line(), other, book, line(audience="agent"))
    assert len(report["added"]) == 1
    refused = [(one["question"], one["reason"]) for one in report["refused"]]
    assert refused.count((QUESTION, "two_answers")) == 2
    assert (other["question"], "two_answers") in refused

    assert len(imported(terminal, line())["added"]) == 1
    assert imported(terminal, line())["refused"][0]["reason"] == "already"
    assert imported(terminal, other)["refused"][0]["reason"] == "two_answers"


def test_two_audiences_may_be_answered_in_two_ways(terminal: Terminal) -> None:
    plain = line(answer="Le repas coûte 4,20 euros.", audience="senior")
    report = imported(terminal, line(audience="agent"), plain)
    assert len(report["added"]) == 2


def test_a_card_is_added_shown_suspended_confirmed_and_retired(terminal: Terminal) -> None:
    add = ("--file", "cantine.txt", "--page", "1", "--quote", QUOTE)
    (identifier,) = terminal("cards", "add", QUESTION, *add, "--json").json["added"]
    assert QUOTE in terminal("cards", "show", identifier).out
    assert terminal("cards", "show", identifier, "--json").json["question"] == QUESTION

    assert terminal("cards", "suspend", identifier).code == 0
    (waiting,) = terminal("cards", "review", "--json").json["cards"]
    assert (waiting["id"], waiting["why"]) == (identifier, "by_hand")
    assert QUOTE in waiting["quotes"][0]["now"]
    assert terminal("cards", "review", "--confirm", identifier).code == 0
    assert terminal("cards", "list", "--json").json["cards"][0]["state"] == "served"
    assert terminal("cards", "retire", identifier).code == 0
    assert terminal("cards", "list", "--state", "served", "--json").json == {"cards": []}
    done = terminal("cards", "suspend", identifier)
    assert (done.code, "greffier cards list" in done.err) == (1, True)
    entries = terminal("register", "show", "--kind", "card", "--jsonl").jsonl
    states = [entry["payload"]["status"] for entry in reversed(entries)]
    assert sorted(states) == ["retired", "served", "served", "suspended"]


def test_answers_in_other_languages_are_imported_and_listed(terminal: Terminal) -> None:
    said = {"en": "A meal costs 4,20 euros."}
    assert imported(terminal, line(answers=said))["refused"] == []
    (card,) = terminal("cards", "list", "--json").json["cards"]
    assert card["answers"] == said
    wrong = imported(terminal, line(question="Et ?", answers={"de": "4,20"}))
    assert wrong["refused"] == [{"question": "Et ?", "reason": "missing_field"}]
    assert "4,20" not in terminal("cards", "export").out


def test_questions_of_lines_are_proposed_once(terminal: Terminal) -> None:
    report = terminal("cards", "propose", "--limit", "3", "--json").json
    assert report["tried"] == 3
    assert report["tried"] == sum(report[one.value] for one in What)
    assert report["unwritten"] == 3  # the stand-in writes no question
    assert report["proposed"] == []
    assert terminal("cards", "propose", "--limit", "100").code == 0
    assert terminal("cards", "propose", "--json").json["tried"] == 0


def test_a_second_agent_s_agreement_can_be_demanded(terminal: Terminal) -> None:
    terminal.data.mkdir(exist_ok=True)
    (terminal.data / "greffier.toml").write_text("[cards]\nsecond_agent = true\n", "utf-8")
    (identifier,) = imported(terminal, line())["added"]
    (card,) = terminal("cards", "list", "--json").json["cards"]
    assert card["state"] == "proposed"
    done = terminal("cards", "review", "--confirm", identifier)
    assert done.code == 1
    assert "une autre personne" in done.err


def test_questions_alone_travel_to_another_town(terminal: Terminal, tmp_path: Path) -> None:
    imported(terminal, line(answer="Le repas coûte 4,20 euros.", wordings=["prix cantine"]))
    file = tmp_path / "export.jsonl"
    assert terminal("cards", "export", str(file)).code == 0
    (row,) = map(json.loads, file.read_text("utf-8").splitlines())
    assert row["question"] == QUESTION
    assert "4,20" not in file.read_text("utf-8")
    assert "cantine.txt" not in file.read_text("utf-8")

    (card,) = terminal("cards", "list", "--json").json["cards"]
    terminal("cards", "retire", card["id"])
    (identifier,) = imported(terminal, row)["added"]
    got = terminal("cards", "show", identifier, "--json").json
    assert (got["state"], got["quotes"]) == ("proposed", [])
    assert terminal("cards", "review", "--confirm", identifier).code == 1
    assert len(imported(terminal, line())["added"]) == 1  # tied to a page of its own


def test_the_file_is_its_owner_s_and_holds_no_name(terminal: Terminal) -> None:
    imported(terminal, line())
    path = terminal.data / "cards.db"
    assert path.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(path)) as database:
        assert RESIDENT not in "".join(database.iterdump())


def test_lines_that_are_no_cards_are_told(terminal: Terminal) -> None:
    file = terminal.data.parent / "bad.jsonl"
    for text in ("{", "[1]", "\xff"):
        file.write_bytes(text.encode("latin-1"))
        done = terminal("cards", "import", str(file), "--json")
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert imported(terminal, {"question": 3})["refused"] == [
        {"question": "", "reason": "missing_field"}
    ]


def test_asking_says_that_a_card_answers_and_adding_a_changed_page_suspends_it(
    terminal: Terminal,
) -> None:
    (identifier,) = imported(terminal, line())["added"]
    got = terminal("ask", QUESTION, "--json").json
    assert (got["status"], got["via"], got["card"]) == ("answer", "card", identifier)
    assert got["citations"] == [
        {
            "file": "cantine.txt",
            "page": 1,
            "quote": QUOTE,
            "verified": True,
            "dropped": False,
            "pack": None,
        }
    ]
    paper = terminal.town / "cantine.txt"
    paper.write_text(paper.read_text("utf-8").replace("4,20", "4,40"), "utf-8")
    assert terminal("corpus", "add", str(terminal.town)).code == 0
    (card,) = terminal("cards", "list", "--json").json["cards"]
    assert (card["state"], card["why"]) == ("suspended", "changed")
    got = terminal("ask", QUESTION, "--json").json
    assert (got["via"], got["card"]) == ("documents", "")
    (waiting,) = terminal("cards", "review", "--json").json["cards"]
    assert "4,40" in waiting["quotes"][0]["now"]


def test_removing_a_document_leaves_no_byte_of_its_cards(terminal: Terminal) -> None:
    imported(terminal, line())
    (document,) = [d for d in terminal("corpus", "list", "--json").json if "cantine" in d["file"]]
    proof = terminal("corpus", "remove", document["id"], "--json").json
    assert proof["remains"] == 0
    assert terminal("cards", "list", "--json").json == {"cards": []}
    held = b"".join(path.read_bytes() for path in terminal.data.glob("cards.db*"))
    assert QUOTE[:40].encode() not in held


def test_what_found_no_answer_is_listed_until_somebody_stands_for_one(terminal: Terminal) -> None:
    question = "Quel jour passe le bibliobus ?"
    for _ in range(2):
        assert terminal("ask", question, "--json").json["status"] == "refusal"
    (group,) = terminal("unanswered", "--json").json["groups"]
    assert (group["matter"], group["count"], group["questions"]) == (question, 2, [question])
    assert group["nearest"][0].keys() == {"file", "page", "quote"}
    assert question in terminal("unanswered").out
    imported(terminal, line(question=question))
    assert terminal("unanswered", "--json").json == {"groups": []}


class ClosableIndex(MemoryIndex):
    def close(self) -> None:
        """Nothing is open."""


def test_a_backup_brings_cards_back_and_nothing_stale_with_them(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("assistant.backup.sealing.SCRYPT_N", 2**4)
    monkeypatch.setenv("GREFFIER_BACKUP_PASSPHRASE", "une phrase de passe pour les essais")
    index = ClosableIndex()
    monkeypatch.setattr("assistant.commands.backup.open_index", lambda path: index)
    (identifier,) = imported(terminal, line())["added"]
    archive = tmp_path / "town.backup"
    assert terminal("backup", str(archive)).code == 0
    terminal("cards", "retire", identifier)
    shutil.rmtree(terminal.data)
    restored = terminal("restore", str(archive), "--json").json
    assert (restored["cards_withdrawn"], restored["cards_to_confirm"]) == (0, 1)
    monkeypatch.setattr(Parts, "index", property(lambda self: index))
    assert terminal("ask", QUESTION, "--json").json["via"] == "documents"
    (waiting,) = terminal("cards", "review", "--json").json["cards"]
    assert (waiting["id"], waiting["state"], waiting["why"]) == (
        identifier,
        "suspended",
        "restored",
    )
    assert terminal("register", "verify").code == 0
    assert terminal("cards", "review", "--confirm-restored").code == 0
    got = terminal("ask", QUESTION, "--json").json
    assert (got["via"], got["card"]) == ("card", identifier)

    paper = terminal.town / "cantine.txt"
    paper.write_text(paper.read_text("utf-8").replace("4,20", "4,40"), "utf-8")
    terminal("corpus", "add", str(terminal.town))
    assert terminal("ask", QUESTION, "--json").json["via"] == "documents"

    with closing(sqlite3.connect(terminal.data / "cards.db")) as database:
        database.execute("PRAGMA user_version = 99")
    done = terminal("cards", "list")
    assert (done.code, done.err.count("\n")) == (1, 1)
