# SPDX-License-Identifier: EUPL-1.2
"""What frames an act's decision and says which act it is: sitting, visas, vote, stamps, signature.

It differs from one act to the next whatever they decide, and is told apart.
"""

from __future__ import annotations

import re

from assistant.comparing.tokens import TOLD, read_values
from corpus.french import fold
from corpus.sections import DECIDES, GROUND, VISA

DECISION_CHARS = 120
"""« Après en avoir délibéré, décide : » is no longer; what is decided may follow on its line."""

_BEGINS = re.compile(
    r"""\s*\[?(?:
      envoyee?\sen | recue?\sen | publiee?\b | affichee?\b | transmise?\s(?:en|au)
    | notifiee?\s(?:le|a)
    | id\s?: | page\s\d | cachet | fait\s(?:a\b|en\s|le\s) | pour\sextrait
    | (?:acte\s)?certifie | ainsi\sfait
    | votes?\s?: | votee?\b | adoptee?\b | secretaire\sde\sseance | rapporteur | l'an\s(?:deux|2)
    | membres\sen\sexercice | nombre\sde\s(?:conseillers|membres|presents|votants)
    | (?:etaient\s)?(?:presents?|absents?|excuses?)\s?: | republique\sfran | extrait\sdu\sregistre
    | deliberation\s(?:n|du) | (?:la\s)?seance\s | fin\sde\sla\sseance | fait\set\s
    | (?:mise?\s)?a\sjour\s | edition\s | signe\sa\b
    | (?:monsieur\s|madame\s)?l[ea]\smaire\s(?:rappelle|expose|propose|informe)
    | (?P<bare>objet\s?: | l[ea]\smaire(?:,.{0,40})?$
    | (?:commune|mairie|ville|departement|canton)\sd) )""",
    re.VERBOSE,
)
"""How such paragraphs begin; `bare`: where they tell no price and no hour."""

_QUORUM = re.compile(r"membres\s|nombre\s|presents\b|pouvoirs\b|votants\b")
_ENDS = re.compile(
    r"^.{0,90}\b(?:decide|arrete|delibere)\s?:$|tribunal administratif"
    r"|adoptee? a (?:l'unanimite|la majorite)|\b(?:est|sont) abrogee?s?\b"
    r"|\b(?:abroge|remplace) (?:l[ea] |l'|celui|celle)"
    r"|conseil (?:municipal|communautaire|syndical) du \d"
)
_FIRST_ARTICLE = re.compile(r"\s*art(?:icle|\.)\s*(?:1|premier|i\b)")


def is_decision(text: str) -> bool:
    """Whether an act decides from here on."""
    return bool(DECIDES.match(text) or _FIRST_ARTICLE.match(fold(text)))


def is_visa(text: str) -> bool:
    """Whether a line is one of those that an act's decision rests on."""
    return bool(VISA.match(text))


def is_frame(text: str, *, is_row: bool) -> bool:
    """Whether a paragraph, or a row of a table, frames what an act decides."""
    if VISA.match(text) or GROUND.match(text):
        return True
    if DECIDES.match(text) and len(text) < DECISION_CHARS:
        return True
    folded = fold(text)
    begins = (_QUORUM if is_row else _BEGINS).match(folded)
    is_told = begins and begins.groupdict().get("bare") and tells(text)
    return bool((begins and not is_told) or _ENDS.search(folded))


def tells(text: str) -> bool:
    """Whether a line tells a price or an hour."""
    return any(value.kind in TOLD for value in read_values(text))
