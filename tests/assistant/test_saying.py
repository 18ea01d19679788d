# SPDX-License-Identifier: EUPL-1.2
"""What may be said in the model's words, and what is quoted instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from assistant.answers import Author, Citation, Said
from assistant.excerpts import excerpts
from assistant.exchange import Exchange
from assistant.judging import Judged
from assistant.plain import said_row
from assistant.reading import Reading
from assistant.saying import cite, is_carried, quote, say, tells_several
from assistant.understanding.questions import understand
from corpus.readers import read_data
from corpus.structure import SayRow, Structure
from guardrails.findings import Screened
from tests.assistant.test_items import CEMETERY
from tests.assistant.test_reading import candidates
from tests.table import each

ASKED = "Combien coûte le repas ?"
QUOTE = ["Prix du repas : 4 €"]


class Nobody:
    """A guard that finds nothing."""

    def screen(self, text: str, *, trust_placeholders: bool = False) -> Screened:
        return Screened(text)


class Told:
    """Stands for an exchange: keeps what was said; `says_row` says rows as for seniors."""

    def __init__(self, says_row: SayRow | None = None) -> None:
        self.says_row = says_row
        self.citations: list[Citation] = []
        self.said: list[str] = []

    def has_said(self, words: str) -> bool:
        return words in self.said

    def say(self, text: str, citation: Citation, *, author: Author = Author.MODEL) -> Said:
        self.said.append(text)
        self.citations.append(citation)
        return cast(Said, text)


def test_a_sentence_that_was_cut_is_not_carried() -> None:
    question = understand(Screened(ASKED))
    assert is_carried("Le prix du repas est de 4 €.", QUOTE, question)
    assert not is_carried("Le prix du repas est de 4 € et", QUOTE, question)
    assert not is_carried("4 €.", QUOTE, question)


@pytest.mark.parametrize(
    ("asked", "said", "quotes"),
    [
        (
            "La bibliothèque est-elle ouverte le samedi après-midi ?",
            "La bibliothèque est ouverte le samedi après-midi de 9 h 30 à 13 h.",
            ["Bibliothèque ouverte le samedi : 9 h 30 – 13 h"],
        ),
        (
            "Jusqu'à quelle heure ouvre la piscine en hiver ?",
            "La piscine ouvre en hiver jusqu'à 19 h.",
            ["La piscine ouvre jusqu'à 19 h."],
        ),
        (
            "Combien coûte la carte pour les étudiants ?",
            "La carte coûte 5 € pour les étudiants.",
            ["La carte coûte 5 €."],
        ),
        (
            "Quel était le prix du repas en 2023 ?",
            "Le prix du repas était de 4 € en 2023.",
            ["Prix du repas : 4 €"],
        ),
    ],
)
def test_what_only_the_question_supposes_is_not_said(
    asked: str, said: str, quotes: list[str]
) -> None:
    assert not is_carried(said, quotes, understand(Screened(asked)))


def test_words_of_a_heading_may_be_said_of_what_stands_under_it() -> None:
    question = understand(Screened("Quand la bibliothèque est-elle ouverte le samedi ?"))
    said, quotes = "Bibliothèque, samedi de 9 h 30 à 13 h.", ["Samedi : de 9 h 30 à 13 h"]
    assert not is_carried(said, quotes, question)
    assert is_carried(said, quotes, question, under=["Horaires de la bibliothèque"])


def test_a_line_that_misleads_alone_is_quoted_with_its_neighbours() -> None:
    told = Told()
    list(quote(cast(Exchange, told), [candidates(CEMETERY)[3]], "À quelle heure ouvre-t-il ?"))
    assert told.said == CEMETERY.splitlines()[1:4]


def test_half_of_a_list_is_not_said_in_the_models_words() -> None:
    told = Told()
    lines = candidates(CEMETERY)
    (excerpt,) = excerpts(lines)
    sentence = "C'est du 3 novembre au 31 mars, de 8 heures à 17 heures 30."
    judged = Judged(
        0, Reading(said=sentence, carrier=lines[3], rank=0, carried=1.0, within=1.0), 0.99
    )
    for asked, said in (
        ("Quels sont les horaires ?", CEMETERY.splitlines()[1:4]),
        ("Quels sont les horaires en novembre, du 3 à la fin ?", [sentence]),
    ):
        told.said.clear()
        question = understand(Screened(asked))
        list(say(cast(Exchange, told), cast(Any, Nobody()), question, judged, excerpt))
        assert told.said == said


def test_a_title_is_not_added_to_what_carries_an_answer() -> None:
    lines = candidates("Règlement des aides facultatives\nLe centre aide les habitants démunis.")
    title, sentence = replace(lines[0], told=False), lines[1]
    (excerpt,) = excerpts([sentence, title])
    reading = Reading(
        said="Le règlement des aides facultatives aide les habitants démunis.",
        unknown=-3.0, carrier=sentence, rank=0, carried=0.5, within=1.0,
    )  # fmt: skip
    assert reading.carriers(excerpt, "Que fait-on ?") == [sentence]


WEEK = "Période : Hiver ; Lundi : 9 h – 12 h ; Mardi : fermé ; Samedi : 9 h – 12 h et 14 h – 17 h"


WEEK_IN_WORDS = "Hiver — lundi : 9 h – 12 h, mardi : fermé, samedi : 9 h – 12 h et 14 h – 17 h"


@each(
    "row, asked, several",
    [
        (WEEK, "Quels sont les horaires en hiver ?", True),
        (WEEK, "C'est ouvert jusqu'à quelle heure le samedi ?", False),
        ("Tranche : A ; Élémentaire : 1,00 € ; Maternelle : 0,90 €", "Prix du repas ?", True),
        ("Nature : carte adulte ; Tarif : 10,00 €", "Combien coûte la carte ?", False),
        ("Le repas coûte 4 € ou 5 €.", ASKED, False),
    ],
)
def test_a_row_that_tells_several_things_speaks_for_itself(
    row: str, asked: str, several: bool
) -> None:
    assert tells_several(row, asked) is several


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Quels sont les horaires en hiver ?", WEEK_IN_WORDS),
        ("Quels sont les horaires du samedi en hiver ?", "C'est de 9 h à 12 h et de 14 h à 17 h."),
    ],
)
def test_one_cell_is_not_said_for_all(asked: str, said: str) -> None:
    told = Told()
    (row,) = candidates(WEEK)
    (excerpt,) = excerpts([row])
    sentence = "C'est de 9 h à 12 h et de 14 h à 17 h."
    judged = Judged(0, Reading(said=sentence, carrier=row, rank=0, carried=1.0, within=1.0), 0.99)
    question = understand(Screened(asked))
    list(say(cast(Exchange, told), cast(Any, Nobody()), question, judged, excerpt))
    assert told.said == [said]


def test_a_row_is_said_in_words_and_quoted_as_its_page_has_it() -> None:
    told = Told()
    list(quote(cast(Exchange, told), candidates(WEEK), "Quels sont les horaires en hiver ?"))
    assert told.said == [WEEK_IN_WORDS]
    assert [citation.quote for citation in told.citations] == [WEEK]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("- 4 218 habitants au 1er janvier ;", "4 218 habitants au 1er janvier"),
        ("• le samedi matin,", "le samedi matin"),
        ("-5 °C la nuit", "-5 °C la nuit"),
    ],
)
def test_an_item_alone_is_said_without_its_marks_and_quoted_with_them(line: str, said: str) -> None:
    told = Told()
    list(quote(cast(Exchange, told), candidates(line), "Combien ?"))
    assert told.said == [said]
    assert [citation.quote for citation in told.citations] == [line]


def test_a_row_is_said_to_a_senior_as_one_says_it_aloud() -> None:
    told = Told(said_row)
    list(quote(cast(Exchange, told), candidates(WEEK), "Quels sont les horaires en hiver ?"))
    assert told.said == [
        "Hiver. Le lundi, de 9 h à 12 h. Le samedi, de 9 h à 12 h et de 14 h à 17 h. "
        "Fermé le mardi."
    ]
    assert [citation.quote for citation in told.citations] == [WEEK]


def test_a_row_that_a_full_stop_cuts_is_quoted_whole_and_once() -> None:
    source = (
        "Salle;Ce qu'elle offre;Prix\nHalle;Cent places. Une cuisine.;80 €\nLavoir;Un four;30 €"
    )
    page = read_data(source.encode(), name="a.csv").pages[0]
    known = Structure.of(page.text, page.lines)
    halves = [
        replace(one, passage=replace(one.passage, structure=known))
        for one in candidates(page.text)
        if "Lavoir" not in one.text
    ]
    assert len(halves) == 2
    told = Told()
    list(quote(cast(Exchange, told), halves, "Que coûte la halle ?"))
    assert told.said == ["Halle — ce qu'elle offre : Cent places. Une cuisine, prix : 80 €"]
    assert [citation.quote for citation in told.citations] == [page.text.split("\n")[0]]


def test_a_row_that_stands_in_two_tables_is_quoted_where_it_was_found() -> None:
    row = "Jour : Lundi ; Matin : fermé ; Soir : 17 h"
    winter = candidates(f"En été\n{row}\nEn hiver\n{row}")[0]
    at = winter.passage.text.text.rindex("Jour")
    found = replace(
        winter, start=winter.passage.start + at, end=winter.passage.start + at + len(row)
    )
    citation = cite(replace(found, text=row), number=1)
    assert citation is not None
    assert (citation.start, citation.quote) == (found.start, row)


def test_a_sentence_that_gives_another_columns_figures_gives_way_to_the_row() -> None:
    """« Samedi après-midi, de 9 h 30 à 13 h » beside « Après-midi : fermé »."""
    row = "Jour : Samedi ; Matin : 9 h 30 – 13 h ; Après-midi : fermé"
    lines = candidates(row)
    (excerpt,) = excerpts(lines)
    asked = understand(Screened("La bibliothèque est-elle ouverte le samedi après-midi ?"))
    for part, is_said in (("après-midi", False), ("matin", True)):
        told, sentence = Told(), f"Le samedi {part}, c'est de 9 h 30 à 13 h."
        judged = Judged(
            0, Reading(said=sentence, carrier=lines[0], rank=0, carried=1.0, within=1.0), 0.99
        )
        list(say(cast(Exchange, told), Nobody(), asked, judged, excerpt))
        assert told.said == [
            sentence if is_said else "Samedi — matin : 9 h 30 – 13 h, après-midi : fermé"
        ]


def test_a_number_of_a_heading_is_no_figure_of_what_stands_under_it() -> None:
    question, under = understand(Screened(ASKED)), ["Article 4 - Prix du repas"]
    assert not is_carried(
        "Le prix du repas est de 4 €.", ["Prix du repas : 5 €"], question, under=under
    )
    assert is_carried(
        "Le prix du repas est de 5 €.", ["Prix du repas : 5 €"], question, under=under
    )
