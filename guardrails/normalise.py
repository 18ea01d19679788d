# SPDX-License-Identifier: EUPL-1.2
"""A plain copy of a text, easier to search, with the way back to the original offsets.

    text ──plain──▶ Plain.text ──pattern──▶ (start, end) ──Plain.original──▶ offsets in text

Spaces of every width are left alone: `\\s` matches U+00A0, U+202F and U+2009. What a pattern
cannot see past is taken out or put right: zero-width characters, right-to-left marks, soft
hyphens, letters followed by a combining accent, ligatures, full-width and mathematical digits.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ufffe"
)
"""Characters that nobody sees; U+FFFE is how PDFium writes a hyphen that cuts a word."""

_ACCENTS = "\u0300-\u036f"
_HYPHEN = "\u2010-\u2012\u2212"
_STYLED = "\ufb00-\ufb06\uff01-\uff5e\U0001d7ce-\U0001d7ff"
"""Ligatures, full width, digits of mathematics."""

# One class alone is searched five times as fast as the alternatives below.
_IS_ODD = re.compile(f"[{INVISIBLE}{_ACCENTS}{_HYPHEN}{_STYLED}]")
_ODD = re.compile(
    rf"(?P<nothing>[{INVISIBLE}]+) | \w[{_ACCENTS}]{{1,3}} | [{_HYPHEN}] | [{_STYLED}]", re.VERBOSE
)
_HYPHENS = frozenset("\u2010\u2011\u2012\u2212")

GAP = r"(?>[^\S\n]?[.\-–]?[^\S\n]?\n?[^\S\n]{0,4})"
"""What may stand inside a number: a space, a dot or a dash, and one line break.

Atomic, as the same space could be read in three ways: repeated ten times, that is 3^10 ways
to fail (measured: 10 s on 5,000 characters before, nothing after)."""

DIGIT = r"[\dOoIl]"
"""A digit, or a letter that OCR writes for 0 or 1."""

CAPITAL = "A-ZÀ-ÖØ-ÞĀ-ŒŔ-ſƠ-ưḀ-ỿ"
"""Capitals of Latin alphabets, for a class; small letters far from French slip in."""

_AS_DIGITS = str.maketrans("OoIl|", "00111")
_NOT_IN_NUMBER = re.compile(r"[^0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without its oddities; `anchors`, sorted: plain offset, original offset, verbatim."""

    text: str
    anchors: tuple[tuple[int, int, bool], ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where plain `start` to `end` (exclusive, not empty) stands in the original."""
        if not self.anchors:
            return start, end
        return self._anchor(start)[0], self._anchor(end - 1)[1]

    def _anchor(self, offset: int) -> tuple[int, int]:
        """Return start and end, in the original, of the character at `offset`."""
        index = bisect_right(self.anchors, (offset, 1 << 62, True)) - 1
        plain, original, is_verbatim = self.anchors[index]
        if is_verbatim:
            return original + offset - plain, original + offset - plain + 1
        return original, self.anchors[index + 1][1]


def plain(text: str) -> Plain:
    """Return the plain copy of `text`.

    >>> copy = plain("né\u200be le 1\u200b2 mars")
    >>> copy.text
    'née le 12 mars'
    >>> copy.original(7, 9)
    (8, 11)
    """
    if text.isascii() or not _IS_ODD.search(text):
        return Plain(text)
    pieces: list[str] = []
    anchors: list[tuple[int, int, bool]] = [(0, 0, True)]
    length = position = 0
    for match in _ODD.finditer(text):
        verbatim = text[position : match.start()]
        instead = _instead(match)
        pieces += (verbatim, instead)
        length += len(verbatim)
        if instead:
            anchors.append((length, match.start(), False))
        length += len(instead)
        anchors.append((length, match.end(), True))
        position = match.end()
    pieces.append(text[position:])
    return Plain("".join(pieces), tuple(anchors))


def _instead(match: re.Match[str]) -> str:
    if match["nothing"]:
        return ""
    if match[0] in _HYPHENS:
        return "-"
    return unicodedata.normalize("NFKC", match[0])


def fold(text: str) -> str:
    """Return the text in lower case without accents or ligatures.

    >>> fold("L’Œuvre DÉLIBÉRÉE")
    "l'oeuvre deliberee"
    """
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    decomposed = unicodedata.normalize("NFKD", lowered)
    return decomposed.translate(_WITHOUT_MARKS)


class _Marks(dict[int, int | None]):
    """Nothing for an accent that stands alone, every other sign as it is."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_MARKS = _Marks()


class _Signs(dict[int, str]):
    """Each sign without its accent, in lower case, and one sign long."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code))
        self[code] = folded[0] if folded else chr(code)
        return self[code]


_SIGNS = _Signs({0xA0: " ", 0x202F: " ", 0x2009: " ", 0x2013: "-", 0x2014: "-"})


def flat(text: str) -> str:
    """Return the text folded sign for sign: a place in it is the same place in the text.

    >>> flat("L’Œuvre n°\u00a03 — DÉLIBÉRÉE")
    "l'ouvre n° 3 - deliberee"
    """
    return text.translate(_SIGNS)


def compact(number: str) -> str:
    """Return `number` without its spaces, dots, dashes and line breaks, in capitals.

    >>> compact("2 69.05-49")
    '2690549'
    """
    return _NOT_IN_NUMBER.sub("", number).upper()


def as_digits(number: str) -> str:
    """Return `number` with only digits, letters that look like digits read as such.

    >>> as_digits("2 69 O5 49 588 l57 80")
    '269054958815780'
    """
    return _NOT_IN_NUMBER.sub("", number.translate(_AS_DIGITS))


def is_luhn(digits: str) -> bool:
    """Tell whether the last digit is the Luhn key of those before it.

    >>> is_luhn("732829320"), is_luhn("732829321")
    (True, False)
    """
    odd, even = digits[-1::-2], digits[-2::-2]
    total = sum(int(d) for d in odd) + sum(sum(divmod(2 * int(d), 10)) for d in even)
    return total % 10 == 0


_LA_POSTE = "356000000"
"""Whose establishments have a key of their own."""


def is_siret(digits: str) -> bool:
    """Tell whether the key of a SIRET (14 digits) or SIREN (9) holds.

    >>> is_siret("73282932000074"), is_siret("73282932000075"), is_siret("732829320")
    (True, False, True)
    """
    if len(digits) == 14 and digits.startswith(_LA_POSTE):
        return is_luhn(digits) or sum(map(int, digits)) % 5 == 0
    return is_luhn(digits) and (len(digits) == 9 or is_luhn(digits[:9]))
