# SPDX-License-Identifier: EUPL-1.2
"""Traces tell durations and numbers to the collector that the settings name, and never a word."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from assistant.answers import Answer, Reason, Refusal
from assistant.errors import BadSettings, ModelFailed
from assistant.seams import Prompt
from assistant.settings import Settings
from assistant.tracing import NO_TRACING
from assistant.tracing_otlp import CollectorTracing
from assistant.wiring import open_parts
from guardrails.register import Register
from tests.assistant.conftest import CANTEEN, LIBRARY, RESIDENT, Opener
from tests.fakes import ScriptedModel
from tests.servers.process import free_port

PRICE = "Combien coûte le repas de la cantine pour Zoé Quillebec ?"
SAID = "Le repas coûte 4,20 euros."


class Collector(BaseHTTPRequestHandler):
    """Takes what is sent, whole."""

    received: ClassVar[list[bytes]] = []
    status: ClassVar[int] = 200

    def do_POST(self) -> None:
        head = f"{self.requestline}\n{self.headers}".encode()
        body = self.rfile.read(int(self.headers["content-length"]))
        assert (self.path, self.headers["content-type"]) == (
            "/v1/traces",
            "application/x-protobuf",
        )
        self.received.extend((head, body))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Collector.received, Collector.status = [], 200
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def tracing(address: str) -> Iterator[CollectorTracing]:
    tracing = CollectorTracing(address)
    yield tracing
    tracing.close()


class Broken(ScriptedModel):
    """Fails, with words of the prompt in its mouth."""

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        raise ModelFailed("model_failed", name=prompt.user)


def spans() -> list[Span]:
    """Return all spans that were received, in the order in which they ended."""
    found = []
    for body in Collector.received[1::2]:
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                found += scope.spans
    return sorted(found, key=lambda span: int(span.end_time_unix_nano))


def numbers(span: Span) -> dict[str, int]:
    for attribute in span.attributes:
        assert attribute.value.WhichOneof("value") in ("int_value", "double_value")
    return {a.key.removeprefix("greffier."): a.value.int_value for a in span.attributes}


def words(*texts: str) -> set[str]:
    """Return what would betray a text: its words, of four letters and more, and its numbers."""
    return {word for text in texts for word in re.findall(r"\w{4,}|\d+,\d+", text)}


def test_a_question_is_told_by_durations_and_numbers(
    open_assistant: Opener, tracing: CollectorTracing
) -> None:
    assistant = open_assistant(ScriptedModel(["4,20"], SAID), tracing=tracing)
    assert isinstance(assistant.ask(PRICE, actor="agnes"), Answer)
    tracing.flush()

    *parts, whole = spans()
    assert [part.name for part in parts] == [
        *("guard", "search", "seal", "wait", "read", "seal", "seal"),
    ]
    assert whole.name == "question"
    assert {part.trace_id for part in parts} == {whole.trace_id}
    assert {part.parent_span_id for part in parts} == {whole.span_id}
    told = {part.name: numbers(part) for part in [*parts, whole]}
    assert told["guard"] == {"hidden": 1}
    assert told["search"]["passages"] == told["question"]["passages"] > 0
    assert told["question"]["sentences"] == 1
    assert told["read"]["excerpts"] > 0
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano for span in [*parts, whole])


def test_no_word_of_a_question_a_document_or_an_error_is_sent(
    open_assistant: Opener, tracing: CollectorTracing, register: Register
) -> None:
    for model in (ScriptedModel(["4,20"], SAID), ScriptedModel()):
        assistant = open_assistant(model, tracing=tracing)
        for question in (PRICE, "Le dossier PIÈGE de Zoé Quillebec ?", "Et la bibliothèque ?"):
            assistant.ask(question, actor="agnes")
    with pytest.raises(ModelFailed):
        open_assistant(Broken(), tracing=tracing).ask(PRICE, actor="agnes")
    left = open_assistant(ScriptedModel(["4,20"], SAID), tracing=tracing).steps(PRICE)
    next(left)
    left.close()  # type: ignore[attr-defined]
    tracing.flush()

    sent = b"".join(Collector.received)
    assert sum(span.name == "question" for span in spans()) == 8
    assert any(numbers(span).get("failed") for span in spans() if span.name == "guard")
    assert any(numbers(span).get("failed") for span in spans() if span.name == "read")
    betrays = words(PRICE, SAID, CANTEEN, LIBRARY, RESIDENT, "PIÈGE agnes scripted cantine.txt")
    assert len(betrays) > 30
    assert not [word for word in betrays if word.encode() in sent]
    assert not any(span.events or span.links or span.status.message for span in spans())
    for entry in register.entries():
        assert not entry.exchange or entry.exchange.encode() not in sent


def test_what_is_no_number_is_refused(tracing: CollectorTracing) -> None:
    trace = tracing.begin()
    with pytest.raises(TypeError, match="no number"):
        trace.begin("search").count(passages="cantine")  # type: ignore[arg-type]
    trace.end()


@pytest.mark.parametrize("is_there", [False, True], ids=["nobody there", "it refuses"])
def test_a_collector_that_fails_stops_no_answer_and_is_told_once(
    open_assistant: Opener, address: str, is_there: bool, caplog: pytest.LogCaptureFixture
) -> None:
    Collector.status = 500
    tracing = CollectorTracing(address if is_there else f"http://127.0.0.1:{free_port()}")
    assistant = open_assistant(ScriptedModel(["4,20"], SAID), tracing=tracing)
    for _ in range(2):
        assert isinstance(assistant.ask(PRICE), Answer)
        tracing.flush()
    tracing.close()
    why = "HTTPStatusError" if is_there else "ConnectError"
    told = [record.message for record in caplog.records if "lost" in record.message]
    assert told == [f"traces are lost: the collector fails ({why})"]


def test_a_question_past_its_deadline_has_its_trace_too(
    open_assistant: Opener, tracing: CollectorTracing
) -> None:
    assistant = open_assistant(tracing=tracing, wait_seconds=0.01)
    with assistant._queue.enter("somebody else"):
        outcome = assistant.ask(PRICE)
    assert isinstance(outcome, Refusal) and outcome.reason is Reason.BUSY
    tracing.flush()
    assert [s.name for s in spans()] == ["guard", "search", "seal", "wait", "seal", "question"]


def read(tmp_path: Path, address: str) -> Settings:
    path = tmp_path / "greffier.toml"
    path.write_text(f'[service]\ntraces = "{address}"\n', "utf-8")
    return Settings.read(path)


def test_the_settings_name_the_collector_and_by_default_there_is_none(
    tmp_path: Path, address: str
) -> None:
    with open_parts(tmp_path / "data", tmp_path / "keys", Settings()) as parts:
        assert parts.tracing is NO_TRACING
    with open_parts(tmp_path / "data", tmp_path / "keys", read(tmp_path, address)) as parts:
        assert isinstance(parts.tracing, CollectorTracing)
        parts.tracing.begin().end()
    assert [span.name for span in spans()] == ["question"]  # sent at the end, at the latest


@pytest.mark.parametrize("address", ["http://traces.example.fr:4318", "http://9.9.9.9:4318"])
def test_a_collector_out_of_the_town_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadSettings):
        read(tmp_path, address)


def test_the_variables_of_the_library_change_nothing(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "who=agnes")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    tracing = CollectorTracing(address)
    tracing.begin().end()
    tracing.close()
    assert [span.name for span in spans()] == ["question"]
    assert b"agnes" not in b"".join(Collector.received)
