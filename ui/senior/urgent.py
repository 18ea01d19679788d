# SPDX-License-Identifier: EUPL-1.2
"""The emergency card: numbers to call, before anything else is read.

    question ─Recognise (assistant)▶ Alarm ─Numbers▶ Urgent        within PATIENCE_SECONDS
                     └─ too late, broken or absent ─▶ Urgent("general")

Where it is not sure that something cannot wait, the same numbers stand there in a quiet line.

The sheet is texts/numbers.toml; the town's own replaces what it names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Annotated, Literal, Protocol, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.errors import BadSettings

PATIENCE_SECONDS = 0.8
"""How long a question waits for the classifier; measured: some 10 to 100 milliseconds."""
MAX_PENDING = 8
"""Questions whose classification is not done: one more gets the general card at once."""

Concern = Literal[
    "medical",
    "fire",
    "violence",
    "distress",
    "missing_person",
    "gas",
    "swindle",
    "cold",
    "general",
]
CONCERNS: tuple[Concern, ...] = get_args(Concern)
FORMER: Mapping[str, tuple[Concern, ...]] = {
    "suicide": ("distress",),
    "danger": ("medical", "fire", "gas", "general"),
    "fraud": ("swindle",),
}
"""What sheets were allowed to name before, and what it is now."""

Phone = Annotated[str, StringConstraints(pattern=r"^\+?\d[\d ]*$")]
Site = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Language = Literal["fr", "en", "ar", "es", "pt", "tr"]
Wording = Said | Annotated[dict[Language, Said], Field(min_length=1)]

GENERAL: Concern = "general"
CardKind = Literal["recognised", "possible", "general"]
"""Sure, not sure, or shown as nothing could be recognised."""


class Alarm(Protocol):
    """What a message is about, and whether that is sure."""

    @property
    def concern(self) -> str: ...

    @property
    def is_sure(self) -> bool: ...


Recognise = Callable[[str], Alarm | None]
"""What a message is about if it cannot wait (`assistant.understanding.emergencies`)."""


class CountCard(Protocol):
    """Counts a card that was shown; of what it was about nothing is kept."""

    def __call__(self, kind: CardKind) -> None: ...


class _Urgent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    concern: Concern | Literal["suicide", "danger", "fraud"]
    numbers: tuple[Phone, ...] = Field(min_length=1)
    sites: tuple[Site, ...] = ()
    words: tuple[str, ...] = ()
    """Read and left aside: sheets had to list words before."""

    @property
    def concerns(self) -> tuple[Concern, ...]:
        return FORMER.get(self.concern) or (self.concern,)  # type: ignore[return-value]


class _Sheet(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: dict[Phone, Wording]
    sites: dict[Site, Wording] = {}
    urgent: tuple[_Urgent, ...]


@dataclass(frozen=True, slots=True)
class Urgent:
    """What a question may be about, whom to call and which site to open, with what each is for."""

    concern: Concern
    numbers: tuple[tuple[str, Wording], ...]
    sites: tuple[tuple[str, Wording], ...] = ()
    is_sure: bool = True

    @property
    def kind(self) -> CardKind:
        if self.concern == GENERAL:
            return "general"
        return "recognised" if self.is_sure else "possible"


def wording(said: Wording, language: str) -> tuple[str, str]:
    """Return what is said of a number in a language, else in French, and its language."""
    if isinstance(said, str):
        return said, "fr"
    each = {str(code): words for code, words in said.items()}
    chosen = next((code for code in (language, "fr") if code in each), next(iter(each)))
    return each[chosen], chosen


class Numbers:
    """The sheet of emergency and help numbers."""

    def __init__(self, urgent: Mapping[Concern, Urgent]) -> None:
        self._urgent = urgent

    @classmethod
    def read(cls, own: Path | None = None) -> Self:
        """Return ours with what the town's sheet replaces; raise BadSettings for a wrong one."""
        with (files("ui.senior") / "texts" / "numbers.toml").open("rb") as shipped:
            found = dict(_entries(_Sheet.model_validate(tomllib.load(shipped)), "numbers.toml"))
        if own:
            found |= dict(_entries(_own_sheet(own), own.name))
        return cls(found)

    def of(self, concern: str) -> Urgent:
        """Return whom to call; for a concern that the sheet does not know, for any emergency."""
        known: Concern = next((one for one in CONCERNS if one == concern), GENERAL)
        return self._urgent[known]


def _own_sheet(path: Path) -> _Sheet:
    name = path.name
    try:
        return _Sheet.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings("settings_unreadable", file=name, detail=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadSettings("settings_invalid", file=name, name=place, detail=first["msg"]) from error


def _entries(sheet: _Sheet, name: str) -> Iterator[tuple[Concern, Urgent]]:
    """Yield what a sheet says of each concern; a new name goes before a former one."""
    ordered = sorted(sheet.urgent, key=lambda one: one.concern not in FORMER)
    seen: set[str] = set()
    for one in ordered:
        missing = [n for n in one.numbers if n not in sheet.numbers]
        missing += [s for s in one.sites if s not in sheet.sites]
        if missing or one.concern in seen:
            detail = missing[0] if missing else one.concern
            raise BadSettings("settings_invalid", file=name, name=one.concern, detail=detail)
        seen.add(one.concern)
        for concern in one.concerns:
            yield (
                concern,
                Urgent(
                    concern,
                    tuple((n, sheet.numbers[n]) for n in one.numbers),
                    tuple((s, sheet.sites[s]) for s in one.sites),
                ),
            )


class Watch:
    """Whom to call for a question, within a second whatever becomes of the classifier."""

    def __init__(
        self,
        numbers: Numbers,
        recognise: Recognise | None,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._numbers = numbers
        self._recognise = recognise
        self._patience_seconds = patience_seconds
        self._worker = ThreadPoolExecutor(2, thread_name_prefix="greffier-emergencies")
        self._pending: set[Future[Alarm | None]] = set()
        self._lock = Lock()
        self._submit("")  # the model is loaded before the first question

    def __call__(self, question: str) -> tuple[Urgent, ...]:
        """Return the card of a question, nothing for most; the general one when in doubt."""
        general = (self._numbers.of(GENERAL),)
        found = self._submit(question)
        if found is None:
            return general
        done, _ = wait([found], self._patience_seconds)
        if not done or found.exception() is not None:
            return general
        alarm = found.result()
        if alarm is None:
            return ()
        return (replace(self._numbers.of(alarm.concern), is_sure=alarm.is_sure),)

    def _submit(self, question: str) -> Future[Alarm | None] | None:
        """Ask the classifier; nothing where there is none, or too many wait for it."""
        with self._lock:
            self._pending = {one for one in self._pending if not one.done()}
            if self._recognise is None or len(self._pending) >= MAX_PENDING:
                return None
            found = self._worker.submit(self._recognise, question)
            self._pending.add(found)
            return found

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)
