# SPDX-License-Identifier: EUPL-1.2
"""« Comparer » in a real browser: chosen by keyboard, dropped, every look, printed, taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.settings import Settings
from guardrails.register import Register, open_register
from tests.browser.conftest import Open, Serve
from tests.browser.looks import each_look
from tests.ui.building import built
from tests.ui.town import CANTEEN, ScriptedAssistant, answering
from tests.ui.workspace import OLD, RESIDENT, linked_town, tools

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    folder = tmp_path_factory.mktemp("register")
    with open_register(folder / "register", folder / "keys") as register:
        yield register


@pytest.fixture(scope="module")
def address(serve: Serve, register: Register) -> str:
    settings = Settings.model_validate({"town": {"name": "Valclair", "phone": "01 99 00 12 34"}})
    tooled = tools(register)
    return serve(
        built(ScriptedAssistant(answering), linked_town(), settings=settings, tools=tooled)
    )


def sound(page: Page) -> None:
    """Fail on anything that axe finds, and on what sticks out sideways, in every look."""
    for width, _ in each_look(page):
        found = axe.Axe().run(page).response["violations"]
        assert found == [], json.dumps(
            [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found], indent=1
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_two_acts_are_compared_from_the_list_by_keyboard(visit: Open, address: str) -> None:
    page = visit(f"{address}/documents")
    link = page.locator(f'a[href="/comparer?a={OLD}"]')
    link.focus()
    link.press("Enter")
    expect(page.get_by_role("heading", name="Comparer")).to_be_visible()
    sound(page)
    second = page.locator("#b")
    second.focus()
    second.select_option(CANTEEN)
    page.get_by_role("button", name="Comparer").press("Enter")
    expect(page.locator("#done")).to_be_focused()
    expect(page.locator(".changes ins").first).to_contain_text("3,40")
    sound(page)
    page.get_by_text("Autour de l'acte").click()
    sound(page)


def test_a_dropped_file_is_compared_and_taken_away(
    visit: Open, address: str, tmp_path: Path
) -> None:
    page = visit(f"{address}/comparer?a={CANTEEN}")
    words = f"Le repas est facturé 3,95 € pour un enfant de la commune. Voir {RESIDENT}."
    page.locator("#file").set_input_files(
        {"name": "projet.txt", "mimeType": "text/plain", "buffer": words.encode()}
    )
    page.get_by_role("button", name="Comparer").click()
    expect(page.locator(".changes").first).to_contain_text("3,95 €")
    expect(page.locator("main")).not_to_contain_text(RESIDENT)
    for name, start in (("Word (DOCX)", b"PK"), ("Tableau (CSV)", b"\xef\xbb\xbf")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.read_bytes().startswith(start)


def test_on_paper_the_changes_stand_without_the_buttons(visit: Open, address: str) -> None:
    page = visit(f"{address}/comparer?a={OLD}")
    page.locator("#b").select_option(CANTEEN)
    page.get_by_role("button", name="Comparer").click()
    expect(page.locator("#done")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".take")).to_be_hidden()
    expect(page.locator(".changes > li").first).to_be_visible()
