# SPDX-License-Identifier: EUPL-1.2
"""A line under a refusal is validated by keyboard alone; axe looks at each page, narrow too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect

from assistant.answers import Found, Refusal, Step
from assistant.cards import Draft, GivenQuote, State
from assistant.cards.card import PROGRAM
from assistant.cards.unanswered import Group
from guardrails.register import open_register
from tests.browser.conftest import Open, Serve
from tests.browser.looks import each_look
from tests.ui.building import built
from tests.ui.test_validating import QUOTE, REFUSED, Town
from tests.ui.town import ScriptedAssistant

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


@dataclass
class House:
    town: Town
    address: str


@pytest.fixture(scope="module")
def house(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("town")
    with ExitStack() as closing:
        register = closing.enter_context(open_register(folder / "register", folder / "keys"))
        town = Town(folder, register, closing)
        view = town.refusal()

        def refusing(question: str) -> Sequence[Step]:
            found = Found(question=question, evidence=view.evidence, record=REFUSED)
            assert view.reason is not None
            refusal = Refusal(
                reason=view.reason, nearest=view.evidence, record=REFUSED, seconds=1.0,
                energy_wh=0.01, leads=view.leads,
            )  # fmt: skip
            return [found, refusal]

        tools = town.services.tools
        app = built(ScriptedAssistant(refusing), town.store, tools=tools)
        yield House(town, serve(app))


def sound(page: Page) -> None:
    """Fail on anything that axe finds, in every look, and on what sticks out sideways."""
    for width, _ in each_look(page):
        found = axe.Axe().run(page).response["violations"]
        assert found == [], json.dumps(
            [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found], indent=1
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_line_is_validated_by_keyboard(house: House, visit: Open) -> None:
    page = visit(house.address)
    box = page.get_by_label("Votre question")
    box.fill("Le prix du repas ?")
    box.press("Enter")
    link = page.locator(".leads").get_by_role("link", name="Répondre avec ces lignes")
    expect(link).to_be_visible()
    sound(page)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Valider une réponse")).to_be_visible()
    line = page.get_by_role("checkbox", name=QUOTE)
    expect(line).to_be_checked()
    sound(page)
    page.get_by_label("Votre service (facultatif)").fill("Enfance")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La réponse est validée et inscrite au registre.")).to_be_visible()
    sound(page)
    (card,) = house.town.cards.cards()
    assert (card.quotes[0].quote, card.service, card.state) == (QUOTE, "Enfance", State.SERVED)

    page.get_by_role("button", name="Marquer comme fausse").press("Enter")
    expect(page.get_by_text("La réponse n'est plus servie.")).to_be_visible()
    page.goto(f"{house.address}/reponses-validees/a-revoir")
    expect(page.get_by_role("heading", name="Ce qui était dit")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Confirmer").press("Enter")
    expect(page.get_by_text("La réponse est servie.")).to_be_visible()
    page.goto(f"{house.address}/reponses-validees")
    sound(page)


MOST_KEYS = 250


class Keys:
    """Presses keys, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)


def propose(town: Town, count: int) -> list[str]:
    """Keep as many proposals of one line, the likeliest first."""
    questions = [f"Combien coûte le repas de la cantine, formule {n} ?" for n in range(count)]
    given = GivenQuote(file="cantine.txt", page=1, quote=QUOTE)
    for place, question in enumerate(questions):
        draft = Draft(question=question, quotes=(given,))
        card = town.desk.maker(draft, state=State.PROPOSED, by="", role=PROGRAM)
        town.desk.propose(replace(card, likely=float(count - place)))
    return questions


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_fifty_proposals_are_validated_by_keyboard(house: House, visit: Open, script: bool) -> None:
    """46 as they are, two mended and two left: each page is read on the way; without a script
    fewer, the same way."""
    for card in house.town.cards.cards():
        house.town.cards.erase([card.id])
    left, mended, count = ({10, 20}, {30, 40}, 52) if script else ({1}, {3}, 6)
    questions = propose(house.town, count)
    page = visit(f"{house.address}/reponses-validees/proposees", script=script)
    if script:
        sound(page)
        page.reload()
    keys = Keys(page)
    for number, question in enumerate(questions):
        expect(page.get_by_role("heading", name=question, exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Valider (V)")).to_be_focused()
        expect(page.locator(".page-text mark").first).to_contain_text("4,20 euros")
        if script:  # the letters are told once they do something
            expect(page.locator("button[aria-keyshortcuts=v]")).to_be_visible()
        keys.press("PageDown")
        if number in left:
            keys.press(*(["l"] if script else ["Tab", "Enter"]))
        elif number in mended:
            keys.press(*(["c"] if script else ["Tab", "Tab", "Enter"]))
            expect(page.get_by_label("La question, telle qu'elle sera reconnue")).to_be_focused()
            keys.press("Control+Home")
            keys.type("Alors : ")
            send = page.get_by_role("button", name="Valider", exact=True)
            if script:
                expect(page.locator("[aria-keyshortcuts='Control+Enter']")).to_be_visible()
                keys.press("Control+Enter")
            else:  # the fields between are passed
                while not send.evaluate("one => one === document.activeElement"):
                    keys.press("Tab")
                keys.press("Enter")
        else:
            keys.press("v" if script else "Enter")
    expect(page.get_by_text("Rien n'est proposé")).to_be_visible()
    served = [card.question for card in house.town.cards.cards(states=[State.SERVED])]
    assert len(served) == count - len(left)
    assert {questions[number] for number in left}.isdisjoint(served)
    assert {f"Alors : {questions[number]}" for number in mended} <= {*served}
    assert keys.count <= MOST_KEYS


def test_a_letter_typed_elsewhere_does_nothing(house: House, visit: Open) -> None:
    propose(house.town, 1)
    page = visit(f"{house.address}/reponses-validees/proposees")
    page.get_by_role("link", name="Toutes les réponses validées").focus()
    for key in "vlc":
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Valider (V)")).to_be_visible()
    assert page.url.endswith("/proposees")


def test_the_unanswered_are_worked_through_by_keyboard(house: House, visit: Open) -> None:
    asked = ("Qui répare les trottoirs ?", "trottoir cassé")
    near = house.town.refusal().evidence
    house.town.groups = [
        Group(matter=asked[0], questions=asked, count=2, since="2026-03-02", nearest=near)
    ]
    page = visit(f"{house.address}/sans-reponse")
    sound(page)
    page.get_by_role("button", name="Document manquant").press("Enter")
    expect(page.get_by_text("parmi ceux qui manquent")).to_be_visible()
    assert [one.question for one in house.town.cards.settled()] == sorted(asked)
