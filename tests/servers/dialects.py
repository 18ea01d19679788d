# SPDX-License-Identifier: EUPL-1.2
"""Stand-ins for servers of models, each as far as our client sees it: what they take, what they
tell. They answer as a `SeveralModel` that likes « 4,20 »."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.reading_together import SCHEMA
from assistant.seams import Prompt
from tests.fakes import UNKNOWN, SeveralModel

SAYS = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune."


@dataclass
class Dialect:
    """`forms`: the types of `response_format` that it takes, any if None; `tells_odds`: of first
    tokens; `takes_chars`: of a prompt at most."""

    forms: frozenset[str] | None = None
    tells_odds: bool = False
    takes_chars: int = 100_000
    model: SeveralModel = field(default_factory=lambda: SeveralModel(["4,20"], SAYS))
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, body: dict[str, Any]) -> tuple[int, str]:
        self.asked.append(body)
        system, user = (one["content"] for one in body["messages"])
        prompt = Prompt(system=system, user=user)
        form = body.get("response_format")
        if form and self.forms is not None and form["type"] not in self.forms:
            return 400, '{"error": "response_format"}'
        if len(system) + len(user) > self.takes_chars:
            return 400, '{"error": "context length"}'
        if not body.get("stream"):
            return 200, json.dumps({"choices": [self._choice(prompt, body)]})
        if "JSON" in system:
            pieces = self.model.write_json(prompt, schema=_schema(form), max_tokens=9)
        else:
            pieces = self.model.write(prompt, max_tokens=9, stop="")
        events: list[object] = [{"choices": [{"delta": {"role": "assistant", "content": None}}]}]
        events += [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
        events.append({"choices": [], "usage": {"total_tokens": 9}})
        return 200, "".join(f"data: {json.dumps(one)}\n\n" for one in events) + "data: [DONE]\n\n"

    def _choice(self, prompt: Prompt, body: Mapping[str, Any]) -> dict[str, Any]:
        if not (self.tells_odds and body.get("logprobs")):
            return {"message": {"content": UNKNOWN[0]}, "logprobs": None}
        sure = math.exp(self.model.log_probability(prompt, UNKNOWN[0]))
        top = [{"token": "Je", "logprob": math.log(sure)}, {"token": "Le", "logprob": -0.1}]
        return {"message": {}, "logprobs": {"content": [{"top_logprobs": top}]}}


def llama_server() -> Dialect:
    return Dialect(frozenset({"json_object", "json_schema"}), tells_odds=True)


def vllm() -> Dialect:
    return Dialect(frozenset({"json_schema", "json_object", "structural_tag"}), tells_odds=True)


def ollama() -> Dialect:
    """It takes any form, tells no odds, and leaves out what it does not know."""
    return Dialect()


def an_old_one() -> Dialect:
    """It refuses any form."""
    return Dialect(frozenset())


@contextmanager
def served(dialect: Dialect) -> Iterator[str]:
    """Serve a dialect; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, told = dialect.answer(asked)
            self.send_response(status)
            self.send_header("content-length", str(len(told.encode())))
            self.end_headers()
            self.wfile.write(told.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            server.shutdown()
            thread.join()


def _schema(form: Mapping[str, Any] | None) -> Mapping[str, object]:
    """What a server reads of the form: our schema, where it has one."""
    if form and form["type"] == "json_schema":
        assert form["json_schema"]["schema"] == SCHEMA and form["json_schema"]["name"]
    return SCHEMA
