# SPDX-License-Identifier: EUPL-1.2
"""Members of a council, told by something else than a role beside the name.

    Ana Petit      3e adjointe           a role in the next column of a list
    M. Roy ne prend pas part au vote     what only who sits can do, or not do
    M. Roy (opposition)                  a side

Agents of the town are named in passing too (`brigadier Roy`, `Mme Petit, DGS`): they are hidden,
unless they sign.
"""

from __future__ import annotations

import re

from guardrails.residents import is_resident

_CIVIL = r"(?:(?:M\.|Mme|Mlle|Monsieur|Madame)\s+)?"
_ALONE_BEFORE = re.compile(rf"(?:\A|\n)[^\S\n]*{_CIVIL}\Z")
_ROLE_IN_ROW = re.compile(
    r"""[^\S\n]{2,}(?:\d{1,2}(?:er|re|e|ème)\s)? (?: vice-présidente? | adjointe? | maire
      | conseill(?:er|ère)s?\s(?:délégu|municip|commun)\w+ )
    (?![\w-]|\s(?:techn|admin|d['’]anim))""",
    re.VERBOSE | re.IGNORECASE,
)
_SIDE = re.compile(r"\s\((?:opposition|majorité|minorité)\)", re.IGNORECASE)
_NO_VOTE = re.compile(
    rf"(?:\s+et\s+{_CIVIL}[^\n.;,()]{{2,40}}?)?"
    r"\s+(?:ne\s+pren(?:d|nent|ait|aient|ant)|n['’]ayant)"
    r"(?:\s+(?:donc|pas)){1,2}\s+(?:pris\s+)?part\s+au\s+vote",
    re.IGNORECASE,
)


def is_member(before: str, after: str) -> bool:
    """Tell whether who stands between two stretches of text sits in a council.

    >>> is_member("Mme ", " ne prend pas part au vote."), is_member("Mme ", " prend part.")
    (True, False)
    """
    if is_resident(before, after):
        return False
    if _SIDE.match(after) or _NO_VOTE.match(after):
        return True
    return bool(_ALONE_BEFORE.search(before) and _ROLE_IN_ROW.match(after))
