# SPDX-License-Identifier: EUPL-1.2
"""Amounts, rates, hours, dates and deadlines of a document, each with the line that it belongs to.

    row       ─▶ Fact("Article 1er – Cantine – Tranche C – Élémentaire", "3,40 €", row)
    sentence  ─▶ Fact("Article 2 – Annulation – jusqu'à la veille", "10 heures", sentence)

What cites another act, the preamble, stamps and lists of who was present tell no fact of this one.
A value is as it is written; the quote is the whole row or sentence, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.glance.articles import ARTICLE, OPERATIVE, POINT, title_of
from assistant.glance.leaves import Leaf
from corpus.dates import read_date
from corpus.french import flat, fold
from corpus.sentences import sentences, shortened
from corpus.structure import Cell, name_of
from guardrails.values import Kind, Value, values

MOST_FACTS = 500
WHAT_CHARS = 200
CLAUSE_CHARS = 110
NAME_CHARS = 60

KINDS = frozenset({Kind.AMOUNT, Kind.PERCENT, Kind.HOUR, Kind.DATE, Kind.DURATION})
_SUMS = frozenset({Kind.AMOUNT.value, Kind.PERCENT.value})
_TIMES = frozenset({Kind.HOUR, Kind.DATE})
DEADLINE, NUMBER = "deadline", "number"

OF_ANOTHER_ACT = re.compile(
    r"\b(?:deliberations?|arretes?|decisions?|decrets?|lois?|ordonnances?|circulaires?|conventions?"
    r"|proces-verb\w+|reglements?|code|avis|directive|version|edition|pv)\b"
    r"[^.;:]{0,70}\b(?:du|en date du|de)\s*$"
)
BEGINS = re.compile(r"\b(?:a compter|a partir|depuis|des le)\b")
LASTS = re.compile(
    r"\b(?:delais?|dans|sous|pendant|durant|duree|pour|avant|apres|depuis|moins|plus|tous les"
    r"|toutes les|chaque|preavis|d'|l')\b[^.;]{0,24}$"
)
"""What tells that « un an », « une heure » is a duration and no article."""

DUE = re.compile(
    r"\b(?:avant|jusqu'(?:au?x?|a)?|au plus tard|dans (?:un|le|les) (?:delais?)?|delais?|sous|d'ici"
    r"|date limite|echeance|cloture|preavis|limite)\b[^.;]{0,40}$"
)
AND = re.compile(r"\s*(?:,|et|puis|ou|/)?\s*(?:de|du|d'|le|les|a)?\s*")
ALONE = re.compile(r"[-+]?\d[\d\s  ]*(?:[.,]\d+)?")
"""A cell of a table that is a number and no more."""

BETWEEN = re.compile(r"[,;](?=\s)")
TOWN = re.compile(r"(?:commune|ville|mairie|departement|republique|prefecture)\b")
SIGNS = "-–—•* "
"""What stands before the words of an item, or after an article's number."""

LABELLED = re.compile(r"(?P<label>[^:.;]{2,60}?)\s?:\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`kind`: amount, percent, hour, date, duration, deadline, or number (a bare one of a table).

    `quote` stands at `start` to `end` of its page; `what` is what it is said of.
    """

    what: str
    value: str
    kind: str
    page: int
    quote: str
    start: int
    end: int


def facts(known: Sequence[Leaf], *, date: str = "") -> tuple[tuple[Fact, ...], int]:
    """Return the facts of a document, and how many more there are; its own day (ISO) is none."""
    found = [fact for fact in _all(known) if not (date and _is_that_day(fact, date))]
    return tuple(found[:MOST_FACTS]), max(0, len(found) - MOST_FACTS)


def _is_that_day(fact: Fact, date: str) -> bool:
    is_day = fact.kind == Kind.DATE.value
    return is_day and not BEGINS.search(flat(fact.value)) and read_date(fact.value) == date


def _all(known: Sequence[Leaf]) -> Iterator[Fact]:
    article = section = ""
    for leaf in known:
        point = POINT.match(leaf.text)
        if begun := ARTICLE.match(leaf.text):
            article = _title(leaf.text, begun)
        elif point and title_of(leaf.text[point.end() :]) and not leaf.is_heading:
            article = _title(leaf.text, point)
        elif leaf.is_heading and not leaf.is_beside:
            article, section = "", "" if TOWN.match(leaf.flat) else leaf.text
        if leaf.is_title or leaf.is_beside or leaf.tells_of_another_day:
            continue
        cells = leaf.known.cells(leaf.line)
        over = _over(leaf, article) or ((section,) if section != leaf.text else ())
        if cells:
            yield from _of_row(leaf, cells, over)
        else:
            grounds = leaf.is_preamble  # they tell of the past: what it cost, not when it was
            told = _of_words(leaf, over)
            yield from (one for one in told if not grounds or one.kind in _SUMS)


def _title(text: str, begun: re.Match[str]) -> str:
    """Return an article's number and title, without the sentence that begins on its line."""
    return text[: begun.end() + len(title_of(text[begun.end() :]))].strip(" .:–—-")


def _opens(words: str, article: str) -> str:
    """Return what a line that others stand under says; of an article, how it opens its list."""
    begun = ARTICLE.match(words)
    if begun is None:
        return words.rstrip(" :.")
    if not article.startswith(words[: begun.end()].strip(" .:–—-")):
        return ""
    return words[begun.end() + len(title_of(words[begun.end() :])) :].strip(" .:–—-")


def _over(leaf: Leaf, article: str) -> tuple[str, ...]:
    """Return what a line stands under: its article, then its nearest lines, but not the title of
    the whole, nor another article that the reader took for a heading."""
    near = [opened for words in leaf.under[-2:] if (opened := _opens(words, article))]
    near = [words for words in near if not OPERATIVE.match(words) and fold(words) != leaf.title]
    near = [words for words in near if not TOWN.match(flat(words))]
    return tuple(dict.fromkeys(filter(None, (article, *near))))


# -- rows


def _of_row(leaf: Leaf, cells: Sequence[Cell], over: tuple[str, ...]) -> Iterator[Fact]:
    page = leaf.known.text
    first, *rest = cells
    subject = page[first.value : first.end].strip()
    named = name_of(page, first)
    is_little = max(map(len, re.findall(r"[^\W\d_]+", subject)), default=0) < 3
    about = f"{named} {subject}" if is_little and named else subject
    for cell in cells:
        words = page[cell.value : cell.end]
        wanted = _TIMES if cell is first and rest else KINDS
        said = [one for one in values(words) if one.kind in wanted and _is_told(words, one)]
        told = [(words[a:b], _kind(words, a, kind)) for a, b, kind in _joined(words, said)]
        if not told and cell is not first and _is_sum(words):
            told = [(words.strip(), NUMBER)]
        for value, kind in told:
            parts = (*over, about) if cell is first else (*over, about, name_of(page, cell))
            yield _fact(leaf, _what(parts), value, kind, leaf.start, leaf.end)


def _is_sum(words: str) -> bool:
    """Whether a cell holds a number and no more, which is no telephone's and no code."""
    counted = values(words)
    return bool(ALONE.fullmatch(words.strip())) and all(x.kind is not Kind.CODE for x in counted)


# -- words


def _of_words(leaf: Leaf, over: tuple[str, ...]) -> Iterator[Fact]:
    for start, end in sentences(leaf.text):
        sentence = leaf.text[start:end].lstrip(SIGNS)
        start = end - len(sentence)
        said = [one for one in values(sentence) if _is_told(sentence, one)]
        joined = _joined(sentence, said)
        for first, last, kind in joined:
            clause = _clause(sentence, first, last, is_alone=len(joined) == 1)
            what = _what((*over, clause))
            value = sentence[first:last]
            place = leaf.start + start
            yield _fact(
                leaf, what, value, _kind(sentence, first, kind), place, place + len(sentence)
            )


def _is_told(sentence: str, value: Value) -> bool:
    """Whether a value is a fact: not a year alone, not the day of another act, no article."""
    if value.kind not in KINDS:
        return False
    before = flat(sentence[: value.start])
    if value.kind is Kind.DATE:
        return not (_is_vague(value) or OF_ANOTHER_ACT.search(before))
    if value.kind is Kind.DURATION and value.is_article:
        return bool(LASTS.search(before))
    return True


def _is_vague(value: Value) -> bool:
    """Whether a date is a year alone, or a month of any year."""
    if value.is_range:
        return all(one.is_year or _is_vague(one) for one in value.parts)
    return value.is_year or (not value.has_year and value.low != value.high)


def _joined(words: str, said: Sequence[Value]) -> list[tuple[int, int, Kind]]:
    """Return start, end and kind of values; hours or days that are said together are one."""
    found = list[tuple[int, int, Kind]]()
    for before, value in pairwise([None, *said]):
        assert value is not None
        if before and found and before.kind is value.kind and value.kind in {Kind.HOUR, Kind.DATE}:
            between = flat(words[before.end : value.start])
            is_bare = words[found[-1][0] : found[-1][1]].isdigit()  # « le 24 et le 31 décembre »
            is_range = before.is_range or value.is_range
            is_pair = bool(AND.fullmatch(between)) and (is_range or is_bare)
            if is_pair:
                found[-1] = (found[-1][0], value.end, value.kind)
                continue
        found.append((value.start, value.end, value.kind))
    return found


def _kind(words: str, start: int, kind: Kind) -> str:
    led = re.match(r"\D*", words[start:])
    before = words[: start + (led.end() if led else 0)]  # « avant le » is part of some values
    is_due = kind in {Kind.DATE, Kind.DURATION} and bool(DUE.search(flat(before)))
    return DEADLINE if is_due else kind.value


def _clause(sentence: str, start: int, end: int, *, is_alone: bool) -> str:
    """Return what a value is said of: the label before it with the words beside it, or the words
    around it; `is_alone`: no other value stands in the sentence."""
    words = sentence.rstrip(" ;.")
    label = LABELLED.match(words)
    if label and label.end() <= start and not values(label["label"]):
        left, right = label.end(), len(words)
        if not is_alone:
            cuts = [cut.start() for cut in BETWEEN.finditer(words)]
            left = max((cut + 1 for cut in cuts if left <= cut < start), default=left)
            right = min((cut for cut in cuts if cut >= end), default=right)
        beside = words[left:right].strip(" ,;")
        if beside == words[start:end].strip():
            return label["label"].strip()
        if len(beside) <= CLAUSE_CHARS:
            return f"{label['label'].strip()} : {beside}"
    return _around(words, start, end)


def _around(words: str, start: int, end: int) -> str:
    """Return the words around a value, whole where they are few."""
    if len(words) <= CLAUSE_CHARS:
        return words
    left = max(0, min(start - CLAUSE_CHARS // 2, len(words) - CLAUSE_CHARS))
    right = min(len(words), max(end, left + CLAUSE_CHARS))
    left = min(start, words.find(" ", left) + 1) if left else 0
    space = words.rfind(" ", 0, right)
    right = space if right < len(words) and space > end else right
    told = words[left : max(right, end)].strip()
    return f"{'[…] ' if left else ''}{told}{' […]' if right < len(words) else ''}"


def _what(parts: Sequence[str]) -> str:
    kept = list(dict.fromkeys(filter(None, parts)))
    *over, own = kept or [""]
    room = WHAT_CHARS - len(own)
    led = " – ".join(shortened(words, NAME_CHARS) for words in over)
    return f"{shortened(led, room)} – {own}" if led and room > NAME_CHARS else own


def _fact(leaf: Leaf, what: str, value: str, kind: str, start: int, end: int) -> Fact:
    return Fact(
        what=what,
        value=value,
        kind=kind,
        page=leaf.page,
        quote=leaf.known.text[start:end],
        start=start,
        end=end,
    )
