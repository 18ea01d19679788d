# SPDX-License-Identifier: EUPL-1.2
"""What stands before the pieces of an address and belongs to it, though no word says so.

Claire Arran – Kerclair, 33999 Fontclaire     a place between commas and dashes
Claire Arran
Maison Haute                                  the lines of a letter's head, name left out
33999 Fontclaire
"""

from __future__ import annotations

import re

from guardrails.normalise import CAPITAL
from guardrails.recognizers.first_names import is_name
from guardrails.recognizers.owners import PUBLIC_PLACE
from guardrails.recognizers.street import NAME

# `Claire Arran – Kerclair, 33999 Fontclaire`, `Les Quatre Routes, 33999 …`, `casa Filippi – …`
_PLACE_BEFORE = re.compile(
    rf"""(?: (?<=[,;:|(\n–-]) | (?<=[^\S\n]) (?<=[,;:|(\n–-][^\S\n])
      | (?<=\n\d\)[^\S\n]) | \A ) [^\S\n]{{0,3}}
    (?P<place> (?: \d{{1,4}} (?:\s?(?i:bis|ter)\b)? [^\S\n] )? (?: (?i:maison|casa|borda|mas|ferme
      |villa|quartier|pavillon|cit[ée]|lot|lotissement|campagne|hameau|domaine|r[ée]sidence)
        [^\S\n] )?
      (?: {NAME} | n°[^\S\n]?\d{{1,4}} | \d{{1,4}} ) )
    [^\S\n]{{0,3}} [,|–-] \s{{0,3}} \Z""",
    re.VERBOSE,
)
_NO_PLACE = re.compile(
    r"\A(?:MM?\.\s|(?:Mmes?|Mlle|Monsieur|Madame|Me|Dr|EI|[Ss]t[ée]|[Ee]ts|SIREN|SIRET|N°|T[ée]l"
    r"|N[ée]e?|Page|Art|Lot\s\d)\b)"
    r"|\d{6}|@|\bEI\Z|\A[a-zà-ÿ]+(?:\s[a-zà-ÿ]+){2,}\Z"
)
_ARTICLE = re.compile(r"L[ae]s?\s|L['’]")
_MAX_PLACES = 3
_HEAD_LINE = re.compile(
    rf"[^\S\n]{{0,80}}(?P<words>(?!.*\b(?:MM?\b|Mmes?|MME|Mlle|Mon\s?sieur|Mad\s?ame|Me|Dr|Objet"
    rf"|Réf)\b|Le\s\d)"
    rf"[{CAPITAL}\d][\w'’.°,/« »-]{{2,45}}(?<![.;:!?]))[^\S\n]{{0,10}}"
)
_MAX_LINES_ABOVE = 5


def places_before(text: str, start: int, *, is_any: bool) -> list[tuple[int, int]]:
    """Return what stands between commas and dashes before a town, as long as it reads as a place.

    Before a street without a town, only what begins with an article (`Les Landes, 6 r. …`).
    """
    places: list[tuple[int, int]] = []
    while len(places) < _MAX_PLACES:
        match = _PLACE_BEFORE.search(text, max(0, start - 70), start)
        if not match or PUBLIC_PLACE.search(match["place"]) or _NO_PLACE.search(match["place"]):
            break
        if not is_any and not _ARTICLE.match(match["place"]):
            break
        places.insert(0, match.span("place"))
        start = match.start("place")
    return places


def lines_above(text: str, start: int) -> list[tuple[int, int]]:
    """Return the lines of a letter's head between the name and the town: a house, a place.

    The top line of the block is the name's; a public body's block has none that is private.
    """
    lines: list[tuple[int, int]] = []
    end = text.rfind("\n", 0, start)
    if end < 0 or text[end:start].strip() or PUBLIC_PLACE.search(text, max(0, end - 200), end):
        return lines
    while len(lines) < _MAX_LINES_ABOVE and end > 0:
        begin = text.rfind("\n", 0, end) + 1
        line = _HEAD_LINE.fullmatch(text, begin, end)
        if not line:
            break
        lines.insert(0, line.span("words"))
        end = begin - 1
    top = not lines or not text[text.rfind("\n", 0, max(0, end)) + 1 : max(0, end)].strip()
    lines = lines[1:] if top else lines
    while lines and is_name(text[slice(*lines[0])]):
        lines = lines[1:]
    return lines
