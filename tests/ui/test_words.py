# SPDX-License-Identifier: EUPL-1.2
"""Both languages say the same things of the agents' pages, with the same facts; none is unused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpus.documents import CORRESPONDENCE, PUBLIC, UNFILED
from guardrails.findings import Entity
from guardrails.register.events import Feedback
from ui.agent.words import Words, table, typeset

UI = Path(__file__).parents[2] / "ui"
COMPOSED = re.compile(
    r"^(?:entity|judge|take|history|link|case|collection|compare|course|never|unreadable|filter"
    r"|limit|nav|act|card_audience|card_do|card_done|unanswered_done|unanswered_not"
    r"|unanswered_missing)(?:_|$)"
)
"""Keys that the code puts together; the tests of each page ask for them."""


def test_both_languages_have_the_same_keys_and_the_same_facts() -> None:
    french, english = table("fr"), table("en")

    assert french.keys() == english.keys()
    for key, words in french.items():
        facts = re.compile(r"\{\w+\}")
        assert {*facts.findall(words)} == {*facts.findall(english[key])}, key
        assert words.strip()
        assert english[key].strip()


def test_no_word_is_unused() -> None:
    code = "".join(
        path.read_text("utf-8") for path in [*UI.glob("*.py"), *UI.glob("agent/**/*.py")]
    )

    unused = [
        key
        for key in table("fr")
        if not re.search(rf"[\"']{key.removesuffix('_one')}[\"']", code) and not COMPOSED.match(key)
    ]
    assert unused == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_the_code_puts_together_is_there(language: str) -> None:
    words = table("fr" if language == "fr" else "en")

    assert {f"entity_{entity}" for entity in Entity} <= words.keys()
    assert {f"judge_{verdict}" for verdict in Feedback} <= words.keys()
    assert {f"collection_{name}" for name in (PUBLIC, CORRESPONDENCE, UNFILED)} <= words.keys()


def test_words_come_out_as_html_and_facts_cannot_break_it() -> None:
    assert Words("fr")("act_ended", label="<b>") == (
        "Cet acte n&#x27;est plus en vigueur\u00a0: voir &lt;b&gt;."
    )
    assert typeset("Quoi ? « Oui »") == "Quoi\u00a0? «\u00a0Oui\u00a0»"
