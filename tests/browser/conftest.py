# SPDX-License-Identifier: EUPL-1.2
"""A real browser (Debian's Chromium) in front of the real application, on loopback.

Every request that a page makes is recorded: one that leaves this machine, or an error in the
browser's console, fails the test that made it.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.simple import House
from ui.serve import listen

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]

PATIENCE_MS = 60_000
"""For a machine that does other things at the same time; nothing waits that long otherwise."""

expect.set_options(timeout=PATIENCE_MS)

LEFT = ("AbortError: signal is aborted", "Unexpected error Connection errored out.")
"""What Gradio says to the console of a page that is left while it still loads: nobody reads it."""

Serve = Callable[[FastAPI], str]
Open = Callable[..., Page]


Launch = Callable[..., Browser]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed: see scripts/install-system-packages.sh")
    return path


@pytest.fixture(scope="session")
def launch(playwright: Playwright, chromium_path: str) -> Iterator[Launch]:
    """Start browsers, each with arguments of its own besides the usual ones."""
    started: list[Browser] = []

    def start(*more: str) -> Browser:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=[*ARGUMENTS, *more]
        )
        started.append(browser)
        return browser

    yield start
    for browser in started:
        browser.close()


@pytest.fixture(scope="session")
def chromium(launch: Launch) -> Browser:
    return launch()


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """Serve applications on free ports until the module's tests are done."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: FastAPI) -> str:
        listening = listen("127.0.0.1", 0)
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, ws="none")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        running.append((server, thread))
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """Open pages in fresh contexts; at the end nothing may have left this machine."""
    contexts: list[BrowserContext] = []
    strayed: list[str] = []
    complaints: list[str] = []

    def complain(words: str) -> None:
        if not words.startswith(LEFT):
            complaints.append(words)

    def note(address: str) -> None:
        if urlsplit(address).hostname not in {"127.0.0.1", None}:
            strayed.append(address)

    def start(address: str, *, width: int = 1280, dark: bool = False, script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            locale="fr-FR",
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: note(request.url))
        page.on("websocket", lambda socket: note(socket.url))
        page.on("pageerror", lambda error: complain(str(error)))
        page.on(
            "console",
            lambda message: complain(message.text) if message.type == "error" else None,
        )
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()
    assert not strayed
    assert not complaints


@pytest.fixture(scope="module")
def house() -> House:
    """A small town's simple page, whose answers wait to be let go on."""
    return House()


@pytest.fixture(scope="module")
def simple(serve: Serve, house: House) -> str:
    """The address of that page."""
    return serve(house.app()) + "/simple"
