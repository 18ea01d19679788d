# SPDX-License-Identifier: EUPL-1.2
"""How near two units are in what they say, by vectors: two texts that share no word may say the
same.

    units ─texts─▶ embedder ─▶ cosines, less what a unit has in common with all others ─▶ nearness

A cosine says near, not same: it aligns, and never tells a change by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.comparing.units import Form, Unit
from corpus.known_vectors import embedded
from corpus.seams import Embedder

MOST_EMBEDDED, LEAST_EMBEDDED = 150, 60
"""Units of each act that are embedded: those that words left, then others to tell them from. Both
acts take some four seconds at most on two cores."""

TEXT_CHARS, SHORT_TEXT = 400, 60
"""How much of a unit is embedded; one that is shorter is nothing without its heading."""

MOST_CLAUSES, LEAST_CLAUSES, STANDS_OUT = 150, 12, 3.3
"""Clauses that are looked through, at most and at least; by how many deviations one says it."""

_CUT = re.compile(r"[,;:.()·|]+\s")

FAR, NEAR = 0.05, 0.35
"""Centred cosines of two units of other matters, and of two that say the same."""


@dataclass(frozen=True, slots=True)
class Sense:
    """Nearness of the units of two acts, 0 to 1; `rows` and `columns` say which have a vector."""

    rows: dict[int, int]
    columns: dict[int, int]
    cosines: NDArray[np.float32]
    embedder: Embedder | None = None

    def near(self, i: int, j: int) -> float | None:
        """Return how near two units are; None where no vector tells."""
        if i not in self.rows or j not in self.columns:
            return None
        centred = float(self.cosines[self.rows[i], self.columns[j]])
        return min(1.0, max(0.0, (centred - FAR) / (NEAR - FAR)))

    def best(self, side: int, place: int) -> float | None:
        """Return the centred cosine of a unit's nearest counterpart; None where none is known."""
        known = (self.rows, self.columns)[side]
        if place not in known:
            return None
        line = self.cosines[:, known[place]] if side else self.cosines[known[place]]
        return float(line.max())

    def in_a_clause(self, texts: Sequence[str], others: Sequence[Unit]) -> list[bool]:
        """Return for each text whether a part of a sentence of the other act says it: a cosine
        that stands out of all (« dans la limite du tarif le plus élevé »)."""
        clauses = [*dict.fromkeys(c for unit in others for c in _clauses(unit))][:MOST_CLAUSES]
        if self.embedder is None or not texts or len(clauses) < LEAST_CLAUSES:
            return [False] * len(texts)
        said = embedded(self.embedder, [text[:TEXT_CHARS] for text in texts], {})
        near = said @ embedded(self.embedder, clauses, {}).T
        scores = (near.max(1) - near.mean(1)) / near.std(1)
        return [bool(score >= STANDS_OUT) for score in scores]


NO_SENSE = Sense({}, {}, np.empty((0, 0), np.float32))


def sense_of(
    a: Sequence[Unit], b: Sequence[Unit], sure: dict[int, int], embedder: Embedder | None
) -> Sense:
    """Embed the units that `sure` pairs leave, and some others, which they are told from."""
    if embedder is None:
        return NO_SENSE
    kept = [_chosen(a, {*sure}), _chosen(b, {*sure.values()})]
    if not all(kept):
        return NO_SENSE
    vectors = [
        embedded(embedder, [_text(units[i], _common(units)) for i in chosen], {})
        for units, chosen in zip((a, b), kept, strict=True)
    ]
    cosines = vectors[0] @ vectors[1].T
    centred = cosines - cosines.mean(1, keepdims=True) - cosines.mean(0, keepdims=True)
    rows, columns = ({place: n for n, place in enumerate(chosen)} for chosen in kept)
    return Sense(rows, columns, (centred + cosines.mean()).astype(np.float32), embedder)


def _clauses(unit: Unit) -> Iterator[str]:
    for clause in _CUT.split(" ".join(unit.text.split())):
        if len(clause.split()) > 1:
            yield clause[:TEXT_CHARS]


def _chosen(units: Sequence[Unit], sure: set[int]) -> list[int]:
    says = [i for i, u in enumerate(units) if u.form is not Form.HEADING and u.key]
    ranked = sorted(says, key=lambda i: (i in sure, i))
    left = sum(i not in sure for i in says)
    return sorted(ranked[: min(MOST_EMBEDDED, max(left, LEAST_EMBEDDED))])


def _common(units: Sequence[Unit]) -> str:
    """Return the heading over most of an act, which tells no part of it from another."""
    title, count = Counter(unit.title for unit in units).most_common(1)[0]
    return title if 2 * count > len(units) else ""


def _text(unit: Unit, common: str) -> str:
    text = " ".join(unit.text.split())[:TEXT_CHARS]
    is_short = len(text) < SHORT_TEXT or unit.form in (Form.ROW, Form.ENTRY)
    title = "" if unit.title == common or not is_short else unit.title
    return f"{title} : {text}" if title else text
