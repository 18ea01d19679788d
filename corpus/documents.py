# SPDX-License-Identifier: EUPL-1.2
"""The values that travel through the corpus, in the order they appear.

    file ──reader──▶ SourceDocument ──guard, split──▶ Passage… ──search──▶ Retrieved…

A SourceDocument is raw and never stored; a Passage is screened and can be
quoted: it knows its document and its page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from guardrails.findings import Screened


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a source, as read: raw text, not screened yet. Numbers count from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A file that was read. `id` is the SHA-256 of its bytes, in hexadecimal.

    `name` is the path relative to the folder that was added, with `/`; `needs`
    names what pages without text wait for (`ocr`), `waiting_pages` which ones.
    """

    id: str
    name: str
    media_type: str
    pages: tuple[Page, ...]
    needs: str = ""
    waiting_pages: tuple[int, ...] = ()


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
    """What a search may look at; empty means everything."""

    collections: frozenset[str] = field(default_factory=frozenset)
    documents: frozenset[str] = field(default_factory=frozenset)
