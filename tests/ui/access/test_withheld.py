# SPDX-License-Identifier: EUPL-1.2
"""What waits, was hidden, rejected, replaced or removed is shown to nobody who kept its address.

Each document holds one word that no other has; each route that shows a document is asked for it
by everybody, by the number that it had.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.operations import decide_case, remove
from assistant.settings import Settings
from assistant.wiring import Parts, open_parts
from corpus.quarantine import Decision
from tests.assistant.conftest import RESIDENT
from tests.assistant.terminal import stand_in
from tests.corpus.test_originals import pdf
from tests.ui.access.conftest import HERE
from tests.ui.access.walk import client_of, whole_app
from ui.access import Desk
from ui.access.person import Role

TELLS = f"{RESIDENT} perçoit le RSA depuis mars."
LETTER = (
    "Madame, Monsieur,",
    f"Je soussignée {RESIDENT} sollicite un secours : je suis en arrêt maladie depuis mars",
    "et mon fils est hospitalisé pour une leucémie.",
)
PAGE = 3
"""Where each document has its word: the page before is blank, which is kept as none."""

Site = tuple[FastAPI, Desk, dict[str, str]]

WORDS = {
    "open": "fontaine",
    "beside": "margelle",
    "agents": "lavoir",
    "waits": "kiosque",
    "waits whole": "pigeonnier",
    "hidden": "rotonde",
    "rejected": "tonnelle",
    "replaced": "pergola",
    "gone": "gloriette",
    "removed": "charmille",
}
COLLECTIONS = {"agents": "correspondance"}
READS = {
    "nobody": {"simple"},
    "resident": {"simple"},
    "auditor": {"simple", "source"},
    "of public": {"simple", "source", "image", "file", "act", "compare"},
    "agent": {"simple", "source", "image", "file", "act", "compare"},
    "admin": {"simple", "source", "image", "file", "act", "compare", "doubts"},
    "key": {"simple", "list", "search"},
}
"""By which routes who reads what is open to them."""


def expected(state: str, who: str) -> set[str]:
    if state in {"open", "beside"}:
        return READS[who]
    if state in COLLECTIONS:
        is_let = who not in {"nobody", "resident", "of public"}
        return READS[who] - {"simple"} if is_let else set()
    if state.startswith("waits"):
        return {"doubts"} if who == "admin" else set()  # who decides on it sees what waits
    is_listed = who == "key" and state in {"hidden", "rejected"}
    return {"list"} if is_listed else set()  # its number, and what is left of it


def act(state: str) -> bytes:
    """Return a file of three sheets, the second blank, the third with the state's word."""
    first = ("Délibération n° 2024-12", f"Article 1 - Le bâtiment {len(state)}", state)
    told = {"waits", "hidden", "rejected"} & {state}
    last = (f"Article 2 - La réparation : {WORDS[state]}.", *([TELLS] if told else []))
    if state == "waits whole":
        first = LETTER
    if state == "hidden":
        last = (f"Article 2 - {RESIDENT}, de la {WORDS[state]}, perçoit le RSA depuis mars.",)
    return pdf(first, (), last)


def filled(parts: Parts, town: Path) -> dict[str, str]:
    """Bring each document into its state; return the number under which it was kept first."""
    for state in WORDS:
        folder = town / COLLECTIONS.get(state, "public")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{state}.pdf").write_bytes(act(state))
    for folder in town.iterdir():
        parts.ingestion.add([folder], collection=folder.name)
    ids = {one.file.removesuffix(".pdf"): one.id for one in parts.store.documents()}
    for state, decision in (("hidden", Decision.HIDE), ("rejected", Decision.REJECT)):
        case = parts.quarantine.case(ids[state])
        assert case is not None
        decide_case(parts, case, decision, by="x", role="admin")
    (town / "public" / "replaced.pdf").write_bytes(pdf(("Un tout autre texte.",)))
    (town / "public" / "gone.pdf").unlink()
    parts.ingestion.add([town / "public"], collection="public", prune=True)
    remove(parts, [ids["removed"]], by="x", role="admin")
    return ids


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    stand_in(monkeypatch)
    monkeypatch.setenv("GREFFIER_MODELS", str(tmp_path / "models"))
    town = tmp_path / "town"
    with open_parts(tmp_path / "data", tmp_path / "keys", Settings()) as parts:
        ids = filled(parts, town)
        waiting = {one.id for one in parts.store.documents() if one.needs.startswith("decision_")}
        assert waiting == {ids["waits"], ids["waits whole"]}
    opened = {"originals": [str(town)], "originals_of": ["*"]}
    with whole_app(tmp_path, agent=opened, actions_per_minute=100_000) as (app, desk):
        yield app, desk, ids


def everybody(app: FastAPI, desk: Desk) -> dict[str, TestClient]:
    people = {str(role): client_of(app, desk, role) for role in Role}
    desk.accounts.add("limited", Role.AGENT, collections=("public",))
    _, secret = desk.keys.make("intranet", Role.AGENT)
    limited = client_of_account(app, desk, "limited")
    key = TestClient(app, base_url=HERE, headers={"authorization": f"Bearer {secret}"})
    return {"nobody": client_of(app, desk, None), "of public": limited, "key": key, **people}


def client_of_account(app: FastAPI, desk: Desk, name: str) -> TestClient:
    client = client_of(app, desk, None)
    token = desk.sessions.start(name, "password")
    client.cookies.set("greffier", desk.seals.signed("cookie-greffier", token))
    return client


def routes(document: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses that lead to a document."""
    for page in (1, PAGE):
        yield "simple", f"/simple/page/{document}/{page}?start=0&end=40"
        yield "source", f"/source/{document}/{page}?start=0&end=40"
    yield "image", f"/source/{document}/{PAGE}/image"
    yield "doubts", f"/admin/doubts/{document}/{PAGE}"
    yield "file", f"/source/{document}/fichier"
    yield "act", f"/documents/{document}"


def shows(client: TestClient, word: str, document: str, other: str) -> Iterator[str]:
    """Yield the routes by which somebody reads a word, takes a file or a picture, or is told that
    there is such a document."""
    for route, address in routes(document):
        answer = client.get(address)
        is_file = answer.headers.get("content-type", "").startswith(("image", "application/octet"))
        if answer.status_code == 200 and (is_file or word in answer.text):
            yield route
    sent = {"a": (None, document), "b": (None, other), "pages_a": (None, ""), "pages_b": (None, "")}
    if word in client.post("/comparer", files=sent, follow_redirects=True).text:
        yield "compare"
    if word in client.post("/api/search", json={"question": f"La réparation : {word} ?"}).text:
        yield "search"
    if document in client.get("/api/documents?limit=100").text:
        yield "list"


def test_what_is_withheld_is_shown_on_no_route_to_anybody(site: Site) -> None:
    app, desk, ids = site
    people, others = everybody(app, desk), {"open": ids["beside"]}
    wrong = {
        (state, who): found
        for state, word in WORDS.items()
        for who, client in people.items()
        if (found := {*shows(client, word, ids[state], others.get(state, ids["open"]))})
        != expected(state, who)
    }
    assert wrong == {}
