# SPDX-License-Identifier: EUPL-1.2
"""What is said of what was read: the model's sentence if its quotes carry it, else the quotes.

Reading, Excerpt ─▶ quotes found again in the stored passage ─▶ ══sealed══▶ Said…
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant.answers import Author, Citation, Reason, Step, Via
from assistant.evidence import Candidate
from assistant.excerpts import Excerpt
from assistant.exchange import Exchange
from assistant.grounding import find_quote, numbers, picks, unsupported
from assistant.items import misleads_alone, with_neighbours
from assistant.judging import Judged
from assistant.listing import Listing
from assistant.reading import YES_OR_NO, adds_something
from assistant.seams import QuestionGuard
from assistant.understanding.questions import Question
from corpus.french import terms
from corpus.structure import SayRow, Structure, words_of

MIN_SENTENCE_WORDS = 4
"""A reply of fewer words is no sentence: the source's own is shown instead."""

_ENDS = re.compile(r"[.!?…»”)]\s*$")
"""How a sentence ends that was not cut at the model's limit of words."""

SAYS_FROM = 0.8
"""Confidence from which the model's own words are shown. A small model errs in its sentence more
than in where it found it: below, the source speaks for itself."""

ITEM_MARKS = frozenset("-–—•*▪◦")
"""What stands before an item of a list."""

Saying = Generator[Step, None, Reason | None]
"""Steps to show, then why nothing could be said, or nothing."""


def say(
    this: Exchange, guard: QuestionGuard, question: Question, judged: Judged, excerpt: Excerpt
) -> Saying:
    """Say the model's sentence if it is sure and its quotes carry all of it, else the quotes.

    Who asks in another language is told in it, as far as the quotes carry that.
    """
    said = judged.reading.said
    carriers = judged.reading.carriers(excerpt, question.text)
    quotes = [carrier.text for carrier in carriers]
    is_plain = not any(tells_several(quote, question.text) for quote in quotes)
    is_plain &= not misleads_alone(carriers, with_neighbours(carriers, question.text))
    is_plain &= not picks(said, quotes) and not any(misplaces(said, quote) for quote in quotes)
    speaks = is_plain and (judged.confidence >= SAYS_FROM or question.language != "fr")
    if (
        not speaks
        or not is_carried(said, quotes, question, under=[one.passage.heading for one in carriers])
        or _adds_person(guard, said, " ".join(quotes))
    ):
        return (yield from quote(this, carriers, question.text))
    citations = cited(carriers, first=len(this.citations) + 1)
    if len(citations) < len(carriers):
        return Reason.NOT_GROUNDED
    if not this.has_said(said):
        repeats = any(said == citation.quote for citation in citations)
        author = Author.SOURCE if repeats else Author.MODEL  # no word of it is the model's
        yield this.say(said, *citations, author=author)
    return None


def is_carried(
    said: str, quotes: Sequence[str], question: Question, *, under: Sequence[str] = ()
) -> bool:
    """Whether what the model said is a sentence, and its quotes say all of it; words may stand
    `under` a heading of theirs as well.

    >>> from assistant.understanding.questions import understand
    >>> from guardrails.findings import Screened
    >>> meal = understand(Screened("Combien coûte le repas ?"))
    >>> is_carried("Le prix du repas est de 4 €.", ["Prix du repas : 4 €"], meal)
    True
    >>> is_carried("4 €", ["Prix du repas : 4 €"], meal)
    False
    >>> is_carried("Le prix du repas est de 4 € et", ["Prix du repas : 4 €"], meal)
    False

    What only the question supposes (a day, a season, who it is for) is no word of a source. In
    another language than the sources', its words are all there is to tell that they are meant.

    >>> is_carried("Le prix du repas adulte est de 4 €.", ["Prix du repas : 4 €"], meal)
    False

    Nothing in a source tells a yes from a no for certain: whoever reads it judges. Nor does it
    carry what only says the question again.

    >>> is_carried("Oui, la halle est prêtée.", ["La halle est prêtée."], meal)
    False
    """
    is_sentence = len(said.split()) >= MIN_SENTENCE_WORDS and _ENDS.search(said) is not None
    is_sentence &= YES_OR_NO.match(said) is None and adds_something(said, question.text)
    if question.language != "fr":
        return is_sentence and not unsupported(said, quotes, question.text)
    sources = [*quotes, *under]
    is_held = set(terms(said)) <= set(terms(" ".join(sources)))
    is_held &= numbers(said) <= numbers(" ".join(quotes))  # a heading's may count articles
    return is_sentence and is_held and not unsupported(said, sources)


def tells_several(row: str, question: str) -> bool:
    """Whether a row of a table has figures under several headings that the question does not name:
    one sentence would leave some out (Saturday's hours for those of the week).

    >>> tells_several("Lundi : 9 h – 12 h ; Samedi : 9 h – 17 h", "Quels sont les horaires ?")
    True
    >>> tells_several("Lundi : 9 h – 12 h ; Samedi : 9 h – 17 h", "C'est ouvert le samedi ?")
    False
    >>> tells_several("Nature : carte adulte ; Tarif : 10,00 €", "Combien coûte la carte ?")
    False
    """
    asked = set(terms(question))
    page = Structure.of(row)
    line = page.row(0)
    cells = page.named_cells(line) if line else []
    with_figures = [label for label, value in cells if numbers(value)]
    return len(with_figures) > 1 and not any(asked & set(terms(label)) for label in with_figures)


def misplaces(said: str, row: str) -> bool:
    """Whether a sentence names columns of a row and gives figures that stand in none of them.

    >>> row = "Jour : Samedi ; Matin : 9 h 30 – 13 h ; Après-midi : fermé"
    >>> misplaces("Elle est ouverte le samedi après-midi de 9 h 30 à 13 h.", row)
    True
    >>> misplaces("Elle est ouverte le samedi matin de 9 h 30 à 13 h.", row)
    False
    >>> misplaces("Elle est ouverte le samedi de 9 h 30 à 13 h.", row)
    False

    Of two columns that a sentence names, the one that it names with more words is meant.

    >>> row = "Tranche : B ; Tarif : 2,60 € ; Tarif extérieur : 4,10 €"
    >>> misplaces("Le tarif extérieur est de 2,60 €.", row), misplaces("Le tarif est 2,60 €.", row)
    (True, False)
    """
    words = set(terms(said))
    page = Structure.of(row)
    line = page.row(0)
    first, *others = page.named_cells(line) if line else [("", "")]
    named = [(set(terms(label)), f"{label} {value}") for label, value in others]
    named = [one for one in named if one[0] and one[0] <= words]
    meant = [cell for label, cell in named if not any(label < other for other, _ in named)]
    return bool(meant) and not numbers(said) <= numbers(" ; ".join([first[1], *meant]))


def quote(this: Exchange, carriers: Sequence[Candidate], question: str) -> Saying:
    """Say sentences of the sources as they stand there, with those that they need beside them."""
    quoted = whole_rows(with_neighbours(carriers, question))
    citations = cited(quoted, first=len(this.citations) + 1)
    if len(citations) < len(quoted):
        return Reason.NOT_GROUNDED
    said = [
        (citation, said_alone(candidate, this.says_row))
        for citation, candidate in zip(citations, quoted, strict=True)
    ]
    fresh = [(citation, words) for citation, words in said if not this.has_said(words)]
    if len(fresh) == 1:
        fresh = [(citation, without_item_marks(words)) for citation, words in fresh]
    for number, (citation, words) in enumerate(fresh, start=len(this.citations) + 1):
        yield this.say(words, replace(citation, number=number), author=Author.SOURCE)
    return None


def without_item_marks(line: str) -> str:
    """Return an item of a list as it stands alone, without its dash and what parts it from the
    next; its quote keeps them.

    >>> without_item_marks("- 4 218 habitants au 1er janvier ;")
    '4 218 habitants au 1er janvier'
    >>> without_item_marks("-5 °C")
    '-5 °C'
    """
    mark, _, rest = line.partition(" ")
    item = rest if mark in ITEM_MARKS and rest else line
    return item.rstrip(" ;,") or line


def whole_rows(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return what to quote, each once: a row of a table whole, where a full stop had cut it."""
    whole = [_whole_row(candidate) for candidate in candidates]
    return list({(one.passage.id, one.start): one for one in whole}.values())


def _whole_row(candidate: Candidate) -> Candidate:
    passage, page = candidate.passage, candidate.passage.structure
    row = page.row(candidate.start) if page else None
    if not page or not row or row.start < passage.start or row.end > passage.end:
        return candidate
    return replace(candidate, text=page.text[row.start : row.end], start=row.start, end=row.end)


def said_alone(candidate: Candidate, row: SayRow | None = None) -> str:
    """Return the words of a source as they are said alone: a row of a table names its columns,
    « Mardi — matin : fermé », or as `row` says it. Its quote stays as the page has it."""
    page = candidate.passage.structure
    if page is None or page.text[candidate.start : candidate.end] != candidate.text:
        return words_of(candidate.text, row)
    return page.said(candidate.start, candidate.end, row)


def listed(this: Exchange, listing: Listing) -> Saying:
    """Say a list: what it counts, then each line in its own words."""
    this.made(Via.ACTS)
    if listing.head:
        yield this.say(listing.head, author=Author.PROGRAM)
    for number, line in enumerate(listing.lines, start=len(this.citations) + 1):
        yield this.say(line.quote, replace(line, number=number), author=Author.SOURCE)
    return None


def cited(candidates: Sequence[Candidate], *, first: int) -> list[Citation]:
    """Find sentences again in their passages as these are stored, word for word."""
    found = (cite(candidate, number=first + n) for n, candidate in enumerate(candidates))
    return [citation for citation in found if citation]


def cite(candidate: Candidate, *, number: int) -> Citation | None:
    """Find the sentence again in the passage as it is stored, word for word."""
    passage = candidate.passage
    start, end = candidate.start - passage.start, candidate.end - passage.start
    if passage.text.text[start:end] != candidate.text:  # else the same row of another table
        place = find_quote(candidate.text, passage.text.text)
        if place is None:
            return None
        start, end = place
    return Citation(
        number=number,
        document=passage.document,
        file=passage.file,
        page=passage.page,
        quote=passage.text.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
        pack=passage.pack,
    )


def _adds_person(guard: QuestionGuard, said: str, quotes: str) -> bool:
    """Whether the guard finds in an answer what its screened source does not hold.

    A name that the source shows was judged there with its whole document around
    it (an official in office); one that the model brings is never shown.
    """
    found = guard.screen(said, trust_placeholders=True).findings
    return any(said[f.start : f.end] not in quotes for f in found)
