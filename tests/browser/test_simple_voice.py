# SPDX-License-Identifier: EUPL-1.2
"""The simple page reads aloud with a voice of this device only, and hears what is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.browser.simple import HEARD, House, ask, fits, sound, speaks
from tests.ui.town import CANTEEN, FIRST
from ui.senior import voice
from ui.senior.voice import has_voice
from ui.senior.words import table

pytestmark = [pytest.mark.real]


SIGN = "Réponse d’une machine"
END = "utterance.dispatchEvent(new Event('end'))"
BOUNDARY = "at => utterance.dispatchEvent(Object.assign(new Event('boundary'), {charIndex: at}))"
HIDDEN = """
Object.defineProperty(document, 'hidden', {configurable: true, get: () => true});
document.dispatchEvent(new Event('visibilitychange'));
"""

PLAYED = """() => new Promise((done) => {
  const audio = document.querySelector('audio');
  audio.addEventListener('timeupdate', () => audio.currentTime > 0.1 && done(audio.playbackRate));
  audio.play();
})"""


def with_voices(page: Page, simple: str, *, local: bool) -> None:
    speaks(page, "fr-FR", local=local)
    page.goto(simple)


def heard(page: Page) -> tuple[str, str]:
    """What is being said, and in which language."""
    text, language, _ = page.evaluate("said.at(-1)")
    return " ".join(text.split()), language


@pytest.mark.parametrize(
    ("language", "voices", "first"),
    [
        ("fr", ["fr-FR"], (SIGN, "fr-FR")),
        ("en", ["fr-FR", "en-GB"], ("Answer from a machine", "en-GB")),
        ("ar", ["fr-FR", "ar-SA"], ("إجابة من آلة", "ar-SA")),
        ("tr", ["fr-FR"], (SIGN, "fr-FR")),  # no voice for the page: as the answer is said
    ],
)
def test_an_answer_says_first_that_it_is_a_machine_s_in_a_language_that_is_spoken_here(
    visit: Open, simple: str, language: str, voices: list[str], first: tuple[str, str]
) -> None:
    page = visit(simple)
    speaks(page, *voices)
    page.goto(f"{simple}?lang={language}")
    page.locator("#question").fill("Quel est le prix du repas ?")
    page.locator(".ask button[type=submit]").click()
    page.locator(".voice button").click()

    assert heard(page) == first
    page.evaluate(END)
    assert heard(page) == ("Le repas coûte 3,40 € pour un enfant de la commune.", "fr-FR")


def test_an_answer_is_read_sentence_by_sentence_and_word_by_word(visit: Open, simple: str) -> None:
    page = visit(simple)
    with_voices(page, simple, local=True)
    ask(page, "Quel est le prix du repas ?")
    page.get_by_label("Vitesse de la voix").select_option("slower")
    page.get_by_role("button", name="Écouter", exact=True).click()

    assert heard(page) == (SIGN, "fr-FR")
    page.evaluate(END)
    text, language, rate = page.evaluate("said.at(-1)")
    assert " ".join(text.split()) == "Le repas coûte 3,40 € pour un enfant de la commune."
    assert (language, rate) == ("fr-FR", 0.7)
    page.evaluate(BOUNDARY, 3)
    expect(page.locator(".word-now")).to_have_text("repas")
    sound(page)
    page.evaluate("utterance.dispatchEvent(new Event('end'))")
    assert "1er septembre 2025" in page.evaluate("said.at(-1)[0]")
    page.evaluate(BOUNDARY, 0)
    expect(page.locator(".word-now")).to_have_text("Ce")
    page.get_by_role("button", name="Arrêter la voix").click()
    assert page.evaluate("said.at(-1)") == "cancel"
    expect(page.locator(".word-now")).to_have_count(0)
    page.evaluate("utterance.dispatchEvent(new Event('end'))")  # it comes late: nothing goes on
    assert page.evaluate("said.at(-1)") == "cancel"


SCREENS = {
    "": "Vous parlez à une machine.",
    f"/page/{CANTEEN}/2?start={FIRST.start}&end={FIRST.end}": "Article 1er.",
    "/note/nothing": "Nous ne gardons pas les réponses longtemps.",
    "/page/nothing/1": "Le document a peut-être été retiré.",
}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_can_be_heard(chromium: Browser, simple: str, screen: str) -> None:
    context = chromium.new_context(locale="fr-FR")  # two screens are 404: the browser complains
    page = context.new_page()
    with_voices(page, f"{simple}{screen}", local=True)
    page.get_by_role("button", name="Écouter", exact=True).click()
    assert page.evaluate("said.at(-1)[0]").startswith(SCREENS[screen])
    context.close()


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Qui a gagné ?", SIGN),
        ("Un imprévu ?", "Quelque chose ne marche pas"),
        ("Je crois que c’est une arnaque", "Quelqu’un veut votre argent ou vos codes ?"),
    ],
)
def test_what_is_not_an_answer_is_heard_too(
    visit: Open, simple: str, question: str, first: str
) -> None:
    page = visit(simple)
    with_voices(page, simple, local=True)
    ask(page, question)
    page.get_by_role("button", name="Écouter", exact=True).click()
    assert first in " ".join(page.evaluate("said.at(-1)[0]").split())


def test_the_note_is_heard_and_a_hidden_word_is_said_as_one(visit: Open, simple: str) -> None:
    page = visit(simple)
    with_voices(page, simple, local=True)
    ask(page, "Quel est le prix du repas de Paul Martin ?")
    page.get_by_role("link", name="Préparer un papier").click()
    page.get_by_role("button", name="Écouter", exact=True).click()
    assert heard(page) == (SIGN, "fr-FR")
    page.evaluate(END)
    assert page.evaluate("said.at(-1)[0]").strip() == "La question"
    page.evaluate("utterance.dispatchEvent(new Event('end'))")
    assert page.evaluate("said.at(-1)[0]").strip() == "Prix du repas de un mot caché ?"


def test_a_page_in_another_language_is_not_read_by_a_french_voice(visit: Open, simple: str) -> None:
    page = visit(simple)
    with_voices(page, f"{simple}?lang=ar", local=True)
    expect(page.locator(".voice button")).to_have_count(0)
    page.locator("#question").fill("Quel est le prix du repas ?")
    page.locator(".ask button[type=submit]").click()
    page.locator(".voice button").click()
    assert heard(page) == (SIGN, "fr-FR")
    page.evaluate(END)
    text, language = heard(page)
    assert (text.split()[0], language) == ("Le", "fr-FR")


def test_leaving_the_page_stops_the_voice(visit: Open, simple: str) -> None:
    page = visit(simple)
    with_voices(page, simple, local=True)
    ask(page, "Quel est le prix du repas ?")
    for sign in ("dispatchEvent(new Event('pagehide'))", HIDDEN):
        page.get_by_role("button", name="Écouter", exact=True).click()
        expect(page.get_by_role("button", name="Arrêter la voix")).to_be_visible()
        page.evaluate(sign)
        expect(page.get_by_role("button", name="Écouter", exact=True)).to_be_visible()
        assert page.evaluate("said.at(-1)") == "cancel"


def test_a_device_without_a_voice_is_offered_the_robot_s_and_another_its_own(
    visit: Open, simple: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "PROGRAM", "sh")  # something that is installed
    page = visit(simple)
    for path in ("", f"/page/{CANTEEN}/2"):
        speaks(page)
        page.goto(f"{simple}{path}")
        expect(page.get_by_text("Écouter (voix de robot, en français)")).to_be_visible()
        expect(page.get_by_role("button", name="Écouter", exact=True)).to_have_count(0)
    speaks(page, "fr-FR")
    page.goto(simple)
    expect(page.get_by_role("button", name="Écouter", exact=True)).to_be_visible()
    expect(page.locator(".robot")).to_have_count(0)


@pytest.mark.skipif(not has_voice(), reason="espeak-ng is not installed")
def test_the_robot_is_called_one_and_its_speed_can_be_chosen(visit: Open, simple: str) -> None:
    page = visit(simple)
    ask(page, "Quel est le prix du repas ?")
    expect(page.get_by_text("Écouter (voix de robot, en français)")).to_be_visible()
    speed = "document.querySelector('audio').playbackRate"
    page.get_by_label("Vitesse de la voix").select_option("slower")
    assert page.evaluate(speed) < 1
    assert page.evaluate(PLAYED) < 1
    sound(page)


def test_a_voice_that_would_send_the_text_elsewhere_is_never_used(visit: Open, simple: str) -> None:
    page = visit(simple)
    with_voices(page, simple, local=False)
    ask(page, "Quel est le prix du repas ?")

    expect(page.get_by_role("button", name="Écouter", exact=True)).to_have_count(0)
    assert page.evaluate("said") == []


@pytest.mark.parametrize("width", [375, 1280])
def test_a_dictated_emergency_shows_whom_to_call_before_it_is_asked(
    chromium: Browser, simple: str, house: House, width: int
) -> None:
    context = chromium.new_context(
        permissions=["microphone"], viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{simple}?lang=en")
    house.hearing.words = "Mon mari est tombé"
    before = len(house.assistant.asked)
    try:
        page.locator(".dictation button").click()
        expect(page.get_by_text("I am listening.")).to_be_visible()
        sound(page)  # something is recorded meanwhile
        page.locator(".dictation button").click()
        card = page.locator(".dictation .urgent[role=alert]")
        expect(card.get_by_role("heading")).to_have_text(table("en")["urgent_medical"])
        expect(card.get_by_role("link", name="15")).to_have_attribute("href", "tel:15")
        expect(page.locator("#question")).to_have_value("Mon mari est tombé")
        assert house.assistant.asked[before:] == []
        sound(page)
        fits(page)
    finally:
        house.hearing.words = HEARD
        context.close()


def test_what_is_said_is_shown_to_be_confirmed(
    chromium: Browser, simple: str, house: House
) -> None:
    context = chromium.new_context(permissions=["microphone"], locale="fr-FR")
    page = context.new_page()
    with_voices(page, simple, local=True)
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
