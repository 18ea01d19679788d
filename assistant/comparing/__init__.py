# SPDX-License-Identifier: EUPL-1.2
"""Comparison of two acts, without a model: what changed, was added, was removed.

units ─▶ matching ─▶ sense, settling ─▶ telling ─▶ Comparison
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.comparing.matching import Rarity, match
from assistant.comparing.sense import sense_of
from assistant.comparing.settling import settle, sure_pairs
from assistant.comparing.telling import Change, Comparison, What, tell
from assistant.comparing.units import units_of
from corpus.seams import Embedder
from corpus.structure import Structure

__all__ = ["Change", "Comparison", "Pages", "What", "compare_pages"]

Pages = Sequence[tuple[int, Structure]]


def compare_pages(
    a: Pages,
    b: Pages,
    *,
    hints: tuple[str, str] = ("", ""),
    embedder: Embedder | None = None,
) -> Comparison:
    """Compare the hidden pages of two acts, the earlier edition first; without an embedder by
    words and values alone."""
    found = match(units_of(a, hint=hints[0]), units_of(b, hint=hints[1]))
    rarity = Rarity((*found.a, *found.b))
    sure = sure_pairs(found, rarity)
    sense = sense_of(found.a, found.b, sure, embedder)
    return tell(found, settle(found, rarity, sense, sure))
