# SPDX-License-Identifier: EUPL-1.2
"""How a folded French word sounds, for those who write as they hear.

    "quantine", "cantine" ─▶ "k@tin"

A key, as Soundex gives one, and no transcription: what many mix up has one letter (an, en, am: @;
c, k, qu: k; s, c, ss, sc: s), and what is not heard has none.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SOUNDS = [
    (re.compile(heard), key)
    for heard, key in (
        (r"(?<=[aeiou])x(?=[aeiou])", "ks"),
        (r"ph", "f"),
        (r"sch|sh", "ch"),
        (r"ch(?=[lrnt])", "k"),
        (r"ch", "#"),
        (r"th", "t"),
        (r"h", ""),
        (r"gn", "ni"),
        (r"dg?(?=j)|dg(?=[eiy])", "g"),
        (r"ge(?=[aou])|g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"sc(?=[eiy])|c(?=[eiy])|ss+|z", "s"),
        (r"(?<=[aeiounr])c$", "s"),
        (r"qu?|c+k?|kk+", "k"),
        (r"eau|au", "o"),
        (r"ou", "u"),
        (r"oeu|eu", "e"),
        (r"(?:a|e)i(?:ll?|l)(?!\w*@)(?=[aeiou]|$)", "ey"),
        (r"[ae]i(?![nm](?![aeiouynm]))", "e"),
        (r"(?:ai|ei|i|y|u)[nm](?![aeiouynm])", "1"),
        (r"[ae][nm](?![aeiouynm])", "@"),
        (r"o[nm](?![aeiouynm])", "0"),
        (r"y", "i"),
        (r"ti(?=0)", "si"),
        (r"(.)\1+", r"\1"),
        (r"(?<=...)(?:[tdsxzp]+|e+[tdsx]?|er)$", ""),
    )
]


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """Return the key of a folded word or stem.

    >>> sound("quantine") == sound("cantine"), sound("simetiere") == sound("cimetiere")
    (True, True)
    >>> sound("ecole") == sound("etoile")
    False
    """
    for heard, key in _SOUNDS:
        word = heard.sub(key, word)
    return word
