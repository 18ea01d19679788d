# SPDX-License-Identifier: EUPL-1.2
"""Validated answers on the agents' pages: made, listed, mended, marked as wrong; what lacks one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from httpx import Response
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Citation, Lead, Lines, Reason, Sentence, Validation
from assistant.cards import CardDesk, CardStore, Maker, Settled, State, Why
from assistant.cards.card import PROGRAM, asking_key
from assistant.cards.ends import NEVER
from assistant.cards.unanswered import Group
from assistant.settings import Settings
from assistant.texts import Language, Texts
from corpus.documents import PUBLIC, Filters, Retrieved
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.rights import NO_FILTER
from guardrails.findings import Screened
from guardrails.register import Kind, Register, open_register
from guardrails.register.keys import Keyring
from tests.assistant.conftest import CANTEEN, RESIDENT
from tests.fakes import HashEmbedder, MemoryIndex, WordGuard, plain_reader
from tests.ui.town import ScriptedAssistant, answering
from tests.ui.workspace import browsing
from ui.access.person import Person, Role
from ui.agent.actions import Actions
from ui.agent.pieces import Pieces
from ui.agent.services import AgentServices, AgentTools, CardTools
from ui.agent.view import Phase, View
from ui.agent.words import table
from ui.reply import Reply

AGENT = Person("agnes", Role.AGENT)
QUESTION = "Combien coûte le repas de la cantine ?"
QUOTE = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune."
ANSWERED, REFUSED = "7f" * 16, "8a" * 16


class Town:
    """The pages in front of one person who can change, over real stores and a real register."""

    def __init__(
        self, folder: Path, register: Register, closing: ExitStack, language: Language = "fr"
    ) -> None:
        self.person = AGENT
        self.register = register
        self.store = PassageStore(folder / "passages.db")
        closing.callback(self.store.close)
        self.cards = CardStore(folder / "cards.db")
        closing.callback(self.cards.close)
        self.papers = folder / "papers"
        self.papers.mkdir()
        embedder, guard = HashEmbedder(), WordGuard(RESIDENT, trap="PIÈGE")
        self.index = MemoryIndex()
        self._ingestion = Ingestion(self.store, self.index, embedder, guard, key=b"k" * 32)
        self.desk = CardDesk(
            cards=self.cards,
            passages=self.store,
            maker=Maker(store=self.store, screen=guard.screen, read=plain_reader),
            embedder=lambda: embedder,
            register=register,
        )
        self.groups: list[Group] = []
        self.looked_for: list[str] = []
        self.services = AgentServices(
            assistant=ScriptedAssistant(answering),
            texts=Texts(language),
            store=self.store,
            settings=Settings.model_validate({}),
            tools=AgentTools(
                register=register,
                guard=guard,
                search=self._search,
                lines=self._lines,
                cards=CardTools(desk=self.desk, groups=lambda by, role: self._open()),
            ),
        )
        self.browser = browsing(self.services, lambda: self.person)
        self.browser.follow_redirects = False
        self.write(CANTEEN)
        for view in (self.answer(), self.refusal()):
            self.services.shelf.put("agnes", view)

    def _search(
        self, question: Screened, *, limit: int = 10, filters: Filters = NO_FILTER
    ) -> list[Retrieved]:
        self.looked_for.append(question.text)
        passages = self.store.passages_of(self.document)
        return [Retrieved(passage=one, score=0.5) for one in passages[:1]]

    def _lines(self, question: Screened, found: Sequence[Retrieved]) -> Lines:
        """Point at the price, wherever it stands."""
        places = ((one.passage, one.passage.text.text.find(QUOTE)) for one in found)
        return {p.id: (p.start + at, p.start + at + len(QUOTE)) for p, at in places if at >= 0}

    def _open(self) -> list[Group]:
        settled = {asking_key(one.question) for one in self.cards.settled()}
        return [one for one in self.groups if asking_key(one.matter) not in settled]

    def write(self, text: str) -> None:
        (self.papers / "cantine.txt").write_text(text, "utf-8")
        self.ingest(self.papers, PUBLIC)

    def ingest(self, folder: Path, collection: str) -> None:
        self._ingestion.add([folder], collection=collection)

    @property
    def document(self) -> str:
        return self.store.documents()[0].id

    def citation(self) -> Citation:
        page = self.store.page(self.document, 1) or ""
        start = page.index(QUOTE)
        return Citation(
            number=1, document=self.document, file="cantine.txt", page=1, quote=QUOTE,
            start=start, end=start + len(QUOTE),
        )  # fmt: skip

    def answer(self) -> View:
        return View(
            phase=Phase.ANSWERED,
            question=QUESTION,
            sentences=(Sentence(text="Le repas coûte 4,20 euros.", citations=(1,)),),
            citations=(self.citation(),),
            record=ANSWERED,
        )

    def refusal(self) -> View:
        passages = self.store.passages_of(self.document)
        return View(
            phase=Phase.REFUSED,
            question="Le prix du repas ?",
            reason=Reason.NOT_ANSWERED,
            leads=(Lead(citation=self.citation(), under=(), score=0.6),),
            evidence=tuple(Retrieved(passage=one, score=0.5) for one in passages[:1]),
            record=REFUSED,
        )

    def get(self, path: str, code: int = 200) -> LexborHTMLParser:
        answer = self.browser.get(path)
        assert answer.status_code == code, answer.text
        return LexborHTMLParser(answer.text)

    def form(self, path: str) -> dict[str, list[str]]:
        """Return the fields of the page's form, as a browser would send them."""
        return fields(self.get(path))

    def validate(self, path: str = f"/valider/{ANSWERED}", **typed: str) -> Response:
        form = self.form(path) | {name: [value] for name, value in typed.items()}
        return self.browser.post("/valider", data=form)

    def made(self, **typed: str) -> str:
        answer = self.validate(**typed)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/reponses-validees/").partition("?")[0]

    def press(self, identifier: str, action: str, page: str = "") -> Response:
        where = page or f"/reponses-validees/{identifier}"
        return self.pressed(identifier, action, self.get(where))

    def pressed(self, identifier: str, action: str, page: LexborHTMLParser) -> Response:
        """Press a button of a page as it was drawn, however long ago."""
        form = page.css_first(f'form[action$="{identifier}"]') or page
        told = {node.attributes["name"]: node.attributes["value"] for node in form.css("input")}
        sent = {name: told.get(name) or "" for name in ("token", "seen")} | {"action": action}
        return self.browser.post(f"/reponses-validees/{identifier}", data=sent)

    def states(self) -> list[tuple[str, State]]:
        return [(card.audience, card.state) for card in self.cards.cards()]


def fields(page: LexborHTMLParser, form: str = "form.validate") -> dict[str, list[str]]:
    sent = dict[str, list[str]]()
    for node in page.css(f"{form} input, {form} textarea, {form} option[selected]"):
        told = node.attributes
        if told.get("type") == "checkbox" and "checked" not in told:
            continue
        name = "audience" if node.tag == "option" else told["name"] or ""
        value = (node.text() or "").lstrip("\n") if node.tag == "textarea" else told.get("value")
        sent.setdefault(name, []).append(value or "")
    return sent


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with open_register(tmp_path / "register", tmp_path / "keys") as register:
        yield register


@pytest.fixture
def town(tmp_path: Path, register: Register) -> Iterator[Town]:
    with ExitStack() as closing:
        yield Town(tmp_path, register, closing)


# -- validating


def test_an_answer_is_validated_with_the_lines_that_it_quotes(town: Town) -> None:
    identifier = town.made(
        wordings="prix du repas\ntarif cantine", service="Enfance", senior="Le repas : 4,20 euros."
    )
    first, second = town.cards.cards()
    assert (first.id, first.audience, second.audience) == (identifier, "agent", "senior")
    assert (first.question, first.answer) == (QUESTION, "Le repas coûte 4,20 euros.")
    assert second.answer == "Le repas : 4,20 euros."
    assert first.wordings == ("prix du repas", "tarif cantine")
    assert [quote.quote for quote in first.quotes] == [QUOTE]
    assert (first.role, first.service) == ("agent", "Enfance")
    assert first.by == town.register.pseudonym("agnes")
    entries = [entry for entry in town.register.entries() if entry.kind is Kind.CARD]
    assert [entry.payload["card"] for entry in entries] == [first.id, second.id]
    assert all(entry.actor == first.by for entry in entries)
    shown = town.get(f"/reponses-validees/{identifier}?fait=validee")
    assert "Validée par le service Enfance" in shown.text()


def test_an_answer_is_validated_in_other_languages_too(town: Town) -> None:
    said = {"answer_ar": "سعر الوجبة 4,20 يورو.", "answer_en": "A meal costs 4,20 euros."}
    identifier = town.made(senior="Le repas : 4,20 euros.", **said)
    for card in town.cards.cards():
        assert dict(card.translations) == {"en": said["answer_en"], "ar": said["answer_ar"]}
    page = town.get(f"/reponses-validees/{identifier}")
    assert page.css_first('p[lang="ar"][dir="rtl"]').text() == said["answer_ar"]
    town.press(identifier, "suspend")
    mended = town.form(f"/reponses-validees/{identifier}/corriger")
    assert {name: mended[name] for name in said} == {name: [text] for name, text in said.items()}
    wrong = town.validate(question="Et les autres ?", answer_ar="سعر الوجبة 9 يورو.")
    assert wrong.status_code == 400


def test_lines_under_a_refusal_are_picked_in_their_page(town: Town) -> None:
    c = town.citation()
    path = f"/valider/{REFUSED}/{c.document}/1?start={c.start}&end={c.end}"
    form = town.form(path)
    assert form["question"] == ["Le prix du repas ?"]
    assert len(form["line"]) == 1
    lines = town.get(path).css("label.line")
    assert len(lines) > 3
    assert QUOTE in {line.text().strip() for line in lines}
    answer = town.validate(path)
    assert answer.status_code == 303
    (card,) = town.cards.cards()
    assert (card.answer, card.quotes[0].quote) == ("", QUOTE)


def test_lines_that_follow_each_other_are_one_quote(town: Town) -> None:
    form = town.form(f"/valider/{ANSWERED}")
    boxes = [b.attributes["value"] or "" for b in town.get(f"/valider/{ANSWERED}").css(
        "input[name=line]")]  # fmt: skip
    at = boxes.index(form["line"][0])
    form["line"] = [*form["line"], boxes[at - 1]]
    assert town.browser.post("/valider", data=form).status_code == 303
    (card,) = town.cards.cards()
    assert len(card.quotes) == 1
    assert QUOTE in card.quotes[0].quote
    assert len(card.quotes[0].quote) > len(QUOTE)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"answer": "Le repas coûte 5,20 euros."}, "value_without_source"),
        ({"question": f"Combien paie {RESIDENT} ?"}, "personal_data"),
        ({"question": "Ai-je droit à une aide pour la cantine ?"}, "individual_verdict"),
        ({"answer": "Un. Deux. Trois. Quatre."}, "too_long"),
        ({"until": "2020-01-01"}, "over"),
        ({"service": RESIDENT}, "personal_data"),
        ({"senior": "Le repas coûte 9 euros."}, "value_without_source"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(
    town: Town, typed: dict[str, str], why: str
) -> None:
    answer = town.validate(**typed)
    assert answer.status_code == 400
    page = LexborHTMLParser(answer.text)
    words = Texts("fr")("card_fault", why)
    assert words in page.css_first("[role=alert]").text().replace("\u00a0", " ")
    kept = fields(page)
    assert all(kept[name] == [value] for name, value in typed.items())
    assert kept["line"] == town.form(f"/valider/{ANSWERED}")["line"]
    assert [card.state for card in town.cards.cards() if card.state is State.SERVED] == []


def test_the_day_that_the_lines_give_is_shown_and_may_be_changed(town: Town) -> None:
    town.write(CANTEEN.replace("Règlement de la cantine", "Tarifs de la cantine 2098-2099"))
    town.services.shelf.put("agnes", town.answer())
    page = town.get(f"/valider/{ANSWERED}")
    assert "31 août 2099" in page.css_first("#until-hint").text().replace("\u00a0", " ")
    assert fields(page)["until"] == ["2099-08-31"]
    for until, kept in (("2099-06-30", "2099-06-30"), ("", NEVER)):
        identifier = town.made(question=f"Le prix, {until} ?", until=until)
        card = town.cards.card(identifier)
        assert card is not None
        assert card.until == kept
    assert "Valable" not in town.get(f"/reponses-validees/{identifier}").text()


def test_without_a_line_or_with_a_form_of_another_time_nothing_is_kept(town: Town) -> None:
    form = town.form(f"/valider/{ANSWERED}")
    assert town.browser.post("/valider", data=form | {"token": ["x.y"]}).status_code == 409
    assert town.browser.post("/valider", data=form | {"line": []}).status_code == 400
    foreign = ["f" * 64 + ":1:0:20", "rien", ":::", f"{town.document}:1:9999:99999"]
    assert town.browser.post("/valider", data=form | {"line": foreign}).status_code == 400
    assert town.cards.cards() == []


def test_nobody_validates_what_they_were_not_shown_or_may_not_read(town: Town) -> None:
    form = town.form(f"/valider/{ANSWERED}")
    town.person = Person("benoit", Role.AGENT)
    town.get(f"/valider/{ANSWERED}", 404)
    town.person = Person("agnes", Role.AGENT, collections=("autre",))
    assert town.browser.post("/valider", data=form).status_code == 400
    assert town.cards.cards() == []


# -- the list, what is to be looked at again


def test_the_list_shows_states_and_finds_words(town: Town) -> None:
    identifier = town.made()
    town.made(question="Quand annuler un repas ?", answer="", until="2099-01-01")
    page = town.get("/reponses-validees")
    assert len(page.css(".documents li")) == 2
    assert len(town.get("/reponses-validees?etat=retired").css(".documents li")) == 0
    found = town.browser.post("/reponses-validees", data={"q": "coûter cantine", "etat": ""})
    links = LexborHTMLParser(found.text).css(".documents a")
    assert [link.attributes["href"] for link in links] == [f"/reponses-validees/{identifier}"]


def test_what_is_marked_as_wrong_is_served_no_more_and_waits(town: Town) -> None:
    identifier = town.made()
    assert town.press(identifier, "suspend").status_code == 303
    card = town.cards.card(identifier)
    assert card is not None
    assert (card.state, card.why) == (State.SUSPENDED, Why.REPORTED)
    review = town.get("/reponses-validees/a-revoir")
    assert QUESTION in review.text()
    assert town.press(identifier, "confirm", "/reponses-validees/a-revoir").status_code == 303
    assert town.states() == [("", State.SERVED)]
    assert town.press(identifier, "confirm").status_code == 404  # it is served: no such button


def test_a_page_of_before_a_report_confirms_nothing(town: Town) -> None:
    """Who marks it as wrong meanwhile is not overruled by who did not see that."""
    identifier = town.made()
    town.desk.report(identifier, suspends=False, by="", role="resident")
    before = town.get(f"/reponses-validees/{identifier}")
    town.desk.suspend(identifier, why=Why.REPORTED, by="x", role="agent")
    refused = town.pressed(identifier, "confirm", before)
    assert refused.status_code == 400
    assert "quelqu&#x27;un vient de la changer" in refused.text.replace("’", "&#x27;")
    assert town.states() == [("", State.SUSPENDED)]
    assert town.press(identifier, "confirm").status_code == 303
    assert town.states() == [("", State.SERVED)]


def test_a_proposal_is_validated_on_its_own_page(town: Town) -> None:
    identifier = town.made()
    card = town.cards.card(identifier)
    assert card is not None
    proposal = replace(card, state=State.PROPOSED, by="", role=PROGRAM)
    with town.cards.changing() as change:
        change.put(proposal, HashEmbedder().embed_query(card.question), "hash")
    page = "/reponses-validees/proposees"
    assert town.press(identifier, "confirm", page).status_code == 303
    assert town.states() == [("", State.SERVED)]


def test_who_proposed_an_answer_confirms_it_in_no_other_month(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.desk = replace(town.desk, needs_second=True)
    tools = replace(town.services.tools, cards=CardTools(desk=town.desk, groups=lambda *_: []))
    town.services = replace(town.services, tools=tools)
    town.browser = browsing(town.services, lambda: town.person)
    town.browser.follow_redirects = False
    identifier = town.made()
    card = town.cards.card(identifier)
    assert card is not None and card.state is State.PROPOSED
    older = replace(card, by="2025-01.0123")
    known = {"agnes": ["2025-01.0123", card.by]}
    monkeypatch.setattr(Keyring, "pseudonyms", lambda _, user: known.get(user, []))
    with town.cards.changing() as change:
        change.put(older, HashEmbedder().embed_query(card.question), "hash")
    assert town.press(identifier, "confirm").status_code == 400
    town.person = Person("luc", Role.AGENT)
    assert town.press(identifier, "confirm").status_code == 303


def test_a_document_of_the_same_name_opens_no_card_of_another_collection(town: Town) -> None:
    identifier = town.made()
    town.write(CANTEEN.replace("4,20", "4,30"))  # its id is another now
    other = town.papers / "ailleurs"
    other.mkdir()
    (other / "cantine.txt").write_text("La cantine est fermée en août.", "utf-8")
    town.ingest(other, "autre")
    assert len({one.collection for one in town.store.documents_named("cantine.txt")}) == 2
    town.person = Person("luc", Role.AGENT, collections=("autre",))
    town.get(f"/reponses-validees/{identifier}", 404)


def beside_a_hidden_card(
    town: Town, monkeypatch: pytest.MonkeyPatch, question: str = QUESTION
) -> str:
    """Have an agent of another collection be answered about the pool; return a suspended card that
    they may not see."""
    hidden, opens = town.made(), "La piscine ouvre le mardi à neuf heures."
    town.press(hidden, "suspend")
    (town.papers / "piscine.txt").write_text(opens, "utf-8")
    town.write(CANTEEN)
    (pool,) = town.store.documents_named("piscine.txt")
    quote = Citation(
        number=1, document=pool.id, file=pool.file, page=1, quote=opens, start=0, end=len(opens)
    )
    view = replace(town.answer(), question=question, sentences=(), citations=(quote,))
    town.person = Person("luc", Role.AGENT, collections=("autre",))
    town.services.shelf.put("luc", view)
    monkeypatch.setattr(AgentServices, "may_see", lambda _, __, document: document.id == pool.id)
    return hidden


def test_a_suspended_card_that_one_may_not_see_is_not_replaced(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside_a_hidden_card(town, monkeypatch)  # answered to the same question
    assert town.validate().status_code == 303
    assert sorted(state for _, state in town.states()) == [State.SERVED, State.SUSPENDED]


def test_a_page_that_changed_stands_beside_what_was_said_and_is_mended(town: Town) -> None:
    identifier = town.made()
    town.write(CANTEEN.replace("4,20", "4,40"))
    review = town.get("/reponses-validees/a-revoir")
    was, now = (node.text() for node in review.css("blockquote"))
    assert "4,20" in was
    assert "4,40" in now
    refused = town.press(identifier, "confirm", "/reponses-validees/a-revoir")
    assert refused.status_code == 400
    path = f"/reponses-validees/{identifier}/corriger"
    (ticked,) = town.get(path).css("label.line:has(input[checked])")
    assert "4,40" in ticked.text()
    mended = town.validate(path, answer="Le repas coûte 4,40 euros.")
    assert mended.status_code == 303, mended.text
    assert town.states() == [("", State.RETIRED), ("", State.SERVED)]


@pytest.mark.parametrize("is_served", [False, True], ids=["suspended", "served though reported"])
def test_every_page_says_how_many_are_to_be_looked_at_again(town: Town, is_served: bool) -> None:
    identifier = town.made()

    def rooms() -> tuple[str, str]:
        page = town.get("/documents").css_first("nav.tabs").text()
        alone = LexborHTMLParser(Pieces(town.services).banner()).css_first("nav.tabs").text()
        return page.replace("\u00a0", " "), alone.replace("\u00a0", " ")

    assert not any("à revoir" in one for one in rooms())
    if is_served:
        town.desk.report(identifier, suspends=False, by="", role="resident")
    else:
        town.press(identifier, "suspend")
    assert all("(1 à revoir)" in one for one in rooms())
    assert "À revoir (1)" in town.get("/reponses-validees").text().replace("\u00a0", " ")


def test_the_export_holds_questions_alone_and_is_entered(town: Town) -> None:
    town.made(wordings="prix du repas")
    answer = town.browser.get("/reponses-validees/export")
    row = json.loads(answer.text)
    assert (row["question"], row["wordings"]) == (QUESTION, ["prix du repas"])
    assert "4,20" not in answer.text
    (entry,) = (e for e in town.register.entries() if e.kind is Kind.EXPORT)
    assert entry.payload["count"] == 1


def test_who_may_not_read_a_page_sees_no_card_of_it(town: Town) -> None:
    identifier = town.made()
    town.person = Person("luc", Role.AGENT, collections=("autre",))
    town.get(f"/reponses-validees/{identifier}", 404)
    assert len(town.get("/reponses-validees").css(".documents li")) == 0
    answer = town.browser.post(
        f"/reponses-validees/{identifier}", data={"token": "x.y", "action": "retire"}
    )
    assert answer.status_code == 409
    assert town.states() == [("", State.SERVED)]


def test_nobody_replaces_a_card_that_they_may_not_see(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form's hidden field named any card; it was taken out of service for good."""
    hidden = beside_a_hidden_card(town, monkeypatch, "Quand ouvre la piscine ?")
    form = town.form(f"/valider/{ANSWERED}") | {"replaces": [hidden]}
    assert town.browser.post("/valider", data=form).status_code == 303
    assert sorted(state for _, state in town.states()) == [State.SERVED, State.SUSPENDED]


def test_what_a_form_says_of_a_matter_is_hidden_before_it_is_kept(town: Town) -> None:
    """It was kept and entered word for word, whatever its hidden fields held."""
    town.groups = [Group(matter="Qui ?", questions=("Qui ?",), count=1, since="2026-03-02")]
    sent = fields(town.get("/sans-reponse"), "form.take")
    sent |= {"what": [Settled.MISSING.value], "question": [f"Où habite {RESIDENT} ?"]}
    assert town.browser.post("/sans-reponse", data=sent).status_code == 303
    (matter,) = town.cards.settled()
    assert RESIDENT not in matter.question
    told = str([entry.payload for entry in town.register.entries()])
    assert RESIDENT not in told
    sent["question"] = ["PIÈGE", "x" * 3_000]
    assert town.browser.post("/sans-reponse", data=sent).status_code == 503
    assert len(town.cards.settled()) == 1


@pytest.mark.parametrize("verdict", ["wrong", "dangerous", "incomplete"])
def test_an_agent_s_opinion_takes_a_wrong_card_out_of_service(town: Town, verdict: str) -> None:
    identifier = town.made()
    record = "9b" * 16
    stood = Validation(card=identifier, role="agent", by="x", at="2026-03-03T10:00:00+00:00")
    town.services.shelf.put("agnes", replace(town.answer(), record=record, validation=stood))
    answer = town.browser.post(
        f"/reponse/{record}/avis", data={"verdict": verdict}, headers={"accept": "application/json"}
    )
    is_out = verdict != "incomplete"
    assert ("n'est plus servie" in answer.text.replace("&#x27;", "'")) is is_out
    assert town.states() == [("", State.SUSPENDED if is_out else State.SERVED)]


# -- the page of the question


def reply(town: Town, view: View) -> LexborHTMLParser:
    texts, words = town.services.texts, town.services.words
    actions = Actions(texts, words, lambda d, f: f, is_judged=True, validates=True)
    made = Reply(texts, town.services.settings.town, lambda d, f: f, actions, validates=True)
    return LexborHTMLParser(made(view))


def test_the_reply_leads_to_the_form_from_an_answer_a_lead_and_a_passage(town: Town) -> None:
    assert reply(town, town.answer()).css_first(f'a[href="/valider/{ANSWERED}"]')
    places = [a.attributes["href"] or "" for a in reply(town, town.refusal()).css("a.small-button")]
    links = [place for place in places if place.startswith("/valider/")]
    assert len(links) == 2
    for link in links:
        assert town.form(link)["line"]
    closed = replace(town.refusal(), reason=Reason.PERSONAL_DATA)
    assert reply(town, closed).css('a[href^="/valider"]') == []


def test_the_reply_says_who_stood_for_it_and_what_is_near(town: Town) -> None:
    stood = Validation(
        card="a1", role="agent", by="x", at="2026-03-03T10:00:00+00:00", service="Enfance"
    )
    page = reply(town, replace(town.answer(), validation=stood))
    said = page.css_first(".stood").text().replace("\u00a0", " ")
    assert said == "Réponse validée par le service Enfance le 3 mars 2026"
    assert page.css(f'a[href="/valider/{ANSWERED}"]') == []
    near = Lead(citation=town.citation(), under=(), score=0.9, card="a1", asked=QUESTION)
    page = reply(town, replace(town.refusal(), leads=(near,)))
    assert "Proche d'une réponse validée" in page.css_first(".leads").text()


# -- questions without an answer


def test_an_unanswered_matter_is_answered_from_the_nearest_page(town: Town) -> None:
    (passage, *_) = town.store.passages_of(town.document)
    town.groups = [
        Group(
            matter="Le prix du repas ?", questions=("Le prix du repas ?", "tarif repas ?"),
            count=3, since="2026-03-02", nearest=(Retrieved(passage=passage, score=0.5),),
        )
    ]  # fmt: skip
    page = town.get("/sans-reponse")
    assert [mark.text() for mark in page.css(".near mark")] == [QUOTE]
    assert "Posée 3 fois" in page.text().replace("\u00a0", " ")
    sent = fields(page, "form.near")
    form = LexborHTMLParser(town.browser.post("/valider/lignes", data=sent).text)
    typed = fields(form)
    assert (typed["question"], typed["wordings"]) == (["Le prix du repas ?"], ["tarif repas ?"])
    line = next(box for box in form.css("label.line") if QUOTE in box.text())
    typed["line"] = [line.css_first("input").attributes["value"] or ""]
    assert town.browser.post("/valider", data=typed).status_code == 303
    (card,) = town.cards.cards()
    assert card.askings == ("Le prix du repas ?", "tarif repas ?")


def test_a_matter_without_a_near_page_is_answered_from_one_that_is_looked_for(town: Town) -> None:
    asked = ("Combien je paie à midi ?", "payer midi")
    town.groups = [Group(matter=asked[0], questions=asked, count=2, since="2026-03-02")]
    page = town.get("/sans-reponse")
    assert page.css("form.near") == []
    sent = fields(page, "form.search") | {"q": [f"le repas de la cantine de {RESIDENT}"]}
    found = LexborHTMLParser(town.browser.post("/sans-reponse/chercher", data=sent).text)
    assert town.looked_for == ["le repas de la cantine de [PERSONNE_1]"]
    typed = fields(LexborHTMLParser(
        town.browser.post("/valider/lignes", data=fields(found, "form.near")).text
    ))  # fmt: skip
    assert (typed["question"], typed["wordings"]) == ([asked[0]], [asked[1]])
    closed = sent | {"q": ["PIÈGE"]}
    assert town.browser.post("/sans-reponse/chercher", data=closed).status_code == 503
    stale = sent | {"token": ["x.y"]}
    assert town.browser.post("/sans-reponse/chercher", data=stale).status_code == 409
    town.person = Person("luc", Role.AGENT, collections=("autre",))
    none = town.browser.post("/sans-reponse/chercher", data=sent)
    assert LexborHTMLParser(none.text).css("form.near") == []


@pytest.mark.parametrize("what", list(Settled))
def test_a_matter_is_worked_through_without_an_answer(town: Town, what: Settled) -> None:
    asked = ("Qui répare les trottoirs ?", "trottoir cassé")
    town.groups = [Group(matter=asked[0], questions=asked, count=2, since="2026-03-02")]
    sent = fields(town.get("/sans-reponse"), "form.take") | {"what": [what.value]}
    assert town.browser.post("/sans-reponse", data=sent | {"token": ["x.y"]}).status_code == 409
    answer = town.browser.post("/sans-reponse", data=sent)
    assert answer.headers["location"] == f"/sans-reponse?fait={what.value}"
    assert [one.question for one in town.cards.settled(what)] == sorted(asked)
    assert town.cards.settled()[0].day == date.today().isoformat()
    assert town.get("/sans-reponse").css(".documents li") == []
    (entry,) = (e for e in town.register.entries() if e.kind is Kind.CARD)
    assert entry.payload["status"] == what.value


def test_who_asks_is_looked_up_in_no_event_loop(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pseudonym may wait for the lock of the keys: five seconds without any other page."""
    real, loops = CardTools.who, list[bool]()

    def who(cards: CardTools, person: Person) -> str:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            loops.append(False)
        else:
            loops.append(True)
        return real(cards, person)

    monkeypatch.setattr(CardTools, "who", who)
    card = town.made()
    town.groups = [Group(matter="Qui ?", questions=("Qui ?",), count=1, since="2026-03-02")]
    sent = fields(town.get("/sans-reponse"), "form.take") | {"what": [Settled.NOT_OURS.value]}
    assert town.browser.post("/sans-reponse", data=sent).status_code == 303
    assert town.press(card, "suspend").status_code == 303
    assert len(loops) > 2
    assert not any(loops)


def test_the_pages_speak_english_too(tmp_path: Path, register: Register) -> None:
    assert table("fr").keys() == table("en").keys()
    with ExitStack() as closing:
        town = Town(tmp_path, register, closing, "en")
        town.made(service="Schools")
        assert "Validated by Schools" in town.get("/reponses-validees").text()
