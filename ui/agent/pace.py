# SPDX-License-Identifier: EUPL-1.2
"""How long answers took in this process, for who waits: counted, never guessed, of nobody.

note(View) of what was read by the model ─▶ usual() ─▶ the median of the last twenty, of three
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from ui.agent.view import Phase, View

LAST = 20
LEAST = 3


@dataclass(frozen=True, slots=True)
class Usual:
    """The median of the last answers, in whole seconds, and how many they are."""

    seconds: int
    answers: int


class Pace:
    """The times of the last questions that the model read for, in memory."""

    def __init__(self) -> None:
        self._seconds = deque[float](maxlen=LAST)

    def note(self, view: View) -> None:
        """Keep how long a question took, unless nothing was read for it or it was cut short."""
        if view.looking and view.phase in {Phase.ANSWERED, Phase.REFUSED}:
            self._seconds.append(view.seconds)

    def usual(self) -> Usual | None:
        """Return what is usual; None while too few were answered to say."""
        kept = list(self._seconds)
        return Usual(max(1, round(median(kept))), len(kept)) if len(kept) >= LEAST else None
