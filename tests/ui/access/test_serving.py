# SPDX-License-Identifier: EUPL-1.2
"""`serve` and `demo`: who is let in by the application that they open."""

from __future__ import annotations

import re
import socket
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import ui.main  # noqa: F401  (adds the commands)
from assistant.cli import run
from tests.assistant.terminal import stand_in
from tests.loops import run_apart
from tests.ui.access.conftest import HERE, PASSWORD, browser, field_of, words

Look = Callable[[FastAPI, str], None]
Run = Callable[[str, Look], None]
LINK = re.compile(r"/bienvenue/[\w-]+")
FILE = re.compile(r"/\S+\.premier-compte")


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Run:
    """Run a command whose screens are looked at instead of served; `told` is what it printed."""
    stand_in(monkeypatch)
    monkeypatch.setenv("GREFFIER_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr("ui.commands.pull_models", lambda session: None)
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "cantine.txt").write_text("Le repas est facturé 3,40 €.", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])

    def start(command: str, look: Look) -> None:
        def served(listening: Any, app: FastAPI, host: str, *, on_ready: Any) -> None:
            on_ready(HERE)
            look(app, str(capsys.readouterr().err))

        async def in_a_loop() -> int:  # Gradio makes locks in the loop that runs
            more = ["--samples", str(samples)] if command == "demo" else []
            return run(["--data", str(tmp_path / "data"), command, "--port", port, *more])

        monkeypatch.setattr("ui.serve.serve_on", served)
        assert run_apart(in_a_loop()) == 0

    return start


def here(app: FastAPI, **headers: str) -> TestClient:
    """A browser on this very machine."""
    client = browser(app, "127.0.0.1")
    client.headers.update(headers)
    return client


def old_http(app: FastAPI) -> TestClient:
    """nginx as it comes, with `proxy_pass` alone: no header, the Host its own, and HTTP/1.0."""

    async def spoken(scope: Any, receive: Any, send: Any) -> None:
        await app(scope | {"http_version": "1.0"}, receive, send)

    return TestClient(
        spoken,
        base_url=HERE,
        follow_redirects=False,
        client=("127.0.0.1", 50_000),
        headers={"origin": HERE},
    )


def test_a_demonstration_is_open_to_this_machine_only_and_says_so(opened: Run) -> None:
    def look(app: FastAPI, told: str) -> None:
        assert "Démonstration sans compte, ouverte à cette machine seulement" in told
        assert not LINK.search(told)
        page = here(app).get("/")
        assert page.status_code == 200
        assert "Démonstration sans compte" in words(page.text, ".account-bar")
        assert here(app).get("/documents").status_code == 200
        for path in ("/admin", "/auditeur/"):
            assert here(app).get(path).status_code == 403
        for stranger in (
            browser(app),
            browser(app, "192.168.1.7"),
            here(app, **{"x-forwarded-for": "127.0.0.1"}),
            here(app, forwarded="for=127.0.0.1"),
            here(app, via="1.1 mandataire"),
            here(app, **{"x-real-ip": "127.0.0.1"}),
            here(app, **{"x-forwarded-host": "mairie.example"}),
            here(app, **{"x-forwarded-proto": "https"}),
            here(app, **{"cf-connecting-ip": "198.51.100.7"}),
            here(app, host="192.0.2.1"),  # asked by another address than this machine's own
            old_http(app),
        ):
            answer = stranger.get("/")
            assert answer.status_code == 403
            assert "la machine qui la fait tourner" in words(answer.text)
            assert stranger.post("/gradio_api/queue/join", json={}).status_code == 403
        assert browser(app).get("/simple").status_code == 200

    opened("demo", look)


def test_the_service_watches_for_quiet_nights_while_it_runs(opened: Run) -> None:
    def watching() -> bool:
        return "greffier-proposals" in {thread.name for thread in threading.enumerate()}

    def look(app: FastAPI, told: str) -> None:
        assert watching()

    assert not watching()
    opened("demo", look)
    assert not watching()


def test_serving_gives_a_link_until_there_is_an_administrator(opened: Run) -> None:
    links: list[str] = []
    files: set[Path] = set()

    def kept(told: str) -> None:
        """The journal of a service is read by others: the link itself is not in it."""
        assert not LINK.search(told)
        found = FILE.search(told)
        assert found is not None
        file = Path(found[0])
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        links.extend(LINK.findall(file.read_text("utf-8")))
        files.add(file)

    def wait(app: FastAPI, told: str) -> None:
        kept(told)
        answer = here(app).get("/")  # this machine is nothing special any more
        assert (answer.status_code, "premier compte" in words(answer.text)) == (403, True)

    def begin(app: FastAPI, told: str) -> None:
        kept(told)
        client = browser(app)
        assert client.get(links[0]).status_code == 404  # the one before opens nothing any more
        token = field_of(client.get(links[1]).text, "token")
        sent = {"name": "adele", "new": PASSWORD, "again": PASSWORD, "token": token}
        assert client.post(links[1], data=sent).headers["location"] == "/admin"
        assert "adele" in client.get("/admin/people").text

    def go_on(app: FastAPI, told: str) -> None:
        assert not LINK.search(told) and not FILE.search(told)
        assert not any(file.exists() for file in files)
        assert here(app).get("/").headers["location"] == "/connexion"

    opened("serve", wait)
    opened("serve", begin)
    opened("serve", go_on)
    opened("demo", go_on)  # a town that has accounts keeps them
    assert len(set(links)) == 2


def test_on_a_terminal_the_link_itself_is_shown(
    opened: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("assistant.commands.session.Session.is_terminal", True)

    def look(app: FastAPI, told: str) -> None:
        assert browser(app).get(LINK.findall(told)[0]).status_code == 200

    opened("serve", look)
    assert not [*tmp_path.rglob("*.premier-compte")]


def test_what_a_library_prints_while_serving_goes_through_the_net(
    opened: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    def look(app: FastAPI, told: str) -> None:
        print("cannot send to ana.petit@exemple.fr", file=sys.stderr)
        print("cannot send to ana.petit@exemple.fr")

    opened("serve", look)
    printed = capsys.readouterr()
    assert "ana.petit" not in printed.out + printed.err
    assert "[COURRIEL_1]" in printed.out and "[COURRIEL_1]" in printed.err
