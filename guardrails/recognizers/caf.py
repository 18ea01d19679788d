# SPDX-License-Identifier: EUPL-1.2
"""Numbers of family allowance files (CAF): often 7 digits, a letter may follow.

    allocataire 1234567 A

No public key: `caf.label`. Source: forms of the Caisse nationale des allocations familiales.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?<!\w)(?<!\d[.,])
    (?: \d{DIGIT}{{4,8}} (?: [^\S\n]?[-–]?[^\S\n]?[A-Za-z] )?
      | \d (?: [^\S\n.]?[^\S\n]?{DIGIT} ){{6}} (?: [^\S\n]?[-–]?[^\S\n]?[A-Za-z] )? )
    (?! \w | [.,/\-]\d | [^\S\n]?(?:€|euros?|%) | ['’] )""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = re.compile(
    r"""(?<!\w)(?:
        (?:n(?:um[ée]ro|°|o)?\s{0,2}(?:d['’]|de\s{1,2}(?:l['’])?)?\s?)?(?:allocataire|CAF\b
          |C\.A\.F\.)
      | allocations\s{1,2}familiales
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_NEAR_CHARS = 40


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        if is_labelled(_LABEL, text, *match.span(), reach=_NEAR_CHARS):
            yield Finding(*match.span(), Entity.CAF, "caf.label")


CAF = Recognizer(name="caf", search=_search)
