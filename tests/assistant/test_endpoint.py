# SPDX-License-Identifier: EUPL-1.2
"""A model behind an address keeps the contract, sends hidden text only, and fails in one line."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from assistant.endpoint import EndpointModel
from assistant.errors import ModelFailed, OddsUnknown
from assistant.seams import LanguageModel, Prompt
from tests.contracts.language_model import ASKED, CANTEEN, ROADS, LanguageModelContract

KEY = "clef-du-serveur"


class Server(BaseHTTPRequestHandler):
    """Speaks as an OpenAI-compatible server does, of a canteen."""

    asked: ClassVar[list[dict[str, object]]] = []
    keys: ClassVar[list[str | None]] = []
    status: ClassVar[int] = 200
    broken: ClassVar[str] = ""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append(body)
        self.keys.append(self.headers.get("authorization"))
        told = self.broken or (self._stream(body) if body.get("stream") else self._odds(body))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("location", "http://127.0.0.1:9/elsewhere")
        self.send_header("content-length", str(len(told.encode())))
        self.end_headers()
        self.wfile.write(told.encode())

    def _odds(self, body: dict[str, object]) -> str:
        sure = 0.7 if "repas" in str(body["messages"]) else 0.01
        odds = {"Comb": sure, "Je": 0.2, " ": 0.05}
        top = [{"token": token, "logprob": math.log(odd)} for token, odd in odds.items()]
        return json.dumps({"choices": [{"logprobs": {"content": [{"top_logprobs": top}]}}]})

    def _stream(self, body: dict[str, object]) -> str:
        words = ["Combien", "coûte", "le", "repas", "de", "la", "cantine", "?"][
            : int(str(body["max_tokens"]))
        ]
        events = [{"choices": [{"delta": {"content": f"{word} "}}]} for word in words]
        lines = [json.dumps(event) for event in [{"choices": []}, *events]]
        return "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Server.asked, Server.keys, Server.status, Server.broken = [], [], 200, ""
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()
        thread.join()


@pytest.fixture
def endpoint(address: str) -> Iterator[EndpointModel]:
    model = EndpointModel(address, model="le-nôtre", key=KEY)
    yield model
    model.close()


@pytest.mark.parametrize("how", ["none are told", "they are refused"])
def test_a_server_without_odds_is_known_and_not_asked_for_them_again(
    address: str, how: str
) -> None:
    message = json.dumps({"choices": [{"message": {"content": "Je ne sais pas."}}]})

    class Silent(Server):
        def do_POST(self) -> None:
            Server.do_POST(self)

        def _odds(self, body: dict[str, object]) -> str:
            is_refused = how == "they are refused" and "logprobs" in body
            type(self).status = 400 if is_refused else 200
            return message

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        model = EndpointModel(f"http://127.0.0.1:{server.server_address[1]}/v1", model="m")
        for _ in range(3):
            with pytest.raises(OddsUnknown):
                model.log_probability(ROADS, ASKED)
        model.close()
        server.shutdown()
        thread.join()
    assert sum("logprobs" in asked for asked in Silent.asked) == 1


class TestEndpointModel(LanguageModelContract):
    @pytest.fixture
    def model(self, endpoint: EndpointModel) -> LanguageModel:
        return endpoint


def test_the_prompt_is_sent_as_it_is_and_the_key_in_one_header(endpoint: EndpointModel) -> None:
    said = "".join(endpoint.write(CANTEEN, max_tokens=3, stop="\n"))

    assert said.split() == ["Combien", "coûte", "le"]
    (asked,) = Server.asked
    assert [m["content"] for m in asked["messages"]] == [CANTEEN.system, CANTEEN.user]  # type: ignore[attr-defined]
    assert asked["temperature"] == 0
    assert Server.keys == [f"Bearer {KEY}"]
    assert KEY not in str(Server.asked)


def test_a_reply_that_no_likely_token_begins_gets_what_is_left(endpoint: EndpointModel) -> None:
    assert endpoint.log_probability(ROADS, ASKED) == pytest.approx(math.log(0.01))
    assert endpoint.log_probability(ROADS, "Zut.") == pytest.approx(math.log(0.74))
    with pytest.raises(ValueError, match="no words"):
        endpoint.log_probability(ROADS, " ")


@pytest.mark.parametrize("status", [302, 401, 404, 500])
def test_a_server_that_refuses_stops_the_answer_and_quotes_nothing(
    endpoint: EndpointModel, status: int
) -> None:
    Server.status = status
    for ask in (
        lambda: endpoint.log_probability(CANTEEN, ASKED),
        lambda: list(endpoint.write(CANTEEN, max_tokens=3, stop="")),
    ):
        with pytest.raises(ModelFailed) as failed:
            ask()
        assert "repas" not in str(failed.value) + str(failed.value.facts)
    assert len(Server.asked) == 2  # it was not followed elsewhere


@pytest.mark.parametrize(
    "broken", ["no json", "{}", '{"choices": [{}]}', 'data: {"choices": 3}\n\n']
)
def test_a_server_that_says_something_else_is_a_failure(
    endpoint: EndpointModel, broken: str
) -> None:
    Server.broken = broken
    with pytest.raises(ModelFailed):
        endpoint.log_probability(CANTEEN, ASKED)
    if broken.startswith("data:"):
        with pytest.raises(ModelFailed):
            list(endpoint.write(CANTEEN, max_tokens=3, stop=""))


def test_nobody_at_the_address_is_a_failure() -> None:
    model = EndpointModel("http://127.0.0.1:9/v1", model="absent")
    with pytest.raises(ModelFailed):
        list(model.write(Prompt(system="", user=ASKED), max_tokens=3, stop=""))
    model.close()


def test_a_proxy_of_the_environment_is_not_followed(
    endpoint: EndpointModel, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    model = EndpointModel(address, model="le-nôtre")
    assert list(model.write(CANTEEN, max_tokens=3, stop=""))
    model.close()
