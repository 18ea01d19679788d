# SPDX-License-Identifier: EUPL-1.2
"""What any StructuredModel must do, however it is held to JSON. Subclass it and give a `model`
fixture: a model that likes « 4,20 »."""

from __future__ import annotations

from collections.abc import Generator
from typing import cast

from assistant.prompt import FORM, NO_ANSWER
from assistant.reading_together import SCHEMA, parsed
from assistant.seams import Prompt, StructuredModel

SEVERAL = Prompt(
    system=f"Réponds par un seul objet JSON : {FORM}. Sinon : {NO_ANSWER}.",
    user="[1] (Voirie)\nLa rue des Lilas est fermée le 3 mars.\n\n"
    "[2] (Cantine)\nLe repas coûte 4,20 euros pour un enfant.\n\nQuestion : Combien ?",
)


def said(model: StructuredModel, prompt: Prompt = SEVERAL, most: int = 200) -> str:
    return "".join(model.write_json(prompt, schema=SCHEMA, max_tokens=most))


class StructuredModelContract:
    """Writes JSON that can be parsed, and goes on after it was left."""

    def test_what_it_writes_is_the_json_that_was_asked_for(self, model: StructuredModel) -> None:
        assert isinstance(model, StructuredModel)
        told = parsed(said(model))
        assert told and told.quotes[0].passage == 2 and "4,20" in told.quotes[0].text

    def test_a_reply_that_was_left_leaves_nothing_behind(self, model: StructuredModel) -> None:
        pieces = cast(
            Generator[str, None, None], model.write_json(SEVERAL, schema=SCHEMA, max_tokens=200)
        )
        assert next(pieces)
        pieces.close()
        assert parsed(said(model))
        assert "".join(model.write(SEVERAL, max_tokens=9, stop="\n")) is not None
