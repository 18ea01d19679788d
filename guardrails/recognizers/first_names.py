# SPDX-License-Identifier: EUPL-1.2
"""Whose number: a name that begins with a first name, alone before it.

    Aloys : 02 …    Roland Bessière;05 …    (Corentin) 02 …    Ana Petit, SIRET …

A list alone decides nothing: the name must stand by itself, right before the number.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from guardrails.normalise import CAPITAL
from guardrails.placeholders import fold

_OWNER = re.compile(
    rf"""(?: \A | [\n;|,–—:·(>] ) \s{{0,3}} (?P<first> [{CAPITAL}][^\W\d_]{{2,20}} )
    (?: -[{CAPITAL}]\w{{1,15}} )?
    (?: \s (?P<second> [{CAPITAL}][\w'’-]{{1,25}} ) )?
    (?: \s [{CAPITAL}][\w'’-]{{1,25}} ){{0,2}}
    (?: \s? \( [^()\d\n]{{2,15}} \) )?
    (?: ,\s (?:chef|cheffe|responsable|direct\w{2, 5}|agente?|gestionnaire|instruct\w{2, 4}
      |charg[ée]e?
      |secr[ée]taire|assistante?|technicien\w{0, 3}) [^\n;:|()\d]{{0,40}} )?
    [\s:;|,(–—-]{{1,4}} (?: SIRE[TN] [\s:n°]{{1,4}} )? \Z""",
    re.VERBOSE,
)
_REACH_CHARS = 100
_MAX_WORDS = 4


def follows_a_name(text: str, start: int) -> bool:
    """Tell whether a name whose first or second word is a first name stands alone before."""
    owner = _OWNER.search(text, max(0, start - _REACH_CHARS), start)
    return owner is not None and any(
        fold(owner[word] or "") in _first_names() for word in ("first", "second")
    )


def is_name(words: str) -> bool:
    """Tell whether a line reads as a name: two to four words, one of the first two a first name."""
    parts = words.split()
    return 1 < len(parts) <= _MAX_WORDS and any(fold(part) in _first_names() for part in parts[:2])


@cache
def _first_names() -> frozenset[str]:
    """Return the first names that are given often enough."""
    lexicons = resources.files("guardrails") / "lexicons"
    rows = (
        line.split("\t") for line in (lexicons / "first_names.tsv").read_text("utf-8").splitlines()
    )
    everyday = (lexicons / "ambiguous_first_names.txt").read_text("utf-8").split()
    return frozenset(row[0] for row in rows if len(row) > 1) - frozenset(everyday)
