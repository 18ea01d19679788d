# SPDX-License-Identifier: EUPL-1.2
"""Codes, dates and places drawn anew: what a network must read from the words around.

A code is drawn in the same ways whether it is someone's or an act's, so that its form alone tells
nothing; a date keeps its day, month and year and is written in another way.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

CODE = re.compile(r"(?=[^\n]*\d)[A-Z]{0,4}[-/ .]?[A-Z\d]{1,8}(?:[-/ .][A-Z\d]{1,8}){0,4}")
_AMOUNT = re.compile(
    r"\d{1,3}(?: \d{3})*|\d{1,4}|[\d .]{10,}|\d{1,2}[-/. ]\d{1,2}(?:[-/. ]\d{2,4})?"
)
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_SHORT = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
    "nov.", "déc.",
)  # fmt: skip
_DATE = re.compile(
    rf"(\d{{1,2}})(?:er)?(?:[-/. ](\d{{1,2}})[-/. ]| ({'|'.join(_MONTHS)}) )((?:19|20)\d\d)"
)
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def is_code(text: str) -> bool:
    """Tell whether a stretch is a code, and no amount, telephone or date."""
    return bool(CODE.fullmatch(text)) and not _AMOUNT.fullmatch(text)


def drawn_code(draw: random.Random) -> str:
    """Return an invented code: digits alone, or letters, years and digits in some order."""

    def digits(least: int, most: int) -> str:
        return "".join(draw.choice("0123456789") for _ in range(draw.randint(least, most)))

    def letters(least: int, most: int) -> str:
        return "".join(draw.choice(_LETTERS) for _ in range(draw.randint(least, most)))

    year = draw.choice((str(draw.randint(2015, 2026)), str(draw.randint(15, 26))))
    mark = draw.choice("-/.  _") if draw.random() < 0.9 else ""
    drawn = draw.random()
    if drawn < 0.25:
        return digits(4, 12)
    if drawn < 0.4:
        return letters(1, 3) + draw.choice(("", " ", "-")) + digits(2, 8)
    if drawn < 0.5:
        return digits(3, 8) + draw.choice(("", " ", "-")) + letters(1, 2)
    if drawn < 0.65:
        return mark.join((year, digits(2, 6)))
    if drawn < 0.8:
        return mark.join((letters(1, 4), year, digits(2, 5)))
    if drawn < 0.9:
        return mark.join((letters(1, 2) + digits(2, 3), digits(2, 4), digits(2, 3)))
    return " ".join(digits(2, 4) for _ in range(draw.randint(2, 4)))


def rewritten_date(text: str, draw: random.Random) -> str | None:
    """Return a whole date in another way of writing, or None for what is no whole date.

    >>> rewritten_date("le 3 mars", random.Random(1)) is None
    True
    """
    match = _DATE.fullmatch(text)
    month = match and (int(match[2]) if match[2] else _MONTHS.index(match[3]) + 1)
    if not match or not month or month > len(_MONTHS):
        return None
    day, year = int(match[1]), match[4]
    mark = draw.choice("/-. ")
    return draw.choice(
        (
            f"{day:02}{mark}{month:02}{mark}{year}",
            f"{day:02}{mark}{month:02}{mark}{year[2:]}",
            f"{day} {_MONTHS[month - 1]} {year}",
            f"{day} {_SHORT[month - 1]} {year}",
            f"{year}-{month:02}-{day:02}",
            f"{day}/{month}/{year}",
            f"{day:02}{month:02}{year}",
        )
    )


def drawn_place(communes: Sequence[str], draw: random.Random) -> str:
    """Return a commune's name, its words with capitals as on a map."""
    parts = draw.choice(communes).replace(" ", "-").split("-")
    return "-".join(
        part
        if n and part in ("sur", "en", "la", "le", "les", "de", "du", "d", "l")
        else part.title()
        for n, part in enumerate(parts)
    )
