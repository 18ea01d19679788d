# SPDX-License-Identifier: EUPL-1.2
"""How a French text writes a date, as one pattern to build on.

03/03/1950   3.3.50   l2 / O3 / 1947   1950-03-03   3 mars 1950   1er janv. 1950   mars 1950   1950
trois mars mil neuf cent cinquante   sept août mil neuf cent quatre-vingt-douze
"""

from __future__ import annotations

import re

_DIGIT = r"[\dOoIl]"
_SLASH = r"[^\S\n]?[./|\-–·][^\S\n]?"
MONTH = r"""(?: janv(?:ier)?\b\.? | f[ée]vr?(?:ier)?\b\.? | mars\b | avr(?:il)?\b\.? | mai\b |
    juin\b | juil(?:l?et)?\b\.?
  | (?-i: JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC )\b | ao[ûu]t\b | sept(?:embre)?\b\.?
    | oct(?:obre)?\b\.? | nov(?:embre)?\b\.? | d[ée]c(?:embre)?\b\.?
    )"""
_UNIT = "premier|1er|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf"
_TEN = (
    "dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante"
    "|septante|huitante|nonante"
)
_DAY_WORD = (
    rf"(?: (?: {_UNIT}|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|et )(?!\w) "
    rf"[\s-]{{1,2}} ){{1,4}}"
)
_YEAR_WORD = rf"(?: mil(?:le)?|cents?|{_UNIT}|{_TEN}|et )(?!\w)"
_YEAR_WORDS = rf"(?: {_YEAR_WORD} (?: [\s-]{{1,3}} {_YEAR_WORD} ){{1,9}} )"
_YEAR = r"(?: (?:1[6-9]|20)\d\d (?!\d) )"

WEEKDAY = r"(?: (?: (?:lun|mar|mercre|jeu|vendre|same)di | dimanche ) \s{1,2} )?"

NUMERIC_DATE = rf"""(?:
    {_DIGIT}{{1,2}} (?:er)? {_SLASH} (?: {_DIGIT}{{1,2}} | [IVX]{{1,4}} ) {_SLASH} (?:
      {_DIGIT}{{4}} | {_DIGIT}{{2}} (?!\w) )
  | {_YEAR} [-/] \d\d [-/] \d\d
)"""

FULL_DATE = rf"""(?:
    {NUMERIC_DATE}
  | {_DIGIT}{{1,2}} (?:er)? \s{{0,2}} {MONTH} [\s,]{{0,2}} (?: [12lI]{_DIGIT}{{3}} (?!\w) |
    ['’]?\d{{2}} (?!\w) |
    {_YEAR_WORDS} )
  | (?<!\d) (?: \d[^\S\n]? ){{2}} (?: \d[^\S\n]? ){{2}} [12] (?: [^\S\n]?\d ){{3}}
    # one box a digit
  | (?<!\d) \d[ ]?\d (?: [ ]?[./-][ ]? \d[ ]\d ){{2}} (?: [ ]\d[ ]\d )? (?![ ]?\d)
  | {_DAY_WORD} (?: {MONTH} | \d\d ) \s{{1,2}} (?: de\s(?:l['’]an(?:n[ée]e)?\s)? | l['’]an\s )? (?:
    \d{{4}} | ['’]?\d\d (?!\w) | {_YEAR_WORDS} )
)"""
"""A day, a month and a year."""

PARTIAL_DATE = rf"""(?:
    {FULL_DATE} | {MONTH} \s{{1,2}} {_YEAR} | \d{{1,2}} (?:er)? \s{{1,2}} {MONTH} | {_DAY_WORD}
      {MONTH} | {_YEAR}
)"""
"""The same, or some of it."""

_WRITTEN_YEAR = re.compile(r"(?<!\d)1\d\d\d(?!\d)")
_OLDEST_LIVING_YEAR = 1900


def is_historic(date: str) -> bool:
    """Tell whether nobody born on that date can be alive.

    >>> is_historic("28 mars 1862"), is_historic("3 mars 1950")
    (True, False)
    """
    year = _WRITTEN_YEAR.search(date)
    return bool(year) and int(year[0]) < _OLDEST_LIVING_YEAR if year else False
