# SPDX-License-Identifier: EUPL-1.2
"""The page's words in six languages, its numbers, its hours, its look."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from selectolax.lexbor import LexborHTMLParser

import ui.senior
from assistant.opening import is_holiday, next_open, on
from assistant.settings import Town
from tests.table import each
from tests.ui.senior.conftest import TOWN, Visit
from ui.senior.examples import OF_COMMON_USE, OF_SHEET
from ui.senior.words import LANGUAGES, Words, table

EXAMPLES = {*OF_SHEET, *OF_COMMON_USE}
"""In French only: the documents are."""


def facts(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


@each("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_facts(language: str) -> None:
    french, other = table("fr"), table(language)

    assert french.keys() - EXAMPLES == other.keys() - EXAMPLES
    for key in french.keys() - EXAMPLES:
        assert other[key].strip()
        assert facts(other[key]) == facts(french[key]), key


@each("language", LANGUAGES.keys() - {"fr"})
def test_no_sentence_was_left_in_another_language(language: str) -> None:
    others = {words for known in LANGUAGES if known != language for words in table(known).values()}
    sentences = [words for words in table(language).values() if len(words.split()) > 4]

    assert sentences
    assert not {*sentences} & others


def test_no_word_is_kept_that_no_page_says() -> None:
    folder = Path(ui.senior.__file__).parent
    said = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    built = re.compile(r"day_\d|band_\w+|urgent_\w+|problem_\w+|script_\w+|example_\d|\w+_title")

    assert [key for key in table("fr") if f'"{key}"' not in said and f"'{key}'" not in said
            and not built.fullmatch(key)] == []  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language_and_its_direction(visit: Visit, language: str) -> None:
    page = LexborHTMLParser(visit().get(f"/simple?lang={language}").text)

    root = page.css_first("html")
    assert root is not None
    assert root.attributes["lang"] == language
    assert root.attributes["dir"] == ("rtl" if language == "ar" else "ltr")
    assert {node.attributes["lang"] for node in page.css(".example")} == {"fr"}
    heading = page.css_first("h1")
    assert heading is not None and heading.text() == Words(language).plain("title")


def test_size_language_and_tablet_travel_with_each_address(visit: Visit) -> None:
    page = LexborHTMLParser(visit().get("/simple?size=150&lang=tr&kiosk=1").text)

    fields = {node.attributes["name"]: node.attributes["value"] for node in page.css(".ask input")}
    assert {"size": "150", "lang": "tr", "kiosk": "1"}.items() <= fields.items()
    sizes = [node.attributes["href"] for node in page.css(".sizes a")]
    assert sizes[-1] == "/simple?size=200&lang=tr&kiosk=1"
    current = page.css_first(".sizes [aria-current]")
    assert current is not None and "150" in current.text()


@pytest.mark.parametrize(("language", "mention"), [
    ("fr", "Accessibilité\u00a0: non conforme"), ("en", "Accessibility: not conforming"),
    ("ar", "Accessibilité\u00a0: non conforme"),
])  # fmt: skip
def test_every_page_has_the_mention_in_its_foot_and_a_tablet_no_link(
    visit: Visit, language: str, mention: str
) -> None:
    spoken = "en" if language == "en" else "fr"
    foot = LexborHTMLParser(visit().get(f"/simple?lang={language}").text).css_first("footer")
    link = foot.css_first("a") if foot else None
    assert link is not None and link.text() == mention
    assert link.attributes["href"] == f"/accessibilite?lang={spoken}"
    assert link.css_first(f'span[lang="{spoken}"]') is not None
    foot = LexborHTMLParser(visit().get(f"/simple?lang={language}&kiosk=1").text).css_first(
        "footer"
    )
    assert foot is not None and foot.text().strip() == mention and not foot.css("a")


@pytest.mark.parametrize("query", ["size=9999", "size=<b>", "lang=xx", "lang=../fr", "kiosk=<b>"])
def test_an_unknown_look_is_the_usual_one(visit: Visit, query: str) -> None:
    page = visit().get(f"/simple?{query}").text

    assert 'class="size-100"' in page
    assert 'lang="fr"' in page
    assert "<b>" not in page


@each("language", LANGUAGES)
def test_what_is_pressed_is_called_by_the_words_on_the_button(language: str) -> None:
    """A sentence that says to press “Ask” must name the button as it stands there."""
    words = table(language)
    for key in ("send_again", "script_understood"):
        assert words["ask"] in words[key]


def test_the_hours_of_a_day_know_holidays_and_closed_days() -> None:
    town = Town.model_validate({**TOWN, "closed": [date(2026, 11, 24)]})

    assert on(town, date(2026, 12, 1)) == ("8:30-12:00", "13:30-17:00")
    assert on(town, date(2026, 11, 24)) == ()
    assert on(town, date(2026, 12, 25)) == ()  # a Friday
    assert on(town, date(2026, 11, 25)) == ()
    assert next_open(town, date(2026, 11, 24)) == date(2026, 11, 27)
    assert next_open(Town.model_validate({}), date(2026, 11, 24)) is None


def test_moving_holidays_are_right() -> None:
    """Easter Monday, Ascension and Whit Monday of three years, from the calendar."""
    moving = [(2025, 4, 21), (2025, 5, 29), (2025, 6, 9), (2026, 4, 6), (2026, 5, 14),
              (2026, 5, 25), (2027, 3, 29), (2027, 5, 6), (2027, 5, 17)]  # fmt: skip
    assert all(is_holiday(date(*day)) for day in moving)
    assert not is_holiday(date(2026, 4, 5))


def test_a_closed_day_says_when_it_opens(visit: Visit) -> None:
    page = LexborHTMLParser(visit(town={**TOWN, "closed": ["2026-11-24"]}).get("/simple").text)

    sheet = page.css_first(".help")
    assert sheet is not None
    assert "Aujourd’hui, l’accueil est fermé." in sheet.text()
    assert "Il ouvre vendredi, de 9\u00a0h à 12\u00a0h." in sheet.text()


@pytest.mark.parametrize("hours", ["8h-12h", "8:30", "25:00-26:00", "8:30-12:00 et plus"])
def test_hours_are_written_one_way(hours: str) -> None:
    with pytest.raises(ValueError, match="week"):
        Town.model_validate({"week": {"monday": [hours]}})
