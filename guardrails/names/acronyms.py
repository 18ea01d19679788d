# SPDX-License-Identifier: EUPL-1.2
"""Letters that stand for a body or a thing, and the furniture of a text that looks like letters.

« la C.A.F », « au titre de la D.E.T.R », « Plan d'épargne retraite (PER) », « https://…/jo_pdf »,
« Aujourd'hui », « V. - Une communauté … »
"""

from __future__ import annotations

import re

from guardrails.names.word import ELIDED, Shape
from guardrails.names.words import Words

_ARTICLES = frozenset(
    ("le", "la", "les", "l", "un", "une", "du", "des", "au", "aux", "ce", "cet", "cette", "en")
)
_ALWAYS = 4  # a person signs with two or three letters
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*\Z")
_ADDRESS_CHARS = 200
_SECTION = re.compile(r"\.\s?[-–—]")


def is_acronym_of_a_body(words: Words, first: int, last: int) -> bool:
    """Tell whether a vote is for letters that are nobody's."""
    return (
        _is_dotted(words, first, last)
        or _is_spelled_out(words, first, last)
        or _is_of_an_address(words, first, last)
        or _is_furniture(words, first, last)
    )


def _is_dotted(words: Words, first: int, last: int) -> bool:
    """`C.A.F`, `Le C.E.T se`, `I.R.C.A.N.T.E.C`: dots and no blanks, an article or many letters."""
    start = first
    while (
        start < last and words[start].shape is not Shape.INITIAL and words[start].fold in _ARTICLES
    ):
        start += 1
    if words[start].shape is not Shape.INITIAL:
        return False
    while start and _is_dot(words, start - 1):
        start -= 1
    end = start
    while end + 1 < len(words) and _is_dot(words, end):
        end += 1
    rest = words.items[end + 1 : last + 1]
    if end == start or not all(
        word.is_never or word.is_particle or len(word.text) == 1 for word in rest
    ):
        return False
    if end - start + 1 >= _ALWAYS:
        return True
    before = words.text[max(0, words[start].start - 1) : words[start].start]
    is_led = start > 0 and words[start - 1].fold in _ARTICLES and len(words.gap(start - 1)) == 1
    return is_led or before == "("


def _is_dot(words: Words, index: int) -> bool:
    return (
        words.gap(index) == "."
        and words[index].shape is Shape.INITIAL
        and words[index + 1].shape is Shape.INITIAL
    )


def _is_spelled_out(words: Words, first: int, last: int) -> bool:
    """`Plan d'épargne retraite (PER)`, and `Le PER` further down."""
    if first < last and words[first].fold in _ARTICLES:
        first += 1
    return (
        first == last and words[first].shape is Shape.UPPER and words[first].fold in words.acronyms
    )


def _is_of_an_address(words: Words, first: int, last: int) -> bool:
    """`www.legifrance.gouv.fr/jopdf`; a listed name in an address is somebody's page."""
    if any(word.surname or word.magnitude >= 1 for word in words.items[first : last + 1]):
        return False
    start = words[first].start
    return bool(_ADDRESS.search(words.text, max(0, start - _ADDRESS_CHARS), start))


def _is_furniture(words: Words, first: int, last: int) -> bool:
    """`Aujourd'hui`, `Qu'il n'y a plus`, and a section's number: `V. - Une communauté`."""
    word = words[first]
    if first != last:
        return False
    after = words.text[word.end : word.end + 3]
    if word.fold in ELIDED and len(word.text) > 1:
        return after[:1] in ("'", "’")
    opens = first == 0 or words.crosses_line(first - 1)
    return opens and word.shape is Shape.INITIAL and bool(_SECTION.match(after))
