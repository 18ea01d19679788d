# SPDX-License-Identifier: EUPL-1.2
"""What stands between the words of a text: numbers, marks, letters inside a code, line ends.

    `K41-7702-35` ──pieces──▶ K, 41, -, 7702, -, 35, each with its place and its look

A look tells all that the learned layer reads of a piece: not which number it is, but how many
digits it has, whether it may be a day, a month, a year, a postcode or a telephone, and what it
touches. Numbers that look the same are of one kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MARKS = ".,;:!?()[]«»\"'’-–—/|•*&@+=°€%<>_#…"
_PIECE = re.compile(r"\d+|\n|[^\S\n]{2,}|\t|[^\w\s]|[^\W\d_]+|_")
_YEAR = re.compile(r"(?:19|20)\d\d")
_POSTCODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8])\d{3}")
_MOST_DIGITS = 16
_MOST_LETTERS = 4
_LONG = {10: "t", 13: "n", 15: "n", 9: "s", 14: "s", 16: "c"}
_GRADES = "mdxyzpqtnsc-"
_LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14)
_SIDES = "_ab./-:"
FACTS = 4 + len(_GRADES) + len(_LENGTHS) + 2 * len(_SIDES) + 3
"""How many yes-or-no facts `facts_of` tells of a piece, its mark left aside."""

Piece = tuple[str, int, int]
"""How a piece looks, and its start and end (exclusive) in the text."""


def pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield the pieces of a stretch between two words, in order; a lone blank is none."""
    if start == end or (end - start == 1 and text[start] == " "):
        return
    for match in _PIECE.finditer(text, start, end):
        piece = match[0]
        first, last = match.span()
        if piece.isdecimal():
            yield f"{_number(piece)}{_beside(text, first - 1)}{_beside(text, last)}", first, last
        elif piece.isspace():
            yield ("\n" if piece == "\n" else "  "), first, last
        elif piece.isalpha():
            case = "A" if piece.isupper() else "a"
            yield f"{case}{piece[:_MOST_LETTERS].lower()}{_beside(text, last)}", first, last
        else:
            yield piece, first, last


def _number(digits: str) -> str:
    """Return `#`, how many digits, what they may be, and of a year its decade.

    >>> _number("14"), _number("06"), _number("1987"), _number("82140"), _number("0612345678")
    ('#2d', '#2mz', '#4y198', '#5p', '#10tz')
    """
    count = len(digits)
    zero = "z" if digits[0] == "0" else ""
    if count <= 2:
        value = int(digits)
        grade = "m" if 1 <= value <= 12 else "d" if 13 <= value <= 31 else "x"
    elif count == 4 and _YEAR.fullmatch(digits):
        return f"#4y{digits[:3]}"
    elif count == 5:
        grade = "p" if _POSTCODE.fullmatch(digits) else "q"
    else:
        grade = _LONG.get(count, "-")
    return f"#{min(count, _MOST_DIGITS)}{grade}{zero}"


def _beside(text: str, place: int) -> str:
    """Return what a piece touches: nothing `_`, a letter `a`, a mark as it is or as `b`."""
    if not 0 <= place < len(text) or text[place].isspace():
        return "_"
    if text[place].isalpha():
        return "a"
    return text[place] if text[place] in _SIDES else "b"


_LOOK = re.compile(r"#(\d+)([a-z-])(z?)(\d*)(.)(.)")


def facts_of(look: str) -> list[int]:
    """Return the numbers of the facts that hold for a piece, all under FACTS."""
    facts = [n for n, holds in enumerate((look == "\n", look == "  ", look[0] == "#")) if holds]
    match = _LOOK.fullmatch(look)
    if match is None:
        return [*facts, 3] if look[0] in "Aa" and len(look) > 1 else facts
    count, grade, zero, decade, left, right = match.groups()
    base = 4
    facts.append(base + _GRADES.index(grade))
    base += len(_GRADES)
    facts.append(base + sum(int(count) > length for length in _LENGTHS[:-1]))
    base += len(_LENGTHS)
    facts.append(base + _SIDES.index(left))
    facts.append(base + len(_SIDES) + _SIDES.index(right))
    base += 2 * len(_SIDES)
    if zero:
        facts.append(base)
    if decade:
        facts.append(base + (1 if "190" <= decade <= "201" else 2))
    return facts


def strings_of(look: str) -> tuple[str, str, str, str, str]:
    """Return five strings that a piece shares with those that look much like it."""
    match = _LOOK.fullmatch(look)
    if match is None:
        return (look,) * 5
    count, grade, _, decade, left, right = match.groups()
    return (f"#{count}", f"#{grade}{decade}", f"#{left}", f"#{right}{grade}", f"#{left}{right}")
