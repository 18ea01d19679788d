# SPDX-License-Identifier: EUPL-1.2
"""Our own API: ask, search, hide, list.

POST /api/ask         an answer with its checked quotes, or a refusal; whole, or as events:
                      sources, waiting, sentence, outcome │ error
POST /api/search      passages, without the language model
POST /api/screen      a text without its personal data
GET  /api/documents   the documents of this key's collections
GET  /api/proof/{record}   the proofs of an answer that this key was given
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from assistant.answers import Answer, Found, Leading, Refusal, Said, Step, Waiting
from assistant.pipeline import check_question
from corpus.long_texts import Guarding
from corpus.rows import StoredDocument
from ui.access.person import Person
from ui.agent.person import Asking
from ui.api import models
from ui.api.answers import found, lead_out, outcome, quoted, told
from ui.api.errors import EXPLAINED, Refused, Wrong, explained
from ui.api.followed import EventStream, begun, heard, outcome_of
from ui.api.proofs import RecordName, proved
from ui.api.services import ApiServices
from ui.relay import ReaderLeft, in_turn


def own_router(services: ApiServices) -> APIRouter:
    """The addresses of agents' keys."""
    router = services.router("/api", "greffier")

    @router.post("/ask", response_model=models.Outcome, responses={200: {"content": {EVENTS: {}}}})
    async def ask(person: Asking, request: Request, asked: models.Ask) -> Response:
        check_question(asked.question)
        steps = services.steps(asked.question, person, asked.filters())
        if asked.stream:
            return EventStream(_events(services, await begun(heard(services, steps, request))))
        question, last = await outcome_of(services, steps, request)
        shape = outcome(last, question, services.texts, services.settings.town)
        return Response(shape.model_dump_json(), media_type="application/json")

    @router.post("/search")
    async def search(person: Asking, asked: models.Search) -> models.SearchReply:
        limiter = services.tools.searches
        return await to_thread.run_sync(searched, services, person, asked, limiter=limiter)

    @router.post("/screen", response_model=models.ScreenReply)
    async def screen(request: Request, asked: models.Screen) -> Response:
        guard, places = services.tools.guard, services.tools.maskings
        if guard is None:
            raise closed(services)
        whole = await in_turn(places, request, _screened, guard, asked.text)
        return Response(whole, media_type="application/json")

    @router.get("/documents")
    def documents(person: Asking, asked: Annotated[models.Listing, Query()]) -> models.Documents:
        kept = [document for document in services.visible(person) if _fits(document, asked)]
        kept.sort(key=lambda document: (document.act.date, document.file), reverse=True)
        page = kept[asked.offset : asked.offset + asked.limit]
        return models.Documents(count=len(kept), documents=[_document(one) for one in page])

    @router.get("/proof/{record}")
    def proof(person: Asking, record: RecordName) -> models.ProofReply:
        return proved(services, person, record)

    return router


EVENTS = "text/event-stream"


def searched(services: ApiServices, person: Person, asked: models.Search) -> models.SearchReply:
    """Find passages that this person may see."""
    check_question(asked.question)
    guard, find = services.tools.guard, services.tools.search
    if guard is None or find is None:
        raise closed(services)
    question = guard.screen(asked.question)
    allowed = services.filters(person, asked.filters())
    passages = find(question, limit=asked.limit, filters=allowed)
    visible = {d.id for d in services.visible(person, {p.passage.document for p in passages})}
    return models.SearchReply(
        passages=[found(one) for one in passages if one.passage.document in visible]
    )


def closed(services: ApiServices) -> Refused:
    """Return what is told where a part of this service is not there."""
    return Refused(Wrong(404, "closed", services.words("closed")))


async def _events(
    services: ApiServices, following: AsyncGenerator[Step | None, None]
) -> AsyncGenerator[str, None]:
    """Yield the events of a question; what fails on the way is the last of them."""
    question = ""
    try:
        async for step in following:
            match step:
                case Found():
                    question = step.question
                    shown = [found(one) for one in step.evidence]
                    yield _event(
                        "sources",
                        models.Sources(question=question, record=step.record, passages=shown),
                    )
                case Waiting():
                    yield _event("waiting", models.Place(position=step.position, own=step.own))
                case Leading():
                    leads = [lead_out(lead) for lead in step.leads]
                    yield _event("leads", models.Leads(leads=leads))
                case Said():
                    brings = [quoted(citation) for citation in step.citations]
                    yield _event(
                        "sentence", models.Sentence(**dict(told(step.sentence)), brings=brings)
                    )
                case Answer() | Refusal():
                    end = outcome(step, question, services.texts, services.settings.town)
                    yield _event("outcome", end)
                case None:
                    yield ": \n\n"  # a comment, which says that somebody is still there
    except ReaderLeft:
        raise
    except EXPLAINED as error:
        wrong = explained(error, services.texts)
        yield _event("error", models.Failed(code=wrong.code, message=wrong.message))
    finally:
        await following.aclose()


def _event(name: str, shape: BaseModel) -> str:
    return f"event: {name}\ndata: {shape.model_dump_json()}\n\n"


def _screened(guard: Guarding, text: str) -> str:
    """Return a text's hidden form and its findings as JSON. They are thousands in a long text:
    FastAPI would look at each once more, in the event loop."""
    screened = guard.screen(text)
    return models.ScreenReply(
        text=screened.text,
        findings=[
            models.Hidden(
                entity=finding.entity,
                start=finding.start,
                end=finding.end,
                rule=finding.rule,
                score=round(finding.score, 3),
            )
            for finding in screened.findings
        ],
    ).model_dump_json()


def _fits(document: StoredDocument, asked: models.Listing) -> bool:
    since = asked.since.isoformat() if asked.since else ""
    until = asked.until.isoformat() if asked.until else ""
    day = document.act.date
    return (
        asked.collection in {None, document.collection}
        and asked.kind in {None, document.act.kind}
        and (not since or day >= since)
        and (not until or (bool(day) and day <= until))
    )


def _document(document: StoredDocument) -> models.Document:
    act = document.act
    return models.Document(
        id=document.id,
        file=document.file,
        collection=document.collection,
        pages=document.page_count,
        kind=act.kind,
        number=act.number,
        date=act.date,
        label=act.label,
        added=document.added,
    )
