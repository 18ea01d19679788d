# SPDX-License-Identifier: EUPL-1.2
"""Numbers of foreigners' papers: the AGDREF number, 10 digits, and that of the permit itself.

    N° étranger 7503123456    titre de séjour n° FDR2X4K7T

No public key: the label decides, `residence_permit.label`. Source: CESEDA, R. 142-11 and after.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, RESIDENCE_PERMIT 12 of
12, kept spans touched 343 of 6957; gold, held out, RESIDENCE_PERMIT 2 of 2, kept spans touched
3 of 210; gold, held out, second author, RESIDENCE_PERMIT 2 of 2, kept spans touched 8 of 362;
gold, held out, third part, RESIDENCE_PERMIT 1 of 2, kept spans touched 84 of 940.
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
    (?: \d (?: {GAP}{DIGIT} ){{9,11}} | {NINE_CHARACTERS} | [A-Z]{{2,3}}\d{{7}} |
      \d{{2}}[A-Z]{{2}}\d{{5,6}} )
    (?!\w)""",
    re.VERBOSE,
)
_LABEL = re.compile(
    r"""(?<!\w)(?:
        A\.?G\.?D\.?R\.?E\.?F\b | (?:titre|carte|visa|permis
          |autorisation\s{1,2}provisoire)\s{1,2}de\s{1,2}s[ée]jour
      | carte\s{1,2}de\s{1,2}r[ée]sident | (?:num[ée]ro|n°|no)\s{1,2}(?:d['’])?[ée]tranger
      | r[ée]c[ée]piss[ée](?!\s{1,2}de\s{1,2}d[ée](?:p[oô]t|clar)) | demandeur\s{1,2}d['’]asile
      | papiers?\s{1,2}de\s{1,2}(?:la\s{1,2})?pr[ée]fecture | A\.?P\.?S\b | O\.?Q\.?T\.?F\b
        | carte\s{1,2}pluriannuelle
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        if is_labelled(_LABEL, text, *match.span()):
            yield Finding(*match.span(), Entity.RESIDENCE_PERMIT, "residence_permit.label")


RESIDENCE_PERMIT = Recognizer(name="residence_permit", search=_search)
