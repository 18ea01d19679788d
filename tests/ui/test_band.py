# SPDX-License-Identifier: EUPL-1.2
"""A suspension and the town's notices stand at the top of every page, before anybody asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from assistant.moratorium import FILE, Moratorium, Pause
from assistant.notices import FILE as NOTICES
from assistant.notices import Notice, Notices
from assistant.texts import Texts
from tests.assistant.terminal import stand_in
from tests.ui.access.walk import addresses, client_of, whole_app
from tests.ui.building import built
from tests.ui.town import ScriptedAssistant, answering, town
from ui.access.routes import Opens, find
from ui.band import Band, Bands
from ui.senior.words import LANGUAGES, table

FR = Texts("fr")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAGE = "<!doctype html><html><head></head><body class='x'><main>été</main></body></html>"


@pytest.fixture
def bands(tmp_path: Path) -> tuple[Moratorium, Notices, Bands]:
    moratorium = Moratorium(tmp_path / FILE)
    notices = Notices(tmp_path / NOTICES, lambda: NOW)
    return moratorium, notices, Bands(moratorium, notices)


def client(bands: Bands) -> TestClient:
    app = FastAPI()

    def streamed() -> Iterator[bytes]:
        whole = PAGE.encode()
        yield from (whole[at : at + 7] for at in range(0, len(whole), 7))

    app.add_api_route("/documents", lambda: HTMLResponse(PAGE))
    app.add_api_route("/simple", lambda: HTMLResponse(PAGE))
    app.add_api_route(
        "/simple/answer/abc", lambda: StreamingResponse(streamed(), media_type="text/html")
    )
    kept = {"Content-Disposition": "attachment"}
    app.add_api_route("/transparence/a.md", lambda: HTMLResponse(PAGE, headers=kept))
    app.add_api_route("/health", lambda: JSONResponse({"body": "<body>"}))
    app.add_middleware(Band, lines=bands, texts=FR)
    return TestClient(app)


def test_nothing_is_said_where_there_is_nothing(
    bands: tuple[Moratorium, Notices, Bands],
) -> None:
    assert client(bands[2]).get("/documents").text == PAGE


@pytest.mark.parametrize("address", ["/documents", "/simple", "/simple/answer/abc"])
def test_a_suspension_is_said_at_the_top_of_every_page(
    bands: tuple[Moratorium, Notices, Bands], address: str
) -> None:
    moratorium, _, lines = bands
    moratorium.add(Pause(sentence="Revenez <mardi>."))
    page = client(lines).get(address)
    head, band, rest = page.text.partition("<aside")
    assert band and head.endswith('<body class=\'x\'><link rel="stylesheet" href="/ui/band.css">')
    assert "Les réponses de l'assistant sont suspendues" in unescape(rest).replace("’", "'")
    assert "Revenez &lt;mardi&gt;." in rest and "été" in rest
    length = page.headers.get("content-length")
    assert length is None or int(length) == len(page.content)


def test_each_audience_is_told_its_own(bands: tuple[Moratorium, Notices, Bands]) -> None:
    moratorium, _, lines = bands
    moratorium.add(Pause(audience="agent"))
    assert "town-band" in client(lines).get("/documents").text
    assert "town-band" not in client(lines).get("/simple").text
    moratorium.add(Pause(audience="senior", collection="plu"))
    assert "une partie des documents" in client(lines).get("/simple").text


def test_what_is_no_page_stays_as_it_is(bands: tuple[Moratorium, Notices, Bands]) -> None:
    moratorium, _, lines = bands
    moratorium.add(Pause())
    assert client(lines).get("/transparence/a.md").text == PAGE
    assert client(lines).get("/health").json() == {"body": "<body>"}


def test_a_notice_and_maintenance_tell_their_dates(
    bands: tuple[Moratorium, Notices, Bands],
) -> None:
    _, notices, lines = bands
    hour = timedelta(hours=1)
    notices.add(Notice(text="Fermé <lundi>.", start=NOW - hour, end=NOW + hour))
    notices.add(Notice(text="Plus tard.", start=NOW + hour, end=NOW + 2 * hour))
    notices.add(Notice(start=NOW + hour, end=NOW + 2 * hour, closes=True))
    page = client(lines).get("/simple").text
    assert "Fermé &lt;lundi&gt;." in page and "Plus tard." not in page
    assert f"Maintenance du {(NOW + hour).astimezone():%d/%m/%Y %H:%M}" in page


def test_the_whole_application_says_it_on_each_of_its_pages() -> None:
    app = built(
        ScriptedAssistant(answering),
        town(),
        band=lambda audience, language: [[(f"Pour {audience}.", "fr")]],
    )
    with TestClient(app, base_url="http://127.0.0.1") as page:
        for address, audience in (("/", "agent"), ("/simple", "senior"), ("/documents", "agent")):
            assert f"<p>Pour {audience}.</p>" in page.get(address).text


def test_on_every_public_page_it_is_there_before_anybody_asks_in_the_language_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch)
    with whole_app(tmp_path) as (app, desk):
        visitor = client_of(app, desk, None)
        Moratorium(tmp_path / "data" / FILE).add(Pause(sentence="Revenez mardi."))
        told = set[tuple[str, str]]()
        for address in sorted(set(addresses(app.routes))):
            route = find(address.method, address.sample)
            if address.method != "GET" or route is None or not route.kind.is_shown:
                continue
            if route.opens is Opens.NEVER:
                continue
            for language in LANGUAGES:
                page = visitor.get(f"{address.sample}?lang={language}")
                if not page.headers.get("content-type", "").startswith("text/html"):
                    continue
                if "content-disposition" in page.headers:
                    continue
                tree = LexborHTMLParser(page.text)
                spoken = str(tree.css_first("html").attributes["lang"])
                band = tree.css_first("body > aside.town-band")
                assert band is not None, page.url
                assert band.attributes["lang"] == spoken, page.url
                assert table(spoken)["band_suspended"] in band.text(), page.url
                assert band.text().endswith("Revenez mardi."), page.url
                of_town = band.css_first('span[lang="fr"]')
                assert (of_town is None) is (spoken == "fr")
                told.add((address.template, spoken))
    assert {("/simple", language) for language in LANGUAGES} <= told
    assert {("/transparence", "en"), ("/remarques", "fr"), ("/accessibilite", "en"),
            ("/connexion", "fr"), ("/simple/answer/{key}", "ar")} <= told  # fmt: skip


def test_agents_read_it_in_their_own_words(bands: tuple[Moratorium, Notices, Bands]) -> None:
    moratorium, notices, lines = bands
    moratorium.add(Pause())
    assert "La recherche et les documents restent ouverts" in client(lines).get("/documents").text
    assert lines("agent", "ar") == lines("agent", "fr")  # a language that they have not
    notices.add(Notice(start=NOW, end=NOW + timedelta(hours=1), closes=True, text="Merci."))
    (maintenance, own), _ = lines("senior", "ar")
    assert "صيانة" in maintenance[0] and own == ("Merci.", "fr")
