# SPDX-License-Identifier: EUPL-1.2
"""Numbers of passports: two digits, two letters, five digits in France; others by their label.

    12AB34567    12 AB 34567

`passport.label`: a label stands near. A shape without one hides nothing.
Source: ICAO 9303, `service-public.fr`.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, PASSPORT 35 of 36, kept
spans touched 953 of 16670; gold, held out, PASSPORT 1 of 1, kept spans touched 2 of 210; gold,
held out, second author, PASSPORT 2 of 2, kept spans touched 4 of 362; gold, held out, third
part, PASSPORT 2 of 2, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_FRENCH = re.compile(
    rf"(?<!\w) {DIGIT}{{2}} {GAP} [A-Za-z]{{2}} {GAP} {DIGIT}{{5}} (?!\w)", re.VERBOSE
)
_FOREIGN = re.compile(r"(?<!\w)(?=[A-Z0-9]{0,8}\d{4})[A-Z0-9]{7,9}(?!\w)")
_LABEL = re.compile(
    r"(?<!\w)(?:passeports?\b|passport\b|document\s{1,2}de\s{1,2}voyage"
    r"|pi[èe]ce\s{1,2}d['’]identit[ée])",
    re.IGNORECASE,
)


def _search(text: str) -> Iterator[Finding]:
    for pattern in (_FRENCH, _FOREIGN):
        for match in pattern.finditer(text):
            if is_labelled(_LABEL, text, *match.span()):
                yield Finding(*match.span(), Entity.PASSPORT, "passport.label")


PASSPORT = Recognizer(name="passport", entities=(Entity.PASSPORT,), search=_search)
