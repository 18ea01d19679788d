# SPDX-License-Identifier: EUPL-1.2
"""Twenty agents ask at the same time, on a real server, through Gradio's own queue."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn

from assistant.answers import Step
from assistant.settings import Settings
from corpus.documents import Filters
from corpus.rights import NO_FILTER
from tests.ui.access.conftest import Open, Place
from tests.ui.town import ScriptedAssistant, answering
from ui.access.person import Role
from ui.serve import listen

AGENTS = 20
PATIENCE_SECONDS = 300


class Listening(ScriptedAssistant):
    """Remembers who asked what, and within which collections."""

    def __init__(self) -> None:
        super().__init__(answering)
        self.heard: list[tuple[str, str, frozenset[str] | None]] = []

    def steps(
        self,
        question: str,
        *,
        actor: str = "",
        role: str = "agent",
        audience: str = "agent",
        filters: Filters = NO_FILTER,
        language: str = "",
    ) -> Iterator[Step]:
        self.heard.append((question, actor, filters.collections))
        return super().steps(question, actor=actor, role=role, audience=audience, filters=filters)


@dataclass
class Server:
    """A town, served."""

    url: str
    place: Place


@pytest.fixture
def server(open_place: Open) -> Iterator[Server]:
    place = open_place()
    place.assistant = Listening()
    listening = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(place.whole_app(), log_level="error", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    while not running.started and thread.is_alive():
        time.sleep(0.02)
    yield Server(url, place)
    running.should_exit = True
    thread.join(10)
    listening.close()


def signed_in(server: Server, name: str) -> httpx.Client:
    """A browser in which somebody is signed in."""
    desk = server.place.desk
    token = desk.sessions.start(name, "password")
    cookie = desk.seals.signed("cookie-greffier", token)
    return httpx.Client(
        base_url=server.url,
        cookies={"greffier": cookie},
        headers={"origin": server.url},
        timeout=PATIENCE_SECONDS,
    )


def ask(client: httpx.Client, page: str, question: str) -> str:
    """Ask as the page does; return all that came back."""
    config = client.get("/config").json()
    event = next(d for d in config["dependencies"] if d["api_name"] == "_ask")
    box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
    data = [question if place == box else None for place in event["inputs"]]
    joined = client.post(
        "/gradio_api/queue/join",
        json={"data": data, "fn_index": event["id"], "session_hash": page, "trigger_id": box},
    )
    assert joined.status_code == 200, joined.text
    heard = []
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": page}) as stream:
        for line in stream.iter_lines():
            heard.append(line)
            if '"process_completed"' in line or '"close_stream"' in line:
                break
    return "\n".join(heard)


def test_twenty_agents_who_ask_at_once_each_hear_their_own_answer(server: Server) -> None:
    questions = [f"Question numéro {100 + n} de la personne." for n in range(AGENTS)]
    names = [
        server.place.account(Role.AGENT, f"agent{n}", (f"collection{n}",)) for n in range(AGENTS)
    ]
    clients = [signed_in(server, name) for name in names]

    with ThreadPoolExecutor(AGENTS) as threads:
        heard = list(
            threads.map(lambda n: ask(clients[n], f"page{n}", questions[n]), range(AGENTS))
        )
    for n, told in enumerate(heard):
        assert f"numéro {100 + n} " in told or json.dumps(f"numéro {100 + n} ")[1:-1] in told
        for other in range(AGENTS):
            assert other == n or f" {100 + other} de la personne" not in told
    assert isinstance(server.place.assistant, Listening)
    assert sorted(server.place.assistant.heard) == sorted(
        (questions[n], f"agent{n}", frozenset({f"collection{n}"})) for n in range(AGENTS)
    )
    stolen = clients[0].get("/gradio_api/queue/data", params={"session_hash": "page1"})
    assert stolen.status_code == 403
    for client in clients:
        client.close()


def test_a_resident_with_an_account_asks_within_their_own_collections(
    open_place: Open, tmp_path: Path
) -> None:
    from tests.ui.access.conftest import browser, field_of, sign_in

    place = open_place(simple="agents")
    place.account(Role.ADMIN)
    place.account(Role.RESIDENT, collections=("public",))
    place.assistant = Listening()
    assert isinstance(place.settings, Settings)
    client = browser(place.whole_app())
    assert client.get("/simple").headers["location"] == "/connexion?suite=%2Fsimple"
    sign_in(client, "rachid", after="/simple")
    token = field_of(client.get("/simple").text, "token")
    asked = client.post("/simple", data={"question": "Quel est le prix ?", "token": token})
    client.get(asked.headers["location"])

    assert place.assistant.heard == [("Quel est le prix ?", "", frozenset({"public"}))]


def test_an_agent_beside_a_person_asks_for_them_as_a_resident_would(open_place: Open) -> None:
    from tests.ui.access.conftest import browser, field_of, sign_in

    place = open_place(simple="agents")
    place.account(Role.ADMIN)
    place.account(Role.AGENT)
    place.assistant = heard = Listening()
    client = browser(place.whole_app())
    sign_in(client, "agnes", after="/simple")
    token = field_of(client.get("/simple").text, "token")
    asked = client.post("/simple", data={"question": "Quel est le prix ?", "token": token})
    page = client.get(asked.headers["location"]).text

    assert [question for question, _, _ in heard.heard] == ["Quel est le prix ?"]
    assert heard.heard[0][1] == ""  # under nobody's name: neither theirs nor the agent's
    assert "J’ai fini" in page
