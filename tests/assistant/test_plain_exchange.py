# SPDX-License-Identifier: EUPL-1.2
"""What a senior reads is what is sealed: the plain sentence, with the source's own quote."""

from __future__ import annotations

import pytest

from assistant.answers import Citation
from assistant.exchange import Exchange, exchange
from assistant.plain import Glossary, PlainLanguage
from guardrails.findings import Screened
from guardrails.register import Register
from guardrails.register.records import Kind

QUOTE = "Le prix est fixé à 4,20 € à compter du 01/09/2025."
PLAIN = "Le prix est de 4,20 euros à partir du 1er septembre 2025."
CITATION = Citation(number=1, document="d", file="f", page=1, quote=QUOTE, start=0, end=len(QUOTE))


def say(this: Exchange, language: str) -> str:
    this.intend(Screened("Quel prix ?"), (), language=language)
    said = this.say(QUOTE, CITATION)
    assert said.citations == (CITATION,)
    return said.sentence.text


@pytest.mark.parametrize(("language", "expected"), [("fr", PLAIN), ("en", QUOTE)])
def test_a_french_sentence_is_sealed_as_it_is_shown(
    register: Register, language: str, expected: str
) -> None:
    with exchange(
        register, actor="", role="senior", audience="senior", model="m", rules="r",
        watts_per_core=15.0, plain=PlainLanguage(Glossary.read()),
    ) as this:  # fmt: skip
        assert say(this, language) == expected
        assert this.answer().text == f"{expected} [1]"
    (sealed,) = [entry for entry in register.entries() if entry.kind is Kind.SENTENCE]
    assert sealed.payload is not None
    assert sealed.payload["text"] == expected


def test_an_agent_reads_the_sentence_as_it_was_checked(register: Register) -> None:
    with exchange(
        register, actor="", role="agent", audience="agent", model="m", rules="r",
        watts_per_core=15.0,
    ) as this:  # fmt: skip
        assert say(this, "fr") == QUOTE
        this.answer()
