# SPDX-License-Identifier: EUPL-1.2
"""What any LanguageModel must do. Subclass it and give a `model` fixture."""

from __future__ import annotations

import pytest

from assistant.seams import LanguageModel, Prompt

ASKED = "Combien coûte le repas de la cantine ?"
CANTEEN = Prompt(
    system="Tu écris la question à laquelle l'extrait répond.",
    user="(Règlement de la cantine) Le repas coûte 4,20 euros pour un enfant.",
)
ROADS = Prompt(
    system="Tu écris la question à laquelle l'extrait répond.",
    user="(Arrêté de voirie) La rue des Lilas est fermée le 3 mars.",
)

CACHED = 0.6
"""A prompt that is half in the cache is read in smaller batches, by other kernels on 8-bit
activations: .03 a token was seen."""


class LanguageModelContract:
    """Weighs a reply without writing it, the same way each time, whatever was asked before."""

    def test_a_question_is_likelier_after_what_answers_it(self, model: LanguageModel) -> None:
        assert model.log_probability(CANTEEN, ASKED) > model.log_probability(ROADS, ASKED)

    def test_a_probability_is_told_by_its_logarithm(self, model: LanguageModel) -> None:
        assert model.log_probability(CANTEEN, ASKED) < 0

    def test_what_was_asked_before_changes_nothing(self, model: LanguageModel) -> None:
        first = model.log_probability(CANTEEN, ASKED)
        model.log_probability(ROADS, ASKED)
        list(model.write(ROADS, max_tokens=5, stop=""))
        assert model.log_probability(CANTEEN, ASKED) == pytest.approx(first, abs=CACHED)

    def test_what_is_written_stops_where_it_should(self, model: LanguageModel) -> None:
        said = "".join(model.write(CANTEEN, max_tokens=12, stop="\n"))
        assert "\n" not in said
        assert len(said.split()) <= 12
