# SPDX-License-Identifier: EUPL-1.2
"""Dates, hours, amounts, units and Roman numerals, written as one says them."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.french import MONTH_NAMES

BLANK = r"[ \u00a0\u202f]"
_DATE = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_ISO = re.compile(r"(?<![\d-])(?<![nN][°º]\s)(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_HOURS = re.compile(rf"\b(\d{{1,2}}){BLANK}?h(?:{BLANK}?(\d{{2}}))?\b(?!\w)")
_BETWEEN_HOURS = re.compile(
    r"(?P<alone>(?<=: )|(?<=et )|^)?(\d{1,2} heures?(?: \d{2})?) ?[–—-] ?(?=\d{1,2} heures?\b)"
)
_EUROS = re.compile(
    rf"(?<![\d.,])(\d+(?:{BLANK}\d{{3}})*)(?:[.,](\d{{1,2}}))?{BLANK}?(?:€|euros?\b)"
)
_PER = re.compile(rf"(?<=euro)(s?){BLANK}?/{BLANK}?([\w²³]+)")
_ONE = {"h": "heure", "m²": "mètre carré", "m2": "mètre carré", "m³": "mètre cube", "j": "jour"}
_PERCENT = re.compile(rf"{BLANK}?%")
_ROMAN_PART = re.compile(
    r"\b((?:titre|chapitre|livre|section|annexe|partie|tome)s?\s)([IVXLC]+)\b", re.IGNORECASE
)
_CENTURY = re.compile(r"\b([IVX]+)(?:e|ème)(\ssiècle)")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_UNITS = {
    "m²": "mètres carrés",
    "m2": "mètres carrés",
    "m³": "mètres cubes",
    "m3": "mètres cubes",
    "km": "kilomètres",
    "m": "mètres",
    "cm": "centimètres",
    "kg": "kilos",
    "l": "litres",
    "min": "minutes",
    "mn": "minutes",
}
_UNIT = re.compile(rf"(?<=\d){BLANK}?(m²|m2|m³|m3|km|cm|kg|m|l|mn|min)(?![\w/²³.])")


def written_out(text: str) -> str:
    """Return a text with its numbers as one says them.

    >>> written_out("Le 12/06/2024 de 9h à 12h30 : 42 077.50 €, soit 5 % (titre IV).")
    'Le 12 juin 2024 de 9 heures à 12 heures 30 : 42 077,50 euros, soit 5 pour cent (titre 4).'
    """
    text = _DATE.sub(lambda m: _date(m[0], m[1], m[2], m[3]), text)
    text = _ISO.sub(lambda m: _date(m[0], m[3], m[2], m[1]), text)
    text = _HOURS.sub(lambda m: _hour(m[1], m[2]), text)
    text = _BETWEEN_HOURS.sub(lambda m: f"{'' if m['alone'] is None else 'de '}{m[2]} à ", text)
    text = _EUROS.sub(lambda m: _amount(m[1], m[2]), text)
    text = _PER.sub(lambda m: f"{m[1]} par {_ONE.get(m[2], m[2])}", text)
    text = _PERCENT.sub(" pour cent", text)
    text = _UNIT.sub(lambda m: f" {_UNITS[m[1]]}", text)
    text = _ROMAN_PART.sub(lambda m: f"{m[1]}{_arabic(m[2])}", text)
    return _CENTURY.sub(lambda m: f"{_arabic(m[1])}e{m[2]}", text)


def _date(written: str, day: str, month: str, year: str) -> str:
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
        return written
    spoken = "1er" if int(day) == 1 else str(int(day))
    return f"{spoken} {MONTH_NAMES[int(month) - 1]} {year}"


def _hour(hour: str, minutes: str | None) -> str:
    word = "heure" if int(hour) < 2 else "heures"
    return f"{int(hour)} {word} {minutes}" if int(minutes or 0) else f"{int(hour)} {word}"


def _amount(whole: str, cents: str | None) -> str:
    number = int(re.sub(r"\D", "", whole))
    grouped = f"{number:,}".replace(",", " ")
    shown = f",{cents.ljust(2, '0')}" if cents and int(cents) else ""
    return f"{grouped}{shown} {'euro' if number < 2 else 'euros'}"


def _arabic(roman: str) -> int:
    values = [_VALUES[letter] for letter in roman.upper()] + [0]
    return sum(-a if a < b else a for a, b in pairwise(values))
