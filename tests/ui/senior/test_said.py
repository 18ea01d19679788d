# SPDX-License-Identifier: EUPL-1.2
"""What an answer says is not shown again as its source: its paper, its page and the way there."""

from __future__ import annotations

from assistant.answers import Author, Citation, Sentence
from assistant.plain import said_row
from corpus.readers import read_data
from corpus.structure import Structure
from tests.ui.senior.conftest import TUESDAY, settings
from tests.ui.senior.test_journey import texts
from ui.agent import Phase, View
from ui.senior.card import Card
from ui.senior.frame import Frame
from ui.senior.look import Look

SOURCE = """# Bibliothèque

Horaires d'été

| Jour | Matin | Après-midi |
|------|-------|------------|
| Mardi | fermé | 15 h 30 – 18 h 30 |
| Samedi | 9 h – 12 h | fermé |

Le prêt est gratuit. Il dure trois semaines."""
READ = read_data(SOURCE.encode(), name="a.md").pages[0]
PAGE = Structure.of(READ.text, READ.lines)
LIBRARY = "c" * 64


def cited(number: int, words: str) -> Citation:
    start = PAGE.text.index(words)
    row = PAGE.row(start)
    start, end = (row.start, row.end) if row else (start, start + len(words))
    return Citation(
        number=number, document=LIBRARY, file="bibliotheque.md", page=1,
        quote=PAGE.text[start:end], start=start, end=end,
    )  # fmt: skip


def source(citation: Citation) -> Sentence:
    """A quote as the assistant says it to seniors."""
    said = PAGE.said(citation.start, citation.end, said_row)
    return Sentence(text=said, citations=(citation.number,), author=Author.SOURCE)


def outcome(sentences: list[Sentence], *citations: Citation) -> str:
    frame = Frame(settings(), Look(), TUESDAY.date())
    card = Card(
        frame,
        lambda document, file: "Guide du lecteur",
        lambda view: (),
        page_of=lambda document, page: PAGE,
        opens=lambda document, page: True,
    )
    view = View(phase=Phase.ANSWERED, sentences=tuple(sentences), citations=citations)
    return card.outcome(view)


def test_a_row_is_said_and_not_drawn_again() -> None:
    tuesday, saturday = cited(1, "Mardi"), cited(2, "Samedi")
    page = outcome([source(tuesday), source(saturday)], tuesday, saturday)

    assert texts(page, ".said p") == [
        "Le mardi, de 15 h 30 à 18 h 30. Fermé le matin.",
        "Le samedi, de 9 h à 12 h. Fermé l’après-midi.",
    ]
    assert " ; " not in page and " — " not in page
    assert not texts(page, ".written blockquote")
    assert texts(page, ".written .where") == ["Guide du lecteur à la page 1"]
    assert texts(page, ".written .over") == ["Horaires d'été"]  # what the rows are of
    assert f"start={tuesday.start}&amp;end={saturday.end}#quote" in page


def test_a_sentence_of_the_source_is_shown_once_and_one_of_the_model_is_proven() -> None:
    free, weeks = cited(1, "Le prêt est gratuit."), cited(2, "Il dure trois semaines.")
    said = [
        Sentence(text="Le prêt  est gratuit.", citations=(1,), author=Author.SOURCE),
        Sentence(text="Le prêt dure trois semaines.", citations=(2,)),
    ]
    page = outcome(said, free, weeks)

    assert texts(page, ".written blockquote") == ["Il dure trois semaines."]
    assert len(texts(page, ".written .where")) == 2


def test_said_quotes_of_one_page_are_one_place() -> None:
    free, weeks = cited(1, "Le prêt est gratuit."), cited(2, "Il dure trois semaines.")
    page = outcome([source(free), source(weeks)], free, weeks)

    assert len(texts(page, ".written .where")) == 1
    assert texts(page, ".written a")[0].startswith("Lire la page entière")


def test_a_row_of_which_the_model_speaks_is_drawn() -> None:
    tuesday = cited(1, "Mardi")
    page = outcome([Sentence(text="C'est ouvert le mardi.", citations=(1,))], tuesday)

    assert "15 h 30 – 18 h 30" in texts(page, ".written blockquote td")
