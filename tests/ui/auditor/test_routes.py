# SPDX-License-Identifier: EUPL-1.2
"""What the page fetches: its style, and exports, which are entered when they leave."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from guardrails.errors import RegisterUnavailable
from guardrails.register import Kind, Register, Selection
from guardrails.register.kit import COPY
from guardrails.register.proof_check import verify_proofs
from guardrails.register.proving import verify_bundle
from tests.ui.auditor.stand import AUDITOR, Asked, enter
from ui.access.person import Person, Role, carry
from ui.auditor.routes import export_router
from ui.auditor.services import TICKET_SECONDS, AuditorServices, Tickets

OTHER = Person("somebody.else", Role.AUDITOR)


class As:
    """Writes who asks on each request."""

    def __init__(self, app: ASGIApp, person: Person | None) -> None:
        self._app, self._person = app, person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._person:
            carry(scope, self._person)
        await self._app(scope, receive, send)


def client(services: AuditorServices, person: Person | None = AUDITOR) -> TestClient:
    app = FastAPI()
    app.include_router(export_router(services))
    return TestClient(As(app, person))


def ticket(services: AuditorServices, form: str = "jsonl", **chosen: object) -> str:
    selection = Selection(**chosen)  # type: ignore[arg-type]
    return services.tickets.give(AUDITOR.name, selection, form)  # type: ignore[arg-type]


def test_lines_leave_with_a_name_and_are_entered(
    services: AuditorServices, register: Register
) -> None:
    enter(register, Asked(question="Prix pour [PERSONNE_1] ?"))
    name = ticket(services, kinds=(Kind.INTENT,))
    size = register.size()
    answer = client(services).get(f"/auditeur/export/{name}")
    assert answer.status_code == 200
    assert (
        answer.headers["content-disposition"] == 'attachment; filename="registre-2026-02-02.jsonl"'
    )
    (line,) = map(json.loads, answer.text.splitlines())
    assert line["payload"]["question"] == "Prix pour [PERSONNE_1] ?"
    (entry,) = register.unrecorded_entries(Selection(kinds=(Kind.EXPORT,)), stop=size + 1)
    assert entry.actor == register.pseudonym(AUDITOR.name)
    assert entry.payload == {"form": "jsonl", "selection": {"kinds": ["intent"]}}


def test_a_bundle_proves_itself(
    services: AuditorServices, register: Register, tmp_path: Path
) -> None:
    enter(register, Asked(question="Quel prix ?"))
    path = tmp_path / "lot.zip"
    path.write_bytes(client(services).get(f"/auditeur/export/{ticket(services, 'bundle')}").content)
    assert verify_bundle(path, keys=[str(register.key_chain()[0])]).holds


def test_a_table_and_a_copy_leave_too(services: AuditorServices, register: Register) -> None:
    enter(register, Asked(question="Quel prix ?"))
    table = client(services).get(f"/auditeur/export/{ticket(services, 'csv')}")
    assert table.text.startswith("index;at;kind;")
    copy = client(services).get(f"/auditeur/export/{ticket(services, 'copy')}")
    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        assert archive.read(COPY).startswith(b"SQLite format 3")


@pytest.mark.parametrize("person", [OTHER, AUDITOR])
def test_a_ticket_is_for_one_person_and_not_for_long(register: Register, person: Person) -> None:
    now = [0.0]
    tickets = Tickets(now=lambda: now[0])
    services = AuditorServices(register=register, screen=str, zone=UTC, tickets=tickets)  # type: ignore[arg-type]
    name = ticket(services)
    size = register.size()
    now[0] = TICKET_SECONDS if person is AUDITOR else 0.0
    for asked in (name, "unknown"):
        answer = client(services, person).get(f"/auditeur/export/{asked}")
        assert answer.status_code == 404
    assert register.size() == size


def test_nobody_is_let_in_without_a_gate(services: AuditorServices) -> None:
    with pytest.raises(LookupError):
        client(services, None).get(f"/auditeur/export/{ticket(services)}")


def test_what_cannot_be_entered_does_not_leave(
    services: AuditorServices, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RegisterUnavailable("full")

    monkeypatch.setattr(register, "append", full)
    answer = client(services).get(f"/auditeur/export/{ticket(services)}")
    assert answer.status_code == 503
    assert "rien n'est montré" in answer.text


def test_the_style_names_no_other_site(services: AuditorServices) -> None:
    answer = client(services).get("/auditeur/static/auditor.css")
    assert answer.status_code == 200 and "://" not in answer.text and "url(" not in answer.text


def test_the_proofs_of_a_question_leave_and_are_entered(
    services: AuditorServices, register: Register, tmp_path: Path
) -> None:
    exchange = enter(register, Asked(question="Quel prix ?"))
    key = str(register.key_chain()[0])
    for record, count in ((exchange, 3), ("0", 1)):
        answer = client(services).get(f"/auditeur/preuve/{record}")
        path = tmp_path / f"{record}.zip"
        path.write_bytes(answer.content)
        verdict = verify_proofs(path, keys=[key])
        assert (verdict.exit_code, verdict.size) == (0, count)
    entered = [e for e in register.entries() if e.kind is Kind.EXPORT]
    assert [entry.actor for entry in entered] == [register.pseudonym(AUDITOR.name)] * 2
    size = register.size()
    assert client(services).get("/auditeur/preuve/nothing").status_code == 404
    assert register.size() == size


def test_the_proofs_of_a_selection_leave_too(
    services: AuditorServices, register: Register, tmp_path: Path
) -> None:
    enter(register, Asked(question="Quel prix ?"))
    path = tmp_path / "preuves.zip"
    name = ticket(services, "proofs", kinds=(Kind.INTENT,))
    path.write_bytes(client(services).get(f"/auditeur/export/{name}").content)
    verdict = verify_proofs(path, keys=[str(register.key_chain()[0])])
    assert (verdict.exit_code, verdict.size) == (0, 1)
