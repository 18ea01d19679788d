# SPDX-License-Identifier: EUPL-1.2
"""What people ask in vain, month by month, for the residents' committee: no word of one of them.

Asked… ─of one matter▶ Theme(matter, months) ─asked often enough, in words used twice▶ shown
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.cards.unanswered import Asked, by_matter
from corpus.seams import Embedder

LEAST = 5
"""How often a matter was asked at least to be shown, and a month's count to be told: fewer might be
one household."""

LEAST_ALIKE = 2
"""How often the words that name a matter were asked: what one person wrote once is theirs."""


MOST_ASKED = 500
"""How many questions are put together, those asked most: each is turned into a vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A matter, by the question (hidden) that was asked most, and how often each month (ISO)."""

    matter: str
    months: Mapping[str, int]

    @property
    def count(self) -> int:
        """How often it was asked."""
        return sum(self.months.values())


def themes(asked: Sequence[Asked], embedder: Embedder) -> list[Theme]:
    """Return the matters that were asked often enough, the most frequent first; `asked` begins with
    what was asked most, of which so many are looked at."""
    found = [
        Theme(
            matter=group[0].question,
            months=Counter(day[:7] for one in group for day in one.days),
        )
        for group in by_matter(asked[:MOST_ASKED], embedder)
        if max(one.count for one in group) >= LEAST_ALIKE
    ]
    shown = [theme for theme in found if theme.count >= LEAST]
    return sorted(shown, key=lambda theme: (-theme.count, theme.matter))
