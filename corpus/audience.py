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
from hashlib import sha256
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
ALONE_CHARS = 150
"""From how many characters a passage is looked at alone: a letterhead says too little."""

STRUCTURE = 2 * len(GROUPS) + 5
"""How many features stand before those of the vector."""


class Kind(StrEnum):
    """Whom a paper concerns, as it reads."""

    PRIVATE = "private"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page in its hidden form, and its passages in their order: words and vector of each."""

    text: str
    passages: Sequence[tuple[str, Vectors]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is known of a document."""

    media_type: str
    act: Act
    pages: Sequence[ReadPage]


@dataclass(frozen=True, slots=True)
class AudienceHead:
    """Logistic regression over `features`: `weights` has shape (STRUCTURE + dimension,).

    PRIVATE is a document above `threshold` as a whole, or with a page above `page_threshold`, or
    with a passage that is above `alone_threshold` by itself. Thresholds are log-odds.
    """

    weights: Vectors
    bias: float
    threshold: float
    page_threshold: float
    alone_threshold: float

    def kind(self, paper: Paper) -> Kind:
        """Tell whom a paper concerns; in doubt it is somebody's."""
        read = [page for page in paper.pages if page.passages]
        if paper.media_type in MAIL or not read or self.odds(read, paper.act) > self.threshold:
            return Kind.PRIVATE
        is_private = any(self._is_somebodys(page, paper.act) for page in read)
        return Kind.PRIVATE if is_private else Kind.PUBLIC

    def odds(self, pages: Sequence[ReadPage], act: Act) -> float:
        """Return the log-odds that pages are PRIVATE, taken together."""
        return float(features(pages, act) @ self.weights + self.bias)

    def strongest(self, page: ReadPage) -> float | None:
        """Return the log-odds of its most private passage, as if that were all there is; None if
        none says enough.

        A page takes the mean of its passages, and a file without pages is one page: a letter that
        its author put behind a règlement, or between the words of an order, drowns in it.
        """
        alone = [ReadPage(one[0], [one]) for one in page.passages if len(one[0]) >= ALONE_CHARS]
        return max((self.odds([one], Act()) for one in alone), default=None)

    def _is_somebodys(self, page: ReadPage, act: Act) -> bool:
        strongest = self.strongest(page)
        is_alone = strongest is not None and strongest > self.alone_threshold
        return is_alone or self.odds([page], act) > self.page_threshold

    @property
    def mark(self) -> str:
        """Name it by what it holds: another head has another name, whatever its file is called."""
        figures = (self.bias, self.threshold, self.page_threshold, self.alone_threshold)
        held = self.weights.astype(np.float32).tobytes() + repr(figures).encode()
        return sha256(held).hexdigest()[:16]

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
            alone_threshold=self.alone_threshold,
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
            float(kept["alone_threshold"]),
        )


def features(pages: Sequence[ReadPage], act: Act) -> Vectors:
    """Return what the head looks at, shape (STRUCTURE + dimension,)."""
    text = "\n".join(page.text for page in pages)
    mean = np.mean([vector for page in pages for _, vector in page.passages], axis=0)
    chars = max(len(text), 1)
    counted = group_counts(text)
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


def group_counts(text: str) -> Counter[int]:
    """Count the placeholders of a hidden text by their rank in GROUPS."""
    labels = (match["label"] for match in PLACEHOLDER.finditer(text))
    return Counter(_GROUP_OF[label] for label in labels if label in _GROUP_OF)


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
    inside: dict[int, list[tuple[str, Vectors]]] = {number: [] for number in pages}
    for page, words, vector in passages:
        inside[page].append((words, vector))
    read = [ReadPage(text, inside[number]) for number, text in pages.items()]
    return head.kind(Paper(media_type=media_type, act=act, pages=read))
