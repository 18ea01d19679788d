# SPDX-License-Identifier: EUPL-1.2
"""An answer as it is taken away: copied, or in a file, with its citations and its mark."""

from __future__ import annotations

from assistant.pack.words import file_words
from assistant.texts import Texts
from corpus.structure import Table
from ui.agent.view import Phase, View
from ui.agent.words import Words
from ui.drawn import PageOf, no_page, quoted
from ui.export import Content, Grid, Paragraph, Style
from ui.reply import Title, is_listed


def is_takeable(view: View) -> bool:
    """Whether there is an answer to take away: a closed one, in the register."""
    return view.phase is Phase.ANSWERED and bool(view.sentences) and bool(view.record)


def answer_content(
    view: View, texts: Texts, words: Words, title: Title, page_of: PageOf = no_page
) -> Content:
    """Return an answer, its citations word for word, rows in a table, and where each of them
    stands."""
    said = [
        sentence.text + "".join(f" [{number}]" for number in sentence.citations)
        for sentence in view.sentences
    ]
    if not any(is_listed(sentence, view.citations) for sentence in view.sentences):
        said = [" ".join(said)]
    paragraphs: list[Paragraph | Grid] = [
        Paragraph(words.plain("taken_question"), Style.HEADING),
        Paragraph(view.question),
        Paragraph(texts("ui", "answer"), Style.HEADING),
        *map(Paragraph, said),
    ]
    if view.citations:
        paragraphs.append(Paragraph(texts("ui", "citations"), Style.HEADING))
    for group in quoted(view.citations, page_of):
        first = group.citations[0]
        name = title(first.document, first.file)
        where = words.plain("taken_where", title=name, page=first.page, file=first.file)
        numbers = "".join(f"[{citation.number}]" for citation in group.citations)
        paragraphs.append(Paragraph(file_words(f"{numbers} {where}", first.pack, texts)))
        for part in group.parts:
            if lines := group.lines(part):
                paragraphs.append(Paragraph("\n".join(lines), Style.QUOTE))
            if isinstance(part, Table):
                cells = tuple(map(tuple, group.cells(part)))
                paragraphs.append(Grid(cells, is_named=any(part.columns)))
    paragraphs.append(Paragraph(texts("ui", "record", record=view.record)))
    return Content(
        title=words.plain("taken_title"),
        mark=words.plain("taken_mark" if view.mark.ai_generated else "taken_mark_quotes"),
        provenance=view.mark,
        sign=texts("ui", "by_machine"),
        icon=texts("ui", "ai"),
        paragraphs=tuple(paragraphs),
        language=texts.language,
        producer=words.plain("producer"),
        keywords=words.plain("keywords"),
    )
