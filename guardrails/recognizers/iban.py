# SPDX-License-Identifier: EUPL-1.2
"""IBAN, the international bank account number: country, key of two digits, account.

    FR76 3000 6000 0112 3456 7890 189    moved by four and read in base 36, mod 97 is 1

`iban.key`: the key holds. `iban.label`: a label stands near, or the number is French in
country, length and digits. Source: ISO 13616, the SWIFT register for lengths.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, IBAN 75 of 75, kept
spans touched 953 of 16670; gold, held out, IBAN 3 of 3, kept spans touched 2 of 210; gold, held
out, second author, IBAN 7 of 7, kept spans touched 4 of 362; gold, held out, third part, IBAN 7
of 7, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import GAP
from guardrails.recognizers.recognizer import Recognizer, is_labelled

LENGTHS = dict(
    pair.split(":")
    for pair in [
        "AD:24",
        "AE:23",
        "AL:28",
        "AT:20",
        "AZ:28",
        "BA:20",
        "BE:16",
        "BG:22",
        "BH:22",
        "BR:29",
        "BY:28",
        "CH:21",
        "CR:22",
        "CY:28",
        "CZ:24",
        "DE:22",
        "DK:18",
        "DO:28",
        "EE:20",
        "EG:29",
        "ES:24",
        "FI:18",
        "FO:18",
        "FR:27",
        "GB:22",
        "GE:22",
        "GI:23",
        "GL:18",
        "GR:27",
        "GT:28",
        "HR:21",
        "HU:28",
        "IE:22",
        "IL:23",
        "IQ:23",
        "IS:26",
        "IT:27",
        "JO:30",
        "KW:30",
        "KZ:20",
        "LB:28",
        "LC:32",
        "LI:21",
        "LT:20",
        "LU:20",
        "LV:21",
        "MC:27",
        "MD:24",
        "ME:22",
        "MK:19",
        "MR:27",
        "MT:31",
        "MU:30",
        "NL:18",
        "NO:15",
        "PK:24",
        "PL:28",
        "PS:29",
        "PT:25",
        "QA:29",
        "RO:24",
        "RS:22",
        "SA:24",
        "SE:24",
        "SI:19",
        "SK:24",
        "SM:27",
        "TN:24",
        "TR:26",
        "UA:29",
        "VG:24",
        "XK:20",
    ]
)

_SHAPE = re.compile(
    rf"""(?: (?<![^\W_]) | (?<=IBAN) )
    (?: [A-Za-z]{{2}} {GAP} [\dOoIl]{GAP}[\dOoIl] )
    (?: {GAP} [A-Za-z0-9] ){{11,30}}""",
    re.VERBOSE,
)
_LABEL = re.compile(
    r"(?<!\w)(?:IBAN\b|R\.?I\.?B\b|BIC\b|compte|coordonn[ée]es\s{1,2}bancaires|domiciliation)",
    re.IGNORECASE,
)
_MISREAD = str.maketrans("OIL", "011")
_MIN_DIGITS = 8
_FRENCH_DIGITS = 14  # country apart, key, bank and branch: 2 + 5 + 5 digits, up to this offset


def is_iban(value: str) -> bool:
    """Tell whether the key of `value`, compact and in capitals, holds.

    >>> is_iban("FR7630006000011234567890189"), is_iban("FR7630006000011234567890188")
    (True, False)
    """
    moved = value[4:] + value[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def _search(text: str) -> Iterator[Finding]:
    position = 0
    while match := _SHAPE.search(text, position):
        finding = _judged(text, match)
        # what begins like one may hold another: `du 12 IBAN FR76 …`
        position = finding.end if finding else match.start() + 1
        if finding:
            yield finding


def _judged(text: str, match: re.Match[str]) -> Finding | None:
    country = match[0][:2].upper()
    end = _end_of(match, int(LENGTHS.get(country, 0)))
    if not end or (end < len(text) and text[end].isalnum()):
        return None
    value = "".join(c for c in text[match.start() : end] if c.isalnum()).upper()
    digits = sum(c.isdigit() for c in value)
    if digits >= _MIN_DIGITS and any(is_iban(reading) for reading in _readings(value)):
        return Finding(match.start(), end, Entity.IBAN, "iban.key")
    is_labelled_one = digits >= len(value) // 2 and is_labelled(_LABEL, text, match.start(), end)
    if _looks_french(value) or is_labelled_one:
        return Finding(match.start(), end, Entity.IBAN, "iban.label")
    return None


def _end_of(match: re.Match[str], length: int) -> int | None:
    """Return where `length` letters and digits of the match end."""
    count = 0
    for offset, character in enumerate(match[0], start=match.start()):
        count += character.isalnum()
        if count == length:
            return offset + 1
    return None


def _readings(value: str) -> Iterator[str]:
    """Yield the value as written, then as OCR may have misread it."""
    if value[2:4].isdigit():
        yield value
    yield value[:2] + value[2:_FRENCH_DIGITS].translate(_MISREAD) + value[_FRENCH_DIGITS:]
    yield value[:2] + value[2:].translate(_MISREAD)


def _looks_french(value: str) -> bool:
    return value[:2] in {"FR", "MC"} and value[2:_FRENCH_DIGITS].isdigit() and value[-2:].isdigit()


IBAN = Recognizer(name="iban", entities=(Entity.IBAN,), search=_search)
