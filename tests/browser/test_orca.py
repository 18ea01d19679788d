# SPDX-License-Identifier: EUPL-1.2
"""What Orca says of the simple page, of a refusal there and of an agent's answer.

The words are those that a voice is given, in their order; how long one listens to come to them is
not judged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser import orca as screen_reader
from tests.browser.conftest import ARGUMENTS, PATIENCE_MS, Serve
from tests.browser.orca import Orca
from tests.ui.building import built
from tests.ui.senior.conftest import script
from tests.ui.town import ScriptedAssistant, town

pytestmark = [
    pytest.mark.real,
    # Gradio's queue reckons its own waiting times with old ways of pandas.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

QUESTION = "Quel est le prix du repas de Paul Martin ?"
HIDDEN = "Prix du repas de crochet gauche PERSONNE souligné 1 crochet droit ?"
"""How the placeholder [PERSONNE_1] is said."""

MACHINE = ("intelligence artificielle", "Réponse d’une machine")
FIRST_WORDS = "Le repas coûte"
CALL = ("Appeler le", "03 53 01 20 00")
DESK = ("Qui peut vous aider", *CALL)
Window = Callable[[str], Page]


@pytest.fixture(scope="module")
def orca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orca]:
    with screen_reader.started(tmp_path_factory.mktemp("orca")) as listening:
        yield listening


@pytest.fixture
def window(
    playwright: Playwright, chromium_path: str, orca: Orca, tmp_path: Path
) -> Iterator[Window]:
    """Open an address in a window that has nothing else in it: no bar that takes the focus."""
    opened: list[BrowserContext] = []
    profile = tmp_path / "Default" / "Preferences"
    profile.parent.mkdir()
    profile.write_text(json.dumps({"translate": {"enabled": False}}), "utf-8")
    orca.forget()

    def start(address: str) -> Page:
        context = playwright.chromium.launch_persistent_context(
            tmp_path,
            executable_path=chromium_path,
            headless=False,
            args=[*ARGUMENTS, "--force-renderer-accessibility", f"--app={address}"],
            ignore_default_args=["--enable-automation", "about:blank"],
            env=orca.environment,
            locale="fr-FR",
            no_viewport=True,
        )
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        (page,) = context.pages
        page.wait_for_url(address)
        return page

    yield start
    for context in opened:
        context.close()


def in_order(said: str, *words: str) -> None:
    """Fail unless these were said one after the other."""
    at = 0
    for one in words:
        at = said.find(one, at) + len(one)
        assert at >= len(one), f"{one!r} was not said there:\n{said}"


def from_the_top(orca: Orca) -> None:
    """Wait until Orca has a simple page that was just loaded, and reads it by itself: a key that
    comes earlier still meets the page before."""
    orca.hear("Aller à la question", key="ctrl+Home")


def ask(page: Page, orca: Orca, question: str) -> None:
    """Ask on the simple page; what comes is read from its title."""
    page.get_by_label("Votre question").fill(question)
    orca.forget()
    page.get_by_role("button", name="Demander", exact=True).click()
    page.locator(".next").wait_for()
    from_the_top(orca)
    orca.heading("Votre question")


def test_the_simple_page_and_its_answer_are_read_in_order(
    window: Window, orca: Orca, simple: str
) -> None:
    page = window(simple)
    from_the_top(orca)
    orca.heading("Posez votre question à la mairie")
    in_order(orca.read(*DESK), "Vous parlez à une machine", "Demander", *DESK)

    ask(page, orca, QUESTION)
    said = orca.read(*DESK)
    in_order(said, HIDDEN, "La réponse", *MACHINE, FIRST_WORDS, "Où c’est écrit", *DESK)
    assert said.index(MACHINE[-1]) < said.index(FIRST_WORDS)


def test_a_refusal_says_whose_it_is_and_whom_to_call(
    window: Window, orca: Orca, simple: str
) -> None:
    page = window(simple)
    from_the_top(orca)
    ask(page, orca, "Qui a gagné ?")
    in_order(
        orca.read(*CALL, "Préparer un papier"),
        "Qui a gagné ?", *MACHINE, "Je n’ai pas trouvé la réponse", *CALL, "Préparer un papier",
    )  # fmt: skip


def test_an_agent_s_answer_is_announced_once_and_read_in_order(
    window: Window, orca: Orca, serve: Serve
) -> None:
    page = window(serve(built(ScriptedAssistant(script), town())) + "/")
    page.get_by_text("2 documents, 3 pages.").wait_for()
    orca.hear("Votre question")
    page.get_by_label("Votre question").fill(QUESTION)
    orca.forget()
    orca.press("Return")
    ready = "Réponse prête, appuyée sur 2 citations"
    assert orca.hear(ready).count(ready) == 1

    end = "Une personne de la mairie peut toujours être interrogée"
    said = orca.read(end).replace("d'une", "d’une")
    in_order(said, HIDDEN, *MACHINE, FIRST_WORDS, "Rédigée par une IA", end)
    assert said.index(MACHINE[-1]) < said.index(FIRST_WORDS)
