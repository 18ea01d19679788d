# SPDX-License-Identifier: EUPL-1.2
"""How near two units are in what they say, by vectors: two texts that share no word may say the
same.

    units ─texts─▶ embedder ─▶ cosines, less what a unit has in common with all others ─▶ nearness

A cosine says near, not same: it aligns, and never tells a change by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.comparing.units import Form, Unit
from corpus.seams import Embedder

MOST_EMBEDDED = 320
"""Units of each act that are embedded: some five seconds each on one core."""

TEXT_CHARS, SHORT_TEXT = 400, 60
"""How much of a unit is embedded; one that is shorter is nothing without its heading."""

FAR, NEAR = 0.05, 0.35
"""Centred cosines of two units of other matters, and of two that say the same."""


@dataclass(frozen=True, slots=True)
class Sense:
    """Nearness of the units of two acts, 0 to 1; `rows` and `columns` say which have a vector."""

    rows: dict[int, int]
    columns: dict[int, int]
    cosines: NDArray[np.float32]

    @property
    def is_known(self) -> bool:
        return bool(self.cosines.size)

    def near(self, i: int, j: int) -> float | None:
        """Return how near two units are; None where no vector tells."""
        if i not in self.rows or j not in self.columns:
            return None
        centred = float(self.cosines[self.rows[i], self.columns[j]])
        return min(1.0, max(0.0, (centred - FAR) / (NEAR - FAR)))

    def best(self, side: int, place: int) -> float | None:
        """Return the centred cosine of a unit's nearest counterpart; None where none is known."""
        known = (self.rows, self.columns)[side]
        if place not in known or not self.is_known:
            return None
        line = self.cosines[:, known[place]] if side else self.cosines[known[place]]
        return float(line.max())


NO_SENSE = Sense({}, {}, np.empty((0, 0), np.float32))


def sense_of(
    a: Sequence[Unit], b: Sequence[Unit], same: dict[int, int], embedder: Embedder | None
) -> Sense:
    """Embed the units that `same` (pairs of equal words) leaves, and as many others as there is
    room for: they are what the former are told from."""
    if embedder is None:
        return NO_SENSE
    kept = [_chosen(a, {*same}), _chosen(b, {*same.values()})]
    if not all(kept):
        return NO_SENSE
    vectors = [
        embedder.embed_passages([_text(units[i], _common(units)) for i in chosen])
        for units, chosen in zip((a, b), kept, strict=True)
    ]
    cosines = vectors[0] @ vectors[1].T
    centred = cosines - cosines.mean(1, keepdims=True) - cosines.mean(0, keepdims=True)
    rows, columns = ({place: n for n, place in enumerate(chosen)} for chosen in kept)
    return Sense(rows, columns, (centred + cosines.mean()).astype(np.float32))


def _chosen(units: Sequence[Unit], same: set[int]) -> list[int]:
    says = [i for i, u in enumerate(units) if u.form is not Form.HEADING and u.key]
    ranked = sorted(says, key=lambda i: (i in same, i))
    return sorted(ranked[:MOST_EMBEDDED])


def _common(units: Sequence[Unit]) -> str:
    """Return the heading over most of an act, which tells no part of it from another."""
    title, count = Counter(unit.title for unit in units).most_common(1)[0]
    return title if 2 * count > len(units) else ""


def _text(unit: Unit, common: str) -> str:
    text = " ".join(unit.text.split())[:TEXT_CHARS]
    is_short = len(text) < SHORT_TEXT or unit.form in (Form.ROW, Form.ENTRY)
    title = "" if unit.title == common or not is_short else unit.title
    return f"{title} : {text}" if title else text
