# SPDX-License-Identifier: EUPL-1.2
"""Passages: what they never cross, never cut, and the heading they carry."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from corpus.sections import MAX_CHARS
from corpus.sentences import sentences, shortened
from corpus.split import headline, split
from tests.table import each

FILLER = "La commission a examiné le dossier et rendu un avis favorable au projet présenté. "


def cut(*pages: str, label: str = "Acte", max_tokens: int = 512) -> list[tuple[int, str, str]]:
    """Return page, heading and text of each passage; a token is a word here."""
    pieces = split(
        list(enumerate(pages, 1)),
        label=label,
        count_tokens=lambda text: len(text.split()),
        max_tokens=max_tokens,
    )
    return [(p.page, p.heading, pages[p.page - 1][p.start : p.end]) for p in pieces]


def test_articles_are_kept_apart_and_named() -> None:
    page = (
        "Vu le code ;\nConsidérant le besoin ;\nARRÊTE\n"
        "Article 1er – Objet. Le stationnement est interdit.\n"
        "Article 2 : Durée\nDu 3 au 7 mars."
    )
    assert [(heading, text) for _, heading, text in cut(page)] == [
        ("Acte", "Vu le code ;\nConsidérant le besoin ;"),
        (
            "Acte > ARRÊTE – Article 1er – Objet",
            "ARRÊTE\nArticle 1er – Objet. Le stationnement est interdit.",
        ),
        ("Acte > Article 2 : Durée", "Article 2 : Durée\nDu 3 au 7 mars."),
    ]


def test_agenda_items_are_kept_apart() -> None:
    page = "1. Approbation du budget\nAdopté.\n2. Tarifs de la cantine\nAdopté."
    assert [heading for _, heading, _ in cut(page)] == [
        "Acte > 1. Approbation du budget",
        "Acte > 2. Tarifs de la cantine",
    ]


def test_a_passage_never_crosses_a_page_and_a_heading_goes_on() -> None:
    found = cut("Horaires\nOuvert le lundi.", "Ouvert aussi le mardi.")
    assert [(page, heading) for page, heading, _ in found] == [
        (1, "Acte > Horaires"),
        (2, "Acte > Horaires"),
    ]


def test_a_heading_at_the_foot_of_a_page_leads_the_next() -> None:
    found = cut("Horaires\nOuvert le lundi.\n\nTarifs", "Le plein tarif est de 3 euros.")
    assert [(page, heading) for page, heading, _ in found] == [
        (1, "Acte > Horaires"),
        (2, "Acte > Tarifs"),
    ]


def test_long_text_is_cut_between_sentences_only() -> None:
    text = FILLER * 40
    found = cut(text)
    assert all(len(passage) <= MAX_CHARS + 120 for _, _, passage in found)
    assert all(re.fullmatch(r"La commission.*présenté\.", passage) for _, _, passage in found)
    assert "".join(p.replace(" ", "") for _, _, p in found) == text.replace(" ", "")


def test_rows_are_never_cut_and_keep_their_headers() -> None:
    rows = [f"Prestation : Repas numéro {n} ; Prix : {n},50 €" for n in range(60)]
    found = [line for _, _, text in cut("\n".join(rows)) for line in text.split("\n")]
    assert found == rows


def test_a_passage_too_long_for_the_embedder_is_cut_again_never_short() -> None:
    text = "mot " * 300
    found = cut(text, max_tokens=50)
    assert all(len((h + " " + t).split()) <= 50 for _, h, t in found)
    assert sum(len(t.split()) for _, _, t in found) == 300


@given(st.text(alphabet="ab. \n:;Articléé12–|[]", max_size=400))
def test_no_word_is_lost_whatever_the_page(page: str) -> None:
    found = cut(page, max_tokens=20)
    assert "".join("".join(t.split()) for _, _, t in found) == "".join(page.split())


def test_a_heading_line_is_short() -> None:
    assert headline("Acte", "") == "Acte"
    assert headline("Règlement du marché", "RÈGLEMENT DU MARCHÉ") == "Règlement du marché"
    assert len(headline("mot " * 100, "titre " * 100)) <= 210


@each(
    "marked",
    [
        "M. le Maire ouvre la séance.| Il est 19 h.",
        "Vu l'art. L. 2121-29 du code.| Adopté.",
        "La dépense est de 12.5 M€.| Elle est inscrite.",
        "Voir la délibération n° 3.| Le vote suit.",
        "« Qui vote ? »| Tous.",
        "Mme J. Dupré, 3 av. de la Gare, est élue.| Fin.",
        "1. Tarifs de la cantine",
        "Le bourg, etc. Le reste suit…| Fin.",
        "Une ligne\n|Une autre",
    ],
)
def test_sentences_end_where_a_reader_says(marked: str) -> None:
    parts = [part.strip() for part in marked.split("|")]
    text = marked.replace("|", "")
    assert [text[a:b] for a, b in sentences(text)] == parts


def test_a_line_is_cut_after_a_word() -> None:
    assert shortened("un deux trois", 20) == "un deux trois"
    assert shortened("un deux trois", 9) == "un deux…"
