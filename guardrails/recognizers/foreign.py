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
    rf"""(?<![\w/.,]) (?:
        \d{{1,5}}[A-Za-z]? ,? [^\S\n] (?: {_WORD} [^\S\n] ){{1,4}}
          (?: Street|St\.|Road|Rd\.?|Lane|Drive|Crescent|Gardens|Terrace|Court|Close|Boulevard
            |Avenue|Ave\. ) \b
      | (?: {_WORD} [^\S\n] ){{0,2}} [{CAPITAL}]\w{{2,25}}
          (?: str\. | stra[ßs]s?e | weg | platz | gasse | allee | laan | straat | plein
            | ring ) [^\S\n]
          \d{{1,4}}[a-z]?
      | (?: Calle|Avenida|Plaza|Paseo|Rua|Travessa|Largo|Via|Viale|Piazza|Corso|Ulica|ul\. ) [^\S\n]
          (?: (?:de|del|da|do|dos|das|la|di
            |della)[^\S\n] ){{0,2}} {_WORD} (?: [^\S\n] {_WORD} ){{0,3}}
          ,? [^\S\n] (?:n[°º.]?[^\S\n]?)? \d{{1,4}}[a-z]?
    ) (?! \w | [^\S\n]?(?:km|m|€|h)\b ) {_REST}""",
    re.VERBOSE,
)
_SIGNS = re.compile(
    r"Street|Road|Rd\b|Lane|Drive|Crescent|Gardens|Terrace|Court|Close|St\.|Ave\.|str\. "
    r"|stra[ßs]s?e|weg |platz |gasse |allee |laan |straat"
    r"|plein |ring |Calle|Avenida|Plaza|Paseo|Rua|Travessa|Largo|Via|Piazza|Corso|Ulica|ul\."
)


def foreign_streets(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a foreign street with its number starts, and where its town ends."""
    if _SIGNS.search(text):
        for match in _STREET.finditer(text):
            yield match.start(), match.start() + len(match[0].rstrip("."))
