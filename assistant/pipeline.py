# SPDX-License-Identifier: EUPL-1.2
"""The pipeline, on one screen.

    question ─guard▶ Screened ─understand▶ Part… ─search▶ Retrieved… ══sealed══▶ Found
             ─of the town's sheet? a card's question?▶ Stood ══sealed══▶ Said
             ─weigh▶ Excerpt… ─read, judge▶ Reading ─confidence▶ enough? ─ground▶ ══sealed══▶ Said
             ═══════════════════════════════════════════════════════sealed══▶ Answer │ Refusal

Nothing leaves before it is in the register (`exchange.py`): an intent with the
passages comes before the sources, each sentence before it is shown, an outcome
closes, however the exchange ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import nullcontext
from copy import copy
from dataclasses import dataclass, replace
from itertools import zip_longest
from textwrap import shorten
from typing import Protocol

from assistant.answers import (
    MAY_LEAD,
    NO_QUESTION,
    Answer,
    Found,
    Lead,
    Lines,
    Looking,
    Outcome,
    Reason,
    Refusal,
    Span,
    Step,
    Via,
    Waiting,
)
from assistant.calibration import ALONE, Calibration
from assistant.cards.card import PROPOSALS
from assistant.cards.same import ReadSame
from assistant.cards.serving import (
    NO_DOUBTS,
    Doubted,
    FindInDoubt,
    FindNear,
    FindValidated,
    Stood,
    Validated,
    no_cards,
    nothing_near,
)
from assistant.cards.serving import together as with_card
from assistant.confidence import SPEAKS_FROM
from assistant.errors import BadQuestion, ModelFailed
from assistant.evaluation_kept import EVALUATION
from assistant.evidence import Candidate, Weigher
from assistant.excerpts import EXCERPT_CHARS, excerpts
from assistant.exchange import Exchange, exchange
from assistant.judging import Judge, LineJudged, chars_of, judge
from assistant.leads import MOST as MOST_LEADS
from assistant.leads import leads, likeliest
from assistant.leaving import stop_if_gone
from assistant.listing import ListsActs, NoLists
from assistant.moratorium import Left, Moratorium
from assistant.options import likely_lines
from assistant.parts import Part, parts_of
from assistant.premises import contradicted
from assistant.prompt import Frame
from assistant.queue import MAX_WAITING_EACH, POLL_SECONDS, FairQueue, Front, Ticket, Turns
from assistant.reading import is_hidden
from assistant.saying import Saying, cited, listed, quote, say
from assistant.seams import LanguageModel, OwnProcessModel, QuestionGuard
from assistant.selection import Selection, seen, select
from assistant.sheet.answers import AskSheet, no_sheet
from assistant.standing import standing
from assistant.texts import Texts
from assistant.tracing import NO_TRACING, Tracing
from assistant.understanding.questions import Question, understand
from assistant.understanding.reading import ReadMatter
from corpus.cores import answering, asked
from corpus.documents import Filters, Retrieved
from corpus.rights import NO_FILTER, Rights
from corpus.search import FindsPassages
from guardrails.errors import DetectorFailed, TextTooLong
from guardrails.findings import Screened
from guardrails.register import Register

MAX_QUESTION_CHARS = 2000
MAX_NOTED_CHARS = 90
UNASKED = frozenset({PROPOSALS, EVALUATION})
"""Roles of questions that nobody waits for."""

EVERYTHING = Rights()
NO_PAUSE = Moratorium()
MOST_QUOTES = 5
"""Lines that are quoted where somebody wants those of the passages without an answer."""

RIVALS = 8
"""How many of the likeliest sentences may contradict a question, or each other."""

SEARCHED_AT_ONCE = 2
"""How many questions are hidden, searched for and shown at a time, in their order: of fifty at once
the first see their sources at once, and sealing one to the disk leaves the cores to the others."""

SEARCHES_PASS_SECONDS = 4.0
"""So long at most the model lets those pass that come with a question: it takes all cores for
seconds."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A part of a question, its sources, and what somebody stood for that answers it, if anything
    does; `doubted` are the cards of which nobody is sure yet whether they are asked: their passages
    are sealed with the sources, and read for nothing else."""

    part: Part
    sources: Sequence[Retrieved]
    stood: Stood | None = None
    doubted: Doubted = NO_DOUBTS

    def within(self, allowed: Filters) -> Stood | None:
        """Return what answers it, where no pause keeps it out."""
        return self.stood if self.stood and self.stood.is_within(allowed) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is found and by whom, under which rules the guard hides, what a core draws.

    `plain` says a sentence in plain words, for seniors; `graphics`: a graphics card works too;
    `moratorium` says what may not be answered from.
    """

    passages: int = 10
    rules: str = ""
    watts_per_core: float = 15.0
    rights: Rights = EVERYTHING
    plain: Callable[[str], str] | None = None
    graphics: bool = False
    moratorium: Moratorium = NO_PAUSE
    is_closed: Callable[[], bool] = lambda: False
    """Whether nothing is answered or searched now, from whatever documents."""
    wait_seconds: float = 60.0
    """How long a question waits for its turn; past that its sealed extracts are the reply."""
    waiting_each: int = MAX_WAITING_EACH
    places: int = 1
    """How many questions are answered at once: as many as the model takes."""
    tracing: Tracing = NO_TRACING


class Answering(Protocol):
    """What the screens need of an assistant."""

    def steps(
        self,
        question: str,
        *,
        actor: str = "",
        role: str = "agent",
        audience: str = "agent",
        filters: Filters = NO_FILTER,
        language: str = "",
    ) -> Iterator[Step]: ...


class Assistant:
    """Answers from the town's documents, with checked quotes, or says why not."""

    def __init__(
        self,
        *,
        guard: QuestionGuard,
        read: ReadMatter,
        search: FindsPassages,
        weigher: Weigher,
        lister: ListsActs,
        model: LanguageModel,
        register: Register,
        limits: Limits,
        validated: FindValidated = no_cards,
        doubts: FindInDoubt | None = None,
        near: FindNear = nothing_near,
        sheet: AskSheet = no_sheet,
        turns: Turns | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        """`doubts`: the cards of which a model that was taught it tells whether they are asked.
        `turns`: those of another assistant that the same people ask; else its own.
        `calibration`: how this model was, if it was."""
        self._guard = guard
        self._read_matter = read
        self._search = search
        self._weigher = weigher
        self._lister = lister
        self._model = model
        self._beside = model.processor_seconds if isinstance(model, OwnProcessModel) else float
        self._register = register
        self._limits = limits
        self._read_same = ReadSame(model)
        self._cards, self._doubts = doubts, doubts if self._read_same.is_taught else None
        self._validated = self._doubts.at_once if self._doubts else validated
        self._near, self._sheet = near, sheet
        turns = turns or turns_of(limits)
        self._front, self._queue, self._under_way = turns.front, turns.queue, turns.under_way
        self._reads = True
        self._calibration = calibration

    @property
    def somebody_waits(self) -> bool:
        """Whether a question waits for its turn."""
        return len(self._queue) > 0

    @property
    def is_closed(self) -> bool:
        """Whether nothing is answered now: for maintenance, or before a restart."""
        return self._under_way.is_closed or self._limits.is_closed()

    def looking(self, *, search: FindsPassages, weigher: Weigher, lister: ListsActs) -> Assistant:
        """Return the same assistant, with the same queue, that looks elsewhere and has no card, nor
        the town's own sheet: these speak for the town."""
        other = copy(self)
        other._search, other._weigher, other._lister = search, weigher, lister
        other._validated, other._cards, other._doubts = no_cards, None, None
        other._near, other._sheet = nothing_near, no_sheet
        return other

    def quoting(self) -> Assistant:
        """Return an assistant that asks no model: it refuses, with the likeliest lines of what is
        found, however unlikely; none where a question is refused whatever is written."""
        other = self.looking(
            search=self._search, weigher=self._weigher, lister=NoLists(self._lister)
        )
        other._near, other._reads = nothing_near, False
        other._queue = FairQueue(
            places=SEARCHED_AT_ONCE, max_waiting_each=self._limits.waiting_each
        )
        return other

    def ask(
        self, question: str, *, actor: str = "", role: str = "agent", audience: str = "agent"
    ) -> Outcome:
        """Return the answer or the refusal, once all its steps are done."""
        *_, last = self.steps(question, actor=actor, role=role, audience=audience)
        if isinstance(last, Answer | Refusal):
            return last
        raise AssertionError("the pipeline ended without an outcome")

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
        """Yield the sources, each checked sentence, then the outcome.

        `filters` narrows what the audience may see; it never widens it. `language` is that of the
        page, in which the town's own sheet is said.
        """
        check_question(question)
        with (
            self._under_way.one(),
            exchange(
                self._register,
                actor=actor,
                role=role,
                audience=audience,
                model=self._model.name,
                rules=self._limits.rules,
                watts_per_core=self._limits.watts_per_core,
                plain=self._limits.plain if audience == "senior" else None,
                rights=self._limits.rights,
                graphics=self._limits.graphics,
                tracing=self._limits.tracing,
                beside=self._beside,
                quotes_only=not self._reads,
            ) as this,
            nullcontext() if role in UNASKED else asked(),
        ):
            if self.is_closed:
                this.intend(Screened(""), ())  # its words are not looked at, nor kept
                yield Found(question="", evidence=(), record=this.record)
                yield this.refuse(Reason.SUSPENDED)
                return
            allowed = self._limits.rights.filters(audience, filters)
            with self._front.passing():
                searched = self._searched(this, question, (audience, language), allowed)
                if searched:  # its place is held until its screen is drawn
                    marks = audience == "agent"
                    yield Found(
                        question=this.question,
                        evidence=this.evidence,
                        record=this.record,
                        lines=self._lines(searched) if marks else {},
                        sought=self._weigher.sought(this.question) if marks else frozenset(),
                    )
            if not searched:
                yield this.refuse(Reason.GUARD_CLOSED)
                return
            alone = searched[0].part.question if len(searched) == 1 else None

            left = self._left(searched, audience, allowed)
            reason, listing = (alone and alone.refusal) or left.refusal, None
            card = searched[0].within(left.filters) if alone and reason is None else None
            acts = alone if alone and reason is None and not searched[0].doubted.likely else None
            if acts and card is None:
                listing = self._lister(acts, left.evidence, left.filters)
            if card:
                yield from card.say(this)
            elif listing and listing.head and left.is_partial:
                reason = Reason.SUSPENDED  # a count that leaves acts out would be wrong
            elif listing:
                yield from listed(this, listing)
            elif acts and self._lister.wants(acts):
                reason = left.told(Reason.NOT_ANSWERED)  # no passage is counted in their place
            elif reason is None:
                with self._queue.enter(actor) as ticket:
                    with this.span("wait"), this.meter.paused():
                        yield from waited(ticket, self._limits.wait_seconds)
                    if not ticket.position:
                        reason = yield from self._in_force(this, searched, audience, allowed)
                    elif unread := self._unread(searched, left):
                        yield from unread.say(this)
                    else:
                        reason = waited_in_vain(ticket)
            if reason in MAY_LEAD and alone and audience == "agent":
                near = self._near(alone, left.filters)
                this.leads = with_near(this.leads, near)
            yield this.refuse(reason) if reason else this.answer()

    def _searched(
        self, this: Exchange, question: str, whom: tuple[str, str], allowed: Filters
    ) -> list[Searched]:
        """Hide, understand, search and seal a question; nothing where the guard is closed. `whom`:
        the audience, and the language of its page."""
        try:
            with this.span("guard") as span:
                screened = self._guard.screen(question)
                span.count(hidden=len(screened.findings))
        except (DetectorFailed, TextTooLong):
            this.intend(Screened(""), ())
            return []
        asked = self._lister.dated(self._read_matter(understand(screened)), allowed)
        with this.span("search") as span:
            each = self._of_sheet(Part(asked.text, asked), whom[1], allowed)
            if not each:
                parts = parts_of(asked, self._read_matter)
                each = [self._found(part, whom, allowed) for part in parts]
            evidence = with_last(
                together([one.sources for one in each]),
                together([one.doubted.evidence for one in each]),
            )
            span.count(passages=len(evidence))
        this.intend(screened, evidence, language=asked.language)
        return each

    def _lines(self, searched: Sequence[Searched]) -> Lines:
        """Return where to look in each source, for the first part that found it; nowhere for what
        is refused whatever is written."""
        lines = dict[str, Span]()
        for one in reversed(searched):
            if one.part.question.refusal is None:
                lines |= self._weigher.lines(one.part.question, one.sources)
        return lines

    def _of_sheet(self, part: Part, language: str, allowed: Filters) -> list[Searched]:
        """Return what the town's own sheet answers, before anything is read; nothing where it does
        not, and of a question to some documents alone. In another language than the documents' it
        may look like talk."""
        if allowed.documents is not None or part.question.refusal not in {None, *NO_QUESTION}:
            return []
        told = self._sheet(part.question, language)
        asked = replace(part, question=replace(part.question, refusal=None))
        return [Searched(asked, (), told)] if told else []

    def _found(self, part: Part, whom: tuple[str, str], allowed: Filters) -> Searched:
        """Search for one part of a question, and for somebody's answer to it; what is no question
        finds nothing."""
        stop_if_gone()
        audience, language = whom
        for of_sheet in self._of_sheet(part, language, allowed):
            return of_sheet
        card = None
        if part.question.refusal in {None, *NO_QUESTION}:
            card = self._validated(part.question, audience, allowed)
        if part.question.refusal in NO_QUESTION:
            if card is None or not card.is_word_for_word:
                return Searched(part, [])
            part = replace(part, question=replace(part.question, refusal=None))
        sources = self._search(
            Screened(part.question.text), limit=self._limits.passages, filters=allowed
        )
        tongue = language or part.question.language
        if card:
            return Searched(part, with_card(card, sources), card.said_in(tongue))
        if self._doubts is None or part.question.refusal is not None:
            return Searched(part, sources)
        doubted = self._doubts.doubted(part.question, audience, allowed)
        likely = [one.said_in(tongue) for one in doubted.likely]
        return Searched(part, sources, None, replace(doubted, likely=likely))

    def _left(self, searched: Sequence[Searched], audience: str, allowed: Filters) -> Left:
        """Return what no pause keeps out of what was found."""
        found = together([one.sources for one in searched])
        return self._limits.moratorium.left(audience, found, allowed)

    def _in_force(
        self, this: Exchange, asked: Sequence[Searched], audience: str, allowed: Filters
    ) -> Saying:
        """Answer from what no pause keeps out by now; the other sources stay shown."""
        whole, left = this.evidence, self._left(asked, audience, allowed)
        if left.refusal:
            return left.refusal
        this.evidence = left.evidence
        self._front.empty(SEARCHES_PASS_SECONDS)
        with answering():
            reason = yield from self._answer_each(this, asked, left)
        if reason is Reason.SUSPENDED:
            this.evidence = whole
        return reason

    def _answer_each(self, this: Exchange, asked: Sequence[Searched], left: Left) -> Saying:
        """Answer each part, then tell which have no answer; a reason where none has one."""
        shown, pointed = this.evidence, (this.evidence, this.told)
        leading = list[Lead]()
        allowed = {found.passage.id for found in shown}
        unanswered = list[tuple[Part, Reason, tuple[Lead, ...]]]()
        for one in asked:
            this.evidence, this.told, this.leads = shown, (), ()
            part, card = one.part, self._stands(one, left) if len(asked) > 1 else None
            evidence = [found for found in one.sources if found.passage.id in allowed]
            reason, listing = part.question.refusal, None
            if reason is None and card is None and one.doubted.likely:
                card = yield from self._read_card(this, one, left)
                shown = tuple(with_card(card, shown))
                this.evidence = shown
            if reason is None and card is None and (len(asked) > 1 or one.doubted.likely):
                listing = self._lister(part.question, evidence, left.filters)
            if card and reason is None:
                yield from card.say(this)
            elif listing and listing.head and left.is_partial:
                reason = Reason.SUSPENDED
            elif listing:
                reason = yield from listed(this, listing)
            elif reason is None and self._lister.wants(part.question):
                reason = left.told(Reason.NOT_ANSWERED)
            elif reason is None:
                before = len(this.sentences)
                reason = left.told((yield from self._answer(this, part.question, evidence)))
                if len(this.sentences) > before:
                    this.made(Via.DOCUMENTS)
            if reason:
                pointed = pointed if unanswered else (this.evidence, this.told)
                leading += this.leads
                unanswered.append((part, reason, this.leads))
        if len(unanswered) == len(asked):
            this.evidence, this.told = pointed
            this.leads = likeliest(leading, MOST_LEADS if self._reads else MOST_QUOTES)
            refused = (one.part.question.refusal for one in asked)
            reason = next(filter(None, refused), unanswered[0][1])  # no search mends a refusal
            if reason is not unanswered[0][1]:
                this.told = ()
            return reason
        this.evidence = shown
        for part, reason, lines in unanswered:
            is_paused = reason is Reason.SUSPENDED  # whatever else comes near
            yield this.note(part_left(part, reason, has_leads=bool(lines) and not is_paused))
        return None

    def _stands(self, asked: Searched, left: Left) -> Stood | None:
        """Return what somebody stood for that answers a part, as it stands now."""
        stood = asked.within(left.filters)
        return self._still(stood, left) if isinstance(stood, Validated) else stood

    def _read_card(
        self, this: Exchange, asked: Searched, left: Left
    ) -> Generator[Step, None, Stood | None]:
        """Have the model read the cards in doubt, and return the one that is asked, as it stands
        now."""
        stop_if_gone()
        yield Looking(passages=tuple(found.passage for found in asked.doubted.evidence))
        with this.span("compare"):
            try:
                card = asked.doubted.read(asked.part.question.text, self._read_same)
            except ModelFailed:
                card = asked.doubted.unread()
        return self._still(card, left)

    def _unread(self, searched: Sequence[Searched], left: Left) -> Stood | None:
        """Return the card that answers the one part of a question whose turn did not come."""
        (one, *others) = searched
        return None if others else self._still(one.doubted.unread(), left)

    def _still(self, card: Validated | None, left: Left) -> Stood | None:
        """Return a card as it stands now: it may have been withdrawn while the question waited."""
        return self._cards.still(card, left.filters) if card and self._cards else None

    def _answer(self, this: Exchange, question: Question, evidence: Sequence[Retrieved]) -> Saying:
        """Yield checked sentences; return why there are none, or nothing."""
        stop_if_gone()
        candidates = self._weigher.candidates(question, evidence)
        if not self._reads:
            this.leads = leads(question, candidates, None, most=MOST_QUOTES, floor=0.0)
            return Reason.NOT_ANSWERED if this.leads else Reason.NO_EVIDENCE
        if not candidates or max(c.reach for c in candidates) < SPEAKS_FROM:
            return Reason.NO_EVIDENCE
        otherwise = contradicted(question.text, candidates[:RIVALS])
        if otherwise:
            this.point_to([otherwise.passage], cited([otherwise], first=1))
            return Reason.FALSE_PREMISE

        way = self._calibration.way if self._calibration else ALONE
        found = excerpts(candidates, question.years, chars_of(way))
        with this.span("read") as span:
            span.count(excerpts=len(found))
            stop_if_gone()
            if compared := seen(self._model, question, candidates):
                yield Looking(passages=compared)
            selection = select(self._model, question, candidates)
            likeliest_lines = leads(question, candidates, selection)
            if selection and likeliest_lines and this.audience == "agent":
                yield this.lead(likeliest_lines[:1])
            by = self._judge(question, candidates, selection)
            judged = yield from judge(self._model, Frame(question, found), found, selection, by)
        if judged is None or not judged.answers:
            this.point_to(excerpt.passage for excerpt in found[: len(EXCERPT_CHARS)])
            this.leads = likeliest_lines
            return Reason.NOT_ANSWERED
        if is_hidden(judged.said, question):
            return Reason.PERSONAL_DATA

        this.leads = likeliest_lines  # where it may not be said after all
        carrier = judged.carrier
        rivals = [carrier, *(c for c in candidates[:RIVALS] if c is not carrier)]
        chosen, reason, sources = standing(question.text, 0, rivals)
        if reason:
            told = sources if reason is Reason.CONTRADICTION else ()
            this.point_to((source.passage for source in sources), cited(told, first=1))
            return reason
        if chosen:  # a later act says the same with other figures: its own words are the answer
            return (yield from quote(this, [rivals[chosen]], question.text))
        if isinstance(judged, LineJudged):
            return (yield from quote(this, [carrier], question.text))
        return (yield from say(this, self._guard, question, judged, found[judged.index]))

    def _judge(
        self, question: Question, candidates: Sequence[Candidate], selection: Selection | None
    ) -> Judge | None:
        """Return the judge of a model that was calibrated."""
        if self._calibration is None:
            return None
        return Judge(self._calibration, likely_lines(self._model, question, candidates, selection))


def turns_of(limits: Limits) -> Turns:
    """Return the way in and the queue that these limits give."""
    return Turns(
        front=Front(SEARCHED_AT_ONCE),
        queue=FairQueue(places=limits.places, max_waiting_each=limits.waiting_each),
    )


def with_last(found: Sequence[Retrieved], beside: Sequence[Retrieved]) -> tuple[Retrieved, ...]:
    """Return sources, then those that are not among them yet."""
    known = {one.passage.id for one in found}
    return (*found, *(one for one in beside if one.passage.id not in known))


def together(each: Sequence[Sequence[Retrieved]]) -> tuple[Retrieved, ...]:
    """Return what was found for each part, once, the best of each first."""
    kept = dict[str, Retrieved]()
    for found in (one for row in zip_longest(*each) for one in row if one):
        best = kept.get(found.passage.id)
        kept[found.passage.id] = best if best and best.score >= found.score else found
    return tuple(kept.values())


def with_near(found: tuple[Lead, ...], near: Lead | None) -> tuple[Lead, ...]:
    """Return where to read, a line of the nearest validated answer last."""
    if near is None:
        return found
    place = (near.citation.document, near.citation.page, near.citation.start)
    others = (
        one
        for one in found
        if (one.citation.document, one.citation.page, one.citation.start) != place
    )
    return (*list(others)[: MOST_LEADS - 1], near)


def part_left(part: Part, reason: Reason, *, has_leads: bool) -> str:
    """Say which part of a question has no answer, and why; that nothing answers is not said where
    a line comes near."""
    texts = Texts(part.question.language)
    words = shorten(part.words.rstrip(" ?!."), MAX_NOTED_CHARS, placeholder=" …")
    why = texts("answer", "part_leads") if has_leads else texts("refusal", reason.value)
    return texts("answer", "part_left", part=words, why=why)


def waited(ticket: Ticket, seconds: float) -> Iterator[Waiting]:
    """Tell the place in the queue until it is its turn, or so many seconds are over."""
    end = time.monotonic() + seconds
    while (position := ticket.position) and time.monotonic() < end:
        yield Waiting(position=position, own=ticket.own)
        ticket.wait(position, min(POLL_SECONDS, max(0.0, end - time.monotonic())))
        stop_if_gone()


def waited_in_vain(ticket: Ticket) -> Reason:
    """Say why it was not its turn: nobody else is blamed for a person's own questions."""
    return Reason.BUSY_OWN if ticket.waits_for_own_only else Reason.BUSY


def check_question(question: str) -> None:
    """Raise BadQuestion for an empty question or one that is too long."""
    if not question.strip():
        raise BadQuestion("empty_question")
    if len(question) > MAX_QUESTION_CHARS:
        raise BadQuestion("long_question", chars=len(question), max_chars=MAX_QUESTION_CHARS)
