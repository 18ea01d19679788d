# SPDX-License-Identifier: EUPL-1.2
"""The emergency card: its numbers, the town's own sheet, and that it comes whatever fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import NamedTuple

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.errors import BadSettings
from assistant.understanding.emergencies import Alarm
from assistant.understanding.emergencies import Concern as Recognised
from tests.ui.senior.conftest import TUESDAY, Visit, recognise
from tests.ui.senior.test_journey import ask, texts
from ui.api import Figures
from ui.senior import SeniorExtras
from ui.senior.urgent import CONCERNS, MAX_PENDING, Numbers, Recognise, Watch, wording
from ui.senior.words import LANGUAGES, table

GENERAL = ["112", "15", "17", "18", "114"]
FIRST = {
    "medical": "15",
    "fire": "18",
    "violence": "17",
    "distress": "3114",
    "missing_person": "17",
    "gas": "18",
    "swindle": "17",
    "cold": "115",
    "general": "112",
}


def numbers_of(found: tuple[object, ...]) -> list[str]:
    return [number for urgent in found for number, _ in urgent.numbers]  # type: ignore[attr-defined]


def test_every_concern_of_the_classifier_has_its_numbers_and_its_words() -> None:
    assert {*CONCERNS} == {concern.value for concern in Recognised} | {"general"}
    sheet = Numbers.read()
    assert {concern: sheet.of(concern).numbers[0][0] for concern in CONCERNS} == FIRST
    for language in LANGUAGES:
        for concern in CONCERNS:
            assert table(language)[f"urgent_{concern}"]
            urgent = sheet.of(concern)
            for _, said in urgent.numbers + urgent.sites:
                assert wording(said, language)[1] == language


def test_the_number_of_mistreatment_is_the_one_in_force() -> None:
    numbers = [number for number, _ in Numbers.read().of("violence").numbers]
    assert "3133" in numbers and "3977" not in numbers


def sheet(tmp_path: Path, text: str) -> Path:
    own = tmp_path / "numeros.toml"
    own.write_text(text, "utf-8")
    return own


OLD = """
[numbers]
"01 99 00 00 01" = "Le veilleur"
3114 = "Écoute"
[[urgent]]
concern = "danger"
numbers = ["01 99 00 00 01"]
words = ["peur"]
[[urgent]]
concern = "suicide"
numbers = ["3114"]
words = ["suicid"]
[[urgent]]
concern = "fraud"
numbers = ["01 99 00 00 01"]
words = []
"""


def test_a_sheet_with_the_former_names_is_still_read(tmp_path: Path) -> None:
    numbers = Numbers.read(sheet(tmp_path, OLD))

    for concern in ("medical", "fire", "gas", "general", "swindle"):
        assert numbers.of(concern).numbers == (("01 99 00 00 01", "Le veilleur"),)
    assert numbers.of("distress").numbers == (("3114", "Écoute"),)
    assert numbers.of("cold") == Numbers.read().of("cold")


def test_a_town_replaces_what_it_names_and_keeps_the_rest(tmp_path: Path) -> None:
    own = sheet(
        tmp_path,
        '[numbers."01 99 00 00 02"]\nfr = "Le chauffage de secours"\ntr = "Acil ısınma"\n'
        '[[urgent]]\nconcern = "cold"\nnumbers = ["01 99 00 00 02"]\n',
    )
    numbers = Numbers.read(own)

    ((number, said),) = numbers.of("cold").numbers
    assert number == "01 99 00 00 02"
    assert wording(said, "tr") == ("Acil ısınma", "tr")
    assert wording(said, "ar") == ("Le chauffage de secours", "fr")
    assert numbers.of("fire") == Numbers.read().of("fire")


@pytest.mark.parametrize(
    "wrong",
    [
        "numbers = [",
        '[numbers]\n15 = "SAMU"\n',
        OLD + "x = 1",
        OLD.replace('["3114"]', '["3115"]'),
        OLD.replace('["3114"]', "[]"),
        OLD.replace('"suicide"', '"danger"'),
        OLD.replace('"suicide"', '"flood"'),
        OLD.replace("01 99 00 00 01", "javascript:1"),
        OLD.replace('"Écoute"', '" "'),
        OLD.replace('3114 = "Écoute"', '3114 = {xx = "Écoute"}'),
    ],
    ids=["toml", "no concern", "more", "unknown", "none", "twice", "concern", "no number", "empty",
         "language"],
)  # fmt: skip
def test_a_wrong_sheet_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(BadSettings):
        Numbers.read(sheet(tmp_path, wrong))


def test_an_absent_sheet_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettings):
        Numbers.read(tmp_path / "absent.toml")


@pytest.fixture
def watch() -> Iterator[Callable[..., Watch]]:
    """Open watches that are closed in the end."""
    opened: list[Watch] = []

    def start(recognise: Recognise | None, patience_seconds: float = 20) -> Watch:
        opened.append(Watch(Numbers.read(), recognise, patience_seconds=patience_seconds))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_what_is_recognised_brings_its_card_and_the_rest_none(
    watch: Callable[..., Watch],
) -> None:
    asking = watch(lambda message: Alarm(Recognised.GAS) if "gaz" in message else None)

    assert numbers_of(asking("Ça sent le gaz")) == ["18", "112", "0 800 47 33 33"]
    assert asking("Quel est le prix du repas ?") == ()


class Unknown(NamedTuple):
    """Of another version's classifier."""

    concern: str = "flood"
    is_sure: bool = True


def broken(message: str) -> Alarm | None:
    raise RuntimeError(message)


def test_a_broken_classifier_still_brings_the_general_numbers(
    watch: Callable[..., Watch],
) -> None:
    assert numbers_of(watch(broken)("Mon mari est par terre")) == GENERAL
    assert numbers_of(watch(None)("Mon mari est par terre")) == GENERAL
    assert numbers_of(watch(lambda message: Unknown())("?")) == GENERAL


def test_a_classifier_that_hangs_is_not_waited_for(watch: Callable[..., Watch]) -> None:
    go_on, asked = Event(), []

    def hanging(message: str) -> Alarm | None:
        asked.append(message)
        go_on.wait(20)
        return None

    asking = watch(hanging, patience_seconds=0.01)
    try:
        for _ in range(3 * MAX_PENDING):
            assert numbers_of(asking("Mon mari est par terre")) == GENERAL
        assert len(asking._pending) <= MAX_PENDING
    finally:
        go_on.set()


def test_the_page_has_the_general_card_when_nothing_recognises(visit: Visit) -> None:
    page = ask(visit(SeniorExtras(now=lambda: TUESDAY)), "Quel est le prix du repas ?").text

    assert texts(page, ".urgent h2") == ["Si c’est une urgence, appelez maintenant."]
    assert texts(page, ".urgent .call") == GENERAL
    assert texts(page, ".answer .said p")


def test_cards_are_counted_and_nothing_of_what_they_are_about(visit: Visit) -> None:
    figures = Figures()
    extras = SeniorExtras(now=lambda: TUESDAY, recognise=recognise, count_card=figures.card)
    browser = visit(extras)
    asked = ("Je suis tombé", "C’est une arnaque", "Tombé, peut-être", "Prix du repas ?")
    for question in asked:
        ask(browser, question)
    ask(visit(SeniorExtras(count_card=figures.card)), "Prix du repas ?")

    lines = [
        line for line in figures.text({}).splitlines() if line.startswith("greffier_emergency")
    ]
    assert lines == [
        'greffier_emergency_cards_total{card="general"} 1',
        'greffier_emergency_cards_total{card="possible"} 1',
        'greffier_emergency_cards_total{card="recognised"} 2',
    ]


def test_where_it_is_not_sure_the_numbers_stand_there_quietly(visit: Visit) -> None:
    page = ask(visit(), "Il est peut-être tombé. Quel est le prix du repas ?").text

    assert texts(page, ".urgent.perhaps .call") == ["15", "112", "114"]
    assert not LexborHTMLParser(page).css('.urgent[role="alert"]')
    assert page.index("urgent perhaps") < page.index('class="question"')
    sure = ask(visit(), "Il est tombé").text
    assert LexborHTMLParser(sure).css('.urgent[role="alert"]')
    assert not LexborHTMLParser(sure).css(".perhaps")


def test_the_usual_way_goes_on_under_the_card(visit: Visit) -> None:
    page = ask(visit(), "Mon mari est tombé. Quel est le prix du repas ?").text

    assert texts(page, ".urgent .call") == ["15", "112", "114"]
    assert page.index('class="urgent"') < page.index('class="question"') < page.index("outcome")
    assert texts(page, ".answer .said p")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_speaks_the_language_of_the_page(visit: Visit, language: str) -> None:
    page = ask(visit(), "Je suis tombé", lang=language).text

    assert texts(page, ".urgent h2") == [table(language)["urgent_medical"].replace("\u00a0", " ")]
    spans = LexborHTMLParser(page).css(".urgent li > span")
    assert {span.attributes["lang"] for span in spans} == {language}
    assert {span.attributes["dir"] for span in spans} == {"rtl" if language == "ar" else "ltr"}


def test_on_a_tablet_of_everybody_numbers_are_read_not_dialled(visit: Visit) -> None:
    page = ask(visit(), "C'est une arnaque", kiosk="1").text

    assert texts(page, ".urgent .number")[0] == "17"
    assert not LexborHTMLParser(page).css(".urgent a")


def test_a_message_that_cannot_be_taken_still_brings_its_card(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too long, from an old page, or one too many: somebody may be in danger all the same."""
    browser, message = visit(), "Mon mari est tombé"
    long = f"{message}. " + "Il fait froid. " * 400
    old = browser.post("/simple", data={"question": message, "token": "old"})
    pages = [ask(browser, long).text, old.text]
    monkeypatch.setattr("ui.senior.asked.MAX_UNDER_WAY", 0)
    pages.append(ask(browser, message).text)

    for page in pages:
        assert texts(page, "#problem")
        assert texts(page, ".urgent .call") == ["15", "112", "114"]
        assert page.index('class="urgent"') < page.index('id="problem"')
