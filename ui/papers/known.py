# SPDX-License-Identifier: EUPL-1.2
"""What the town's papers may say: the settings, the register's counts, what is measured and kept.

    parts ─find_known══reading entered══▶ Known ─▶ templates

Nothing is guessed: what is not known here is left to the template, which shows a blank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import version

from assistant.cards import FILE as CARDS
from assistant.cards.card import State
from assistant.evaluation_kept import Evaluation, asked_by_people, last_evaluation
from assistant.libraries import Library, libraries
from assistant.moratorium import Pause
from assistant.settings import Settings
from assistant.wiring import Parts
from corpus.weights_catalogue import (
    DEFAULT_EMBEDDER,
    DEFAULT_LANGUAGE_MODEL,
    WeightsFile,
    catalogue,
)
from guardrails.placeholders import label_of
from guardrails.register.records import Kind
from guardrails.register.selection import Selection
from guardrails.register.statistics import Statistics, summary
from ui.public.remarks import FILE as REMARKS
from ui.public.remarks import KEPT_DAYS, Remarks

PERIOD_DAYS = 365
PURPOSE = "papers"

Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A collection: how much it holds, and whether residents may read it."""

    name: str
    documents: int
    pages: int
    is_public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that is used; `file` is None for one that the town brought or runs elsewhere."""

    use: str
    name: str
    file: WeightsFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything that the papers are filled from.

    `settings_sha256` is that of greffier.toml, empty where there is no file; `counted` is of the
    last PERIOD_DAYS, without what an evaluation asked; `hidden` counts what the documents hide, by
    its mark; `elsewhere` names the settings by which something leaves this machine.
    """

    settings: Settings
    made: datetime
    program: str
    settings_sha256: str
    origin: str
    entries: int
    since: datetime
    counted: Statistics
    evaluation: Evaluation | None
    models: tuple[Model, ...]
    libraries: tuple[Library, ...]
    holdings: tuple[Holding, ...]
    hidden: tuple[tuple[str, int], ...]
    waiting: int
    cards: dict[str, int]
    remarks: dict[str, int]
    remarks_days: int
    elsewhere: tuple[str, ...]
    pauses: tuple[Pause, ...]

    @property
    def licences(self) -> list[tuple[str, int]]:
        """How many libraries have each licence, in their own words."""
        return Counter(one.licence for one in self.libraries).most_common()

    @property
    def months(self) -> dict[str, int]:
        """How many months the contents of each kind of entry are kept."""
        kept = self.settings.register_
        return {kind.value: kept.months_by_kind.get(kind, kept.months) for kind in Kind}


def find_known(parts: Parts, *, by: str, role: str, now: Now = utc_now) -> Known:
    """Gather what is known of a data folder; the reading of its register is entered.

    `by` is a pseudonym. BadSettings where the settings cannot be read.
    """
    folder, moment = parts.folder, now()
    settings = Settings.read(folder.settings)
    since = moment - timedelta(days=PERIOD_DAYS)
    entries = parts.register.entries(Selection(since=since), by=by, role=role, purpose=PURPOSE)
    documents = parts.store.documents()
    pages = Counter[str]()
    kept = Counter[str]()
    hidden = Counter[str]()
    for document in documents:
        kept[document.collection] += 1
        pages[document.collection] += document.page_count
        hidden.update(document.hidden)
    return Known(
        settings=settings,
        made=moment,
        program=version("greffier"),
        settings_sha256=_digest(folder.settings.read_bytes()) if folder.settings.exists() else "",
        origin=parts.register.origin,
        since=since,
        counted=summary(asked_by_people(entries)),
        entries=parts.register.size(),
        evaluation=last_evaluation(folder.path),
        models=_models(settings),
        libraries=libraries(),
        holdings=tuple(
            Holding(
                name=name,
                documents=kept[name],
                pages=pages[name],
                is_public=settings.rights.sees("senior", name),
            )
            for name in sorted(kept)
        ),
        hidden=tuple((label_of(name), count) for name, count in hidden.most_common()),
        waiting=sum(bool(document.needs) for document in documents),
        cards=_cards(parts),
        remarks=dict(Counter(one.kind for one in Remarks(folder.path / REMARKS).all())),
        remarks_days=KEPT_DAYS,
        elsewhere=settings.elsewhere,
        pauses=parts.moratorium.pauses(),
    )


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _models(settings: Settings) -> tuple[Model, ...]:
    """Return the models in use: a name of the catalogue brings its file."""
    known = {weights.name: weights for weights in catalogue()}
    name = settings.model.name or DEFAULT_LANGUAGE_MODEL
    written = Model(use="answers", name=name.rpartition("/")[2], file=known.get(name))
    if settings.model.servers:  # what runs there is not known here
        written = Model(use="answers", name="", file=None)
    search = Model(use="search", name=DEFAULT_EMBEDDER, file=known[DEFAULT_EMBEDDER])
    return written, search


def _cards(parts: Parts) -> dict[str, int]:
    """Count validated answers by their state, without making their file."""
    if not (parts.folder.path / CARDS).exists():
        return {}
    counts: dict[State, int] = parts.cards.counts()
    return {state.value: count for state, count in counts.items()}
