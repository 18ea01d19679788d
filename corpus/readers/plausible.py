# SPDX-License-Identifier: EUPL-1.2
"""Whether a page's text layer is words at all.

Fonts without a table of letters give `&RQVHLO PXQLFLSDO` for `Conseil municipal`, and scanners
add layers that nobody checked: the page looks right, its text is noise.
"""

from __future__ import annotations

import re

MIN_TOKENS = 40
COMMON_SHARE = 0.03
"""French prose has 40 common words in 100 tokens of letters, lists of names 5 to 10."""

VOWELS_SHARE = 0.5
TOKEN = re.compile(r"[^\W\d_]{2,}")
VOWEL = re.compile(r"[aeiouyàâäéèêëîïôöùûüæœ]", re.IGNORECASE)
COMMON = frozenset(
    {"le", "la", "les", "de", "des", "du", "un", "une", "et", "en", "à", "au", "aux", "que", "qui"}
    | {"est", "pour", "par", "sur", "dans", "il", "ce", "ou", "ne", "pas", "son", "sa", "ses"}
    | {"plus", "avec", "sont", "été", "cette", "ces", "leur", "nous", "vous", "the", "of", "and"}
)


def is_garbled(text: str) -> bool:
    """Say whether a long enough text has neither common words nor the letters of any."""
    tokens = TOKEN.findall(text)
    if len(tokens) < MIN_TOKENS:
        return False
    common = sum(token.lower() in COMMON for token in tokens) / len(tokens)
    voiced = sum(bool(VOWEL.search(token)) for token in tokens) / len(tokens)
    return common < COMMON_SHARE and voiced < VOWELS_SHARE
