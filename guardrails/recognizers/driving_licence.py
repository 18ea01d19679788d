# SPDX-License-Identifier: EUPL-1.2
"""Numbers of driving licences: 12 digits, or two digits, two letters, five digits; NEPH, 12 digits.

    13AA00002    880692310285    NEPH 060831200125

No key, and `permis` alone speaks of building as often: `driving_licence.label` asks for
`permis de conduire`, a category (`permis B`), a number of its own shape or `NEPH`;
`driving_licence.bare` reads the month inside a number that `permis` alone announces.
Source: `arrêté du 20 avril 2012`.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, DRIVING_LICENCE 35 of
35, kept spans touched 953 of 16670; gold, held out, DRIVING_LICENCE 1 of 1, kept spans touched
2 of 210; gold, held out, second author, DRIVING_LICENCE 3 of 3, kept spans touched 4 of 362;
gold, held out, third part, DRIVING_LICENCE 2 of 2, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?<!\w)
    (?: \d (?: {GAP}{DIGIT} ){{11}} (?: {GAP}\d\d )?
      | {DIGIT}{{2}} {GAP} [A-Za-z]{{2}} {GAP} {DIGIT}{{2}} {GAP} {DIGIT} {GAP} {DIGIT}{{2}} )
    (?!\w)""",
    re.VERBOSE,
)
_LABEL = re.compile(
    r"""(?<!\w)(?:
        (?i:permis)\s{1,2}(?i:de\s{1,2}conduire) | (?i:permis)\s{1,2}(?:A[12M]?|B[1E]?|C[1E]?
          |D[1E]?)\b
      | (?i:permis)\s{1,2}de\s{1,2}(?:M\.|Mme|Monsieur|Madame|\[PERSONNE)
      | (?i:permis)\s{1,2}(?:n°|no\b|num[ée]ro) | (?i:titulaire\s{1,2}du\s{1,2}permis) |
        (?i:permis)\s?:
      | (?i:licence) (?! \s{1,2}(?:d['’]|de\s)(?!conduire) ) | (?i:N\.?E\.?P\.?H)\b |
        (?i:dossier)\s{1,2}(?i:neph|pr[ée]fectoral)
    )""",
    re.VERBOSE,
)

_BARE = re.compile(
    r"(?<!\w)(?:permis|p\.?c)[\s:,(]{1,3}(?P<number>\d\d(?:0[1-9]|1[0-2])\d{8}|\d\d[A-Z]{2}\d{5})(?!\w)",
    re.IGNORECASE,
)
"""`permis 980359200417`: the year, then the month, which no building permit has there."""


def _search(text: str) -> Iterator[Finding]:
    for match in _BARE.finditer(text):
        yield Finding(*match.span("number"), Entity.DRIVING_LICENCE, "driving_licence.bare")
    for match in _SHAPE.finditer(text):
        if is_labelled(_LABEL, text, *match.span()):
            yield Finding(*match.span(), Entity.DRIVING_LICENCE, "driving_licence.label")


DRIVING_LICENCE = Recognizer(
    name="driving_licence", entities=(Entity.DRIVING_LICENCE,), search=_search
)
