# SPDX-License-Identifier: EUPL-1.2
"""The agents' plain pages: documents, first steps, what becomes of an answer, what is hidden."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from pathlib import Path
from tempfile import gettempdir

import docx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Lines
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.documents import Retrieved
from corpus.french import Forms, terms
from corpus.originals import Originals
from guardrails.errors import RegisterUnavailable
from guardrails.findings import Screened
from guardrails.register import Kind, Register, open_register
from guardrails.register.events import Feedback, enter_feedback
from guardrails.register.proof_check import verify_proofs
from guardrails.register.records import AuditRecord, Entry, Sealed
from tests.register.homes import ask_in
from tests.ui.town import (
    CANTEEN,
    FIRST,
    MINUTES,
    SENTENCES,
    MemoryPages,
    ScriptedAssistant,
    answering,
)
from tests.ui.workspace import OLD, POINT, RESIDENT, Here, OnePicture, browsing, linked_town, tools
from ui import anonymise
from ui.access.person import Person, Role
from ui.agent.actions import Actions
from ui.agent.course import COUNT
from ui.agent.masking import MAX_PARTS_BYTES
from ui.agent.pieces import Pieces
from ui.agent.routes import agent_router
from ui.agent.services import AgentServices
from ui.agent.view import Phase, View
from ui.agent.words import Words
from ui.anonymise import Masked

AGENT = Person("agnes", Role.AGENT)
RECORD = "7f" * 16
SHOWN = View(
    phase=Phase.ANSWERED,
    question="Prix du repas de [PERSONNE_1] ?",
    sentences=SENTENCES[:1],
    citations=(FIRST,),
    record=RECORD,
)


class Town:
    """The pages in front of one person who can change, over a real register."""

    def __init__(self, register: Register, charter: Path) -> None:
        self.person = AGENT
        self.reading = Here()
        self.pages: MemoryPages = linked_town()
        self.services = AgentServices(
            assistant=ScriptedAssistant(answering),
            texts=Texts("fr"),
            store=self.pages,
            settings=Settings.model_validate({"agent": {"charter": str(charter)}}),
            tools=tools(register, self.reading),
        )
        self.services.shelf.put("agnes", SHOWN)
        self._mount()

    def open_with(
        self, originals: Originals, collections: tuple[str, ...], register: Register
    ) -> None:
        """Let agents see the originals of some collections."""
        self.services = replace(
            self.services,
            settings=Settings.model_validate({"agent": {"originals_of": collections}}),
            tools=replace(tools(register, self.reading), originals=originals),
        )
        self._mount()

    def _mount(self) -> None:
        self.browser = browsing(self.services, lambda: self.person)

    def get(self, path: str) -> LexborHTMLParser:
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return LexborHTMLParser(answer.text)

    def judge(self, record: str = RECORD, **said: str) -> tuple[int, str]:
        answer = self.browser.post(
            f"/reponse/{record}/avis", data=said, headers={"accept": "application/json"}
        )
        return answer.status_code, answer.text

    def search(self, words: str, **limits: str) -> str:
        """Look for words as the form does; return the address that it leads to."""
        answer = self.browser.post(
            "/documents", data={"q": words, **limits}, follow_redirects=False
        )
        assert answer.status_code == 303
        return str(answer.headers["location"])

    def mask(self, text: str = "", file: tuple[str, bytes] | None = None) -> tuple[int, str]:
        files = {"file": file or ("", b"")}
        answer = self.browser.post("/masquer", data={"text": text}, files=files)
        return answer.status_code, answer.text


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with open_register(tmp_path / "register", tmp_path / "keys") as register:
        yield register


@pytest.fixture
def here(register: Register, tmp_path: Path) -> Town:
    charter = tmp_path / "charte.txt"
    charter.write_text("Charte de Valclair\n\nOn vérifie <toujours> la source.", "utf-8")
    return Town(register, charter)


def text_of(page: LexborHTMLParser, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


SECRET = b"Madame Odile Carvennec, 12 rue des Aulnes"


def leftovers() -> set[Path]:
    return set(Path(gettempdir()).glob(anonymise.LEFT_BY_EARLIER))


# -- the documents


def test_documents_are_listed_newest_first_and_can_be_limited(here: Town) -> None:
    page = here.get("/documents")
    assert [a.attributes["href"] for a in page.css(".documents .title")] == [
        f"/documents/{CANTEEN}", f"/documents/{OLD}", f"/documents/{MINUTES}",
    ]  # fmt: skip

    limited = here.get("/documents?until=2020-01-01&kind=délibération")
    assert [a.attributes["href"] for a in limited.css(".documents .title")] == [f"/documents/{OLD}"]
    assert "jusqu'au 1er janvier 2020" in text_of(limited, "main")


def test_a_search_shows_the_passage_that_it_found(here: Town) -> None:
    page = here.get(here.search("cantine"))

    assert len(page.css(".documents li")) == 2
    assert "3,40 €" in text_of(page, ".documents .excerpt")
    assert page.css_first("#q").attributes["value"] == "cantine"  # type: ignore[union-attr]


def test_a_document_that_was_found_is_shown_and_opens_at_its_line(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def pointing(question: Screened, found: Sequence[Retrieved]) -> Lines:
        asked.append(question.text)
        return {found[0].passage.id: (FIRST.start, FIRST.end)}

    here.services = replace(here.services, tools=replace(here.services.tools, lines=pointing))
    here._mount()
    page = here.get(here.search("prix du repas"))

    assert asked == ["prix du repas"]
    first, second = page.css(".documents > li")
    assert [mark.text() for mark in first.css("mark")] == [FIRST.quote]
    assert f"start={FIRST.start}&end={FIRST.end}" in str(
        [link.attributes["href"] for link in first.css("a")]
    )
    assert not second.css("mark")
    assert [a.attributes["href"] for a in first.css('a[href^="/?document="]')] == [
        f"/?document={CANTEEN}"
    ]


def test_the_words_of_a_search_are_marked_in_what_it_found_and_on_its_page(here: Town) -> None:
    def sought(question: Screened) -> Forms:
        return frozenset(frozenset({stem}) for stem in terms(question.text))

    here.services = replace(here.services, tools=replace(here.services.tools, sought=sought))
    here._mount()
    page = here.get(here.search("prix du repas, Zoé Quillebec"))

    first, *_ = page.css(".documents > li")
    assert [mark.text() for mark in first.css("mark.word")] == ["repas"]
    (led,) = [str(link.attributes["href"]) for link in first.css('a[href^="/source/"]')]
    assert "recherche=" in led and "repas" not in led and "Qu" not in led
    source = here.get(led)
    assert [mark.text() for mark in source.css("mark mark.word")] == ["repas"]
    here.person = Person("bruno", Role.AGENT)  # who was given the address
    assert not here.get(led).css("mark.word")


def test_a_search_that_the_guard_cannot_clear_says_so(here: Town) -> None:
    page = here.get(here.search("PIÈGE"))

    assert "La recherche a échoué" in text_of(page, ".problem")


def test_no_address_holds_what_is_looked_for(here: Town) -> None:
    """Addresses end in histories and in the logs of proxies; a name may be looked for."""
    led = here.search("Zoé Quillebec", kind="délibération", since="2020")
    assert "Qu" not in led and "Zo" not in led
    assert "kind=d" in led and "since=2020-01-01" in led
    page = here.get(led)
    forms = list(page.css("form.search"))
    assert [form.attributes["method"] for form in forms] == ["post"]
    assert page.css_first("#q").attributes["value"] == "Zoé Quillebec"  # type: ignore[union-attr]
    assert not any("Quillebec" in (a.attributes["href"] or "") for a in page.css("a[href]"))
    old = here.get("/documents?q=cantine")  # an address of before is a list, and looks for nothing
    assert not old.css_first("#q").attributes["value"]  # type: ignore[union-attr]


def test_a_search_is_its_own_person_s_and_can_be_forgotten(here: Town) -> None:
    led = here.search("cantine")
    assert "cantine" in here.browser.get(led).text
    here.person = Person("bruno", Role.AGENT)
    told = here.get(led)
    assert "cantine" not in (told.css_first("#q").attributes["value"] or "")  # type: ignore[union-attr]
    assert "n’est plus gardée" in text_of(told, ".problem").replace("'", "’")


def test_an_act_says_what_it_touches_and_what_touches_it(here: Town) -> None:
    newer, older = here.get(f"/documents/{CANTEEN}"), here.get(f"/documents/{OLD}")

    touched = text_of(newer, ".links")
    assert "Remplace Délibération n° 2019-12 du 4 juin 2019" in touched
    assert "Modifie règlement du 3 mai 2012 (absent des documents)" in touched
    assert touched.count("2019-12") == 1
    assert "n'est plus en vigueur" in text_of(older, ".care")
    assert "Remplacé par" in text_of(older, ".links")
    assert "2,90 €" in text_of(older, ".page-text")
    assert "ServiceEnfance" in text_of(newer, "dl")


def test_what_waits_in_quarantine_is_neither_listed_nor_read(here: Town) -> None:
    here.pages.needs[OLD] = "decision_health"

    assert f"/documents/{OLD}" not in here.browser.get("/documents").text
    waiting = here.browser.get(f"/documents/{OLD}")
    assert waiting.status_code == 404
    assert "2,90" not in waiting.text
    assert "2,90" not in here.browser.get(f"/documents/{CANTEEN}").text


def test_a_person_sees_their_collections_only(here: Town) -> None:
    here.pages.collections[OLD] = "paie"
    here.person = Person("agnes", Role.AGENT, ("public",))

    assert "2019-12" not in here.browser.get("/documents").text
    for path in (f"/documents/{OLD}", f"/source/{OLD}/1", f"/source/{OLD}/1/image"):
        assert here.browser.get(path).status_code == 404
    linked = here.get(f"/documents/{CANTEEN}")
    assert "un acte que votre compte ne montre pas" in text_of(linked, ".links")
    assert "2019-12" not in text_of(linked, "main")


@pytest.mark.parametrize(
    ("waits", "moved", "of", "count"),
    [
        (False, False, None, 3),
        (True, False, None, 2),
        (False, True, ("public",), 2),
        (True, True, ("public", "paie"), 2),
        (False, False, ("paie",), 0),
    ],
)
def test_the_question_s_page_counts_the_documents_that_are_listed(
    here: Town, waits: bool, moved: bool, of: tuple[str, ...] | None, count: int
) -> None:
    if waits:
        here.pages.needs[OLD] = "decision_health"
    if moved:
        here.pages.collections[OLD] = "paie"
    here.person = Person("agnes", Role.AGENT, of)

    listed = here.get("/documents").css("main a[href^='/documents/']")
    told = Pieces(here.services).corpus(here.person)
    assert len(listed) == count
    if count:
        assert f"{count} documents, " in told
    else:
        assert 'class="empty"' in told


def test_without_a_gate_nobody_is_let_in(here: Town) -> None:
    app = FastAPI()
    app.include_router(agent_router(here.services))

    with pytest.raises(LookupError):
        TestClient(app).get("/documents")


def test_a_hostile_document_shows_as_text(here: Town) -> None:
    for path in (f"/documents/{MINUTES}", here.search("<img src=x>")):
        page = here.get(path)
        assert not page.css("main img, main svg, main script")


def test_the_source_says_that_a_person_can_be_asked_and_offers_no_original(here: Town) -> None:
    page = here.get(f"/source/{CANTEEN}/2?start={FIRST.start}&end={FIRST.end}")

    assert text_of(page, "mark#quote") == FIRST.quote
    assert "n'entraînent aucun modèle" in text_of(page, ".reminder")
    assert not page.css(".page-picture")
    assert here.browser.get(f"/source/{CANTEEN}/2/image").status_code == 404


@pytest.fixture
def opened(here: Town, register: Register) -> OnePicture:
    """Open the originals of the collection `public`."""
    originals = OnePicture()
    here.open_with(originals, ("public",), register)
    return originals


IMAGE = f"/source/{CANTEEN}/2/image?start={FIRST.start}&end={FIRST.end}"


def readings(register: Register) -> list[Entry]:
    entries = [entry for entry in register.entries() if entry.kind is Kind.READING]
    return [entry for entry in entries if entry.payload.get("purpose") == "original"]


def test_an_original_is_shown_with_its_hidden_text_and_is_entered_first(
    here: Town, opened: OnePicture, register: Register
) -> None:
    page = here.get(IMAGE.replace("/image", ""))
    assert page.css_first(".page-picture").attributes["src"] == IMAGE  # type: ignore[union-attr]
    assert text_of(page, "mark#quote") == FIRST.quote
    assert readings(register) == []

    picture = here.browser.get(IMAGE)
    assert (picture.content, picture.headers["content-type"]) == (POINT, "image/png")
    assert opened.asked == [(CANTEEN, 2, FIRST.start, FIRST.end)]
    [entry] = readings(register)
    assert entry.payload == {"purpose": "original", "document": CANTEEN, "page": 2}
    assert entry.actor == register.pseudonym("agnes")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.RESIDENT])
def test_other_roles_read_the_hidden_version(here: Town, opened: OnePicture, role: Role) -> None:
    here.person = Person("simone", role)

    assert not here.get(f"/source/{CANTEEN}/2").css(".page-picture")
    assert here.browser.get(IMAGE).status_code == 404


def test_an_original_of_another_collection_or_that_must_not_be_shown_is_not(
    here: Town, opened: OnePicture, register: Register
) -> None:
    here.pages.collections[CANTEEN] = "paie"
    assert here.browser.get(IMAGE).status_code == 404
    here.pages.collections[CANTEEN] = "public"
    opened.is_shown = False
    assert here.browser.get(IMAGE).status_code == 404
    assert not here.get(f"/source/{CANTEEN}/2").css(".page-picture")
    assert opened.asked == []
    assert readings(register) == []


FILE = f"/source/{CANTEEN}/fichier"


def test_a_document_is_taken_away_as_it_is_where_the_town_allows_it_and_that_is_entered_first(
    here: Town, opened: OnePicture, register: Register
) -> None:
    for place in (f"/source/{CANTEEN}/2", f"/documents/{CANTEEN}"):
        link = here.get(place).css_first(f'a[href="{FILE}"]')
        assert link is not None and "download" in link.attributes
    assert readings(register) == []

    taken = here.browser.get(FILE)
    assert taken.content == b"the very file"
    name = f'attachment; filename="document-{CANTEEN[:8]}.pdf"'
    assert taken.headers["content-disposition"] == name  # a file's own name may name somebody
    [entry] = readings(register)
    assert entry.payload == {"purpose": "original", "document": CANTEEN, "page": 0}


@pytest.mark.parametrize("closed", ["role", "collection", "quarantine", "gone"])
def test_nobody_takes_an_original_that_they_may_not_see(
    here: Town, opened: OnePicture, register: Register, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if closed == "role":
        here.person = Person("simone", Role.AUDITOR)
    elif closed == "collection":
        here.pages.collections[CANTEEN] = "paie"
    elif closed == "quarantine":
        opened.is_shown = False
    else:
        monkeypatch.setattr(opened, "read", lambda document: None)
    assert here.browser.get(FILE).status_code == 404
    is_drawn = bool(here.get(f"/source/{CANTEEN}/2").css(f'a[href="{FILE}"]'))
    assert is_drawn == (closed == "gone")  # a file that is not there is looked for when it is asked
    assert readings(register) == []


def test_nothing_of_an_original_is_read_to_draw_its_link(
    here: Town, opened: OnePicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[str]()
    monkeypatch.setattr(opened, "read", lambda document: read.append(document.id))
    assert here.get(f"/documents/{CANTEEN}").css(f'a[href="{FILE}"]')
    assert read == []


def test_what_cannot_be_entered_is_not_shown(
    here: Town, opened: OnePicture, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(record: AuditRecord, **_: object) -> Sealed:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(register, "append", full)
    for place in (IMAGE, FILE):
        answer = here.browser.get(place)
        assert answer.status_code == 503
        assert POINT not in answer.content and b"the very file" not in answer.content


@pytest.mark.parametrize("span", ["start=-1&end=4", "start=9&end=2", "start=0&end=99999999999"])
def test_a_span_that_is_none_highlights_nothing(here: Town, opened: OnePicture, span: str) -> None:
    assert here.browser.get(f"/source/{CANTEEN}/2/image?{span}").status_code == 200
    assert opened.asked[0][2:] == (0, 0)


# -- the first steps


def test_the_course_shows_the_town_s_charter_and_counts_each_form_once(here: Town) -> None:
    page = here.get("/premiers-pas")
    assert "On vérifie <toujours> la source." in text_of(page, ".charter")
    key = page.css_first("input[name=key]").attributes["value"]  # type: ignore[union-attr]

    for _ in range(2):  # a double click
        answer = here.browser.post("/premiers-pas", data={"key": key})
        assert "sans votre nom" in answer.text
    here.browser.post("/premiers-pas", data={"key": "made up"})
    assert here.pages.states == {COUNT: "1"}


def test_a_charter_that_is_not_there_is_said(here: Town, tmp_path: Path) -> None:
    (tmp_path / "charte.txt").unlink()

    assert "pas encore déposé sa charte" in text_of(here.get("/premiers-pas"), "main")


# -- what becomes of an answer


def feedback(register: Register) -> list[Entry]:
    return [entry for entry in register.entries() if entry.kind is Kind.FEEDBACK]


def test_an_opinion_is_entered_beside_its_answer_with_a_hidden_note(
    here: Town, register: Register
) -> None:
    code, words = here.judge(verdict="dangerous", note=f"{RESIDENT} attend une autre réponse")
    assert (code, "Merci" in words) == (200, True)

    [entry] = feedback(register)
    assert entry.exchange == RECORD
    assert entry.payload == {
        "status": "dangerous", "note": "[PERSONNE_1] attend une autre réponse"
    }  # fmt: skip
    assert entry.actor == register.pseudonym("agnes")

    code, words = here.judge(verdict="right")
    assert (code, "déjà" in words) == (200, True)
    assert len(feedback(register)) == 1


def test_after_one_click_a_word_may_follow_once(here: Town, register: Register) -> None:
    assert here.judge(verdict="wrong", mot="1")[0] == 200  # of nothing said yet: not entered
    assert feedback(register) == []
    assert here.judge(verdict="incomplete")[0] == 200
    for _ in range(2):
        assert here.judge(verdict="wrong", note="C'est l'ancien tarif", mot="1")[0] == 200

    told = [(entry.payload["status"], entry.payload["note"]) for entry in feedback(register)]
    assert told == [("incomplete", ""), ("wrong", "C'est l'ancien tarif")]


@pytest.mark.parametrize(
    ("record", "said", "code"),
    [
        ("00" * 16, {"verdict": "right"}, 404),
        (RECORD, {"verdict": "superb"}, 400),
        (RECORD, {}, 400),
        (RECORD, {"verdict": "right", "note": "x" * 1001}, 400),
        (RECORD, {"verdict": "right", "note": "PIÈGE"}, 503),
    ],
)
def test_an_opinion_that_cannot_be_entered_is_said_and_can_be_given_again(
    here: Town, register: Register, record: str, said: dict[str, str], code: int
) -> None:
    assert here.judge(record, **said)[0] == code
    assert feedback(register) == []
    assert here.judge(verdict="right")[0] == 200


def test_nobody_judges_or_takes_the_answer_of_another(here: Town, register: Register) -> None:
    here.person = Person("bruno", Role.AGENT)

    assert here.judge(verdict="right")[0] == 404
    assert here.browser.get(f"/reponse/{RECORD}/docx").status_code == 404
    assert feedback(register) == []


def test_a_register_that_cannot_be_written_is_said(
    here: Town, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(record: AuditRecord, **_: object) -> Sealed:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(register, "append", full)
    code, words = here.judge(verdict="wrong")
    assert (code, "registre ne peut pas être écrit" in words) == (503, True)
    monkeypatch.undo()
    assert here.judge(verdict="wrong")[0] == 200


def test_without_a_script_the_opinion_is_answered_by_a_page(here: Town) -> None:
    answer = here.browser.post(f"/reponse/{RECORD}/avis", data={"verdict": "right"})

    assert "Merci" in text_of(LexborHTMLParser(answer.text), "main")


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_an_answer_is_taken_away_with_its_citations_and_its_mark(here: Town, form: str) -> None:
    answer = here.browser.get(f"/reponse/{RECORD}/{form}")

    assert (
        answer.headers["content-disposition"] == f'attachment; filename="greffier-7f7f7f7f.{form}"'
    )
    name = "word/document.xml" if form == "docx" else "content.xml"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = archive.read(name).decode()
    for words in (FIRST.quote, "[1]", "page 2", "intelligence artificielle", RECORD, "PERSONNE_1"):
        assert words in text


@pytest.mark.parametrize("form", ["exe", "pdf", "DOCX"])
def test_an_answer_is_taken_away_in_two_forms_only(here: Town, form: str) -> None:
    assert here.browser.get(f"/reponse/{RECORD}/{form}").status_code == 404


def test_a_refusal_is_not_taken_away(here: Town) -> None:
    refused = replace(SHOWN, phase=Phase.REFUSED, sentences=(), record="aa" * 16)
    here.services.shelf.put("agnes", refused)

    assert here.browser.get(f"/reponse/{'aa' * 16}/docx").status_code == 404


def test_a_proof_is_saved_and_entered_and_holds(
    here: Town, register: Register, tmp_path: Path
) -> None:
    record = ask_in(register, "agnes")
    here.services.shelf.put("agnes", replace(SHOWN, record=record))
    enter_feedback(register, record, Feedback.RIGHT, note=Screened(""), user="bruno", role="agent")
    answer = here.browser.get(f"/reponse/{record}/preuve")
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="preuve-{record[:8]}.zip"'
    )
    path = tmp_path / "preuve.zip"
    path.write_bytes(answer.content)
    verdict = verify_proofs(path, keys=[str(register.key_chain()[0])])
    assert (verdict.exit_code, verdict.size) == (0, 3)  # what others thought of it stays
    [entered] = [e for e in register.entries() if e.kind is Kind.EXPORT]
    assert (entered.actor, entered.role) == (register.pseudonym("agnes"), "agent")


def test_nobody_saves_the_proof_of_another_s_answer(here: Town, register: Register) -> None:
    record, size = ask_in(register, "agnes"), register.size()
    here.services.shelf.put("agnes", replace(SHOWN, record=record))
    here.person = Person("bruno", Role.AGENT)
    assert here.browser.get(f"/reponse/{record}/preuve").status_code == 404
    here.person = AGENT
    assert here.browser.get(f"/reponse/{RECORD}/preuve").status_code == 404  # not in this register
    assert register.size() == size


def test_a_proof_that_cannot_be_entered_is_not_given(
    here: Town, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ask_in(register, "agnes")
    here.services.shelf.put("agnes", replace(SHOWN, record=record))

    def full(record: AuditRecord, **_: object) -> Sealed:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(register, "append", full)
    answer = here.browser.get(f"/reponse/{record}/preuve")
    told = unescape(answer.text)
    assert (answer.status_code, "n'a pas été remise" in told) == (503, True)


def test_before_it_is_saved_the_page_says_that_a_proof_outlives_an_erasure(here: Town) -> None:
    words = Words("fr")
    for is_judged in (True, False):
        actions = Actions(here.services.texts, words, lambda *_: "", is_judged=is_judged)
        page = LexborHTMLParser(actions(SHOWN))
        links = page.css(f'a[href="/reponse/{RECORD}/preuve"]')
        assert len(links) == is_judged
        if is_judged:
            told = text_of(page, "details.prove")
            assert told.index("survit à un effacement") < told.index("Enregistrer la preuve")


# -- hiding


def test_a_text_comes_back_hidden_with_what_was_hidden_by_kind(here: Town) -> None:
    code, html = here.mask(f"Madame {RESIDENT} viendra. <b>{RESIDENT}</b>")
    page = LexborHTMLParser(html)

    assert code == 200
    assert RESIDENT not in html
    assert text_of(page, "textarea") == "Madame [PERSONNE_1] viendra. <b>[PERSONNE_1]</b>"
    assert text_of(page, ".kinds tbody tr") == "Noms de personnes2[PERSONNE_1]"
    assert not page.css("main b")


def office(text: str) -> bytes:
    document, written = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("courrier.docx", office(f"Lettre à {RESIDENT}, merci.")),
        ("note.txt", f"Lettre à {RESIDENT}, merci.".encode()),
        (f"../../{RESIDENT} <script>.TXT", f"Lettre à {RESIDENT}, merci.".encode()),
    ],
)
def test_a_document_comes_back_hidden_and_nothing_of_it_is_kept(
    here: Town, register: Register, name: str, data: bytes
) -> None:
    before, size = leftovers(), register.size()
    code, html = here.mask(file=(name, data))

    assert code == 200
    assert RESIDENT not in html
    assert "Lettre à [PERSONNE_1], merci." in html
    assert "<script>." not in html
    assert leftovers() == before
    assert register.size() == size
    [path] = here.reading.seen
    assert path.is_relative_to("/proc/self/fd")
    assert RESIDENT not in here.reading.names[0]


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("vide.txt", b"", 400, "Collez un texte ou choisissez un fichier"),
        ("abime.pdf", b"%PDF-1.7 nothing", 400, "Le fichier est abîmé"),
        ("inconnu.exe", b"MZ\x90\x00 program", 400, "Ce format n"),
        ("long.txt", b"mot " * 80_000, 400, "300000 au plus"),
        ("piege.txt", "PIÈGE".encode(), 503, "examiné en entier"),
    ],
)
def test_a_document_that_cannot_be_hidden_is_said_and_nothing_is_kept(
    here: Town, name: str, data: bytes, code: int, words: str
) -> None:
    before = leftovers()
    got, html = here.mask(file=(name, data))

    assert got == code
    assert words in text_of(LexborHTMLParser(html), ".problem")
    assert leftovers() == before
    assert all(path.is_relative_to("/proc/self/fd") for path in here.reading.seen)


def test_while_a_document_is_read_no_file_of_any_folder_holds_it(
    here: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on the disk at this moment is what a kill -9 would leave there."""
    held: list[Path] = []
    read = here.reading.submit

    def looked(path: Path, inside: tuple[str, ...], name: str) -> object:
        assert os.readlink(path).startswith("/memfd:")
        assert path.read_bytes() == SECRET
        files = (file for file in tmp_path.rglob("*") if file.is_file())
        held.extend(file for file in files if SECRET in file.read_bytes())
        return read(path, inside, name)

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(here.reading, "submit", looked)
    code, _ = here.mask(file=("note.txt", SECRET))
    assert (code, held) == (200, [])


def test_at_most_two_maskings_are_under_way(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page and the API share the places; who waits takes no thread."""
    places, taken = here.services.tools.maskings, []

    def masked(*_: object) -> Masked:
        taken.append(places.borrowed_tokens)
        return Masked(pages=((1, "fini"),), hidden=())

    monkeypatch.setattr("ui.agent.masking._mask", masked)
    with here.browser, ThreadPoolExecutor(6) as threads:  # in one event loop
        codes = list(threads.map(lambda _: here.mask(text="Bonjour")[0], range(6)))
    assert codes == [200] * 6
    assert places.total_tokens == 2
    assert {*taken} <= {1, 2}


def test_a_reader_that_dies_leaves_nothing(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    before = leftovers()

    def dies(path: Path, inside: tuple[str, ...], name: str) -> None:
        assert path.read_bytes() == b"secret"
        raise MemoryError

    monkeypatch.setattr(here.reading, "submit", dies)
    with pytest.raises(MemoryError):
        here.mask(file=("note.txt", b"secret"))
    assert leftovers() == before


def test_a_file_that_is_too_large_is_turned_away_before_it_is_read(here: Town) -> None:
    code, html = here.mask(file=("gros.txt", b"x" * (20_200_000)))

    assert code == 400
    assert "20 Mo au plus" in html
    assert here.reading.seen == []


def test_a_large_file_never_touches_the_disk_on_its_way_in(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Starlette would roll anything over 1 MB over to a file."""
    import tempfile

    def rolled(self: object) -> None:
        raise AssertionError("written to the disk")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", rolled)
    code, _ = here.mask(file=("gros.txt", b"mot " * 70_000 + b"\n" * 3_000_000))
    assert code == 200


def test_an_empty_form_and_one_of_another_kind_are_told(here: Town) -> None:
    assert here.mask()[0] == 400
    assert here.browser.post("/masquer", data={"text": "a"}).status_code == 400


@pytest.mark.parametrize("form", ["docx", "odt", "pdf", "txt"])
def test_the_hidden_version_is_taken_away_with_its_mark(here: Town, form: str) -> None:
    answer = here.browser.post(
        "/masquer/fichier", data={"text": "Madame [PERSONNE_1]", "form": form}, files={"x": b""}
    )

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="version-masquee.{form}"'
    if form == "txt":
        assert "Madame [PERSONNE_1]" in answer.text
        assert "intelligence artificielle" in answer.text


def test_a_form_that_asks_for_nothing_known_gets_none(here: Town) -> None:
    for told in ({"text": "a", "form": "exe"}, {"form": "pdf", "text": " "}):
        answer = here.browser.post("/masquer/fichier", data=told, files={"x": b""})
        assert answer.status_code == 400
    huge = {"text": "a" * (MAX_PARTS_BYTES + 200_000), "form": "txt"}
    answer = here.browser.post("/masquer/fichier", data=huge, files={"x": b""})
    assert answer.status_code == 400


def test_what_an_earlier_version_left_is_swept() -> None:
    old = Path(gettempdir()) / anonymise.LEFT_BY_EARLIER.replace("*", "test")
    old.mkdir()
    (old / "document.txt").write_text("x", "utf-8")
    anonymise.sweep()
    assert not old.exists()


# -- an act at a glance


def test_a_document_is_told_at_a_glance_with_its_articles_and_figures(here: Town) -> None:
    page = here.get(f"/documents/{CANTEEN}")
    block = page.css_first(".glance")
    assert block is not None
    told = block.text()
    assert "3,40 €" in told and "1er septembre 2025" in told and "[PERSONNE_1]" in told
    assert any(
        (link.attributes["href"] or "").startswith(f"/source/{CANTEEN}/2")
        for link in block.css("a")
    )


def test_what_waits_has_no_glance(here: Town) -> None:
    here.pages.needs[CANTEEN] = "decision_health"
    answer = here.browser.get(f"/documents/{CANTEEN}")
    assert answer.status_code == 404 and "3,40 €" not in answer.text
