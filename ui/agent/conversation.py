# SPDX-License-Identifier: EUPL-1.2
"""The questions of one session, in its memory only, and which of them a new one follows.

    Conversation ─heard("Et le samedi ?")▶ "Quels sont les horaires de la piscine le samedi ?"
                                         │ several wordings, to be chosen from
                                         │ None: it stands alone

Only hidden forms are kept. A question that was refused for what it asked about a person is never
carried on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answers import NO_QUESTION, Reason
from assistant.following import Understood, by_rules
from assistant.leaning import THANKS
from corpus.french import flat
from guardrails.errors import GuardrailError
from ui.agent.services import AgentTools
from ui.agent.view import Phase, View

MAX_TURNS = 30
NOT_CARRIED = frozenset({
    Reason.PERSONAL_DATA, Reason.INDIVIDUAL_VERDICT, Reason.GUARD_CLOSED, *NO_QUESTION,
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

    def heard(self, question: str, tools: AgentTools) -> Understood | None:
        """Return what a question means after the one before, None if it stands alone; by its words
        alone where something in it would be hidden: a model is given hidden text alone."""
        last = next((turn for turn in reversed(self.turns) if _is_carried(turn)), None)
        if last is None or THANKS.fullmatch(flat(question.strip())):
            return None
        try:
            is_plain = tools.guard is not None and not tools.guard.screen(question).findings
        except GuardrailError:
            is_plain = False
        follow = tools.following if is_plain else by_rules
        return follow(question, last.question)


def _is_carried(view: View) -> bool:
    return view.reason not in NOT_CARRIED
