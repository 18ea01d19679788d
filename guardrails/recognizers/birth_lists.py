# SPDX-License-Identifier: EUPL-1.2
"""Birth dates in a list of people: beside a name, after a sex, in a column of births.

    Enfants : Zoé (12/06/2015), Tom        Élèves de CM1 – Léa (CM1, sept. 2014)
    CARON Luc | 14.02.1968 | LAVAUR |      Naissances – Lou ARLAC, le 7 juillet à Fontclaire
    DUPONT Léa / F / 07.01.2011 / Fontclaire

A word must say that people are listed. Where that word speaks of help or of the old, only the
dates long past are births: the others are those of the help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import CAPITAL
from guardrails.recognizers.columns import dates_under
from guardrails.recognizers.dates import FULL_DATE, MONTH

_TOWN = (
    rf"(?: (?: L[ae]s?[^\S\n] | L['’] )? [{CAPITAL}][\w'’.-]{{0,30}} (?: [^\S\n] (?: (?:de|du"
    rf"|des|la"
    rf"|le|les|en|sur|sous)[^\S\n] | [ld]['’] ){{0,2}} [{CAPITAL}][\w'’.-]{{0,30}} ){{0,3}} )"
)
_NOT_A_NAME = (
    r"(?!(?:Arr[êe]t|D[ée]lib|Loi|D[ée]cret|Conseil|Vers|R[ée]union|S[ée]ance|Avenant"
    r"|Convention|Facture|Avis|Commission|Version|Compte|Permis|Mise|Date|Journal|JO\b))"
)
_NAME = (
    rf"(?<![\w'’]){_NOT_A_NAME} (?: [{CAPITAL}][\w'’-]{{1,30}} (?: ,?[^\S\n] (?: \[[A-Z_]+_\d+\]"
    rf"| [{CAPITAL}][\w'’.-]{{1,30}} ) ){{0,3}} (?: [^\S\n](?:jumeaux|jumelles) )?"
    rf" | \[PERSON[A-Z_]*_\d+\] )"
)
# `Zoé (12/06/2015)`, `CARON Luc | 14.02.1968 | LAVAUR |`, below a word for the people listed.
_BESIDE = re.compile(
    rf"""{_NAME} (?: [^\S\n]{{0,3}}[(|;\t] | , | [^\S\n][–-] ) [^\S\n]{{0,3}}
    (?P<date> \d\d?[./-]\d\d?[./-](?:(?:19|20)\d\d|\d\d)
      | \d\d?(?:er)?[^\S\n](?i:{MONTH})[^\S\n](?:(?:19|20)\d\d
      |\d\d) | (?i:{MONTH})[^\S\n](?:19|20)\d\d ) (?=[^\S\n]{{0,3}}(?:[),|;\t\n]|[–-][^\S\n]|\Z))
    (?: ,[^\S\n](?P<town> {_TOWN} ) (?=[,;\n]) )?""",
    re.VERBOSE,
)
_EVENT = re.compile(
    r"(?<!\w)(?:sorties?|s[ée]jours?|centre|classes?|stages?|ateliers?|rentr[ée]e|vacances|f[êe]te"
    r"|kermesse|spectacle|concert|match|tournoi|salle|stade|croix|secours\s(?:populaire|catholique)"
    r"|mairie|place|rue|avenue|espace|forum|salon|exposition|march[ée]|voyage|visite|r[ée]union"
    r"|goûter|f[ée]d[ée]ration|association|soci[ée]t[ée])\s[^\n,;(|]{0,30}[,;(|\s–-]{1,5}\Z",
    re.IGNORECASE,
)
_EVENT_CHARS = 25
# `Fontclaire, 28 novembre 2024` alone on its line opens a letter.
_DATELINE = re.compile(
    rf"(?:\A|\n)[^\S\n]{{0,4}}[{CAPITAL}][\w'’-]{{1,30}},[^\S\n][^\n]{{6,20}}[^\S\n]{{0,3}}(?:\n"
    rf"|\Z)"
)
_CELL_PLACE = re.compile(
    rf"[^\S\n]{{0,3}}[|;\t][^\S\n]{{0,3}}(?P<place>[{CAPITAL}][\w'’ -]{{2,40}}?)"
    rf"[^\S\n]{{0,3}}(?=[|;\t\n]|\Z)"
)
_LISTED = re.compile(
    r"(?<!\w)(?:[ée]lecteurs?|enfants?|[ée]l[èe]ves?|inscri(?:ts?|ptions?|tes?)|parents?|famille"
    r"|fratrie|licenci[ée]s?|allocataires|jury|agents|b[ée]n[ée]ficiaires?"
    r"|naissances?|conscrits|recens[ée]s?|jur[ée]s?|adh[ée]rents?|participants?|jumeaux|jumelles"
    r"|TPS"
    r"|C[EM][12]|[ÉE]c\.\smat\.)(?!\w)",
    re.IGNORECASE,
)
_HELPED = re.compile(
    r"(?<!\w)(?:CCAS|secours|a[îi]n[ée]s|seniors?|canicule|colis|repas"
    r"|portage)(?!\w)",
    re.IGNORECASE,
)
_OLD = re.compile(r"(?:19\d\d|[./-][3-9]\d|\s[3-9]\d)\Z")
_CLASS = re.compile(
    rf"\((?:[TPMG]?PS|[MG]S|CP|CE[12]|CM[12]|[3-6]e),[^\S\n](?P<date>{FULL_DATE}|{MONTH}\s(?:19"
    rf"|20)\d\d)\)",
    re.VERBOSE | re.IGNORECASE,
)
_LIST_CHARS, _CLASS_CHARS = 500, 8
_SEX = re.compile(
    rf"(?<!\w)(?:sexe\s?:?\s?)?[FMHG][^\S\n]?[/|;,][^\S\n]?(?P<date>{FULL_DATE})(?!\w)"
    rf"(?:[^\S\n]?[/|;,][^\S\n]?(?P<place>{_TOWN}))?",
    re.VERBOSE,
)
"""`DUPONT Léa / F / 07.01.2011 / Fontclaire`"""

_NOTICES = re.compile(
    r"^[^\S\n]{0,10}(?:[*•–-][^\S\n])?(?:naissances?|carnet\s(?:rose"
    r"|blanc))(?![^\n]{0,40}\d{4}\s\d)"
    r"[^\n]{0,600}(?:\n(?!\s*(?:\n|mariages?|d[ée]c[èe]s|pacs|carnet))[^\n]{1,300}){0,40}",
    re.IGNORECASE | re.MULTILINE,
)
_NOTICED = re.compile(
    rf"""(?<!\w) (?: (?: le | du | , | : | – ) \s{{1,2}} | ^[^\S\n]{{0,4}} (?:[•*–-]\s)? )
    (?P<date> {FULL_DATE} | \d\d/\d\d (?![/\d]) | \d{{1,2}} (?:er)? \s {MONTH} ) (?!\w)
    (?: ,? \s (?:à|au|aux) \s (?: (?:la|l['’]) \s? (?:maternité|clinique|hôpital|CHU|polyclinique)
      \s (?:de\s(?:la\s)?|d['’]|du\s)? )? (?P<place> (?-i:{_TOWN}) )
      | \s? \( (?P<aside> (?-i:{_TOWN}) ) \) )?""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


_NAMED = re.compile(
    rf"(?:[{CAPITAL}][\w'’.-]{{1,30}}|\[[A-Z_]+_\d+\])[\s,(:–-]{{0,3}}(?:née?\s)?\Z"
)
_NAME_AFTER = re.compile(rf"\s?[:–-]?\s[{CAPITAL}][\w'’-]{{1,30}}")


def listed_births(text: str) -> Iterator[Finding]:
    """Yield the dates, and the places beside them, of people in a list."""
    yield from _beside_name(text)
    yield from _after_sex(text)
    for match in _CLASS.finditer(text):
        yield Finding(*match.span("date"), Entity.BIRTH_DATE, "birth.list")
    for block in _NOTICES.finditer(text):
        for match in _NOTICED.finditer(text, block.start(), block.end()):
            if not _NAMED.search(text, max(0, match.start() - 40), match.start()) and not (
                _NAME_AFTER.match(text, match.end())
            ):
                continue
            yield Finding(*match.span("date"), Entity.BIRTH_DATE, "birth.list")
            for name in ("place", "aside"):
                if match[name]:
                    yield Finding(*match.span(name), Entity.BIRTH_PLACE, "birth.place")


def _after_sex(text: str) -> Iterator[Finding]:
    """Yield the date and place that follow a sex, where `naissance` is written somewhere."""
    for match in _SEX.finditer(text) if "naiss" in text.lower() else ():
        yield Finding(*match.span("date"), Entity.BIRTH_DATE, "birth.list")
        if match["place"]:
            yield Finding(*match.span("place"), Entity.BIRTH_PLACE, "birth.place")


def _beside_name(text: str) -> Iterator[Finding]:
    """Yield the date in brackets or in the cell after a name, where people are listed."""
    if any(dates_under(text)):  # a heading says which column holds them
        return
    for match in _BESIDE.finditer(text):
        if _EVENT.search(text, max(0, match.start() - _EVENT_CHARS), match.start("date")):
            continue
        if _DATELINE.search(text, max(0, match.start() - 5), match.end("date") + 3):
            continue
        start = max(0, match.start() - _LIST_CHARS)
        if not (
            _LISTED.search(text, start, match.end() + _CLASS_CHARS)
            or (_OLD.search(match["date"]) and _HELPED.search(text, start, match.start()))
        ):
            continue
        yield Finding(*match.span("date"), Entity.BIRTH_DATE, "birth.list")
        if match["town"]:
            yield Finding(*match.span("town"), Entity.BIRTH_PLACE, "birth.place")
        elif place := _CELL_PLACE.match(text, match.end()):
            yield Finding(*place.span("place"), Entity.BIRTH_PLACE, "birth.place")
