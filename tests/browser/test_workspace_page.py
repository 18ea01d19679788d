# SPDX-License-Identifier: EUPL-1.2
"""The agent's guide (docs/fr/agent.md) followed step by step, and every state looked at by axe.

The assistant follows a script; the register, the pages, the files and the browser are real.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.answers import Answer, Found, Refusal, Step
from assistant.errors import ModelFailed
from assistant.settings import Settings
from corpus.documents import Filters
from corpus.dropped import Dropped
from corpus.rights import NO_FILTER
from guardrails.register import Kind, Register, open_register
from tests.browser.conftest import PATIENCE_MS, Open, Serve
from tests.browser.looks import each_look, holds_on_paper
from tests.fakes import HashEmbedder, WordGuard
from tests.ui.building import built
from tests.ui.town import CANTEEN, FIRST, ScriptedAssistant, answering, found, refusing
from tests.ui.workspace import OLD, RESIDENT, OnePicture, linked_town, tools
from ui.agent.course import COUNT

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

ADULT = "Quel est le tarif de la cantine pour un adulte ?"
CHILD = "Quel est le tarif de la cantine pour un enfant ?"


class Numbered(ScriptedAssistant):
    """Gives each question a number of its own, as the register does."""

    def steps(
        self,
        question: str,
        *,
        actor: str = "",
        role: str = "agent",
        audience: str = "agent",
        filters: Filters = NO_FILTER,
        language: str = "",
    ) -> Iterator[Step]:
        record = f"{len(self.asked) + 1:032x}"
        for step in super().steps(question, filters=filters):
            match step:
                case Found() | Answer() | Refusal():
                    yield replace(step, record=record)
                case _:
                    yield step


@dataclass
class House:
    """The town, its register, and what its assistant does."""

    register: Register
    go_on: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.go_on.set()
        self.pages = linked_town()
        self.assistant = Numbered(self.answer, lambda step: self.go_on.wait(20))

    def answer(self, question: str) -> Sequence[Step]:
        if "gagné" in question:
            return refusing(question)
        if "panne" in question:
            return Broken(question)
        return answering(question)

    def opinions(self) -> list[object]:
        return [e.payload["status"] for e in self.register.entries() if e.kind is Kind.FEEDBACK]


class Broken(list[Step]):
    """The sources come, then the model fails."""

    def __init__(self, question: str) -> None:
        super().__init__([found(question)])

    def __iter__(self) -> Iterator[Step]:
        yield from super().__iter__()
        raise ModelFailed("model_failed", name="petit")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("register")
    with open_register(folder / "register", folder / "keys") as register:
        yield House(register)


@pytest.fixture(scope="module")
def address(serve: Serve, house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    charter = tmp_path_factory.mktemp("charter") / "charte.txt"
    charter.write_text("Charte de Valclair\n\nOn lit la source avant de décider.", "utf-8")
    town = {"name": "Valclair", "phone": "01 99 00 12 34"}
    settings = Settings.model_validate({"town": town} | {"agent": {"charter": str(charter)}})
    asked = replace(
        tools(house.register),
        open_dropped=lambda: Dropped(WordGuard(RESIDENT), HashEmbedder()),
        looking=lambda dropped, only: house.assistant,
    )
    return serve(built(house.assistant, house.pages, settings=settings, tools=asked))


@pytest.fixture(autouse=True)
def let_go(house: House) -> Iterator[None]:
    house.go_on.set()
    yield
    house.go_on.set()


def ask(page: Page, question: str, phase: str = "answered") -> None:
    box = page.get_by_label("Votre question")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(f'.reply-place .reply[data-phase="{phase}"]')).to_be_visible()
    expect(page.locator(".question").first).to_be_visible()


def sound(page: Page) -> None:
    """Fail on anything that axe finds, with its own words, and on what sticks out sideways."""
    found = axe.Axe().run(page).response["violations"]
    assert found == [], json.dumps(
        [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found], indent=1
    )
    width = (page.viewport_size or {})["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_guide_a_question_its_limits_and_the_next_one(
    visit: Open, address: str, house: House
) -> None:
    page = visit(address)
    page.get_by_text("Limiter la recherche").click()
    page.get_by_label("Type d'acte").select_option("délibération")
    page.get_by_label("Actes depuis le").fill("2020-01-01")
    ask(page, ADULT)
    expect(page.locator(".note")).to_contain_text("délibération, depuis le 1er janvier 2020")
    chosen = house.assistant.filters[-1]
    assert (chosen.kinds, chosen.since) == (frozenset({"délibération"}), "2020-01-01")

    ask(page, "Et pour un enfant ?")
    expect(page.locator(".note .understood")).to_have_text(CHILD)
    expect(page.locator(".asked .question")).to_have_text(CHILD)
    expect(page.locator(".history summary")).to_contain_text(ADULT)

    page.get_by_role("button", name="Poser la question telle que je l'ai écrite").click()
    expect(page.locator(".asked .question")).to_have_text("Et pour un enfant ?")
    expect(page.locator(".history > ol > li")).to_have_count(2)

    page.get_by_role("button", name="Effacer et recommencer").click()
    expect(page.get_by_label("Votre question")).to_have_value("")
    expect(page.locator(".history")).to_have_count(0)
    ask(page, "Et pour un enfant ?")
    expect(page.locator(".understood")).to_have_count(0)


def test_the_guide_take_an_answer_away_and_say_what_you_think(
    visit: Open, address: str, house: House, tmp_path: Path
) -> None:
    page = visit(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ADULT)

    page.get_by_role("button", name="Copier avec les citations").click()
    expect(page.locator(".take .done")).to_have_text("Copié.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "intelligence artificielle" in copied
    assert "« Le repas est facturé 3,40 € pour un enfant de la commune. »" in copied

    for name, ending in (("Word (DOCX)", "docx"), ("LibreOffice (ODT)", "odt")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.suffix == f".{ending}"
        assert file.read_bytes()[:2] == b"PK"

    before = len(house.opinions())
    page.get_by_role("button", name="Pas utile").dblclick()
    expect(page.locator(".judged")).to_contain_text("inscrit au registre")
    expect(page.locator(".judged")).to_be_focused()
    assert house.opinions()[before:] == ["incomplete"]
    page.get_by_text("Dire pourquoi, si vous voulez").click()
    page.get_by_label("fausse").check()
    page.get_by_label("Ce qui ne va pas").fill(f"{RESIDENT} paie moins")
    page.get_by_role("button", name="Envoyer l'avis").dblclick()
    expect(page.locator(".judged")).to_have_count(2)
    assert house.opinions()[before:] == ["incomplete", "wrong"]
    expect(page.get_by_text("n'entraînent aucun modèle")).to_be_visible()


def test_the_guide_find_and_read_a_document(visit: Open, address: str) -> None:
    page = visit(address)
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page.locator(".documents li")).to_have_count(3)
    page.get_by_label("Chercher dans les documents").fill("cantine")
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator(".documents li")).to_have_count(2)
    page.go_back()
    page.locator("a.title").filter(has_text="Délibération n° 2019-12").click()
    expect(page.locator(".care")).to_contain_text("n'est plus en vigueur")
    page.locator(".links").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2025-31")


def test_the_guide_hide_a_text_and_a_file(visit: Open, address: str, tmp_path: Path) -> None:
    page = visit(f"{address}/masquer")
    page.get_by_label("Texte à masquer").fill(f"Madame {RESIDENT} <b>viendra</b>.")
    page.get_by_role("button", name="Masquer les données personnelles").click()
    expect(page.locator("#done")).to_have_text("1 donnée personnelle masquée.")
    expect(page.locator("#done")).to_be_focused()
    expect(page.get_by_label("Texte masqué")).to_have_value("Madame [PERSONNE_1] <b>viendra</b>.")

    page.get_by_label("Texte masqué").fill("Madame [PERSONNE_1] viendra demain.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Texte (TXT)").click()
    download.value.save_as(tmp_path / "version.txt")
    assert "viendra demain." in (tmp_path / "version.txt").read_text("utf-8")

    page.get_by_role("link", name="Masquer un autre texte").click()
    letter = tmp_path / f"lettre de {RESIDENT}.txt"
    letter.write_text(f"Lettre de {RESIDENT}.", "utf-8")
    page.get_by_label("Ou un fichier").set_input_files(letter)
    page.get_by_role("button", name="Masquer les données personnelles").click()
    expect(page.get_by_label("Texte masqué")).to_have_value("Lettre de [PERSONNE_1].")
    assert RESIDENT not in page.content()


def test_the_guide_ask_a_file(visit: Open, address: str, tmp_path: Path) -> None:
    page = visit(address)
    page.get_by_role("link", name="Texte ou courrier").click()
    page.get_by_role("link", name="Interroger un fichier").click()
    paper = tmp_path / f"devis {RESIDENT}.txt"
    paper.write_text("Devis pour la cantine\n\nLe repas livré coûte 4,20 €.", "utf-8")
    page.get_by_label("Fichier à interroger").set_input_files(paper)
    page.get_by_role("button", name="Déposer le fichier").click()
    expect(page.locator(".lead")).to_contain_text("devis [PERSONNE_1].txt")
    expect(page.locator(".lead .badge")).to_have_text("fichier déposé")
    expect(page.locator(".glance")).to_contain_text("4,20 €")
    page.get_by_label("Votre question").fill(ADULT)
    page.get_by_role("button", name="Poser la question").click()
    expect(page.locator("#answer .card.answer")).to_be_visible()
    for _ in each_look(page):
        sound(page)
    page.emulate_media(media="print")
    expect(page.locator("#answer .citations blockquote").first).to_be_visible()
    expect(page.locator(".glance")).to_be_visible()
    for control in page.locator("main button, main textarea, main input, .tabs").all():
        expect(control).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Terminer et effacer le fichier").click()
    expect(page.get_by_text("effacés de la mémoire")).to_be_visible()
    assert RESIDENT not in page.content()


def test_the_guide_first_steps(visit: Open, address: str, house: House) -> None:
    before = int(house.pages.states.get(COUNT, "0"))
    page = visit(f"{address}/premiers-pas")
    page.get_by_text("Voir ce qui ne va pas").first.click()
    expect(page.get_by_text("Le montant de la phrase n'est pas celui")).to_be_visible()
    expect(page.get_by_text("On lit la source avant de décider.")).to_be_visible()
    page.get_by_role("button", name="J'ai terminé").click()
    expect(page.get_by_text("C'est noté, sans votre nom.")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="J'ai terminé").click()
    expect(page.get_by_text("C'est noté, sans votre nom.")).to_be_visible()
    assert int(house.pages.states[COUNT]) in {before + 1, before + 2}


@pytest.mark.parametrize("forced", [False, True], ids=["each-look", "forced-colours"])
def test_axe_finds_nothing_on_any_state_and_nothing_sticks_out(
    visit: Open, address: str, forced: bool
) -> None:
    def seen(page: Page) -> None:
        for _ in (None,) if forced else each_look(page):
            sound(page)

    page = visit(address, width=1280)
    page.emulate_media(forced_colors="active" if forced else "none")
    page.get_by_text("Limiter la recherche").click()
    seen(page)
    ask(page, ADULT)
    page.get_by_role("button", name="Utile", exact=True).click()
    page.get_by_text("Dire pourquoi, si vous voulez").click()
    seen(page)
    ask(page, "Et pour un enfant ?")
    expect(page.locator("#alone")).to_be_visible()
    page.locator(".history summary").click()
    seen(page)
    ask(page, "Qui a gagné le tournoi ?", "refused")
    seen(page)
    for path in (
        "/documents", f"/documents/{OLD}", f"/documents/{CANTEEN}",
        "/fichier", "/masquer", "/premiers-pas", f"/source/{CANTEEN}/2?start=0&end=9",
    ):  # fmt: skip
        page.goto(address + path)
        seen(page)
    page.goto(f"{address}/documents")
    page.locator("#q").fill("cantine")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/documents?recherche=*")
    seen(page)
    page.goto(f"{address}/masquer")
    page.get_by_label("Texte à masquer").fill(f"Madame {RESIDENT}")
    page.get_by_role("button", name="Masquer les données personnelles").click()
    expect(page.locator("#done")).to_be_visible()
    seen(page)


def test_a_form_sent_empty_says_what_is_missing(chromium: Browser, address: str) -> None:
    page = chromium.new_page(locale="fr-FR")
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/masquer")
    page.get_by_role("button", name="Masquer les données personnelles").click()
    expect(page.get_by_role("alert")).to_have_text("Collez un texte ou choisissez un fichier.")
    sound(page)
    page.close()


def test_two_passages_of_an_answer_are_compared(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, ADULT)
    page.get_by_text("Comparer deux de ces passages").click()
    page.locator(".compare-two").get_by_role("button", name="Comparer").click()
    expect(page).to_have_url(re.compile("/comparer"))
    for side, pages in (("a", "2"), ("b", "1")):
        expect(page.locator(f"#{side}")).not_to_have_value("")
        expect(page.locator(f"#pages_{side}")).to_have_value(pages)


def test_an_opinion_can_be_given_with_the_keyboard_alone(
    visit: Open, address: str, house: House
) -> None:
    page = visit(address)
    ask(page, ADULT)
    before = len(house.opinions())

    page.get_by_role("button", name="Utile", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".judged")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("fausse")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("La date est passée")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".judged")).to_have_count(2)
    assert house.opinions()[before:] == ["incomplete", "wrong"]


def test_an_opinion_after_the_session_ended_is_not_lost_nor_said_to_be_kept(
    visit: Open, address: str, house: House
) -> None:
    page = visit(address)
    ask(page, ADULT)
    before = len(house.opinions())
    page.get_by_role("button", name="Pas utile").click()
    page.get_by_text("Dire pourquoi, si vous voulez").click()
    page.get_by_label("fausse").check()

    closed = f"{address}/premiers-pas"  # stands for the sign-in page, to which the gate leads
    page.route("**/avis", lambda route: route.fulfill(status=303, headers={"location": closed}))
    page.get_by_role("button", name="Envoyer l'avis").click()
    expect(page.locator(".judge .done")).to_contain_text("Votre session est fermée")
    page.unroute("**/avis")
    page.get_by_role("button", name="Envoyer l'avis").click()
    expect(page.locator(".judged")).to_have_count(2)
    assert house.opinions()[before:] == ["incomplete", "wrong"]


def test_the_way_to_the_pages_by_keyboard(visit: Open, address: str) -> None:
    page = visit(f"{address}/documents")
    skip = page.get_by_role("link", name="Aller au contenu")
    for _ in range(8):  # the bar of the account stands before
        page.keyboard.press("Tab")
        if skip.evaluate("link => link === document.activeElement"):
            break
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Chercher dans les documents")).to_be_focused()


def test_a_model_that_fails_in_the_middle_is_told_in_plain_words(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, "Une panne ?", "failed")

    expect(page.locator(".card.failed")).to_contain_text("Le modèle de langue ne répond pas")
    expect(page.locator(".sources li")).to_have_count(2)
    ask(page, ADULT)


def test_a_file_of_500_mb_is_told_in_plain_words(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    heavy = tmp_path / "film.pdf"
    with heavy.open("wb") as file:
        file.truncate(500_000_000)
    page = chromium.new_page(locale="fr-FR")  # the answer is a 400: the browser complains
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/masquer")
    page.locator("#file").set_input_files(heavy)
    page.get_by_role("button", name="Masquer les données personnelles").click()
    expect(page.get_by_role("alert")).to_contain_text("20 Mo au plus")
    page.close()


def test_leaving_in_the_middle_closes_the_question_and_forgets_it(
    chromium: Browser, address: str, house: House
) -> None:
    house.go_on.clear()
    left = house.assistant.left
    page = chromium.new_page(locale="fr-FR")  # Gradio complains of its own stream that is cut
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.get_by_label("Votre question").fill(ADULT)
    page.get_by_label("Votre question").press("Enter")
    expect(page.locator(".status p").filter(has_text="Recherche")).to_be_visible()

    page.goto(f"{address}/documents")
    page.go_back()
    house.go_on.set()
    expect(page.get_by_label("Votre question")).to_have_value("")
    expect(page.locator(".reply")).to_have_count(0)
    page.wait_for_timeout(500)
    assert house.assistant.left == left + 1
    ask(page, ADULT)
    page.close()


def test_the_picture_of_an_original_opens_in_the_panel_with_its_hidden_text(
    visit: Open, serve: Serve, house: House
) -> None:
    opened = replace(tools(house.register), originals=OnePicture())
    settings = Settings.model_validate({"agent": {"originals_of": ["*"]}})
    page = visit(serve(built(house.assistant, house.pages, settings=settings, tools=opened)))
    ask(page, ADULT)

    page.get_by_label("Citation 1").click()
    panel = page.get_by_role("dialog")
    picture = panel.get_by_role("img", name="passage cité surligné")
    expect(picture).to_be_focused()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    expect(panel.locator("mark#quote")).to_have_text(FIRST.quote)
    expect(panel.get_by_text("Sa consultation est inscrite au registre.")).to_be_visible()
    sound(page)


def test_a_browser_without_a_clipboard_copies_all_the_same(visit: Open, address: str) -> None:
    page = visit(address)  # as at an address that is not secure
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    ask(page, ADULT)

    page.get_by_role("button", name="Copier avec les citations").click()
    expect(page.locator(".take .done")).to_have_text("Copié.")
    page.get_by_label("Votre question").fill("")
    page.get_by_label("Votre question").press("Control+v")
    assert "intelligence artificielle" in page.get_by_label("Votre question").input_value()


def test_what_is_printed_is_the_answer_and_its_mark(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, ADULT)
    page.emulate_media(media="print")

    expect(page.get_by_text("rédigée par une IA")).to_be_visible()
    expect(page.locator(".citations li")).to_have_count(2)
    for left_out in (
        ".tabs",
        ".take",
        ".same",
        ".judge",
        ".prove",
        ".sources",
        "#question",
        "#forget",
    ):
        expect(page.locator(left_out)).to_be_hidden()


@pytest.mark.parametrize(
    "path",
    [
        "/documents", f"/documents/{OLD}", f"/documents/{CANTEEN}",
        f"/source/{CANTEEN}/2?start=0&end=9", "/premiers-pas",
    ],
)  # fmt: skip
def test_a_printed_document_and_its_source_hold_all_that_they_say(
    visit: Open, address: str, path: str
) -> None:
    holds_on_paper(visit(f"{address}{path}"))
