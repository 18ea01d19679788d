# SPDX-License-Identifier: EUPL-1.2
"""A town in one folder: the real pipeline, corpus, Chroma and register, with stand-ins for the
guard and the models alone, so that faults can be tried by the hundred.

    with opened(base) as site:
        site.ask("agnes") ─▶ Reply(shown, said, outcome)
    checked(base, shown) ─▶ what the register says of all that was shown
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.answers import Answer, Found, Refusal, Said, Step
from assistant.cli import explain
from assistant.errors import AssistantError
from assistant.seams import Prompt
from assistant.settings import Settings
from assistant.texts import Texts
from assistant.wiring import Parts, switch_telemetry_off
from corpus.errors import CorpusError
from corpus.folder import DataFolder, read_key
from corpus.ingest import Ingestion
from guardrails.errors import GuardrailError
from guardrails.register import Kind
from tests.corpus.conftest import ReadHere
from tests.fakes import HashEmbedder, ScriptedModel, WordGuard, plain_reader

RESIDENT = "Zoé Quillebec"
PRICE = "Combien coûte le repas de la cantine ?"
CANTEEN = (
    "Délibération n° 2025-31.\n\nLe repas de la cantine coûte 4,20 euros pour un enfant de la "
    f"commune.\n\nLa demande de {RESIDENT} est transmise au service de l'enfance."
)
LIBRARY = "La bibliothèque ouvre le mercredi de 14 heures à 18 heures toute l'année."
FR = Texts("fr")
TOLD = (AssistantError, CorpusError, GuardrailError, OSError, MemoryError)


class SlowModel(ScriptedModel):
    """Takes some time over each reading, as a model does; `before` may do worse."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(["4,20"], "Le repas coûte 4,20 euros pour un enfant de la commune.")
        self.seconds = seconds

    def before(self) -> None:
        time.sleep(self.seconds)

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        self.before()
        return super().log_probability(prompt, reply)


class StandIns(Parts):
    """The parts of a data folder, without a model."""

    @cached_property
    def guard(self) -> Any:
        return WordGuard(RESIDENT, trap="PIÈGE")

    @property
    def embedder_name(self) -> str:
        return HashEmbedder.name

    @cached_property
    def embedder(self) -> Any:
        return HashEmbedder()

    @property
    def question_reader(self) -> Any:
        return plain_reader

    @cached_property
    def model(self) -> Any:
        return SlowModel()

    @cached_property
    def ingestion(self) -> Ingestion:
        """Reads in this process: the pool of readers has its own tests, and takes its time."""
        return Ingestion(
            self.store,
            self.index,
            self.embedder,
            self.guard,
            key=read_key(self.keys, "corpus"),
            rules=self.rules,
            open_reading=lambda: nullcontext(ReadHere()),
        )


Shown = tuple[str, str, str]
"""The exchange, the kind of what was shown, its words."""


@dataclass
class Reply:
    """What somebody who asked saw: steps, then an outcome or an error's sentence."""

    shown: list[Shown] = field(default_factory=list)
    said: str = ""
    outcome: str = ""


@dataclass
class Site:
    """The open town."""

    parts: StandIns

    def add(self, town: Path) -> Any:
        return self.parts.ingestion.add([town])

    def steps(self, actor: str) -> Iterator[tuple[Step, Shown]]:
        """Ask, and yield each step with what is shown of it."""
        record = ""
        for step in self.parts.assistant.steps(PRICE, actor=actor):
            match step:
                case Found():
                    record = step.record
                    yield step, (record, Kind.INTENT.value, step.question)
                case Said():
                    yield step, (record, Kind.SENTENCE.value, step.sentence.text)
                case Answer() | Refusal():
                    yield step, (step.record, Kind.OUTCOME.value, "")

    def ask(self, actor: str = "agnes") -> Reply:
        """Ask to the end, or to what the person is told instead."""
        reply = Reply()
        try:
            for step, shown in self.steps(actor):
                reply.shown.append(shown)
                if isinstance(step, Answer | Refusal):
                    reply.outcome = "answer" if isinstance(step, Answer) else step.reason.value
        except TOLD as error:
            reply.said = sentence(error)
        return reply


def sentence(error: BaseException) -> str:
    """Return what a command or a page says of an error."""
    return explain(error, FR) if isinstance(error, Exception) else type(error).__name__


def prepare(base: Path) -> None:
    """Make the town and read it."""
    town = base / "town"
    town.mkdir(parents=True)
    (town / "cantine.txt").write_text(CANTEEN, "utf-8")
    (town / "biblio.txt").write_text(LIBRARY, "utf-8")
    with opened(base) as site:
        site.add(town)
        assert site.ask().outcome == "answer"


@contextmanager
def opened(base: Path) -> Iterator[Site]:
    """Open the town's data folder; all is closed in the end."""
    switch_telemetry_off()
    folder = DataFolder.open(base / "data")
    with ExitStack() as closing:
        keys = folder.keys(base / "keys")
        yield Site(StandIns(Settings(), folder, keys, closing, False))


@dataclass(frozen=True, slots=True)
class Checked:
    """What the register says afterwards. `lost`: shown and not in it, or not as it was shown;
    `open`: questions without an end; `interrupted`: ended by an incident,
    or by the end of the model."""

    holds: bool
    lost: int
    open: int
    interrupted: int


def checked(base: Path, shown: Iterable[Shown]) -> Checked:
    """Open the register again, as the next start does, and look for all that was shown."""
    with opened(base) as site:
        register = site.parts.register
        entries = [e for e in register.entries(by="test", role="auditor") if e.exchange]
        holds = register.verify().holds
    words = {"intent": "question", "sentence": "text"}
    sealed = {
        (e.exchange, e.kind.value, (e.payload or {}).get(words.get(e.kind.value, ""), ""))
        for e in entries
    }
    begun = [e.exchange for e in entries if e.kind is Kind.INTENT]
    ends = [e.exchange for e in entries if e.kind in (Kind.OUTCOME, Kind.INCIDENT)]
    return Checked(
        holds=holds,
        lost=sum(one not in sealed for one in shown),
        open=len(set(begun) ^ set(ends)),
        interrupted=sum(
            e.kind is Kind.INCIDENT or (e.payload or {}).get("status") == "interrupted"
            for e in entries
        ),
    )


def copy(base: Path, target: Path) -> Path:
    """Copy a town that nobody has open."""
    shutil.copytree(base, target)
    return target
