# SPDX-License-Identifier: EUPL-1.2
"""Telephone numbers: France, overseas, abroad; the town hall's own stay.

    06 12 34 56 78   0612345678   06.12.34.56.78   0612 345 678
    +33 6 12 34 56 78   0033 6…   +33 (0)6…   +262 692 12 34 56   0590 12 34 56

`phone.french`, `phone.international`, `phone.spoken` (in words): the shape is enough.
    `phone.label`: any number after
`Tél.`, `Portable`, `Fax`. A number that is introduced as a public body's stays, and so do
special numbers (08…, 36xx). Source: Arcep, numbering plan.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, PHONE 691 of 705, kept
spans touched 953 of 16670; gold, held out, PHONE 11 of 11, kept spans touched 2 of 210; gold,
held out, second author, PHONE 31 of 31, kept spans touched 4 of 362; gold, held out, third
part, PHONE 51 of 51, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP, as_digits
from guardrails.recognizers.public import is_duty_mobile, is_own_contact, is_public_contact
from guardrails.recognizers.recognizer import Recognizer

_START = r"(?: (?<!\w) | (?<=[Tt][eé]l) ) (?<!\d[.\-,])"
_END = r"(?! \w | [.,\-]\d | /[1-9] )"

_FRENCH = re.compile(
    rf"""{_START} 0[1-9](?:/\d\d){{4}} {_END} | {_START} [0Oo][1-9lI]
    (?: {GAP}{DIGIT}{{2}} {GAP}{DIGIT}{{2}} {GAP}{DIGIT}{{2}} {GAP}{DIGIT}{{2}}
      | [^\S\n]?[.\-–]?[^\S\n]?{DIGIT}{{4}} [^\S\n]?[.\-–]?[^\S\n]?{DIGIT}{{4}}
      | {DIGIT}{{2}} {GAP}{DIGIT}{{3}} {GAP}{DIGIT}{{3}}
      | {GAP}{DIGIT}{{3}} {GAP}{DIGIT}{{3}} {GAP}{DIGIT}{{2}}
    ) (?: [^\S\n]?,?[^\S\n] (?:poste|ext\.?|int\.?) [^\S\n] \d{{2,5}} )? {_END}
    | {_START} 0 (?: [^\S\n]\d ){{9}} (?![^\S\n]?\d) {_END}""",
    re.VERBOSE,
)

_SPACER = r"(?>[^\S\n]?[.\-–/]?[^\S\n]?\n?[^\S\n]{0,2})"
_INTERNATIONAL = re.compile(
    rf"""(?<![\w+])
    (?: \+[^\S\n]? | 00[^\S\n]?(?=33|262|269|50[08]|59[046]|68[179]) | \(\+[^\S\n]? )
    [1-9]\d{{0,2}} (?:\))?
    {_SPACER} (?: \( [^\S\n]? 0 [^\S\n]? \) {_SPACER} )?
    (?: \d {_SPACER} ){{6,11}} \d {_END}""",
    re.VERBOSE,
)

_LABELLED = re.compile(
    r"""(?<![\w])
    (?: (?i:t[ée]l) (?: [ée]phone | [ée]copie | \. )? s? (?:\s?(?:portable|mobile|fixe|domicile|pro
      |perso))?
      | (?i:fax|fixe|portable|mobile|mobilis|vini|gsm|whatsapp|poste) |
        (?i:num[ée]ro)\s{1,2}de\s{1,2}(?i:t[ée]l)\w{0,6} )
    [\s:.°n]{0,6}
    (?P<number> \d (?: [\s.\-/]{0,2} \d ){3,13} )
    (?! \w | [.,]\d )""",
    re.VERBOSE,
)

_DIGIT_WORD = (
    "(?:z[ée]ro|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze"
    "|seize|vingt|trente|quarante|cinquante|soixante|et)"
)
_SPOKEN = re.compile(
    rf"""(?<!\w) z[ée]ro [\s-]{{1,2}} (?: un|deux|trois|quatre|cinq|six|sept|neuf )
    (?: [\s,.-]{{1,3}} (?: \d\d | {_DIGIT_WORD} (?: -{_DIGIT_WORD} ){{0,3}} ) (?!\w) ){{4,12}}""",
    re.VERBOSE | re.IGNORECASE,
)

_SHORT = re.compile(r"3\d{3}|1\d{1,5}|00800\d{8}")
_SPECIAL = re.compile(r"0?8[0-29]")
_MOBILE = re.compile(r"(?:0|33|0033)0?[67]|(?:00)?(?:262(?:69[23]|639)|590690|59[46]69[46])")
_NEXT_LINE = re.compile(r"\n\s*(?:19|20)\d\d-")
"""A reference that begins the next line: `le 09` and `2025-0416`."""

_NEAR_CHARS = 120
_MOBILE_NEAR_CHARS = 30


def _search(text: str) -> Iterator[Finding]:
    found: list[tuple[int, int]] = []
    for pattern, rule in ((_INTERNATIONAL, "phone.international"), (_FRENCH, "phone.french")):
        for match in pattern.finditer(text):
            if _is_phone(match[0]):
                found.append(match.span())
                if not _stays(text, *match.span(), as_digits(match[0])):
                    yield Finding(*match.span(), Entity.PHONE, rule)
    for match in _SPOKEN.finditer(text):
        yield Finding(*match.span(), Entity.PHONE, "phone.spoken")
    for match in _LABELLED.finditer(text):
        start, end = match.span("number")
        if any(start < other_end and other_start < end for other_start, other_end in found):
            continue
        if not _stays(text, start, end, as_digits(match["number"])):
            yield Finding(start, end, Entity.PHONE, "phone.label")


def _is_phone(raw: str) -> bool:
    """Tell whether few letters stand for digits, and at most one line break."""
    return (
        sum(c.isdigit() for c in raw) >= 5 and raw.count("\n") <= 1 and not _NEXT_LINE.search(raw)
    )


def _stays(text: str, start: int, end: int, digits: str) -> bool:
    if _SHORT.fullmatch(digits):
        return True
    if _SPECIAL.match(digits):
        return not is_own_contact(text, start)
    if _MOBILE.match(digits):
        return is_duty_mobile(text, start, end, near=_MOBILE_NEAR_CHARS)
    return is_public_contact(text, start, end, near=_NEAR_CHARS)


PHONE = Recognizer(name="phone", entities=(Entity.PHONE,), search=_search)
