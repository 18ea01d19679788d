# SPDX-License-Identifier: EUPL-1.2
"""Classifier of papers by audience: what is public, and what is somebody's letter, form or case.

    vectors of the passages ─mean of a page─┐
    placeholders, length, act (hidden text) ─┴▶ features ─logistic head▶ log-odds ▶ PRIVATE │ PUBLIC

Ingestion embeds every passage anyway, so that telling costs a product of two vectors. The head is
one embedder's: its file lies in `audience/` under that embedder's name; `benchmarks/audience.py`
learns it from invented papers and prints how often it is wrong. The threshold favours PRIVATE. What
comes by mail is a letter, whatever it says; a paper without a vector (a scan that waits, a file in
quarantine, an embedder without a head) is PRIVATE until more is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np

from corpus.acts import Act
from corpus.seams import Vectors
from guardrails.findings import Entity, Screened
from guardrails.placeholders import LABELS, PLACEHOLDER
from guardrails.special import is_somebodys

FOLDER = Path(__file__).with_name("audience")
MAIL = frozenset({"message/rfc822", "application/vnd.ms-outlook"})
"""Media types of what was sent by one person to another."""

GROUPS: tuple[frozenset[Entity], ...] = (
    frozenset({Entity.PERSON}),
    frozenset({Entity.ADDRESS, Entity.BIRTH_PLACE}),
    frozenset({Entity.EMAIL, Entity.PHONE}),
    frozenset(set(LABELS) - {
        Entity.PERSON, Entity.ADDRESS, Entity.BIRTH_PLACE, Entity.EMAIL, Entity.PHONE,
        Entity.SIRET, Entity.PARCEL,
    }),
)  # fmt: skip
"""Hidden entities that are counted together: names, places, ways to reach somebody, numbers."""

_GROUP_OF = {LABELS[entity]: rank for rank, group in enumerate(GROUPS) for entity in group}
ALONE_CHARS, ALONE_THRESHOLD = 150, 3.0
"""From how many characters a passage is looked at alone, and above which log-odds it is somebody's:
a letterhead says too little, and articles that name a person stay below."""

STRUCTURE = 2 * len(GROUPS) + 5
"""How many features stand before those of the vector."""


class Kind(StrEnum):
    """Whom a paper concerns, as it reads."""

    PRIVATE = "private"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is known of a document: hidden pages in their order, each with the vectors of its
    passages (rows), none where it has no passage; the words of each passage with its own row."""

    media_type: str
    act: Act
    pages: Sequence[tuple[str, Vectors]]
    passages: Sequence[tuple[str, Vectors]] = ()


@dataclass(frozen=True, slots=True)
class AudienceHead:
    """Logistic regression over `features`: `weights` has shape (STRUCTURE + dimension,).

    A page is told PRIVATE above `page_threshold`, a document as a whole above `threshold`, whatever
    is around it a passage above `ALONE_THRESHOLD`.
    """

    weights: Vectors
    bias: float
    threshold: float
    page_threshold: float

    def kind(self, paper: Paper) -> Kind:
        """Tell whom a paper concerns; in doubt it is somebody's."""
        if paper.media_type in MAIL or not any(len(rows) for _, rows in paper.pages):
            return Kind.PRIVATE
        whole, pages = self.odds(paper)
        is_private = (
            whole > self.threshold
            or max(pages) > self.page_threshold
            or max(self.alone(paper), default=whole) > ALONE_THRESHOLD
        )
        return Kind.PRIVATE if is_private else Kind.PUBLIC

    def odds(self, paper: Paper) -> tuple[float, list[float]]:
        """Return the log-odds that a document, and each of its pages, is PRIVATE."""
        read = [page for page in paper.pages if len(page[1])]
        rows = [features([page], paper.act) for page in read]
        values = (np.stack([features(read, paper.act), *rows]) @ self.weights) + self.bias
        return float(values[0]), [float(value) for value in values[1:]]

    def alone(self, paper: Paper) -> list[float]:
        """Return the log-odds of each passage that says enough, as if it were all there is.

        A page takes the mean of its passages, and a file without pages is one page: a letter that
        its author put behind a règlement, or between the words of an order, drowns in it.
        """
        rows = [
            features([passage], Act())
            for passage in paper.passages
            if len(passage[0]) >= ALONE_CHARS
        ]
        return [float(one) for one in np.stack(rows) @ self.weights + self.bias] if rows else []

    @classmethod
    def of(cls, embedder: str) -> AudienceHead | None:
        """Return the head that was learnt for an embedder; nothing where none was."""
        return _read(embedder)

    def write(self, embedder: str) -> None:
        FOLDER.mkdir(exist_ok=True)
        np.savez(
            FOLDER / f"{embedder}.npz",
            weights=self.weights.astype(np.float32),
            bias=self.bias,
            threshold=self.threshold,
            page_threshold=self.page_threshold,
        )


@cache
def _read(embedder: str) -> AudienceHead | None:
    path = FOLDER / f"{embedder}.npz"
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as kept:
        return AudienceHead(
            kept["weights"],
            float(kept["bias"]),
            float(kept["threshold"]),
            float(kept["page_threshold"]),
        )


def features(pages: Sequence[tuple[str, Vectors]], act: Act) -> Vectors:
    """Return what the head looks at, shape (STRUCTURE + dimension,)."""
    text = "\n".join(page for page, _ in pages)
    vectors = np.concatenate([rows for _, rows in pages])
    mean = vectors.mean(axis=0)
    chars = max(len(text), 1)
    counted = Counter(
        _GROUP_OF[match["label"]]
        for match in PLACEHOLDER.finditer(text)
        if match["label"] in _GROUP_OF
    )
    structure = [
        *(np.log1p(1_000 * counted[rank] / chars) for rank in range(len(GROUPS))),
        *(float(counted[rank] > 0) for rank in range(len(GROUPS))),
        np.log(chars) / 10,
        float(is_somebodys([Screened(text)])),
        float(bool(act.kind)),
        float(bool(act.number)),
        float(bool(act.date)),
    ]
    norm = float(np.linalg.norm(mean)) or 1.0
    return np.asarray([*structure, *(mean / norm)], np.float32)


def kind_of(
    head: AudienceHead,
    *,
    media_type: str,
    act: Act,
    pages: Mapping[int, str],
    passages: Sequence[tuple[int, str, Vectors]],
) -> Kind:
    """Tell whom a document concerns from its hidden pages, and from its passages: the page, the
    words and the vector of each."""
    rows: dict[int, list[Vectors]] = {number: [] for number in pages}
    for page, _, row in passages:
        rows[page].append(row)
    none = np.empty((0, 0), np.float32)
    read = [(text, np.stack(rows[n]) if rows[n] else none) for n, text in pages.items()]
    alone = [(text, row[np.newaxis]) for _, text, row in passages]
    return head.kind(Paper(media_type=media_type, act=act, pages=read, passages=alone))
