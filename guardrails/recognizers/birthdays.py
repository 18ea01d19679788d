# SPDX-License-Identifier: EUPL-1.2
"""Birth dates that no `né le` opens: what stands beside them says that they are.

    aura 84 ans le 3 mai               a birthday: the verb, the age, the day
    DUPONT Léa, 03/01/16, 8 ans        an age beside a date, and the two agree
    (Fontclaire, 2 mai 1929 – …)       a death notice: both ends of a life
    née fév. 1953, n. 11/01/23         a word of birth cut short, a date in part

A town's club, bridge or school has birthdays too, and a lease or a grave runs for years:
the words of those beside it let a date stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import CAPITAL
from guardrails.recognizers.dates import FULL_DATE, MONTH, PARTIAL_DATE, is_historic
from guardrails.recognizers.owners import PUBLIC_PLACE

_WORD = rf"(?-i:[{CAPITAL}][\w'’.-]{{0,30}})"
_TOWN = (
    rf"(?: (?-i: L[ae]s?[^\S\n] | L['’] )? {_WORD} (?: [^\S\n] (?: (?:de|du|des|la|le|les|en|sur"
    rf"|sous)[^\S\n] | [ld]['’] ){{0,2}} {_WORD} ){{0,3}} (?: [^\S\n]? \([^()\n]{{1,30}}\) )? )"
)
_NUMBER_WORD = (
    r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    r"|vingts?|trente|quarante|cinquante|soixante|septante|huitante|nonante|cents?|et)"
)
_AGE = rf"(?: 1[01]\d | \d{{1,2}} | {_NUMBER_WORD} (?: [\s-]{{1,2}} {_NUMBER_WORD} ){{0,4}} )"
_SHORT_DATE = rf"(?: {MONTH} \s{{1,2}} (?: (?:19|20)\d\d | ['’]?\d\d ) (?!\w) )"
_ANY_DATE = rf"(?: {FULL_DATE} | {_SHORT_DATE} )"
_DAY_ALONE = r"(?: \d{1,2} | premier | deux | trois | dix | quinze | vingt | trente ) (?![\w/.])"

_BIRTHDAY = re.compile(
    rf"""(?<!\w)(?: aura(?:it|i)? | ai | a | ont | avait | avoir | eue?s? | auront
      | f[êe]t\w{{1,6}} | souffl\w{{1,6}} | c[ée]l[ée]br\w{{1,6}} ) \s{{1,2}}
    (?: (?:mes|ses|tes|vos|les) \s{{1,2}} )? {_AGE} \s{{1,2}} (?: ans | printemps |
      bougies )
    (?: \s{{1,2}} de \s{{1,2}} (?=M\.|Mme|Mlle|notre\sdoyen|mon\s|ma\s) [^\n.;:,]{{2,40}} )?
    (?: \s{{1,2}} (?: de\smariage | d['’]activité ) (?P<other>) )?
    (?: ,? \s{{1,2}} (?!le\b) [a-zà-ÿ'’]{{1,12}} ){{0,3}} \s{{1,2}} le \s{{1,2}}
    (?P<date> {PARTIAL_DATE} | {_DAY_ALONE} ) (?! \w )""",
    re.VERBOSE | re.IGNORECASE,
)
_ANNIVERSARY = re.compile(
    rf"""(?<!\w)(?:mon|son|ton|votre) \s (?: [\w-]{{2,20}} \s )? anniversaire \s{{0,2}}
    (?: : \s? | (?:,\s)? (?:est\s|c['’]est\s|tombe\s|sera\s|,\s)? le \s )
    (?P<date> {PARTIAL_DATE} ) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
# `Nos doyens : Mme Ann Arlac, 101 ans le 4 avril`
_AGED = re.compile(
    rf"""(?<=,\s) {_AGE} \s{{1,2}} ans \s{{1,2}} (?:révolus\s)? (?:depuis\s)? le \s{{1,2}}
    (?P<date> {PARTIAL_DATE} ) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_EXPECTED = re.compile(
    rf"""(?<!\w)(?: (?:b[ée]b[ée]|bb|enfant|fils|fille|petit[e]?|jumeaux)
        \s{{1,2}} (?:na[iî]t(?:ra)? | na[iî]tront | arrive(?:ra)?) | j['’ ]?accouche(?:rai)?
      | (?:accouchement|terme|naissance) \s{{1,2}} (?:est\s)? (?:prévue?|attendue?|calculé) )
    (?: \s{{1,2}} (?:normalement|vers|pour|début|fin) ){{0,2}} \s{{1,2}} (?:le \s{{1,2}})?
    (?P<date> {PARTIAL_DATE} ) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_A_PERSON = re.compile(
    r"(?<!\w)(?:jumelage|festival|fanfare|harmonie|chorale|groupe|loi|pont|usine|mariage|noces"
    r"|commerce|revue|journal|traité|victoire|armistice|monument|orgue|tracteur|véhicule"
    r"|barrage|fondation|fondée?|créée?|permis|contrat|bail|convention)(?!\w)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?<!\w)(?:j['’]|je|elle|il|ils|elles|qui|va|vais|vient|m'|nous)\s{0,2}\Z")

# `NOM Prénom, 03/01/16, 8 ans`, `16 ans 1/2 (déc. 2008)`
_THEN_AGE = re.compile(
    rf"""(?P<date> {_ANY_DATE} ) (?!\w)
    (?: [^\S\n]? \( (?P<place> {_TOWN} (?:,\s{_TOWN})? ) \) )?
    [^\S\n]? [,;|(/–-] [^\S\n]{{0,3}} (?P<age> \d{{1,3}} ) \s? ans (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_AGE_AFTER_SIGN = re.compile(r"[,;|(/–-][^\S\n]{0,3}\d{1,3}\s?ans(?!\w)", re.IGNORECASE)
_DATE_CHARS = 160
_AGE_THEN = re.compile(
    rf"""(?<![\w,.]) (?P<age> \d{{1,3}} ) \s ans (?: \s (?:1/2|½|et\sdemie?) )?
    [^\S\n]? [,;|(/–-] [^\S\n]{{0,3}} (?P<date> {_ANY_DATE} ) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
# `| 92 | 1/11/32 |`: the age has a column of its own.
_AGE_CELL = re.compile(
    rf"""[|;\t] [^\S\n]{{0,6}} (?P<age> \d{{1,3}} ) (?:\sans)? [^\S\n]{{0,6}} [|;\t] [^\S\n]{{0,6}}
    (?P<date> {_ANY_DATE} | 19\d\d | 20[0-2]\d ) (?:,\s (?P<place> {_TOWN} ) )?
    [^\S\n]{{0,20}} (?=[|;\t\n]|\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    rf"(?:[{CAPITAL}][\w'’.-]{{1,30}}|\[[A-Z_]+_\d+\]|jumeaux|jumelles|mineure?"
    rf"|le\snommé[^\n]{{2,40}})"
    rf"(?:[^\S\n]?[,;|(–:-]|[^\S\n])[^\S\n]{{0,3}}(?:\(?n[ée]?e?\.?[^\S\n])?\Z"
)
_DURATION = re.compile(
    r"(?<!\w)(?:bail|contrat|dur[ée]e|mandat|convention|pr[êe]t|emprunt|garantie|concessions?"
    r"|renouvel\w+|march[ée]|amorti\w*|peine|prescription|d[ée]lib\w*|arr[êe]t[ée]|loi"
    r"|d[ée]cret)(?!\w)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:(?<!\d)(?P<long>(?:19|20)\d\d)|(?<!\d)(?P<short>\d\d))(?!\d)")
_AGE_WORD = re.compile(r"(?<!\w)(?:[âa]ges?|ans)(?!\w)", re.IGNORECASE)
_TABLE_CHARS = 3_000
_WHOLE_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SHORTEST_LIFE = 15
"""Years: an exhibition, a term or a programme ends sooner."""

_FIRST_AGES, _LAST_AGES = 1985, 2035
"""The years in which an age may have been written."""

_NOTICE = re.compile(
    rf"""\( \s? (?: (?P<place> {_TOWN} ) ,? \s (?:le\s)? )? (?P<date> {FULL_DATE} )
    (?: \s (?:à\s)? {_TOWN} )? \s{{1,2}} [–—-] \s{{1,2}} (?: {_TOWN} ,? \s (?:le\s)? )? {FULL_DATE}
    [^()\n]{{0,30}} \)""",
    re.VERBOSE | re.IGNORECASE,
)
"""`(Fontclaire, 2 mai 1929 – Fontclaire, 3 mars 2025)`"""

_WORD_OF_BIRTH = re.compile(r"(?<!\w)(?:n(?:[ée]e?s?(?!\w)|[.\s])|d\.?[dn])", re.IGNORECASE)
"""One of these opens each way of the pattern below, which costs more to try."""

_PERIOD = r"(?: en | vers | courant | fin | début | autour\sde )"
_BORN = r"n[ée][e]?s? (?: \s? \(e?s?\) | [·.]es? )?"
_CUT_SHORT = re.compile(
    rf"""(?:
        (?<!\w) {_BORN} (?<!\bne) \s{{1,2}} (?: {_PERIOD} \s{{1,2}} )? (?P<month> {_SHORT_DATE} )
      | (?<![\w.]) (?-i: (?<=\() | (?<=[,;–-]\s) ) n\.? \s{{1,2}} (?: le \s{{1,2}} )?
        (?P<short> {FULL_DATE} ) (?!\w)
        (?: [^\S\n] (?: à\s(?P<short_at> {_TOWN} )
          | (?P<short_place> {_TOWN} ) (?= [^\S\n]{{0,3}} (?:\n|\Z) ) ) )?
      | (?<!\w) n[ée][e]?s? (?<!\bne) \s{{1,2}} (?:en \s{{1,2}})? (?P<years> (?:19|20)\d\d )
        \s{{1,2}} et \s{{1,2}} (?:en \s{{1,2}})? (?P<second> (?:19|20)\d\d ) (?!\d)
        (?: \s (?:à|en|au) \s (?P<their_place> {_TOWN} ) )?
      | (?<!\w) née?s? \s{{1,2}} (?:en|vers) \s{{1,2}} (?P<two> ['’]?\d\d ) (?! \w | [.,]\d
        | \s? (?:ans?|jours?|mois|heures?|minutes?|h|km|%|[/.-]) )
      | (?<!\w) née?s? \s{{1,2}} (?P<year> ['’]?\d\d | 19\d\d | 20[0-2]\d ) \s{{1,2}} (?:à
        |a) \s{{1,2}}
        (?P<place> {_TOWN} )
      | (?<!\w) née?s? \s{{1,2}} (?:dans|ds|en|au|à) \s{{1,2}} (?P<country> (?:le|la|l['’])? \s?
        (?: \d\d | 2[AB] | 97\d | (?-i:[{CAPITAL}])[\w-]{{2,25}} ) ) \s{{1,2}} (?:en
          |vers) \s{{1,2}} (?P<then> \d\d | 19\d\d | 20[0-2]\d )
        (?!\w)
      | (?<!\w) née?s? \s{{1,2}} (?: dans | au | chez | ici ) (?!\s\d) (?: \s{{1,2}} [\w'’-]{{1,20}}
        ){{0,4}} \s{{1,2}} (?:en|vers) \s{{1,2}} (?P<about> (?:{MONTH}\s)?
        (?:19\d\d | 20[0-2]\d) ) (?!\d)
      | (?<!\w) née? \s{{1,2}} (?:à\s{{1,2}}{_TOWN}\s{{1,2}})? l['’]an \s{{1,2}} (?P<an> 19\d\d )
        \s{{1,2}} et \s{{1,2}} le \s{{1,2}} (?P<of_month> \d{{1,2}} \s du \s mois \s (?:de\s|d['’])
        {MONTH} )
      | (?<!\w) D\.?D\.?N\.? \s{{0,3}} :? \s{{0,3}} (?P<packed> \d{{6}} | \d{{8}} ) (?!\w)
      | (?<!\w) (?-i: d\.n\. | D\.N\. ) \s{{0,3}} :? \s{{0,3}} (?P<labelled> {FULL_DATE} ) (?!\w)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_DATES = (
    "month",
    "short",
    "years",
    "second",
    "two",
    "year",
    "then",
    "about",
    "an",
    "of_month",
    "packed",
    "labelled",
)
_PLACES = ("their_place", "place", "short_place", "short_at", "country")

_FIELD = re.compile(
    rf"""(?: (?<![\w/+])L\.?D\.?N\.?(?=[\s:])
      | \d [^\S\n]{{0,3}} [/|,;–-]? [^\S\n]{{1,4}} (?-i: LN | L\.N\. | l\.n\. ) (?=[\s:]) |
        (?<!\w) lieu \s de \s naissance \s? \( |
      (?:DDN|naissance|naiss\.)
      [^\n|;]{{4,40}}? \s{{2,12}} lieu ) \s{{0,3}} :? \s{{0,3}} (?P<place> {_TOWN} )
    (?: \s ou \s (?P<other> {_TOWN} ) )?""",
    re.VERBOSE | re.IGNORECASE,
)
"""`LDN Fontclaire`, `DDN : 03/03/2017   Lieu : Fontclaire`, `lieu de naissance (A ou B ?)`"""

_HERO = re.compile(
    r"(?<!\w)(?:Panthéon|prix\sNobel|l[ea]\s(?:poète|poétesse|romanci[èe]re?|cinéaste)|écrivaine?"
    r"|aviatrice|aviateur|compagnon\sde\sla\sLibération|mort\spour\sla\sFrance|chanoine"
    r"|(?:inaugur|baptis|dénomm|renomm)\w{1,6}\s(?:de\s)?(?:l['’]|la\s|le\s|une\s)?"
    r"(?:rue|avenue|all[ée]e|place|[ée]cole|square|salle|esplanade)"
    r"|porte(?:ra)?\sle\snom\sde)(?!\w)",
    re.IGNORECASE,
)
_HERO_YEAR = re.compile(r"(?<!\d)(?:1[0-8]\d\d|19[0-2]\d)(?!\d)")
_HERO_CHARS = 200
_BEFORE_CHARS = 70


def is_of_a_hero(text: str, start: int, end: int) -> bool:
    """Tell whether a birth of before 1930 stands beside what streets are named for."""
    near = text[max(0, start - 40) : end + 40]
    return bool(
        _HERO_YEAR.search(near)
        and _HERO.search(text, max(0, start - _HERO_CHARS), end + _HERO_CHARS)
    )


def birthdays(text: str) -> Iterator[Finding]:
    """Yield the dates, and the places beside them, of the ways of writing above."""
    yield from _celebrated(text)
    yield from _beside_ages(text)
    for match in _NOTICE.finditer(text):
        years = [int(year) for year in _WHOLE_YEAR.findall(match[0])]
        if not is_historic(match["date"]) and years and years[-1] - years[0] >= _SHORTEST_LIFE:
            yield from _spans(match, ("date",), ("place",), "birth.notice")
    for word in _WORD_OF_BIRTH.finditer(text):
        if short := _CUT_SHORT.match(text, word.start()):
            yield from _spans(short, _DATES, _PLACES, "birth.date")
    lowered = text.lower()
    is_told = any(word in lowered for word in ("naiss", "ddn", "ldn", "ln", "l.d.n", "l.n."))
    for match in _FIELD.finditer(text) if is_told else ():
        yield from _spans(match, (), ("place", "other"), "birth.place")


def _celebrated(text: str) -> Iterator[Finding]:
    for pattern in (_BIRTHDAY, _ANNIVERSARY, _AGED, _EXPECTED):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _BEFORE_CHARS) : match.start()]
            clause = before[max(before.rfind(sign) for sign in ".;\n!?") + 1 :]
            if "other" in pattern.groupindex and match["other"] is not None:
                continue
            if pattern is _AGED and (not _NAME_BEFORE.search(before) or _DURATION.search(clause)):
                continue
            if (
                pattern is _BIRTHDAY
                and not _PRONOUN.search(before)
                and (PUBLIC_PLACE.search(clause) or _NOT_A_PERSON.search(clause))
            ):
                continue
            yield from _spans(match, ("date",), (), "birth.day")


def _beside_ages(text: str) -> Iterator[Finding]:
    if not _AGE_WORD.search(text):
        return
    for pattern in (_THEN_AGE, _AGE_THEN, _AGE_CELL):
        for match in _before_ages(text) if pattern is _THEN_AGE else pattern.finditer(text):
            before = text[max(0, match.start() - _BEFORE_CHARS) : match.start()]
            line = before[before.rfind("\n") + 1 :]
            if _DURATION.search(line) or not _agree(match["date"], int(match["age"])):
                continue
            if pattern is _THEN_AGE and not _NAME_BEFORE.search(before):
                continue
            if pattern is _AGE_CELL and not _says_age(text, match):
                continue
            places = ("place",) if "place" in pattern.groupindex else ()
            yield from _spans(match, ("date",), places, "birth.age")


def _before_ages(text: str) -> Iterator[re.Match[str]]:
    """Yield the dates before an age; the ages are fewer, and found sooner, than the dates."""
    reached = 0
    for age in _AGE_AFTER_SIGN.finditer(text):
        start = max(reached, age.start() - _DATE_CHARS)
        yield from _THEN_AGE.finditer(text, start, age.end())
        reached = age.end()


def _says_age(text: str, match: re.Match[str]) -> bool:
    """Tell whether the number in a cell is an age: `92 ans`, or `Âge` at the head of the table."""
    head = text[max(0, match.start() - _TABLE_CHARS) : match.start()]
    return bool(_AGE_WORD.search(match[0]) or _AGE_WORD.search(head))


def _agree(date: str, age: int) -> bool:
    """Tell whether somebody born then can have had that age when the text was written."""
    years = list(_YEAR.finditer(date))
    if not years:
        return False
    last = years[0] if years[0]["long"] else years[-1]
    if last["long"]:
        return _FIRST_AGES <= int(last["long"]) + age <= _LAST_AGES
    return any(
        _FIRST_AGES <= century + int(last["short"]) + age <= _LAST_AGES for century in (1900, 2000)
    )


def _spans(
    match: re.Match[str], dates: tuple[str, ...], places: tuple[str, ...], rule: str
) -> Iterator[Finding]:
    for names, entity in ((dates, Entity.BIRTH_DATE), (places, Entity.BIRTH_PLACE)):
        for name in names:
            if match[name]:
                yield Finding(*match.span(name), entity, rule)
