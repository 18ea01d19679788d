# SPDX-License-Identifier: EUPL-1.2
"""Items of minutes: where they start, whatever lists stand inside them."""

from __future__ import annotations

from corpus.acts import read_act
from corpus.minutes import find_items
from corpus.split import split

LISTED = (
    (
        1,
        "Conseil municipal du 5 mars 2019\nVote : Pour à l’unanimité\n\nOrdre du jour\n"
        "1. Travaux de l’école\n2. Tarifs de la cantine\n3. Informations diverses",
    ),
    (
        2,
        "1. Travaux de l’école\n- Demande de subvention\nLes désordres sont :\n"
        "1. Affaissement d’une cloison de la classe maternelle.\n2. Fissuration du pignon sud.\n"
        "Vote :\n- Pour : 13\n- Abstentions : 3, M. A, Mme B",
    ),
    (
        3,
        "2. Tarifs de la cantine\nLe repas est fixé à 3,20 euros.\nVote : Pour à l’unanimité\n"
        "3. Informations diverses\nLe marché change de jour.",
    ),
)
NUMBERED_ACTS = (
    (
        1,
        "Compte-rendu de la réunion du Conseil Municipal du 11 avril 2023\n"
        "Point n° 1 : Finances\n23-04/023 — Affectation du résultat :\nLe Conseil décide à"
        " l’unanimité.\n23-04/024 — Budget primitif :\nAdopté par 19 voix « Pour » et 5"
        " « Abstentions ».\nPoint n° 2 : Eau\n23-04/025 — Budget primitif :\nAdopté à l’unanimité.",
    ),
)
UNLISTED = (
    (
        1,
        "PROCÈS-VERBAL DU CONSEIL MUNICIPAL DU 11 JUIN 2025\n1. Approbation du procès-verbal du 3"
        " mai 2025\nApprouvé à l’unanimité.\n2. Rapport sur l’eau\nLe conseil prend acte.\n"
        "3. Subventions\n1. Le club de judo reçoit 200 euros.\n2. La chorale en reçoit 100.\n"
        "Vote : pour 21, contre 4 (délibération n° 2025-06-11-03).\n4. Voirie\nAdopté à"
        " l’unanimité.",
    ),
)


def test_a_listed_agenda_says_which_numbers_start_an_item() -> None:
    items = find_items(LISTED)
    assert [(i.rank, i.page, i.title, i.is_act) for i in items] == [
        (1, 2, "Travaux de l’école - Demande de subvention", True),
        (2, 3, "Tarifs de la cantine", True),
        (3, 3, "Informations diverses", False),
    ]
    ((page, vote),) = items[0].votes
    assert (page, vote.pour, vote.abstentions) == (2, 13, 3)
    assert LISTED[1][1][vote.start : vote.end] == "Pour : 13\n- Abstentions : 3"
    assert LISTED[2][1][items[1].start :].startswith("2. Tarifs")


def test_deliberations_numbered_by_themselves_are_the_items() -> None:
    items = find_items(NUMBERED_ACTS)
    assert [(i.number, i.theme, i.title) for i in items] == [
        ("23-04/023", "Finances", "Affectation du résultat"),
        ("23-04/024", "Finances", "Budget primitif"),
        ("23-04/025", "Eau", "Budget primitif"),
    ]


def test_without_a_list_numbers_go_up_one_by_one() -> None:
    items = find_items(UNLISTED)
    assert [(i.title, i.number, i.is_act) for i in items] == [
        ("Approbation du procès-verbal du 3 mai 2025", "", False),
        ("Rapport sur l’eau", "", False),
        ("Subventions", "2025-06-11-03", True),
        ("Voirie", "", True),
    ]


def test_passages_of_minutes_never_cross_an_item_and_carry_its_title() -> None:
    act = read_act(LISTED, "compte-rendu.pdf")
    texts = dict(LISTED)
    pieces = split(
        LISTED,
        label=act.label,
        items=act.items,
        count_tokens=lambda text: len(text.split()),
        max_tokens=512,
    )
    assert [(p.item, p.heading) for p in pieces] == [
        (0, "Procès-verbal du 5 mars 2019"),
        (1, "Procès-verbal du 5 mars 2019 > 1. Travaux de l’école - Demande de subvention"),
        (2, "Procès-verbal du 5 mars 2019 > 2. Tarifs de la cantine"),
        (3, "Procès-verbal du 5 mars 2019 > 3. Informations diverses"),
    ]
    assert all("Tarifs" not in texts[p.page][p.start : p.end] for p in pieces if p.item == 1)


def test_a_text_without_items_has_none() -> None:
    assert find_items([(1, "Le conseil se réunit.\nIl est 20 heures.")]) == ()
    assert find_items([]) == ()
