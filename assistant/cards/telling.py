# SPDX-License-Identifier: EUPL-1.2
"""Lines of the corpus of which a question could be written: what people ask a town hall for.

    documents ─those that residents read first─▶ page ─lines, sentences▶ Told(hours, price, …)

The documents take turns, so that a long one does not keep a night for itself. What waits for a
person, what another act replaced and what somebody wrote to the town tells nobody anything here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.evidence import holds
from assistant.understanding.questions import QuestionKind
from corpus.documents import CORRESPONDENCE
from corpus.passages import PassageStore, StoredDocument
from corpus.quarantine import is_waiting
from corpus.sentences import sentences
from corpus.structure import Kind as LineKind
from corpus.structure import Line, Structure
from guardrails.placeholders import PLACEHOLDER
from guardrails.values import Kind, values

FEWEST_WORDS = 4
MOST_CHARS = 400
EVERYDAY = frozenset({"", "règlement", "tarifs"})
"""Kinds of papers that tell people what holds for them; acts and minutes come after."""


class Tells(StrEnum):
    """What a line tells, the likeliest to be asked first."""

    HOURS = "hours"
    PRICE = "price"
    PAPERS = "papers"  # a list: what to bring, what to do
    CONTACT = "contact"
    PROCEDURE = "procedure"  # within which time, from which age

    @property
    def likely(self) -> float:
        """How likely it is to be asked, where nobody did yet (below 1)."""
        return 0.9 - 0.1 * [*Tells].index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A line: where it stands (`start` and `end` count characters of the screened page), what it
    says alone and what it stands under. `tells` is None where somebody asked of its matter."""

    document: StoredDocument
    page: int
    start: int
    end: int
    words: str
    heading: str
    tells: Tells | None = None


def told_lines(
    store: PassageStore,
    may_read: Callable[[StoredDocument], bool],
    tried: Callable[[StoredDocument], set[tuple[int, int]]],
) -> Iterator[Told]:
    """Yield lines that tell something, one of each document in turn; `may_read` says whether
    residents may read a document, `tried` which lines (page, start) are not to come again."""
    known = [one for one in store.documents() if is_open(store, one)]
    known.sort(key=lambda one: (not may_read(one), one.act.kind not in EVERYDAY))
    turns = deque(of_document(store, one, tried) for one in known)
    while turns:
        lines = turns.popleft()
        line = next(lines, None)
        if line is not None:
            yield line
            turns.append(lines)


def is_open(store: PassageStore, document: StoredDocument) -> bool:
    """Whether questions may be written of a document."""
    if document.collection == CORRESPONDENCE or is_waiting(document):
        return False
    return not any(one.superseded_by for one in store.passages_of(document.id)[:1])


def of_document(
    store: PassageStore,
    document: StoredDocument,
    tried: Callable[[StoredDocument], set[tuple[int, int]]],
) -> Iterator[Told]:
    """Yield the lines of a document that tell something, page by page, the likeliest first."""
    known = tried(document)
    for page, _ in store.pages(document.id):
        structure = store.structure(document.id, page)
        if structure is not None:
            found = [
                Told(document=document, page=page, start=start, end=end, tells=told,
                     words=structure.said(start, end), heading=heading(document, structure, start))
                for line in structure.lines
                for start, end in spans(structure, line)
                if (page, start) not in known and (told := tells(structure, line, start, end))
            ]  # fmt: skip
            yield from sorted(found, key=lambda one: [*Tells].index(one.tells or Tells.PROCEDURE))


def spans(structure: Structure, line: Line) -> list[tuple[int, int]]:
    """Return what of a line can be asked of: a row, an item, each sentence of a paragraph."""
    if line.kind is LineKind.HEADING:
        return []
    if line.kind is not LineKind.TEXT:
        return [(line.start, line.end)]
    text = structure.text[line.start : line.end]
    return [(line.start + start, line.start + end) for start, end in sentences(text)]


def tells(structure: Structure, line: Line, start: int, end: int) -> Tells | None:
    """Return what a stretch of a line tells; None for nothing, or what names somebody."""
    words = structure.text[start:end]
    if len(words.split()) < FEWEST_WORDS or len(words) > MOST_CHARS or PLACEHOLDER.search(words):
        return None
    kinds = {value.kind for value in values(words)}
    if Kind.HOUR in kinds:
        return Tells.HOURS
    if Kind.AMOUNT in kinds:
        return Tells.PRICE
    if holds(QuestionKind.CONTACT, words):
        return Tells.CONTACT
    if line.kind is LineKind.ITEM and len(structure.siblings(line.start)) > 1:
        return Tells.PAPERS
    return Tells.PROCEDURE if kinds & {Kind.DURATION, Kind.AGE} else None


def heading(document: StoredDocument, structure: Structure, start: int) -> str:
    """Return what a line stands under, with what its document is."""
    over: Sequence[str] = structure.ancestors(start)
    return " > ".join(filter(None, (document.act.label, *over))) or document.file
