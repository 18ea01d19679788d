# SPDX-License-Identifier: EUPL-1.2
"""Takes the pictures of `docs/images/`: real pages, with real answers of the sample town.

    .venv/bin/python tools/screenshot.py [--data DIR] [--out docs/images] [--without-answers]

The data folder must hold the sample town (`greffier demo --no-serve`); Chromium must be installed.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.commands.session import Session, default_data, default_keys  # noqa: E402
from assistant.wiring import open_parts  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
QUESTION = "Quand est-ce que le conciliateur de justice reçoit à la mairie ?"
EXPECTED = "premier et troisième mardi"
"""What a right answer holds: no picture is taken of a wrong one."""
REFUSED = "Où habite Jean Martin, tél. 06 12 34 56 78 ?"
SEARCHED = "abroge règlement"
LETTER = """Madame la Maire,

Je soussignée Honorine Quesnoy, 14 rue des Tilleuls, 52960 Mirelande-sur-Auvelle, vous demande de \
bien vouloir revoir le tarif de la cantine de mon fils Basile.

Vous pouvez me joindre au 03 53 01 47 12 ou à honorine.quesnoy@exemple.fr."""
"""Invented people, as in the sample town."""

HIDDEN = ("Quesnoy", "Tilleuls", "47 12")
PATIENCE_MS = 900_000


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=default_data())
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "docs" / "images")
@click.option("--without-answers", is_flag=True, help="Only the pages that ask no model.")
def main(data: Path, out: Path, without_answers: bool) -> None:
    """Open the application on a free port and walk through it."""
    out.mkdir(parents=True, exist_ok=True)
    session = Session(data, default_keys())
    with open_parts(data, session.keys_base, session.settings, is_service=True) as parts:
        from ui.app import build_app
        from ui.serve import address, listen
        from ui.workspaces import workspaces_of

        app = build_app(
            parts.assistant,
            session.texts,
            parts.store,
            settings=session.settings,
            workspaces=workspaces_of(parts, session.texts.language, session.keys_base, None),
        )
        listening = listen("127.0.0.1", 0)
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.05)
            url = address("127.0.0.1", listening)
            with chromium() as browser:
                if not without_answers:
                    walk(browser, url, out)
                leaf(browser, url, out)
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()


def walk(browser: Browser, url: str, out: Path) -> None:
    """Take the pictures of answers, once wide and light, then narrow and dark."""
    wide = browser.new_page(viewport={"width": 1280, "height": 860}, locale="fr-FR")
    wide.goto(url)
    expect(wide.locator(".corpus p")).to_be_visible()
    snap(wide, out / "question.png")
    ask(wide, QUESTION, "answered")
    expect(wide.locator(".sentences")).to_contain_text(EXPECTED)
    snap(wide, out / "answer.png")
    wide.locator(".cite").first.click()
    expect(wide.get_by_role("dialog").locator("mark")).to_be_visible()
    snap(wide, out / "source.png")
    wide.keyboard.press("Escape")
    ask(wide, REFUSED, "refused")
    snap(wide, out / "refusal.png")

    narrow = browser.new_page(
        viewport={"width": 375, "height": 812}, locale="fr-FR", color_scheme="dark"
    )
    narrow.goto(url)
    ask(narrow, QUESTION, "answered")
    snap(narrow, out / "answer-narrow-dark.png")


def leaf(browser: Browser, url: str, out: Path) -> None:
    """Take the pictures of the agents' plain pages."""
    page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="fr-FR")
    page.goto(f"{url}/documents?q={SEARCHED}")
    snap(page, out / "documents.png")
    page.locator(".documents .title").first.click()
    snap(page, out / "act.png")
    page.goto(f"{url}/masquer")
    page.get_by_label("Texte à masquer").fill(LETTER)
    page.get_by_role("button", name="Masquer les données personnelles").click()
    expect(page.locator("#done")).to_be_visible()
    assert not any(name in page.content() for name in HIDDEN)
    snap(page, out / "mask.png")
    page.goto(f"{url}/premiers-pas")
    snap(page, out / "course.png")


def snap(page: Page, path: Path) -> None:
    """Take a picture once fonts and pictures are there."""
    page.wait_for_load_state("networkidle" if urlsplit(page.url).path != "/" else "load")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.screenshot(path=path)


def ask(page: Page, question: str, outcome: str) -> None:
    box = page.get_by_label("Votre question")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(f'.reply-place .reply[data-phase="{outcome}"]')).to_be_visible()


if __name__ == "__main__":
    main()
