# SPDX-License-Identifier: EUPL-1.2
"""Postal addresses of persons: pieces that follow each other, then a judgement on the whole.

    12 bis, rue des Lilas  ·  Bât. B, appt 4  ·  BP 12  ·  33999 Fontclaire CEDEX
    ────── street ───────     ──── unit ────     ─ box     ──────── town ────────

Pieces separated by a comma, a dash or a line break make one address. It is one when a house
number stands in it, or a town with its postcode after a street, a hamlet or a box, or when a
word such as `demeurant` calls it. A street alone stays, and so does the address of a town
hall, a school, a hall, a company: the nearest word about whose it is decides.

`address.street`, `address.town`, `address.label`, `address.home`; `address.field` in a form, a
  table or XML;
`address.foreign`.
Source: La Poste, norme AFNOR XP Z10-011.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, ADDRESS 1267 of 1363,
kept spans touched 953 of 16670; gold, held out, ADDRESS 18 of 18, kept spans touched 2 of 210;
gold, held out, second author, ADDRESS 46 of 47, kept spans touched 4 of 362; gold, held out,
third part, ADDRESS 57 of 62, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.findings import Entity, Finding
from guardrails.normalise import CAPITAL
from guardrails.recognizers.above import lines_above, places_before
from guardrails.recognizers.address_fields import address_fields
from guardrails.recognizers.foreign import foreign_streets
from guardrails.recognizers.homes import homes
from guardrails.recognizers.homes_told import homes_told
from guardrails.recognizers.owners import OWNER, PUBLIC_PLACE, is_in_row_of_a_place, last_of
from guardrails.recognizers.public import PLACED, is_of_a_body
from guardrails.recognizers.recognizer import Recognizer
from guardrails.recognizers.street import (
    BRIDGE,
    CANDIDATE,
    CODE_BESIDE,
    DEPARTMENT_BESIDE,
    PIECE,
    TOWN_AFTER_COMMA,
    TOWN_BESIDE,
    may_open,
)
from guardrails.spans import merged

_GAP = re.compile(
    r"(?:[^\S\n]{0,3}[,;:–|/()-]{0,2}[^\S\n]{0,3}\n?){1,2}[^\S\n]{0,80}"
    r"(?:(?:(?:à|a|au)|(?:sur\sla\s)?commune\sde)\s)?"
)
_CALL = re.compile(
    r"""(?<!\w)(?: demeur\w{1,6} | point\sde\s(?:livraison|comptage) |
      lieu\sde\sconsommation | d[oe]m\. | hab\. | domicili[ée]{1,2}s?
      | domicile (?:\s(?:et|ou|/)\s[a-zé]{4,14})? | (?:envoi|correspondance)(?=\s?:) |
      r[ée]sid(?:ant|e|ent|ait) |
      terrain\ssise? | j['’ ]?habite | m[êe]me\s(?:immeuble|adresse|b[âa]timent|r[ée]sidence
        |rue) | chez\s(?:l[ae]\s|l['’])?\w{2,20} | d[ée]m[ée]nag\w{1,5} |
        actuellement | (?:habite|habitant|habitons)(?=\s(?:au|à|le|la|dans|rue)\b)
      | (?:je|il|elle|on|nous)\s(?:habite|vis|vit|loge|habitons|vivons) | log[ée]e?s? |
        h[ée]berg[ée]e?s? | adresses?
        (?:\s(?:personnelle|postale|du\s(?:demandeur|p[ée]titionnaire|propri[ée]taire|titulaire
        |domicile|d[ée]funt)|de\s(?:r[ée]sidence|correspondance)))? ) (?!\w)
      [\s:,]{0,4} (?: (?:au|à|a|aux|dans|chez|le|la|les|du|de|sise?|est|bien)\s ){0,3} \Z""",
    re.VERBOSE | re.IGNORECASE,
)
_AFTER_PERSON = re.compile(r"(?:M\.|Mmes?|MM\.|Mlle|Monsieur|Madame|consorts)\s[^\n().;]{2,40}\(\Z")
_RANGE = re.compile(
    r"""(?: \b du \s (?:n°\s?)? \d{1,4} \s? (?:bis|ter)? \s (?:au|jusqu['’]au) \s (?:n°\s?)?
      | \b entre \s les? \s (?: n°s?\s? | num[ée]ros?\s? )? \d{1,4} \s et \s (?:le\s)? (?:n°\s?)?
      | \b (?: au\sdroit | à\s(?:la\s)?hauteur | à\spartir ) \s (?: du | des ) \s (?: n°s?\s? )?
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
    r"[\s,(]{1,3}(?:appartenant|appartient|(?:est\s)?(?:la\s)?propri[ée]t[ée]\sde"
    r"|(?:est\s)?(?:occup"
    r"|habit|lou)[ée]e?\spar|chez|o[ùu]\s(?:vit|habite|r[ée]side"
    r"|demeure))\b(?!\s(?:à\s)?la\scommune)",
    re.IGNORECASE,
)
_NEAR_OWNER_CHARS = 45
_LABEL_ALONE = re.compile(r"\s*(?:[^\W\d_][\w' ’]{2,20}\s?:\s*)?")
_IS_COMPANY = re.compile(
    r"(?<!\w)(?:SARL|SASU?|SA|SCI|SNC|SCCV|EURL|EARL|GAEC|SELARL|SCOP|[Ss]t[ée]"
    r"|[Ee]ts)\b[^.;\n]{0,60}\Z"
)
_TOWN_BEFORE = re.compile(
    rf"""(?<!\w)(?: maison | appartement | logement | domicile | demeur\w{{1,4}} | habit\w{{1,4}}
      | r[ée]sid\w{{1,4}} | domicili[ée]e?s? ) \s (?:de|[àa]|sur)\s
    (?P<town> (?-i: [{CAPITAL}][\w'’-]{{1,30}} (?:[^\S\n][{CAPITAL}][\w'’-]{{1,30}}){{0,2}} )
      (?:[^\S\n]\(\d{{5}}\))? ) ,[^\S\n]\Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""`la maison de Fontclaire, 11 rue Haute`"""

_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_AND_TO = re.compile(r"\s{1,2}(?:(?:et|puis|ou)\s)?(?:au|à|a|du)\s{1,2}|\s{1,2}et\s{1,2}")
_LISTED = re.compile(r"(?P<first>\d{1,4})\s?,?\s(?P<second>\d{1,4})(?!\d)")
_MAX_NUMBERS_APART = 40
_ASKED = re.compile(r"adresse[^\n?]{0,20}\?\s{1,3}(?:[-–•>][^\S\n]{0,2})?\Z", re.IGNORECASE)
"""The question that an answer follows."""

_COUNT = re.compile(r"\d{1,3}[^\S\n](?:places?|cours|passages?|portes?)[^\S\n]*\n")
"""`Logement : 1 place`, at the end of its line: how many, not where."""

_ANY_HAMLET = re.compile(
    r"(?<!\w)(?i:chaque|aucun|un|ce|autre|tout|même|quel|par)\s"
    r"(?i:hameau|ferme|lieu-?\s?dit)\s(?:(?!de\b|du\b|des\b|d['’]|l['’]|l[ae]s?\b)[a-zà-ÿ])"
)
"""`chaque hameau en aura un`: hameaux in general, none by its name."""

_DETERMINER_CHARS = 8
_LINE_START = re.compile(r"(?:\A|\n)[^\S\n]{0,20}(?:[-–•*>][^\S\n]{0,3})?\Z")
_LINE_END = re.compile(r"[^\S\n]{0,20}(?:[,.]?[^\S\n]{0,3}\n|\Z)")
_MAKE_A_HOME = frozenset({"unit", "street", "low", "beside", "town", "box"})
_NEED_A_CALL = frozenset({"area", "box", "home", "named", "town", "unit"})
"""What says nothing of a person when it stands alone."""

_GROUNDS = frozenset({"lotissement", "lot", "copropriété", "cité", "domaine"})
_OF_OR_AT = re.compile(r"(?<!\w)(?:du|au)\s\Z", re.IGNORECASE)
"""`Mme Arran, du 5, allée neuve`"""

_UNIT_WORD = re.compile(r"[^\W\d_]{2,}")
_BEFORE_CHARS = 90


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    kind: str


def _search(text: str) -> Iterator[Finding]:
    yield from merged(_found(text))


def _found(text: str) -> Iterator[Finding]:
    for start, end in address_fields(text):
        yield Finding(start, end, Entity.ADDRESS, "address.field")
    for start, end in foreign_streets(text):
        near = _near(text, start)
        if last_of(PUBLIC_PLACE, near) <= last_of(OWNER, near):
            yield Finding(start, end, Entity.ADDRESS, "address.foreign")
    for start, end in (*homes(text), *homes_told(text)):
        yield Finding(start, end, Entity.ADDRESS, "address.home")
    reached = -1
    for chain in _chains(text):
        has_town = any(piece.kind == "town" for piece in chain)
        if has_town or chain[0].kind == "street":
            chain[:0] = _hamlets(places_before(text, chain[0].start, is_any=has_town))
        if chain[0].kind == "street" and (
            town := _TOWN_BEFORE.search(
                text, max(0, chain[0].start - _BEFORE_CHARS), chain[0].start
            )
        ):
            chain.insert(0, _Piece(*town.span("town"), "beside"))
        if has_town:
            chain[:0] = _hamlets(lines_above(text, chain[0].start))
        rule = _rule(text, chain)
        if not rule and reached >= 0 and _AND_TO.fullmatch(text, reached, chain[0].start):
            rule = "address.label"  # `du 12 rue Haute au 2 all des cèdres`
        if rule:
            reached = chain[-1].end
            yield Finding(chain[0].start, reached, Entity.ADDRESS, rule)


def _hamlets(spans: list[tuple[int, int]]) -> list[_Piece]:
    return [_Piece(start, end, "hamlet") for start, end in spans]


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
    for candidate in CANDIDATE.finditer(text):
        if candidate.start() < position or not may_open(candidate[0]):
            continue
        match = PIECE.match(text, candidate.start())
        if not match:
            continue
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        if kind == "hamlet" and _ANY_HAMLET.search(text, max(0, start - _DETERMINER_CHARS), end):
            continue
        yield _Piece(_first_number(text, start, end) if kind == "street" else start, end, kind)
        position = match.end()
        if kind not in {"town", "box"} and (
            town := _beside(text, position)
            or (
                kind in {"street", "low", "free"}
                and any(c.isdigit() for c in match[kind])
                and TOWN_AFTER_COMMA.match(text, position)
            )
        ):
            yield _Piece(*town.span("town"), "beside")
            position = town.end()


def _first_number(text: str, start: int, end: int) -> int:
    """Return where a street's numbers start: `44, 17 rue Haute` is another one and 17."""
    while listed := _LISTED.match(text, start, end):
        first, second = int(listed["first"]), int(listed["second"])
        if first < second <= first + _MAX_NUMBERS_APART:
            break
        start = listed.start("second")
    return start


def _beside(text: str, position: int) -> re.Match[str] | None:
    """Return a town without code, or a code without town, where a street ends."""
    return (
        TOWN_BESIDE.match(text, position)
        or CODE_BESIDE.match(text, position)
        or DEPARTMENT_BESIDE.match(text, position)
    )


def _rule(text: str, chain: list[_Piece]) -> str | None:
    """Return why the chain is the address of a person, None where it is not."""
    kinds = {piece.kind for piece in chain}
    start = chain[0].start
    before = text[max(0, start - _BEFORE_CHARS) : start]
    if (kinds == {"free"} and _MANY.search(before)) or _DAY_OR_HOUR.search(before):
        return None
    if is_of_a_body(text, start, PLACED):
        return None
    call = _CALL.search(before)
    is_named = bool(_AFTER_PERSON.search(before) or _ASKED.search(before))
    if len(chain) == 1 and kinds <= _NEED_A_CALL and not (call or is_named):
        return None
    near = _near(text, start)
    is_public = last_of(PUBLIC_PLACE, near) > last_of(OWNER, near)
    is_public = is_public or is_in_row_of_a_place(text, start)
    if call and is_public and call[0].lower().startswith("adresse"):
        return None
    if not call and _COUNT.match(text, start) and before.rstrip().endswith(":"):
        return None
    is_called = "free" in kinds or bool(call) or is_named
    if not is_called and (is_public or _RANGE.search(before)):
        return None
    if "town" in kinds and len(kinds) > 1 and not _IS_COMPANY.search(before):
        return "address.town"
    if kinds == {"named", "beside"} and OWNER.search(near) and not is_public:
        return "address.town" if _POSTCODE.search(text, start, chain[-1].end) else None
    if "street" in kinds or (
        kinds == {"low"}
        and (_fills_line(text, chain) or (_OF_OR_AT.search(before) and OWNER.search(near)))
    ):
        return "address.street"
    if "hamlet" in kinds and _OWNED_AFTER.match(text, chain[-1].end):
        return "address.label"
    if "hamlet" in kinds and OWNER.search(before[-_NEAR_OWNER_CHARS:]):
        return "address.label"
    units = _unit_words(text, chain)
    if (
        is_called
        or kinds >= {"hamlet", "unit"}
        or ("home" in kinds and len(chain) > 1 and (kinds & _MAKE_A_HOME or not units & _GROUNDS))
        or (len(units) >= 2 and units != {"lotissement", "lot"})
    ):
        return "address.label"
    return None


def _fills_line(text: str, chain: list[_Piece]) -> bool:
    """Tell whether the chain is all that its line, or its turn in a chat, says."""
    return bool(
        _LINE_START.search(text, max(0, chain[0].start - _BEFORE_CHARS), chain[0].start)
        and _LINE_END.match(text, chain[-1].end)
    )


def _near(text: str, start: int) -> str:
    """Return the words that say whose an address is: its clause, and the line above its own."""
    line_start = text.rfind("\n", 0, start) + 1
    if _LABEL_ALONE.fullmatch(text, line_start, start):  # its owner stands one line above
        line_start = text.rfind("\n", 0, max(0, line_start - 1)) + 1
    near = text[max(line_start, start - _BEFORE_CHARS) : start]
    return near[max(near.rfind(sign) for sign in "|;·") + 1 :]


def _unit_words(text: str, chain: list[_Piece]) -> set[str]:
    """Return the words that open its units: `lot 1, lot 2` are two lots, not a home."""
    units = (text[p.start : p.end] for p in chain if p.kind in {"unit", "home"})
    return {word[0].lower() for unit in units if (word := _UNIT_WORD.search(unit))}


ADDRESS = Recognizer(name="address", entities=(Entity.ADDRESS,), search=_search)
