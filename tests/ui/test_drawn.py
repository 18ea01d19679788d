# SPDX-License-Identifier: EUPL-1.2
"""A quoted table is drawn as a table, a list as a list: on screens, in files, aloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.answers import Author, Citation, Lead, Reason, Sentence
from assistant.settings import Settings, Town
from assistant.texts import Texts
from corpus.acts import Act
from corpus.readers import read_data
from corpus.rows import StoredDocument
from corpus.structure import Structure
from tests.ui.town import EVIDENCE, answering
from ui.agent import IDLE, Phase, View, after
from ui.agent.taken import answer_content
from ui.agent.words import Words
from ui.drawn import page_html, quote_html, quoted
from ui.excerpt import excerpt
from ui.export import FORMS, as_text
from ui.reply import Reply
from ui.senior.card import Card
from ui.senior.frame import Frame
from ui.senior.look import Look
from ui.source import Shown, source_page

FR = Texts("fr")
SOURCE = """# Bibliothèque

## En hiver

| Jour | Matin | Après-midi |
|------|-------|------------|
| Mardi | &lt;b&gt;fermé&lt;/b&gt; | 14 h – 18 h |
| Mercredi | 9 h – 12 h | |
| Samedi | 9 h – 13 h | [PERSONNE_1] |

Pièces à fournir :

- une photo
- un bail
    - signé

Le prêt est gratuit."""
READ = read_data(SOURCE.encode(), name="a.md").pages[0]
PAGE = Structure.of(READ.text, READ.lines)
FLAT = "Jour : "


def cite(number: int, words: str, page: Structure = PAGE) -> Citation:
    """Cite the whole line that holds some words."""
    line = page.line(page.text.index(words))
    assert line is not None
    quote = page.text[line.start : line.end]
    return Citation(
        number=number,
        document="d",
        file="a.md",
        page=1,
        quote=quote,
        start=line.start,
        end=line.end,
    )


def page_of(document: str, page: int) -> Structure:
    return PAGE


def view(*citations: Citation) -> View:
    answered = IDLE
    for step in answering("Quels horaires ?"):
        answered = after(answered, step)
    said = tuple(
        Sentence(text=PAGE.said(c.start, c.end), citations=(c.number,), author=Author.SOURCE)
        for c in citations
    )
    return replace(answered, sentences=said, citations=citations)


def cells(html: str) -> list[list[str]]:
    rows = LexborHTMLParser(html).css("tr")
    return [
        [" ".join(c.text().split()) for c in row.iter() if c.tag in ("td", "th")] for row in rows
    ]


def agents(shown: View) -> str:
    return Reply(FR, Town(), lambda document, file: file, page_of=page_of)(shown)


def residents(shown: View) -> str:
    """What residents see of a row that a model's sentence rests on: one that is said is not drawn
    again (`tests/ui/senior/test_said.py`)."""
    of_model = tuple(replace(one, author=Author.MODEL) for one in shown.sentences)
    shown = replace(shown, sentences=of_model)
    frame = Frame(Settings(), Look(), date(2026, 3, 2), has_robot=False)
    return Card(frame, lambda document, file: file, lambda view: (), page_of=page_of).outcome(shown)


@pytest.mark.parametrize("screen", [agents, residents])
def test_a_quoted_row_is_a_table_with_its_names_and_title(
    screen: Callable[[View], str],
) -> None:
    html = screen(view(cite(1, "Mardi")))
    assert cells(html) == [
        ["Jour", "Matin", "Après-midi"],
        ["Mardi", "<b>fermé</b>", "14 h – 18 h"],
    ]
    page = LexborHTMLParser(html)
    assert [node.attributes["scope"] for node in page.css("table th")] == [
        "col",
        "col",
        "col",
        "row",
    ]
    assert [caption.text() for caption in page.css("caption")] == ["En hiver"]
    assert page.css_first("table b") is None  # what a source says is no HTML
    assert FLAT not in page.text()
    assert "Mardi — matin : <b>fermé</b>, après-midi : 14 h – 18 h" in page.text()


def test_rows_quoted_together_are_one_table_with_a_number_each() -> None:
    html = agents(view(cite(1, "Mardi"), cite(2, "Mercredi"), cite(3, "une photo")))
    items = LexborHTMLParser(html).css(".citations li:not(.items li)")
    assert len(items) == 2
    assert cells(items[0].html or "")[1:] == [
        ["1 Mardi", "<b>fermé</b>", "14 h – 18 h"],
        ["2 Mercredi", "9 h – 12 h", ""],
    ]
    (link,) = items[0].css("a.source")
    row = cite(2, "Mercredi")
    assert (link.attributes["href"] or "").endswith(f"end={row.end}#quote")


def test_a_title_that_is_cited_before_its_rows_stands_over_them() -> None:
    (group,) = quoted([cite(1, "En hiver"), cite(2, "Mardi"), cite(3, "Samedi")], page_of)
    page = LexborHTMLParser(group.html())
    assert [caption.text() for caption in page.css("caption")] == ["1 En hiver"]
    assert [row[0] for row in cells(group.html())] == ["Jour", "2 Mardi", "3 Samedi"]


def test_a_list_is_a_list_under_the_line_that_opens_it() -> None:
    chosen = [cite(1, "Pièces"), cite(2, "une photo"), cite(3, "un bail"), cite(4, "signé")]
    (group,) = quoted(chosen, page_of)
    page = LexborHTMLParser(group.html())
    assert [p.text() for p in page.css("p")] == ["1 Pièces à fournir :"]
    assert [len(page.css("ul")), len(page.css("ul ul"))] == [2, 1]
    assert [li.text(deep=False).strip() for li in page.css("li")] == [
        "une photo",
        "un bail",
        "signé",
    ]


def test_sentences_of_a_paragraph_stay_words_and_other_pages_apart() -> None:
    text = "Le prêt est gratuit."
    groups = quoted([cite(1, text), replace(cite(2, "Mardi"), page=2), cite(3, "Samedi")], page_of)
    assert [(g.is_words, len(g.citations)) for g in groups] == [(True, 1), (False, 1), (False, 1)]
    assert groups[0].html() == text


def test_a_quote_whose_page_is_gone_is_drawn_by_its_words() -> None:
    (group,) = quoted([cite(1, "Mardi")], lambda document, page: None)
    assert cells(group.html()) == [
        ["Jour", "Matin", "Après-midi"], ["Mardi", "<b>fermé</b>", "14 h – 18 h"],
    ]  # fmt: skip
    assert cells(quote_html(cite(1, "Mardi").quote)) == cells(group.html())
    assert quote_html("Un <b>mot</b>.") == "Un &lt;b&gt;mot&lt;/b&gt;."


def test_a_page_of_a_source_is_drawn_with_its_quote_in_its_cells() -> None:
    row = cite(1, "Mardi")
    html = page_html(PAGE, (row.start, row.end))
    page = LexborHTMLParser(html)
    assert [m.text() for m in page.css("mark")] == ["Mardi", "<b>fermé</b>", "14 h – 18 h"]
    assert len(page.css("#quote")) == 1
    assert len(page.css("table")) == 1
    assert [h.text() for h in page.css("h3")] == ["Bibliothèque", "En hiver"]
    assert page.css_first(".placeholder") is not None
    assert FLAT not in page.text()
    whole = source_page(FR, document(), Shown(page=1, known=PAGE, start=row.start, end=row.end))
    assert html in whole


def document() -> StoredDocument:
    return StoredDocument(
        id="d", file="a.md", collection="public", media_type="text/markdown", page_count=1,
        act=Act(), recipe="", added="",
    )  # fmt: skip


@pytest.mark.parametrize("span", [(5, 2), (-3, 4), (0, 10_000)])
def test_a_span_that_is_none_marks_nothing(span: tuple[int, int]) -> None:
    assert "<mark" not in page_html(PAGE, span)


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_a_table_is_taken_away_as_a_table(form: str) -> None:
    shown = view(cite(1, "Mardi"), cite(2, "Mercredi"), cite(3, "Le prêt"))
    content = answer_content(shown, FR, Words("fr"), lambda document, file: file, page_of)
    page = read_data(FORMS[form].write(content), name=f"a.{form}").pages[0]
    back = Structure.of(page.text, page.lines)
    row = back.row(page.text.index("Jour : Mercredi"))
    assert row is not None
    assert back.named_cells(row) == [("Jour", "Mercredi"), ("Matin", "9 h – 12 h")]
    assert "Le prêt est gratuit." in page.text


def test_a_table_is_copied_as_markdown_and_printed() -> None:
    shown = view(cite(1, "Mardi"), cite(2, "Mercredi"))
    content = answer_content(shown, FR, Words("fr"), lambda document, file: file, page_of)
    text = as_text(content)
    assert "| Jour | Matin | Après-midi |\n| --- | --- | --- |\n| Mardi |" in text
    assert FLAT not in text
    page = read_data(FORMS["pdf"].write(content), name="a.pdf").pages[0]
    assert "Mercredi" in page.text


def test_what_is_found_is_drawn_as_a_table() -> None:
    start = PAGE.text.index("Jour")
    text = replace(EVIDENCE[0].passage.text, text=PAGE.text[start:])
    found = replace(EVIDENCE[0].passage, text=text, start=start, end=len(PAGE.text), structure=PAGE)
    shown = LexborHTMLParser(excerpt(found))
    rows = [[cell.text() for cell in row.css("th, td")] for row in shown.css("tbody tr")]
    assert rows[0] == ["Mardi", "<b>fermé</b>", "14 h – 18 h"]
    assert FLAT not in shown.text()
    assert FLAT not in excerpt(replace(found, structure=None))


def test_a_lead_of_several_lines_is_drawn_in_marks_under_its_ancestors() -> None:
    first, last = cite(1, "Mardi"), cite(1, "Mercredi")
    both = replace(first, end=last.end, quote=PAGE.text[first.start : last.end])
    under = PAGE.ancestors(first.start)
    refused = replace(
        view(), phase=Phase.REFUSED, reason=Reason.NOT_ANSWERED,
        leads=(Lead(citation=both, under=under, score=0.5),),
    )  # fmt: skip
    page = LexborHTMLParser(agents(refused))
    assert [node.text() for node in page.css(".leads .under")] == ["Bibliothèque", "En hiver"]
    assert [mark.text() for mark in page.css(".leads mark")] == [
        "Mardi", "<b>fermé</b>", "14 h – 18 h", "Mercredi", "9 h – 12 h",
    ]  # fmt: skip
    assert not page.css(".leads #quote")
    assert not page.css(".leads caption")
    assert len(LexborHTMLParser(residents(refused)).css(".lead table")) == 1
    assert FLAT not in page.text()


def test_a_row_that_is_cut_is_said_as_far_as_it_goes() -> None:
    row = cite(1, "Mardi")
    cut = replace(row, end=row.end - 4, quote=row.quote[:-4])
    (group,) = quoted([cut], page_of)
    assert group.html().startswith("Mardi — matin")
