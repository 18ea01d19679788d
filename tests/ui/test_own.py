# SPDX-License-Identifier: EUPL-1.2
"""One's own questions: by choice, for thirty days, nobody else's, named, taken up, erased."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Citation, Found, Reason, Step
from assistant.exchange import exchange
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.documents import Filters
from corpus.rights import NO_FILTER
from guardrails.errors import DetectorFailed
from guardrails.findings import Screened
from guardrails.register import Kind, Register, Selection
from tests.fakes import WordGuard
from tests.register.homes import Clock, Home
from tests.ui.town import CANTEEN, EVIDENCE, FIRST, LEAD, SENTENCES
from tests.ui.workspace import RESIDENT, browsing, linked_town, tools
from ui.access.person import Person, Role
from ui.access.routes import find
from ui.agent.own import FILE, OwnQuestions
from ui.agent.services import AgentServices

AGNES, BRUNO = Person("agnes", Role.AGENT), Person("bruno", Role.AGENT)
PRICE = "Quel est le tarif de la cantine pour un enfant ?"
POOL = "Quels sont les horaires de la piscine ?"


class Sealing:
    """Answers everything from one quote, or refuses what asks for a pool; seals it as always."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.quote: Citation = FIRST

    def steps(
        self, question: str, *, actor: str = "", role: str = "agent", audience: str = "agent",
        filters: Filters = NO_FILTER, language: str = "",
    ) -> Iterator[Step]:  # fmt: skip
        if "PIÈGE" in question:
            raise DetectorFailed("words")
        opened = exchange(
            self._register, actor=actor, role=role, audience=audience, model="m", rules="r",
            watts_per_core=1.0,
        )  # fmt: skip
        with opened as one:
            one.intend(Screened(question), EVIDENCE)
            yield Found(question=question, evidence=EVIDENCE, record=one.record)
            if "piscine" in question:
                one.leads = (LEAD,)
                yield one.refuse(Reason.NOT_ANSWERED)
            else:
                yield one.say(SENTENCES[0].text, self.quote)
                yield one.answer()


class Office:
    """The pages in front of one person who can change, over a real register."""

    def __init__(
        self, register: Register, clock: Clock, folder: Path, *, erases: bool = False
    ) -> None:
        self.person, self.register, self.clock, self.folder = AGNES, register, clock, folder
        self.guard = WordGuard(RESIDENT, trap="PIÈGE")
        self.own = OwnQuestions(register, folder / FILE, self.guard.screen, erases=erases)
        self.assistant, self.pages = Sealing(register), linked_town()
        self.services = AgentServices(
            assistant=self.assistant,
            texts=Texts("fr"),
            store=self.pages,
            settings=Settings.model_validate({}),
            tools=replace(tools(register), own=self.own),
        )
        self.browser = browsing(self.services, lambda: self.person)

    def ask(self, question: str = PRICE, who: str = "agnes") -> str:
        steps = list(self.assistant.steps(question, actor=who))
        assert isinstance(steps[0], Found)
        return steps[0].record

    def turn_on(self) -> None:
        self.browser.post("/mes-questions/choix", data={"montrer": "1"})

    def get(self, path: str = "/mes-questions") -> LexborHTMLParser:
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return LexborHTMLParser(answer.text)

    def listed(self, path: str = "/mes-questions") -> list[str]:
        return [link.text() for link in self.get(path).css(".threads a")]

    def first(self) -> str:
        link = self.get().css_first(".threads a")
        assert link is not None
        return str(link.attributes["href"])

    def questions(self, path: str) -> list[str]:
        return [node.text() for node in self.get(path).css(".turn .question")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def office(home: Home) -> Iterator[Office]:
    with home.open() as register:
        yield Office(register, home.clock, home.path)


def test_nothing_is_shown_until_it_is_asked_for(office: Office) -> None:
    office.ask()
    page = office.get()
    assert PRICE not in page.html and page.css_first("button[name=montrer]") is not None
    promises = page.css_first(".promises")  # /sans-reponse shows them to every agent
    assert promises is not None and "lues par les agents" in promises.text()
    assert not (office.folder / FILE).exists()
    office.turn_on()
    assert office.listed() == [PRICE]
    office.browser.post("/mes-questions/choix", data={"montrer": "0"})
    assert PRICE not in office.get().html


def test_an_answer_is_shown_as_it_was_with_its_quote_and_where_it_stands(office: Office) -> None:
    office.ask()
    office.turn_on()
    page = office.get(office.first())
    (quote,) = page.css(".citations blockquote")
    assert quote.text() == FIRST.quote
    assert SENTENCES[0].text in page.text() if page.body else False
    (link,) = page.css(".citations a.source")
    assert f"/source/{CANTEEN}/2" in (link.attributes["href"] or "")
    assert page.css_first("[data-copy]") and page.css_first("[data-print]")


def test_a_refusal_is_shown_with_its_leads(office: Office) -> None:
    office.ask(POOL)
    office.turn_on()
    page = office.get(office.first())
    assert page.css_first(".card.refused .leads blockquote") is not None


def test_nobody_sees_what_another_agent_asked(office: Office) -> None:
    record = office.ask()
    office.ask("Quel est le délai d'un permis ?", who="bruno")
    office.turn_on()
    office.person = BRUNO
    assert "button" in office.get().html and office.listed() == []  # a choice is one person's
    office.turn_on()
    assert office.listed() == ["Quel est le délai d'un permis ?"]
    for method, path in (("get", ""), ("post", ""), ("post", "/nom"), ("post", "/fin")):
        answer = office.browser.request(
            method, f"/mes-questions/{record}{path}", data={"question": "Et le samedi ?"}
        )
        assert answer.status_code == 404 and "cantine" not in answer.text


def test_who_does_not_sign_in_has_no_questions_of_their_own(office: Office) -> None:
    office.ask(who="")
    office.person = Person("", Role.AGENT)
    office.turn_on()
    page = office.get()
    assert "personne ne s'identifie" in page.html.replace("’", "'") and PRICE not in page.html


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_auditor_does_not_come_in(method: str) -> None:
    for path in ("/mes-questions", f"/mes-questions/{'7f' * 16}"):
        route = find(method, path)
        assert route is not None and route.roles == {Role.AGENT, Role.ADMIN}


def test_an_auditor_sees_that_they_were_read_and_by_which_pseudonym(office: Office) -> None:
    office.ask()
    office.turn_on()
    office.get()
    found = list(office.register.entries(Selection(kinds=(Kind.READING,)), by="auditor"))
    assert {(e.payload["purpose"], e.actor) for e in found} == {
        ("own", office.register.pseudonym("agnes"))
    }


def test_a_question_of_another_month_is_theirs_and_one_of_31_days_is_gone(office: Office) -> None:
    office.clock.let(days=20)
    office.ask("Quel est le tarif de la crèche ?")
    office.clock.let(days=20)
    office.ask()
    office.turn_on()
    assert office.listed() == [PRICE, "Quel est le tarif de la crèche ?"]
    office.clock.let(days=11)
    assert office.listed() == [PRICE]


def test_a_clock_that_is_ahead_for_a_minute_takes_no_name_out(office: Office) -> None:
    office.ask()
    office.turn_on()
    office.browser.post(f"{office.first()}/nom", data={"nom": "Cantine"})
    office.clock.let(days=4_000)
    assert office.listed() == []
    office.clock.let(days=-4_000)
    assert office.listed() == ["Cantine"]


def test_questions_close_in_time_are_one_conversation(office: Office) -> None:
    office.ask()
    office.clock.let(minutes=20)
    office.ask("Quel est le tarif pour un adulte ?")
    office.clock.let(minutes=31)
    office.ask(POOL)
    office.turn_on()
    assert office.listed() == [POOL, PRICE]
    assert len(office.questions(f"{office.get().css('.threads a')[1].attributes['href']}")) == 2


def test_a_conversation_is_named_in_hidden_words_and_keeps_its_name(office: Office) -> None:
    office.ask()
    office.turn_on()
    path = office.first()
    office.browser.post(f"{path}/nom", data={"nom": f"Cantine de {RESIDENT}"})
    assert office.listed() == ["Cantine de [PERSONNE_1]"]
    assert RESIDENT.encode() not in (office.folder / FILE).read_bytes()
    assert office.browser.post(f"{path}/nom", data={"nom": "PIÈGE"}).status_code == 400
    assert office.listed() == ["Cantine de [PERSONNE_1]"]
    office.browser.post("/mes-questions/choix", data={"montrer": "0"})
    office.turn_on()
    assert office.listed() == [PRICE]


def test_a_conversation_is_taken_up_days_later_and_a_follow_up_goes_on(office: Office) -> None:
    office.ask()
    office.turn_on()
    path = office.first()
    office.clock.let(days=3)
    done = office.browser.post(path, data={"question": "Et pour un adulte ?"})
    assert done.status_code == 200
    assert office.questions(path) == [PRICE, "Quel est le tarif de la cantine pour un adulte ?"]
    assert office.listed() == [PRICE]
    office.browser.post(path, data={"question": "Et pour un senior ?", "telle": "1"})
    assert office.questions(path)[-1] == "Et pour un senior ?"


def test_what_cannot_be_asked_is_said_and_kept_in_its_box(office: Office) -> None:
    office.ask()
    office.turn_on()
    answer = office.browser.post(office.first(), data={"question": "Un <PIÈGE> ?"})
    assert answer.status_code == 400 and "Un &lt;PIÈGE&gt; ?" in answer.text
    assert 'role="alert"' in answer.text


def test_they_are_searched_in_questions_answers_and_names_and_no_address_has_the_words(
    office: Office,
) -> None:
    office.ask()
    office.clock.let(hours=2)
    office.ask(POOL)
    office.turn_on()
    for words, found in (("piscine", [POOL]), ("commune enfant", [PRICE]), ("poney", [])):
        answer = office.browser.post("/mes-questions", data={"q": words}, follow_redirects=False)
        address = str(answer.headers["location"])
        assert words not in address and office.listed(address) == found
        office.person = BRUNO
        assert words not in office.get(address).html
        office.person = AGNES


def test_one_click_erases_the_list_and_the_register_keeps_what_it_must(office: Office) -> None:
    record = office.ask()
    office.turn_on()
    office.get(office.first())
    done = office.browser.post("/mes-questions/effacer")
    assert "effacée" in done.text and office.listed() == []
    assert office.browser.get(f"/reponse/{record}/docx").status_code == 404
    entries = office.register.exchange(record)
    assert entries and not any(entry.erased for entry in entries)
    office.browser.post("/mes-questions/choix", data={"montrer": "0"})
    office.turn_on()
    assert office.listed() == []
    office.ask(POOL)
    assert office.listed() == [POOL]


def test_who_chose_not_to_see_them_and_erases_them_still_does_not_see_them(office: Office) -> None:
    office.ask()
    office.browser.post("/mes-questions/effacer")
    office.ask(POOL)
    assert POOL not in office.get().html
    office.turn_on()
    assert office.listed() == [POOL]


def test_whom_to_call_is_what_the_town_says_now(office: Office) -> None:
    said = {"phone": "01 99 00 11 22"}
    now = [Settings.model_validate({}), Settings.model_validate({"town": said})]
    office.services = replace(office.services, settings=lambda: now[0])
    office.browser = browsing(office.services, lambda: office.person)
    office.ask(POOL)
    office.turn_on()
    path = office.first()
    assert said["phone"] not in (office.get(path).html or "")
    now.reverse()
    assert said["phone"] in (office.get(path).html or "")


def test_one_conversation_is_erased_alone(office: Office) -> None:
    office.ask()
    office.clock.let(hours=1)
    office.ask(POOL)
    office.turn_on()
    office.browser.post(f"{office.first()}/fin")
    assert office.listed() == [PRICE]


def test_where_the_town_allows_it_the_register_forgets_the_words_too(home: Home) -> None:
    with home.open() as register:
        office = Office(register, home.clock, home.path, erases=True)
        record, other = office.ask(), office.ask(POOL, who="bruno")
        office.turn_on()
        done = office.browser.post("/mes-questions/effacer")
        assert "détruit au registre" in done.text
        assert all(entry.erased for entry in register.exchange(record))
        assert not any(entry.erased for entry in register.exchange(other))
        [erasure] = register.entries(Selection(kinds=(Kind.ERASURE,)))
        assert erasure.public["why"] == "own"
        assert register.verify().holds


def test_what_quotes_a_document_that_is_not_to_be_seen_today_is_not_shown_again(
    office: Office,
) -> None:
    record = office.ask()
    office.turn_on()
    office.person = Person("agnes", Role.AGENT, ("urbanisme",))
    page = office.get(f"/mes-questions/{record}")
    assert FIRST.quote not in page.html and "3,40" not in page.html
    assert "ne permet pas de voir" in page.html
    assert office.browser.get(f"/reponse/{record}/docx").status_code == 404
    office.person = AGNES
    office.assistant.quote = replace(FIRST, document="d" * 64)  # dropped, or taken out since
    assert "3,40" not in office.get(f"/mes-questions/{office.ask()}").css(".turn")[-1].html


def test_what_was_just_shown_is_not_taken_away_once_it_may_not_be_seen(office: Office) -> None:
    record = office.ask()
    office.turn_on()
    office.get(office.first())
    forms = [f"/reponse/{record}/{form}" for form in ("docx", "preuve")]
    assert [office.browser.get(form).status_code for form in forms] == [200, 200]
    office.person = Person("agnes", Role.AGENT, ("urbanisme",))
    assert [office.browser.get(form).status_code for form in forms] == [404, 404]


def test_the_pages_speak_english(office: Office) -> None:
    office.services = replace(office.services, texts=Texts("en"))
    office.browser = browsing(office.services, lambda: office.person)
    office.ask()
    assert "Show my questions" in (office.get().html or "")
    office.turn_on()
    page = office.get(office.first())
    assert (
        "Name of this conversation" in (page.html or "")
        and "1 question" in page.css(".lead")[0].text()
    )


def test_an_opinion_is_asked_once(office: Office) -> None:
    record = office.ask()
    office.turn_on()
    office.get(office.first())
    say = {"verdict": "right"}
    assert "inscrit" in office.browser.post(f"/reponse/{record}/avis", data=say).text
    office.services.shelf.drop("agnes", [record])  # hours later
    office.get(office.first())
    assert "déjà" in office.browser.post(f"/reponse/{record}/avis", data=say).text
