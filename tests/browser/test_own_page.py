# SPDX-License-Identifier: EUPL-1.2
"""One's own questions walked in a browser: switched on, found, named, taken up again, printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from guardrails.register import open_register
from tests.browser.conftest import Open, Serve
from tests.browser.looks import each_look
from tests.browser.test_letters_page import sound
from tests.fakes import WordGuard
from tests.ui.building import built
from tests.ui.test_own import PRICE, Sealing
from tests.ui.workspace import linked_town, tools
from ui.agent.own import FILE, OwnQuestions

pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


@pytest.fixture
def address(serve: Serve, tmp_path: Path) -> Iterator[str]:
    with open_register(tmp_path / "register", tmp_path / "keys") as register:
        own = OwnQuestions(register, tmp_path / FILE, WordGuard().screen)
        assistant = Sealing(register)
        list(assistant.steps(PRICE, actor="agnes"))
        app = built(assistant, linked_town(), tools=replace(tools(register), own=own))
        yield f"{serve(app)}/mes-questions"


@pytest.mark.parametrize("script", [True, False], ids=["script", "without-a-script"])
def test_a_conversation_is_found_named_and_taken_up_again(
    visit: Open, address: str, script: bool
) -> None:
    page = visit(address, script=script)
    page.get_by_role("button", name="Montrer mes questions").click()
    page.get_by_label("Chercher dans mes questions").fill("enfant")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name=PRICE).click()
    page.get_by_label("Nom de cette conversation").fill("La cantine")
    page.get_by_role("button", name="Garder ce nom").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La cantine")
    page.get_by_label("Reprendre").fill("Et pour un adulte ?")
    page.get_by_role("button", name="Poser la question").click()
    asked = page.locator(".turn .question")
    expect(asked).to_have_count(2)
    expect(asked.last).to_have_text("Quel est le tarif de la cantine pour un adulte ?")
    page.get_by_role("link", name="Toutes mes questions").click()
    page.get_by_role("button", name="Effacer ma liste").click()
    expect(page.get_by_text("Aucune question dans les trente derniers jours.")).to_be_visible()


def test_the_keyboard_alone_is_enough(visit: Open, address: str) -> None:
    page = visit(address)
    page.get_by_role("button", name="Montrer mes questions").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name=PRICE).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Reprendre").focus()
    page.keyboard.insert_text("Et pour un adulte ?")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)


def test_axe_finds_nothing_nothing_sticks_out_and_paper_has_the_answers_alone(
    visit: Open, address: str
) -> None:
    page = visit(address)
    for _ in each_look(page):
        sound(page)
    page.get_by_role("button", name="Montrer mes questions").click()
    page.get_by_role("link", name=PRICE).wait_for()
    for _ in each_look(page):
        sound(page)
    page.get_by_role("link", name=PRICE).click()
    page.locator(".turn").wait_for()
    for _ in each_look(page):
        sound(page)
    page.emulate_media(media="print")
    for button in page.locator("main button, main textarea, main input").all():
        expect(button).to_be_hidden()
    expect(page.locator(".turn .citations blockquote")).to_be_visible()
