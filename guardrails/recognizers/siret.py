# SPDX-License-Identifier: EUPL-1.2
"""SIRET and SIREN of a sole trader: the number of a business that is a person.

    732 829 320 00074    nine digits (SIREN), five of the place (NIC), Luhn's key on both;
                         La Poste: the digits of a SIRET add up to a multiple of five

`siret.person`: a sole trader, a civility or a name stands near; in the row of a table, in that
row. Companies and public bodies keep their numbers, as the law publishes them. Source: INSEE,
répertoire Sirene.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, SIRET 86 of 89, kept
spans touched 953 of 16670; gold, held out, SIRET 2 of 2, kept spans touched 2 of 210; gold,
held out, second author, SIRET 3 of 3, kept spans touched 4 of 362; gold, held out, third part,
SIRET 3 of 6, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import CAPITAL, DIGIT, GAP, as_digits, is_siret
from guardrails.recognizers.first_names import follows_a_name, is_name
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_SHAPE = re.compile(
    rf"""(?<![\w])
    {DIGIT}{{3}} {GAP} {DIGIT}{{3}} {GAP} {DIGIT}{{3}}
    (?: {GAP} {DIGIT}{{5}} | {GAP} {DIGIT}{{3}} {GAP} {DIGIT}{{2}} )?
    (?!\w)""",
    re.VERBOSE,
)
_LABEL = re.compile(
    r"(?<!\w)(?:SIREN|SIRET|R\.?C\.?S\b|Sirene|num[ée]ro\s{1,2}d['’]entreprise|R\.?N\.?E\b|R\.?M\b"
    r"|immatricul[ée]e?|r[ée]pertoire\sdes\sm[ée]tiers|inscrite?\sau)",
    re.IGNORECASE,
)
_SOLE_TRADER = re.compile(
    r"""(?<!\w)(?:
        EI\b(?!\s?\d) | E\.I\. | EIRL\b
      | (?i:auto|micro)[-\s]?(?i:entr(?:epr\w{3,8}|\.)) | (?i:micro-?social)
      | (?:(?<=égime\s)|(?<=tatut\s)|(?<=\sen\s)|(?<=[,(|;]\s)|(?<=[,(|;])|(?<=\s\s))
        (?:micro|MICRO)(?=\s?[,;)|\n]|\s{2}|\sdepuis|\Z)
      | [Mm]on\s(?:n°\s|num[ée]ro\s)?(?:de\s)?(?i:sire[tn])
      | (?i:entreprise)\s{1,2}(?i:individuelle) | (?i:entrepreneure?)\s{1,2}(?i:individuel\w{0,2})
      | (?i:profession|exercice)\s{1,2}(?i:lib[ée]rale?) |
        (?i:travailleu\w{1,3})\s{1,2}(?i:ind[ée]pend)
      | (?i:artisane?\b|commer[çc]ant|exploitant|agricult|infirmi|kin[ée]sith
        |ost[ée]opathe|m[ée]decin|[ée]lev(?:eur|euse)\b|mara[îi]ch|traduct|interpr[èe]te
        |apicult|viticult|horticult|pays(?:an|agist)e?|photographe|graphiste|coiffeu|esth[ée]tic
        |psychologue|orthophon|sage-femme|sophrolog|di[ée]t[ée]ticien|formateur\b|formatrice
        |taxi\b|chauffeur|forain|brocanteur|musicien|com[ée]dien|artiste|auteure?\b|illustrat
        |potier|c[ée]ramiste|menuisier\b|ma[çc]on\b|plombier\b|[ée]lectricien\b|peintre\b
        |couvreur\b|terrassier\b|loueur\b|loueuse\b)
    )""",
    re.VERBOSE,
)
_CIVILITY = re.compile(
    r"(?<!\w)(?:M\.|MM\.|Mr\b|Mme\b|Mlle\b|Madame\b|Monsieur\b|Mademoiselle\b)(?!\s{1,2}"
    r"(?:l[ea]s?\b|l['’]))"
)
_LEGAL_PERSON = re.compile(
    r"""(?<!\w)(?:
        S\.?A\.?R\.?L\b | S\.?A\.?S\.?U?\b | E\.?U\.?R\.?L\b | S\.?A\b | S\.?C\.?I\b
        | S\.?N\.?C\b |
          SCOP\b
      | GAEC\b | EARL\b | SCEA\b | SELARL\b | SPL\b | SEM\b | GIE\b | EPIC\b | CCAS\b | SIVOM\b |
        SIVU\b
      | (?i:soci[ée]t[ée]|st[ée]\b|ets\b|[ée]tabl(?:issement)?s?\b
        |(?<!-)entreprise(?!\s{1,2}individuelle)|association|commune\b|mairie|ville\b|m[ée]tropole|syndicat
        |d[ée]partement\b)
      | (?i:coop[ée]rative|cooperative|fondation|mutuelle|r[ée]gie\b|f[ée]d[ée]ration)
      | (?: COLAS|EIFFAGE|EUROVIA|VINCI|BOUYGUES|SPIE|VEOLIA|SAUR|SUEZ|ENGIE|EDF|ENEDIS|GRDF|ORANGE
        |LOXAM|KILOUTOU|MANUTAN|UGAP|LYRECO|SODEXO|ELIOR|DALKIA|APAVE|SOCOTEC|DEKRA|AXIMUM )\b
      | (?i:collectivit[ée]s|fonderies?|scieries?|transports|[ée]nergies|industries?|travaux
        |groupe\b|constructions?|b[âa]timents?|services|distribution|environnement|r[ée]seaux|pompes\sfun
        |laboratoires?|imprimerie|cabinet|agence|compagnie
        |pouvoir\sadjudicateur|acheteur|fr[èe]res\b|et\sfils\b|&\sfils\b)
      | (?i:r[ée]gion\b|pr[ée]fecture|office|[ée]tablissement|coll[èe]ge|lyc[ée]e|communaut[ée])
    )""",
    re.VERBOSE,
)
_GAP_OF_A_ROW = re.compile(r"[^\s|;]\s{0,20}[|;│]|\S[^\S\n]{3,}(?=\S)")
"""Between two cells: a separator, or a wide gap."""

_CELL = re.compile(r"[|;│(]|[^\S\n]{3,}")
_WORD = re.compile(rf"[{CAPITAL}][\w’'-]+")
_WITH_A_TRADE = re.compile(
    rf"""(?P<name> [{CAPITAL}][\w’'-]{{1,20}} \s [{CAPITAL}][\w’'-]{{1,20}} )
    (?: ,\s | \s\( ) [a-zà-ÿ][\w’' -]{{3,30}} [,)]? [\s:–(,-]{{0,3}}
    (?: (?:n°\s)?SIRE[TN] [\s:n°]{{1,4}} )? \Z""",
    re.VERBOSE | re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?<!\w)(?:repr[ée]sent|g[ée]rante?\b|pr[ée]sid|dirigeant|direct(?:eur|rice)|tr[ée]sori|associ[ée])",
    re.IGNORECASE,
)
"""Who speaks for a company: the number behind the name is still the company's."""

_PERSON_REACH_CHARS = 160
_NAME_CHARS = 50
_AFTER_CHARS = 50
_SIRET_DIGITS = 14
_PUBLIC_BODY = ("1", "2")  # first digit of the State's and of local authorities' numbers


def _search(text: str) -> Iterator[Finding]:
    for match in _SHAPE.finditer(text):
        start, end = match.span()
        digits = as_digits(match[0])
        if digits.startswith(_PUBLIC_BODY):
            continue
        is_known = is_labelled(_LABEL, text, start, end)
        is_long = len(digits) == _SIRET_DIGITS
        is_trader = (is_long or is_siret(digits)) and _follows_a_sole_trader(text, start)
        is_alone = is_trader or (is_long and is_siret(digits))
        if (is_known or is_alone) and _is_a_person(text, start, end):
            yield Finding(start, end, Entity.SIRET, "siret.person")


def _follows_a_sole_trader(text: str, start: int) -> bool:
    """Tell whether the line names a sole trader: a number of nine digits then needs no label."""
    line = max(text.rfind("\n", 0, start) + 1, start - _NAME_CHARS)
    return bool(_SOLE_TRADER.search(text, line, start))


def _is_a_person(text: str, start: int, end: int) -> bool:
    """Tell whether the nearest words about who owns the number speak of a person."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = line_end if line_end >= 0 else len(text)
    before = text[max(0, start - _PERSON_REACH_CHARS) : start]
    after = text[end : min(end + _AFTER_CHARS, line_end)]
    if len(_GAP_OF_A_ROW.findall(text, line_start, min(line_end, line_start + 400))) > 1:
        return _is_a_persons_row(text[max(line_start, start - 200) : min(line_end, end + 200)])
    if _SOLE_TRADER.search(after) and not _LEGAL_PERSON.search(before[-_NAME_CHARS:]):
        return True
    if _names_a_person(text, start) and not _LEGAL_PERSON.search(before[-_NAME_CHARS:]):
        return True
    trader, legal = _last(_SOLE_TRADER, before), _last(_LEGAL_PERSON, before)
    if legal >= 0 and trader < legal and _HEAD.search(before, legal):
        return False
    person = max(trader, _last(_CIVILITY, before))
    if len(before) - person > _NAME_CHARS and _LEGAL_PERSON.search(after):
        return False
    return person > legal


def _is_a_persons_row(row: str) -> bool:
    """Tell whether one row of a table speaks of a sole trader, or names a person alone."""
    if _LEGAL_PERSON.search(row):
        return False
    return bool(_SOLE_TRADER.search(row) or _CIVILITY.search(row)) or any(
        is_name(" ".join(_WORD.findall(cell))) for cell in _CELL.split(row)
    )


def _names_a_person(text: str, start: int) -> bool:
    """Tell whether a name stands before: alone, or with a trade: `Ana Petit, potière`."""
    if follows_a_name(text, start):
        return True
    named = _WITH_A_TRADE.search(text, max(0, start - 90), start)
    return named is not None and is_name(named["name"])


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


SIRET = Recognizer(name="siret", entities=(Entity.SIRET,), search=_search)
