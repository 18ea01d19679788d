# SPDX-License-Identifier: EUPL-1.2
"""What an agent sees of one question, step by step. No gradio in sight.

    question ─▶ View(SEARCHING) ─Found▶ View(FOUND) ─Said▶ View(ANSWERING)…
             ─Answer▶ View(ANSWERED) │ Refusal▶ View(REFUSED) │ error▶ View(FAILED)

A View is the whole screen, not a change to it: the last one is what stays.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum

from assistant.answers import (
    NO_PROOF,
    NO_VALIDATION,
    Answer,
    Citation,
    Found,
    Lead,
    Leading,
    Lines,
    Looking,
    Own,
    Proof,
    Reason,
    Refusal,
    Said,
    Sentence,
    Step,
    Validation,
    Via,
    Waiting,
)
from assistant.errors import (
    AssistantError,
    BadQuestion,
    ModelFailed,
    ModelInterrupted,
    PromptTooLong,
)
from assistant.provenance import Mark, mark_of_sentences
from assistant.queue import QueueFull
from assistant.texts import Texts
from corpus.documents import Passage, Retrieved
from corpus.errors import CorpusError
from corpus.french import Forms
from guardrails.errors import DetectorFailed, GuardrailError, RegisterError, TextTooLong
from guardrails.placeholders import PLACEHOLDER


class Phase(StrEnum):
    """Where a question is on its way."""

    IDLE = "idle"
    SEARCHING = "searching"
    FOUND = "found"
    ANSWERING = "answering"
    ANSWERED = "answered"
    REFUSED = "refused"
    STOPPED = "stopped"
    FAILED = "failed"


BUSY = frozenset({Phase.SEARCHING, Phase.FOUND, Phase.ANSWERING})


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The screen of one question. `question` is its hidden form, `hidden` the placeholders
    that the guard put there; `error` is a sentence, only when FAILED; `waiting` is the place
    in the queue, 0 when nobody is before, and `own` which question of the same person is;
    `is_interrupted`: it failed because the model ended under way, and can be asked again;
    `validation` says who stood for the answer, if somebody did; `looking` is what is read now, or
    was last; `lines` says where the likeliest line of each passage stands, `sought` the words of
    the question as the search knows them."""

    phase: Phase
    question: str = ""
    hidden: tuple[str, ...] = ()
    evidence: tuple[Retrieved, ...] = ()
    lines: Lines = field(default_factory=dict, hash=False)
    sought: Forms = frozenset()
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    reason: Reason | None = None
    record: str = ""
    seconds: float = 0.0
    energy_wh: float = 0.0
    energy_method: str = ""
    leads: tuple[Lead, ...] = ()
    looking: tuple[Passage, ...] = ()
    error: str = ""
    waiting: int = 0
    own: Own | None = None
    is_interrupted: bool = False
    proof: Proof = NO_PROOF
    validation: Validation = NO_VALIDATION
    via: Via = Via.DOCUMENTS

    @property
    def is_busy(self) -> bool:
        return self.phase in BUSY

    @property
    def pages(self) -> set[tuple[str, int]]:
        """What is shown of documents, each with the page: sources, quotes, lines to read."""
        quoted = (*self.citations, *(lead.citation for lead in self.leads))
        return {(one.passage.document, one.passage.page) for one in self.evidence} | {
            (one.document, one.page) for one in quoted
        }

    @property
    def mark(self) -> Mark:
        """What programs may read of what is shown."""
        proof = self.proof if self.proof.record else Proof(record=self.record)
        return mark_of_sentences(self.sentences, proof, self.via)


IDLE = View(phase=Phase.IDLE)


def views(steps: Generator[Step, None, None], texts: Texts) -> Generator[View, None, None]:
    """Yield the screen as the answer grows; whatever fails ends in a screen that says so."""
    view = View(phase=Phase.SEARCHING)
    yield view
    with closing(steps):
        try:
            for step in steps:
                view = after(view, step)
                yield view
        except (AssistantError, CorpusError, GuardrailError, OSError) as error:
            yield replace(
                view,
                phase=Phase.FAILED,
                error=explain(error, texts),
                is_interrupted=isinstance(error, ModelInterrupted),
            )


def after(view: View, step: Step) -> View:
    """Return the screen once one more step is known."""
    match step:
        case Found():
            return replace(
                view,
                phase=Phase.FOUND,
                question=step.question,
                hidden=hidden_in(step.question),
                evidence=step.evidence,
                lines=step.lines,
                sought=step.sought,
                record=step.record,
            )
        case Waiting():
            return replace(view, waiting=step.position, own=step.own)
        case Looking():
            return replace(view, waiting=0, looking=step.passages)
        case Leading():
            return replace(view, waiting=0, leads=step.leads)
        case Said():
            return replace(
                view,
                phase=Phase.ANSWERING,
                waiting=0,
                leads=(),
                sentences=(*view.sentences, step.sentence),
                citations=_joined(view.citations, step.citations),
            )
        case Answer():
            return replace(
                view,
                phase=Phase.ANSWERED,
                leads=(),
                sentences=step.sentences,
                citations=step.citations,
                record=step.record,
                seconds=step.seconds,
                energy_wh=step.energy_wh,
                energy_method=step.energy_method,
                proof=step.proof,
                validation=step.validation,
                via=step.via,
            )
        case Refusal():
            # What was said before a refusal stays out: the outcome takes it back.
            return replace(
                view,
                phase=Phase.REFUSED,
                reason=step.reason,
                evidence=_first(step.nearest, view.evidence),
                sentences=(),
                citations=step.told,
                leads=_beside(step.told, step.leads),
                record=step.record,
                seconds=step.seconds,
                energy_wh=step.energy_wh,
                energy_method=step.energy_method,
                proof=step.proof,
            )


def hidden_in(question: str) -> tuple[str, ...]:
    """Return the placeholders that the guard put into a question, in their order.

    One that a person typed does not look like one any more once it was screened.

    >>> hidden_in("Où habite [PERSONNE_1] ?")
    ('[PERSONNE_1]',)
    """
    return tuple(dict.fromkeys(match[0] for match in PLACEHOLDER.finditer(question)))


def status(view: View, texts: Texts) -> str:
    """Return the one line that is shown, and announced once, for a screen."""
    match view.phase:
        case Phase.FOUND if view.waiting and view.own:
            return _counted(texts, f"status_own_{view.own}", view.waiting)
        case Phase.FOUND if view.waiting:
            return _counted(texts, "status_waiting", view.waiting)
        case Phase.FOUND if not view.evidence:
            return texts("ui", "status_found_none")
        case Phase.FOUND | Phase.ANSWERING:
            return _counted(texts, "status_found", len(view.evidence))
        case Phase.ANSWERED if not view.citations:
            return texts("ui", "status_ready")
        case Phase.ANSWERED:
            return _counted(texts, "status_answered", len(view.citations))
        case Phase.FAILED if view.is_interrupted:
            return texts("ui", "status_interrupted")
        case phase:
            return texts("ui", f"status_{phase}")


def explain(error: Exception, texts: Texts) -> str:
    """Return what went wrong and what to do, in plain words and without the question's."""
    match error:
        case BadQuestion(key=key, facts=facts):
            return texts("ui", f"error_{key}", **facts)
        case QueueFull(key=key, facts=facts):
            return texts("ui", f"error_{key}", **facts)
        case TextTooLong(chars=chars, max_chars=max_chars):
            return texts("ui", "error_long_question", chars=chars, max_chars=max_chars)
        case RegisterError():
            return texts("ui", "error_register")
        case DetectorFailed():
            return texts("ui", "error_guard")
        case ModelInterrupted():
            return texts("ui", "error_interrupted")
        case PromptTooLong():
            return texts("ui", "error_prompt_too_long")
        case ModelFailed():
            return texts("ui", "error_model")
        case CorpusError():
            return texts("ui", "error_corpus")
        case _:
            return texts("ui", "error_system")


def _first(nearest: tuple[Retrieved, ...], shown: tuple[Retrieved, ...]) -> tuple[Retrieved, ...]:
    """The passages that a refusal speaks of, then the others that were shown: none goes away."""
    told = {found.passage.id for found in nearest}
    return (*nearest, *(found for found in shown if found.passage.id not in told))


def _joined(known: tuple[Citation, ...], brought: tuple[Citation, ...]) -> tuple[Citation, ...]:
    numbers = {citation.number for citation in known}
    return (*known, *(c for c in brought if c.number not in numbers))


def _beside(told: tuple[Citation, ...], leads: tuple[Lead, ...]) -> tuple[Lead, ...]:
    """The leads that are not quoted already."""
    quoted = {(c.document, c.page, c.start) for c in told}
    return tuple(
        lead
        for lead in leads
        if (lead.citation.document, lead.citation.page, lead.citation.start) not in quoted
    )


def _counted(texts: Texts, key: str, count: int) -> str:
    return texts("ui", f"{key}_one" if count == 1 else key, count=count)
