# SPDX-License-Identifier: EUPL-1.2
"""Numbers of French identity cards: 12 digits, or 9 letters and digits since 2021.

    880692310285    X4RTBPFW4

No key without the machine-readable zone (see `mrz`), so the label decides: `cni.label`.
Source: `service-public.fr`, carte nationale d'identité.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, CNI 46 of 46, kept
spans touched 953 of 16670; gold, held out, CNI 1 of 1, kept spans touched 2 of 210; gold, held
out, second author, CNI 1 of 1, kept spans touched 4 of 362; gold, held out, third part, CNI 3
of 3, kept spans touched 65 of 940.
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


_CARD_CHARS = 25
_MIXED = re.compile(r"(?=(?:[A-Z]*\d){3})(?=(?:\d*[A-Z]){3})[A-Z0-9]{9}")
_CARD = re.compile(r"(?<!\w)(?:cartes?|papiers|identit[ée]|titre|pi[èe]ce)(?!\w)", re.IGNORECASE)


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        is_mixed = bool(_MIXED.fullmatch(match[0]))
        if is_labelled(_LABEL, text, *match.span()) or (
            is_mixed and is_labelled(_CARD, text, *match.span(), reach=_CARD_CHARS)
        ):
            yield Finding(*match.span(), Entity.CNI, "cni.label")


CNI = Recognizer(name="cni", entities=(Entity.CNI,), search=_search)
