# SPDX-License-Identifier: EUPL-1.2
"""RIB, the French bank account number before the IBAN: 5 + 5 + 11 characters and a key of two.

    30006 00001 12345678901 89    (89 × bank + 15 × branch + 3 × account + key) mod 97 is 0,
                                  letters of the account read A to I as 1 to 9, J to R as 1 to 9,
                                  S to Z as 2 to 9

`rib.key`: the key holds. `rib.label`: a label stands near. Source: CFONB.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, RIB 40 of 40, kept
spans touched 953 of 16670; gold, held out, RIB 2 of 2, kept spans touched 2 of 210; gold, held
out, second author, RIB 2 of 2, kept spans touched 4 of 362; gold, held out, third part, RIB 2
of 2, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import GAP, compact
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_BETWEEN = rf"(?:{GAP}|[^\S\n]{{1,16}}|[^\S\n]{{0,3}}[|/][^\S\n]{{0,3}})"
_SHAPE = re.compile(
    rf"""(?<!\w)
    \d{{5}} {_BETWEEN} \d{{5}} {_BETWEEN}                      # bank, branch
    (?: [0-9A-Za-z]{GAP} ){{10}} [0-9A-Za-z] {_BETWEEN}        # account
    \d{{2}} (?!\w)""",
    re.VERBOSE,
)
# `Code banque : 30006 Code guichet : 00001 N° de compte : 12345678901 Clé : 89`
_FIELDS = re.compile(
    r"""(?<!\w)(?:code\s)?(?:b(?:an)?(?:que|q\.?)|[ée]tab(?:lissement|l?\.)?)\s?:?\s{0,3}(?P<bank>\d{5})
    [\s,;|\-–]{1,4}(?:code\s)?guich(?:et|\.)?\s?:?\s{0,3}(?P<branch>\d{5})
    [\s,;|\-–]{1,4}(?:(?:n°|num[ée]ro)\s?(?:de\s)?)?(?:c(?:om)?pte|cpt)\.?\s?(?:n°\s?)?:?\s{0,3}
    (?P<account>(?:[0-9A-Z]\s?){10}[0-9A-Z])
    (?:[\s,;|\-–]{1,4}cl[ée](?:\sRIB)?\s?:?\s{0,3}(?P<key>\d{2}))?(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?<!\w)(?:R\.?I\.?B\b|relev[ée]\s{1,2}d['’]identit[ée]|compte|coordonn[ée]es\s{1,2}bancaires"
    r"|guichet|domiciliation)",
    re.IGNORECASE,
)
_VALUES = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def is_rib(value: str) -> bool:
    """Tell whether the key of a RIB, compact and in capitals, holds.

    >>> is_rib("30006000011234567890189"), is_rib("30006000011234567890188")
    (True, False)
    """
    digits = value.translate(_VALUES)
    bank, branch, account, key = digits[:5], digits[5:10], digits[10:21], digits[21:]
    return (89 * int(bank) + 15 * int(branch) + 3 * int(account) + int(key)) % 97 == 0


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        if is_rib(compact(match[0])):
            yield Finding(*match.span(), Entity.RIB, "rib.key")
        elif is_labelled(_LABEL, text, *match.span()):
            yield Finding(*match.span(), Entity.RIB, "rib.label")
    if "guich" in text.lower():
        for match in _FIELDS.finditer(text):
            for field in ("bank", "branch", "account", "key"):
                if match[field]:
                    yield Finding(*match.span(field), Entity.RIB, "rib.fields")


RIB = Recognizer(name="rib", entities=(Entity.RIB,), search=_search)
