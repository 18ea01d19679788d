# SPDX-License-Identifier: EUPL-1.2
"""What the transparency page tells, gathered from the settings, the corpus and the register.

The register is read at most once a day for it, and each reading is entered like any other.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.cards import FILE as CARDS
from assistant.cards.card import State
from assistant.evaluation_kept import Evaluation, asked_by_people, last_evaluation
from assistant.moratorium import Change, Pause, history
from assistant.settings import Settings, Town
from assistant.wiring import Parts
from corpus.errors import UnknownWeights
from corpus.weights import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL
from corpus.weights_catalogue import WeightsFile, catalogue
from guardrails.placeholders import label_of
from guardrails.register.records import Kind
from guardrails.register.selection import Selection
from guardrails.register.statistics import Statistics, summary

PERIOD_DAYS = 30
AGE = timedelta(days=1)

Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """A model file: `licence` is empty for one that the town brought itself."""

    name: str
    licence: str
    gigabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What one collection that residents may read holds; `hidden` counts what it hides, by mark."""

    collection: str
    documents: int
    pages: int
    hidden: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A period of the register; both days are included."""

    first: datetime
    last: datetime
    counted: Statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the page and its sheets tell; `cards` counts the validated answers that are
    served today."""

    town: Town
    model: ModelFacts
    embedder: ModelFacts
    open_to_all: tuple[Holding, ...]
    figures: Figures
    evaluation: Evaluation | None
    cards: int
    months: int
    runs_elsewhere: bool
    """Whether a part runs on other machines."""

    witnesses: int
    """How many machines get the register's size and hash."""

    pauses: tuple[tuple[str, str], ...]
    """Who gets no answers (`all`, `agent`, `senior`) and the town's sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was suspended and resumed, the newest first, as the register told at a moment."""

    at: datetime
    pauses: tuple[Pause, ...]
    changes: tuple[Change, ...] = ()


class FactFinder:
    """Gathers the facts; what the register tells is kept for a day."""

    def __init__(self, parts: Parts, now: Now = utc_now) -> None:
        self._parts = parts
        self._now = now
        self._lock = threading.Lock()
        self._figures: Figures | None = None
        self._history: History | None = None
        self._settings: tuple[object, Settings] | None = None
        self._held: tuple[object, tuple[Holding, ...]] | None = None

    def settings(self) -> Settings:
        """Return what the town's file says, read again once it is another."""
        path = self._parts.folder.settings
        try:
            found = path.stat()
        except OSError:
            return Settings.read(path)
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        with self._lock:
            if self._settings is None or self._settings[0] != stamp:
                self._settings = stamp, Settings.read(path)
            return self._settings[1]

    def facts(self) -> Facts:
        settings = self.settings()
        seen = settings.rights.filters("senior").collections
        return Facts(
            town=settings.town,
            model=_model(settings),
            embedder=_of_catalogue(DEFAULT_EMBEDDER),
            open_to_all=self._holdings(seen),
            figures=self.figures(),
            evaluation=last_evaluation(self._parts.folder.path),
            cards=self._cards(),
            months=settings.register_.months,
            runs_elsewhere=settings.runs_elsewhere,
            witnesses=len(settings.register_.witnesses),
            pauses=tuple(
                (p.audience or "all", p.sentence) for p in self._parts.moratorium.pauses()
            ),
        )

    def figures(self) -> Figures:
        """Return the last thirty days, as of a day ago at most."""
        with self._lock:
            now = self._now()
            if self._figures is None or now - self._figures.last > AGE:
                first = now - timedelta(days=PERIOD_DAYS)
                entries = self._parts.register.entries(
                    Selection(since=first, until=now), role="public", purpose="transparency"
                )
                self._figures = Figures(
                    first=first, last=now, counted=summary(asked_by_people(entries))
                )
            return self._figures

    def history(self) -> History:
        """Return the suspensions and what ended them, as of a day ago at most, or of the last
        change of what is suspended."""
        with self._lock:
            now, pauses = self._now(), self._parts.moratorium.pauses()
            known = self._history
            if known is None or known.pauses != pauses or now - known.at > AGE:
                entries = self._parts.register.entries(
                    Selection(kinds=(Kind.SETTINGS,)), role="public", purpose="committee"
                )
                known = History(at=now, pauses=pauses, changes=tuple(history(entries)))
                self._history = known
            return known

    def _cards(self) -> int:
        if not (self._parts.folder.path / CARDS).exists():
            return 0
        return self._parts.cards.counts().get(State.SERVED, 0)

    def _holdings(self, seen: frozenset[str] | None) -> tuple[Holding, ...]:
        """Count what residents may read, once for each state of the corpus."""
        with self._lock:
            of = (self._parts.store.generation(), seen)
            if self._held is None or self._held[0] != of:
                self._held = of, self._counted(seen)
            return self._held[1]

    def _counted(self, seen: frozenset[str] | None) -> tuple[Holding, ...]:
        """Count what residents may read: how many papers agents have besides is nobody's."""
        pages, hidden = dict[str, list[int]](), dict[str, Counter[str]]()
        for document in self._parts.store.documents():
            name = document.collection
            if seen is None or name in seen:
                pages.setdefault(name, []).append(document.page_count)
                marks = {label_of(kind): count for kind, count in document.hidden.items()}
                hidden.setdefault(name, Counter()).update(marks)
        return tuple(
            Holding(collection=name, documents=len(some), pages=sum(some), hidden=hidden[name])
            for name, some in sorted(pages.items())
        )


def _model(settings: Settings) -> ModelFacts:
    """Return the model that writes; what runs on a server of the town's own is not known here."""
    if settings.model.servers:
        return ModelFacts(name="", licence="", gigabytes=0.0)
    return _of_catalogue(settings.model.name or DEFAULT_LANGUAGE_MODEL)


def _of_catalogue(name: str) -> ModelFacts:
    """Return what is known of a model; of a file of the town's own, no more than its name."""
    try:
        found = _find(name)
    except UnknownWeights:
        return ModelFacts(name=name.rpartition("/")[2], licence="", gigabytes=0.0)
    return ModelFacts(name=name, licence=found.licence, gigabytes=found.size_bytes / 1e9)


def _find(name: str) -> WeightsFile:
    for weights in catalogue():
        if weights.name == name:
            return weights
    raise UnknownWeights(name)
