# SPDX-License-Identifier: EUPL-1.2
"""An answer as it is taken away: copied, or in a file, with its citations and its mark."""

from __future__ import annotations

from assistant.rows import is_entry
from assistant.texts import Texts
from ui.agent.view import Phase, View
from ui.agent.words import Words
from ui.export import Content, Paragraph, Style
from ui.reply import Title


def is_takeable(view: View) -> bool:
    """Whether there is an answer to take away: a closed one, in the register."""
    return view.phase is Phase.ANSWERED and bool(view.sentences) and bool(view.record)


def answer_content(view: View, texts: Texts, words: Words, title: Title) -> Content:
    """Return an answer, its citations word for word, and where each of them stands."""
    said = [
        sentence.text + "".join(f" [{number}]" for number in sentence.citations)
        for sentence in view.sentences
    ]
    if not any(is_entry(sentence.text) for sentence in view.sentences):
        said = [" ".join(said)]
    paragraphs = [
        Paragraph(words.plain("taken_question"), Style.HEADING),
        Paragraph(view.question),
        Paragraph(texts("ui", "answer"), Style.HEADING),
        *map(Paragraph, said),
        Paragraph(texts("ui", "citations"), Style.HEADING),
    ]
    for citation in view.citations:
        name = title(citation.document, citation.file)
        where = words.plain("taken_where", title=name, page=citation.page, file=citation.file)
        paragraphs += [
            Paragraph(f"[{citation.number}] {where}"),
            Paragraph(citation.quote, Style.QUOTE),
        ]
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
