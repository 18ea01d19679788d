# SPDX-License-Identifier: EUPL-1.2
"""What is counted for those who watch over the machine, in the text format of Prometheus.

    Figures.watched(assistant) ─▶ the same assistant, counted      GET /metrics ─▶ Figures.text()

Counts, seconds and watt-hours; no label holds a name, a question, a document or a collection.
Counted since the program began, by every screen and every key.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from typing import cast

from assistant.answers import Answer, Found, Refusal, Step, Waiting
from assistant.errors import BadQuestion, ModelInterrupted
from assistant.pipeline import Answering
from corpus.documents import Filters
from corpus.rights import NO_FILTER

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SOURCES_UNDER = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
OUTCOME_UNDER = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)
Labels = tuple[tuple[str, str], ...]


class Histogram:
    """How many took at most so many seconds."""

    def __init__(self, under: tuple[float, ...]) -> None:
        self._under = under
        self._counts = [0] * (len(under) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        self._counts[bisect_left(self._under, seconds)] += 1
        self._sum += seconds

    def lines(self, name: str) -> Iterator[str]:
        total = 0
        for limit, count in zip((*self._under, "+Inf"), self._counts, strict=True):
            total += count
            yield f'{name}_bucket{{le="{limit}"}} {total}'
        yield f"{name}_sum {round(self._sum, 3)}"
        yield f"{name}_count {total}"


class Figures:
    """What was counted so far; threads may share it."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._questions: Counter[Labels] = Counter()
        self._sources, self._outcomes = Histogram(SOURCES_UNDER), Histogram(OUTCOME_UNDER)
        self._cards: Counter[Labels] = Counter()
        self._energy, self._open, self._waiting = 0.0, 0, 0

    def watched(self, assistant: Answering) -> Answering:
        """Return an assistant whose questions are counted here."""
        return Watched(assistant, self)

    def watch(self, steps: Iterator[Step]) -> Iterator[Step]:
        """Yield the steps of a question, counted on their way; closing this closes them."""
        began, told, waits = self._now(), ("failed", ""), False
        with self._lock:
            self._open += 1
        try:
            with closing(cast(Generator[Step, None, None], steps)):
                for step in steps:
                    waits = self._saw(step, waits, self._now() - began)
                    told = _told(step) or told
                    yield step
        except BadQuestion:
            told = ("bad_question", "")
            raise
        except ModelInterrupted:
            told = ("interrupted", "")
            raise
        except GeneratorExit:
            told = told if told[0] != "failed" else ("abandoned", "")
            raise
        finally:
            with self._lock:
                self._open -= 1
                self._waiting -= waits
                self._questions[(("outcome", told[0]), ("reason", told[1]))] += 1

    def card(self, kind: str) -> None:
        """Count an emergency card, never what it was about."""
        with self._lock:
            self._cards[(("card", kind),)] += 1

    def _saw(self, step: Step, waits: bool, seconds: float) -> bool:
        """Count a step; return whether its question waits for its turn."""
        with self._lock:
            self._waiting += isinstance(step, Waiting) - waits
            if isinstance(step, Found):
                self._sources.add(seconds)
            if isinstance(step, Answer | Refusal):
                self._outcomes.add(step.seconds)
                self._energy += step.energy_wh
        return isinstance(step, Waiting)

    def text(self, gauges: Mapping[str, tuple[int, str]]) -> str:
        """Return all figures, with those of the corpus: a name, its value, what it is."""
        with self._lock:
            questions = [(_labelled(labels), n) for labels, n in sorted(self._questions.items())]
            told = {
                "waiting_questions": (self._waiting, "Questions that wait for their turn."),
                "open_questions": (self._open, "Questions under way, those that wait included."),
                **gauges,
            }
            lines = [
                *_head("questions_total", "counter", "Questions, by how they ended."),
                *(f"greffier_questions_total{labels} {n}" for labels, n in questions),
                *_head("emergency_cards_total", "counter", "Emergency cards of the simple page."),
                *(
                    f"greffier_emergency_cards_total{_labelled(labels)} {n}"
                    for labels, n in sorted(self._cards.items())
                ),
                *_head("energy_watt_hours_total", "counter", "Energy of questions, estimated."),
                f"greffier_energy_watt_hours_total {round(self._energy, 5)}",
                *_head("sources_seconds", "histogram", "Seconds until the sources are there."),
                *self._sources.lines("greffier_sources_seconds"),
                *_head("outcome_seconds", "histogram", "Seconds until an answer or a refusal."),
                *self._outcomes.lines("greffier_outcome_seconds"),
            ]
        for name, (value, help_) in told.items():
            lines += [*_head(name, "gauge", help_), f"greffier_{name} {value}"]
        return "\n".join(lines) + "\n"


class Watched:
    """An assistant whose questions are counted."""

    def __init__(self, assistant: Answering, figures: Figures) -> None:
        self._assistant = assistant
        self._figures = figures

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
        """Ask, and count."""
        return self._figures.watch(
            self._assistant.steps(
                question,
                actor=actor,
                role=role,
                audience=audience,
                filters=filters,
                language=language,
            )
        )


def _told(step: Step) -> tuple[str, str] | None:
    match step:
        case Answer():
            return "answer", ""
        case Refusal(reason=reason):
            return "refusal", reason.value
        case _:
            return None


def _head(name: str, kind: str, help_: str) -> Iterator[str]:
    yield f"# HELP greffier_{name} {help_}"
    yield f"# TYPE greffier_{name} {kind}"


def _labelled(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}"
