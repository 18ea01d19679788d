# SPDX-License-Identifier: EUPL-1.2
"""The questions of one session, in its memory only, and which of them a new one follows.

    Conversation ─completed("Et le samedi ?")▶ "Quels sont les horaires de la piscine le samedi ?"

Only hidden forms are kept. A question that was refused for what it asked about a person is never
carried on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answers import Reason
from assistant.followups import complete
from ui.agent.view import Phase, View

MAX_TURNS = 30
NOT_CARRIED = frozenset({
    Reason.PERSONAL_DATA, Reason.INDIVIDUAL_VERDICT, Reason.OFF_TOPIC, Reason.GUARD_CLOSED,
})  # fmt: skip
CLOSED = frozenset({Phase.ANSWERED, Phase.REFUSED, Phase.STOPPED})


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was shown in this session, the oldest first."""

    turns: tuple[View, ...] = ()

    def followed(self, view: View) -> Conversation:
        """Return the conversation with one more screen, once it is closed and has a question."""
        if view.phase not in CLOSED or not view.question:
            return self
        kept = [turn for turn in self.turns if turn.record != view.record]
        return replace(self, turns=(*kept, view)[-MAX_TURNS:])

    def completed(self, question: str) -> str | None:
        """Return the question completed from the one before; None if it stands alone."""
        last = next((turn for turn in reversed(self.turns) if _is_carried(turn)), None)
        return complete(question, last.question) if last else None


def _is_carried(view: View) -> bool:
    return view.reason not in NOT_CARRIED
