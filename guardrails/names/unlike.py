# SPDX-License-Identifier: EUPL-1.2
"""What stands where a name may and is none: a scanner's noise, a firm that won a contract.

« Azote KJeldhal », « ..r.e.FPzur », « Lot 2 : Charpente : LELU pour un montant de 89 671 € »
"""

from __future__ import annotations

import re

from guardrails.names.words import Words

_HUMP = re.compile(r"[A-ZÀ-Þ][^A-ZÀ-Þ]*")
_NAME_STARTS = frozenset(["Mac", "Mc", "Le", "La", "De", "Du", "Di", "Da", "Al", "El", "Ti", "O"])
_SHORTEST_PART = 3
_WON_AFTER = re.compile(r"\s{1,3}pour\s(?:un|le)\s(?:montant|prix)\b")
_WON_BEFORE = re.compile(
    r"(?:\blots?\s(?:n°\s?)?\d{1,2}\b[^.\n]{0,60}:\s{0,2}"
    r"|\bmarchés?\s(?:[^.\n]{0,80}\s)?(?:avec|à)\s)\Z",
    re.IGNORECASE,
)
_BEFORE_CHARS = 100


def is_noise(words: Words, first: int, last: int) -> bool:
    """Tell whether a lone word of no list has humps too short for a name: `LqÊ`, `EnR`."""
    word = words[first]
    if (
        first != last
        or word.surname
        or word.magnitude >= 1
        or word.text.isupper()
        or "-" in word.text
    ):
        return False
    humps = _HUMP.findall(word.text)
    return len(humps) > 1 and any(
        len(hump) < _SHORTEST_PART and hump not in _NAME_STARTS for hump in humps
    )


def is_bidder(words: Words, first: int, last: int) -> bool:
    """Tell whether a contract is given, for a price, to what no first name makes a person."""
    if any(word.is_strong_first for word in words.items[first : last + 1]):
        return False
    start = words[first].start
    return bool(
        _WON_AFTER.match(words.text, words[last].end)
        and _WON_BEFORE.search(words.text, max(0, start - _BEFORE_CHARS), start)
    )
