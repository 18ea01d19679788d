# SPDX-License-Identifier: EUPL-1.2
"""The guide « Répondre à un courrier » followed in a browser: paste or drop, mend, ask, take away.

The assistant follows a script that waits to be let go on; the rest is real, with stand-ins for the
models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.answers import Refusal, Step
from assistant.settings import Settings
from guardrails.register import open_register
from tests.browser.conftest import PATIENCE_MS, Open, Serve
from tests.browser.looks import each_look
from tests.ui.building import built
from tests.ui.town import LEAD, ScriptedAssistant, answering, refusing
from tests.ui.workspace import RESIDENT, linked_town, tools

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

LETTER = f"""From: Paul Gransagne <paul.gransagne@courrier.example>
Subject: cantine

Bonjour, Madame {RESIDENT} m'a dit de vous écrire.
Combien coûte la cantine ? Où est la poste ?

Cordialement,
Paul Gransagne
"""
BLANK = "[à compléter : nom du correspondant]"


class Desk:
    """The page of one town, whose second answer waits for `go_on`."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.asked: list[str] = []

    def script(self, question: str) -> list[Step]:
        self.asked.append(question)
        return refusing(question, leads=(LEAD,)) if "poste" in question else answering(question)

    def pause(self, step: Step) -> None:
        if isinstance(step, Refusal):
            self.go_on.wait(60)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="module")
def address(serve: Serve, desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("register")
    town = {"name": "Valclair", "phone": "01 99 00 12 34"}
    with open_register(folder / "register", folder / "keys") as register:
        app = built(
            ScriptedAssistant(desk.script, desk.pause),
            linked_town(),
            settings=Settings.model_validate({"town": town}),
            tools=tools(register),
        )
        yield f"{serve(app)}/repondre"


@pytest.fixture(autouse=True)
def let_go(desk: Desk) -> Iterator[None]:
    desk.go_on.set()
    yield
    desk.go_on.set()


def sound(page: Page) -> None:
    """Fail on anything that axe finds, and on what sticks out sideways."""
    found = axe.Axe().run(page).response["violations"]
    assert found == [], json.dumps(
        [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found], indent=1
    )
    width = (page.viewport_size or {})["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def read(page: Page) -> None:
    page.get_by_label("Courrier reçu").fill(LETTER)
    page.get_by_role("button", name="Lire ce courrier").click()
    expect(page.locator("#done")).to_be_focused()


def test_the_guide_reply_to_a_letter(visit: Open, address: str, desk: Desk, tmp_path: Path) -> None:
    desk.go_on.clear()
    page = visit(address)
    read(page)
    expect(page.locator(".letter")).to_contain_text("[PERSONNE_1]")
    expect(page.locator(".letter")).not_to_contain_text(RESIDENT)
    questions = page.get_by_label("Questions, une par ligne")
    expect(questions).to_have_value("Combien coûte la cantine ?\nOù est la poste ?")
    expect(page.get_by_label("Nom du correspondant")).to_have_value("Paul Gransagne")

    questions.fill("Combien coûte un repas ?\nOù est la poste ?")
    page.get_by_role("button", name="Chercher les réponses").click()
    expect(page.locator(".part").first).to_contain_text("3,40 €")
    expect(page.locator(".busy")).to_be_visible()
    assert page.locator("#draft").count() == 0

    desk.go_on.set()
    expect(page.locator("#ready")).to_be_focused()
    expect(page.locator(".busy")).to_have_count(0)
    draft = page.get_by_label("Brouillon de réponse")
    text = draft.input_value()
    assert text.startswith("À l'attention de Paul Gransagne")
    assert "Le repas est facturé 3,40 € pour un enfant de la commune." in text
    assert "Combien coûte un repas ?" in text
    assert "[à compléter : réponse à cette question]" in text

    page.get_by_label("Nom du correspondant").fill("Mme Gransagne")
    assert draft.input_value().startswith("À l'attention de Mme Gransagne")
    page.get_by_label("Nom du correspondant").fill("")
    assert draft.input_value().startswith(f"À l'attention de {BLANK}")

    with page.expect_download() as download:
        page.get_by_role("button", name="Word (DOCX)").click()
    assert download.value.suggested_filename == "reponse.docx"
    assert "Paul Gransagne" not in "".join(desk.asked)


def test_the_same_letter_can_be_asked_again(visit: Open, address: str) -> None:
    page = visit(address)
    read(page)
    for _ in range(2):
        page.get_by_role("button", name="Chercher les réponses").click()
        expect(page.locator("#ready")).to_be_focused()
        expect(page.locator(".part")).to_have_count(3)


def test_a_file_is_dropped_on_the_form(visit: Open, address: str) -> None:
    page = visit(address)
    dropped = page.evaluate_handle(
        "text => { const held = new DataTransfer();"
        " held.items.add(new File([text], 'courrier.eml')); return held; }",
        LETTER,
    )
    page.locator("form[data-drop]").dispatch_event("drop", {"dataTransfer": dropped})
    page.get_by_role("button", name="Lire ce courrier").click()
    expect(page.get_by_label("Questions, une par ligne")).to_have_value(
        "Combien coûte la cantine ?\nOù est la poste ?"
    )


def test_without_a_script_the_answers_come_on_a_page_of_their_own(
    visit: Open, address: str
) -> None:
    page = visit(address, script=False)
    page.get_by_label("Courrier reçu").fill(LETTER)
    page.get_by_role("button", name="Lire ce courrier").click()
    page.get_by_role("button", name="Chercher les réponses").click()
    expect(page.locator(".part")).to_have_count(3)
    draft = page.get_by_label("Brouillon de réponse").input_value()
    assert draft.startswith(f"À l'attention de {BLANK}")


def test_the_keyboard_alone_is_enough(visit: Open, address: str) -> None:
    page = visit(address)
    page.get_by_label("Courrier reçu").focus()
    page.keyboard.insert_text(LETTER)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_be_focused()
    page.get_by_label("Questions, une par ligne").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#ready")).to_be_focused()


def test_paper_has_the_answers_and_the_draft_and_no_buttons(visit: Open, address: str) -> None:
    page = visit(address)
    read(page)
    page.get_by_role("button", name="Chercher les réponses").click()
    expect(page.locator("#ready")).to_be_focused()
    page.emulate_media(media="print")
    for shown in (".letter", ".part .citations blockquote", "#draft"):
        expect(page.locator(shown).first).to_be_visible()
    for control in page.locator("main button, main .button, #correspondent, .tabs").all():
        expect(control).to_be_hidden()
    seen, whole = page.locator("#draft").evaluate("one => [one.clientHeight, one.scrollHeight]")
    assert whole <= seen + 2  # nothing of the draft is cut


def test_a_form_sent_empty_says_what_is_missing(chromium: Browser, address: str) -> None:
    page = chromium.new_page(locale="fr-FR")  # a form that is turned away is told to the console
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.get_by_role("button", name="Lire ce courrier").click()
    expect(page.get_by_role("alert")).to_have_text("Collez un texte ou choisissez un fichier.")
    sound(page)
    page.close()


@pytest.mark.parametrize("forced", [False, True], ids=["each-look", "forced-colours"])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Open, address: str, forced: bool) -> None:
    def seen() -> None:
        for _ in (None,) if forced else each_look(page):
            sound(page)

    page = visit(address)
    page.emulate_media(forced_colors="active" if forced else "none")
    seen()
    read(page)
    seen()
    page.get_by_role("button", name="Chercher les réponses").click()
    expect(page.locator("#ready")).to_be_focused()
    seen()
