# SPDX-License-Identifier: EUPL-1.2
"""Which passages are of an earlier edition: last year's prices beside this year's.

    passages, how much each holds of the question ──▶ those that a later edition says as well

Where an act says that it replaces another, the corpus knows it (`Passage.superseded_by`). Most do
not: each year's prices are voted again under the same title. An act that amends another says again
what it changes, and leaves the rest to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import Passage
from corpus.french import MONTHS, terms

SAME_TITLE = 0.35
"""Share of two titles' words that they have in common, two of them at least."""

EACH_FOR_ITSELF = "arrêté"
"""Kind of act of which a later one on the same matter leaves the earlier one as it is."""

SAYS_AS_MUCH = 0.99
"""A later edition must hold as much of the question as the earlier one, but for rounding."""

_MONTHS = frozenset(terms(" ".join(MONTHS)))


@dataclass(frozen=True, slots=True)
class Held:
    """A passage, and the share (0 to 1) of the question's words that it holds, under its heading
    and by itself."""

    passage: Passage
    reach: float
    own: float


def earlier_editions(found: Sequence[Held]) -> set[str]:
    """Return the ids of passages that a later edition among those found stands for."""
    titles = {one.passage.id: _title(one.passage) for one in found}
    return {
        one.passage.id
        for one in found
        for other in found
        if _is_amended(one, other)
        or (_is_later(one, other) and _is_same(titles[one.passage.id], titles[other.passage.id]))
    }


def _is_amended(one: Held, other: Held) -> bool:
    """Whether another act that amends this one says as much of the matter, in its own text."""
    amending = other.passage
    return (
        one.passage.amended_by == amending.document != one.passage.document
        and amending.in_force
        and not amending.item  # of minutes, another item may be the one that amends
        and other.own >= SAYS_AS_MUCH * one.own
    )


def _is_later(one: Held, other: Held) -> bool:
    mine, theirs = one.passage, other.passage
    is_yearly = mine.kind != EACH_FOR_ITSELF and mine.kind == theirs.kind
    is_before = bool(mine.dated) and mine.dated < theirs.dated
    return is_yearly and is_before and other.reach >= SAYS_AS_MUCH * one.reach


def _is_same(one: set[str], other: set[str]) -> bool:
    common = len(one & other)
    return common > 1 and common >= SAME_TITLE * len(one | other)


def _title(passage: Passage) -> set[str]:
    """What the document is about: the stems of its title without its number and its dates."""
    _, _, title = passage.heading.partition(" > ")[0].partition(" – ")
    return {
        stem for stem in terms(title) if stem not in _MONTHS and not any(c.isdigit() for c in stem)
    }
