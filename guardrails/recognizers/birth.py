# SPDX-License-Identifier: EUPL-1.2
"""Birth dates and birth places, in digits and in words.

    né le 3 mars 1950 à Fontclaire (33)         Date de naissance : 03.03.1950
    né à Fontclaire le trois mars mil neuf cent cinquante
    Le trois mars … est née …                   a birth certificate
    Nom ; Né le ; …                             a column of a table

`birth.date` and `birth.place` follow a word of birth, `birth.act` comes before it,
`birth.column` stands under it, `birth.list` after `Naissances :`, `birth.beside` next to someone.
A birth before 1900 is history and stays. The date of an act, of a leave or of a law stays: only
birth words, or someone right before, call the search.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, BIRTH_DATE 647 of 663,
BIRTH_PLACE 395 of 403, kept spans touched 953 of 16670; gold, held out, BIRTH_DATE 11 of 11,
BIRTH_PLACE 7 of 7, kept spans touched 2 of 210; gold, held out, second author, BIRTH_DATE 20 of
20, BIRTH_PLACE 13 of 13, kept spans touched 4 of 362; gold, held out, third part, BIRTH_DATE 40
of 41, BIRTH_PLACE 26 of 26, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import CAPITAL
from guardrails.recognizers.birth_lists import listed_births
from guardrails.recognizers.birthdays import birthdays, is_of_a_hero
from guardrails.recognizers.births_beside import births_beside
from guardrails.recognizers.columns import dates_under, places_under
from guardrails.recognizers.dates import FULL_DATE, MONTH, PARTIAL_DATE, WEEKDAY, is_historic
from guardrails.recognizers.fields import cells_under
from guardrails.recognizers.recognizer import Recognizer
from guardrails.spans import merged

_WORD = rf"[{CAPITAL}][\w'’]{{0,30}}"
_PLACE = rf"""(?-i:
    (?: [LD]['’]\s? | L[aeAE][sS]?\s )? {_WORD} (?: -[\w'’]{{1,25}} ){{0,8}}
    (?: [^\S\n] (?: (?:de|du|des|la|le|les|en|sur|sous|et|lès|aux?|do|da|dos|das|di|del|al
      |el)[^\S\n]
        | [ld]['’] ){{0,2}}
      {_WORD} (?: -[\w'’]{{1,25}} ){{0,6}} ){{0,4}}
    (?: [^\S\n]\d{{1,2}} (?: er | e | ème )? (?: \s arr\w{{0,12}} )? )?
    (?: [^\S\n]? \( (?: \d{{1,3}} | 2[AB] | {_WORD} [^()\n]{{0,30}} ) \)
      | [^\S\n]?/[^\S\n]?(?:\d\d|2[AB])(?![\d/]) )?
    (?: ,\s (?:en\s|au\s)? (?:Algérie|Maroc|Tunisie|Portugal|Espagne|Italie|Belgique|Suisse
      |Allemagne|Sénégal|Mali|Turquie
        |Pologne|Roumanie|Liban|Madagascar|Cameroun|Vietnam|Comores|Guinée|Haïti|Congo|Gabon|Syrie
          |Ukraine|Inde|Chine) )?
)"""
_HOUSE = r"""(?: (?: (?:l[ae]|l['’]) \s? )? (?: maternité | hôpital | clinique | polyclinique |
  CHU | ferme
  | hameau | lieu-?\s?dit | quartier | village | bourg | mas | moulin | château | tribu ) \s
  (?: de\sla\s | de\s | d['’] | du\s | des\s )? )?"""
"""`née à la ferme de Hautbois`, `à la maternité de Fontclaire`"""

_LOW_PLACE = (
    r"(?: (?:la|le|les|saint|sainte|ste?) \s )? (?!la\b|le\b|les\b|son\b|domicile|terme|titre"
    r"|partir|lieu\b|commune\b|ville\b|pays\b) "
    r"[a-zà-ÿœ][\w'’\-]{2,30}"
)

_BORN = r"""(?<!\w)(?:
    n[ée][ée]?e?s? (?: \s? \( e?s? \) | [.·]e?s?\.? )? (?: \s{1,2} (?:respectivement|tous\sdeux
      |toutes\sdeux) )? (?= \s{1,3} (?:[lI1]es?|en|à|au|aux|un|vers|courant|ce\sjour|hier|:) |
        \s?: |
      \s{0,2}[\d.…|="'] )
  | vu \s le \s jour (?= \s (?:le|en|un)\s )
  | naissance (?: \s? \( [^()\n]{1,20} \) )? | (?: date \s{1,2} (?: et \s{1,2} lieu \s{1,2} )? de
    \s{1,2} )? naiss?(?:ance)?\.? \s{1,2} (?: du|de\sla|de|des|d['’]|de\sl['’] ) \s? \w{2,20} (?=
    \s?: )
  | date \s{1,2} (?: et \s{1,2} lieu \s{1,2} )? (?: de \s{1,2} )? naiss?(?:ance)?\.?
  | naiss?\. (?= \s?:?\s?\d )
  | n[ée]e?s? (?: \s? \( e?s? \) )? \s{1,2} (?-i: [A-ZÀ-ÖØ-Þ][\w'’\-]{1,30} [\s,]{1,2} ){1,4}
    (?= le\s
    | en\s | [·•–|/-]?\s{0,2}\d )
  | n(?:é|[ée]e)e?s? (?: \s{1,2} (?! le\s | en\s ) [\w'’\-]{1,20} ){1,5} (?= \s{1,2} le \s{1,2} \d )
  | D\.?D\.?N\.? | DOB
)"""
_LEADERS = r"[\s:,|(=…·.–_\-\"'>*?►→]{0,40}"

_DATE_AFTER = re.compile(
    rf"""{_BORN} {_LEADERS}
    (?: (?: [lI1]es?|en|du|au|un|vers|courant|ce\sjour,?|hier,?|l['’]an ) (?:[\s:…._]{{1,40}}) )?
    (?: (?: l['’]an | en ) \s )? {WEEKDAY}
    (?P<date> \d{{1,2}} [ ] \d{{1,2}} [ ] (?:19|20)?\d\d | \d (?: [|]\d ){{7}} | {PARTIAL_DATE}
      (?:\sdernier)? )
    (?! \w | /\d | [^\S\n]?(?:€|%|euros) )""",
    re.VERBOSE | re.IGNORECASE,
)
_PLACE_AFTER_DATE = re.compile(
    rf"(?: [\s,|]{{0,3}} | [^\S\n]{{4,40}} (?=à\s?:) ) (?! a \s \w{{2,20}}[éu]e?s? \b ) "
    rf"(?: à|a|au|aux|en|dans|@|-|–|\| ) (?:\s?[:▸►→])? \s{{1,2}} {_HOUSE} (?P<place> {_PLACE} "
    rf"| {_LOW_PLACE} )",
    re.VERBOSE | re.IGNORECASE,
)
_PLACE_FIELDS = re.compile(
    rf"[\s,;/|–-]{{1,12}} (?: (?:lieu|pays|ville|commune|LDN) \s{{1,2}} (?-i:(?=[A-ZÀ-Þ])) | "
    rf"(?: d[ée]p(?:t|artement)?\.?|commune|ville|lieu|pays|d[ée]partement"
    rf"|localit[ée] ) (?: \s de \s "
    rf"naissance )? \s?:\s? ) (?P<place> {_PLACE} )",
    re.VERBOSE | re.IGNORECASE,
)
# `née … à kayes au mali`, `à la clinique Haute à Fontclaire`, `Dépt 33 Ville Fontclaire`
_PLACE_AND = re.compile(
    rf"""(?: [^\S\n] (?: à | a | au | en ) [^\S\n] (?P<place> {_PLACE} | (?<=\sau\s) (?:mali|maroc
      |portugal|sénégal|togo|bénin|cameroun|congo|tchad|liban|pakistan|vietnam|brésil)\b
      | (?<=\sen\s) (?:algérie|tunisie|guinée|côte\sd['’]ivoire|italie|espagne|turquie|pologne
      |roumanie|belgique|suisse|allemagne|chine|inde|haïti)\b | (?<=\sa\s) (?!la\b|le\b|mon\b|ma\b
        |été\b|[a-zé]+[éu]e?s?\b)
      [a-z][a-z-]{{3,20}} (?=\s?[\n,.;]|\s(?:enfin|et|mais|en|dans|le|je|mon|ma)\b) ) )""",
    re.VERBOSE,
)
_DEPARTMENT = re.compile(
    r"[\s,;/|–-]{1,12}d[ée]?p(?:t|artement)?\.?\s?:?\s{0,3}(?P<place>\d{2,3}|2[AB])(?!\w)",
    re.IGNORECASE,
)
_PLACE_BESIDE = re.compile(rf"[\s,;/|–-]{{1,4}} (?P<place> {_PLACE} )", re.VERBOSE | re.IGNORECASE)
_PLACE_ENDS_LINE = re.compile(
    rf"(?: [^\S\n]{{1,2}} | [^\S\n]{{3,40}} (?=[^\n\d]{{2,40}}(?:,[^\S\n]\w{{3,15}}"
    rf"|\((?:\d\d|2[AB]|9\d\d)\))\s?(?:\n|\Z)) ) (?P<place> {_PLACE} ) "
    rf"(?= [^\S\n]{{0,3}} (?:\n|\Z|,\s[a-z]) )",
    re.VERBOSE,
)
"""`née 8.12.1936 Béni-Saf`"""

_PLACE_WITH_DEPARTMENT = re.compile(
    rf"[^\S\n]?[,–-][^\S\n]{{1,3}}(?P<place>(?={_WORD}[^,;()\n]{{0,40}}\((?:\d{{2,3}}|2[AB])\)){_PLACE})",
    re.VERBOSE | re.IGNORECASE,
)
"""`né le 12/03/1948, Fontclaire (46)`"""

_NEXT_DATE = re.compile(
    rf"""[\s),;]{{0,3}} (?: [,;] | \s et ) \s (?-i: (?: {_WORD} \s ){{1,3}} )? [(]? (?:
      n[ée]e?\s )? (?: [àa]\s (?P<place> (?-i: {_WORD} (?:\s{_WORD}){{0,2}} ) ) \s )?
      (?: le\s )? (?P<date> {FULL_DATE} ) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_PLACE_FIRST = re.compile(
    rf"""(?: (?<!\w) n[ée]e?s? (?: \s?\(e?s?\) | [.·]es? )? (?: \s{{1,2}} en \s (?:tribu|mer|prison
      |brousse) )? \s{{1,2}} (?: à|au|aux|en ) (?:\s?:)? \s{{1,2}}
      | (?<!\w) (?: lieu|commune|ville|pays|d[ée]p(?:t
        |artement)?\.? ) \s{{1,2}} de \s{{1,2}} naiss?(?:ance\b
        |\.|(?=\s?:)) (?: [^\S\n]?[:|–-]\s{{0,4}} | \s?[.…_]{{3,40}}\s? | [^\S\n]?\n[^\S\n]{{0,4}} )
      | (?<!\w) (?: originaire|natifs?|natives? ) \s{{1,2}} (?: de\s{{1,2}} | d['’]\s? | du\s{{1,2}}
        | des\s{{1,2}} ) )
    {_HOUSE} (?P<place> {_PLACE} )
    (?: [\s,]{{1,3}} (?: le|en|courant|vers ) (?:\s?:)? \s{{1,2}} {WEEKDAY}
      (?P<date> {PARTIAL_DATE} (?:\sdernier)? )
      (?!\w) )?""",
    re.VERBOSE | re.IGNORECASE,
)
_IS_BORN = re.compile(
    r"(?<!\w)(?: est|sont|était ) \s{1,2} n[ée]e?s? (?!\w) | (?<!\w) naquit",
    re.VERBOSE | re.IGNORECASE,
)
_FULL = re.compile(FULL_DATE, re.VERBOSE | re.IGNORECASE)
_DAY = re.compile(
    rf"(?<![\w.-]) (?: {FULL_DATE} | \d{{1,2}} (?:er)? \s {MONTH} )", re.VERBOSE | re.IGNORECASE
)
_LIST = re.compile(r"(?<!\w)naissances\s?[:–—-][^\n]{0,600}", re.IGNORECASE)
_PLACE_HEADING = r"""lieu(?:\s(?:de\s)?naiss(?:ance|\.)?)?
  |(?:ville|commune)\s(?:de\s)?naiss(?:ance|\.)?|n[ée]+\s?(?:\(e\))?\s[àa]|à"""
# `33 FONTCLAIRE` and `Fontclaire 14e` are places; a date or a number is none.
_HOLDS_A_NUMBER = re.compile(r"\d{3}|\d[./-]\d|\d$")
# `les assurés nés en 1959` says nothing of one person.
_YEAR_ALONE = re.compile(r"\d{4}")
_NAMED = re.compile(
    rf"(?:[{CAPITAL}][\w'’-]{{1,30}}[\s,(]{{1,3}}(?:est\s|était\s)?|(?:M\.|Mme|Mlle|Monsieur"
    rf"|Madame|nomm[ée]e?|je\ssuis|date\sde)\s[^.;\n]{{0,60}})\Z"
)
_GENERIC_PLACE = ("France", "Union", "Europe", "Outre")
_ACT_CHARS = 160
_STARTS = (
    "né",
    "nais",
    "ne le",
    "nee le",
    "ddn",
    "d.d.n",
    "dob",
    "originaire",
    "natif",
    "vu le jour",
    "native",
    "ne(e)",
    "naquit",
    " ne=",
    "ne ie",
)


def _search(text: str) -> Iterator[Finding]:
    yield from merged(_found(text))


def _found(text: str) -> Iterator[Finding]:
    lowered = text.lower()
    yield from listed_births(text)
    yield from births_beside(text)
    yield from (f for f in birthdays(text) if not _is_past(text, f))
    if any(start in lowered for start in _STARTS):
        found = [*_after(text), *_far(text), *_before(text), *_under(text)]
        yield from (f for f in found if not _is_past(text, f))


def _is_past(text: str, found: Finding) -> bool:
    words = text[found.start : found.end]
    return is_historic(words) or is_of_a_hero(text, found.start, found.end)


def _after(text: str) -> Iterator[Finding]:
    """Yield dates and places that follow a word of birth."""
    for match in _DATE_AFTER.finditer(text):
        if _YEAR_ALONE.fullmatch(match["date"]) and not _is_of_someone(text, match):
            continue
        yield Finding(*match.span("date"), Entity.BIRTH_DATE, "birth.date")
        if not is_historic(match["date"]):
            yield from _places_after(text, match.end(), has_place="lieu" in match[0].lower())
            yield from _dates_after(text, match.end())
    for match in _PLACE_FIRST.finditer(text):
        if not is_historic(match["date"] or "") and not match["place"].startswith(_GENERIC_PLACE):
            yield Finding(*match.span("place"), Entity.BIRTH_PLACE, "birth.place")
            if also := _PLACE_AND.match(text, match.end("place")):
                yield Finding(*also.span("place"), Entity.BIRTH_PLACE, "birth.place")
        if match["date"]:
            yield Finding(*match.span("date"), Entity.BIRTH_DATE, "birth.date")


_ASIDE = re.compile(r"[^\S\n]?\((?:[^()\d\n]{3,40}|\d{1,3}\sans)\)")


_FAR = re.compile(
    rf"""(?<!\w)n(?:é|[ée]e)e?s?(?!\w) (?P<between> [^.;\n\d]{{2,70}}? )
    (?<!\bdu\s)(?<![\w'’]) (?P<date> {FULL_DATE} ) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
"""`nés savoir : Monsieur à Fontclaire le 8 février 1944`"""

_ANOTHER_FACT = re.compile(
    r"(?<!\w)(?:a|ont|est|sont|fut|sera|était|par|loi|décret|arrêté|délibération|depuis|jusqu['’]au"
    r"|demeurant|domicili\w{1,3}|entrée?|mariée?|décédée?|pacsée?|divorcée?|inscrite?"
    r"|reçue?)(?!\w)",
    re.IGNORECASE,
)
_PLACE_THEN_DATE = re.compile(rf"(?:[àa]|au|en)\s(?P<place>{_PLACE})\s(?:le\s)?\Z", re.VERBOSE)


def _far(text: str) -> Iterator[Finding]:
    """Yield the date at the end of a clause that a word of birth opens, its place, and the next."""
    for match in _FAR.finditer(text):
        if _ANOTHER_FACT.search(match["between"]) or is_historic(match["date"]):
            continue
        yield Finding(*match.span("date"), Entity.BIRTH_DATE, "birth.date")
        if place := _PLACE_THEN_DATE.search(text, match.start("between"), match.start("date")):
            yield Finding(*place.span("place"), Entity.BIRTH_PLACE, "birth.place")
        yield from _places_after(text, match.end(), has_place=False)
        yield from _dates_after(text, match.end())


def _is_of_someone(text: str, match: re.Match[str]) -> bool:
    """Tell whether a year alone follows a name, or has a place after it."""
    return bool(
        _NAMED.search(text, max(0, match.start() - 80), match.start())
        or _PLACE_AFTER_DATE.match(text, match.end())
    )


def _dates_after(text: str, position: int) -> Iterator[Finding]:
    """Yield the dates of a list: `née le 1/2/2010) et Tom (3/4/2012)`."""
    while date := _NEXT_DATE.match(text, position):
        yield Finding(*date.span("date"), Entity.BIRTH_DATE, "birth.list")
        if date["place"]:
            yield Finding(*date.span("place"), Entity.BIRTH_PLACE, "birth.place")
        position = date.end()


def _places_after(text: str, position: int, *, has_place: bool) -> Iterator[Finding]:
    """Yield `à Fontclaire`, or `commune : Fontclaire, pays : …`, where a date ends."""
    aside = _ASIDE.match(text, position)
    position = aside.end() if aside else position
    if department := _DEPARTMENT.match(text, position):
        yield Finding(*department.span("place"), Entity.BIRTH_PLACE, "birth.place")
        position = department.end()
    place = _PLACE_AFTER_DATE.match(text, position)
    if not place and not _PLACE_FIELDS.match(text, position):
        beside = _PLACE_BESIDE if has_place else _PLACE_ENDS_LINE
        place = beside.match(text, position) or _PLACE_WITH_DEPARTMENT.match(text, position)
    while place or (place := _PLACE_FIELDS.match(text, position)):
        yield Finding(*place.span("place"), Entity.BIRTH_PLACE, "birth.place")
        position, place = place.end(), _PLACE_AND.match(text, place.end())
        if not place and (department := _DEPARTMENT.match(text, position)):
            yield Finding(*department.span("place"), Entity.BIRTH_PLACE, "birth.place")
            position = department.end()


def _before(text: str) -> Iterator[Finding]:
    """Yield the date of `Le trois mars … est née …`, and those of `Naissances : …`."""
    for match in _IS_BORN.finditer(text):
        dates = list(_FULL.finditer(text, max(0, match.start() - _ACT_CHARS), match.start()))
        if dates and "." not in text[dates[-1].end() : match.start()]:
            yield Finding(*dates[-1].span(), Entity.BIRTH_DATE, "birth.act")
    for line in _LIST.finditer(text):
        for date in _DAY.finditer(text, line.start(), line.end()):
            yield Finding(*date.span(), Entity.BIRTH_DATE, "birth.list")


def _under(text: str) -> Iterator[Finding]:
    for start, end in dates_under(text):
        yield Finding(start, end, Entity.BIRTH_DATE, "birth.column")
    for start, end in places_under(text):
        yield Finding(start, end, Entity.BIRTH_PLACE, "birth.column")
    for start, end in cells_under(text, _PLACE_HEADING):
        if start < end and not _HOLDS_A_NUMBER.search(text, start, end):
            yield Finding(start, end, Entity.BIRTH_PLACE, "birth.column")


BIRTH = Recognizer(name="birth", entities=(Entity.BIRTH_DATE, Entity.BIRTH_PLACE), search=_search)
