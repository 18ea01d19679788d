# SPDX-License-Identifier: EUPL-1.2
"""Numbers of family allowance files (CAF): often 7 digits, a letter may follow.

    allocataire 1234567 A

No public key: `caf.label`; `caf.column` in a table; `caf.social` for seven digits alone in a
text about social aid. Source: forms of the Caisse nationale des allocations familiales.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, CAF 78 of 78, kept
spans touched 953 of 16670; gold, held out, CAF 2 of 2, kept spans touched 2 of 210; gold, held
out, second author, CAF 2 of 2, kept spans touched 4 of 362; gold, held out, third part, CAF 7
of 8, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT
from guardrails.recognizers.fields import cells_under
from guardrails.recognizers.file_number import NEAR_CHARS, SOCIAL
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
_SEVEN = re.compile(r"(?<![\w.,/-])\d{7}(?:[^\S\n]?[A-Z])?(?![\w/-]|[.,]\d|[^\S\n]?(?:€|euros?|%))")
_OTHER = re.compile(
    r"""\s?(?:[,;/–-]|\(|\bet\b|\bou\b|pour\b)[^\n.;\d€]{0,40}?[\s(:]
    (?P<number>\d{7}(?:[^\S\n]?[A-Z])?)(?![\w/-]|[.,]\d|[^\S\n]?(?:€|euros?|%))""",
    re.VERBOSE,
)
"""The second parent's: `le vôtre, 2210418, et celui du papa, 2210733 B`."""

_HEADING = r"(?:n°\s?|num[ée]ro\s)?(?:d['’])?alloc(?:ataires?|\.)?(?:\scaf)?|(?:n°\s)?caf"


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        if is_labelled(_LABEL, text, *match.span(), reach=_NEAR_CHARS):
            yield Finding(*match.span(), Entity.CAF, "caf.label")
            if other := _OTHER.match(text, match.end()):
                yield Finding(*other.span("number"), Entity.CAF, "caf.label")
    for match in _SEVEN.finditer(text):
        if SOCIAL.search(text, max(0, match.start() - NEAR_CHARS), match.end() + NEAR_CHARS):
            yield Finding(*match.span(), Entity.CAF, "caf.social")
    for start, end in cells_under(text, _HEADING):
        if any(c.isdigit() for c in text[start:end]):
            yield Finding(start, end, Entity.CAF, "caf.column")


CAF = Recognizer(name="caf", entities=(Entity.CAF,), search=_search)
