# SPDX-License-Identifier: EUPL-1.2
"""What somebody of the town stood for, on the simple page: said in its language, called wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Answer, Author, Said, Sentence, Step, Validation, Via
from tests.ui.senior.conftest import HERE, TUESDAY, senior_app, settings
from tests.ui.senior.test_journey import ask, texts
from tests.ui.town import ScriptedAssistant, answering, found
from ui.agent import Phase, View
from ui.senior import SeniorExtras, routes
from ui.senior.asked import Asked
from ui.senior.routes import WRONG_A_DAY
from ui.senior.speech import to_speak

SAID = Sentence(text="هاتف البلدية: 01 99 00 00 10.", citations=(), author=Author.PERSON)
OF_SHEET = Validation(card="contact:phone", at="2026-03-03", language="ar")
STOOD = Validation(card="a1b2", role="agent", by="x", at="2026-03-03T10:00:00+00:00")


class Kept(ScriptedAssistant):
    """Remembers in which language each question was asked."""

    def __init__(self, stood: Validation) -> None:
        super().__init__(self._steps)
        self._stood = stood
        self.languages: list[str] = []

    def _steps(self, question: str) -> Sequence[Step]:
        *_, answer = answering(question)
        assert isinstance(answer, Answer)
        if self._stood.language:
            answer = replace(answer, sentences=(SAID,), citations=())
        answer = replace(answer, via=Via.CARD, validation=self._stood)
        said = [Said(sentence=one, citations=()) for one in answer.sentences]
        return [replace(found(question), evidence=()), *said, answer]


def asked_of(stood: Validation, query: str = "", **fields: str) -> tuple[str, list[str]]:
    """Return the page of an answer, and which cards were said to be wrong once its button was
    pressed."""
    reported: list[str] = []

    def report(card: str, *, suspends: bool) -> None:
        assert suspends
        reported.append(card)

    extras = SeniorExtras(now=lambda: TUESDAY, report=report)
    app = senior_app(Kept(stood), settings(), extras)
    browser = TestClient(app, base_url=HERE)
    page = ask(browser, "Le téléphone ?", **fields).text
    form = LexborHTMLParser(page).css_first("form.wrong")
    if form is not None:
        sent = {i.attributes["name"] or "": i.attributes["value"] or "" for i in form.css("input")}
        done = browser.post("/simple/wrong", data=sent, headers={"origin": HERE})
        assert "n’est plus donnée" in done.text
        stale = sent | {"token": "x.y"}
        late = browser.post("/simple/wrong", data=stale, headers={"origin": HERE})
        assert late.status_code == 404
    app.state.close()
    return page, reported


def test_the_sheet_is_said_in_the_language_of_the_page_with_no_source_to_open() -> None:
    page, reported = asked_of(OF_SHEET, lang="ar")
    said = LexborHTMLParser(page).css_first(".said")
    assert said is not None
    assert (said.attributes["lang"], said.attributes["dir"]) == ("ar", "rtl")
    assert texts(page, ".said p") == [SAID.text]
    assert not texts(page, ".written")
    assert reported == []  # settings are mended by the town, not by who reads them


def test_a_validated_answer_says_so_and_is_withdrawn_by_who_says_that_it_is_wrong() -> None:
    page, reported = asked_of(STOOD)
    assert texts(page, ".stood") == [
        "Réponse vérifiée par une personne de la mairie le 3 mars 2026."
    ]
    assert texts(page, ".written blockquote")
    assert reported == ["a1b2"]


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_it_is_read_aloud_in_its_language(language: str) -> None:
    asked = Asked(())
    stood = replace(OF_SHEET, language="" if language == "fr" else language)
    asked.show(View(phase=Phase.ANSWERED, sentences=(SAID,), validation=stood))
    ((words, spoken),) = to_speak(asked, "tr")
    assert spoken == language
    assert SAID.text in words
    assert ("Réponse d’une machine" in words) is (language == "fr")


def test_one_place_takes_few_answers_out_of_service_in_a_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An anonymous visitor took the town's validated answers out of service one after another."""
    told, here = list[bool](), ["198.51.100.7"]
    monkeypatch.setattr(routes, "places_asking", lambda request: {here[0]: 1})

    def report(card: str, *, suspends: bool) -> None:
        told.append(suspends)

    app = senior_app(Kept(STOOD), settings(), SeniorExtras(now=lambda: TUESDAY, report=report))

    def says_wrong(browser: TestClient) -> str:
        form = LexborHTMLParser(ask(browser, "Le téléphone ?").text).css_first("form.wrong")
        assert form is not None
        sent = {i.attributes["name"] or "": i.attributes["value"] or "" for i in form.css("input")}
        return browser.post("/simple/wrong", data=sent, headers={"origin": HERE}).text

    with TestClient(app, base_url=HERE) as browser:
        pages = [says_wrong(browser) for _ in range(WRONG_A_DAY + 2)]
        here[0] = "198.51.100.8"
        neighbour = says_wrong(browser)
    app.state.close()
    assert told == [True] * WRONG_A_DAY + [False] * 2 + [True]
    assert ["n’est plus donnée" in page for page in pages] == [True] * WRONG_A_DAY + [False] * 2
    assert "va relire cette réponse" in pages[-1]
    assert "n’est plus donnée" in neighbour
