# SPDX-License-Identifier: EUPL-1.2
"""What anything must do that tells which sentences of a letter ask. Give an `asks` fixture."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.replying.asking import Asking

Tells = Callable[[str], Asking]


class AsksContract:
    """Questions and requests ask, thanks and formulas do not, and what stands alone does."""

    @pytest.mark.parametrize(
        "sentence",
        [
            "Quels sont les horaires de la bibliothèque ?",
            "Merci de m'indiquer les jours de ramassage des encombrants.",
            "Je souhaiterais connaître les tarifs de la salle des fêtes.",
            "Pouvez-vous me dire si le marché a lieu le 1er mai ?",
            "I would like to know when the library opens.",
        ],
    )
    def test_a_request_asks(self, asks: Tells, sentence: str) -> None:
        assert asks(sentence).is_asked

    @pytest.mark.parametrize(
        "sentence",
        [
            "Je vous remercie par avance de votre réponse.",
            "Veuillez agréer, Madame, mes salutations distinguées.",
            "Mes enfants ont beaucoup aimé la fête de la rivière.",
            "Le tarif affiché était de trois euros.",
        ],
    )
    def test_what_tells_does_not_ask(self, asks: Tells, sentence: str) -> None:
        assert not asks(sentence).is_asked

    @pytest.mark.parametrize("question", ["Et le samedi ?", "Jusqu'à quand ?"])
    def test_what_names_nothing_leans(self, asks: Tells, question: str) -> None:
        assert asks(question).is_leaning

    def test_what_names_its_matter_stands_alone(self, asks: Tells) -> None:
        assert not asks("Quels sont les tarifs de la cantine pour un adulte ?").is_leaning

    def test_what_was_hidden_changes_nothing(self, asks: Tells) -> None:
        with_mark = asks("[PERSONNE_1] Où se trouve la déchèterie ?")
        assert with_mark == asks("Où se trouve la déchèterie ?")
