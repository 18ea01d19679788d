# SPDX-License-Identifier: EUPL-1.2
"""Number plates of vehicles: the system of 2009 (SIV) and the one before (FNI).

    AB-123-CD     SIV: no I, O or U, no SS, nor WW but for a provisional plate
    1234 AB 33    FNI: number, letters, department (2A, 2B, 971 to 976)

`plate.siv`: in capitals. `plate.label`: a word about a vehicle stands near; then small letters
and an old plate are enough. Source: `arrêté du 9 février 2009`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
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
    rf"""(?<![\w]) \d{{1,4}} {_SEPARATOR} [A-HJ-NP-TV-Z]{{1,3}} {_SEPARATOR}
    (?: 97[1-6] | 2[AB] | \d{{2}} ) (?! \w | [.,]\d | [^\S\n]\d )""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL = re.compile(
    r"""(?<!\w)(?:
        immatricul\w{1,7} | plaques?\b | v[ée]hicules?\b | voitures?\b | automobiles?\b | auto\b
      | scooters?\b | motos?\b | cyclomoteurs?\b | conduct(?:eur|rice) | camions?\b |
        camionnettes?\b | fourgons?\b
      | fourgonnettes?\b | remorques?\b | caravanes?\b | utilitaires?\b | carte\s{1,2}grise
      | certificat\s{1,2}d['’]immatriculation
      | Renault|Peugeot|Citro[ëe]n|Dacia|Volkswagen|Toyota|Opel|Fiat|BMW|Audi|Mercedes|Nissan
      | Twingo|Clio|Kangoo|M[ée]gane|Sc[ée]nic|Berlingo|Sandero|Duster|Golf|Yaris|Tesla|Suzuki
        |Yamaha|Honda|Ford|Skoda|Seat|Kia|Hyundai
    )""",
    re.VERBOSE | re.IGNORECASE,
)

_LETTERS = re.compile(r"[^\W\d_]+")
_PROSE = frozenset(
    [
        "a",
        "au",
        "cv",
        "d",
        "de",
        "du",
        "en",
        "et",
        "g",
        "h",
        "ha",
        "kg",
        "km",
        "l",
        "la",
        "le",
        "m",
        "ou",
        "t",
        "un",
        "y",
        "à",
        "km",
    ]
)


def _search(text: str) -> Iterator[Finding]:
    for match in _SIV.finditer(text):
        if not _has_digits(match[0]):
            continue
        yield Finding(*match.span(), Entity.PLATE, "plate.siv")
    for pattern in (_ANY_SIV, _FNI):
        for match in pattern.finditer(text):
            if (
                _has_digits(match[0])
                and not _is_prose(match[0])
                and is_labelled(_LABEL, text, *match.span())
            ):
                yield Finding(*match.span(), Entity.PLATE, "plate.label")


def _is_prose(plate: str) -> bool:
    """Tell whether its letters are words or units: `de 750 kg`."""
    return any(word in _PROSE for word in _LETTERS.findall(plate))


def _has_digits(plate: str) -> bool:
    """Tell whether OCR has left two digits at least: `Ville` has the shape of `V-111-E`."""
    return sum(c.isdigit() for c in plate) >= 2


PLATE = Recognizer(name="plate", search=_search)
