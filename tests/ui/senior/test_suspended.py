# SPDX-License-Identifier: EUPL-1.2
"""While answers are suspended, a resident is told so, with the town's own sentence."""

from __future__ import annotations

from datetime import date

from assistant.answers import Reason
from assistant.settings import Settings
from tests.table import each
from ui.agent import Phase, View
from ui.senior.card import Card
from ui.senior.frame import Frame
from ui.senior.look import Look
from ui.senior.words import LANGUAGES, Words


def refusal(sentence: str, reason: Reason = Reason.SUSPENDED, language: str = "fr") -> str:
    frame = Frame(Settings.model_validate({}), Look(language=language), date(2026, 5, 4))
    card = Card(frame, lambda document, file: file, lambda view: (), lambda: sentence)
    view = View(phase=Phase.REFUSED, reason=reason)
    return card.outcome(view)


@each("language", LANGUAGES)
def test_the_pause_is_told_in_each_language_with_the_towns_sentence(language: str) -> None:
    page = refusal("Un <contrôle> est en cours.", language=language)
    assert Words(language)("why_suspended") in page
    assert "Un &lt;contrôle&gt; est en cours." in page


def test_the_sentence_is_for_a_pause_only() -> None:
    assert "contrôle" not in refusal("Un contrôle.", Reason.NO_EVIDENCE)
    assert "<p lang" not in refusal("")
