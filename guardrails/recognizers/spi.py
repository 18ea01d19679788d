# SPDX-License-Identifier: EUPL-1.2
"""SPI, the tax number of a person (numéro fiscal): ten digits and a key of three.

    30 23 217 600 053    the first digit goes from 0 to 3, the last three are
                         the first ten modulo 511

`spi.key`: the key holds. `spi.label`: a label stands near, whatever the key.
Source: OECD, Tax Identification Numbers, France.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, SPI 50 of 50, kept
spans touched 953 of 16670; gold, held out, SPI 3 of 3, kept spans touched 2 of 210; gold, held
out, second author, SPI 2 of 2, kept spans touched 4 of 362; gold, held out, third part, SPI 5
of 5, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP, as_digits
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?<![\w]) [0-3OoIl]
    (?: {DIGIT}{{12}}                                                          # in one piece
      | {DIGIT} {GAP} {DIGIT}{{2}} {GAP} {DIGIT}{{3}} {GAP} {DIGIT}{{3}} {GAP} {DIGIT}{{3}}
      | {DIGIT}{{9}} {GAP} {DIGIT}{{3}}                                        # key apart
    ) (?!\w)""",
    re.VERBOSE,
)
_LOOSE = re.compile(
    rf"(?<!\w) [\dOoIl] (?: [|_]?{GAP}[|_]? {DIGIT} ){{12}} (?!\w)",
    re.VERBOSE,
)
_LABEL = re.compile(
    r"""(?<!\w)(?:
        S\.?P\.?I\b | N\.?I\.?F\b
      | (?:num[ée]ro|n°|no|identifiant|r[ée]f[ée]rence)s?\s{1,2}fisca(?:l|le|ux)\b
      | num[ée]ro\s{1,2}(?:de\s{1,2})?d[ée]clarant
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def spi_key(body: str) -> str:
    """Return the three last digits that go with the first ten.

    >>> spi_key("3023217600")
    '053'
    """
    return f"{int(body) % 511:03}"


def _is_keyed(digits: str) -> bool:
    return spi_key(digits[:10]) == digits[10:] and int(digits) > 0


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        if _is_keyed(as_digits(match[0])):
            yield Finding(*match.span(), Entity.SPI, "spi.key")
    for match in _LOOSE.finditer(text):
        if is_labelled(_LABEL, text, *match.span()):
            yield Finding(*match.span(), Entity.SPI, "spi.label")


SPI = Recognizer(name="spi", entities=(Entity.SPI,), search=_search)
