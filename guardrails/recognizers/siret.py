# SPDX-License-Identifier: EUPL-1.2
"""SIRET and SIREN of a sole trader: the number of a business that is a person.

    732 829 320 00074    nine digits (SIREN), five of the place (NIC), Luhn's key on both;
                         La Poste: the digits of a SIRET add up to a multiple of five

`siret.person`: a sole trader or a civility stands near. Companies and public bodies keep their
numbers, as the law publishes them. Source: INSEE, répertoire Sirene.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, SIRET 13 of 14, kept
spans touched 343 of 6957; gold, held out, SIRET 2 of 2, kept spans touched 3 of 210; gold, held
out, second author, SIRET 3 of 3, kept spans touched 8 of 362; gold, held out, third part, SIRET
3 of 6, kept spans touched 84 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import DIGIT, GAP, as_digits, is_luhn
from guardrails.recognizers.first_names import follows_a_name
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?<![\w])
    {DIGIT}{{3}} {GAP} {DIGIT}{{3}} {GAP} {DIGIT}{{3}}
    (?: {GAP} {DIGIT}{{5}} | {GAP} {DIGIT}{{3}} {GAP} {DIGIT}{{2}} )?
    (?!\w)""",
    re.VERBOSE,
)
_LABEL = re.compile(
    r"(?<!\w)(?:SIREN|SIRET|R\.?C\.?S\b|Sirene|num[ée]ro\s{1,2}d['’]entreprise)", re.IGNORECASE
)
_SOLE_TRADER = re.compile(
    r"""(?<!\w)(?:
        EI\b | E\.I\. | EIRL\b
      | (?i:auto|micro)[-\s]?(?i:entrepr\w{4,8}) | (?i:micro-?social)
      | (?i:entreprise)\s{1,2}(?i:individuelle) | (?i:entrepreneure?)\s{1,2}(?i:individuel\w{0,2})
      | (?i:profession|exercice)\s{1,2}(?i:lib[ée]rale?) |
        (?i:travailleu\w{1,3})\s{1,2}(?i:ind[ée]pend)
      | (?i:artisane?\b|commer[çc]ant|exploitant|agricult|infirmi|kin[ée]sith
        |ost[ée]opathe|m[ée]decin)
    )""",
    re.VERBOSE,
)
_CIVILITY = re.compile(
    r"(?<!\w)(?:M\.|MM\.|Mr\b|Mme\b|Mlle\b|Madame\b|Monsieur\b|Mademoiselle\b)(?!\s{1,2}"
    r"(?:l[ea]s?\b|l['’]))"
)
_LEGAL_PERSON = re.compile(
    r"""(?<!\w)(?:
        S\.?A\.?R\.?L\b | S\.?A\.?S\.?U?\b | E\.?U\.?R\.?L\b | S\.?A\b | S\.?C\.?I\b | S\.?N\.?C\b |
          SCOP\b
      | GAEC\b | EARL\b | SCEA\b | SELARL\b | SPL\b | SEM\b | GIE\b | EPIC\b | CCAS\b | SIVOM\b |
        SIVU\b
      | (?i:soci[ée]t[ée]|st[ée]\b|ets\b|[ée]tabl(?:issement)?s?\b
        |entreprise(?!\s{1,2}individuelle)|association|commune\b|mairie|ville\b|m[ée]tropole|syndicat
        |d[ée]partement\b)
      | (?i:coop[ée]rative|cooperative|fondation|mutuelle|r[ée]gie\b|f[ée]d[ée]ration)
      | (?i:r[ée]gion\b|pr[ée]fecture|office|[ée]tablissement|coll[èe]ge|lyc[ée]e|communaut[ée])
    )""",
    re.VERBOSE,
)
_PERSON_REACH_CHARS = 160
_NAME_CHARS = 50
_LA_POSTE = "356000000"
_PUBLIC_BODY = ("1", "2")  # first digit of the State's and of local authorities' numbers


def is_siret(digits: str) -> bool:
    """Tell whether the key of a SIRET (14 digits) or SIREN (9) holds.

    >>> is_siret("73282932000074"), is_siret("73282932000075"), is_siret("732829320")
    (True, False, True)
    """
    if len(digits) == 14 and digits.startswith(_LA_POSTE):
        return is_luhn(digits) or sum(map(int, digits)) % 5 == 0
    return is_luhn(digits) and (len(digits) == 9 or is_luhn(digits[:9]))


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        start, end = match.span()
        digits = as_digits(match[0])
        if digits.startswith(_PUBLIC_BODY):
            continue
        is_known = is_labelled(_LABEL, text, start, end)
        if (is_known or (len(digits) == 14 and is_siret(digits))) and _is_a_person(
            text, start, end
        ):
            yield Finding(start, end, Entity.SIRET, "siret.person")


def _is_a_person(text: str, start: int, end: int) -> bool:
    """Tell whether the nearest words about who owns the number speak of a person."""
    line_end = text.find("\n", end)
    if _SOLE_TRADER.search(text, end, min(end + 50, line_end if line_end >= 0 else len(text))):
        return True
    before = text[max(0, start - _PERSON_REACH_CHARS) : start]
    if follows_a_name(text, start) and not _LEGAL_PERSON.search(before[-_NAME_CHARS:]):
        return True
    person = max(_last(_SOLE_TRADER, before), _last(_CIVILITY, before))
    return person > _last(_LEGAL_PERSON, before)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


SIRET = Recognizer(name="siret", search=_search)
