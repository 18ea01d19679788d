# SPDX-License-Identifier: EUPL-1.2
"""INE, the national number of a pupil or student: 11 characters.

    0123456789A    before 2018: ten digits and a letter
    012345678AB    since: nine digits and two letters

`ine.label`: a label stands near. `ine.shape`: the shape of 2018 alone, which nothing else has.
Source: ministère de l'Éducation nationale, répertoire national (RNIE).

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, INE 34 of 34, kept
spans touched 953 of 16670; gold, held out, INE 1 of 1, kept spans touched 2 of 210; gold, held
out, second author, INE 2 of 2, kept spans touched 4 of 362; gold, held out, third part, INE 1
of 1, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?<!\w)
    (?: \d (?: {GAP}{DIGIT} ){{8}} {GAP} (?: \d {GAP} [A-Za-z] | [A-Za-z]{{2}} ) | \d{{10}}[A-Z0-9]
      )
    (?!\w)""",
    re.VERBOSE,
)
_SINCE_2018 = re.compile(r"\d{9}[A-HJ-NP-Z]{2}")
_LABEL = re.compile(
    r"""(?<!\w)(?: I\.?N\.?E\.?(?:A|-RNIE)?(?!\w) | BEA\b | RNIE\b
      | identifiant\s{1,2}(?:national\s{1,2})?(?:[ée]l[èe]ve|[ée]tudiant)
      | (?:num[ée]ro|n°)\s{1,2}(?:national\s{1,2})?(?:d['’]\s?)?(?:[ée]l[èe]ve|[ée]tudiant) )""",
    re.VERBOSE | re.IGNORECASE,
)


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        if is_labelled(_LABEL, text, *match.span()):
            yield Finding(*match.span(), Entity.INE, "ine.label")
        elif _SINCE_2018.fullmatch(match[0]):
            yield Finding(*match.span(), Entity.INE, "ine.shape")


INE = Recognizer(name="ine", entities=(Entity.INE,), search=_search)
