# SPDX-License-Identifier: EUPL-1.2
"""Takes the pictures of `docs/fr/auditeur.md`, on a register that is invented.

    .venv/bin/python tools/screenshot_auditor.py [--out docs/images]

The page is the real one; its register is that of the tests (`tests/ui/auditor/stand.py`), so that
no model is needed and each picture can be made again. Chromium must be installed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.ui.auditor.stand import auditor_app, early, weeks  # noqa: E402
from ui.serve import address, listen  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE_MS = 120_000


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "docs" / "images")
def main(out: Path) -> None:
    """Serve the page on a free port and walk through it."""
    with tempfile.TemporaryDirectory() as folder:
        home = early(Path(folder))
        with home.open() as register:
            weeks(home, register)
            app = auditor_app(register)
            listening = listen("127.0.0.1", 0)
            server = uvicorn.Server(
                uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, ws="none")
            )
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                while not server.started and thread.is_alive():
                    time.sleep(0.05)
                walk(f"{address('127.0.0.1', listening)}/auditeur/", out)
            finally:
                server.should_exit = True
                thread.join()


def walk(url: str, out: Path) -> None:
    """Take each picture of a visit, in the order of the guide."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="fr-FR")
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        press(page, "Vérifier maintenant")
        expect(page.locator('.check[data-holds="yes"]')).to_be_visible()
        press(page, "Afficher")
        expect(page.locator("#listing table")).to_be_visible()
        page.screenshot(path=out / "auditeur-liste.png")
        page.locator("#listing tr:has(.badge.answer) button").first.click()
        expect(page.locator("#entry h2")).to_be_focused()
        page.screenshot(path=out / "auditeur-entree.png")
        page.get_by_role("link", name="Retour à la liste").click()
        rate_one_drawn(page, out)
        page.get_by_role("link", name="Statistiques").click()
        press(page, "Compter")
        expect(page.locator("#report figure").first).to_be_visible()
        page.locator("#report").screenshot(path=out / "auditeur-statistiques.png")
        page.get_by_role("link", name="Export", exact=True).click()
        press(page, "Préparer")
        expect(page.locator("#taken a")).to_be_visible()
        page.screenshot(path=out / "auditeur-export.png")
        browser.close()


def rate_one_drawn(page: Page, out: Path) -> None:
    """Draw five questions and rate the first answer, the page before and after."""
    page.get_by_role("link", name="Échantillon", exact=True).click()
    page.get_by_label("Combien").fill("5")
    page.get_by_label("Graine (facultative").fill("mars2026")
    press(page, "Tirer au sort")
    page.locator("#drawn tr:has(.badge.answer) button").first.click()
    page.get_by_role("group", name="elle est").get_by_label("en partie juste").check()
    page.get_by_role("group", name="la source citée est").get_by_label(
        "la bonne", exact=True
    ).check()
    page.get_by_label("Note (facultative)").fill(
        "Odile Ferrand, de l'accueil, demande le tarif des autres communes."
    )
    press(page, "Inscrire mon avis")
    opinions = page.locator("#entry .opinions")
    expect(opinions).to_be_visible()
    opinions.scroll_into_view_if_needed()
    page.screenshot(path=out / "auditeur-avis.png")
    page.get_by_role("link", name="Retour à l'échantillon").click()
    expect(page.locator("#drawn")).to_contain_text("1 / 5")
    page.evaluate("scrollTo(0, document.querySelector('#sample-form').offsetTop - 90)")
    page.screenshot(path=out / "auditeur-echantillon.png")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


if __name__ == "__main__":
    main()
