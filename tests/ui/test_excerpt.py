# SPDX-License-Identifier: EUPL-1.2
"""A passage is shown around the line that matters, which is marked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Span
from assistant.evidence import Weigher
from assistant.understanding.questions import understand
from corpus.documents import Passage, Retrieved
from corpus.french import Forms, found_words, stem
from corpus.query import Wanted, forms_of
from corpus.readers import read_data
from corpus.structure import Structure
from guardrails.findings import Screened
from tests.assistant.test_evidence import PlainWords, passage_of
from tests.fakes import HashEmbedder
from tests.table import each
from ui.excerpt import EXCERPT_CHARS, excerpt

DESK = """# Permanences à la mairie

Le conciliateur de justice reçoit le mercredi de 14 h à 17 h, sur rendez-vous, dans le bureau
du rez-de-chaussée. Il aide à régler les petits différends entre voisins, entre un locataire et son
propriétaire. L'assistante sociale du département reçoit le deuxième vendredi du mois, de 9 h à
12 h, sans rendez-vous.

## Horaires de la mairie

| Jour | Matin | Après-midi |
|------|-------|------------|
| Mercredi | 8 h 30 – 12 h | 13 h 30 – 17 h |
| Jeudi | fermé | 13 h 30 – 19 h |
"""
READ = read_data(DESK.encode(), name="accueil.md").pages[0]
PAGE = Structure.of(READ.text, READ.lines)
WHOLE = replace(
    passage_of(PAGE.text, heading="Horaires de la mairie"), structure=PAGE, end=len(PAGE.text)
)


def line_of(question: str, passage: Passage) -> Span:
    weigher = Weigher(HashEmbedder(), PlainWords())
    found = [Retrieved(passage=passage, score=1.0)]
    return weigher.lines(understand(Screened(question)), found)[passage.id]


def test_a_passage_that_begins_with_other_hours_is_shown_at_those_that_were_asked() -> None:
    page = LexborHTMLParser(excerpt(WHOLE, line_of("horaires de la mairie le jeudi", WHOLE)))

    assert [mark.text() for mark in page.css("mark")] == ["Jeudi", "fermé", "13 h 30 – 19 h"]
    assert [name.text() for name in page.css("thead th")] == ["Jour", "Matin", "Après-midi"]
    assert "conciliateur" not in page.text()


PROSE = (
    "Premier mot. "
    + "Le début ne dit rien de cela. " * 20
    + "Le repas coûte 3,40 €. "
    + "Suite. " * 60
)


@pytest.mark.parametrize("at", [0, 100], ids=["of the page", "behind others"])
def test_words_are_cut_between_two_words_and_the_line_is_whole(at: int) -> None:
    passage = replace(passage_of(PROSE), start=at, end=at + len(PROSE))
    begin = at + PROSE.index("Le repas")
    html = excerpt(passage, (begin, begin + len("Le repas coûte 3,40 €.")))
    page = LexborHTMLParser(html)

    assert [mark.text() for mark in page.css("mark")] == ["Le repas coûte 3,40 €."]
    text = page.text()
    assert text.startswith("… ") and text.endswith(" …")
    assert text[2:].split()[0] in PROSE.split() and text.split()[-2] in PROSE.split()
    assert len(text) <= EXCERPT_CHARS + len("…  …")


def test_without_a_line_a_passage_is_shown_from_its_beginning() -> None:
    passage = passage_of(PROSE)

    assert excerpt(passage).startswith("<p>Premier mot.")
    assert "<mark" not in excerpt(passage)
    assert excerpt(passage, (9_000, 9_010)) == excerpt(passage)  # a line of somewhere else


def test_a_passage_within_its_page_does_not_show_what_stands_around_it() -> None:
    begin = PAGE.text.index("L'assistante")
    end = PAGE.text.index("sans rendez-vous.") + len("sans rendez-vous.")
    part = replace(WHOLE, text=Screened(PAGE.text[begin:end]), start=begin, end=end)
    shown = LexborHTMLParser(excerpt(part, (begin, begin + 20))).text()

    assert shown.startswith("L'assistante") and shown.endswith("sans rendez-vous.")


def test_a_line_of_a_source_smuggles_nothing_in() -> None:
    hostile = "<img src=x onerror=alert(1)> le repas <b>coûte</b> 3 €."
    page = LexborHTMLParser(excerpt(passage_of(hostile), (0, len(hostile))))

    assert [mark.text() for mark in page.css("mark")] == [hostile]
    assert not page.css("img, b")


def test_a_question_whose_words_no_line_holds_points_nowhere() -> None:
    weigher = Weigher(HashEmbedder(), PlainWords())
    found = [Retrieved(passage=WHOLE, score=1.0)]

    assert weigher.lines(understand(Screened("xyzzy")), found) == {}


def forms(*phrases: str) -> Forms:
    return frozenset(frozenset(map(stem, phrase.split())) for phrase in phrases)


@each(
    "text, sought, found",
    [
        ("Les tarifs de la cantine", ("tarif", "cantine"), ["tarifs", "cantine"]),
        ("L'ÉCOLE, les écoliers", ("ecole",), ["ÉCOLE"]),
        ("L’œuvre est rangée", ("oeuvre",), ["œuvre"]),
        ("La restauration est scolaire", ("restauration scolaire",), ["restauration", "scolaire"]),
        ("La restauration du lavoir", ("restauration scolaire",), []),
        ("Jeudi : 13 h 30 – 19 h", ("horaires",), ["13 h 30 – 19 h"]),
        ("Dossier de [PERSONNE_1], une personne", ("personne",), ["personne"]),
        ("Rien de tel", (), []),
    ],
)
def test_words_are_found_as_the_search_knows_them(
    text: str, sought: tuple[str, ...], found: list[str]
) -> None:
    assert [text[a:b] for a, b in found_words(text, forms(*sought))] == found


def test_words_that_were_found_are_marked_within_the_line_and_beside_it() -> None:
    passage = passage_of("Un repas coûte 3,40 €. Le goûter <b>suit</b> le repas.")
    html = excerpt(passage, (0, 22), sought=forms("repas", "gouter"))

    assert html == (
        '<p><mark>Un <mark class="word">repas</mark> coûte 3,40 €.</mark> Le '
        '<mark class="word">goûter</mark> &lt;b&gt;suit&lt;/b&gt; le '
        '<mark class="word">repas</mark>.</p>'
    )


def test_where_no_line_is_known_a_passage_is_shown_from_the_first_word_that_was_found() -> None:
    page = LexborHTMLParser(excerpt(passage_of(PROSE), sought=forms("repas")))

    assert page.text().startswith("… repas coûte 3,40 €.")
    assert [mark.text() for mark in page.css("mark")] == ["repas"]
    cells = LexborHTMLParser(excerpt(WHOLE, sought=forms("jeudi")))
    assert [mark.text() for mark in cells.css("mark.word")] == ["Jeudi"]


def test_synonyms_of_a_question_are_sought_as_the_search_takes_them() -> None:
    weigher = Weigher(HashEmbedder(), PlainWords())

    assert weigher.sought("les horaires") == forms("horaires")
    wanted = [Wanted(frozenset({"cantin"}), 1, (frozenset({"restaur", "scolair"}),))]
    assert forms_of(wanted) == forms("cantine", "restauration scolaire")
