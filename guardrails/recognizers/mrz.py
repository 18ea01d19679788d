# SPDX-License-Identifier: EUPL-1.2
"""Machine-readable zones of identity papers: whole lines, which hold name, birth and number.

    P<FRAPETIT<<CLAIRE<<<<<<<<<<<<<<<<<<<<<<<<<<      passport, 2 lines of 44
    12AB345676FRA6905044F3001012<<<<<<<<<<<<<<04
    IDFRAPETIT<<<<<<<<<<<<<<<<<<<<<<<<<<              card before 2021, 2 lines of 36; 3 of 30 since

`mrz.line`: a line of that alphabet, long enough, with fillers; `mrz.key`: the check digits
of a number and a birth date (weights 7, 3, 1) hold. Source: ICAO 9303.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, CNI 46 of 46, PASSPORT
35 of 36, kept spans touched 953 of 16670; gold, held out, CNI 1 of 1, PASSPORT 1 of 1, kept
spans touched 2 of 210; gold, held out, second author, CNI 1 of 1, PASSPORT 2 of 2, kept spans
touched 4 of 362; gold, held out, third part, CNI 3 of 3, PASSPORT 2 of 2, kept spans touched 65
of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.recognizers.recognizer import Recognizer

_LINE = re.compile(r"(?<![\w<])[A-Z0-9<][A-Z0-9<«»]{23,43}(?![\w<])")
_PASSPORT = re.compile(r"P[A-Z<][A-Z]{3}|[A-Z0-9<]{9}\d[A-Z]{3}\d{7}[MF<]")
_NAMES = re.compile(r"[A-Z]{2,}(?:<<|«)[A-Z]")
_DATA = re.compile(r"(?P<number>[A-Z0-9<]{9})(?P<key>\d)[A-Z]{3}(?P<birth>\d{6})(?P<birth_key>\d)")
_WEIGHTS = (7, 3, 1)


def mrz_key(field: str) -> int:
    """Return the check digit of a field; a filler is worth 0, a letter 10 to 35.

    >>> mrz_key("520727"), mrz_key("AB2134<<<")
    (3, 5)
    """
    values = (0 if c == "<" else int(c, 36) for c in field)
    return sum(v * _WEIGHTS[i % 3] for i, v in enumerate(values)) % 10


def _is_keyed(line: str) -> bool:
    data = _DATA.match(line)
    return bool(
        data
        and mrz_key(data["number"]) == int(data["key"])
        and mrz_key(data["birth"]) == int(data["birth_key"])
    )


def _search(text: str) -> Iterator[Finding]:
    if "<" not in text and "«" not in text:
        return
    is_open = False
    for match in _LINE.finditer(text):
        line = match[0].replace("«", "<<")
        is_keyed = _is_keyed(line)
        if is_keyed or is_open or line.count("<") >= 4 or _NAMES.search(line):
            is_open = True
            entity = Entity.PASSPORT if _PASSPORT.match(line) else Entity.CNI
            yield Finding(*match.span(), entity, "mrz.key" if is_keyed else "mrz.line")


MRZ = Recognizer(name="mrz", entities=(Entity.PASSPORT, Entity.CNI), search=_search)
