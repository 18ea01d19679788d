# SPDX-License-Identifier: EUPL-1.2
"""The draft of a reply: what a person may send once they have read it and filled its blanks.

    greeting │ one paragraph a question: checked quotes, their source │ whom to call │ signature

A paragraph is made of quotes that were found again in their page, of an answer that somebody of the
town stood for, or of a count of acts; never of a lead, and never of a verdict on somebody's case:
the rule is quoted and the counter named. What a person must add is left as a visible blank. What
the town says in its own words at either end (`[letters]`) stands in a letter in French.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from assistant.answers import Answer, Citation, Reason, Via
from assistant.pack.words import file_words
from assistant.replying.replying import Part
from assistant.settings import Letters, Town
from assistant.texts import Texts
from corpus.structure import words_of

Title = Callable[[str, str], str]
"""How a document is called, from its id and its file."""

HOUSE = Letters()


def file_in_words(document: str, file: str) -> str:
    """Call a document by its file, where nothing else is known of it."""
    return PurePosixPath(file).stem.replace("_", " ").replace("-", " ")


def draft(
    parts: Sequence[Part],
    texts: Texts,
    town: Town,
    *,
    form: Letters = HOUSE,
    title: Title = file_in_words,
) -> str:
    """Return the draft in the words of a language; a letter that asks nothing gets a blank. Its
    sources are called by their `title`, `form` is what the town says at either end."""
    own = form if texts.language == "fr" else HOUSE
    paragraphs = [_paragraph(part, texts, title) for part in parts]
    blank = texts("reply", "blank", what=texts("reply", "blank_answer"))
    return "\n\n".join(
        [
            texts("reply", "to", name=_blank("blank_name", texts)),
            own.greeting or texts("reply", "greeting"),
            texts("reply", "opening" if parts else "opening_none"),
            *(paragraphs or [blank]),
            texts("reply", "contact", contact=contact(town, texts)),
            own.closing or texts("reply", "closing"),
            signature(town, texts, own),
        ]
    )


def _paragraph(part: Part, texts: Texts, title: Title) -> str:
    head = texts("reply", "asked", asks=part.asks)
    outcome = part.outcome
    if isinstance(outcome, Answer):
        return f"{head}\n{_said(outcome, texts, title)}"
    if outcome and outcome.reason is Reason.INDIVIDUAL_VERDICT:
        rule = (
            f"{texts('reply', 'rule')} {_quoted(part.rule.citations, texts, title)}"
            if part.rule and part.rule.citations
            else _blank("blank_rule", texts)
        )
        return f"{head}\n{texts('reply', 'verdict')} {rule}"
    if outcome and outcome.reason is Reason.PERSONAL_DATA:
        return f"{head}\n{texts('reply', 'personal')}"
    return f"{head}\n{_blank('blank_answer', texts)}"


def _said(answer: Answer, texts: Texts, title: Title) -> str:
    """An answer in a letter: quotes with their source, or the words that somebody stood for."""
    if answer.via is not Via.DOCUMENTS or not answer.citations:
        said = " ".join(s.text for s in answer.sentences if not s.is_note)
        sources = " ".join(dict.fromkeys(_source(c, texts, title) for c in answer.citations))
        return f"{said} {sources}".strip()
    left = [s.text for s in answer.sentences if s.is_note]
    blanks = [_blank("blank_rest", texts)] if left else []
    return " ".join([_quoted(answer.citations, texts, title), *blanks])


def _quoted(citations: Sequence[Citation], texts: Texts, title: Title) -> str:
    told = dict.fromkeys((words_of(c.quote).strip(), _source(c, texts, title)) for c in citations)
    return " ".join(texts("reply", "quote", quote=quote, source=source) for quote, source in told)


def _source(citation: Citation, texts: Texts, title: Title) -> str:
    called = file_words(title(citation.document, citation.file), citation.pack, texts)
    return texts("reply", "source", title=called, page=citation.page)


def _blank(what: str, texts: Texts) -> str:
    return texts("reply", "blank", what=texts("reply", what))


def contact(town: Town, texts: Texts) -> str:
    """Return whom to call, from the settings."""
    told = ", ".join(filter(None, (town.phone, town.email, town.address, town.hours)))
    return told or _blank("blank_contact", texts)


def signature(town: Town, texts: Texts, form: Letters = HOUSE) -> str:
    """Return the service's signature; who signs is for a person to add."""
    blank = _blank("blank_signer" if form.signature else "blank_signature", texts)
    return "\n".join(filter(None, (blank, form.signature.strip() or town.name)))
