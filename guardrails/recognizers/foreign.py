# SPDX-License-Identifier: EUPL-1.2
"""Streets of other countries, whose type stands elsewhere, and what follows up to the town.

45 West 12th Street, Apt 5C, New York, NY 10011, USA
Hauptstraße 12, 79100 Freiburg       Calle Mayor 12, 28013 Madrid
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.normalise import CAPITAL

_WORD = rf"(?:[{CAPITAL}][\w'’.-]{{0,25}}|\d{{1,3}}(?:st|nd|rd|th))"
_PART = rf"[{CAPITAL}\d][\w'’.-]{{0,25}}"
_REST = rf"(?:[^\S\n]?,[^\S\n]{_PART}(?:[^\S\n]{_PART}){{0,4}}){{0,5}}"
_STREET = re.compile(
    rf"""(?<![\w/.,]) (?: (?:Flat|Apt|Apartment|Unit|Room|Suite)[^\S\n]\w{{1,5}},[^\S\n] )? (?:
        \d{{1,5}}[A-Za-z]? ,? [^\S\n] (?: {_WORD} [^\S\n] ){{1,4}}
          (?: Street|St\.|Road|Rd\.?|Lane|Drive|Crescent|Gardens|Terrace|Court|Close|Boulevard
            |Avenue|Ave\. ) \b
      | (?: {_WORD} [^\S\n] ){{0,2}} [{CAPITAL}]\w{{2,25}}
          (?: str\. | stra[ßs]s?e | weg | platz | gasse | allee | laan | straat | plein
            | ring ) [^\S\n]
          \d{{1,4}}[a-z]?
      | (?: C/|Calle|Avenida|Plaza|Paseo|Rua|Travessa|Largo|Via|Viale|Piazza|Corso|Ulica|ul\. )
        [^\S\n]
          (?: (?:de|del|da|do|dos|das|la|di
            |della)[^\S\n] ){{0,2}} {_WORD} (?: [^\S\n] {_WORD} ){{0,3}}
          ,? [^\S\n] (?:n[°º.]?[^\S\n]?)? \d{{1,4}}[a-z]?
    ) (?! \w | [^\S\n]?(?:km|m|€|h)\b ) {_REST}""",
    re.VERBOSE,
)
# `Rua 3, 3500-012 Viseu`, `Chemin du Pré 9, CH-1260 Nyon`, `Mill Lane, Bakewell DE45 1XX`
_CODED = re.compile(
    rf"""(?<![\w/.-]) (?: [{CAPITAL}][\w'’.-]{{0,25}} (?: [^\S\n] [\w'’.-]{{1,25}} ){{0,4}} ,
      [^\S\n] ){{1,3}}
    (?: (?: (?:CH|B|L|D|A|I|E|NL|PL|P|FL)-\d{{4,5}} | \d{{4}}-\d{{3}} ) [^\S\n]
      [{CAPITAL}][\w'’-]{{1,25}}
        (?: [^\S\n] [{CAPITAL}][\w'’-]{{1,25}} ){{0,2}}
      | (?: [{CAPITAL}][\w'’-]{{1,25}} [^\S\n] ){{1,3}} [A-Z]{{1,2}}\d[A-Z\d]?
        [^\S\n] \d[A-Z]{{2}} )
    (?!\w) (?: ,[^\S\n] [{CAPITAL}][\w'’-]{{2,25}} (?: [^\S\n] [{CAPITAL}][\w'’-]{{1,25}} )? )?""",
    re.VERBOSE,
)
_CODE = re.compile(
    r"(?:CH|[ABDEILP]|NL|PL|FL)-\d{4}|\d{4}-\d{3}\s|[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?!\w)"
)
_NAME_PART = re.compile(r"(?:MM?\.|Mmes?|Mlle|Monsieur|Madame)\s[^,]{2,50},\s")
_SIGNS = re.compile(
    r"Street|Road|Rd\b|Lane|Drive|Crescent|Gardens|Terrace|Court|Close|St\.|Ave\.|str\. "
    r"|stra[ßs]s?e|weg |platz |gasse |allee |laan |straat"
    r"|plein |ring |C/|Calle|Avenida|Plaza|Paseo|Rua|Travessa|Largo|Via|Piazza|Corso|Ulica|ul\."
)
# `Rue de la Loi 16, 1000 Bruxelles`: the number last, a code of four figures.
_NUMBER_LAST = re.compile(
    rf"""(?<!\w) (?i: rue|avenue|chauss[ée]e|place|boulevard|chemin|route|quai|clos ) [^\S\n]
    [^\n,;.:()\d]{{2,40}} [^\S\n] \d{{1,4}}[A-Za-z]? , [^\S\n] (?!19|20) [1-9]\d{{3}} [^\S\n]
    [{CAPITAL}][\w'’-]{{2,25}} (?: ,?[^\S\n] (?i:belgique|suisse|luxembourg) )?""",
    re.VERBOSE,
)


def foreign_streets(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a foreign street with its number starts, and where its town ends."""
    if _SIGNS.search(text):
        for match in _STREET.finditer(text):
            yield match.start(), match.start() + len(match[0].rstrip("."))
    for match in _NUMBER_LAST.finditer(text):
        yield match.span()
    if _CODE.search(text):
        for match in _CODED.finditer(text):
            # The name of whoever lives there may stand first.
            name = _NAME_PART.match(match[0])
            yield match.start() + (name.end() if name else 0), match.end()
