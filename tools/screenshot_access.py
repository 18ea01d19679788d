# SPDX-License-Identifier: EUPL-1.2
"""Takes the pictures of the door for `docs/images/`: the first account, signing in, one's own.

    .venv/bin/python tools/screenshot_access.py [--out docs/images]

The pages are the real ones, with invented accounts; no model is needed. Chromium must be installed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
import pytest
import uvicorn
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.assistant.terminal import stand_in  # noqa: E402
from tests.ui.access.walk import whole_app  # noqa: E402
from ui.access import Desk  # noqa: E402
from ui.access.person import Role  # noqa: E402
from ui.serve import address, listen  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
TOWN, NAME, PASSWORD = "Mirelande-sur-Auvelle", "odile.ferrand", "le puits de la place"


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "docs" / "images")
def main(out: Path) -> None:
    """Open the application on a free port and walk through its door."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        with whole_app(Path(folder), town=TOWN) as (app, desk):
            listening = listen("127.0.0.1", 0)
            server = uvicorn.Server(
                uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
            )
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                while not server.started and thread.is_alive():
                    time.sleep(0.05)
                walk(address("127.0.0.1", listening), desk, out)
            finally:
                server.should_exit = True
                thread.join()


def walk(url: str, desk: Desk, out: Path) -> None:
    """Take each picture."""
    desk.accounts.add(NAME, Role.AGENT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        page = browser.new_page(viewport={"width": 760, "height": 680}, locale="fr-FR")
        page.goto(f"{url}/bienvenue/{desk.first_link()}")
        page.screenshot(path=out / "acces-premier-compte.png")
        page.goto(f"{url}/bienvenue/{desk.links.make(NAME)}")
        for label in ("Nouveau mot de passe", "Le même"):
            page.get_by_label(label).fill(PASSWORD)
        page.get_by_role("button", name="Enregistrer").click()
        page.goto(f"{url}/compte")
        page.screenshot(path=out / "acces-compte.png")
        page.goto(f"{url}/deconnexion")
        page.get_by_role("button", name="Se déconnecter").click()
        page.goto(f"{url}/connexion")
        page.get_by_label("Identifiant").fill(NAME)
        page.screenshot(path=out / "acces-connexion.png")
        browser.close()


if __name__ == "__main__":
    main()
