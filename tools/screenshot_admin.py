# SPDX-License-Identifier: EUPL-1.2
"""Takes the pictures of the administrator's pages and of the transparency page for `docs/images/`.

    .venv/bin/python tools/screenshot_admin.py [--data DIR] [--out docs/images] [--all]

The data folder must hold the sample town (`greffier demo --no-serve`). A letter that waits in
quarantine and a notice are added and taken out again. `--all` also takes every page, wide and
narrow, light and dark, to be looked at.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import threading
import time
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.types import ASGIApp, Receive, Scope, Send

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.commands.session import Session, default_data, default_keys  # noqa: E402
from assistant.wiring import open_parts  # noqa: E402
from tests.ui.admin.house import MemoryPeople  # noqa: E402
from ui.access.accounts import Account  # noqa: E402
from ui.access.person import Person, Role, carry  # noqa: E402
from ui.admin import AdminServices, build, open_desk  # noqa: E402
from ui.admin.frame import SECTIONS  # noqa: E402
from ui.door import Door  # noqa: E402
from ui.public import PublicServices  # noqa: E402
from ui.public import build as public_pages  # noqa: E402
from ui.serve import address, listen  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LETTER = "lettre-de-mars.txt"
WORDS = (
    "Madame le Maire,\n\nJe soussignée Odile Vermandois vous demande un délai pour la facture de"
    " cantine de mon fils.\n\nDepuis mars, je perçois le RSA et ma situation est difficile.\n\n"
    "Je vous prie d'agréer mes salutations.\n\nOdile Vermandois\n"
)
NOTICE = "AVIS\n\nLa mairie sera fermée le vendredi 15 mai 2026. Elle rouvrira le lundi 18 mai.\n"
PATIENCE_MS = 400_000
STAFF = {
    "alix": Account(name="alix", role=Role.ADMIN, password="x"),
    "agnes": Account(name="agnes", role=Role.AGENT, password="x"),
    "auguste": Account(name="auguste", role=Role.AUDITOR),
}
TAKEN = ("doubts", "town", "roster", "policies", "synonyms", "glossary", "retention", "models",
         "people", "remarks", "health", "backups")  # fmt: skip
"""The pages of which one picture says enough."""


class Alix:
    """Says that an administrator asks, as the gate does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            carry(scope, Person("alix", Role.ADMIN))
        await self._app(scope, receive, send)


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=default_data())
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "docs" / "images")
@click.option("--all", "take_all", is_flag=True)
def main(data: Path, out: Path, take_all: bool) -> None:
    """Open the pages on a free port and walk through them."""
    out.mkdir(parents=True, exist_ok=True)
    session = Session(data, default_keys())
    with open_parts(data, session.keys_base, session.settings) as parts:
        desk = open_desk(
            AdminServices(parts=parts, keys_base=session.keys_base, people=MemoryPeople(STAFF))
        )
        app = FastAPI()
        app.include_router(build(desk))
        app.include_router(public_pages(PublicServices(parts=parts)))
        app.mount("/ui", StaticFiles(directory=ROOT / "ui" / "static"))
        app.add_middleware(Alix)
        app.add_middleware(Door, hosts=(), closed_page="", dress=_undressed,
                           closing=asyncio.Event())  # fmt: skip
        listening = listen("127.0.0.1", 0)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.05)
            walk(address("127.0.0.1", listening), out, take_all=take_all)
        finally:
            server.should_exit = True
            thread.join()
            desk.jobs.close()


def _undressed(page: str, *, nonce: str) -> str:
    return page


def walk(url: str, out: Path, *, take_all: bool) -> None:
    """Take each picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        page = open_page(browser)
        page.goto(f"{url}/admin/documents")
        page.get_by_label("Fichiers", exact=True).set_input_files(
            [
                {"name": LETTER, "mimeType": "text/plain", "buffer": WORDS.encode()},
                {"name": "avis.txt", "mimeType": "text/plain", "buffer": NOTICE.encode()},
                {"name": "photo.heic", "mimeType": "image/heic", "buffer": b"\x00\x01"},
            ]
        )
        page.get_by_role("button", name="Envoyer et lire").click()
        expect(page.get_by_role("table", name="Dernier ajout")).to_be_visible(timeout=PATIENCE_MS)
        page.screenshot(path=out / "admin-documents.png")
        page.goto(f"{url}/admin/quarantine")
        page.get_by_role("link", name=LETTER).click()
        page.screenshot(path=out / "admin-quarantine.png")
        page.goto(f"{url}/admin/moratorium")
        page.screenshot(path=out / "admin-moratorium.png")
        for section in TAKEN:
            page.goto(f"{url}/admin/{section}")
            if section == "health":
                page.get_by_role("button", name="Examiner la machine").click()
                expect(page.get_by_role("table")).to_be_visible(timeout=PATIENCE_MS)
            page.screenshot(path=out / f"admin-{section}.png")
        page.goto(f"{url}/admin/etat")
        page.get_by_role("button", name="Faire le point maintenant").click()
        expect(page.get_by_role("table").first).to_be_visible(timeout=PATIENCE_MS)
        page.screenshot(path=out / "admin-etat.png")
        page.goto(f"{url}/transparence")
        page.screenshot(path=out / "transparence.png")
        page.goto(f"{url}/remarques")
        page.screenshot(path=out / "remarques.png")
        if take_all:
            every(browser, url, out)
        for name in (LETTER, "avis.txt"):
            remove(page, url, name)
        browser.close()


def open_page(browser: Browser, *, width: int = 1280, dark: bool = False) -> Page:
    return browser.new_page(
        viewport={"width": width, "height": 860},
        locale="fr-FR",
        color_scheme="dark" if dark else "light",
    )


def every(browser: Browser, url: str, out: Path) -> None:
    """Take every page whole, wide and light, then narrow and dark."""
    paths = [*(f"/admin/{section}" for section in SECTIONS), "/admin/etat", "/transparence",
             "/transparence?lang=en", "/remarques"]  # fmt: skip
    for width, dark in ((1280, False), (375, True)):
        page = open_page(browser, width=width, dark=dark)
        for path in paths:
            page.goto(url + path)
            name = path.strip("/").replace("/", "-").replace("?", "-")
            page.screenshot(path=out / f"{name}-{width}.png", full_page=True)
        page.close()


def remove(page: Page, url: str, name: str) -> None:
    """Take what was added out again."""
    page.goto(f"{url}/admin/documents?q={name}")
    row = page.get_by_role("row").filter(has_text=name).filter(has_text="Retirer")
    row.get_by_role("link", name="Retirer").first.click()
    page.get_by_role("button", name="Retirer pour de bon").click()
    expect(page.locator(".said")).to_be_visible(timeout=PATIENCE_MS)


if __name__ == "__main__":
    main()
