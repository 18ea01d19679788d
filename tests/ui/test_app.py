# SPDX-License-Identifier: EUPL-1.2
"""The application from outside: what is open, what is closed, and what leaves it."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace

import anyio.to_thread
import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser
from starlette.routing import Mount

from assistant import readiness
from assistant.settings import Settings
from assistant.texts import Texts
from corpus.errors import PassagesUnusable
from guardrails.errors import RegisterUnavailable
from tests.loops import run_apart
from tests.table import each
from tests.ui.building import built
from tests.ui.town import (
    CANTEEN,
    FIRST,
    MINUTES,
    MemoryPages,
    ScriptedAssistant,
    answering,
    no_town,
    town,
)
from ui.door import MAX_BODY_BYTES

FR = Texts("fr")
HERE = "http://127.0.0.1:7860"


def text_of(page: LexborHTMLParser, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None
    return node.text()


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return built(ScriptedAssistant(answering), town())


@pytest.fixture(scope="module")
def browser(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=HERE) as client:
        yield client


def test_the_page_is_in_french_and_names_no_other_site(browser: TestClient) -> None:
    page = browser.get("/").text

    assert '<html\n\tlang="fr"' in page
    remote = set(re.findall(r"https?://[\w.-]+", page)) - {HERE.rsplit(":", 1)[0]}
    assert remote <= {"http://www.w3.org"}


def test_every_script_of_the_page_carries_the_nonce_of_its_policy(browser: TestClient) -> None:
    answer = browser.get("/")
    nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])

    assert nonce
    scripts = LexborHTMLParser(answer.text).css("script")
    assert {script.attributes.get("nonce") for script in scripts} == {nonce[1]}
    assert browser.get("/").headers["content-security-policy"].find(nonce[1]) == -1


@each("path", ["/", f"/source/{CANTEEN}/2", "/health", "/nowhere", "/config"])
def test_every_answer_carries_the_security_headers(browser: TestClient, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"https?:|\*", policy)
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_where_the_town_asks_for_it_https_stays_https() -> None:
    chosen = Settings.model_validate({"access": {"hsts_days": 365}})
    app = built(ScriptedAssistant(answering), town(), settings=chosen)
    for scheme, told in (("https", "max-age=31536000"), ("http", None)):
        with TestClient(app, base_url=f"{scheme}://127.0.0.1") as client:
            assert client.get("/health").headers.get("strict-transport-security") == told


@each(
    "method, path",
    [
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://exemple.invalid/"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/queue/status"),
        ("GET", "/monitoring"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/login_check"),
        ("GET", "/manifest.json"),
        ("GET", "/ui/../app.py"),
        ("GET", "/ui/%2e%2e/app.py"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/run/predict"),
        ("POST", "/gradio_api/call/_ask"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/login"),
        ("PUT", "/"),
        ("OPTIONS", "/gradio_api/queue/join"),
    ],
)
def test_what_the_page_does_not_need_is_closed(browser: TestClient, method: str, path: str) -> None:
    answer = browser.request(method, path)

    assert answer.status_code == 404
    assert "passwd" not in answer.text


def test_no_event_of_the_page_is_offered_to_programs(app: FastAPI) -> None:
    config = TestClient(app, base_url=HERE).get("/config").json()

    assert config["dependencies"]
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}
    assert config["analytics_enabled"] is False
    assert not config.get("run_history")


@each(
    "host, code",
    [
        ("127.0.0.1:7860", 200),
        ("localhost:7860", 200),
        ("[::1]:7860", 200),
        ("10.1.2.3", 200),
        ("exemple.invalid", 421),
        ("127.0.0.1.exemple.invalid", 421),
    ],
)
def test_a_foreign_name_that_points_here_is_turned_away(
    browser: TestClient, host: str, code: int
) -> None:
    assert browser.get("/health", headers={"host": host}).status_code == code


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"origin": "http://exemple.invalid"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-length": str(MAX_BODY_BYTES + 1)}, 413),
    ],
)
def test_another_site_cannot_ask_and_nobody_can_flood(
    browser: TestClient, headers: dict[str, str], code: int
) -> None:
    answer = browser.post("/gradio_api/queue/join", content=b"{}", headers=headers)

    assert answer.status_code == code


def test_the_page_of_a_source_shows_the_quote_in_its_place(browser: TestClient) -> None:
    answer = browser.get(f"/source/{CANTEEN}/2?start={FIRST.start}&end={FIRST.end}")
    page = LexborHTMLParser(answer.text)

    assert text_of(page, "mark#quote") == FIRST.quote
    assert text_of(page, "h1").startswith("Délibération n° 2025-31 du 3 juin 2025")
    assert "Page 2 sur 2" in text_of(page, ".where")
    assert "Version masquée" in page.text()
    assert [link.text() for link in page.css("main nav a")] == ["Page précédente"]


def test_a_hostile_source_shows_as_text(browser: TestClient) -> None:
    page = LexborHTMLParser(browser.get(f"/source/{MINUTES}/1").text)

    assert "<img src=x onerror=alert(1)> et [ici](http://exemple.invalid)" in page.text()
    assert not page.css("img, svg, script")


@pytest.mark.parametrize(
    "path",
    [f"/source/{CANTEEN}/3", f"/source/{CANTEEN}/0", "/source/nobody/1", "/source/..%2f/1"],
)
def test_a_page_that_is_not_there_says_so(browser: TestClient, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 404
    assert 'lang="fr"' in answer.text


@pytest.mark.parametrize("span", ["start=-5&end=3", "start=9&end=2", "start=0&end=99999999"])
def test_a_span_that_is_not_in_the_page_highlights_nothing(browser: TestClient, span: str) -> None:
    answer = browser.get(f"/source/{CANTEEN}/2?{span}")

    assert answer.status_code == 200
    assert "<mark" not in answer.text


def test_health_answers_while_every_thread_of_the_pages_is_taken(app: FastAPI) -> None:
    async def look() -> int:
        limiter = anyio.to_thread.current_default_thread_limiter()
        for _ in range(int(limiter.total_tokens)):
            await limiter.acquire_on_behalf_of(object())
        async with asyncio.timeout(20):
            transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
                return (await client.get("/health")).status_code

    assert run_apart(look()) == 200


def test_a_page_at_rest_looks_for_work_ten_times_a_second(app: FastAPI) -> None:
    """Gradio's own thousand take three hundredths of a core, for each of its pages."""
    pages = [route.app for route in app.routes if isinstance(route, Mount)]
    queues = [page.get_blocks()._queue for page in pages if isinstance(page, gr.routes.App)]
    assert queues
    for queue in queues:
        assert queue.sleep_when_free >= 0.1
        assert queue.progress_update_sleep_when_free >= 1


@pytest.mark.parametrize("path", [f"/source/{CANTEEN}/1", f"/documents/{CANTEEN}"])
def test_a_page_whose_reading_cannot_be_entered_says_so(
    app: FastAPI, browser: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def held(*_: object) -> None:
        raise RegisterUnavailable("held by another program")

    monkeypatch.setattr(MemoryPages, "document", held)
    answer = browser.get(path)
    assert answer.status_code == 503
    assert "Le registre ne peut pas être écrit ou lu" in answer.text.replace("\u00a0", " ")


def test_the_telemetry_of_libraries_stays_off_when_traces_are_on(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FastAPI's wakes by itself once OpenTelemetry is set up, as `service.traces` does."""
    monkeypatch.setattr("fastapi.telemetry._asgi._unconfigured", lambda provider: False)
    inner = [one for route in app.routes if isinstance(one := getattr(route, "app", None), FastAPI)]
    assert inner and FastAPI()._native_telemetry.enabled()
    for one in (app, *inner):
        assert not one._native_telemetry.enabled()
        assert one._telemetry["auto_configure"] is False


@pytest.mark.parametrize(
    "path",
    ["/documents?page=abc", f"/source/{CANTEEN}/1?start=abc", f"/source/{CANTEEN}/1?end=1e9"],
)
def test_an_address_that_is_malformed_is_said_in_the_town_s_language(
    browser: TestClient, path: str
) -> None:
    answer = browser.get(path)
    assert answer.status_code == 400
    assert "Adresse mal formée" in answer.text


def test_what_a_page_s_own_routes_cannot_read_is_not_repeated(browser: TestClient) -> None:
    """Gradio draws applications of its own, with FastAPI's own answers."""
    said = {"fn_index": "Paul Martin, 12 ruelle"}
    answer = browser.post("/gradio_api/queue/join", json=said, headers={"origin": HERE})
    assert answer.status_code == 400
    assert "Martin" not in answer.text


def test_ready_says_whether_there_is_something_to_ask_about(browser: TestClient) -> None:
    assert browser.get("/health").json() == {"status": "ok"}
    assert browser.get("/ready").json() == {"status": "ready", "documents": 2}
    empty = built(ScriptedAssistant(answering), no_town())
    assert TestClient(empty, base_url=HERE).get("/ready").json()["status"] == "empty"


def test_ready_counts_nothing_that_only_agents_may_read(monkeypatch: pytest.MonkeyPatch) -> None:
    store = town()
    letter, act = store.documents()
    kept = [replace(letter, collection="correspondance"), act]
    monkeypatch.setattr(store, "documents", lambda: kept)
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 0.0)
    asked = TestClient(built(ScriptedAssistant(answering), store), base_url=HERE)
    assert asked.get("/ready").json() == {"status": "ready", "documents": 1}
    del kept[1]
    assert asked.get("/ready").json() == {"status": "ready", "documents": 0}


def test_who_asks_often_whether_it_is_ready_has_the_documents_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, reads = town(), list[int]()
    documents = store.documents()
    monkeypatch.setattr(store, "documents", lambda: reads.append(1) or documents)
    asked = TestClient(built(ScriptedAssistant(answering), store), base_url=HERE)
    reads.clear()
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 600.0)
    for _ in range(20):
        assert asked.get("/ready").json() == {"status": "ready", "documents": 2}
    assert len(reads) == 1


def test_ready_says_what_cannot_do_its_work_and_no_more() -> None:
    parts = {"register": True, "model": False, "index": False}
    app = built(ScriptedAssistant(answering), town(), readiness=lambda: parts)
    answer = TestClient(app, base_url=HERE).get("/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "failing": ["index", "model"]}
    parts |= {"model": True, "index": True}
    assert TestClient(app, base_url=HERE).get("/ready").json()["status"] == "ready"


def test_ready_says_that_the_passages_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    store = no_town()

    def fails() -> None:
        raise PassagesUnusable("unreachable")

    monkeypatch.setattr(store, "documents", fails)
    answer = TestClient(built(ScriptedAssistant(answering), store), base_url=HERE).get("/ready")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["passages"])


def test_health_needs_no_thread(browser: TestClient) -> None:
    """All of the threads that handle requests may be waiting for something."""
    endpoint = next(r.endpoint for r in browser.app.routes if getattr(r, "path", "") == "/health")
    assert inspect.iscoroutinefunction(endpoint)
