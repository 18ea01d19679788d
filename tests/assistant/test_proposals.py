# SPDX-License-Identifier: EUPL-1.2
"""What a document lets ask: its answers are its own words, and no placeholder gets in."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.proposals import Draft, of_articles, of_rows, of_sentences, of_votes, propose
from corpus.acts import Act
from corpus.passages import PassageStore, SeenFile, StoredDocument
from corpus.structure import Structure

PAGE = """Arrêté n° 2024-17 du 12 juin 2024
Objet : tarifs de la piscine
Article 2 - Tarifs
Les entrées sont vendues au guichet de la piscine.
Public : Adulte ; Tarif : 4,50 € ; Carte : 40 €
Public : 12 ; Tarif : 2 €
Un casier coûte 1 € par jour.
La piscine ferme à 19 heures.
Le casier de [PERSONNE_1] coûte 3 €.
Vote : pour : 14, contre : 3
Article 3 - Les entrées du dimanche sont vendues le samedi.
Article 4
"""
DOCUMENT = StoredDocument(
    id="d", file="arrete.txt", collection="default", media_type="text/plain", page_count=1,
    act=Act(kind="arrêté", number="2024-17", date="2024-06-12", object="Tarifs de la piscine"),
    recipe="", added="",
)  # fmt: skip


def answers(drafts: list[Draft]) -> list[str]:
    return [draft.answers[0] for draft in drafts]


def test_a_row_is_asked_by_its_first_cell_if_that_names_something() -> None:
    (draft,) = of_rows(DOCUMENT, 1, Structure.of(PAGE), "« x »")
    assert (draft.kind, draft.answers) == ("amount", ("4,50 €",))
    assert "« Adulte »" in draft.question


def test_a_sentence_is_asked_with_a_gap() -> None:
    drafts = [*of_sentences(DOCUMENT, 1, PAGE, "« x »")]
    assert answers(drafts) == ["1 €", "19 heures", "3 €"]
    assert drafts[1].question == "Que faut-il lire : « La piscine ferme à … » ?"


def test_an_article_with_a_title_is_asked_and_one_that_runs_on_is_not() -> None:
    (draft,) = of_articles(DOCUMENT, 1, PAGE, "« x »")
    assert draft.answers == ("Les entrées sont vendues au guichet",)
    assert "article 2 (Tarifs)" in draft.question


def test_a_vote_is_asked() -> None:
    (draft,) = of_votes(DOCUMENT, 1, PAGE, "« x »")
    assert draft.answers == ("pour : 14",)


@pytest.fixture
def store(tmp_path: Path) -> PassageStore:
    store = PassageStore(tmp_path / "passages.db")
    seen = SeenFile(path="p", root="", collection="default", name="a", stamp="", recipe="")
    store.put(DOCUMENT, [(1, PAGE)], [], seen=seen)
    return store


def test_drafts_are_sound_mixed_and_the_same_each_time(store: PassageStore) -> None:
    drafts = propose(store, count=15)
    assert drafts == propose(store, count=15)
    assert {"12 juin 2024", "tarifs de la piscine", "1 €", "pour : 14"} <= {
        answer for draft in drafts for answer in draft.answers
    }
    assert not any("PERSONNE" in draft.question for draft in drafts)
    assert sum(not draft.answers for draft in drafts) == 5
    assert len({draft.question for draft in drafts}) == len(drafts)
    store.close()
