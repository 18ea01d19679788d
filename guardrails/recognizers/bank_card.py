# SPDX-License-Identifier: EUPL-1.2
"""Numbers of bank cards: 13 to 19 digits, the last of which is Luhn's key.

    4970 1012 3456 7890    the first digits name the network: 4 Visa, 51-55 and 22-27
                           Mastercard, 34 and 37 American Express, 6 Maestro and others

`bank_card.key`: 15, 16 or 19 digits of a known network, whose key holds. Other lengths look
like SIRET numbers and bar codes: `bank_card.label` asks for a label, then the key may be wrong.
Source: ISO/IEC 7812.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, BANK_CARD 23 of 23,
kept spans touched 953 of 16670; gold, held out, BANK_CARD 2 of 2, kept spans touched 2 of 210;
gold, held out, second author, BANK_CARD 2 of 2, kept spans touched 4 of 362; gold, held out,
third part, BANK_CARD 2 of 2, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP, as_digits, is_luhn
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?<!\w) (?<!\d[.,])
    (?: [2-6]{DIGIT}{{3}} {GAP} {DIGIT}{{4}} {GAP} {DIGIT}{{4}} {GAP} {DIGIT}{{4}}
        (?: {GAP}{DIGIT}{{3}} )?
      | 3[47]{DIGIT}{{2}} {GAP} {DIGIT}{{6}} {GAP} {DIGIT}{{5}} )
    (?! \w | [.,]\d )""",
    re.VERBOSE,
)
_LOOSE = re.compile(rf"(?<!\w) [2-6] (?: {GAP}{DIGIT} ){{12,18}} (?! \w | [.,]\d )", re.VERBOSE)
_NETWORK = re.compile(r"4|5[1-8]|2[2-7]|3[47]|6[0-9]")
_LABEL = re.compile(
    r"""(?<!\w)(?: (?:num[ée]ro\s{1,2}(?:de\s{1,2})?(?:la\s{1,2})?)?(?:carte\s{1,2}(?:bancaire|bleue
      |de\s{1,2}(?:cr[ée]dit|d[ée]bit|paiement)|visa|mastercard)) | C\.?B\b | visa\b | mastercard\b
      | american\s{1,2}express )""",
    re.VERBOSE | re.IGNORECASE,
)


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        digits = as_digits(match[0])
        if _NETWORK.match(digits) and is_luhn(digits):
            yield Finding(*match.span(), Entity.BANK_CARD, "bank_card.key")
    for match in _LOOSE.finditer(text):
        if is_labelled(_LABEL, text, *match.span()):
            yield Finding(*match.span(), Entity.BANK_CARD, "bank_card.label")


BANK_CARD = Recognizer(name="bank_card", entities=(Entity.BANK_CARD,), search=_search)
