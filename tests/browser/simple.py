# SPDX-License-Identifier: EUPL-1.2
"""What the browser tests of the simple page share: a town, its ears, and how one asks."""

from __future__ import annotations

import json
from threading import Event

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from assistant.answers import Said, Step
from tests.ui.senior.conftest import TUESDAY, recognise, script, senior_app, settings
from tests.ui.town import ScriptedAssistant
from ui.senior import SeniorExtras
from ui.senior.hearing import Unheard

HEARD = "Quel est le prix du repas ?"

VOICES = """([langs, localService]) => {
  window.said = [];
  const here = langs.map((lang) => ({name: "Ici", lang, localService}));
  const voices = [{name: "Ailleurs", lang: "fr-FR", localService: false}, ...here];
  speechSynthesis.getVoices = () => voices;
  speechSynthesis.speak = (u) => { window.utterance = u; said.push([u.text, u.lang, u.rate]); };
  speechSynthesis.cancel = () => said.push("cancel");
  window.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  };
}"""


class Hearing:
    """Ears that remember how much they were given, and no more."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.words = HEARD

    def __call__(self, audio: bytes) -> str:
        self.sizes.append(len(audio))
        if not audio:
            raise Unheard
        return self.words


class House:
    """One town's page, whose answers wait to be let go on."""

    def __init__(self) -> None:
        self.go_on = Event()
        self.go_on.set()
        self.hearing = Hearing()
        self.assistant = ScriptedAssistant(script, self.pause)

    def app(self) -> FastAPI:
        """The page alone, on a Tuesday."""
        extras = SeniorExtras(ears=self.hearing, now=lambda: TUESDAY, recognise=recognise)
        return senior_app(self.assistant, settings(senior={"rest_seconds": 30}), extras)

    def pause(self, step: Step) -> None:
        if isinstance(step, Said):
            self.go_on.wait(20)


def sound(page: Page) -> None:
    """Fail on anything that axe finds, with its own words."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe")
    found = axe.Axe().run(page).response["violations"]
    assert found == [], json.dumps(
        [(v["id"], [node["html"][:200] for node in v["nodes"]]) for v in found], indent=1
    )


def speaks(page: Page, *languages: str, local: bool = True) -> None:
    """Give a device voices for these languages, besides one that would send the text elsewhere;
    `said` is what they said, `utterance` what is being said."""
    page.add_init_script(f"({VOICES})({json.dumps([languages, local])});")


def ask(page: Page, question: str) -> None:
    page.get_by_label("Votre question").fill(question)
    page.get_by_role("button", name="Demander", exact=True).click()
    expect(page.locator(".next")).to_be_visible()
    page.wait_for_load_state()  # what is drawn before its style sheet is there has other sizes


def fits(page: Page) -> None:
    width = (page.viewport_size or {})["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.evaluate(
        "[innerWidth, document.documentElement.scrollWidth, ...[...document.querySelectorAll('*')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth)"
        ".map(e => e.tagName + '.' + e.className + ' ' + e.getBoundingClientRect().right)]"
    )
