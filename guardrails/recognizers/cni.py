# SPDX-License-Identifier: EUPL-1.2
"""Numbers of French identity cards: 12 digits, or 9 letters and digits since 2021.

    880692310285    X4RTBPFW4

No key without the machine-readable zone (see `mrz`), so the label decides: `cni.label`.
Source: `service-public.fr`, carte nationale d'identité.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP
from guardrails.recognizers.recognizer import Recognizer, is_labelled

NINE_CHARACTERS = r"(?=[A-Z0-9]{0,8}\d)[A-Z0-9]{9}"
"""Nine capitals and digits, one digit at least."""

_SHAPE = re.compile(
    rf"(?<!\w) (?: \d (?: {GAP}{DIGIT} ){{11}} | {NINE_CHARACTERS} ) (?!\w)", re.VERBOSE
)
_LABEL = re.compile(
    r"""(?<!\w)(?:
        C\.?N\.?I\.?(?:E|S)?(?!\w) | carte\s{1,2}(?:nationale\s{1,2})?d['’]identit[ée]
      | pi[èe]ce\s{1,2}d['’]identit[ée] | (?:carte|titre|num[ée]ro|n°)\s{1,2}(?:d['’])?identit[ée]
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        if is_labelled(_LABEL, text, *match.span()):
            yield Finding(*match.span(), Entity.CNI, "cni.label")


CNI = Recognizer(name="cni", search=_search)
