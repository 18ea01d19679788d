# SPDX-License-Identifier: EUPL-1.2
"""The quality report: what an administrator should mend, and nothing else."""

from __future__ import annotations

import pytest

from corpus.documents import Scan
from corpus.likeness import near_pairs, sketch
from corpus.quality import check, is_doubtful
from corpus.rows import StoredDocument
from tests.corpus.conftest import Town
from tests.table import each

TEXT = (
    "Le marché de plein air se tient chaque jeudi matin sous la halle couverte du bourg, de huit"
    " heures à treize heures, sauf les jours fériés. Les commerçants s'installent dès six heures."
    " Les emplacements sont attribués par le placier selon l'ordre d'arrivée et l'ancienneté."
    " Le droit de place est de deux euros le mètre, payable le jour même contre un reçu. Les"
    " animaux tenus en laisse sont admis dans les allées, les vélos sont tenus à la main."
)
NOISE = "l i | e t , ; 1 . v ' - n o ~ i s e | | _ ~ x u ^ r : t e = + a | ! , ; q o"


@pytest.fixture
def kept(town: Town) -> Town:
    town.write("marche.txt", TEXT)
    town.write("marche-bis.txt", TEXT.replace("jeudi", "vendredi"))
    town.write("cimetiere.txt", "Le cimetière ouvre à huit heures toute l'année, sauf en hiver.")
    town.write("arrete.txt", "ARRÊTÉ MUNICIPAL\nportant fermeture du parc\nARRÊTE\nArticle 1er.")
    town.write("zuliani.txt", "Monsieur Zuliani demande une place au marché de plein air.")
    town.write("bruit.txt", NOISE)
    town.write("vide.txt", "")
    town.add()
    return town


def test_each_document_has_its_doubts(kept: Town) -> None:
    quality = check(kept.store)
    doubts = {document.file: document.doubts for document in quality.to_mend}
    assert doubts == {"arrete.txt": ("no_date", "no_number"), "bruit.txt": ("doubtful_passages",)}
    assert [(f.file, f.reason) for f in quality.not_in] == [("vide.txt", "empty")]
    (hidden,) = (d for d in quality.documents if d.file == "[PERSONNE_1].txt")
    assert hidden.hidden == {"PERSON": 1}
    assert quality.hidden == {"PERSON": 1}
    assert "uliani" not in repr(quality)


def test_near_duplicates_are_paired_and_others_are_not(kept: Town) -> None:
    quality = check(kept.store)
    names = {document.id: document.file for document in quality.documents}
    assert [{names[p.first], names[p.second]} for p in quality.alike] == [
        {"marche.txt", "marche-bis.txt"}
    ]
    assert 0.8 <= quality.alike[0].likeness < 1


def test_the_same_text_in_two_collections_is_a_duplicate(town: Town) -> None:
    path = town.write("marche.txt", TEXT)
    town.add(path, collection="plu")
    town.add(path, collection="agents")
    (pair,) = check(town.store).alike
    assert pair.likeness == 1.0


def test_collections_say_how_much_can_be_searched(kept: Town) -> None:
    kept.add(kept.write("note.txt", TEXT.replace("marché", "cirque")), collection="agents")
    agents, default = check(kept.store).collections
    assert (agents.collection, agents.documents, agents.searchable_pages) == ("agents", 1, 1)
    assert (default.collection, default.documents, default.not_in) == ("default", 6, 1)
    assert (default.dated, default.to_date) == (0, 1)


def test_scanned_pages_that_are_unsure_are_named(town: Town) -> None:
    town.write("a.txt", TEXT)
    town.add()
    (stored,) = town.store.documents()
    (seen,) = town.store.files()
    scans = {1: Scan(0.55), 2: Scan(0.95)}
    scanned = StoredDocument(
        id=stored.id, file=stored.file, collection="default", media_type="application/pdf",
        page_count=3, act=stored.act, recipe="", added="", waiting_pages=(3,), needs="ocr",
        scans=scans,
    )  # fmt: skip
    town.store.put(scanned, [(1, TEXT), (2, TEXT)], [], seen=seen)
    (document,) = check(town.store).documents
    assert (document.confidence, document.unsure_pages) == (0.75, (1,))
    assert document.doubts == ("unread_pages", "unsure_pages")
    assert town.store.scan(stored.id, 2) == Scan(0.95)
    assert town.store.scan(stored.id, 3) is None


@each(
    "text, doubtful",
    [
        (NOISE, True),
        ("motsanslemoindreespacecommecelasevoitsurdesscans" * 2 + " et la suite du texte", True),
        (TEXT, False),
        ("Prix : 3,20 € ; Durée : 12 mois ; Total : 1 096 400,00 €", False),
        ("", False),
        ("12", False),
    ],
)
def test_noise_is_told_from_text_and_tables(text: str, doubtful: bool) -> None:
    assert is_doubtful(text) is doubtful


def test_a_text_too_short_to_compare_is_like_no_other() -> None:
    assert sketch("trois mots seulement") is None
    same, other = sketch(TEXT), sketch("Le règlement du cimetière fixe les horaires. " * 3)
    assert same is not None and other is not None
    assert list(near_pairs({"a": same, "b": same, "c": other})) == [("a", "b", 1.0)]


def test_an_empty_corpus_has_nothing_to_mend(town: Town) -> None:
    quality = check(town.store)
    assert (quality.documents, quality.not_in, quality.alike, quality.collections) == ((),) * 4
