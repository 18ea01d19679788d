# SPDX-License-Identifier: EUPL-1.2
"""What the assistant says, in the order in which it says it.

    Found(evidence) ─▶ Waiting… ─▶ Looking… ─▶ Leading(lead) ─▶ Said(sentence)… ─▶ Answer │ Refusal

Each value was sealed in the register before it left the pipeline; `record`
names the exchange there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.documents import Passage, Retrieved
from corpus.packs import Pack

if TYPE_CHECKING:
    from corpus.french import Forms


class Reason(StrEnum):
    """Why the assistant would rather not answer. The words live in `texts/`."""

    NO_EVIDENCE = "no_evidence"
    NOT_ANSWERED = "not_answered"
    NOT_GROUNDED = "not_grounded"
    CONTRADICTION = "contradiction"
    OUT_OF_DATE = "out_of_date"
    INDIVIDUAL_VERDICT = "individual_verdict"
    PERSONAL_DATA = "personal_data"
    FALSE_PREMISE = "false_premise"
    OFF_TOPIC = "off_topic"
    TALK = "talk"
    GUARD_CLOSED = "guard_closed"
    SUSPENDED = "suspended"
    BUSY = "busy"
    BUSY_OWN = "busy_own"


MAY_LEAD = frozenset(
    {
        Reason.NO_EVIDENCE,
        Reason.NOT_ANSWERED,
        Reason.NOT_GROUNDED,
        Reason.CONTRADICTION,
        Reason.OUT_OF_DATE,
    }
)
"""Refusals beside which lines to read are shown. Not beside what is refused whatever is written
(personal data, a verdict on somebody, what is off the town's matters, a closed guard, a pause),
nor where a source denies what the question supposes: it is quoted already."""


NO_QUESTION = frozenset({Reason.OFF_TOPIC, Reason.TALK})
"""Refusals of what asks nothing of the town: another matter, or what is said to the assistant
itself (a greeting, thanks). Nothing is looked for."""


class Own(StrEnum):
    """What another question of the same person does, that this one waits for."""

    READ = "read"
    WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A sentence of a source, as the source has it, found there by string match.

    `number` is how the answer points to it, from 1; `document` and `page` find
    the page; `start` and `end` count characters of the screened page. `pack`: the pack that its
    document came with, as it stood when it was quoted.
    """

    number: int
    document: str
    file: str
    page: int
    quote: str
    start: int
    end: int
    verified: bool = True
    pack: Pack | None = None


class Author(StrEnum):
    """Whose words a sentence is made of."""

    MODEL = "model"  # the language model wrote it
    SOURCE = "source"  # a document says it so, or said plainly by rules
    PROGRAM = "program"  # set words of this program: a count, a note
    PERSON = "person"  # somebody of the town wrote it, and stood for it (a card)


class Via(StrEnum):
    """What an answer was made from."""

    DOCUMENTS = "documents"  # read in passages by the model
    ACTS = "acts"  # counted or listed from what is known of the acts
    CARD = "card"  # validated by a person, said from the same quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Who stood for a validated answer: the card, the office and the pseudonym, for which service
    of the town, and when (UTC).

    Of the town's own sheet (`assistant/sheet/`) nobody in particular did: `role` is empty, `at` is
    the day of its last change. `language` is that of what is said, empty for French.
    """

    card: str = ""
    role: str = ""
    by: str = ""
    at: str = ""
    language: str = ""
    service: str = ""


NO_VALIDATION = Validation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an answer and the numbers of the citations that carry it.

    A note is about the answer: which part of the question has none. A sentence of which nobody
    says whose words it is counts as the model's: marked once too often, never once too little.
    """

    text: str
    citations: tuple[int, ...]
    is_note: bool = False
    author: Author = Author.MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where the register proves an outcome: its entry's place and leaf hash (hexadecimal) in the
    log `origin`, and the exchange that ties it to its question, sources and sentences."""

    record: str = ""
    origin: str = ""
    index: int | None = None
    leaf: str = ""


NO_PROOF = Proof()


Span = tuple[int, int]
"""Where a stretch of a screened page begins and ends, in characters."""

Lines = Mapping[str, Span]
"""Where the likeliest line of a passage stands, by the passage's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The sources, shown at once. `question` is as the pipeline sees it: in its hidden form;
    `sought`: its words as the search knows them."""

    question: str
    evidence: tuple[Retrieved, ...]
    record: str
    lines: Lines = field(default_factory=dict, hash=False)
    sought: Forms = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Others are before; `position` is 1 for the next to be served. `own`: one of them is the
    same person's."""

    position: int
    own: Own | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What is read now, of the sources that were shown: several, whose lines are compared, or the
    one that an answer is looked for in."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One checked sentence with the citations that it brings."""

    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Sentences that each rest on a quote found in a passage; counts and notes do not."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    record: str
    seconds: float
    energy_wh: float
    energy_method: str = ""
    proof: Proof = NO_PROOF
    via: Via = Via.DOCUMENTS
    validation: Validation = NO_VALIDATION

    @property
    def text(self) -> str:
        """The sentences, each followed by the numbers of its citations."""
        return " ".join(
            s.text + "".join(f" [{number}]" for number in s.citations) for s in self.sentences
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Where to read: a line of a source that may answer, quoted word for word.

    It is no answer: nothing but its place was checked. `under` are the lines that it stands under,
    the outermost first; `score` is the probability (0 to 1) that it answers. `card`: the validated
    answer that quotes it to a question near this one (`asked`), shown to agents only; `score` is
    then the cosine of both questions.
    """

    citation: Citation
    under: tuple[str, ...]
    score: float
    card: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """The likeliest line, to be read while the answer is still looked for; what comes after takes
    its place."""

    leads: tuple[Lead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no answer, and where to read instead.

    `told` are the sentences that the reason speaks of: what an act says instead of what was
    supposed, or what two sources say differently. `leads` are the likeliest lines, three at most,
    `nearest` the passages that were found.
    """

    reason: Reason
    nearest: tuple[Retrieved, ...]
    record: str
    seconds: float
    energy_wh: float
    energy_method: str = ""
    told: tuple[Citation, ...] = ()
    leads: tuple[Lead, ...] = ()
    proof: Proof = NO_PROOF


Outcome = Answer | Refusal
Step = Found | Waiting | Looking | Leading | Said | Answer | Refusal
