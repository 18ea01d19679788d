# SPDX-License-Identifier: EUPL-1.2
"""Postal addresses of persons: pieces that follow each other, then a judgement on the whole.

    12 bis, rue des Lilas  ·  Bât. B, appt 4  ·  BP 12  ·  33999 Fontclaire CEDEX
    ────── street ───────     ──── unit ────     ─ box     ──────── town ────────

Pieces separated by a comma, a dash or a line break make one address. It is one when a house
number stands in it, or a town with its postcode after a street, a hamlet or a box, or when a
word such as `demeurant` calls it. A street alone stays, and so does the address of a town
hall, a school, a hall, a company: the nearest word about whose it is decides.

`address.street`, `address.town`, `address.label`. Source: La Poste, norme AFNOR XP Z10-011.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.findings import Entity, Finding
from guardrails.recognizers.owners import OWNER, PUBLIC_PLACE
from guardrails.recognizers.recognizer import Recognizer
from guardrails.recognizers.street import (
    BRIDGE,
    CODE_BESIDE,
    NAME,
    PIECE,
    TOWN_AFTER_COMMA,
    TOWN_BESIDE,
)

_GAP = re.compile(
    r"(?:[^\S\n]{0,3}[,;:–|/()-]{0,2}[^\S\n]{0,3}\n?){1,2}[^\S\n]{0,20}(?:(?:à|a|au)\s)?"
)
_CALL = re.compile(
    r"""(?<!\w)(?: demeur\w{1,6} | domicili[ée]{1,2}s? | domicile | r[ée]sid(?:ant|e|ent|ait) |
      j['’ ]?habite | (?:habite|habitant|habitons)(?=\s(?:au|à|le|la|dans|rue)\b)
      | (?:je|il|elle)\s(?:habite|vis|vit) | log[ée]e?s? | h[ée]berg[ée]e?s? | adresses?
        (?:\s(?:personnelle|postale|du\s(?:demandeur|p[ée]titionnaire|propri[ée]taire|titulaire
        |domicile|d[ée]funt)|de\s(?:r[ée]sidence|correspondance)))? ) (?!\w)
      [\s:,]{0,4} (?: (?:au|à|a|aux|dans|chez|le|la|les|du|de|sise?|est|bien)\s ){0,3} \Z""",
    re.VERBOSE | re.IGNORECASE,
)
_AFTER_PERSON = re.compile(r"(?:M\.|Mmes?|MM\.|Mlle|Monsieur|Madame|consorts)\s[^\n().;]{2,40}\(\Z")
_RANGE = re.compile(
    r"""(?: \b du \s (?:n°\s?)? \d{1,4} \s? (?:bis|ter)? \s (?:au|jusqu['’]au) \s (?:n°\s?)?
      | \b entre \s les? \s (?: n°s?\s? | num[ée]ros?\s? )? \d{1,4} \s et \s (?:le\s)? (?:n°\s?)?
      | \b n(?:°s? | um[ée]ros? | os? ) \s? \d{1,4} \s (?: à|et|au ) \s )\Z""",
    re.VERBOSE | re.IGNORECASE,
)
# `enfants domiciliés à …` says where people live, not where one person does.
_MANY = re.compile(
    r"(?<!\w)(?:nombre|enfants|familles?|habitants|personnes|jeunes|[ée]tudiants|[ée]l[èe]ves"
    r"|usagers|citoyens|ressortissants|foyers|non|\w{0,8}communautaires)"
    r"(?!\w)[^.;:]{0,40}?\s(?:demeur|domicili|r[ée]sid|habit)\w{0,6}\s(?:à\s|a\s)?\Z",
    re.IGNORECASE,
)
_DAY_OR_HOUR = re.compile(
    r"(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|\d\s?h(?:eures)?|\d:)\s{0,2}\Z",
    re.IGNORECASE,
)
_OWNED_AFTER = re.compile(
    r"[\s,(]{1,3}(?:appartenant|appartient|(?:est\s)?(?:la\s)?propri[ée]t[ée]\sde|(?:est\s)?(?:occup"
    r"|habit|lou)[ée]e?\spar|chez|o[ùu]\s(?:vit|habite|r[ée]side|demeure))\b(?!\s(?:à\s)?la\scommune)",
    re.IGNORECASE,
)
_NEAR_OWNER_CHARS = 45
# `Claire Arran – Kerclair, 33999 Fontclaire`: a place name between a dash and a town.
_PLACE_BEFORE = re.compile(rf"(?<=[–(:-][^\S\n])(?P<place>{NAME}),[^\S\n]\Z", re.VERBOSE)
_UNIT_WORD = re.compile(r"[^\W\d_]{2,}")
_BEFORE_CHARS = 90


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    kind: str


def _search(text: str) -> Iterator[Finding]:
    for chain in _chains(text):
        if chain[0].kind == "town" and (place := _place_before(text, chain[0].start)):
            chain.insert(0, place)
        rule = _rule(text, chain)
        if rule:
            yield Finding(chain[0].start, chain[-1].end, Entity.ADDRESS, rule)


def _chains(text: str) -> Iterator[list[_Piece]]:
    """Yield the runs of pieces that only commas, dashes, line breaks or a place name separate."""
    chain: list[_Piece] = []
    for piece in _pieces(text):
        if chain and not _follows(text, chain[-1], piece):
            yield chain
            chain = []
        chain.append(piece)
    if chain:
        yield chain


def _follows(text: str, last: _Piece, piece: _Piece) -> bool:
    if _GAP.fullmatch(text, last.end, piece.start):
        return True
    return piece.kind == "town" and bool(BRIDGE.fullmatch(text, last.end, piece.start))


def _pieces(text: str) -> Iterator[_Piece]:
    position = 0
    while match := PIECE.search(text, position):
        kind = match.lastgroup or ""
        yield _Piece(*match.span(kind), kind)
        position = match.end()
        if kind in {"street", "low", "free"} and (
            town := _beside(text, position)
            or (any(c.isdigit() for c in match[kind]) and TOWN_AFTER_COMMA.match(text, position))
        ):
            yield _Piece(*town.span("town"), "beside")
            position = town.end()


def _place_before(text: str, start: int) -> _Piece | None:
    match = _PLACE_BEFORE.search(text, max(0, start - 60), start)
    if not match or PUBLIC_PLACE.search(match["place"]):
        return None
    return _Piece(*match.span("place"), "hamlet")


def _beside(text: str, position: int) -> re.Match[str] | None:
    """Return a town without code, or a code without town, where a street ends."""
    return TOWN_BESIDE.match(text, position) or CODE_BESIDE.match(text, position)


def _rule(text: str, chain: list[_Piece]) -> str | None:
    """Return why the chain is the address of a person, None where it is not."""
    kinds = {piece.kind for piece in chain}
    start = chain[0].start
    before = text[max(0, start - _BEFORE_CHARS) : start]
    if (kinds == {"free"} and _MANY.search(before)) or _DAY_OR_HOUR.search(before):
        return None
    is_called = bool(_CALL.search(before) or _AFTER_PERSON.search(before)) or "free" in kinds
    if not is_called and (
        _last(PUBLIC_PLACE, before) > _last(OWNER, before) or _RANGE.search(before)
    ):
        return None
    if "town" in kinds and len(kinds) > 1:
        return "address.town"
    if "street" in kinds:
        return "address.street"
    if "hamlet" in kinds and _OWNED_AFTER.match(text, chain[-1].end):
        return "address.label"
    if "hamlet" in kinds and OWNER.search(before[-_NEAR_OWNER_CHARS:]):
        return "address.label"
    units = _unit_words(text, chain)
    if (
        is_called
        or kinds >= {"hamlet", "unit"}
        or (len(units) >= 2 and units != {"lotissement", "lot"})
    ):
        return "address.label"
    return None


def _unit_words(text: str, chain: list[_Piece]) -> set[str]:
    """Return the words that open its units: `lot 1, lot 2` are two lots, not a home."""
    units = (text[piece.start : piece.end] for piece in chain if piece.kind == "unit")
    return {word[0].lower() for unit in units if (word := _UNIT_WORD.search(unit))}


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Return where the last match ends, -1 without one."""
    return max((match.end() for match in pattern.finditer(text)), default=-1)


ADDRESS = Recognizer(name="address", search=_search)
