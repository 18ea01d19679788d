# SPDX-License-Identifier: EUPL-1.2
"""Classifier of passages: what tells of a person's health, social aid, offences, beliefs, intimacy.

    vector of a passage ─────────────┐
    placeholders, terms, act, file ──┴▶ features ─logistic head▶ log-odds ▶ Concern… ─▶ quarantine
                                               └─one head a category▶ which of the five

Ingestion embeds every passage anyway. A subsidy against cancer, a leaflet on heat waves and a
report on unpaid water bills speak of a service; a letter about a mother's fall has none of the
terms that a list would hold: both are learnt, from invented papers (`benchmarks/quarantine.py`,
which prints how often it is wrong). The head is one embedder's and lies in `sensitive/` under its
name; without one, each anchor of `guardrails.special` counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from corpus.acts import Act
from corpus.audience import GROUPS, Kind, group_counts
from corpus.prepare import Prepared
from corpus.seams import Vectors
from guardrails.findings import Screened
from guardrails.special import (
    Category,
    Concern,
    concerns,
    is_somebodys,
    names_somebody,
    sentences_with_terms,
    terms_in,
)

FOLDER = Path(__file__).with_name("sensitive")
CATEGORIES = tuple(Category)
WITHOUT_A_TERM = 1.0
"""Log-odds more for a passage of an act without any term: a list of names looks like a file."""

STRUCTURE = 2 * len(GROUPS) + len(CATEGORIES) + 5
"""How many features stand before those of the vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageContext:
    """A passage in its hidden form, and what is known of its document."""

    text: str
    vector: Vectors
    act: Act
    is_file: bool


@dataclass(frozen=True, slots=True)
class SensitiveHead:
    """Logistic regressions over `features`, of STRUCTURE + dimension values, each a row with its
    bias last: `private` learnt on somebody's papers, `public` on all, `categories` one each of
    CATEGORIES.

    A passage of somebody's paper is a concern above `private_threshold` of the first, one of a
    public paper above `public_threshold` of the second if it names a person; without a term of
    `guardrails.special` it must be surer. Thresholds are log-odds.
    """

    private: Vectors
    public: Vectors
    categories: Vectors
    private_threshold: float
    public_threshold: float

    def odds(self, passage: PassageContext, *, is_private: bool) -> float:
        """Return the log-odds that a passage tells of somebody's private life."""
        row = self.private if is_private else self.public
        return float(features(passage) @ row[:-1] + row[-1])

    def category(self, passage: PassageContext) -> Category:
        """Return what it tells of, the likeliest of the five."""
        scores = self.categories[:, :-1] @ features(passage) + self.categories[:, -1]
        return CATEGORIES[int(np.argmax(scores))]

    def is_told(self, passage: PassageContext, *, is_private: bool) -> bool:
        odds = self.odds(passage, is_private=is_private)
        if is_private:
            return odds > self.private_threshold
        sure = self.public_threshold + (0.0 if terms_in(passage.text) else WITHOUT_A_TERM)
        return names_somebody(passage.text) and odds > sure

    @property
    def mark(self) -> str:
        """Name it by what it holds: what another head ruled on is read again."""
        rows = (self.private, self.public, *self.categories)
        held = b"".join(row.astype(np.float32).tobytes() for row in rows)
        figures = repr((self.private_threshold, self.public_threshold))
        return sha256(held + figures.encode()).hexdigest()[:16]

    @classmethod
    def of(cls, embedder: str) -> SensitiveHead | None:
        """Return the head that was learnt for an embedder; nothing where none was."""
        return _read(embedder)

    def write(self, embedder: str) -> None:
        FOLDER.mkdir(exist_ok=True)
        np.savez(
            FOLDER / f"{embedder}.npz",
            private=self.private.astype(np.float32),
            public=self.public.astype(np.float32),
            categories=self.categories.astype(np.float32),
            private_threshold=self.private_threshold,
            public_threshold=self.public_threshold,
        )


@cache
def _read(embedder: str) -> SensitiveHead | None:
    path = FOLDER / f"{embedder}.npz"
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as kept:
        return SensitiveHead(
            kept["private"],
            kept["public"],
            kept["categories"],
            float(kept["private_threshold"]),
            float(kept["public_threshold"]),
        )


def features(passage: PassageContext) -> Vectors:
    """Return what the head looks at, shape (STRUCTURE + dimension,)."""
    text, chars = passage.text, max(len(passage.text), 1)
    groups, terms = group_counts(text), terms_in(text)
    structure = [
        *(np.log1p(1_000 * groups[rank] / chars) for rank in range(len(GROUPS))),
        *(float(groups[rank] > 0) for rank in range(len(GROUPS))),
        *(np.log1p(terms[category]) for category in CATEGORIES),
        np.log(chars) / 10,
        float(passage.is_file),
        float(bool(passage.act.kind)),
        float(bool(passage.act.number)),
        float(names_somebody(text)),
    ]
    norm = float(np.linalg.norm(passage.vector)) or 1.0
    return np.asarray([*structure, *(passage.vector / norm)], np.float32)


def contexts(ready: Prepared, rows: Vectors) -> list[PassageContext]:
    """Return the passages of a document; `rows` are their vectors, in their order."""
    pages = dict(ready.pages)
    is_file = is_somebodys([Screened(text) for text in pages.values()])
    return [
        PassageContext(
            text=pages[piece.page][piece.start : piece.end],
            vector=row,
            act=ready.document.act,
            is_file=is_file,
        )
        for (_, piece), row in zip(ready.passages, rows, strict=True)
    ]


def is_letter(ready: Prepared) -> bool:
    """Tell whether a paper is somebody's and no act: an order or minutes that name persons are
    looked at as public papers are, whomever they concern."""
    document = ready.document
    if document.audience and (document.audience != Kind.PRIVATE or not document.act.kind):
        return document.audience == Kind.PRIVATE
    return is_somebodys([Screened(text) for _, text in ready.pages])


def concerns_of(ready: Prepared, rows: Vectors, head: SensitiveHead | None) -> tuple[Concern, ...]:
    """Return what of a document tells of somebody: the sentences with a term in each passage that
    does, or all of the passage. Its name is the page after the last; a name has no vector.

    Without a head every anchor counts.
    """
    pages = [Screened(text) for _, text in ready.pages]
    name = Screened(ready.document.file)
    if head is None:
        return concerns([*pages, name])
    rank = {number: place for place, (number, _) in enumerate(ready.pages)}
    is_private = is_letter(ready)
    found = {Concern(len(pages), c.start, c.end, c.category) for c in concerns([name])}
    passages = zip(ready.passages, contexts(ready, rows), strict=True)
    for (_, piece), passage in passages:
        if head.is_told(passage, is_private=is_private):
            told = sentences_with_terms(passage.text)
            for start, end, category in told or [(0, len(passage.text), head.category(passage))]:
                at = piece.start
                found.add(Concern(rank[piece.page], at + start, at + end, category))
    return tuple(sorted(found))
