# SPDX-License-Identifier: EUPL-1.2
"""NIR, the French social security number: 13 characters and a key of two digits.

    2  69  05  49  588  157  80
    │   │   │   │    │    │   └─ key: 97 − N mod 97, Corsica's 2A as 19 and 2B as 18
    │   │   │   │    │    └───── order
    │   │   │   │    └────────── commune or country
    │   │   │   └─────────────── department, 2A and 2B, 97x and 98x overseas
    │   │   └─────────────────── month, 20 and more when unknown
    │   └─────────────────────── year
    └─────────────────────────── sex, 3 4 7 8 while provisional

`nir.key`: the key holds, label or not. `nir.label`: a label stands near; then the key may be
wrong or missing. Sources: INSEE, `décret n° 82-103` on the national register of persons.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, NIR 114 of 114, kept
spans touched 953 of 16670; gold, held out, NIR 6 of 6, kept spans touched 2 of 210; gold, held
out, second author, NIR 12 of 12, kept spans touched 4 of 362; gold, held out, third part, NIR
10 of 10, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP, compact
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?: (?<!\w) | (?<=NIR) | (?<=SS) ) (?=(
    [1-478Il]
    {GAP} {DIGIT}{{2}}                                             # year
    {GAP} (?: {DIGIT}{{2}} {GAP} {DIGIT}{{2}}                      # month, department
            | {DIGIT}{{2}} {GAP} 2 {GAP} [ABab] )                  # the same in Corsica
    {GAP} {DIGIT}{{3}}                                             # commune
    {GAP} {DIGIT}{{3}}                                             # order
    (?: {GAP} [/(]? [^\S\n]? (?:cl[ée][^\S\n]?:?[^\S\n]?)? {DIGIT}{{2}} (?!\w) )?
    )) """,
    re.VERBOSE,
)

# A form with one box a digit, or a number cut where no field ends.
_LOOSE = re.compile(
    rf"""(?<!\w) (?=( [1-478Il] (?: [|_]?{GAP}[|_]? [\dOoIlABab] ){{12,14}} (?!\w) ))""",
    re.VERBOSE,
)
_BOXES = re.compile(r"\w(?:[^\w\n]{1,3}\w){14}")

_LABEL = re.compile(
    r"""(?<!\w)(?:
        N\.?I\.?R\b\.?  | INSEE\b  | s[ée]cu\b
      | s[ée]curit[ée]\s{1,2}sociale | assur(?:[ée]e?|ance)\s{1,2}(?:sociale?|maladie)
      | immatriculation\b | (?:num[ée]ro|n°|no?)\s?SS\b | SS\s?:
      | matricule\s{1,2}(?:CPAM|agent) | carte\s{1,2}vitale
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_KEY_WORD = re.compile(r"cl[ée]", re.IGNORECASE)
_MISREAD = str.maketrans("OIL", "011")


def nir_key(body: str) -> int:
    """Return the control key of a NIR's first 13 characters.

    >>> nir_key("2690549588157"), nir_key("185022A004012")
    (80, 22)
    """
    digits = body.upper().replace("2A", "19").replace("2B", "18")
    return 97 - int(digits) % 97


def _value(raw: str) -> str:
    return compact(_KEY_WORD.sub("", raw)).translate(_MISREAD)


def _has_shape(value: str) -> bool:
    """Tell whether month and department of 13 or 15 characters can be those of a NIR."""
    if len(value) not in {13, 15} or not (value[:5] + value[7:]).isdigit():
        return False
    month, department = int(value[3:5]), value[5:7]
    return (1 <= month <= 13 or 20 <= month <= 42 or month >= 50) and (
        department.isdigit() or department in {"2A", "2B"}
    )


def _is_keyed(value: str) -> bool:
    return _has_shape(value) and len(value) == 15 and nir_key(value[:13]) == int(value[13:])


def _search(text: str) -> Iterator[Finding]:
    reached = 0
    for match in _SHAPE.finditer(text):
        start, end = match.span(1)
        if start < reached or (end < len(text) and text[end].isalnum()):
            continue
        if _is_keyed(_value(match[1])):
            rule = "nir.key"
        elif is_labelled(_LABEL, text, start, end):
            rule = "nir.label"
        else:
            continue
        reached = end
        yield Finding(start, end, Entity.NIR, rule)
    reached = 0
    for match in _LOOSE.finditer(text):
        start, end = match.span(1)
        value = _value(match[1])
        if start < reached or sum(c.isdigit() for c in match[1]) < 10:
            continue
        if _BOXES.fullmatch(match[1]) and _is_keyed(value):
            rule = "nir.boxes"
        elif is_labelled(_LABEL, text, start, end):
            rule = "nir.label"
        else:
            continue
        reached = end
        yield Finding(start, end, Entity.NIR, rule)


NIR = Recognizer(name="nir", entities=(Entity.NIR,), search=_search)
