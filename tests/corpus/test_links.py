# SPDX-License-Identifier: EUPL-1.2
"""What acts do to each other, what they only mention, and which are still in force."""

from __future__ import annotations

import pytest

from corpus.catalogue import ActsQuery, acts_where
from corpus.documents import Filters
from corpus.links import Effect, read_links
from corpus.search import Search
from guardrails.findings import Screened
from tests.corpus.conftest import Town
from tests.table import each

REPEALS, REPLACES, AMENDS = Effect.REPEALS, Effect.REPLACES, Effect.AMENDS


@each(
    "text, links",
    [
        ("L’arrêté n° 2016-041 du 4 avril 2016 est abrogé.", [(REPEALS, "2016-041", "2016-04-04")]),
        ("La délibération n° 22-10-05 est abrogée au 1er mai 2025.", [(REPEALS, "22-10-05", "")]),
        (
            "Le présent arrêté annule et remplace l’arrêté n° 2020-12 du 5 mai 2020.",
            [(REPLACES, "2020-12", "2020-05-05")],
        ),
        (
            "La présente délibération abroge la délibération du 12 mars 2019.",
            [(REPEALS, "", "2019-03-12")],
        ),
        (
            "modifiant l’arrêté n° 2024-087 du 21 mai 2024 portant réglementation des bruits",
            [(AMENDS, "2024-087", "2024-05-21")],
        ),
        ("L’article 4 de l’arrêté n° 2024-087 est remplacé par :", [(AMENDS, "2024-087", "")]),
        ("Modification de la délibération du 2 avril 2008", [(AMENDS, "", "2008-04-02")]),
        ("Vu l’arrêté n° 12 du 3 mars 2001 modifié par l’arrêté n° 14 ;", []),
        ("Les autres articles de l’arrêté n° 2024-087 demeurent inchangés.", []),
        ("L’article 9 (pénalités) est abrogé.", []),
        ("M. A demande si la délibération du 3 mars 2019 est annulée.", []),
        ("La délibération n° 2014/131 du 5 avril 2014 a fixé le nombre d’adjoints.", []),
        ("L’arrêté préfectoral du 9 février 1999 fixe la liste.", []),
    ],
)
def test_only_what_is_done_to_an_act_is_a_link(
    text: str, links: list[tuple[Effect, str, str]]
) -> None:
    assert [(link.effect, link.number, link.date) for link in read_links(text)] == links


def order(number: str, day: str, subject: str, extra: str = "") -> str:
    return (
        f"ARRÊTÉ MUNICIPAL N° {number}\nportant {subject}\nLa maire,\nARRÊTE\n"
        f"Article 1er. – {subject.capitalize()} : règle {number}.\n{extra}\n"
        f"Fait à Brumeval, le {day}\nLa maire,"
    )


@pytest.fixture
def town_of_orders(town: Town) -> Town:
    subject = "réglementation des bruits de voisinage"
    town.write("ancien.txt", order("2016-041", "4 avril 2016", subject))
    repeal = "Article 2. – L’arrêté n° 2016-041 du 4 avril 2016 est abrogé."
    town.write("nouveau.txt", order("2024-087", "21 mai 2024", subject, repeal))
    change = "Article 2. – L’article 1 de l’arrêté n° 2024-087 est complété."
    town.write("modif.txt", order("2025-058", "8 avril 2025", "réduction du bruit", change))
    town.write("autre.txt", order("2016-042", "4 avril 2016", "fermeture du cimetière"))
    town.add()
    return town


def test_an_act_that_another_repeals_is_out_of_force(town_of_orders: Town) -> None:
    rows = {row.act.file: row for row in acts_where(town_of_orders.store, ActsQuery(kind="arrêté"))}
    assert rows["ancien.txt"].superseded_by.startswith("Arrêté n° 2024-087 du 21 mai 2024")
    assert not rows["ancien.txt"].in_force
    assert rows["nouveau.txt"].in_force
    assert [label[:17] for label in rows["nouveau.txt"].amended_by] == ["Arrêté n° 2025-05"]
    assert rows["autre.txt"].in_force and not rows["autre.txt"].amended_by


def test_search_prefers_what_is_in_force_unless_the_old_act_is_named(town_of_orders: Town) -> None:
    search = Search(town_of_orders.store, town_of_orders.index, town_of_orders.embedder)
    noise = Filters(kinds=frozenset({"arrêté"}))
    now = [r.passage for r in search(Screened("bruits de voisinage"), filters=noise)]
    assert [p.file for p in now].index("nouveau.txt") < [p.file for p in now].index("ancien.txt")
    (old,) = {p.superseded_by[:20] for p in now if p.file == "ancien.txt"}
    assert old == "Arrêté n° 2024-087 d"
    assert search(Screened("que dit l’arrêté 2016-041 ?"))[0].passage.file == "ancien.txt"


def test_a_passage_knows_which_document_amends_it(town_of_orders: Town) -> None:
    documents = {one.file: one.id for one in town_of_orders.store.documents()}
    amended = {
        file: {p.amended_by for p in town_of_orders.store.passages_of(identifier)}
        for file, identifier in documents.items()
    }
    assert amended["nouveau.txt"] == {documents["modif.txt"]}
    assert amended["ancien.txt"] == amended["modif.txt"] == {""}


def test_what_goes_takes_its_effects_with_it(town_of_orders: Town) -> None:
    (town_of_orders.folder / "nouveau.txt").unlink()
    town_of_orders.add(prune=True)
    rows = {row.act.file: row for row in acts_where(town_of_orders.store, ActsQuery(kind="arrêté"))}
    assert rows["ancien.txt"].in_force


def test_an_effect_that_is_to_come_is_not_yet_one(town: Town) -> None:
    town.write("ancien.txt", order("2020-001", "6 mai 2020", "tarifs du stationnement"))
    later = "Article 2. – L’arrêté n° 2020-001 est abrogé à compter du 1er janvier 2999."
    town.write("nouveau.txt", order("2024-001", "6 mai 2024", "tarifs du stationnement", later))
    town.add()
    rows = acts_where(town.store, ActsQuery(kind="arrêté", number="2020/1"))
    assert [row.in_force for row in rows] == [True]


def test_an_ambiguous_link_changes_nothing(town: Town) -> None:
    town.write("a.txt", order("2020-001", "6 mai 2020", "tarifs du stationnement"))
    town.write("b.txt", order("2020-002", "6 mai 2020", "fermeture du parc floral"))
    unsure = "Article 2. – L’arrêté du 6 mai 2020 est abrogé."
    town.write("c.txt", order("2024-001", "6 mai 2024", "ouverture de la patinoire", unsure))
    town.add()
    assert all(row.in_force for row in acts_where(town.store, ActsQuery(kind="arrêté")))


def test_the_newest_version_of_a_reglement_is_in_force(town: Town) -> None:
    text = "RÈGLEMENT DU RESTAURANT SCOLAIRE\nAdopté le {}\nArticle 1 – Le repas est réservé {}."
    town.write("2023.txt", text.format("3 mai 2023", "la veille"))
    town.write("2025.txt", text.format("3 mai 2025", "le matin"))
    town.write("parc.txt", "RÈGLEMENT DU PARC FLORAL\nAdopté le 3 mai 2020\nArticle 1 – Ouvert.")
    town.add()
    rows = {row.act.file: row for row in acts_where(town.store, ActsQuery(kind="règlement"))}
    assert [rows[f].in_force for f in ("2023.txt", "2025.txt", "parc.txt")] == [False, True, True]
