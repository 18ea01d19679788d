# SPDX-License-Identifier: EUPL-1.2
"""A question that takes for granted what a source says otherwise is told so."""

from __future__ import annotations

import pytest

from assistant.evidence import Candidate
from assistant.premises import contradicted
from corpus.documents import Passage
from guardrails.findings import Screened
from tests.table import each

PRICE = "L'entrée de la piscine municipale est fixée à 3,20 euros."
SUNDAY = "La bibliothèque est ouverte le samedi et le dimanche."
VOTE = "Le conseil adopte le projet de crèche à la majorité."
WEEK = "La halle ouvre du lundi au vendredi."
NOISE = "Les travaux bruyants ne sont pas autorisés le dimanche."


def candidate(text: str, *, coverage: float = 0.8, told: bool = True) -> Candidate:
    passage = Passage(
        id="a", document="a", file="a.txt", page=1, ordinal=0,
        collection="default", heading="", text=Screened(text), start=0, end=len(text),
    )  # fmt: skip
    return Candidate(
        passage=passage, start=0, end=len(text), text=text, coverage=coverage, reach=1, found=1,
        around=0.8, cosine=0.9, lexical=1, fits=True, told=told, scale=0, score=1,
    )  # fmt: skip


@each(
    "question, source",
    [
        ("Pourquoi la piscine municipale est-elle gratuite ?", PRICE),
        ("Pourquoi l'entrée de la piscine coûte-t-elle 5 € ?", PRICE),
        ("Puisque l'entrée de la piscine est à 5 euros, où la payer ?", PRICE),
        ("Pourquoi la bibliothèque est-elle fermée le dimanche ?", SUNDAY),
        ("Pourquoi le conseil a-t-il rejeté le projet de crèche ?", VOTE),
        ("Qui a refusé le projet de crèche au conseil ?", VOTE),
        ("Depuis quand les travaux bruyants sont-ils autorisés le dimanche ?", NOISE),
        ("Why is the library ouverte closed, given that l'entrée coûte 9 € ?", PRICE),
    ],
)
def test_the_opposite_or_another_figure_is_found(question: str, source: str) -> None:
    assert contradicted(question, [candidate(source)]) is not None


@each(
    "question, source",
    [
        ("La piscine municipale est-elle gratuite ?", PRICE),  # asks, and supposes nothing
        ("L'entrée de la piscine coûte-t-elle 5 € ?", PRICE),
        ("Pourquoi l'entrée de la piscine coûte-t-elle 3,20 € ?", PRICE),
        ("Pourquoi l'entrée de la piscine coûte-t-elle 3,2 euros ?", PRICE),
        ("Pourquoi la piscine ferme-t-elle 15 jours ?", PRICE),  # another unit
        ("Pourquoi la bibliothèque est-elle ouverte le dimanche ?", SUNDAY),
        ("Pourquoi le conseil a-t-il adopté le projet de crèche ?", VOTE),
        ("Pourquoi les travaux bruyants ne sont-ils pas autorisés le dimanche ?", NOISE),
        ("Pourquoi les travaux bruyants sont-ils interdits le dimanche ?", NOISE),
        ("Pourquoi la bibliothèque est-elle fermée le lundi ?", SUNDAY),  # of other days
        ("Pourquoi la piscine municipale est pas gratuite ?", PRICE),
        ("Vu que mon fils a 12 ans, où l'inscrire ?", "Le centre reçoit de 3 à 11 ans."),
        ("Pourquoi les tuiles noires sont interdites ?", "Le permis de construire les précise."),
        ("Qui a adopté à l'unanimité le plan ?", "Le plan de lutte contre le bruit."),
        ("Quand a-t-on ouvert la bibliothèque ?", "La bibliothèque est fermée le lundi."),
    ],
)
def test_what_the_source_says_or_does_not_speak_of_is_left(question: str, source: str) -> None:
    assert contradicted(question, [candidate(source)]) is None


def test_a_sentence_of_another_matter_or_a_title_contradicts_nothing() -> None:
    asked = "Pourquoi la piscine municipale est-elle gratuite ?"

    assert contradicted(asked, [candidate(PRICE, coverage=0.3)]) is None
    assert contradicted(asked, [candidate(PRICE, told=False)]) is None


@pytest.mark.parametrize(
    ("question", "source", "is_contradicted"),
    [
        ("Pourquoi la halle est-elle fermée le mercredi ?", WEEK, True),
        ("Pourquoi la halle est-elle fermée le dimanche ?", WEEK, False),
        ("Pourquoi l'entrée coûte-t-elle 5 € ?", "L'entrée coûte de 4 à 6 €.", False),
        ("Pourquoi l'entrée coûte-t-elle 5 € ?", "L'entrée coûte trois euros.", True),
    ],
)  # fmt: skip
def test_days_and_ranges_hold_what_lies_in_them(
    question: str, source: str, is_contradicted: bool
) -> None:
    assert (contradicted(question, [candidate(source)]) is not None) is is_contradicted
