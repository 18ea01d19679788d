# SPDX-License-Identifier: EUPL-1.2
"""The real program behind the simple page: a question is typed, then said, and answered.

`greffier demo` runs in a process of its own, on three papers of the sample town; the voice comes
from a WAV file through Chromium's fake microphone and goes to the real Whisper.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.dictation import SOUNDS, distance, words
from corpus.weights import Weights
from tests.browser.conftest import Launch, Open
from tests.promises.machine import SAMPLES, Machine, missing_models
from tests.promises.test_end_to_end import flat
from ui.senior.hearing import open_ears
from ui.serve import listen

pytestmark = [pytest.mark.real, pytest.mark.long]

PAPERS = (
    "bibliotheque/guide-du-lecteur.html",
    "dechets/decheterie-reglement-et-horaires.md",
    "deliberations/2025-06-11-04-tarifs-cantine-2025-2026.pdf",
)
QUESTION = "Quels sont les horaires de la bibliothèque ?"
START_SECONDS = 900
MODEL_MS = 1_500_000
"""For two cores that do other things at the same time."""

HUMAN = "conf-onlyperson", "Vous êtes présentement le seul participant dans cette conférence."
"""A recording of somebody, and what they say: synthetic voices mislead Whisper."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    if missing := missing_models():
        pytest.skip(f"model files are missing: greffier models pull ({', '.join(missing)})")
    machine = Machine(tmp_path_factory.mktemp("machine"))
    machine.put(*PAPERS)
    shutil.copyfile(SAMPLES / "greffier.toml", machine.town / "greffier.toml")
    return machine


@pytest.fixture(scope="module")
def real(machine: Machine) -> Iterator[str]:
    """Start `greffier demo`; the address of its simple page."""
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    process = machine.start("demo", "--samples", str(machine.town), "--port", str(port))
    try:
        _wait(f"http://127.0.0.1:{port}/ready", process)
        yield f"http://127.0.0.1:{port}/simple"
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=START_SECONDS)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address) as answer:
                if answer.status == 200:
                    return
        except urllib.error.URLError:
            time.sleep(0.2)
    raise AssertionError("the program did not open its pages")


def asked(page: Page, question: str = "") -> None:
    page.set_default_timeout(MODEL_MS)
    if question:
        page.get_by_label("Votre question").fill(question)
    page.get_by_role("button", name="Demander", exact=True).click(no_wait_after=True)
    expect(page.locator(".next")).to_be_visible(timeout=MODEL_MS)


def test_a_question_is_answered_from_the_papers(visit: Open, real: str) -> None:
    page = visit(real)
    asked(page, QUESTION)

    expect(page.get_by_role("heading", name="La réponse")).to_be_visible()
    assert "10 h" in flat(page.locator(".said").inner_text()).replace("heures", "h")
    expect(page.locator(".written .where").first).to_be_visible()
    page.get_by_role("link", name="Lire la page entière").first.click()
    assert "10 h" in flat(page.locator(".page-text").inner_text())
    expect(page.locator(".page-text mark").first).to_be_visible()


def test_a_name_is_hidden_and_a_verdict_on_a_person_is_left_to_a_person(
    visit: Open, real: str
) -> None:
    page = visit(real)
    asked(page, "Madame Brunehilde Castagnou a-t-elle droit à l’aide du CCAS ?")

    expect(page.locator(".hidden-note .placeholder").first).to_be_visible()
    assert "Castagnou" not in page.content()
    expect(page.get_by_role("heading", name="Je ne sais pas répondre")).to_be_visible()
    expect(page.get_by_text("Une personne de la mairie peut vous répondre.")).to_be_visible()


@pytest.mark.skipif(
    open_ears(Weights()) is None, reason="the extra `dictation` and its weights are not here"
)
@pytest.mark.skipif(not SOUNDS.is_dir(), reason="asterisk-core-sounds-fr-wav is not installed")
def test_what_a_person_says_is_understood_confirmed_and_asked(
    launch: Launch, real: str, machine: Machine
) -> None:
    name, said = HUMAN
    before = {*machine.temp.rglob("*")}
    page = dictated(launch, real, SOUNDS / f"{name}.wav")

    heard = page.get_by_label("Votre question").input_value()
    assert distance(words(said), words(heard)) <= len(words(said)) // 2, heard
    assert {*machine.temp.rglob("*")} == before  # the sound was never a file
    asked(page)
    expect(page.locator(".question blockquote")).to_contain_text("participant")
    expect(page.get_by_role("heading", name="Je ne sais pas répondre")).to_be_visible()
    page.context.close()


def dictated(launch: Launch, address: str, sound: Path) -> Page:
    """Say what is in a WAV file to the page, once; return the page with what it understood."""
    browser = launch(f"--use-file-for-fake-audio-capture={sound}%noloop")
    context = browser.new_context(permissions=["microphone"], locale="fr-FR")
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Parler au lieu d’écrire").click()
    expect(page.get_by_text("Je vous écoute.")).to_be_visible()
    with wave.open(str(sound)) as recorded:
        page.wait_for_timeout(1_000 * recorded.getnframes() / recorded.getframerate() + 500)
    page.get_by_role("button", name="J’ai fini de parler").click()
    expect(page.get_by_text("J’ai compris :")).to_be_visible(timeout=MODEL_MS)
    return page
