# SPDX-License-Identifier: EUPL-1.2
"""Who serves the town without being elected, where the paper says so beside the name.

BCP Luc Roy, brigadier Ana PETIT               a grade of the police before the name
M. Luc Roy, secrétaire de mairie               a function after it, or before: l'ABF Luc Roy
Placier : Luc Roy                              a function as the label
Ana Petit      3e adjointe                     a role in the next column of a list
Ana Petit ⏎ Directrice des affaires scolaires  a function under a signature, a public body by it
M. Roy ne prend pas part au vote               what only who sits can do
"""

from __future__ import annotations

import re

from guardrails.residents import is_resident

_CIVIL = r"(?:(?:M\.|Mme|Mlle|Monsieur|Madame)\s+)?"
_GRADE = r"""(?: gardien(?:ne)?[\s-]brigadi(?:er|ère)
    | brigadi(?:er|ère)(?:[\s-]chef(?:fe)?)?(?:[\s-]principale?)? )"""
_FUNCTION = rf"""(?: {_GRADE}
    | agente?s?\s+(?:assermentée?|commissionnée?|verbalisat(?:eur|rice)|d['’]état[\s-]civil)s?
    | gardes?[\s-]champêtres?(?:[\s-]chef(?:fe)?s?)? | (?-i:ABF|RSSI)
    | architectes?\s+des\s+bâtiments\s+de\s+france
    | conciliat(?:eur|rice)\s+de\s+justice
    | experte?\s+(?:désignée?|nommée?|commise?)\s+par\s+le\s+(?:tribunal|juge)
    | secrétaires?\s+(?:de\s+mairie|générale?\s+de\s+(?:la\s+)?(?:mairie|ville|commune))
    | (?-i:DGS|DGA|DST|DRH)
    | direct(?:eur|rice)\s+(?:générale?\s+)?(?:adjointe?\s+)?des\s+services
    | instruct(?:eur|rice)(?=\s+(?:du\s+droit\s+des\s+sols|ADS|des\s+autorisations)|,\s+a\s+écrit)
    | placi(?:er|ère) )"""
_GRADE_BEFORE = re.compile(rf"(?<!\w)(?:(?i:{_GRADE})|BCP|GPM|BC|Bdr)\s+{_CIVIL}\Z", re.VERBOSE)
_FUNCTION_BEFORE = re.compile(
    rf"(?<!\w)(?:(?:le|la|visa|par)\s+|l['’]){_FUNCTION}"
    rf"(?:\s+administratif)?,?\s+{_CIVIL}\Z",
    re.VERBOSE | re.IGNORECASE,
)
_GRADE_INSIDE = re.compile(r"(?:BCP|GPM|BC|Bdr)\s")
_FUNCTION_AFTER = re.compile(
    rf"\s?,\s+(?:(?:le|la)\s+|l['’])?{_FUNCTION}(?!\w)"
    rf"|\s\((?:{_FUNCTION}|opposition|majorité|minorité)\)",
    re.VERBOSE | re.IGNORECASE,
)
_FUNCTION_LABEL = re.compile(
    rf"(?:\A|\n|[.;(]\s?)[^\S\n]*{_FUNCTION}\s?:\s{{0,2}}{_CIVIL}\Z", re.VERBOSE | re.IGNORECASE
)
_ALONE_BEFORE = re.compile(rf"(?:\A|\n)[^\S\n]*{_CIVIL}\Z")
_FUNCTION_BELOW = re.compile(
    r"""[^\S\n]*\n[^\S\n]* (?: direct(?:eur|rice) | (?:adjointe?\s)?responsable
      | chef(?:fe)?\s+d[eu] | secrétaire\s+(?:générale?|de\s+mairie) | chargée?\s+d[eu’']
      | coordina(?:teur|trice) | gestionnaire | instruct(?:eur|rice) )\s [^\n]{0,80} (?:\n[^\n]{0,80}){0,2}""",
    re.VERBOSE | re.IGNORECASE,
)
_ROLE_IN_ROW = re.compile(
    r"""[^\S\n]{2,}(?:\d{1,2}(?:er|re|e|ème)\s)? (?: vice-présidente? | adjointe? | maire
      | conseill(?:er|ère)s?\s(?:délégu|municip|commun)\w+ | déléguée?\s+de )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_PUBLIC_BODY = re.compile(
    r"""(?<!\w)(?: mairie | (?:ville|commune|métropole|département|région)\s+d(?:e|u)\s
      | (?:ville|commune)\s+d['’] | CCAS | CIAS | communauté\s+(?:de\s+communes|d['’]agglo)
      | préfecture | affaires\s+scolaires | état[\s-]civil | police\s+municipale )""",
    re.VERBOSE | re.IGNORECASE,
)
_PRIVATE_BODY = re.compile(
    r"(?<!\w)(?:association|asso|club|amicale|société|SARL|SAS|syndic|agence|cabinet)(?!\w)",
    re.IGNORECASE,
)
_NO_VOTE = re.compile(
    rf"(?:\s+et\s+{_CIVIL}[^\n.;,()]{{2,40}}?)?"
    r"\s+(?:ne\s+pren(?:d|nent|ait|aient|ant)|n['’]ayant)"
    r"(?:\s+(?:donc|pas)){1,2}\s+(?:pris\s+)?part\s+au\s+vote",
    re.IGNORECASE,
)


def is_agent(before: str, name: str, after: str) -> bool:
    """Tell whether a name between two stretches of text is that of who serves the town there.

    >>> is_agent("Vu par M. ", "Roy", ", secrétaire de mairie.")
    True
    >>> is_agent("Vu par M. ", "Roy", ", facteur.")
    False
    """
    if is_resident(before, after):
        return False
    if _GRADE_BEFORE.search(before) or _GRADE_INSIDE.match(name) or _FUNCTION_AFTER.match(after):
        return True
    if _FUNCTION_BEFORE.search(before) or _FUNCTION_LABEL.search(before) or _NO_VOTE.match(after):
        return True
    if not _ALONE_BEFORE.search(before):
        return False
    below = _FUNCTION_BELOW.match(after)
    return bool(_ROLE_IN_ROW.match(after)) or bool(
        below and _PUBLIC_BODY.search(below[0]) and not _PRIVATE_BODY.search(below[0])
    )
