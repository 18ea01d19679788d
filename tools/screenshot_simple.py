# SPDX-License-Identifier: EUPL-1.2
"""Takes the pictures of `docs/fr/seniors.md`: each step at phone, tablet and desktop width.

    .venv/bin/python tools/screenshot_simple.py [--out docs/images]

The page is the real one; its town and its answers are those of the tests (`tests/ui/town.py`), so
that no model is needed and each picture can be made again. Chromium must be installed.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from pathlib import Path

import click
import uvicorn
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.ui.senior.conftest import TUESDAY, recognise, script, senior_app, settings  # noqa: E402
from tests.ui.town import ScriptedAssistant  # noqa: E402
from ui.senior import SeniorExtras  # noqa: E402
from ui.serve import address, listen  # noqa: E402

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
WIDTHS = {"phone": (375, 812), "tablet": (768, 1024), "desktop": (1280, 860)}
STEPS = {
    "answer": "Quel est le prix du repas de Paul Martin ?",
    "refusal": "Qui a gagné le tournoi ?",
    "urgent": "Je crois que c’est une arnaque",
}
PATIENCE_MS = 120_000


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "docs" / "images")
def main(out: Path) -> None:
    """Serve the page on a free port and walk through it at each width."""
    extras = SeniorExtras(ears=heard, now=lambda: TUESDAY, recognise=recognise)
    app = senior_app(ScriptedAssistant(script), settings(), extras)
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.05)
        walk(f"{address('127.0.0.1', listening)}/simple", out)
    finally:
        server.should_exit = True
        thread.join()
        app.state.close()


def walk(home: str, out: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for name, (width, height) in WIDTHS.items():
            page = browser.new_page(viewport={"width": width, "height": height}, locale="fr-FR")
            page.set_default_timeout(PATIENCE_MS)
            page.goto(home)
            page.screenshot(path=out / f"simple-question-{name}.png")
            for step, question in STEPS.items():
                page.goto(home)
                page.locator("#question").fill(question)
                page.locator(".ask button[type=submit]").click()
                page.locator(".next").wait_for()
                if step == "answer":  # what was asked, and below it what is answered
                    page.locator(".question").evaluate("asked => asked.scrollIntoView()")
                page.screenshot(path=out / f"simple-{step}-{name}.png")
                if step == "answer":
                    beyond(page, out, name)
            page.goto(home)
            page.get_by_role("button", name="Parler au lieu d’écrire").click()
            page.get_by_role("button", name="J’ai fini de parler").click()
            page.get_by_text("J’ai compris").wait_for()
            page.screenshot(path=out / f"simple-heard-{name}.png")
            page.goto(f"{home}?lang=ar")
            page.screenshot(path=out / f"simple-arabic-{name}.png")
            page.close()
        browser.close()


def beyond(page: Page, out: Path, name: str) -> None:
    """Take the page of the source, and the paper for the counter."""
    answer = page.url
    page.get_by_role("link", name="Lire la page entière").first.click()
    page.locator("mark").evaluate("quote => quote.scrollIntoView({block: 'center'})")
    page.screenshot(path=out / f"simple-source-{name}.png")
    page.goto(answer)
    page.get_by_role("link", name="Préparer un papier").click()
    page.locator(".note").wait_for()
    page.screenshot(path=out / f"simple-note-{name}.png")


def heard(audio: bytes) -> str:
    """Stand for Whisper: a picture needs no model."""
    return "Quel est le prix du repas ?"


if __name__ == "__main__":
    main()
