# SPDX-License-Identifier: EUPL-1.2
"""The door in a real browser: the first account, signing in and out, each role on its pages.

The application is the one that `greffier serve` opens, with stand-ins for the models; axe-core
looks at every state of the door, best practices included, without a script on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from assistant.answers import Said, Step
from tests.assistant.terminal import stand_in
from tests.browser.conftest import PATIENCE_MS, Open, Serve
from tests.browser.looks import each_look
from tests.ui.access.conftest import PASSWORD
from tests.ui.access.walk import whole_app
from tests.ui.town import ScriptedAssistant, answering
from ui.access import Desk
from ui.access.gate import RECHECK_SECONDS
from ui.access.person import Role

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [
    pytest.mark.real,
    # Gradio's queue reckons its own waiting times with old ways of pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

PRICE = "Quel est le prix du repas ?"


@dataclass
class House:
    """A town with accounts, served."""

    url: str
    desk: Desk
    go_on: Event

    def account(self, name: str, role: Role) -> str:
        if self.desk.accounts.get(name) is None:
            self.desk.accounts.add(name, role)
            self.desk.accounts.keep_password(name, self.desk.passwords.hash(PASSWORD))
        return name


@pytest.fixture(scope="module")
def house(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        go_on = Event()
        go_on.set()

        def pause(step: Step) -> None:
            if isinstance(step, Said):
                go_on.wait(20)

        assistant = ScriptedAssistant(answering, pause)
        folder = tmp_path_factory.mktemp("town")
        with whole_app(folder, assistant=assistant) as (app, desk):
            yield House(serve(app), desk, go_on)


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
    page.get_by_label("Votre question").fill(PRICE)
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


@pytest.mark.parametrize("when", ["before", "while the page opens", "in the middle"])
def test_a_session_that_closed_is_told_and_the_page_goes_on_after_signing_in_again(
    chromium: Browser, house: House, when: str
) -> None:
    house.account("adele", Role.ADMIN)  # without an administrator, nobody is let in
    house.account("agnes", Role.AGENT)
    page = complaining(chromium)
    if when == "while the page opens":
        page.route("**/gradio_api/queue/data*", lambda route: shut_first(route, house))
    page.goto(f"{house.url}/")
    sign_in(page, house, "agnes")
    question = page.get_by_label("Votre question")
    question.fill(PRICE)
    told = page.get_by_role("alert")
    if when == "before":
        listening(page)
        house.desk.sessions.end_all("agnes")
        question.press("Enter")
        expect(told).to_contain_text("Votre session s'est fermée et rien n'a été envoyé")
    elif when == "in the middle":
        listening(page)
        house.go_on.clear()
        question.press("Enter")
        expect(page.locator(".reply[data-phase=found]")).to_be_visible()
        house.desk.sessions.end_all("agnes")
        page.wait_for_timeout(RECHECK_SECONDS * 1000 + 500)  # an open stream is looked at again
        house.go_on.set()
        expect(told).to_contain_text("la réponse s'est arrêtée là")
        expect(page.locator(".dots")).to_be_hidden()
    else:
        expect(told).to_contain_text("Votre session s'est fermée")
    expect(question).to_have_value(PRICE)
    expect(page.get_by_role("button", name="Demander")).to_be_enabled()
    assert_clean(page)

    page.unroute_all()
    with page.context.expect_page() as opening:
        told.get_by_role("link", name="Se connecter").click()
    other = opening.value
    sign_in(other, house, "agnes")
    other.wait_for_url(f"{house.url}/", timeout=PATIENCE_MS)
    question.press("Enter")
    expect(page.locator(".reply[data-phase=answered]")).to_be_visible()
    expect(told).to_be_hidden()
    page.context.close()


def complaining(chromium: Browser) -> Page:
    """Open a page that may note in its console what it was refused."""
    context = chromium.new_context(locale="fr-FR")
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def listening(page: Page) -> None:
    """Wait until the page has heard from the server: before, no key is listened to."""
    expect(page.locator(".corpus p")).to_be_visible()


def shut_first(route: Route, house: House) -> None:
    """End the sessions just before the page listens."""
    house.desk.sessions.end_all("agnes")
    route.continue_()


@pytest.mark.parametrize("is_cut", [False, True], ids=["session ended", "line cut"])
@pytest.mark.parametrize(
    ("name", "role", "path", "field", "button", "after"),
    [
        ("agnes", Role.AGENT, "/masquer", "Texte à masquer", "Masquer les données", "Texte masqué"),
        ("adele", Role.ADMIN, "/admin/synonyms", "Groupes de mots", "Enregistrer", "Groupes"),
    ],
    ids=["agent", "admin"],
)
def test_what_was_typed_in_a_form_stays_until_it_can_leave(
    chromium: Browser, house: House, name: str, role: Role, path: str, field: str, button: str,
    after: str, is_cut: bool,
) -> None:  # fmt: skip
    house.account("adele", Role.ADMIN)
    house.account(name, role)
    page = complaining(chromium)
    page.goto(f"{house.url}{path}")
    sign_in(page, house, name)
    page.wait_for_url(f"{house.url}{path}", timeout=PATIENCE_MS)
    page.get_by_label(field).fill("bennes, déchetterie")
    if is_cut:
        page.context.set_offline(True)
    else:
        house.desk.sessions.end_all(name)
    page.get_by_role("button", name=button).first.dblclick()
    told = page.locator(".line-notice")
    expect(told).to_contain_text("s'est coupée" if is_cut else "Votre session s'est fermée")
    expect(page.get_by_label(field)).to_have_value("bennes, déchetterie")
    if is_cut:
        page.context.set_offline(False)
    else:
        assert_clean(page)
        with page.context.expect_page() as opening:
            told.get_by_role("link", name="Se connecter").click()
        sign_in(opening.value, house, name)
        opening.value.wait_for_url(lambda url: "/connexion" not in url, timeout=PATIENCE_MS)
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("status").first).to_be_visible()
    expect(page.get_by_label(after)).to_have_value(re.compile("bennes, déchetterie"))
    page.context.close()


def test_a_line_that_is_cut_is_told_and_what_was_typed_goes_once_it_is_back(
    chromium: Browser, house: House
) -> None:
    house.account("adele", Role.ADMIN)
    house.account("agnes", Role.AGENT)
    page = complaining(chromium)
    page.goto(f"{house.url}/")
    sign_in(page, house, "agnes")
    listening(page)
    question, told = page.get_by_label("Votre question"), page.get_by_role("alert")
    question.fill(PRICE)
    for lost in ("**/queue/join*", "**/queue/data*"):
        page.route(lost, lambda route: route.abort())
        question.press("Enter")
        expect(told).to_contain_text("La connexion avec Greffier s'est coupée")
        expect(question).to_have_value(PRICE)
        page.unroute_all()
        page.get_by_role("button", name="Fermer").click()
        expect(told).to_be_hidden()

    question.press("Enter")
    expect(page.locator(".reply[data-phase=answered]")).to_be_visible()
    expect(page.get_by_text("Connection")).to_have_count(0)  # Gradio's own words are in English
    page.context.close()


def test_axe_finds_nothing_on_any_page_of_the_door_in_any_look(visit: Open, house: House) -> None:
    def seen(page: Page) -> None:
        for _ in each_look(page):
            assert_clean(page)

    house.account("adele", Role.ADMIN)
    page = visit(f"{house.url}/connexion")
    seen(page)
    link = house.desk.links.make(house.account("nina", Role.AGENT))
    page.goto(f"{house.url}/bienvenue/{link}")
    seen(page)
    sign_in(page, house, "adele")
    page.wait_for_url(re.compile("/admin"), timeout=PATIENCE_MS)
    for path in ("/compte", "/compte?change=fait", "/deconnexion"):
        page.goto(house.url + path)
        seen(page)
    page.get_by_role("button", name="Se déconnecter").click()
    seen(page)


def test_axe_finds_nothing_where_signing_in_failed_in_any_look(
    chromium: Browser, house: House
) -> None:
    house.account("ines", Role.AGENT)
    page = chromium.new_page(locale="fr-FR")  # what the server refuses is noted by the others
    sign_in(page, house, "ines", "un mot de passe qui n'est pas le bon")
    expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
    for _ in each_look(page):
        assert_clean(page)
    page.close()
