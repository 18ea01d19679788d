# SPDX-License-Identifier: EUPL-1.2
"""The door in a real browser: the first account, signing in and out, each role on its pages.

The application is the one that `greffier serve` opens, with stand-ins for the models; axe-core
looks at every state of the door, best practices included, without a script on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assistant.terminal import stand_in
from tests.browser.conftest import PATIENCE_MS, Open, Serve
from tests.ui.access.conftest import PASSWORD
from tests.ui.access.walk import whole_app
from ui.access import Desk
from ui.access.person import Role

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [pytest.mark.real]

LOOKS = ((320, False), (320, True), (1280, False))


@dataclass
class House:
    """A town with accounts, served."""

    url: str
    desk: Desk

    def account(self, name: str, role: Role) -> str:
        if self.desk.accounts.get(name) is None:
            self.desk.accounts.add(name, role)
            self.desk.accounts.keep_password(name, self.desk.passwords.hash(PASSWORD))
        return name


@pytest.fixture(scope="module")
def house(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        with whole_app(tmp_path_factory.mktemp("town")) as (app, desk):
            yield House(serve(app), desk)


def sign_in(page: Page, house: House, name: str, password: str = PASSWORD) -> None:
    if "/connexion" not in page.url:
        page.goto(f"{house.url}/connexion")
    page.get_by_label("Identifiant").fill(name)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()


def assert_clean(page: Page) -> None:
    """No violation, and nothing sticks out."""
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_first_account_from_the_link_of_the_terminal_to_the_administrator_s_page(
    visit: Open, house: House
) -> None:
    page = visit(f"{house.url}/simple")
    expect(page.get_by_label("Votre question")).to_be_visible()  # residents need not wait
    page.goto(f"{house.url}/bienvenue/{house.desk.first_link()}")
    page.get_by_label("Identifiant").fill("adele")
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même").fill(PASSWORD)
    page.get_by_role("button", name="Enregistrer").click()

    page.wait_for_url(re.compile("/admin"), timeout=PATIENCE_MS)
    bar = page.get_by_role("navigation", name="Votre compte et vos pages")
    expect(bar).to_contain_text("adele (administrateur)")
    assert [link.inner_text() for link in bar.get_by_role("link").all()] == [
        "Questions",
        "Administration",
        "adele (administrateur)",
    ]


def test_an_agent_signs_in_without_a_script_by_keyboard_alone(visit: Open, house: House) -> None:
    house.account("agnes", Role.AGENT)
    page = visit(f"{house.url}/documents", script=False)
    assert page.url.endswith("/connexion?suite=%2Fdocuments")
    page.keyboard.press("Tab")
    page.keyboard.type("agnes")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    page.wait_for_url(f"{house.url}/documents", timeout=PATIENCE_MS)
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Vous êtes déconnecté")).to_be_visible()
    page.goto(f"{house.url}/documents")
    assert "/connexion" in page.url


def test_an_agent_asks_on_the_page_behind_the_gate(visit: Open, house: House) -> None:
    house.account("agnes", Role.AGENT)
    page = visit(f"{house.url}/")
    sign_in(page, house, "agnes")
    page.get_by_label("Votre question").fill("Quel est le prix du repas ?")
    page.get_by_label("Votre question").press("Enter")

    expect(page.locator("[data-phase=answered]").first).to_be_visible()
    expect(page.get_by_role("navigation", name="Votre compte et vos pages")).to_contain_text(
        "agnes (agent)"
    )


def test_an_auditor_has_a_page_that_gradio_draws_elsewhere_than_at_the_root(
    visit: Open, house: House
) -> None:
    house.account("aude", Role.AUDITOR)
    page = visit(f"{house.url}/auditeur")
    sign_in(page, house, "aude")
    page.wait_for_url(f"{house.url}/auditeur/", timeout=PATIENCE_MS)

    expect(page.get_by_role("button").first).to_be_visible()
    expect(page.locator("#check-form")).to_be_visible()


def test_a_session_that_closed_is_told_and_the_page_goes_on_after_signing_in_again(
    chromium: Browser, house: House
) -> None:
    """The browser notes the refusal in its console: the fixture that forbids it stays aside."""
    house.account("adele", Role.ADMIN)  # without an administrator, nobody is let in
    house.account("agnes", Role.AGENT)
    context = chromium.new_context(locale="fr-FR")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{house.url}/")
    sign_in(page, house, "agnes")
    question = page.get_by_label("Votre question")
    question.fill("Quel est le prix du repas ?")
    house.desk.sessions.end_all("agnes")
    told = page.get_by_text("Votre session s'est fermée et rien n'a été envoyé").first
    for _ in range(8):  # a key pressed before the page listens is lost, and what is told goes away
        question.press("Enter")
        page.wait_for_timeout(1500)
        if told.is_visible():
            break
    assert told.is_visible()
    expect(question).to_have_value("Quel est le prix du repas ?")

    other = context.new_page()
    sign_in(other, house, "agnes")
    other.wait_for_url(f"{house.url}/", timeout=PATIENCE_MS)
    question.press("Enter")
    expect(page.locator("[data-phase=answered]").first).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_axe_finds_nothing_on_any_page_of_the_door(
    visit: Open, house: House, width: int, dark: bool
) -> None:
    house.account("adele", Role.ADMIN)
    page = visit(f"{house.url}/connexion", width=width, dark=dark)
    assert_clean(page)
    link = house.desk.links.make(house.account("nina", Role.AGENT))
    page.goto(f"{house.url}/bienvenue/{link}")
    assert_clean(page)
    sign_in(page, house, "adele")
    page.wait_for_url(re.compile("/admin"), timeout=PATIENCE_MS)
    for path in ("/compte", "/compte?change=fait", "/deconnexion"):
        page.goto(house.url + path)
        assert_clean(page)
    page.get_by_role("button", name="Se déconnecter").click()
    assert_clean(page)
