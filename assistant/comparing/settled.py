# SPDX-License-Identifier: EUPL-1.2
"""What came of comparing the values of two acts: changed, met, alone, written anew."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.comparing.matching import Matching, Place
from assistant.comparing.units import Form, Unit
from guardrails.values import Value

EDITED_SHARE = 0.4
"""From which share of lines with the same words on an act is an edited one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Two facts of one matter that differ; `figures`: the two ends of ranges that do, where the
    facts are laid out otherwise."""

    a: Place
    b: Place
    figures: tuple[Value | None, Value | None] = (None, None)


class Settled:
    """What came of the values of two acts."""

    def __init__(self) -> None:
        self.changed: list[Changed] = []
        self.met: tuple[set[Place], set[Place]] = (set(), set())
        """Facts of which each figure is said on the other side, or changed there."""
        self.sure: dict[int, int] = {}
        self.is_edited = False
        self.alone: tuple[set[int], set[int]] = (set(), set())
        """Units without a counterpart."""
        self.reworded: dict[int, int] = {}
        """Sentences of one sense that words did not pair."""


def is_edited(found: Matching) -> bool:
    """Whether one act is the other with some words changed. Where most lines were written anew,
    other words tell nothing."""
    least = min(
        sum(bool(u.key) and not u.is_frame and u.form is not Form.HEADING for u in units)
        for units in (found.a, found.b)
    )
    kept = sum(
        {*_words(found.a[i])} == {*_words(found.b[j])}
        for i, j in found.units.items()
        if found.a[i].form is not Form.HEADING and not found.a[i].is_frame
    )
    return kept >= EDITED_SHARE * least


def _words(unit: Unit) -> list[str]:
    return [token.key for token in unit.tokens if not token.is_value]
