# SPDX-License-Identifier: EUPL-1.2
"""One question's entries in the register: an intent, its sentences, an outcome, whatever happens.

    with exchange(register, …) as e:
        e.intend(…)          before the sources are shown
        e.say(…)             before each sentence is shown
        e.answer() │ e.refuse(reason)

Leaving the block without an outcome (the reader left, something broke) seals
one that says so; a model that ended under way leaves an interrupted question.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field, replace

from assistant.answers import (
    MAY_LEAD,
    NO_VALIDATION,
    Answer,
    Author,
    Citation,
    Lead,
    Leading,
    Proof,
    Reason,
    Refusal,
    Said,
    Sentence,
    Validation,
    Via,
)
from assistant.energy import EnergyMeter
from assistant.errors import ModelInterrupted
from assistant.plain import said_row
from assistant.tracing import NO_TRACING, Span, Trace, Tracing, timed
from corpus.documents import Passage, Retrieved, is_dropped
from corpus.rights import Rights
from corpus.structure import SayRow
from guardrails.findings import Screened
from guardrails.register import Register
from guardrails.register.records import AuditRecord, JsonValue, Kind, Sealed

EVERYTHING = Rights()


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One question on its way; `record` ties its entries together in the register."""

    register: Register
    record: str
    actor: str
    role: str
    audience: str
    model: str
    rules: str
    meter: EnergyMeter
    question: str = ""
    """In its hidden form, once it is sealed."""
    started: float = field(default_factory=time.perf_counter)
    evidence: tuple[Retrieved, ...] = ()
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    told: tuple[Citation, ...] = ()
    leads: tuple[Lead, ...] = ()
    via: Via | None = None
    validation: Validation = NO_VALIDATION
    shown_by: dict[str, JsonValue] = field(default_factory=dict)
    """Why a card was taken for the question: sealed with the outcome."""
    quotes_only: bool = False
    """Asked once more, for the lines of what was found: no other question than the one before."""
    is_closed: bool = False
    plain: Callable[[str], str] | None = None
    """Says a French sentence plainly; what is sealed is what is shown."""
    language: str = ""
    rights: Rights = EVERYTHING
    trace: Trace = NO_TRACING

    def span(self, name: str) -> AbstractContextManager[Span]:
        """Time a block as a part of this question."""
        return timed(self.trace, name)

    def intend(
        self, question: Screened, evidence: Sequence[Retrieved], *, language: str = ""
    ) -> None:
        """Seal the hidden question and the passages found, before they are shown."""
        self.question, self.evidence, self.language = question.text, tuple(evidence), language
        self._seal(
            Kind.INTENT,
            {
                "question": question.text,
                "hidden": dict(Counter(finding.entity.value for finding in question.findings)),
                "audience": self.audience,
                "language": language,
                "collections": sorted({found.passage.collection for found in evidence}),
                "model": self.model,
                **({"quotes_only": True} if self.quotes_only else {}),
                "rules": self.rules,
                "passages": [
                    {
                        "id": found.passage.id,
                        "file": found.passage.file,
                        "page": found.passage.page,
                        "score": round(found.score, 4),
                        "collection": found.passage.collection,
                        "audience": self._audience_of(found.passage),
                    }
                    for found in evidence
                ],
            },
        )

    def _audience_of(self, passage: Passage) -> str:
        """Say whether residents may read a source too, as the rights are at this moment; what was
        dropped for one conversation only its own people do."""
        if is_dropped(passage.document):
            return "agents"
        return "public" if self.rights.sees("senior", passage.collection) else "agents"

    def note(self, words: str, *, as_it_is: bool = False) -> Said:
        """Seal what is said of the answer itself, which rests on no quote; `as_it_is`: in the words
        of the program, not in plainer ones."""
        plain = words if as_it_is else self._in_plain(words)
        return self._told(Sentence(text=plain, citations=(), is_note=True, author=Author.PROGRAM))

    def say(self, words: str, *citations: Citation, author: Author = Author.MODEL) -> Said:
        """Seal a checked sentence with its quotes and whose words it is; it may then be shown."""
        numbers = tuple(citation.number for citation in citations)
        said = words if author is Author.PERSON else self._in_plain(words)  # as it was validated
        sentence = Sentence(text=said, citations=numbers, author=author)
        return self._told(sentence, *citations)

    def _told(self, sentence: Sentence, *citations: Citation) -> Said:
        self._seal(
            Kind.SENTENCE,
            {
                "text": sentence.text,
                "author": sentence.author.value,
                "citations": [asdict(citation) for citation in citations],
            },
        )
        self.sentences.append(sentence)
        self.citations.extend(citations)
        return Said(sentence=sentence, citations=citations)

    def made(self, via: Via) -> None:
        """Note what is said now is made from: of a message's parts, what was read names it."""
        rank = [Via.CARD, Via.ACTS, Via.DOCUMENTS]
        self.via = max(self.via or via, via, key=rank.index)

    def rest_on(self, validation: Validation, evidence: dict[str, JsonValue]) -> None:
        """Note that somebody stood for what is said now, and why it was taken for the question."""
        self.made(Via.CARD)
        self.validation, self.shown_by = validation, evidence

    def has_said(self, words: str) -> bool:
        """Whether a sentence was said already: one row may answer both parts of a question."""
        return any(sentence.text == self._in_plain(words) for sentence in self.sentences)

    @property
    def says_row(self) -> SayRow | None:
        """How a row of a table is said: as one says it aloud, where all is said plainly."""
        return said_row if self.plain else None

    def _in_plain(self, words: str) -> str:
        return self.plain(words) if self.plain and self.language == "fr" else words

    def lead(self, leads: tuple[Lead, ...]) -> Leading:
        """Seal lines to read while the answer is looked for; they may then be shown."""
        self._seal(Kind.LEAD, {"leads": [asdict(lead) for lead in leads]})
        return Leading(leads=leads)

    def point_to(self, passages: Iterable[Passage], told: Iterable[Citation] = ()) -> None:
        """Put the sources that a refusal speaks of before the others, with what they tell."""
        self.told = tuple(told)
        first = [passage.id for passage in passages]
        rank = {identifier: place for place, identifier in enumerate(first)}
        self.evidence = tuple(
            sorted(self.evidence, key=lambda found: rank.get(found.passage.id, len(rank)))
        )

    def answer(self) -> Answer:
        """Close with what was said."""
        answer = Answer(
            sentences=tuple(self.sentences),
            citations=tuple(self.citations),
            record=self.record,
            seconds=self._seconds(),
            energy_wh=self._energy(),
            energy_method=self.meter.method,
            via=self.via or Via.DOCUMENTS,
            validation=self.validation,
        )
        more: dict[str, JsonValue] = {"via": answer.via.value}
        if answer.validation.card:
            more |= {"card": answer.validation.card, "evidence": self.shown_by}
        return replace(answer, proof=self._close(status="answer", text=answer.text, **more))

    def refuse(self, reason: Reason) -> Refusal:
        """Close with the reason why there is no answer, and the nearest sources."""
        refusal = Refusal(
            reason=reason,
            nearest=self.evidence[:3],
            record=self.record,
            seconds=self._seconds(),
            energy_wh=self._energy(),
            energy_method=self.meter.method,
            told=self.told,
            leads=self.leads if reason in MAY_LEAD else (),
        )
        more: dict[str, JsonValue] = {}
        if refusal.told:
            more["told"] = [asdict(citation) for citation in refusal.told]
        if refusal.leads:
            more["leads"] = [asdict(lead) for lead in refusal.leads]
        return replace(refusal, proof=self._close(status="refusal", reason=reason.value, **more))

    def interrupt(self) -> None:
        """Close what the model's end left open: it can be asked again."""
        if not self.is_closed:
            self._close(status="interrupted")

    def abandon(self) -> None:
        """Close what was left open: the reader is gone, or something broke."""
        if not self.is_closed:
            self._close(status="abandoned")

    def _close(self, **outcome: JsonValue) -> Proof:
        self.is_closed = True
        sealed = self._seal(
            Kind.OUTCOME,
            outcome
            | {
                "seconds": self._seconds(),
                "energy_wh": self._energy(),
                "energy_method": self.meter.method,
            },
        )
        return Proof(
            record=self.record,
            origin=self.register.origin,
            index=sealed.index,
            leaf=sealed.leaf.hex(),
        )

    def _seal(self, kind: Kind, payload: dict[str, JsonValue]) -> Sealed:
        record = AuditRecord(
            kind=kind, exchange=self.record, actor=self.actor, role=self.role, payload=payload
        )
        with self.span("seal"):
            return self.register.append(record)

    def _seconds(self) -> float:
        return round(time.perf_counter() - self.started, 3)

    def _energy(self) -> float:
        return round(self.meter.watt_hours(), 5)


@contextmanager
def exchange(
    register: Register,
    *,
    actor: str,
    role: str,
    audience: str,
    model: str,
    rules: str,
    watts_per_core: float,
    graphics: bool = False,
    plain: Callable[[str], str] | None = None,
    rights: Rights = EVERYTHING,
    tracing: Tracing = NO_TRACING,
    beside: Callable[[], float] = float,
    quotes_only: bool = False,
) -> Iterator[Exchange]:
    """Open an exchange; its outcome is sealed however the block ends. `beside` gives the processor
    seconds of the model's own process."""
    opened = Exchange(
        register=register,
        record=register.new_exchange(),
        actor=register.pseudonym(actor) if actor else "",
        role=role,
        audience=audience,
        model=model,
        rules=rules,
        meter=EnergyMeter(watts_per_core, graphics=graphics, beside=beside),
        plain=plain,
        rights=rights,
        trace=tracing.begin(),
        quotes_only=quotes_only,
    )
    try:
        yield opened
    except ModelInterrupted:
        opened.interrupt()
        raise
    finally:
        try:
            opened.abandon()
        finally:
            opened.trace.end(sentences=len(opened.sentences), passages=len(opened.evidence))
