# SPDX-License-Identifier: EUPL-1.2
"""Comparison of two acts, without a model: what changed, was added, was removed.

units ─▶ matching ─▶ telling ─▶ Comparison
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.comparing.matching import match
from assistant.comparing.telling import Change, Comparison, What, tell
from assistant.comparing.units import units_of
from corpus.structure import Structure

__all__ = ["Change", "Comparison", "Pages", "What", "compare_pages"]

Pages = Sequence[tuple[int, Structure]]


def compare_pages(a: Pages, b: Pages, *, hints: tuple[str, str] = ("", "")) -> Comparison:
    """Compare the hidden pages of two acts, the earlier edition first."""
    return tell(match(units_of(a, hint=hints[0]), units_of(b, hint=hints[1])))
