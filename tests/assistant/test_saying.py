# SPDX-License-Identifier: EUPL-1.2
"""What may be said in the model's words, and what is quoted instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from assistant.answers import Citation, Said
from assistant.excerpts import excerpts
from assistant.exchange import Exchange
from assistant.reading import Reading
from assistant.saying import is_carried, quote
from tests.assistant.test_items import CEMETERY
from tests.assistant.test_reading import candidates

ASKED = "Combien coûte le repas ?"
QUOTE = ["Prix du repas : 4 €"]


class Told:
    """Stands for an exchange: keeps what was said."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []
        self.said: list[str] = []

    def say(self, text: str, citation: Citation) -> Said:
        self.said.append(text)
        return cast(Any, text)


def test_a_sentence_that_was_cut_is_not_carried() -> None:
    assert is_carried("Le repas coûte 4 €.", QUOTE, ASKED)
    assert not is_carried("Le repas coûte 4 € et", QUOTE, ASKED)
    assert not is_carried("4 €.", QUOTE, ASKED)


def test_a_line_that_misleads_alone_is_quoted_with_its_neighbours() -> None:
    told = Told()
    list(quote(cast(Exchange, told), [candidates(CEMETERY)[3]], "À quelle heure ouvre-t-il ?"))
    assert told.said == CEMETERY.splitlines()[1:4]


def test_a_title_is_not_added_to_what_carries_an_answer() -> None:
    lines = candidates("Règlement des aides facultatives\nLe centre aide les habitants démunis.")
    title, sentence = replace(lines[0], told=False), lines[1]
    (excerpt,) = excerpts([sentence, title])
    reading = Reading(
        said="Le règlement des aides facultatives aide les habitants démunis.",
        unknown=-3.0, carrier=sentence, carried=0.5, within=1.0,
    )  # fmt: skip
    assert reading.carriers(excerpt, "Que fait-on ?") == [sentence]
