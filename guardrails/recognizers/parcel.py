# SPDX-License-Identifier: EUPL-1.2
"""Cadastral parcels: prefix, section, number, alone or in a list.

    parcelle AB 123    cadastrée section AB n° 123, 124 et AC n° 12    000 AB 0123

`parcel.label`: after `parcelle`, `cadastré`, `section`, with the numbers that follow.
`parcel.near`: two capitals and a number, not far below such a word.
`parcel.prefix`: the long reference of the cadastre, alone.
Always found: the policy of a collection says whether parcels stay. Source: Code général des
impôts, art. 1402 and after; DGFiP, plan cadastral.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, PARCEL 72 of 73, kept
spans touched 343 of 6957; gold, held out, PARCEL 1 of 5, kept spans touched 3 of 210; gold,
held out, second author, PARCEL 7 of 7, kept spans touched 8 of 362; gold, held out, third part,
PARCEL 18 of 28, kept spans touched 84 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.recognizers.recognizer import Recognizer

_NUMBER_WORD = r"(?: (?: [Nn]um[ée]ros? | (?:ns?|N)[°os]{0,2}\.? ) [^\S\n]?:? [^\S\n]? )"
_NO_SECTION = r"(?! (?:PC|DP|PA|PD|CU|AT|VC|CR|ER|RD|RN|BP|CS|PV|RE|RT|NF|EN|LO|TF) [^\S\n]?[\dn] )"
_SECTION = rf"(?: {_NO_SECTION} (?:\d{{3}}[^\S\n]?)? (?:[A-Z]{{1,2}}|\d[A-Z]) )"
_NUMBER = r"""(?: [\dl][\dlO]{0,3} (?: p(?!\w) )?
    (?! [\dlO] | [.,]\d | \s?(?:m²|m2|m\b|ha\b|a\b|ca\b|€|euros?|%|m[èe]tres|bis\b|ter\b|,?\s?(?:rue
      |avenue|place|chemin|impasse|all[ée]e|boulevard|route)\b
       |ans?\b|mois\b|jours\b|voix\b|lots?\b|logements\b|parcelles\b|hectares\b) ) )"""
_BETWEEN = r"[\s,:\-–/_]{0,3}"

_FIRST = re.compile(
    rf"""(?<!\w)
    (?: (?i: parcelles? | cadastr[ée](?:e?s?)? | cadastral\w{{0,3}} | sections? |
      lots?\s{{1,2}}cadastr\w{{0,8}} | terrains? | r[ée]f[ée]?\w{{0,6}}\.?\s{{1,2}}cad\w{{0,9}} )
        [\s.,:(]{{1,4}} ){{1,3}}
    (?: (?i: cadastr[ée]e?s? | cadastrales? | sections? | num[ée]rot[ée]e?s? | dites? | sise?s? |
      sous\s{{1,2}}les? | communales? | foresti[èe]res? | voisines? | riveraines? | priv[ée]es?
          | b[âa]ties? | agricoles? | contigu[ëe]s?
          | r[ée]f[ée]renc[ée]e?s? | au\s{{1,2}}cadastre | de\s{{1,2}}la | en | est | sont | et | ou
            | le | les | à | du | terrain | nouvellement | suivante?s? | ci-apr[èe]s )
        [\s,:(]{{1,3}} ){{0,6}}
    (?P<parcel> (?: {_NUMBER_WORD}? {_SECTION} {_BETWEEN} {_NUMBER_WORD}? {_NUMBER}
                  | {_NUMBER_WORD} (?: {_SECTION} {_BETWEEN} )? {_NUMBER} ) )
    (?!\w)""",
    re.VERBOSE,
)
_NEXT = re.compile(
    rf"""(?: [^\S\n]?[,;/&+][\s]{{0,2}} | \s{{1,2}} )
    (?: (?i:et|ou|ainsi\s{{1,2}}que|à|section|parcelle|cadastrée?s?|de|la|partie) \s{{1,2}} ){{0,4}}
    (?P<parcel> {_NUMBER_WORD}? (?: {_SECTION} {_BETWEEN} )? {_NUMBER_WORD}? {_NUMBER} )
    (?! \w | [’'] )""",
    re.VERBOSE,
)
_AREA = re.compile(
    r"""[^\S\n]?\(?(?:(?:d['’]une|pour|de|soit)\s{1,2}){0,2}(?:(?:superficie|surface
      |contenance)\s{1,2}(?:de\s{1,2})?)?
    [^\S\n]?\d[\d\s.,]{0,9}(?:m²|m2|ha(?:\s?\d{1,2}\s?a)?(?:\s?\d{1,2}\s?ca)?
      |a\s?\d{1,2}\s?ca)\)?""",
    re.VERBOSE,
)
_PREFIXED = re.compile(r"(?<![\w.])\d{3}[^\S\n]?/?[^\S\n]?[A-Z]{2}[^\S\n]?/?[^\S\n]?0\d{3}(?!\w)")
# `cède AM 7 et acquiert AM 12`, below a word that spoke of parcels.
_ALONE = re.compile(
    r"""(?<![\w.-])(?<![Zz]one[ ])(?<![Aa]rticle[ ]) (?! (?:RD|RN|PC|DP|PA|PD|CU|AT|BP|CS|NF|EN|CE
      |ZA|ZI|U[A-Z]|AU|LO|TF|LR|AV|VC|CR|ER|RE|RT|PV|GR) [^\S\n]?[\dn] )
    [A-Z]{2} [^\S\n]? (?:n°[^\S\n]?)? \d{1,4} p? (?! [\w°] | [.,]\d | -\w | [^\S\n]?(?:€|%|\d
      |[A-Z]{2}(?!\w)) )""",
    re.VERBOSE,
)
_CELL = re.compile(
    rf"(?<=\|)[^\S\n]{{0,3}}(?P<parcel>{_SECTION}[^\S\n]?\d{{1,4}}p?"
    rf"(?:(?:,\s?|\set\s)(?:{_SECTION}[^\S\n]?)?\d{{1,4}}p?){{0,6}})[^\S\n]{{0,3}}(?=[|\n]|\Z)",
    re.VERBOSE,
)
"""A cell that holds parcels alone, in a list of sales and permits."""

_TURNED = re.compile(
    rf"(?<!\w)(?i:parcelles?)\s{{1,2}}(?P<parcel>{_NUMBER_WORD}?\d{{1,4}}[^\S\n]?,?[^\S\n]"
    rf"(?:de\sla\s)?(?i:section)\s{_SECTION})(?!\w)",
    re.VERBOSE,
)
_WORD = re.compile(
    r"parcelle|cadastr|contenance|r[ée]f\.\s?cad|plan\b|propri[ée]taires?\sde\sla\b|\bDIA\b"
    r"|d[ée]clarations?\spr[ée]alables?|permis\sde\sconstruire|\bDP\s[\d–-]|\bPC\s[\d–-]",
    re.IGNORECASE,
)
_SECTION_WORD = re.compile(r"sections?[\s:]{1,3}\Z", re.IGNORECASE)
_NEAR_CHARS = 300
_STARTS = (
    "arcelle",
    "adastr",
    "ection",
    "ARCELLE",
    "ADASTR",
    "ECTION",
    "réf. cad",
    "errain",
    "ERRAIN",
)
_IS_JOINED = re.compile(r"[,;/&+]|\b(?:et|ou|à)\b")


def _search(text: str) -> Iterator[Finding]:
    called = []
    if any(start in text for start in _STARTS):
        called = [*_turned(text), *_called(text)]
    yield from (Finding(start, end, Entity.PARCEL, "parcel.label") for start, end in called)
    for pattern, rule in (
        (_PREFIXED, "parcel.prefix"),
        (_CELL, "parcel.near"),
        (_ALONE, "parcel.near"),
    ):
        for match in pattern.finditer(text):
            start, end = match.span(match.lastgroup or 0)
            if any(s < end and start < e for s, e in called):
                continue
            if rule == "parcel.prefix" or _WORD.search(text, max(0, start - _NEAR_CHARS), start):
                called.append((start, end))
                yield Finding(start, end, Entity.PARCEL, rule)


def _turned(text: str) -> Iterator[tuple[int, int]]:
    """Yield `482 section D`, the number before its section."""
    for match in _TURNED.finditer(text):
        yield match.span("parcel")


def _called(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches that a word such as `parcelle` opens."""
    reached = 0
    for match in _FIRST.finditer(text):
        if (
            match.start("parcel") >= reached
            and _is_parcel(match)
            and not _TURNED.match(text, match.start())
        ):
            word = _SECTION_WORD.search(text, match.start(), match.start("parcel"))
            first = word.start() if word else match.start("parcel")
            for start, end in _list_from(text, first, match.end("parcel")):
                reached = end
                yield start, end


def _is_parcel(match: re.Match[str]) -> bool:
    """Tell whether a section stands with the number, where only `terrain` calls it."""
    return match["parcel"][0].isupper() or not match[0].lower().startswith("terrain")


def _list_from(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a list: `AB 123, 124` (350 m²) et `AC n° 12 et 13`."""
    while True:
        area = _AREA.match(text, end)
        following = _NEXT.match(text, area.end() if area else end)
        if not following or not _goes_on(following):
            yield start, end
            return
        if area:
            yield start, end
            start = following.start("parcel")
        end = following.end("parcel")


def _goes_on(following: re.Match[str]) -> bool:
    """Tell whether what stands before the number joins it to the list."""
    joint = following[0][: following.start("parcel") - following.start()]
    return bool(_IS_JOINED.search(joint)) or following["parcel"][0].isalpha()


PARCEL = Recognizer(name="parcel", search=_search)
