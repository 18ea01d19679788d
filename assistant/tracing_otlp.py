# SPDX-License-Identifier: EUPL-1.2
"""Traces for a collector of the town's own, by OTLP over HTTP: the only import of opentelemetry.

    Span ─▶ queue (2048, the rest is dropped) ─▶ every 5 s ─▶ POST ADDRESS/v1/traces

Nothing waits for the collector: one that is gone costs its traces. No proxy of the environment and
no redirection is followed, and none of the library's own variables is read.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib.metadata import version

import httpx2
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Span as LibrarySpan
from opentelemetry.trace import Tracer, set_span_in_context

from assistant.tracing import Span

SECONDS = 3.0
"""How long the collector has to take a batch."""

EVERY_MS = 5_000
KEPT, AT_ONCE = 2_048, 256

logger = logging.getLogger(__name__)


class CollectorTracing:
    """Sends spans to one collector, in a thread of its own."""

    def __init__(self, address: str) -> None:
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource({"service.name": "greffier", "service.version": version("greffier")}),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(
                _Exporter(address),
                max_queue_size=KEPT,
                schedule_delay_millis=EVERY_MS,
                max_export_batch_size=AT_ONCE,
                export_timeout_millis=SECONDS * 1_000,
            )
        )
        self._tracer = self._provider.get_tracer("greffier")

    def begin(self) -> _Trace:
        """Begin a question."""
        return _Trace(self._tracer)

    def flush(self) -> None:
        """Send what is queued."""
        self._provider.force_flush()

    def close(self) -> None:
        """Send what is queued, and stop."""
        self._provider.shutdown()


class _Span:
    """One span of the library's, for numbers alone."""

    def __init__(self, span: LibrarySpan) -> None:
        self.span = span

    def count(self, **numbers: float) -> None:
        for name, number in numbers.items():
            if not isinstance(number, int | float):
                raise TypeError(f"a trace counts: {name} is no number")
            self.span.set_attribute(f"greffier.{name}", number)


class _Trace:
    """One question; parents are named by hand: its steps may come from several threads."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._whole = _Span(tracer.start_span("question"))
        self._context = set_span_in_context(self._whole.span)

    def begin(self, name: str) -> _Span:
        return _Span(self._tracer.start_span(name, context=self._context))

    def finish(self, span: Span) -> None:
        if isinstance(span, _Span):
            span.span.end()

    def end(self, **numbers: float) -> None:
        self._whole.count(**numbers)
        self._whole.span.end()


class _Exporter(SpanExporter):
    """Posts batches; says once that the collector is gone, and once that it is back."""

    def __init__(self, address: str) -> None:
        self._client = httpx2.Client(
            base_url=address.rstrip("/") + "/",
            timeout=SECONDS,
            trust_env=False,
            follow_redirects=False,
        )
        self._is_gone = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            self._client.post(
                "v1/traces",
                content=encode_spans(spans).SerializeToString(),
                headers={"content-type": "application/x-protobuf"},
            ).raise_for_status()
        except httpx2.HTTPError as error:
            if not self._is_gone:
                logger.warning("traces are lost: the collector fails (%s)", type(error).__name__)
            self._is_gone = True
            return SpanExportResult.FAILURE
        if self._is_gone:
            logger.warning("the collector takes traces again")
        self._is_gone = False
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self._client.close()
