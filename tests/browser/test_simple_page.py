# SPDX-License-Identifier: EUPL-1.2
"""The simple page in a real browser: by keyboard, without script, read aloud, spoken to, at rest.

axe-core looks at every state: no violation of its rules, best practices included.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Event

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.answers import Said, Step
from tests.browser.conftest import PATIENCE_MS, Open, Serve
from tests.ui.senior.conftest import TUESDAY, script, senior_app, settings
from tests.ui.town import CANTEEN, FIRST, ScriptedAssistant
from ui.senior import SeniorExtras
from ui.senior.hearing import Unheard

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [pytest.mark.real]

WIDTHS = (320, 375, 768, 1280)
LOOKS = ((320, False, 100), (320, True, 200), (768, True, 150), (1280, False, 100))
"""Width, dark, size of the text in percent."""

HEARD = "Quel est le prix du repas ?"


class Hearing:
    """Ears that remember how much they were given, and no more."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def __call__(self, audio: bytes) -> str:
        self.sizes.append(len(audio))
        if not audio:
            raise Unheard
        return HEARD


class House:
    """One town's page, whose answers wait to be let go on."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.go_on.set()
        self.hearing = Hearing()
        self.assistant = ScriptedAssistant(script, self.pause)

    def pause(self, step: Step) -> None:
        if isinstance(step, Said):
            self.go_on.wait(20)


@pytest.fixture(scope="module")
def house() -> House:
    return House()


@pytest.fixture(scope="module")
def address(serve: Serve, house: House) -> str:
    extras = SeniorExtras(ears=house.hearing, now=lambda: TUESDAY)
    chosen = settings(senior={"rest_seconds": 30})
    return serve(senior_app(house.assistant, chosen, extras)) + "/simple"


def sound(page: Page) -> None:
    """Fail on anything that axe finds, with its own words."""
    found = axe.Axe().run(page).response["violations"]
    assert found == [], json.dumps(
        [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found], indent=1
    )


def ask(page: Page, question: str) -> None:
    page.get_by_label("Votre question").fill(question)
    page.get_by_role("button", name="Demander", exact=True).click()
    expect(page.locator(".next")).to_be_visible()


def fits(page: Page) -> None:
    width = (page.viewport_size or {})["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_whole_journey_by_keyboard_without_a_script(visit: Open, address: str) -> None:
    page = visit(address, script=False)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller à la question")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for _ in range(4):  # the voice's player may stand before the box
        if page.get_by_label("Votre question").evaluate("box => box === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Quel est le prix du repas ?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="La réponse")).to_be_visible()
    expect(page.locator(".said")).to_contain_text("3,40 €")
    expect(page.get_by_role("heading", name="Où c’est écrit")).to_be_visible()
    page.get_by_role("link", name="Préparer un papier").press("Enter")
    expect(page.get_by_role("heading", name="Papier pour l’accueil")).to_be_visible()
    page.get_by_role("link", name="Revenir à la réponse").press("Enter")
    page.get_by_role("button", name="J’ai fini").press("Enter")
    expect(page.get_by_label("Votre question")).to_have_value("")


def test_an_example_is_asked_with_one_touch(visit: Open, address: str) -> None:
    page = visit(address)
    page.get_by_role("button", name="Quel est le prix de la cantine").click()
    expect(page.get_by_role("heading", name="La réponse")).to_be_visible()


def test_documents_show_while_the_answer_is_prepared_and_then_leave(
    visit: Open, address: str, house: House
) -> None:
    house.go_on.clear()
    page = visit(address)
    try:
        page.get_by_label("Votre question").fill("Quel est le prix du repas ?")
        page.get_by_role("button", name="Demander", exact=True).click(no_wait_after=True)
        expect(page.locator(".waiting li").first).to_contain_text("Délibération n° 2025-31")
        expect(page.locator(".outcome")).to_have_count(0)
    finally:
        house.go_on.set()
    expect(page.locator(".said")).to_contain_text("3,40 €")
    expect(page.locator(".waiting")).to_be_hidden()


STATES: dict[str, Callable[[Page, str], None]] = {
    "home": lambda page, at: None,
    "answer": lambda page, at: ask(page, "Quel est le prix du repas de Paul Martin ?"),
    "refusal": lambda page, at: ask(page, "Qui a gagné ?"),
    "failure": lambda page, at: ask(page, "Un imprévu ?"),
    "urgent": lambda page, at: ask(page, "Mon voisin me menace, au secours"),
    "problem": lambda page, at: page.get_by_role("button", name="Demander", exact=True).click(),
    "source": lambda page, at: (page.goto(f"{at}/page/{CANTEEN}/2?start=0&end=9"), None)[1],
    "gone": lambda page, at: (page.goto(f"{at}/note/nothing"), None)[1],
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    chromium: Browser, address: str, state: str
) -> None:
    for width, dark, size in LOOKS:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light"
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{address}?size={size}")
        STATES[state](page, address)
        sound(page)
        fits(page)
        context.close()


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_axe_finds_nothing_in_other_languages(visit: Open, address: str, language: str) -> None:
    page = visit(f"{address}?lang={language}", width=375)
    sound(page)
    fits(page)
    page.locator("#question").fill("Quel est le prix du repas ?")
    page.locator(".ask button[type=submit]").click()
    expect(page.locator(".said")).to_contain_text("3,40 €")
    sound(page)
    fits(page)


def test_text_is_large_and_what_one_presses_too(visit: Open, address: str) -> None:
    for width in WIDTHS:
        page = visit(address, width=width)
        ask(page, "Quel est le prix du repas ?")
        sizes = page.evaluate(
            "[...document.querySelectorAll('body *')]"
            ".filter(e => e.innerText && !e.children.length)"
            ".map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 18
        heights = page.evaluate(
            "[...document.querySelectorAll('.button, nav a, summary, select')]"
            ".filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 44


def test_the_size_can_be_doubled_without_losing_the_answer(visit: Open, address: str) -> None:
    page = visit(address, script=False)
    ask(page, "Quel est le prix du repas ?")
    before = page.locator(".said p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    page.get_by_role("link", name="Texte à 200 %").click()
    after = page.locator(".said p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")

    assert after == 2 * before
    expect(page.locator(".said")).to_contain_text("3,40 €")


def test_forced_colours_keep_what_matters(chromium: Browser, address: str) -> None:
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(address)
    edges = page.locator(".button").evaluate_all(
        "all => all.map(e => getComputedStyle(e).borderTopWidth)"
    )
    assert set(edges) == {"2px"}
    sound(page)
    context.close()


VOICES = """
window.said = [];
const local = {name: "Ici", lang: "fr-FR", localService: LOCAL};
speechSynthesis.getVoices = () => [{name: "Ailleurs", lang: "fr-FR", localService: false}, local];
speechSynthesis.speak = (u) => { window.utterance = u; said.push([u.text, u.lang, u.rate]); };
speechSynthesis.cancel = () => said.push("cancel");
window.SpeechSynthesisUtterance = class extends EventTarget {
  constructor(text) { super(); this.text = text; }
};
"""


def with_voices(page: Page, address: str, *, local: bool) -> None:
    page.add_init_script(VOICES.replace("LOCAL", str(local).lower()))
    page.goto(address)


def test_an_answer_is_read_with_a_voice_of_this_device_word_by_word(
    visit: Open, address: str
) -> None:
    page = visit(address)
    with_voices(page, address, local=True)
    ask(page, "Quel est le prix du repas ?")
    page.get_by_label("Vitesse de la voix").select_option("slower")
    page.get_by_role("button", name="Écouter", exact=True).click()

    text, language, rate = page.evaluate("said.at(-1)")
    assert "Le repas coûte 3,40 € pour un enfant de la commune." in " ".join(text.split())
    assert (language, rate) == ("fr-FR", 0.7)
    page.evaluate("utterance.dispatchEvent(Object.assign(new Event('boundary'), {charIndex: 3}))")
    expect(page.locator(".word-now")).to_have_text("repas")
    sound(page)
    page.get_by_role("button", name="Arrêter la voix").click()
    assert page.evaluate("said.at(-1)") == "cancel"
    expect(page.locator(".word-now")).to_have_count(0)


def test_a_voice_that_would_send_the_text_elsewhere_is_never_used(
    visit: Open, address: str
) -> None:
    page = visit(address)
    with_voices(page, address, local=False)
    ask(page, "Quel est le prix du repas ?")

    expect(page.get_by_role("button", name="Écouter", exact=True)).to_have_count(0)
    assert page.evaluate("said") == []


def test_what_is_said_is_shown_to_be_confirmed(
    chromium: Browser, address: str, house: House
) -> None:
    context = chromium.new_context(permissions=["microphone"], locale="fr-FR")
    page = context.new_page()
    with_voices(page, address, local=True)
    page.get_by_role("button", name="Parler au lieu d’écrire").click()
    expect(page.get_by_text("Je vous écoute.")).to_be_visible()
    sound(page)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="J’ai fini de parler").click()

    expect(page.get_by_text(f"J’ai compris : « {HEARD} »")).to_be_visible()
    expect(page.get_by_label("Votre question")).to_have_value(HEARD)
    assert house.hearing.sizes[-1] > 0
    assert "cancel" in page.evaluate("said")  # a voice stops when the person speaks
    before = len(house.assistant.asked)
    page.get_by_role("button", name="Demander", exact=True).click()
    expect(page.get_by_role("heading", name="La réponse")).to_be_visible()
    assert house.assistant.asked[before:] == [HEARD]
    context.close()


def test_a_tablet_at_rest_asks_then_erases_and_one_may_stay(visit: Open, address: str) -> None:
    page = visit(address)
    page.clock.install()
    page.goto(f"{address}?kiosk=1")
    ask(page, "Quel est le prix du repas ?")
    page.clock.fast_forward(31_000)
    dialog = page.get_by_role("dialog", name="Êtes-vous encore là ?")
    expect(dialog).to_be_visible()
    sound(page)
    dialog.get_by_role("button", name="Oui, je suis là").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".said")).to_be_visible()
    page.clock.fast_forward(31_000)
    expect(dialog).to_be_visible()
    left = page.url
    page.clock.fast_forward(31_000)
    expect(page.get_by_label("Votre question")).to_have_value("")
    assert page.request.get(left.split("?")[0]).status == 404


def test_the_page_of_a_document_marks_the_quote(visit: Open, address: str) -> None:
    span = f"start={FIRST.start}&end={FIRST.end}"
    page = visit(f"{address}/page/{CANTEEN}/2?{span}", script=False)
    expect(page.locator("mark")).to_have_text(FIRST.quote)
