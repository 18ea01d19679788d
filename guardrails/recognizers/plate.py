# SPDX-License-Identifier: EUPL-1.2
"""Number plates of vehicles: the system of 2009 (SIV) and the one before (FNI).

    AB-123-CD     SIV: no I, O or U, no SS, nor WW but for a provisional plate
    1234 AB 33    FNI: number, letters, department (2A, 2B, 971 to 976)
    |A|B|1|2|3|C|D|    AB tiret 123 tiret CD    boxes of a form; dictated

`plate.siv`: in capitals, but where the words right before say a product (`toner TN-243-BK`).
`plate.label`: a word about a vehicle or an accident stands near; then small letters and an old
or a foreign plate are enough; `plate.column`: under such a word in a table.
Source: `arrêté du 9 février 2009`.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, PLATE 233 of 236, kept
spans touched 953 of 16670; gold, held out, PLATE 4 of 4, kept spans touched 2 of 210; gold,
held out, second author, PLATE 7 of 7, kept spans touched 4 of 362; gold, held out, third part,
PLATE 11 of 12, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.recognizers.fields import cells_under
from guardrails.recognizers.recognizer import Recognizer, is_labelled

_LETTER = "[A-HJ-NP-TV-Z]"
_SEPARATOR = r"[^\S\n]?[-–.·_]?[^\S\n]?"

_SIV = re.compile(
    rf"""(?<![\w\-]) (?! SS ) {_LETTER}{{2}}
    (?: {_SEPARATOR} | -\n ) [\dOIl]{{3}} (?: {_SEPARATOR} | -\n )
    (?! SS ) {_LETTER}{{2}} (?! \w | -\w | [^\S\n]?\d )""",
    re.VERBOSE,
)
_ANY_SIV = re.compile(
    rf"(?<![\w]) [A-Z]{{1,2}} {_SEPARATOR} [\dOIl]{{3}} {_SEPARATOR} [A-Z]{{1,2}} (?!\w)",
    re.VERBOSE | re.IGNORECASE,
)
_FNI = re.compile(
    rf"""(?<![\w]) (?<!R[DN][ ])
    \d (?-i:[\dOIl]{{0,3}}) {_SEPARATOR} [A-HJ-NP-TV-Z]{{1,3}} {_SEPARATOR}
    (?: 97[1-6] | 2[AB] | (?-i: \d[\dOIl] | [OIl]\d ) ) (?! \w | [.,]\d | [^\S\n]\d )""",
    re.VERBOSE | re.IGNORECASE,
)
_OLD = re.compile(
    r"\d{1,4}[ -](?!PC|DP|AT|RD|VC)[A-HJ-NP-TV-Z]{2,3}[ -](?:97[1-6]|2[AB]|[1-9]\d|0[1-9])"
)
_WHOLE = re.compile(
    r"(?:[A-Z]{2}|W)[-. ]?\d{3}[-. ]?[A-Z]{2}|\d{3,4}[ -]?[A-Z]{2,3}[ -]?\d[\dAB]", re.IGNORECASE
)
"""A plate in full: a word about a vehicle may follow it, at some distance."""

_BOXED = re.compile(
    r"""(?<!\w) (?: [A-Z] [ ]?[|│ ][ ]? ){2} (?: - [ ]?[|│ ][ ]? )? (?: \d [ ]?[|│ ][ ]? ){3}
    (?: - [ ]?[|│ ][ ]? )? [A-Z] [ ]?[|│ ][ ]? [A-Z] (?!\w)""",
    re.VERBOSE,
)
_DICTATED = re.compile(
    r"""(?<!\w) [A-Z]{2} (?P<mark> [ ](?:espace|tiret|trait|point)[ ] ) \d{3}
      (?P=mark) [A-Z]{2} (?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"""(?<![\w]) (?: [A-Z]{1,3} [-\s:·] [A-Z]{1,2} [-\s]? \d{1,4} | \d[-\s][A-Z]{3}[-\s]\d{3}
      | \d{4} [\s-]? [A-Z]{3} | [A-Z]{2} [\s-]? \d{3,5} [\s-]? [A-Z]{0,3} | [A-Z]{3}[\s-]\d{3,4} )
    (?! \w | [^\S\n]?(?:€|km|kg) )""",
    re.VERBOSE,
)
"""Germany, Belgium, Spain, Italy, Switzerland, Luxembourg…: only beside a word about a vehicle."""

_VEHICLE = r"""
        immatricul\w{1,7} | imm?at?\.(?!\w) | imm\. | plaques?\b | v[ée]h(?:icules?\b|\.)
          | voitures?\b | automobiles?\b | auto\b | [ée]paves?\b | fourri[èe]re | R\d{1,2}\b
      | scooters?\b | motos?\b | mobylettes? | v[ée]lomoteurs? | cyclomoteurs? | quads?\b
      | conduct(?:eur|rice) | camions?\b | camionnettes?\b | fourgons?\b | fourgonnettes?\b
      | remorques?\b | caravanes?\b | camping-?cars? | utilitaires?\b | tracteurs?\b | 4[x×]4\b
      | bennes?\b | tractopelles?
      | pick-?ups?\b | berlines?\b | poids\slourds? | autocars?\b | minibus | taxis?\b
      | carte\s{1,2}grise | certificat\s{1,2}d['’]immatriculation
"""
_BRAND = r"""
        Renault|Peugeot|Citro[ëe]n|Dacia|Volkswagen|VW|Toyota|Opel|Fiat|BMW|Audi|Mercedes|Nissan
      | Tesla|Suzuki|Yamaha|Honda|Ford|Skoda|Seat|Kia|Hyundai|Mazda|Mitsubishi|Volvo|Jeep|Lexus
      | Porsche|Piaggio|Vespa|Kawasaki|Iveco|Scania|Massey|Deere|Fendt|Claas|Same|Deutz
      | Twingo|Clio|Kangoo|M[ée]gane|Sc[ée]nic|Berlingo|Sandero|Duster|Logan|Golf|Polo|Passat
      | Yaris|Captur|Zo[ée]|Trafic|Laguna|Espace|Partner|Jumper|Jumpy|Boxer|Ducato|Transit|Vito
      | Sprinter|Xsara|Picasso|Saxo|Corsa|Astra|Zafira|Fiesta|Focus|Punto|Panda|Micra|Qashqai
      | Octavia|Fabia|Touran|Tiguan|Caddy|2\s?CV|4L|M[ée]hari
      | (?: la|ma|sa|une )\s(?:10[4-8]|20[4-8]|30[0-9]|40[4-8]|50[4-8]|60[47]|[2-5]008|C[1-8])
"""
_LABEL = re.compile(rf"(?<!\w)(?: {_VEHICLE} | (?:{_BRAND})\b )", re.VERBOSE | re.IGNORECASE)
_OF_A_VEHICLE = re.compile(rf"(?<!\w)(?:{_VEHICLE})", re.VERBOSE | re.IGNORECASE)
_INVOLVED = re.compile(
    r"""(?<!\w)(?: accident | collision | accroch[ée] | constat\samiable | assureur | percut
      | verbalis | stationn[ée] | gar[ée]e?s?\b | stationnement\s(?:g[êe]nant|abusif|interdit)
      | enl[èe]vement | badge\sparking | parking\b | macaron )""",
    re.VERBOSE | re.IGNORECASE,
)
"""What vehicles do: enough for an old plate in full, a little farther away."""

_INVOLVED_CHARS = 120
_VEHICLE_AFTER_CHARS = 30
_PRODUCT = re.compile(
    r"""(?<!\w)(?:
      (?: r[ée]f | r[ée]f[ée]rences? | mod[èe]les? | produits? | catalogues? | n°\sde\ss[ée]rie )
        (?: \s[^\W\d]{2,15} )? \.?\s?:?
      | (?: devis | factures? ) (?: \s (?:n° | [^\W\d]{2,15}) )?
      | (?: toners? | cartouches? | imprimantes? | photocopieu\w{1,4} | copieurs? | scanners?
        | [ée]crans? | ordinateurs? | t[ée]l[ée]viseurs? | routeurs? | bo[îi]tiers? | tablettes?
        | t[ée]l[ée]phones? | smartphones? | radios? | bornes? | serrures? | cylindres?
        | armoires? | tapis | lits? | tables? | chaises? | fauteuils? | bancs? | mobiliers?
        | vestiaires? | [ée]tag[èe]res? | vitrines? | urnes? | isoloirs? | tentes? | barnums?
        | podiums? | chariots? | [ée]chelles? | jeux? | toboggans? | luminaires? | lumineux
        | lampes? | ampoules? | lampadaires? | cand[ée]labres? | [ée]clairages? | projecteurs?
        | m[âa]ts?
        | vid[ée]oproj\w{0,8} | sono\w{0,9} | enceintes? | amplis? | micros? | cam[ée]ras?
        | alarmes? | centrales? | sir[èe]nes? | d[ée]tecteurs? | extincteurs? | d[ée]fibrillateurs?
        | chaudi[èe]res? | radiateurs? | ventilateurs? | climatis\w{3,5} | chauffe-eau | ballons?
        | pompes? | compteurs? | vannes? | robinets? | fours? | frigos? | r[ée]frig[ée]rateurs?
        | hottes? | lave-\w{4,9} | s[èe]che-\w{4,8} | aspirateurs? | autolaveuses? | nettoyeurs?
        | souffleurs? | taille-haies? | tondeuses? | d[ée]broussailleuses? | tron[çc]onneuses?
        | nacelles? | mini-?pelles? | groupes?\s[ée]lectrog[èe]nes? | outils? | perceuses? | robots?
        | coffrets? | disjoncteurs? | c[âa]bles? | piles? | panneaux? | bacs? | poubelles? )
        (?: \s (?!(?:et|pour|par|devant|contre|du|le|la)\b) (?: [^\W\d] | [’'«»°.+-] ){1,16} ){0,3}
      ) [\s«(]{1,3} \Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""A thing that is bought, at three words from its reference at most, no comma between."""

_PRODUCT_CHARS = 70

_HEADING = r"(?:n°\s)?(?:immatriculation|immat\.?|plaque|v[ée]hicule|voiture|auto|moto|vhl)s?"
_CELL = re.compile(r"(?=[^\n]*\d[^\n]*\d)(?=[^\n]*[A-Za-z])[\w][\w .·-]{3,11}")
_LETTERS = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_HOUR = re.compile(r"\d{1,2}\s?[hH]\s?\d{2}")
_PROSE = frozenset(
    {"a", "au", "cv", "d", "de", "du", "en", "et", "g", "h", "ha", "kg", "km", "l", "la", "le", "m"}
    | {"ou", "t", "un", "y", "à"}
)
_NUMBERED = frozenset(
    {"ar", "arr", "bc", "cc", "cm", "cu", "dc", "dec", "del", "dia", "dp", "mp", "pa", "pc", "pd"}
    | {"plu", "rc", "rd", "rn", "vc", "zac", "art", "lot"}
)
"""What stands before the number of an act, a permit, an order or a road."""


def _search(text: str) -> Iterator[Finding]:
    for pattern in (_SIV, _BOXED, _DICTATED):
        for match in pattern.finditer(text):
            if _has_digits(match[0]) and not _is_a_product(text, match.start()):
                yield Finding(*match.span(), Entity.PLATE, "plate.siv")
    reached = set[int]()
    for pattern in (_ANY_SIV, _FNI, _FOREIGN):
        for match in pattern.finditer(text):
            if (
                reached.isdisjoint(range(*match.span()))
                and _has_digits(match[0])
                and not _is_prose(match[0])
                and _is_of_a_vehicle(text, *match.span())
                and not _is_a_product(text, match.start())
            ):
                reached.update(range(*match.span()))
                yield Finding(*match.span(), Entity.PLATE, "plate.label")
    for start, end in cells_under(text, _HEADING):
        if _CELL.fullmatch(text, start, end):
            yield Finding(start, end, Entity.PLATE, "plate.column")


def _is_of_a_vehicle(text: str, start: int, end: int) -> bool:
    """Tell whether a word about a vehicle labels it, or an old plate stands where one is."""
    if is_labelled(_LABEL, text, start, end):
        return True
    if _WHOLE.fullmatch(text, start, end) and _OF_A_VEHICLE.search(
        text, end, end + _VEHICLE_AFTER_CHARS
    ):
        return True
    return bool(
        _OLD.fullmatch(text, start, end)
        and _INVOLVED.search(text, max(0, start - _INVOLVED_CHARS), start)
    )


def _is_a_product(text: str, start: int) -> bool:
    """Tell whether a thing that is bought stands right before, and no vehicle after it."""
    product = _PRODUCT.search(text, max(0, start - _PRODUCT_CHARS), start)
    return product is not None and not _OF_A_VEHICLE.search(text, product.start(), start)


def _is_prose(plate: str) -> bool:
    """Tell whether its letters are words, units or an act's: `de 750 kg`, `PC 034`, `8h30`."""
    if _HOUR.fullmatch(plate):
        return True
    first = _LETTERS.match(plate)
    return (first is not None and first[0].lower() in _NUMBERED) or any(
        word in _PROSE for word in _LETTERS.findall(plate)
    )


def _has_digits(plate: str) -> bool:
    """Tell whether OCR has left two digits at least: `Ville` has the shape of `V-111-E`."""
    return sum(c.isdigit() for c in plate) >= 2


PLATE = Recognizer(name="plate", entities=(Entity.PLATE,), search=_search)
