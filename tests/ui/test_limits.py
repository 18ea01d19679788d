# SPDX-License-Identifier: EUPL-1.2
"""A question can be limited to one document, chosen by title or by a link from Documents."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.settings import Settings
from assistant.texts import Texts
from corpus.documents import Filters
from tests.table import each
from tests.ui.town import CANTEEN, MINUTES, MemoryPages, ScriptedAssistant, answering, town
from ui.access.person import Person, Role
from ui.agent.filters import read, read_query
from ui.agent.pieces import Pieces
from ui.agent.services import AgentServices

AGNES = Person("agnes", Role.AGENT)
TITLE = "Délibération n° 2025-31 du 3 juin 2025 – Tarifs de la restauration scolaire"
ONE = Filters(documents=frozenset({CANTEEN}))


def pieces(pages: MemoryPages) -> Pieces:
    return Pieces(
        AgentServices(
            assistant=ScriptedAssistant(answering),
            texts=Texts("fr"),
            store=pages,
            settings=Settings.model_validate({}),
        )
    )


def options(html: str) -> list[tuple[str, bool]]:
    found = LexborHTMLParser(html).css("select[name=document] option[value]:not([value=''])")
    return [(str(one.attributes["value"]), "selected" in one.attributes) for one in found]


@each("written", ["", "x" * 201, "a/b", "<b>", "é"])
def test_what_is_no_id_limits_nothing(written: str) -> None:
    assert read({"document": written}).documents is None


def test_a_document_is_chosen_by_its_title_and_a_link_chooses_it() -> None:
    shown = pieces(town())
    assert options(shown.limits(AGNES)) == [(CANTEEN, False), (MINUTES, False)]
    chosen = shown.limits(AGNES, read_query(f"document={CANTEEN}"))
    assert options(chosen) == [(CANTEEN, True), (MINUTES, False)]
    assert '<details class="limits" open>' in chosen
    assert "open" not in shown.limits(AGNES)
    assert TITLE in LexborHTMLParser(shown.note(None, ONE, AGNES)).text().replace("\xa0", " ")


def test_nobody_is_told_the_title_of_a_document_that_they_may_not_see() -> None:
    pages = town()
    pages.collections[CANTEEN] = "paie"
    person = Person("agnes", Role.AGENT, collections=("public",))
    shown = pieces(pages)
    assert options(shown.limits(person, ONE)) == [(MINUTES, False)]
    assert "open" not in shown.limits(person, ONE)
    assert TITLE not in shown.note(None, ONE, person)
    pages.collections.clear()
    pages.needs[CANTEEN] = "decision_health"
    assert options(shown.limits(AGNES, ONE)) == [(MINUTES, False)]


def test_of_too_many_only_the_one_that_was_chosen_is_in_the_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.agent.pieces.MOST_DOCUMENTS", 1)
    shown = pieces(town())
    assert options(shown.limits(AGNES, ONE)) == [(CANTEEN, True)]
    assert "select[name=document]" not in shown.limits(AGNES) and not options(shown.limits(AGNES))
