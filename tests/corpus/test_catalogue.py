# SPDX-License-Identifier: EUPL-1.2
"""Counting and listing acts from what is known of them, and who may see which."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from corpus.act_rows import ACTS, NOT_WAITING
from corpus.catalogue import (
    ActsQuery,
    acts_where,
    kinds_named,
    last_sitting,
    next_sitting,
    undated,
)
from corpus.documents import Filters
from corpus.query import Wording
from corpus.rights import Rights
from corpus.search import Search
from guardrails.findings import Screened
from tests.corpus.conftest import Town

MINUTES = (
    "PROCÈS-VERBAL DE LA SÉANCE DU CONSEIL MUNICIPAL DU 11 JUIN 2019\n"
    "1. Approbation du procès-verbal du 3 mai 2019\nApprouvé à l’unanimité.\n"
    "2. Réfection de la voirie rue Basse\nVote : pour 21, contre 4 (M. Zuliani), abstention 1.\n"
    "3. Tarifs de la cantine scolaire\nAdopté à l’unanimité.\n"
    "4. Rapport sur l’eau\nLe conseil prend acte.\n"
)
EXTRACT = (
    "DÉLIBÉRATION N° 2019-06-11-02\nObjet : réfection de la voirie rue Basse\n"
    "L’an deux mille dix-neuf, le onze juin, le conseil municipal s’est réuni.\n"
    "Après en avoir délibéré, DÉCIDE :\nArticle 1er. – Les travaux sont approuvés.\n"
    "Pour extrait conforme,\nLa maire,\n"
)
ORDER = (
    "ARRÊTÉ MUNICIPAL N° 2023-{n}\nportant stationnement rue {n}\nARRÊTE\nArticle 1er. – Oui.\n"
    "Fait à Brumeval, le {n} mars 2023\nLa maire,"
)


@pytest.fixture
def acts(town: Town) -> Town:
    town.write("pv.txt", MINUTES)
    town.write("extrait.txt", EXTRACT)
    for number in (11, 12):
        town.write(f"arrete-{number}.txt", ORDER.format(n=number))
    town.write("sans-date.txt", "ARRÊTÉ N° 7\nportant fermeture du parc\nARRÊTE\nArticle 1er.")
    town.add()
    return town


def listed(town: Town, query: ActsQuery, wording: Wording | None = None) -> list[str]:
    return [row.act.object for row in acts_where(town.store, query, wording=wording)]


def test_deliberations_are_counted_once_whether_minutes_or_extracts_tell_them(acts: Town) -> None:
    query = ActsQuery(kind="délibération", years=frozenset({2019}))
    assert listed(acts, query) == [
        "Tarifs de la cantine scolaire",
        "Réfection de la voirie rue Basse",
    ]
    assert listed(acts, ActsQuery(kind="délibération", years=frozenset({2020}))) == []


def test_years_that_stand_apart_leave_out_those_between(acts: Town) -> None:
    acts.write("arrete-2021.txt", ORDER.format(n=13).replace("2023", "2021"))
    acts.add()

    def numbers(query: ActsQuery) -> list[str]:
        return [row.act.number for row in acts_where(acts.store, query)]

    apart = ActsQuery(kind="arrêté", years=frozenset({2019, 2023}))
    assert numbers(apart) == ["2023-11", "2023-12"]
    assert undated(acts.store, apart) == 1
    assert numbers(replace(apart, since="2023-03-12")) == ["2023-12"]
    span = ActsQuery(kind="arrêté", since="2019-01-01", until="2023-12-31")
    assert numbers(span) == ["2021-13", "2023-11", "2023-12"]


def test_what_was_not_unanimous_is_listed(acts: Town) -> None:
    assert listed(acts, ActsQuery(vote="contested")) == ["Réfection de la voirie rue Basse"]


def test_a_topic_is_looked_for_in_the_object_with_its_everyday_words(acts: Town) -> None:
    roads = ActsQuery(kind="délibération", years=frozenset({2019}), topic="voirie")
    (row,) = acts_where(acts.store, roads)
    assert (row.act.file, row.act.number, row.act.date) == (
        "extrait.txt",
        "2019-06-11-02",
        "2019-06-11",
    )
    meals = ActsQuery(kind="délibération", topic="restauration scolaire")
    assert listed(acts, meals) == []
    assert listed(acts, meals, Wording(acts.store)) == ["Tarifs de la cantine scolaire"]


def test_an_extract_takes_its_votes_from_the_minutes_and_no_name_is_kept(acts: Town) -> None:
    (row,) = acts_where(acts.store, ActsQuery(kind="délibération", vote="against"))
    ((_, vote),) = row.votes
    assert (vote.pour, vote.contre, vote.abstentions) == (21, 4, 1)
    assert "uliani" not in repr(row)
    assert listed(acts, ActsQuery(vote="unanimous")) == ["Tarifs de la cantine scolaire"]
    assert listed(acts, ActsQuery(vote="rejected")) == []


def test_acts_of_a_year_are_listed_and_the_undated_are_owned_up_to(acts: Town) -> None:
    query = ActsQuery(kind="arrêté", years=frozenset({2023}))
    rows = acts_where(acts.store, query)
    assert [(r.act.number, r.act.date, r.act.signatory) for r in rows] == [
        ("2023-11", "2023-03-11", "La maire"),
        ("2023-12", "2023-03-12", "La maire"),
    ]
    assert undated(acts.store, query) == 1
    assert rows[0].act.articles == ("1",)


def test_the_object_can_be_quoted_from_its_page(acts: Town) -> None:
    for row in acts_where(acts.store, ActsQuery()):
        page = acts.store.page(row.act.document, row.act.page) or ""
        assert row.act.object.lower()[:12] in page[row.act.start : row.act.end].lower()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Combien de délibérations en 2019 ?", "délibération"),
        ("la liste des arrêtés de 2023", "arrêté"),
        ("les procès-verbaux", "procès-verbal"),
        ("Quand ouvre la piscine ?", ""),
    ],
)
def test_a_question_names_a_kind(question: str, kind: str) -> None:
    assert kinds_named(question) == kind


def test_lists_and_searches_keep_to_what_an_audience_may_see(acts: Town) -> None:
    secret = acts.write("agents/note.txt", "Arrêté n° 2023-99\nportant stationnement réservé.")
    acts.add(secret, collection="agents")
    rights = Rights({"senior": frozenset({"default", "public"}), "agent": None})
    search = Search(acts.store, acts.index, acts.embedder)
    for audience, sees in (("agent", True), ("senior", False), ("unknown", False)):
        filters = rights.filters(audience)
        found = search(Screened("stationnement réservé"), filters=filters)
        assert ("note.txt" in {r.passage.file for r in found}) is sees
        rows = acts_where(acts.store, ActsQuery(collections=filters.collections))
        assert ("note.txt" in {row.act.file for row in rows}) is sees
    assert search(Screened("stationnement"), filters=rights.filters("unknown")) == []


def test_rights_narrow_what_is_asked_and_never_widen_it() -> None:
    rights = Rights({"senior": frozenset({"public"}), "agent": None})
    asked = Filters(collections=frozenset({"agents"}))
    assert rights.filters("senior", asked).is_closed
    assert rights.filters("agent", asked) == asked
    assert Rights().filters("senior") == Filters()


def test_filters_on_kind_and_date_hold_in_words_and_in_vectors(acts: Town) -> None:
    search = Search(acts.store, acts.index, acts.embedder)

    def files(filters: Filters) -> set[str]:
        return {r.passage.file for r in search(Screened("voirie stationnement"), filters=filters)}

    assert files(Filters(kinds=frozenset({"arrêté"}))) == {
        "arrete-11.txt",
        "arrete-12.txt",
        "sans-date.txt",
    }
    assert files(Filters(kinds=frozenset({"délibération"}))) == {"extrait.txt", "pv.txt"}
    assert files(Filters(since="2023-03-12")) == {"arrete-12.txt"}
    assert files(Filters(until="2019-12-31")) == {"extrait.txt", "pv.txt"}
    assert files(Filters(since="2024-01-01")) == set()
    assert files(Filters(kinds=frozenset())) == set()


def test_what_waits_in_quarantine_is_in_no_list(acts: Town) -> None:
    (row,) = acts_where(acts.store, ActsQuery(number="2023-11"))
    stored = acts.store.document(row.act.document)
    assert stored is not None
    (seen,) = (f for f in acts.store.files() if f.document == stored.id)
    waiting = replace(stored, needs="decision_health")
    acts.store.put(waiting, acts.store.pages(stored.id), [], seen=seen)
    assert acts_where(acts.store, ActsQuery(number="2023-11")) == []


def test_the_last_sitting_is_one_that_took_place_and_may_be_seen(acts: Town) -> None:
    assert last_sitting(acts.store, until="2026-01-01") == "2019-06-11"
    assert last_sitting(acts.store, until="2019-06-10") == ""
    assert last_sitting(acts.store, until="2026-01-01", collections=frozenset({"other"})) == ""


def test_the_next_sitting_comes_after_a_day_and_may_be_seen(acts: Town) -> None:
    assert next_sitting(acts.store, after="2019-06-10") == "2019-06-11"
    assert next_sitting(acts.store, after="2019-06-11") == ""
    assert next_sitting(acts.store, after="", collections=frozenset({"other"})) == ""


def test_only_what_waits_for_a_decision_is_out_of_the_lists() -> None:
    """`_` of a pattern stands for any letter: it is taken as it is written."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE documents (needs)")
        needs = ["", "decision_health", "decisionary", "clearer_scan"]
        connection.executemany("INSERT INTO documents VALUES (?)", [(one,) for one in needs])
        found = connection.execute(f"SELECT needs FROM documents AS d WHERE {NOT_WAITING}")
        assert [one for (one,) in found] == ["", "decisionary", "clearer_scan"]
    assert NOT_WAITING in ACTS
