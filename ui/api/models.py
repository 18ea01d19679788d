# SPDX-License-Identifier: EUPL-1.2
"""The shapes of our own API, as /api/openapi.json describes them; a field that is not here is
refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import PydanticCustomError

from assistant.answers import Author, Own, Reason, Via
from assistant.pipeline import MAX_QUESTION_CHARS
from corpus.acts import KINDS
from corpus.documents import Filters
from guardrails.findings import Entity
from guardrails.register import Kind
from ui.anonymise import MAX_TEXT_CHARS

FIRST_YEAR, LAST_YEAR = 1900, 2200
D = TypeVar("D", date, datetime)


def _in_time(day: D) -> D:
    """Refuse what no calendar of ours reaches: turned into another time zone, it would not be."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        limits = {"ge": FIRST_YEAR, "le": LAST_YEAR}
        raise PydanticCustomError("out_of_time", "not between {ge} and {le}", limits)
    return day


Name = Annotated[str, Field(max_length=100)]
Day = Annotated[date, AfterValidator(_in_time)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_time)]
MAX_FOUND = 100
MAX_LISTED = 500
MAX_OFFSET = 10**9


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Narrowed(Shape):
    """What narrows a question; a key's own collections narrow it further."""

    collections: list[Name] | None = Field(
        None, max_length=50, description="Only these; all if null"
    )
    kinds: list[Name] | None = Field(
        None, max_length=20, description=f"Kinds of acts: {', '.join(KINDS)}"
    )
    since: Day | None = Field(None, description="Acts of this day or later")
    until: Day | None = Field(None, description="Acts of this day or earlier")

    def filters(self) -> Filters:
        return Filters(
            collections=None if self.collections is None else frozenset(self.collections),
            kinds=None if self.kinds is None else frozenset(self.kinds),
            since=self.since.isoformat() if self.since else "",
            until=self.until.isoformat() if self.until else "",
        )


class Question(Narrowed):
    """A question."""

    question: str = Field(max_length=MAX_QUESTION_CHARS)


class Ask(Question):
    """A question. With `stream`, the answer comes as server-sent events."""

    stream: bool = False


class Search(Question):
    """What to look for."""

    limit: int = Field(10, ge=1, le=MAX_FOUND)


class Screen(Shape):
    """A text whose personal data is to be hidden; nothing is kept of it."""

    text: str = Field(max_length=MAX_TEXT_CHARS)


class Pack(Shape):
    """The signed pack that a guide came with, as it stood when it was quoted. Show its source and
    date: its licence asks for them. `month`: 2026-11; `becoming`: the month of the pack that was
    taking its place; `updated`: the day that the guide gives as that of its text."""

    name: str
    month: str
    becoming: str
    updated: str


class Quoted(Shape):
    """A sentence of a source, word for word; `start` and `end` count characters of its page."""

    number: int
    document: str
    file: str
    page: int
    quote: str
    start: int
    end: int
    verified: bool
    pack: Pack | None = None


class LeadOut(Shape):
    """Where to read beside a refusal: a line of a source, word for word. It is no answer.

    `start` and `end` count characters of its page; `under` are the headings that it stands under.
    """

    document: str
    file: str
    page: int
    quote: str
    start: int
    end: int
    under: list[str]
    score: float = Field(description="Probability, from 0 to 1, that the line answers")
    card: str = Field(
        "",
        description="The validated answer to a question near this one that quotes it; `score` is "
        "then how near (cosine)",
    )
    pack: Pack | None = None


class Told(Shape):
    """A sentence and the numbers of the citations that carry it."""

    text: str
    citations: list[int]
    author: Author = Field(
        description="Whose words: the model's, a source's, this program's or a person's"
    )


class Found(Shape):
    """A passage, hidden; `ended_by` names the act that replaced it."""

    document: str
    file: str
    page: int
    start: int
    end: int
    score: float
    text: str
    collection: str
    ended_by: str
    pack: Pack | None = None


class Proof(Shape):
    """Where the register `origin` proves an outcome: the place and the leaf hash of its entry, and
    the exchange `record` that ties it to its question, sources and sentences. `path`: where this
    program's own key is handed the files of c2sp.org/tlog-proof."""

    record: str
    origin: str
    index: int | None
    leaf: str
    path: str


class Outcome(Shape):
    """An answer, or why there is none and what to do next. `question` is in its hidden form;
    `record` names the exchange in the register."""

    status: Literal["answer", "refusal"]
    reason: Reason | None
    question: str
    text: str
    sentences: list[Told]
    citations: list[Quoted]
    nearest: list[Found]
    leads: list[LeadOut] = Field(
        [], description="Beside a refusal, the likeliest lines; show that they are no answer"
    )
    via: Via = Field(Via.DOCUMENTS, description="What the answer was made from")
    card: str = Field("", description="The validated answer that it is, if it is one")
    notice: str = Field(description="Says that it is a machine's; show it with the answer")
    ai_generated: bool = Field(description="Whether a language model wrote any of its sentences")
    digital_source_type: str = Field(description="What it is made of, by IPTC's NewsCodes")
    proof: Proof
    record: str
    seconds: float
    energy_wh: float


class Sources(Shape):
    """The first event: the passages found, before anything is said."""

    question: str
    record: str
    passages: list[Found]


class Leads(Shape):
    """An event while the answer is looked for: the likeliest line. What follows takes its place."""

    leads: list[LeadOut]


class Place(Shape):
    """An event while others are before: 1 for the next to be served; `own`: another question of
    the same key is read, or waits, before it."""

    position: int
    own: Own | None


class Sentence(Told):
    """An event: one checked sentence, and the citations that it brings."""

    brings: list[Quoted]


class Failed(Shape):
    """The last event, where something failed."""

    code: str
    message: str


class SearchReply(Shape):
    passages: list[Found]


class Hidden(Shape):
    """Where personal data was in the text that was sent, and of which kind."""

    entity: Entity
    start: int
    end: int
    rule: str
    score: float


class ScreenReply(Shape):
    text: str
    findings: list[Hidden]


class Listing(Shape):
    """Which documents to list."""

    collection: Name | None = None
    kind: Name | None = None
    since: Day | None = None
    until: Day | None = None
    offset: int = Field(0, ge=0, le=MAX_OFFSET)
    limit: int = Field(100, ge=1, le=MAX_LISTED)


class Document(Shape):
    id: str
    file: str
    collection: str
    pages: int
    kind: str
    number: str
    date: str
    label: str
    added: str


class Documents(Shape):
    count: int = Field(description="How many there are in all")
    documents: list[Document]


class Verdict(Shape):
    """What a whole verification of the register found; `index`: the first entry that fails."""

    holds: bool
    size: int
    origin: str
    trouble: str | None
    index: int | None
    sentence: str
    remarks: list[str]


class Checkpoint(Shape):
    """A signed note of the register as it is."""

    note: str


class Record(Shape):
    """Which answer."""

    record: str = Field(
        pattern=r"^[0-9a-zA-Z_-]{1,64}$", description="The `record` that came with the answer"
    )


class ProofFile(Shape):
    """The proof of one entry. `text`: a file of c2sp.org/tlog-proof, to be kept under `name`.
    `contents`: the line of `contenus.jsonl` that opens what was sealed; empty once erased."""

    index: int
    kind: str
    name: str
    text: str
    contents: str


class ProofReply(Shape):
    """The proofs of an answer. `notice` says what who keeps them must know: show it before."""

    record: str
    origin: str
    notice: str
    proofs: list[ProofFile]
    handovers: str


class Entries(Shape):
    """Which entries to read, the newest first; `before` is the `further` of the page before."""

    since: Moment | None = None
    until: Moment | None = None
    kind: Kind | None = None
    exchange: Annotated[str, Field(pattern=r"^[0-9a-f]{0,32}$")] = ""
    before: int | None = Field(None, ge=0, le=10**15)
    limit: int = Field(50, ge=1, le=200)


class EntriesReply(Shape):
    """`further`: where to go on, null once all was read; an entry as `greffier register show`
    has it."""

    entries: list[dict[str, JsonValue]]
    further: int | None
