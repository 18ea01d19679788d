# SPDX-License-Identifier: EUPL-1.2
"""Birth dates that stand beside someone and that no word announces.

    [PERSONNE_1], 09/09/1954, [ADRESSE_1]          a person, then a date long past
    [PERSONNE_1] vve [PERSONNE_2] – 26/02/1931
    ma mère, Ana, 1-11-1938, Fontclaire            a member of a family, then any date
    Ana Petit, du 12/03/1948 · elle est de mars 1948

The guard looks again at what is left once it has hidden the names: a placeholder says then that
somebody stands there, better than any pattern of names. A date beside somebody is long past where
its year is of a grown-up: acts, visits and letters are younger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import CAPITAL
from guardrails.recognizers.dates import FULL_DATE, MONTH, is_historic

_SOMEBODY = r"\[PERSONNE_\d+\]"
_WORD = rf"[{CAPITAL}][\w'’-]{{1,25}}"
_TOWN = rf"""(?-i: (?: L[ae]s?[^\S\n] | L['’] )? {_WORD} (?: [^\S\n] (?: (?:de|du|des|la|le|les|en
    |sur|sous)[^\S\n] | [ld]['’] ){{0,2}} {_WORD} ){{0,3}} (?: [^\S\n]?\((?:\d\d\d?|2[AB])\) )? )"""
_NUMERIC = r"\d{1,2}[./-]\d{1,2}[./-]"
_SPOKEN = rf"\d{{1,2}}(?:er)?\s{MONTH}\s"
_PAST = rf"""(?P<date> (?: {_NUMERIC} | {_SPOKEN} ) (?: 19\d\d | 200[0-8] )
  | {_NUMERIC} [3-9]\d | 19\d\d-\d\d-\d\d ) (?! \w | [./-]\d )"""
_PLACE = rf"""(?: (?: [^\S\n]?[,–-][^\S\n] | [^\S\n](?:[àa][^\S\n])? ) (?P<place> {_TOWN} )
    (?= [^\S\n]?(?:[,;|.)\n–-]|\Z) ) )?"""

_AFTER_SOMEBODY = re.compile(
    rf"""{_SOMEBODY} (?: [^\S\n](?:n[ée]e?|[ée]p(?:ouse|ouxx?|\.)?|veu(?:ve|f)|vve|vf|dite?)
        [^\S\n]{_SOMEBODY} )?
    (?: ,[^\S\n][^,\d\n\[\]]{{0,24}} \[[A-ZÉ_]+_\d+\] )?
    (?: [^\S\n]{{0,3}}[,–|(-][^\S\n]{{0,3}} | [^\S\n]{{1,3}} | ,?[^\S\n]du[^\S\n] )
    {_PAST} {_PLACE}""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_A_FAMILY = re.compile(
    rf"""(?<!\w)(?: mon | ma | ton | ta | son | sa | notre | votre | leur ) \s
    (?: (?:beau|belle|grand|petite?|demi)-? )? (?: p[èe]re | m[èe]re | fils | fille | enfant | mari
      | femme | [ée]poux | [ée]pouse | conjointe? | compagn(?:on|e) | fr[èe]re | s(?:œ|oe)ur
      | neveu | ni[èe]ce | tante | oncle | maman | papa | b[ée]b[ée] )
    (?: ,?\s (?: {_SOMEBODY} | (?-i:{_WORD}) (?:\s(?-i:{_WORD})){{0,2}} ) )?
    (?: ,\s | \s?\( ) (?: le\s )? (?P<date> {FULL_DATE} ) (?! \w | [./-]\d | \s?(?:à\s\d|\d?\dh) )
    {_PLACE}""",
    re.VERBOSE | re.IGNORECASE,
)
_IS_OF = re.compile(
    rf"""(?<!\w)(?: (?:il|elle)\sest | je\ssuis | [ée]tant ) \s (?:du\s|de\s|d['’])
    (?P<date> (?: {_SPOKEN} | {MONTH}\s | {_NUMERIC} ) (?: (?:19|20)\d\d | ['’]?\d\d ) ) (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST_SIGHT = re.compile(
    rf"""(?<!\w) vue?s? \s le\sjour \s (?:à|au|aux) \s (?P<place> {_TOWN} ) (?: ,?\s (?: le | en )
    \s (?P<date> {FULL_DATE} | {MONTH}\s(?:19|20)\d\d | (?:19|20)\d\d ) )? (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_LETTER = re.compile(
    rf"""(?<![\w.])[Nn]\.\s (?: (?:le\s)? {_PAST} {_PLACE}
      | (?:à|au)\s (?P<town> {_TOWN} ) ,?\sle\s (?P<day> {FULL_DATE} ) (?!\w) )""",
    re.VERBOSE | re.IGNORECASE,
)
"""`n. à Fontclaire le 12/03/1948`"""

_AND_THEIR = re.compile(
    rf"""(?<!\w)n[ée]e?s?\s[^.;\n]{{4,60}}?\d\d ,\s (?:et\s)? (?:mon|ma|son|sa|leur)\s
    [a-zà-ÿœ]{{3,12}} \s (?:à|au)\s (?P<place> {_TOWN} ) \s (?:le|en)\s
    (?P<date> {FULL_DATE} | (?:19|20)\d\d ) (?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)
"""`né ici le 1er mars 1962, mon épouse à Fontclaire en 1964`"""

_NOT_A_BIRTH = re.compile(
    r"(?<!\w)(?:d[ée]c[ée]d|mort|inhum|mari[ée]|recrut|titularis|embauch|nomm[ée]|[ée]lue?|concession"
    r"|achet|acquis|vend|bail|grav[ée]|contrat|arr[êe]t[ée]|d[ée]lib|acte|loi|d[ée]cret|jugement|convention)",
    re.IGNORECASE,
)
_BEFORE_CHARS = 40


def births_beside(text: str) -> Iterator[Finding]:
    """Yield the dates, and the places after them, that stand beside somebody."""
    for match in _FIRST_SIGHT.finditer(text):
        yield from _spans(match)
    patterns = [_OF_A_FAMILY, _IS_OF, _LETTER, _AND_THEIR]
    if "[PERSONNE_" in text:
        patterns.append(_AFTER_SOMEBODY)
    for pattern in patterns:
        for match in pattern.finditer(text):
            line = text[max(0, match.start() - _BEFORE_CHARS) : match.start()].rpartition("\n")[2]
            if not _NOT_A_BIRTH.search(line):
                yield from _spans(match)


def _spans(match: re.Match[str]) -> Iterator[Finding]:
    found = {name: match.span(name) for name, words in match.groupdict().items() if words}
    dates = [match[name] for name in ("date", "day") if name in found]
    if any(map(is_historic, dates)):
        return
    for name, span in found.items():
        is_date = name in {"date", "day"}
        entity = Entity.BIRTH_DATE if is_date else Entity.BIRTH_PLACE
        yield Finding(*span, entity, "birth.beside" if is_date else "birth.place")
