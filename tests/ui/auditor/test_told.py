# SPDX-License-Identifier: EUPL-1.2
"""An auditor opens what is no plain question, and reads in words what happened.

Each is entered by what enters it for agents: a comparison, a letter, a card, a dropped file.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.cards import Settled, Why
from assistant.comparing.desk import CompareDesk
from assistant.comparing.sides import Asked, SideReader
from assistant.replying import answered
from corpus.documents import PUBLIC
from corpus.rights import Rights
from guardrails.register import AuditRecord, Kind, Register
from guardrails.register.records import JsonValue
from tests.assistant.conftest import CANTEEN, RESIDENT, register
from tests.assistant.test_cards_serving import ANSWER, ME, QUESTION, QUOTE, Town, open_town, town
from tests.assistant.test_replying import reader
from tests.corpus.conftest import ReadHere
from tests.fakes import WordGuard
from tests.ui.auditor.conftest import Do
from tests.ui.auditor.stand import HOSTILE
from tests.ui.test_dropping import OFFER, Page

__all__ = ["open_town", "register", "town"]


def last(register: Register, kind: Kind) -> int:
    return max(entry.index for entry in register.entries() if entry.kind is kind)


def opened(do: Do, index: int) -> LexborHTMLParser:
    screen = do("open", index=str(index))
    assert screen.entry is not None, screen.status
    return LexborHTMLParser(screen.entry)


def read(entry: LexborHTMLParser, part: str = "told") -> str:
    """Return what a part of an entry says, its sealed form left out."""
    (section,) = entry.css(f"section.{part}")
    return " ".join(section.text(separator=" ").replace("\u00a0", " ").split())


def links(entry: LexborHTMLParser, part: str = "told") -> list[str]:
    return [a.attributes["href"] or "" for a in entry.css(f"section.{part} a.source")]


def compare(town: Town, register: Register, offer: Path, text: str) -> None:
    offer.write_text(text, "utf-8")
    side_reader = SideReader(
        store=lambda: town.store,
        sees=lambda document: True,
        guard=lambda size: WordGuard(RESIDENT),
        open_reading=lambda: nullcontext(ReadHere()),
    )
    asked = Asked(name="cantine.txt"), Asked(name="offre.txt", path=offer)
    rights = Rights({"senior": frozenset({PUBLIC})})
    CompareDesk(side_reader, register, rights).compare(*asked, **ME)


def test_a_comparison_is_told_with_both_documents_and_each_difference(
    town: Town, register: Register, do: Do, tmp_path: Path
) -> None:
    compare(town, register, tmp_path / "offre.txt", CANTEEN.replace("4,20", "4,60"))
    index = last(register, Kind.COMPARISON)
    entry = opened(do, index)
    payload = next(e.payload for e in register.entries() if e.index == index)
    assert [payload[side]["audience"] for side in "ab"] == ["public", "agents"]
    told = read(entry)
    assert "Deux documents ont été comparés" in told
    assert "cantine.txt, 1 page" in told
    assert "offre.txt, 1 page (fichier déposé pour cette fois, dont rien n'est gardé)" in told
    assert "1 différence." in told and "lignes et phrases sont inchangées" in told
    assert "Modifié" in told and "→" in told
    assert "coûte 4,20 euros" in told and "coûte 4,60 euros" in told
    (document,) = (d.id for d in town.store.documents())
    (link,) = links(entry)  # of what was only read there is no page any more
    assert link.startswith(f"/source/{document}/1?start=")
    assert RESIDENT not in (entry.html or "")

    listed = do("browse", kind="comparison").listing or ""
    assert "cantine.txt / offre.txt" in listed


def test_a_comparison_that_finds_nothing_says_so(
    town: Town, register: Register, do: Do, tmp_path: Path
) -> None:
    compare(town, register, tmp_path / "offre.txt", CANTEEN)
    told = read(opened(do, last(register, Kind.COMPARISON)))
    assert "0 différences." in told and "Modifié" not in told


def test_each_question_of_a_letter_is_read_as_one_that_was_asked(
    town: Town, register: Register, do: Do
) -> None:
    town.add()
    letter = reader("Sandrine", "Lepetit").read_text(
        "De : Sandrine Lepetit <s.lepetit@exemple.fr>\n\nMadame, Monsieur,\n\n"
        f"{QUESTION} Avez-vous une piscine ?\n\nCordialement,\nSandrine Lepetit\n"
    )
    parts = list(answered(town.assistant, letter.questions, actor="agent-7"))
    assert len(parts) == 2
    asked = [e.index for e in register.entries() if e.kind is Kind.INTENT]
    told = [read(opened(do, index), "asked") for index in asked]
    assert QUESTION in told[0] and "piscine" in told[1]
    said = [read(opened(do, index), "said") for index in asked]
    assert ANSWER in said[0] and QUOTE in said[0]
    assert "Phrase écrite et validée par un agent" in said[0]
    assert "refus" in said[1]
    measures = read(opened(do, asked[0]), "measures")
    assert "Faite de une réponse validée" in measures
    assert f"Reconnue comme la question {QUESTION} (probabilité 1,00, mot pour mot)" in measures
    everything = "".join(told + said)
    assert "Lepetit" not in everything and "Sandrine" not in everything


def test_a_card_is_told_from_its_birth_to_its_end(town: Town, register: Register, do: Do) -> None:
    identifier = town.add(wordings=("Quel est le prix du repas ?",), service="Enfance")
    entry = opened(do, last(register, Kind.CARD))
    born = read(entry)
    assert "Réponse validée : servie désormais." in born
    for words in (QUESTION, ANSWER, QUOTE, "Quel est le prix du repas ?", "Enfance", identifier):
        assert words in born
    (document,) = (d.id for d in town.store.documents())
    assert [link.partition("?")[0] for link in links(entry)] == [f"/source/{document}/1"]

    town.desk.suspend(identifier, why=Why.REPORTED, **ME)
    told = read(opened(do, last(register, Kind.CARD)))
    assert "Réponse validée : suspendue, elle n'est plus servie." in told
    assert "Pourquoi quelqu'un l'a signalée comme fausse" in told and QUESTION in told
    listed = (do("browse", kind="card").listing or "").replace("&#x27;", "'")
    assert "suspendue, elle n'est plus servie" in listed and QUESTION in listed

    town.desk.settle_matter(["Quand ouvre la piscine ?"], Settled.MISSING, **ME)
    matter = read(opened(do, last(register, Kind.CARD)))
    assert "Questions sans réponse : un document manque." in matter
    assert "Quand ouvre la piscine ?" in matter


def test_an_answer_from_a_dropped_file_says_so_and_leads_to_no_page(
    register: Register, do: Do, tmp_path: Path
) -> None:
    page = Page(register, tmp_path)
    try:
        page.ask(page.drop())
    finally:
        page.services.held.close()
    entry = opened(do, last(register, Kind.INTENT))
    said = read(entry, "said")
    dropped = "(fichier déposé pour cette fois, dont rien n'est gardé)"
    assert OFFER in said and f"devis [PERSONNE_1].txt, page 1 {dropped}" in said
    assert dropped in read(entry, "passages")
    assert links(entry, "said") == []
    assert RESIDENT not in (entry.html or "")


@pytest.mark.parametrize(
    "payload",
    [
        {"a": {"file": HOSTILE}, "b": {"file": HOSTILE}, "changes": [
            {"kind": HOSTILE, "what": HOSTILE, "before": HOSTILE, "after": HOSTILE,
             "quote_a": HOSTILE, "quote_b": HOSTILE, "part": HOSTILE, "page_a": None},
        ]},
        {"a": None, "b": 3, "changes": ["x", {"quote_a": 7}], "unchanged": "many"},
        {"card": HOSTILE, "status": HOSTILE, "question": HOSTILE, "why": HOSTILE,
         "answer": HOSTILE, "wordings": [HOSTILE], "audience": HOSTILE, "until": HOSTILE,
         "service": HOSTILE, "quotes": [{"document": HOSTILE, "quote": HOSTILE}]},
        {"card": 1, "status": "not_ours", "questions": [HOSTILE, 2]},
        {"quotes": "none", "wordings": 3},
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [Kind.COMPARISON, Kind.CARD])
def test_whatever_stands_in_an_entry_it_is_shown_as_text(
    register: Register, do: Do, kind: Kind, payload: dict[str, JsonValue]
) -> None:
    record = AuditRecord(kind=kind, exchange=register.new_exchange(), payload=payload)
    entry = opened(do, register.append(record).index)
    assert read(entry)
    assert entry.css("img, script") == []
