# SPDX-License-Identifier: EUPL-1.2
"""The simple page in a real browser: by keyboard, without script, read aloud, spoken to, at rest.

axe-core looks at every state: no violation of its rules, best practices included.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, Open
from tests.browser.simple import House, ask, fits, sound, speaks
from tests.ui.town import CANTEEN, FIRST
from ui.senior.words import LANGUAGES, table

pytestmark = [pytest.mark.real]

WIDTHS = (320, 375, 768, 1280)
LOOKS: tuple[tuple[int, bool, int, Literal["active", "none"]], ...] = (
    (320, False, 100, "none"),
    (320, True, 200, "none"),
    (768, True, 150, "none"),
    (1280, False, 100, "active"),
)
"""Width, dark, size of the text in percent, forced colours."""


def test_the_whole_journey_by_keyboard_without_a_script(visit: Open, simple: str) -> None:
    page = visit(simple, script=False)
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


def test_an_example_is_asked_with_one_touch(visit: Open, simple: str) -> None:
    page = visit(simple)
    page.get_by_role("button", name="Quel est le prix de la cantine").click()
    expect(page.get_by_role("heading", name="La réponse")).to_be_visible()


def test_documents_show_while_the_answer_is_prepared_and_then_leave(
    visit: Open, simple: str, house: House
) -> None:
    house.go_on.clear()
    page = visit(simple)
    try:
        page.get_by_label("Votre question").fill("Quel est le prix du repas ?")
        page.get_by_role("button", name="Demander", exact=True).click(no_wait_after=True)
        expect(page.locator(".waiting li").first).to_contain_text("Délibération n° 2025-31")
        expect(page.locator(".outcome")).to_have_count(0)
    finally:
        house.go_on.set()
    expect(page.locator(".said")).to_contain_text("3,40 €")
    expect(page.locator(".waiting")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_whom_to_call_is_announced_while_the_answer_is_looked_for(
    visit: Open, simple: str, house: House, language: str
) -> None:
    house.go_on.clear()
    page = visit(f"{simple}?lang={language}", width=320)
    try:
        page.locator("#question").fill("mon mari est tombé quel est le prix du repas")
        page.locator(".button.main").click(no_wait_after=True)
        card = page.get_by_role("alert")
        expect(card).to_contain_text(table(language)["urgent_medical"])
        expect(card.get_by_role("link").first).to_have_attribute("href", "tel:15")
        expect(page.locator(".waiting li").first).to_be_visible()
        expect(page.locator(".outcome")).to_have_count(0)
        assert page.evaluate(
            "document.querySelector('main').querySelector('section, .question, .waiting')"
            ".classList.contains('urgent')"
        )
        fits(page)
    finally:
        house.go_on.set()
    expect(page.locator(".answer .said")).to_contain_text("3,40 €")
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_refusal_is_no_dead_end(visit: Open, simple: str) -> None:
    page = visit(simple, width=320, script=False)
    ask(page, "Qui a gagné ?")
    card = page.get_by_role("region", name="Je ne sais pas répondre")
    expect(card.get_by_role("link").first).to_have_attribute("href", "tel:0353012000")
    paper = card.locator(".nearest").get_by_role("link", name="Délibération n° 2025-31")
    assert (paper.bounding_box() or {})["height"] >= 44
    paper.click()
    expect(page.locator("mark").first).to_contain_text("Article 1er")


def note(page: Page) -> None:
    ask(page, "Qui a gagné ?")
    page.get_by_role("link", name="Préparer un papier").click()
    expect(page.locator(".note")).to_be_visible()


def test_a_double_click_and_a_refresh_ask_once(visit: Open, simple: str, house: House) -> None:
    house.go_on.clear()
    before = len(house.assistant.asked)
    page = visit(simple)
    try:
        page.get_by_label("Votre question").fill("Quel est le prix du repas ?")
        page.get_by_role("button", name="Demander", exact=True).dblclick(no_wait_after=True)
        expect(page.locator(".waiting li").first).to_be_visible()
        page.reload(wait_until="commit")
        expect(page.locator(".waiting li").first).to_be_visible()
    finally:
        house.go_on.set()
    expect(page.locator(".said")).to_contain_text("3,40 €")
    page.get_by_role("link", name="Poser une autre question").click()
    page.go_back()
    expect(page.locator(".said")).to_contain_text("3,40 €")
    assert len(house.assistant.asked) == before + 1


STATES: dict[str, Callable[[Page, str], None]] = {
    "home": lambda page, at: None,
    "answer": lambda page, at: ask(page, "Quel est le prix du repas de Paul Martin ?"),
    "refusal": lambda page, at: ask(page, "Qui a gagné ?"),
    "failure": lambda page, at: ask(page, "Un imprévu ?"),
    "urgent": lambda page, at: ask(page, "Mon voisin me menace, au secours"),
    "perhaps": lambda page, at: ask(page, "Mon voisin est peut-être tombé"),
    "note": lambda page, at: note(page),
    "problem": lambda page, at: page.get_by_role("button", name="Demander", exact=True).click(),
    "source": lambda page, at: (page.goto(f"{at}/page/{CANTEEN}/2?start=0&end=9"), None)[1],
    "gone": lambda page, at: (page.goto(f"{at}/note/nothing"), None)[1],
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    chromium: Browser, simple: str, state: str
) -> None:
    for width, dark, size, colours in LOOKS:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            forced_colors=colours,
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{simple}?size={size}")
        STATES[state](page, simple)
        sound(page)
        fits(page)
        context.close()


def test_what_may_be_urgent_leaves_the_answer_on_the_first_screen(visit: Open, simple: str) -> None:
    page = visit(simple, width=375)
    ask(page, "Il est peut-être tombé. Quel est le prix du repas ?")
    frame = page.locator(".urgent.perhaps")
    expect(frame.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(frame.locator("li > span").first).to_be_attached()  # read aloud, not seen
    box = page.locator(".outcome").bounding_box()
    assert box is not None and box["y"] < 700


def test_axe_finds_nothing_while_the_answer_is_prepared(
    visit: Open, simple: str, house: House
) -> None:
    house.go_on.clear()
    page = visit(simple, width=320)
    try:
        page.get_by_label("Votre question").fill("Quel est le prix du repas ?")
        page.get_by_role("button", name="Demander", exact=True).click(no_wait_after=True)
        expect(page.locator(".waiting li").first).to_be_visible()
        found = page.evaluate("document.querySelectorAll('[role=status]').length")
        fits(page)
        assert found == 1  # the wait is announced, once
    finally:
        house.go_on.set()
    expect(page.locator(".said")).to_be_visible()
    expect(page.locator("[role=status]:visible")).to_have_count(1)
    sound(page)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "fr"])
def test_axe_finds_nothing_in_other_languages(visit: Open, simple: str, language: str) -> None:
    for question in ("Quel est le prix du repas ?", "Je crois que c’est une arnaque"):
        page = visit(f"{simple}?lang={language}&size=200", width=320)
        sound(page)
        fits(page)
        page.locator("#question").fill(question)
        page.locator(".ask button[type=submit]").click()
        expect(page.locator(".next")).to_be_visible()
        sound(page)
        fits(page)


NARROW = {"320": (320, 568, 1), "375": (375, 667, 1), "at 200 %": (320, 568, 2)}
"""A telephone's first screen, and that of a screen of twice its points, all twice as large."""


@pytest.mark.parametrize("screen", NARROW)
def test_a_telephone_shows_the_question_and_the_number_on_its_first_screen(
    chromium: Browser, simple: str, screen: str
) -> None:
    width, height, scale = NARROW[screen]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale
    )
    page = context.new_page()
    speaks(page, *LANGUAGES)
    for language in LANGUAGES:
        page.goto(f"{simple}?lang={language}")
        expect(page.locator(".voice button")).to_be_visible()
        page.evaluate("document.querySelector('.town').textContent = 'Mirelande-sur-Auvelle'")
        call = page.locator(".call-bar .call")
        expect(call).to_have_attribute("href", re.compile("^tel:"))
        expect(call).to_be_in_viewport(ratio=1)
        under, bar = page.evaluate(
            "['#question', '.call-bar']"
            ".map((at) => document.querySelector(at).getBoundingClientRect())"
            ".map(({top, bottom}, n) => n ? top : bottom)"
        )
        assert under <= bar, language  # all of the box, and no bar over it
        assert page.evaluate("scrollY") == 0
    context.close()


LOW = {
    "a telephone on its side": (568, 320),
    "a larger one": (667, 375),
    "a desk at 200 %": (640, 400),
    "a telephone at 200 %": (160, 284),
    "a telephone whose keys are out": (320, 300),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_low_screen_the_call_is_one_tap_and_leaves_most_of_it_free(
    chromium: Browser, simple: str, language: str
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{simple}?lang={language}")
    for screen, (width, height) in LOW.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        call = page.locator(".call-bar").get_by_role("link")
        expect(call).to_have_attribute("href", re.compile("^tel:"))  # one, and no other
        expect(call).to_be_in_viewport(ratio=1)
        fits(page)
        bar = page.locator(".call-bar").bounding_box() or {}
        assert bar["height"] <= 0.3 * height, screen
        page.locator("#question").evaluate("box => { box.blur(); box.focus(); }")
        box = page.locator("#question").bounding_box() or {}
        assert 0 <= box["y"] <= bar["y"] - 30, screen  # what is typed is not under the bar
    context.close()


def test_a_device_that_does_not_call_leads_to_who_can_help(visit: Open, simple: str) -> None:
    page = visit(simple, width=768)
    bar = page.locator(".call-bar")
    expect(bar.locator(".call")).to_be_hidden()
    bar.get_by_role("link", name="Parler à une personne").click()
    expect(page.locator("#help")).to_be_in_viewport()


def test_right_to_left_puts_each_thing_on_its_side(visit: Open, simple: str) -> None:
    page = visit(f"{simple}?lang=ar", width=1280)
    page.locator("#question").fill("Quel est le prix du repas ?")
    page.locator(".ask button[type=submit]").click()
    said = page.locator(".said")
    expect(said).to_be_visible()
    assert page.locator("main").bounding_box()["x"] > page.locator(".help").bounding_box()["x"]  # type: ignore[index]
    directions = page.evaluate(
        "['h1', '.said', '.written blockquote', '.help .call bdi']"
        ".map(at => getComputedStyle(document.querySelector(at)).direction)"
    )
    assert directions == ["rtl", "ltr", "ltr", "ltr"]
    assert page.locator(".said").get_attribute("lang") == "fr"


def test_the_whole_journey_by_touch(chromium: Browser, simple: str) -> None:
    context = chromium.new_context(
        viewport={"width": 768, "height": 1024}, has_touch=True, is_mobile=True, locale="fr-FR"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(simple)
    page.get_by_role("link", name="Texte à 150 %").tap()
    page.get_by_role("button", name="Quel est le prix de la cantine").tap()
    expect(page.locator(".said")).to_contain_text("3,40 €")
    page.get_by_role("link", name="Préparer un papier").tap()
    expect(page.locator(".note")).to_contain_text("3,40 €")
    page.get_by_role("link", name="Revenir à la réponse").tap()
    page.get_by_role("link", name="Lire la page entière").first.tap()
    expect(page.locator("mark")).to_be_visible()
    page.get_by_role("link", name="Poser une autre question").tap()
    expect(page.get_by_label("Votre question")).to_have_value("")
    assert page.evaluate("document.documentElement.className") == "size-150"
    context.close()


def test_what_a_screen_reader_is_told_of_an_answer(visit: Open, simple: str) -> None:
    page = visit(simple, script=False)
    ask(page, "Quel est le prix du repas de Paul Martin ?")
    expect(page.locator("main")).to_match_aria_snapshot("""
      - heading "Votre question" [level=1]
      - paragraph: "Vous avez demandé :"
      - blockquote: /Prix du repas de/
      - paragraph: /Nous avons caché ces mots/
      - status
      - link "Poser une autre question"
      - link "Préparer un papier pour l’accueil"
      - button /J’ai fini/
    """)
    expect(page.get_by_role("status")).to_match_aria_snapshot("""
      - region "La réponse"
      - region "Où c’est écrit"
      - paragraph:
        - text: /Vous parlez à une machine/
    """)
    expect(page.get_by_role("region", name="La réponse")).to_match_aria_snapshot("""
      - heading "La réponse" [level=2]
      - paragraph:
        - img "intelligence artificielle"
        - text: Réponse d’une machine
      - paragraph: Le repas coûte 3,40 € pour un enfant de la commune.
      - paragraph: Ce tarif s'applique depuis le 1er septembre 2025.
    """)
    expect(page.get_by_role("region", name="Où c’est écrit")).to_match_aria_snapshot("""
      - heading "Où c’est écrit" [level=2]
      - paragraph: /Délibération n° 2025-31 du 3 juin 2025 .* à la page 2/
      - blockquote: Le repas est facturé 3,40 € pour un enfant de la commune.
      - paragraph:
        - link /Lire la page entière .*Délibération n° 2025-31/
    """)
    expect(page.get_by_role("complementary", name="Qui peut vous aider")).to_match_aria_snapshot("""
      - heading "Qui peut vous aider" [level=2]
      - paragraph:
        - link "Appeler le 03 53 01 20 00"
      - heading "Horaires de l’accueil" [level=3]
      - heading "Venir à l’accueil" [level=3]
    """)


def test_what_a_screen_reader_is_told_when_it_is_urgent(visit: Open, simple: str) -> None:
    page = visit(simple, script=False)
    ask(page, "Je crois que c’est une arnaque")
    expect(page.locator("main")).to_match_aria_snapshot("""
      - main:
        - heading "Votre question" [level=1]
        - alert /Quelqu’un veut votre argent/:
          - heading /Quelqu’un veut votre argent/ [level=2]
          - list:
            - listitem:
              - link "17"
            - listitem:
              - link "0 805 805 817"
        - status
    """)


def test_the_page_is_light_enough_for_an_old_tablet(chromium: Browser, simple: str) -> None:
    """What is fetched for the first page, style, font and scripts included."""
    context = chromium.new_context()
    page = context.new_page()
    fetched: list[int] = []
    page.on("response", lambda answer: fetched.append(len(answer.body())))
    page.goto(simple, wait_until="networkidle")
    assert len(fetched) < 12
    assert sum(fetched) < 100_000
    context.close()


def test_paper_is_in_large_letters_and_without_what_one_presses(visit: Open, simple: str) -> None:
    page = visit(simple)
    ask(page, "Quel est le prix du repas ?")
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    page.emulate_media(media="print")
    size = "p => parseFloat(getComputedStyle(p).fontSize)"
    assert page.locator(".said p").first.evaluate(size) >= 24
    for shown in (".said", ".written blockquote", ".help .call", ".machine"):
        expect(page.locator(shown).first).to_be_visible()
    for gone in (".sizes", ".languages", ".voice", ".next", ".call-bar"):
        expect(page.locator(gone)).to_be_hidden()


def test_nothing_moves(visit: Open, simple: str) -> None:
    page = visit(simple)
    ask(page, "Quel est le prix du repas ?")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].map(e => getComputedStyle(e))"
        ".filter(s => s.animationName !== 'none' || s.transitionDuration !== '0s').length"
    )
    assert moving == 0


def test_text_is_large_and_what_one_presses_too(visit: Open, simple: str) -> None:
    for width in WIDTHS:
        page = visit(simple, width=width)
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


def test_the_size_can_be_doubled_without_losing_the_answer(visit: Open, simple: str) -> None:
    page = visit(simple, script=False)
    ask(page, "Quel est le prix du repas ?")
    before = page.locator(".said p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    page.get_by_role("link", name="Texte à 200 %").click()
    page.wait_for_load_state()  # its style sheet too
    after = page.locator(".said p").first.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")

    assert after == 2 * before
    expect(page.locator(".said")).to_contain_text("3,40 €")


def test_forced_colours_keep_what_matters(chromium: Browser, simple: str) -> None:
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(simple)
    edges = page.locator(".button").evaluate_all(
        "all => all.map(e => getComputedStyle(e).borderTopWidth)"
    )
    assert set(edges) == {"2px"}
    sound(page)
    context.close()


CONTRAST = """icon => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  let under = icon;
  const drawn = (e) => parts(getComputedStyle(e).backgroundColor).at(3) !== 0;
  while (!drawn(under)) under = under.parentElement;
  const style = getComputedStyle(icon);
  const [a, b] = [style.color, getComputedStyle(under).backgroundColor].map(parts).map(light);
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return [ratio, style.borderTopColor === style.color, parseFloat(style.borderTopWidth)];
}"""


@pytest.mark.parametrize(
    "light",
    [
        {"color_scheme": "light"}, {"color_scheme": "dark"},
        {"forced_colors": "active"}, {"media": "print"},
    ],
    ids=lambda light: "-".join(light.values()),
)  # fmt: skip
def test_the_icon_is_seen_in_every_light(
    visit: Open, simple: str, light: dict[str, Literal["light", "dark", "active", "print"]]
) -> None:
    page = visit(simple)
    ask(page, "Quel est le prix du repas ?")
    page.emulate_media(**light)  # type: ignore[arg-type]
    icon = page.get_by_role("img", name="intelligence artificielle")
    expect(icon).to_be_visible()
    expect(icon).to_have_text("IA")
    ratio, is_framed, edge = icon.evaluate(CONTRAST)
    assert ratio >= 7 and is_framed and edge >= 1


def test_a_tablet_at_rest_asks_then_erases_and_one_may_stay(visit: Open, simple: str) -> None:
    page = visit(simple)
    page.clock.install()
    page.goto(f"{simple}?kiosk=1")
    manifest = page.locator("link[rel=manifest]").get_attribute("href")
    told = page.request.get(simple.removesuffix("/simple") + str(manifest)).json()
    assert (told["display"], told["start_url"]) == ("fullscreen", "/simple?kiosk=1")
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


def test_the_page_of_a_document_marks_the_quote(visit: Open, simple: str) -> None:
    span = f"start={FIRST.start}&end={FIRST.end}"
    page = visit(f"{simple}/page/{CANTEEN}/2?{span}", script=False)
    expect(page.locator("mark")).to_have_text(FIRST.quote)
