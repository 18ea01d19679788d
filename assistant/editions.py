# SPDX-License-Identifier: EUPL-1.2
"""Which passages are of an earlier edition: last year's prices beside this year's.

    passages, how much each holds of the question ──▶ those that a later edition says as well

Where an act says that it replaces another, the corpus knows it (`Passage.superseded_by`). Most do
not: each year's prices are voted again under the same title. An act that amends another says again
what it changes, and leaves the rest to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.documents import Passage
from corpus.french import MONTHS, terms

SAME_TITLE = 0.35
"""Share of two titles' words that they have in common, two of them at least."""

EACH_FOR_ITSELF = "arrêté"
"""Kind of act of which a later one on the same matter leaves the earlier one as it is."""

SAYS_AS_MUCH = 0.99
"""A later edition must hold as much of the question as the earlier one, but for rounding."""

_MONTHS = frozenset(terms(" ".join(MONTHS)))


def earlier_editions(found: Sequence[tuple[Passage, float]]) -> set[str]:
    """Return the ids of passages that a later edition among those found stands for.

    Each passage comes with the share (0 to 1) of the question's words that it holds.
    """
    titles = {passage.id: _title(passage) for passage, _ in found}
    return {
        one.id
        for one, reach in found
        for other, others_reach in found
        if others_reach >= SAYS_AS_MUCH * reach
        and (
            _is_amended(one, other)
            or (_is_later(one, other) and _is_same(titles[one.id], titles[other.id]))
        )
    }


def _is_amended(one: Passage, other: Passage) -> bool:
    return bool(one.amended_by) and one.amended_by == other.document


def _is_later(one: Passage, other: Passage) -> bool:
    is_yearly = one.kind != EACH_FOR_ITSELF and one.kind == other.kind
    return is_yearly and bool(one.dated) and one.dated < other.dated


def _is_same(one: set[str], other: set[str]) -> bool:
    common = len(one & other)
    return common > 1 and common >= SAME_TITLE * len(one | other)


def _title(passage: Passage) -> set[str]:
    """What the document is about: the stems of its title without its number and its dates."""
    _, _, title = passage.heading.partition(" > ")[0].partition(" – ")
    return {
        stem for stem in terms(title) if stem not in _MONTHS and not any(c.isdigit() for c in stem)
    }
