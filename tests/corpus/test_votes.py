# SPDX-License-Identifier: EUPL-1.2
"""How votes are told in French minutes and extracts."""

from __future__ import annotations

from corpus.votes import read_votes
from tests.table import each


@each(
    "text, told",
    [
        ("Vote : Pour à l’unanimité", [(None, 0, None, True)]),
        ("Vote :\n- Pour : 13\n- Abstentions : 3, M. A, Mme B", [(13, 0, 3, False)]),
        ("- Abstention : 2 (M. A et M. B (pouvoir))\n- Pour : 13", [(13, 0, 2, False)]),
        ("Vote : Contre à l’unanimité", [(0, None, None, True)]),
        ("Vote : 14 voix pour", [(14, 0, 0, False)]),
        ("Pour : 44\nContre : 8\nAbstentions : 2\nAdopté à la majorité", [(44, 8, 2, False)]),
        ("Pour : 56\nContre :\nAbstentions :\nAdopté à l’unanimité.", [(56, 0, 0, True)]),
        (". Pour : 45 . Abstention : 13", [(45, 0, 13, False)]),
        ("Adopte à l’unanimité, avec 24 Voix Pour,", [(24, 0, 0, True)]),
        ("par 19 voix « Pour », et 5 « Abstentions » : V. B.", [(19, 0, 5, False)]),
        ("par quinze voix pour, deux contre et une abstention", [(15, 2, 1, False)]),
        ("par trente-cinq voix pour et quarante-et-une contre", [(35, 41, 0, False)]),
        ("POUR : 15 CONTRE : 0 ABSTENTION : 1", [(15, 0, 1, False)]),
        ("Votants : 19 Pour : 19 Contre : néant", [(19, 0, 0, False)]),
        ("Vote : pour 21, contre 4 (M. A, M. B), abstention 1 (Mme C).", [(21, 4, 1, False)]),
        ("Approuvé à l’unanimité des 25 votants.", [(None, 0, None, True)]),
        (
            "Vote : pour : 16.\n\nBudget annexe\nVote :\n- Pour : 12\n- Contre : 3",
            [(16, 0, 0, False), (12, 3, 0, False)],
        ),
        ("Les crédits pour 2014 et pour 3 classes ; contre 5 ans de bail.", []),
        ("La presse ne fit pas l’unanimité.", []),
        ("La vente porte sur 971 m², pour 12 lots.", []),
    ],
)
def test_a_vote_is_read_and_nothing_else(
    text: str, told: list[tuple[int | None, int | None, int | None, bool]]
) -> None:
    votes = read_votes(text)
    assert [(v.pour, v.contre, v.abstentions, v.unanimous) for v in votes] == told


def test_the_outcome_follows_the_counts() -> None:
    assert [v.outcome for v in read_votes("Vote : pour : 5 – contre : 12.")] == ["rejected"]
    assert [v.outcome for v in read_votes("Le Conseil Adopte.")] == ["adopted"]


def test_the_place_of_a_vote_is_that_of_its_words() -> None:
    text = "Le débat est long.\nVote : pour 23, contre 1.\nSuite."
    (vote,) = read_votes(text)
    assert text[vote.start : vote.end] == "pour 23, contre 1"
