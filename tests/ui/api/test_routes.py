# SPDX-License-Identifier: EUPL-1.2
"""Each address, each role; what is not asked as it should be is refused in one shape."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corpus.documents import Filters
from guardrails.findings import Screened
from guardrails.register import Kind
from guardrails.register.events import Feedback, enter_feedback
from guardrails.register.proof_check import verify_proofs
from tests.register.homes import ask_in
from tests.table import each
from tests.ui.api.conftest import QUESTION, House
from tests.ui.town import CANTEEN, CANTEEN_PAGES, MINUTES, RECORD, answering, refusing
from tests.ui.workspace import RESIDENT
from ui.access.person import Role
from ui.access.routes import ROUTES
from ui.access.routes import Kind as RouteKind
from ui.api.models import ProofReply

ASK = {"question": QUESTION}
CHAT = {"model": "greffier", "messages": [{"role": "user", "content": QUESTION}]}
MCP = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
AGENTS, AUDITORS = {Role.AGENT, Role.ADMIN}, {Role.AUDITOR}
ADDRESSES: dict[tuple[str, str], tuple[dict[str, Any] | None, set[Role]]] = {
    ("POST", "/api/ask"): (ASK, AGENTS),
    ("POST", "/api/search"): (ASK, AGENTS),
    ("POST", "/api/screen"): ({"text": "Bonjour"}, AGENTS),
    ("GET", "/api/documents"): (None, AGENTS),
    ("GET", "/api/proof/nothing"): (None, AGENTS),
    ("GET", "/api/register/verify"): (None, AUDITORS),
    ("GET", "/api/register/checkpoint"): (None, AUDITORS),
    ("GET", "/api/register/entries"): (None, AUDITORS),
    ("GET", "/api/register/proof/0"): (None, AUDITORS),
    ("GET", "/api/openapi.json"): (None, AGENTS | AUDITORS),
    ("POST", "/v1/chat/completions"): (CHAT, AGENTS),
    ("GET", "/v1/models"): (None, AGENTS),
    ("POST", "/mcp"): (MCP, AGENTS),
    ("GET", "/mcp"): (None, AGENTS),
    ("DELETE", "/mcp"): (None, AGENTS),
    ("GET", "/metrics"): (None, {Role.ADMIN}),
}
ONLY_POSTED = {("GET", "/mcp"), ("DELETE", "/mcp")}
"""What the protocol knows and is not there: told so once the key is looked at."""
OF_A_RECORD = {"/api/proof/{record}": "nothing", "/api/register/proof/{record}": "0"}
"""What is asked of the addresses that name a record."""

OF_NOTHING = {("GET", "/api/proof/nothing")}
"""A record that nobody was given."""


def told(answer: Any) -> tuple[int, str]:
    """Return the status of an answer that says no, and its code; its shape is OpenAI's."""
    assert "error" in answer.json(), answer.text
    error = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    return answer.status_code, error["code"]


def test_every_address_of_programs_is_tried_here() -> None:
    for route in ROUTES:
        if route.kind is RouteKind.API:
            assert any(route.fits(*address) for address in ADDRESSES), route.pattern.pattern
    for address in ADDRESSES:
        assert any(route.fits(*address) for route in ROUTES)


@each("role", [Role.AGENT, Role.AUDITOR, Role.ADMIN])
@each("address", ADDRESSES, ids=" ".join)
def test_a_key_opens_the_addresses_of_its_role(
    house: House, address: tuple[str, str], role: Role
) -> None:
    body, roles = ADDRESSES[address]
    answer = house.program(role).request(*address, json=body)
    if role in roles:
        expected = 405 if address in ONLY_POSTED else 404 if address in OF_NOTHING else 200
        assert answer.status_code == expected, answer.text
        assert answer.headers["cache-control"] == "no-store"
    else:
        assert told(answer) == (403, "key_role")


@each("address", ADDRESSES, ids=" ".join)
def test_without_a_key_nothing_opens_whatever_the_cookies(
    house: House, address: tuple[str, str]
) -> None:
    body, _ = ADDRESSES[address]
    client = house.program(None)
    if house.desk.accounts.get("agnes") is None:
        house.desk.accounts.add("agnes", Role.ADMIN)
        house.desk.accounts.keep_password("agnes", "hash")
    token = house.desk.sessions.start("agnes", "password")
    client.cookies.set("greffier", house.desk.seals.signed("cookie-greffier", token))
    assert client.get("/compte").status_code == 200  # the cookie is a good one
    answer = client.request(*address, json=body, headers={"origin": house.url})
    assert told(answer) == (401, "key_missing")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_an_answer_holds_its_checked_quotes(house: House) -> None:
    house.assistant._script = answering
    reply = house.program().post("/api/ask", json=ASK).json()
    assert reply["status"] == "answer"
    assert reply["reason"] is None
    assert reply["text"].startswith("Le repas coûte 3,40 € pour un enfant de la commune. [1]")
    assert reply["record"] == RECORD
    first = reply["citations"][0]
    assert CANTEEN_PAGES[1][first["start"] : first["end"]] == first["quote"]
    assert reply["sentences"][1]["citations"] == [2]
    assert "IA" in reply["notice"]


def test_a_refusal_says_why_and_whom_to_ask(house: House) -> None:
    house.assistant._script = refusing
    reply = house.program().post("/api/ask", json=ASK).json()
    house.assistant._script = answering
    assert (reply["status"], reply["reason"]) == ("refusal", "not_answered")
    assert reply["text"] and not reply["citations"] and not reply["notice"]
    assert [found["document"] for found in reply["nearest"]] == [CANTEEN]


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    found = re.findall(r"^event: (\w+)\ndata: (.*)$", text, re.MULTILINE)
    return [(name, json.loads(data)) for name, data in found]


def test_an_answer_comes_as_events_when_asked(house: House) -> None:
    answer = house.program().post("/api/ask", json={**ASK, "stream": True})
    assert answer.headers["content-type"].startswith("text/event-stream")
    told_ = events(answer.text)
    assert [name for name, _ in told_] == ["sources", "sentence", "sentence", "outcome"]
    assert [p["document"] for p in told_[0][1]["passages"]] == [CANTEEN, MINUTES]
    assert told_[1][1]["brings"][0]["number"] == 1
    assert told_[-1][1] == house.program().post("/api/ask", json=ASK).json()


def test_a_question_is_asked_in_the_key_s_name_within_its_collections(house: House) -> None:
    _, secret = house.clerk.make_key("narrow", Role.AGENT, collections=("plu",))
    client = house.program(secret=secret)
    asked = {**ASK, "collections": ["public", "plu"], "since": "2024-01-01"}
    client.post("/api/ask", json=asked)
    assert house.assistant.filters[-1] == Filters(
        collections=frozenset({"plu"}), since="2024-01-01"
    )
    client.post("/v1/chat/completions", json=CHAT)
    assert house.assistant.filters[-1].collections == frozenset({"plu"})
    assert client.get("/api/documents").json() == {"count": 0, "documents": []}
    assert client.post("/api/search", json=ASK).json() == {"passages": []}


def test_documents_are_listed_page_by_page_without_those_that_wait(house: House) -> None:
    client = house.program()
    listed = client.get("/api/documents", params={"limit": 1}).json()
    assert listed["count"] == 2
    assert [d["id"] for d in listed["documents"]] == [CANTEEN]
    assert client.get("/api/documents", params={"kind": "arrêté"}).json()["count"] == 0
    assert client.get("/api/documents", params={"since": "2025-01-01"}).json()["count"] == 1
    house.pages.needs[MINUTES] = "decision_health"
    try:
        ids = [d["id"] for d in client.get("/api/documents").json()["documents"]]
        found = client.post("/api/search", json=ASK).json()["passages"]
    finally:
        house.pages.needs.clear()
    assert ids == [CANTEEN]
    assert {one["document"] for one in found} == {CANTEEN}


def test_a_text_is_hidden(house: House) -> None:
    text = f"Demande de {RESIDENT}."
    reply = house.program().post("/api/screen", json={"text": text}).json()
    assert reply["text"] == "Demande de [PERSONNE_1]."
    (one,) = reply["findings"]
    assert text[one["start"] : one["end"]] == RESIDENT


def test_the_register_is_verified_signed_and_read_and_each_reading_is_entered(
    house: House,
) -> None:
    client = house.program(Role.AUDITOR)
    before = len(house.entries(Kind.READING))
    assert client.get("/api/register/verify").json()["holds"] is True
    assert "greffier" in client.get("/api/register/checkpoint").json()["note"]
    page = client.get("/api/register/entries", params={"limit": 3}).json()
    assert [e["index"] for e in page["entries"]] == sorted(
        (e["index"] for e in page["entries"]), reverse=True
    )
    further = client.get(
        "/api/register/entries", params={"before": page["further"], "limit": 1}
    ).json()
    assert further["entries"][0]["index"] == page["entries"][-1]["index"] - 1
    made = client.get("/api/register/entries", params={"kind": "settings"}).json()["entries"]
    assert "key_created" in {e["payload"].get("status") for e in made}
    readings = house.entries(Kind.READING)
    me = house.register.pseudonym("key:program-auditor")
    assert len([e for e in readings if e.actor == me]) >= 5
    assert len(readings) > before


@each(
    "path, sent, code",
    [
        ("/api/ask", b"{", "bad_json"),
        ("/api/ask", b"", "bad_request"),
        ("/api/ask", b"[" * 100_000, "bad_json"),
        ("/api/ask", b'{"question": "\\ud800"}', "bad_request"),
        ("/api/ask", b'{"question": "Prix ?", "kinds": ["\\udfff"]}', "bad_request"),
        ("/api/screen", b'{"text": "\\ud800"}', "bad_request"),
        (
            "/v1/chat/completions",
            b'{"model": "greffier", "messages": [{"role": "user", "content": "\\ud800"}]}',
            "bad_request",
        ),
        (
            "/v1/chat/completions",
            b'{"model": "greffier", "messages": [{"role": "user", "content":'
            b' [{"type": "text", "text": "\\ud83d"}]}]}',
            "bad_request",
        ),
        ("/api/ask", {"question": QUESTION, "since": "0001-01-01"}, "bad_request"),
        ("/api/search", {"question": QUESTION, "until": "9999-12-31"}, "bad_request"),
        ("/api/ask", b'"x"', "bad_request"),
        ("/api/ask", {"question": "  "}, "empty_question"),
        ("/api/ask", {"question": "x" * 2001}, "bad_request"),
        ("/api/ask", {"question": QUESTION, "model": "x"}, "bad_request"),
        ("/api/ask", {"question": QUESTION, "since": "hier"}, "bad_request"),
        ("/api/search", {"question": QUESTION, "limit": 1000}, "bad_request"),
        ("/api/screen", {"text": "x", "keep": True}, "bad_request"),
        ("/v1/chat/completions", {**CHAT, "tools": []}, "bad_request"),
        ("/v1/chat/completions", {**CHAT, "n": 2}, "bad_request"),
        ("/v1/chat/completions", {**CHAT, "model": "gpt-4"}, "model_not_found"),
        ("/v1/chat/completions", {**CHAT, "messages": []}, "bad_request"),
        (
            "/v1/chat/completions",
            {**CHAT, "messages": [{"role": "assistant", "content": "x"}]},
            "no_question",
        ),
    ],
)
def test_what_is_not_asked_as_it_should_be_is_refused(
    house: House, path: str, sent: Any, code: str
) -> None:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    asked = len(house.assistant.asked)
    answer = house.program().post(path, content=body, headers={"content-type": "application/json"})
    status, found = told(answer)
    assert (status, found) == (404 if code == "model_not_found" else 400, code)
    assert len(house.assistant.asked) == asked
    assert QUESTION not in answer.text


@each(
    "asked",
    [
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-14:00",
        "since=1e300",
        "until=0001-01-01T00:00:00Z",
        f"before={'9' * 5000}",
        f"before={2**63}",
    ],
)
def test_a_moment_that_no_calendar_holds_is_refused_in_words(house: House, asked: str) -> None:
    answer = house.program(Role.AUDITOR).get(f"/api/register/entries?{asked}")
    assert told(answer) == (400, "bad_request")
    words = answer.json()["error"]["message"]
    assert words.startswith("La demande n'a pas la forme attendue : ")
    assert " doit " in words or " est " in words


def test_a_character_of_four_bytes_written_as_two_halves_is_one(house: House) -> None:
    body = b'{"question": "Combien co\\u00fbte le repas \\ud83c\\udf7d ?"}'
    answer = house.program().post(
        "/api/ask", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 200


def test_what_nobody_foresaw_is_told_in_the_shape_of_all_failures(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError(QUESTION)

    monkeypatch.setattr(house.assistant, "steps", fails)
    answer = house.program().post("/api/ask", json={"question": QUESTION})
    assert told(answer) == (500, "system")
    assert QUESTION not in answer.text


@pytest.mark.parametrize("path", ["/api/ask", "/api/screen", "/v1/chat/completions"])
def test_a_body_of_more_than_a_megabyte_stays_outside(house: House, path: str) -> None:
    answer = house.program().post(path, json={"question": "x" * 1_000_000})
    assert told(answer) == (413, "too_large")


def test_a_page_of_another_site_is_refused_and_no_site_is_let_in(house: House) -> None:
    elsewhere = {"origin": "https://ailleurs.example"}
    answer = house.program().post("/api/ask", json=ASK, headers=elsewhere)
    assert told(answer) == (403, "other_site")
    options = house.program().options("/api/ask", headers=elsewhere)
    assert options.status_code in {403, 404}
    for got in (answer, options, house.program().get("/v1/models", headers=elsewhere)):
        assert not [name for name in got.headers if name.startswith("access-control-")]


def test_a_key_opens_no_page(house: House) -> None:
    for path in ("/", "/documents", "/admin", "/auditeur/", "/compte"):
        answer = house.program(Role.ADMIN).get(path, follow_redirects=False)
        is_led_away = answer.headers.get("location", "").startswith("/connexion")
        assert is_led_away or answer.status_code == 403  # before the first account


def test_the_description_tells_every_address(house: House) -> None:
    described = house.program().get("/api/openapi.json").json()
    found = {
        (method.upper(), path) for path, methods in described["paths"].items() for method in methods
    }
    own = {address for address in ADDRESSES if address[1] != "/mcp"}  # it describes itself
    shown = {
        (method, path.replace("{record}", OF_A_RECORD.get(path, ""))) for method, path in found
    }
    assert shown == own
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    ask = described["components"]["schemas"]["Ask"]
    assert ask["additionalProperties"] is False


def asked_by(house: House, role: Role) -> str:
    """Enter a question that the key of a role asked; return its record."""
    return ask_in(house.register, f"key:program-{role}")


def test_a_key_takes_the_proofs_of_its_own_answers(house: House, tmp_path: Path) -> None:
    record = asked_by(house, Role.AGENT)
    enter_feedback(
        house.register, record, Feedback.RIGHT, note=Screened(""), user="bruno", role="agent"
    )
    before = len(house.entries(Kind.EXPORT))
    answer = house.program(Role.AGENT).get(f"/api/proof/{record}")
    reply = ProofReply.model_validate(answer.json())
    assert (answer.status_code, reply.record, reply.origin) == (
        200, record, house.register.origin,
    )  # fmt: skip
    assert [proof.kind for proof in reply.proofs] == ["intent", "sentence", "outcome"]
    assert "survivent à un effacement" in reply.notice
    for proof in reply.proofs:
        (tmp_path / proof.name).write_text(proof.text, "utf-8")
    contents = "".join(proof.contents for proof in reply.proofs)
    (tmp_path / "contenus.jsonl").write_text(contents, "utf-8")
    verdict = verify_proofs(tmp_path, keys=[str(house.register.key_chain()[0])])
    assert (verdict.exit_code, verdict.size) == (0, 3)
    entered = house.entries(Kind.EXPORT)
    assert len(entered) == before + 1
    assert entered[-1].actor == house.register.pseudonym("key:program-agent")


def test_the_proofs_of_another_s_answer_are_not_there(house: House) -> None:
    record = asked_by(house, Role.ADMIN)
    before = house.register.size()
    for asked in (record, "nothing", "0", "1" * 12):
        assert told(house.program(Role.AGENT).get(f"/api/proof/{asked}")) == (404, "no_record")
    assert house.register.size() == before


def test_an_auditor_takes_the_proofs_of_anything(house: House) -> None:
    record = asked_by(house, Role.AGENT)
    client = house.program(Role.AUDITOR)
    assert len(client.get(f"/api/register/proof/{record}").json()["proofs"]) == 3
    [first] = client.get("/api/register/proof/0").json()["proofs"]
    assert (first["index"], first["kind"]) == (0, "key")
    assert told(client.get("/api/register/proof/999999")) == (404, "no_record")
