# SPDX-License-Identifier: EUPL-1.2
"""The values that travel through the corpus, in the order they appear.

    file ──reader──▶ SourceDocument ──guard, split──▶ Passage… ──search──▶ Retrieved…

A SourceDocument is raw and never stored; a Passage is screened and can be
quoted: it knows its document and its page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.packs import Pack
from corpus.structure import Line, Structure
from guardrails.findings import Screened

CORRESPONDENCE = "correspondance"
"""The collection of letters, mails, forms and cases of persons, and of what is not sorted yet."""

PUBLIC = "public"
DROPPED = "depot-"
"""How the id begins of a document that somebody dropped for one conversation: none of the town's,
never kept (`corpus/dropped.py`)."""

UNFILED = "default"
"""The collection of what was added without one: for agents, until somebody declares it public."""


def is_dropped(document: str) -> bool:
    """Whether an id is that of a file that was dropped for one conversation."""
    return document.startswith(DROPPED)


@dataclass(frozen=True, slots=True)
class Box:
    """Where characters `start` to `end` of a page's text stand on its picture, in thousandths
    of its width and height from the top left; never the characters themselves."""

    start: int
    end: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Scan:
    """How sure the words of a scanned page are (0 to 1), and where they stand."""

    confidence: float
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a source, as read: raw text, not screened yet. Numbers count from 1.

    `scan` is set where the text was made out from the page's picture; `lines` say what its reader
    knew of them.
    """

    number: int
    text: str
    scan: Scan | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A file that was read. `id` is the SHA-256 of its bytes, in hexadecimal.

    `name` is the path relative to the folder that was added, with `/`; `needs`
    names what pages without text wait for (`ocr`, `clearer_scan`), `waiting_pages` which
    ones. `flags` say what an administrator should know: `hidden_sheet`, `hidden_text`,
    `tracked_changes`, `comments`, `macros`, `poor_scan`, `left_out` (an attachment),
    `personal_unseen`. `unseen` is what the file's reader does not see: screened, never kept.
    """

    id: str
    name: str
    media_type: str
    pages: tuple[Page, ...]
    needs: str = ""
    waiting_pages: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def scanned_pages(self) -> int:
        """Count the pages that are pictures, made out or not."""
        return sum(page.scan is not None for page in self.pages) + len(self.waiting_pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one screened page, short enough to be quoted and embedded.

    `start` and `end` count characters of the screened page; `heading` is what
    the passage stands under (title, article), screened too.
    """

    id: str
    document: str
    file: str
    page: int
    ordinal: int
    collection: str
    heading: str
    text: Screened
    start: int
    end: int
    item: int = 0
    """Rank of the agenda item that it belongs to, 0 outside of minutes."""

    kind: str = ""
    dated: str = ""
    """The act's kind and ISO date, empty where the document does not say."""

    superseded_by: str = ""
    """The label of the act that repealed or replaced this one."""

    amended_by: str = ""
    """The document of the latest act that amends this one, which stays in force."""

    label: str | None = field(default=None, compare=False)
    """How its act is called, empty where the document does not say; None where it is not known, and
    for a file that was dropped, which goes by its own name."""

    pack: Pack | None = field(default=None, compare=False)
    """The pack that its document came with, where it came with one."""

    structure: Structure | None = field(default=None, compare=False, repr=False)
    """Its page and what is known of the page's lines; set where it was searched for."""

    def ancestors(self, start: int) -> tuple[str, ...]:
        """Return what the line of a character of the page stands under, the outermost first, as
        short texts; the passage's own heading where nothing else is known."""
        over = self.structure.ancestors(start) if self.structure else ()
        return over or ((self.heading,) if self.heading else ())

    @property
    def in_force(self) -> bool:
        """Say whether no act of the corpus has repealed or replaced this one."""
        return not self.superseded_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """A passage that was found, and how near: a score belongs to a search.

    `score` fuses both lists (0 to 1); `lexical` is the raw BM25 (0 if the words
    did not match), `cosine` the vectors' (0 if it was not among the nearest).
    """

    passage: Passage
    score: float
    lexical: float = 0.0
    cosine: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search may look at: None lets everything through, an empty set nothing.

    `since` and `until` are ISO dates of acts, both included; an act without a date is
    outside of any. `kinds` are those of `corpus.acts.KINDS`.
    """

    collections: frozenset[str] | None = None
    documents: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    since: str = ""
    until: str = ""

    @property
    def is_closed(self) -> bool:
        """Say whether nothing at all can get through."""
        return any(
            allowed is not None and not allowed
            for allowed in (self.collections, self.documents, self.kinds)
        )
