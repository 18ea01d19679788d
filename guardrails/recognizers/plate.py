# SPDX-License-Identifier: EUPL-1.2
"""Number plates of vehicles: the system of 2009 (SIV) and the one before (FNI).

    AB-123-CD     SIV: no I, O or U, no SS, nor WW but for a provisional plate
    1234 AB 33    FNI: number, letters, department (2A, 2B, 971 to 976)

`plate.siv`: in capitals. `plate.label`: a word about a vehicle stands near; then small letters
and an old or a foreign plate are enough; `plate.column`: under such a word in a table.
Source: `arrêté du 9 février 2009`.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, PLATE 54 of 54, kept
spans touched 343 of 6957; gold, held out, PLATE 4 of 4, kept spans touched 3 of 210; gold, held
out, second author, PLATE 7 of 7, kept spans touched 8 of 362; gold, held out, third part, PLATE
10 of 12, kept spans touched 84 of 940.
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
    rf"""(?<![\w]) \d[\dOIl]{{0,3}} {_SEPARATOR} [A-HJ-NP-TV-Z]{{1,3}} {_SEPARATOR}
    (?: 97[1-6] | 2[AB] | \d[\dOIl] ) (?! \w | [.,]\d | [^\S\n]\d )""",
    re.VERBOSE | re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"""(?<![\w]) (?: [A-Z]{1,3} [-\s:·] [A-Z]{1,2} [-\s]? \d{1,4} | \d[-\s][A-Z]{3}[-\s]\d{3}
      | \d{4} [\s-]? [A-Z]{3} | [A-Z]{2} [\s-]? \d{3,5} [\s-]? [A-Z]{0,3} | [A-Z]{3}[\s-]\d{3,4} )
    (?! \w | [^\S\n]?(?:€|km|kg) )""",
    re.VERBOSE,
)
"""Germany, Belgium, Spain, Italy, Switzerland, Luxembourg…: only beside a word about a vehicle."""

_LABEL = re.compile(
    r"""(?<!\w)(?:
        immatricul\w{1,7} | imm?at?\.(?!\w) | imm\. | plaques?\b | v[ée]hicules?\b | voitures?\b
          | automobiles?\b | auto\b
      | [ée]paves?\b | fourri[èe]re | R\d{1,2}\b | scooters?\b | motos?\b | cyclomoteurs?\b
        | conduct(?:eur|rice) | camions?\b |
        camionnettes?\b | fourgons?\b
      | fourgonnettes?\b | remorques?\b | caravanes?\b | utilitaires?\b | carte\s{1,2}grise
      | certificat\s{1,2}d['’]immatriculation
      | Renault|Peugeot|Citro[ëe]n|Dacia|Volkswagen|Toyota|Opel|Fiat|BMW|Audi|Mercedes|Nissan
      | Twingo|Clio|Kangoo|M[ée]gane|Sc[ée]nic|Berlingo|Sandero|Duster|Golf|Yaris|Tesla|Suzuki
        |Yamaha|Honda|Ford|Skoda|Seat|Kia|Hyundai
    )""",
    re.VERBOSE | re.IGNORECASE,
)

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
    for match in _SIV.finditer(text):
        if not _has_digits(match[0]):
            continue
        yield Finding(*match.span(), Entity.PLATE, "plate.siv")
    reached = set[int]()
    for pattern in (_ANY_SIV, _FNI, _FOREIGN):
        for match in pattern.finditer(text):
            if (
                reached.isdisjoint(range(*match.span()))
                and _has_digits(match[0])
                and not _is_prose(match[0])
                and is_labelled(_LABEL, text, *match.span())
            ):
                reached.update(range(*match.span()))
                yield Finding(*match.span(), Entity.PLATE, "plate.label")
    for start, end in cells_under(text, _HEADING):
        if _CELL.fullmatch(text, start, end):
            yield Finding(start, end, Entity.PLATE, "plate.column")


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


PLATE = Recognizer(name="plate", search=_search)
