# SPDX-License-Identifier: EUPL-1.2
"""A town whose acts touch each other, and tools that are small and true: for the agents' pages."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.replying import Asks, LetterReader
from corpus.act_rows import Standing, StoredAct
from corpus.acts import Act
from corpus.documents import Filters, Retrieved, SourceDocument
from corpus.links import Effect, Link
from corpus.originals import Originals
from corpus.rights import NO_FILTER
from corpus.rows import StoredDocument
from guardrails.findings import Screened
from guardrails.register import Register
from tests.corpus.conftest import ReadHere
from tests.fakes import HashEmbedder, WordGuard
from tests.ui.town import CANTEEN, EVIDENCE, MemoryPages, town
from ui.access.person import Person, carry
from ui.agent.routes import agent_router
from ui.agent.services import AgentServices, AgentTools

OLD = "c" * 64
RESIDENT = "Zoé Quillebec"
OLD_PAGES = (
    "Délibération n° 2019-12 du 4 juin 2019\n\nObjet : tarifs de la restauration scolaire\n\n"
    "Le repas est facturé 2,90 €. Dossier suivi par [PERSONNE_1].",
)


def browsing(services: AgentServices, person: Callable[[], Person]) -> TestClient:
    """Open the agents' pages; `person` says who asks, each time."""
    app = FastAPI()
    app.include_router(agent_router(services))

    async def carried(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            carry(scope, person())
        await app(scope, receive, send)

    return TestClient(carried)


def linked_town() -> MemoryPages:
    """The town of `town.py` with an act of 2019 that the one of 2025 replaces."""
    pages = town()
    pages.add(
        OLD,
        OLD_PAGES,
        Act(kind="délibération", number="2019-12", date="2019-06-04",
            object="Tarifs de la restauration scolaire"),
        "deliberations/2019-12_restauration.pdf",
    )  # fmt: skip
    pages.known_acts = [
        stored(CANTEEN, "2025-31", "2025-06-03"),
        stored(OLD, "2019-12", "2019-06-04"),
    ]
    pages.known_standings = [
        Standing(
            document=OLD, item=0, effect=Effect.REPLACES, since="2025-09-01",
            by_document=CANTEEN, by_item=0, by_label="Délibération n° 2025-31 du 3 juin 2025",
        )
    ]  # fmt: skip
    pages.known_links = [
        (CANTEEN, 0, Link(effect=Effect.REPLACES, kind="délibération", number="2019-12")),
        (CANTEEN, 0, Link(effect=Effect.AMENDS, kind="règlement", date="2012-05-03")),
    ]
    return pages


def stored(document: str, number: str, date: str) -> StoredAct:
    """What the corpus knows of an act."""
    return StoredAct(
        document=document, item=0, file="", collection="default", page=1, start=0, end=0,
        kind="délibération", number=number, number_key=number, date=date, sitting=date,
        object="Tarifs de la restauration scolaire", label="", service="Enfance",
        signatory="le maire", articles=("1", "2"), stems=frozenset(),
    )  # fmt: skip


class Here(ReadHere):
    """Reads files in this process: what a pool of processes does, without its processes."""

    def __init__(self) -> None:
        self.seen: list[Path] = []
        self.names: list[str] = []

    def submit(self, path: Path, inside: tuple[str, ...], name: str) -> Future[SourceDocument]:
        self.seen.append(path)
        self.names.append(name)
        return super().submit(path, inside, name)

    def submit_letter(self, path: Path, name: str) -> Future[SourceDocument]:
        self.names.append(name)
        return super().submit_letter(path, name)


def finding(
    question: Screened, *, limit: int = 10, filters: Filters = NO_FILTER
) -> list[Retrieved]:
    """Find the town's passages, unless the filters keep their collection out."""
    allowed = filters.collections
    return [found for found in EVIDENCE if allowed is None or found.passage.collection in allowed][
        :limit
    ]


def tools(register: Register, reading: Here | None = None) -> AgentTools:
    """The tools of the agents' pages, with a guard that knows one resident."""

    @contextmanager
    def open_reading() -> Iterator[Here]:
        yield reading or Here()

    guard = WordGuard(RESIDENT, trap="PIÈGE")
    return AgentTools(
        register=register,
        guard=guard,
        letters=LetterReader(
            guard=lambda: guard, asks=Asks(HashEmbedder()), open_reading=open_reading
        ),
        search=finding,
        open_reading=open_reading,
    )


class OnePicture(Originals):
    """An original of which every page may be shown, or none; its picture is one grey point."""

    def __init__(self) -> None:
        self.is_shown = True
        self.asked: list[tuple[str, int, int, int]] = []

    def may_show(self, document: StoredDocument, page: int) -> bool:
        return self.is_shown

    def may_hand_over(self, document: StoredDocument) -> bool:
        return self.is_shown

    def read(self, document: StoredDocument) -> bytes | None:
        return b"the very file"

    def picture(self, document: StoredDocument, page: int, start: int, end: int) -> bytes | None:
        self.asked.append((document.id, page, start, end))
        return POINT


POINT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCB9nt7qgAAAABJRU5ErkJggg=="
)
