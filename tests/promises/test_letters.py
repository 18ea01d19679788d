# SPDX-License-Identifier: EUPL-1.2
"""Nobody but agents reads somebody's paper: every private one of the sample town is asked for.

The whole town is read by the real readers, guard and embedder, and declared public; then a visitor
without an account and a program with a resident's rights ask for each letter by its own words, by
its address and by its neighbours, and for the lists and counts that it would be in.
"""

from __future__ import annotations

import asyncio
import html
import re
import shutil
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import httpx
import pytest

from assistant.answers import Answer, Found, Refusal
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.catalogue import ActsQuery, acts_where, undated
from corpus.rows import StoredDocument
from guardrails.findings import Screened
from tests.fakes import ScriptedModel
from tests.promises.machine import SAMPLES, missing_models
from ui.access import open_access
from ui.access.person import Person, Role
from ui.agent.services import AgentTools
from ui.api import ApiServices, Figures, models
from ui.api.answers import in_words, outcome
from ui.api.own import searched
from ui.app import build_app
from ui.serve import address, listen, server_of

pytestmark = [pytest.mark.real]

LETTERS = ("courriers/", "ccas/courrier-")
"""Where the sample town keeps the papers of persons, which its program also says of each."""

RESIDENT = Person("voisin", Role.RESIDENT)
LEAST_CHARS = 25
ASKED = 2
"""Of each letter, so many of its own lines are asked as questions."""


@dataclass(frozen=True)
class Town:
    """The sample town, served; `letters` are its private papers."""

    parts: Parts
    url: str

    @property
    def documents(self) -> list[StoredDocument]:
        return self.parts.store.documents()

    @property
    def letters(self) -> list[StoredDocument]:
        return [d for d in self.documents if d.file.startswith(LETTERS)]

    def lines(self, document: StoredDocument) -> list[str]:
        """Return the lines of a document that no public paper holds."""
        public = "\n".join(
            text
            for d in self.documents
            if not d.file.startswith(LETTERS)
            for _, text in self.parts.store.pages(d.id)
        )
        lines = (
            line.strip()
            for _, text in self.parts.store.pages(document.id)
            for line in text.split("\n")
        )
        return [one for one in lines if len(one) >= LEAST_CHARS and one not in public]

    def services(self) -> ApiServices:
        parts = self.parts
        return ApiServices(
            assistant=parts.assistant,
            texts=Texts("fr"),
            store=parts.store,
            settings=parts.settings,
            figures=Figures(),
            tools=AgentTools(register=parts.register, guard=parts.guard, search=parts.search),
        )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    if missing := missing_models()[:1]:
        pytest.skip(f"model files are missing: greffier models pull ({', '.join(missing)})")
    folder = tmp_path_factory.mktemp("letters")
    papers = folder / "town"
    shutil.copytree(SAMPLES, papers)
    settings = Settings.read(SAMPLES / "greffier.toml")
    with open_parts(folder / "data", folder / "keys", settings) as parts:
        parts.ingestion.add([papers], collection="public")
        parts.__dict__["model"] = ScriptedModel([""])  # likes every extract, repeats its line
        with (
            open_access(folder, b"secret", settings.access, parts.register) as desk,
            ThreadPoolExecutor(1) as thread,
        ):

            async def build() -> object:
                return build_app(
                    parts.assistant, Texts("fr"), parts.store, settings=settings, keeper=desk
                )

            app = thread.submit(lambda: asyncio.run(build())).result()
            listening, is_ready = listen("127.0.0.1", 0), Event()
            server = server_of(app, lambda: is_ready.set())  # type: ignore[arg-type]
            done = thread.submit(server.run, [listening])
            assert is_ready.wait(60)
            try:
                yield Town(parts, address("127.0.0.1", listening))
            finally:
                server.should_exit = True
                done.result()
                listening.close()


@pytest.fixture
def visitor(town: Town) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=town.url, timeout=120, follow_redirects=True) as client:
        yield client


def questions(town: Town, document: StoredDocument) -> list[str]:
    """Return what a neighbour would ask: what the letter itself says."""
    lines = sorted(town.lines(document), key=len, reverse=True)
    return [re.sub(r"\[\w+_\d+\]", "", line)[:300] for line in lines[:ASKED]]


def betrayed(town: Town, said: str) -> list[str]:
    """Return the letters of which a text holds a line, an id or the name."""
    flat = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", said)).split())
    return [
        letter.file
        for letter in town.letters
        if letter.id in said
        or letter.file in flat
        or any(" ".join(line.split()) in flat for line in town.lines(letter))
    ]


def test_the_town_has_letters_and_each_stands_apart(town: Town) -> None:
    assert len(town.letters) == 10
    assert all(town.lines(letter) for letter in town.letters if letter.passage_count)
    assert {d.collection for d in town.letters} == {"correspondance"}


def test_its_public_papers_are_still_public(town: Town) -> None:
    """Those that questions and the six examples are answered from, and nearly all others."""
    rights = town.parts.settings.rights.filters("senior")
    asked = tomllib.loads((SAMPLES / "questions.toml").read_text("utf-8"))["question"]
    named = {one["file"] for one in asked if one.get("answers")}
    places = {d.file: d.collection for d in town.documents}
    assert {file: places[file] for file in named if places[file] != "public"} == {}
    others = [d for d in town.documents if d.passage_count and d not in town.letters]
    for example in town.parts.settings.senior.examples:
        assert town.parts.search(Screened(example), filters=rights), example
    held = [d.file for d in others if d.collection != "public"]
    assert len(held) <= 0.02 * len(others) + 1, held


def test_the_simple_page_answers_nothing_from_a_letter(town: Town, visitor: httpx.Client) -> None:
    for letter in town.letters:
        for question in questions(town, letter):
            home = visitor.get("/simple").text
            token = re.search(r'name="token" value="([^"]+)"', home)
            assert token is not None
            form = {"question": question, "token": token[1]}
            answer = visitor.post("/simple", data=form, headers={"origin": town.url})
            assert answer.status_code == 200
            shown = answer.text.replace(question, "")
            assert betrayed(town, shown.replace(html.escape(question), "")) == [], letter.file


@pytest.mark.parametrize(
    "place",
    [
        "/simple/page/{id}/{page}", "/simple/page/{id}/{page}/voice", "/source/{id}/{page}",
        "/source/{id}/{page}/image", "/documents/{id}",
    ],
)  # fmt: skip
def test_a_letter_has_no_address(town: Town, visitor: httpx.Client, place: str) -> None:
    for letter in town.letters:
        for page in range(1, letter.page_count + 1):
            reply = visitor.get(place.format(id=letter.id, page=page))
            assert betrayed(town, reply.text) == [], letter.file
            assert "sound" not in reply.headers.get("content-type", "")
            assert reply.status_code in {401, 403, 404} or "/connexion" in str(reply.url)
    if place.startswith("/simple/page"):
        (order,) = [d for d in town.documents if d.file.startswith("arretes/2024-087")]
        reply = visitor.get(place.format(id=order.id, page=1))
        assert reply.status_code in {200, 503}  # where the system has no voice


def test_a_program_with_a_resident_s_rights_finds_nothing(town: Town) -> None:
    services = town.services()
    hidden = {letter.id for letter in town.letters}
    assert hidden.isdisjoint(d.id for d in services.visible(RESIDENT))
    for letter in town.letters:
        for question in questions(town, letter):
            reply = searched(services, RESIDENT, models.Search(question=question, limit=50))
            assert betrayed(town, reply.model_dump_json()) == []
            for step in services.steps(question, RESIDENT, models.Search(question="a").filters()):
                if isinstance(step, Found):
                    assert hidden.isdisjoint(one.passage.document for one in step.evidence)
            assert isinstance(step, Answer | Refusal)
            end = outcome(step, "", services.texts, services.settings.town)
            told = in_words(end, services.texts, services.words)  # what MCP gives a model to read
            assert betrayed(town, told.replace(question, "")) == []
    services.relay.close()


@pytest.mark.parametrize("path", ["/api/documents", "/mcp"])
def test_programs_without_an_agent_s_key_are_shut_out(
    town: Town, visitor: httpx.Client, path: str
) -> None:
    assert visitor.get(path).status_code in {401, 403}
    assert visitor.post("/api/search", json={"question": "le fossé"}).status_code in {401, 403}
    assert visitor.post("/v1/chat/completions", json={}).status_code in {401, 403}


def test_the_nearest_passages_of_a_letter_are_those_of_public_papers(town: Town) -> None:
    rights = town.parts.settings.rights.filters("senior")
    letters = {letter.id for letter in town.letters}
    for letter in town.letters:
        for passage in town.parts.store.passages_of(letter.id):
            near = town.parts.search(Screened(passage.text.text[:500]), limit=50, filters=rights)
            assert letters.isdisjoint(one.passage.document for one in near)


def test_a_letter_is_in_no_list_and_no_count(town: Town) -> None:
    store, seen = town.parts.store, town.parts.settings.rights.filters("senior")
    letters = {letter.id for letter in town.letters}
    query = ActsQuery(collections=seen.collections)
    assert letters.isdisjoint(listed.act.document for listed in acts_where(store, query))
    every = [act for act in store.acts() if act.document in letters]
    kinds = {act.kind for act in every} - {"", "point"}
    for kind in kinds:
        mine = ActsQuery(kind=kind, collections=seen.collections)
        whole = ActsQuery(kind=kind)
        gone = len(acts_where(store, whole)) - len(acts_where(store, mine))
        assert gone + undated(store, whole) - undated(store, mine) >= 1
