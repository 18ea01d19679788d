# SPDX-License-Identifier: EUPL-1.2
"""Where a quote stands: found on a page as somebody gave it, and found again in today's index.

    file, page, words ──find──▶ Place ──quote_of──▶ Quote ──find_again──▶ Place │ Why

Spaces, case, accents and the form of dashes and apostrophes are forgiven; what is kept is the
page's own. A quote never begins or ends within a word or a number: « 20 € » is not in « 4,20 € ».
A quote is still there where it stands under the heading that it stood under: the same line under
another year's title is another line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from assistant.answers import Citation
from assistant.cards.card import Quote, Why, asking_key
from assistant.grounding import numbers
from corpus.documents import Passage
from corpus.french import flat, fold
from corpus.passages import PassageStore, StoredDocument
from corpus.quarantine import is_waiting
from corpus.structure import SayRow, Structure, words_of

_PART_OF_NUMBER = re.compile(r"\d[,.]$|\d[\s\u00a0\u202f]$")
_CELL = " ; "
"""What stands between the cells of a row, as readers write it."""

_GROUP = re.compile(r"\d{3}(?!\d)")
_NUMBER_GOES_ON = re.compile(r"[,.]\d|[\s\u00a0\u202f]\d{3}(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where words stand today: `start` and `end` count characters of the screened page; `passages`
    are those of the index that hold some of them, `structure` what is known of its lines."""

    document: StoredDocument
    page: int
    start: int
    end: int
    words: str
    passages: tuple[Passage, ...]
    structure: Structure | None = None

    @property
    def heading(self) -> str:
        """What the words stand under: headings, the line that opens their list, and the heads of
        their table's columns."""
        over = self.structure.ancestors(self.start) if self.structure else ()
        line = self.structure.line(self.start) if self.structure else None
        if self.structure and line:
            over = (*over, *(label for label, _ in self.structure.named_cells(line)))
        if not over and self.passages:
            over = (self.passages[0].heading,)
        return " / ".join(filter(None, over))

    def said(self, row: SayRow | None = None) -> str:
        """Return the words as they are said alone: a row of a table as a sentence, or as `row` says
        it."""
        if self.structure is None:
            return words_of(self.words, row)
        return self.structure.said(self.start, self.end, row)

    def is_superseded(self, store: PassageStore) -> bool:
        """Whether another act ended what they are words of."""
        passages = self.passages or store.passages_of(self.document.id)[:1]
        return any(one.superseded_by for one in passages)

    def citation(self, number: int) -> Citation:
        return Citation(
            number=number,
            document=self.document.id,
            file=self.document.file,
            page=self.page,
            quote=self.words,
            start=self.start,
            end=self.end,
            pack=self.document.pack,
        )

    def quote(self) -> Quote:
        """Return what a card keeps of it."""
        return Quote(
            document=self.document.id,
            file=self.document.file,
            page=self.page,
            quote=self.words,
            heading=self.heading,
        )


def find(store: PassageStore, files: Iterable[str], page: int, words: str) -> Place | None:
    """Return where words stand on that page of a file, which may be written in several ways."""
    for file in dict.fromkeys(files):
        for document in store.documents_named(file):
            text = store.page(document.id, page) or ""
            place = next(_places(store, document, page, words), None)
            if place is None and (row := row_of(words, text)):
                place = next(_places(store, document, page, row), None)
            if place and not _is_apart(place):
                return place
    return None


def find_again(store: PassageStore, quote: Quote) -> Place | Why:
    """Return where a quote stands in today's index, or why a card must not rest on it any more."""
    kept = store.document(quote.document)
    documents = [kept] if kept else store.documents_named(quote.file)
    why = Why.GONE
    for document in documents:
        places = [
            place
            for number in _pages(store, document, quote)
            for place in _places(store, document, number, quote.quote)
            if _is_under(place, quote)
        ]
        fit = [place for place in places if not _is_apart(place)]
        standing = [place for place in fit if not place.is_superseded(store)]
        if standing:
            return standing[0]
        if fit:
            why = Why.SUPERSEDED
        elif is_waiting(document):
            why = Why.QUARANTINED
        else:
            why = Why.CHANGED
    return why


def _pages(store: PassageStore, document: StoredDocument, quote: Quote) -> Iterator[int]:
    """Yield the page of a quote, then the others, where its heading tells it from its like."""
    yield quote.page
    if quote.heading:
        yield from (n for n, _ in store.pages(document.id) if n != quote.page)


def _places(
    store: PassageStore, document: StoredDocument, page: int, words: str
) -> Iterator[Place]:
    text = store.page(document.id, page)
    spans = list(found_in(words, text)) if text else []
    if not text or not spans:
        return
    of_page, structure = store.passages_at(document.id, page), store.structure(document.id, page)
    for start, end in spans:
        held = tuple(one for one in of_page if one.start < end and start < one.end)
        yield Place(
            document=document,
            page=page,
            start=start,
            end=end,
            words=text[start:end],
            passages=held,
            structure=structure,
        )


def _is_under(place: Place, quote: Quote) -> bool:
    return asking_key(place.heading) == asking_key(quote.heading)


def _is_apart(place: Place) -> bool:
    """Whether some of the words wait for a person: no passage of such a document holds them."""
    if not is_waiting(place.document):
        return False
    covered = sum(
        len(place.words[max(0, one.start - place.start) : one.end - place.start].strip())
        for one in place.passages
    )
    return covered < len(place.words.strip())


def found_in(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand in a text, whole.

    >>> page = "Repas : 4,20 € par  Élève"
    >>> [page[a:b] for a, b in found_in("4,20€ par eleve", page)]
    ['4,20 € par  Élève']
    >>> list(found_in("20 €", page))
    []
    """
    wanted, _ = _squeezed(words)
    if not wanted:
        return
    held, places = _squeezed(text)
    said, at = numbers(words), held.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        if not _is_cut(text, start, end) and numbers(text[start:end]) == said:
            yield start, end
        at = held.find(wanted, at + 1)


def likest_line(words: str, text: str) -> str:
    """Return the line of a page that is likest some words: what they may have become.

    >>> likest_line("Le repas coûte 4,20 €", "Titre\\nLe repas coûte 4,40 €")
    'Le repas coûte 4,40 €'
    """
    lines = [line for line in text.splitlines() if line.strip()]
    return max(lines, key=lambda line: fuzz.ratio(fold(words), fold(line)), default="")


def row_of(words: str, text: str) -> str:
    """Return the only row of a table that holds words in their order: whoever reads the document
    sees neither the heads of its columns in each row, nor the signs between its cells.

    >>> page = "Jour : Lundi ; Matin : 9 h – 12 h ; Soir : fermé\\nJour : Mardi ; Matin : fermé"
    >>> row_of("Lundi | 9h – 12h | fermé", page)
    'Jour : Lundi ; Matin : 9 h – 12 h ; Soir : fermé'
    >>> row_of("fermé", page)
    ''
    """
    wanted = _parts(words)
    rows = [line for line in text.splitlines() if _CELL in line]
    held = [row for row in rows if _in_order(wanted, _parts(row))]
    return held[0] if len(held) == 1 and len(wanted) > 1 else ""


def _parts(text: str) -> list[str]:
    return re.findall(r"\d+|[^\W\d]+", fold(text))


def _in_order(wanted: Iterable[str], held: Iterable[str]) -> bool:
    rest = iter(held)
    return all(word in rest for word in wanted)


@lru_cache(maxsize=256)
def _squeezed(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text folded and without spaces, and where each of its signs stood."""
    signs, places = list[str](), list[int]()
    for at, sign in enumerate(text):
        for one in fold(flat(sign) if not sign.isalpha() else sign):
            if not one.isspace():
                signs.append(one)
                places.append(at)
    return "".join(signs), tuple(places)


def _is_cut(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins or ends within a word or a number."""
    first, last = text[start], text[end - 1]
    before, after = text[:start][-2:], text[end : end + 5]
    if first.isalnum() and before[-1:].isalnum():
        return True
    if last.isalnum() and after[:1].isalnum():
        return True
    if first.isdigit() and _PART_OF_NUMBER.search(before):
        is_group = bool(_GROUP.match(text, start))
        if before[-1] in ",." or is_group:
            return True
    return last.isdigit() and bool(_NUMBER_GOES_ON.match(after))
