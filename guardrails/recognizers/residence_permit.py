# SPDX-License-Identifier: EUPL-1.2
"""Numbers of foreigners' papers: the AGDREF number, 10 digits, and that of the permit itself.

    N° étranger 7503123456    titre de séjour n° FDR2X4K7T

No public key: the label decides, `residence_permit.label`;
`residence_permit.title` after a bare `titre` in a text about foreigners.
Source: CESEDA, R. 142-11 and after.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, RESIDENCE_PERMIT 41 of
44, kept spans touched 953 of 16670; gold, held out, RESIDENCE_PERMIT 2 of 2, kept spans touched
2 of 210; gold, held out, second author, RESIDENCE_PERMIT 2 of 2, kept spans touched 4 of 362;
gold, held out, third part, RESIDENCE_PERMIT 1 of 2, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP
from guardrails.recognizers.cni import NINE_CHARACTERS
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?<!\w)
    (?: \d (?: {GAP}{DIGIT} ){{8,11}} | {NINE_CHARACTERS} | [A-Z]{{2,3}}\d{{7}} |
      \d{{2}}[A-Z]{{2}}\d{{5,6}} )
    (?!\w)""",
    re.VERBOSE,
)
_LABEL = re.compile(
    r"""(?<!\w)(?:
        A\.?G\.?D\.?R\.?E\.?F\b | (?:titre|carte|visa|permis
          |autorisation\s{1,2}provisoire)\s{1,2}de\s{1,2}s[ée]jour
      | (?:titre|carte)\s{1,2}s[ée]jour | V\.?L\.?S\b(?:-?TS\b)?
      | visa\s{1,2}(?:long|type|[CD]\b|n°)
      | carte\s{1,2}de\s{1,2}r[ée]sident | (?:num[ée]ro|n°|no)\s{1,2}(?:d['’])?[ée]tranger
      | r[ée]c[ée]piss[ée](?!\s{1,2}de\s{1,2}d[ée](?:p[oô]t|clar)) | demandeur\s{1,2}d['’]asile
      | papiers?\s{1,2}de\s{1,2}(?:la\s{1,2})?pr[ée]fecture | A\.?P\.?S\b | O\.?Q\.?T\.?F\b
        | carte\s{1,2}pluriannuelle
    )""",
    re.VERBOSE | re.IGNORECASE,
)

_PERMIT = re.compile(
    r"(?<!\w)(?:titre|carte)[\s:]{1,2}(?:n°\s?)?"
    r"(?P<number>\d(?:[ ]?\d){9}|(?=[A-Z\d]{0,8}\d)(?=\d*[A-Z])[A-Z\d]{9})(?!\w)",
    re.IGNORECASE,
)
"""`titre 9903047122`: the word alone speaks of a budget as often."""

_FOREIGNER = re.compile(
    r"(?<!\w)(?:DALO|[ée]trang[èe]re?s?|s[ée]jour|nationalit[ée]|ressortissante?|asile|OFII|OFPRA|CESEDA"
    r"|r[ée]fugi[ée]e?s?|regroupement\sfamilial|attestation\sd['’]accueil|AGDREF)(?!\w)",
    re.IGNORECASE,
)
_FOREIGNER_CHARS = 300


def _search(text: str) -> Iterator[Finding]:
    for match in _PERMIT.finditer(text):
        start, end = match.span()
        if _FOREIGNER.search(text, max(0, start - _FOREIGNER_CHARS), end + _FOREIGNER_CHARS):
            yield Finding(*match.span("number"), Entity.RESIDENCE_PERMIT, "residence_permit.title")
    for match in _SHAPE.finditer(text):
        if is_labelled(_LABEL, text, *match.span()):
            yield Finding(*match.span(), Entity.RESIDENCE_PERMIT, "residence_permit.label")


RESIDENCE_PERMIT = Recognizer(
    name="residence_permit", entities=(Entity.RESIDENCE_PERMIT,), search=_search
)
