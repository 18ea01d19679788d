# SPDX-License-Identifier: EUPL-1.2
"""Who sits in a council, where no role stands beside the name.

    Présents : L. Roy, A. Petit (pouvoir à I. Ba)      a list of those who came, are away, stand in
    une abstention (Luc Roy)                           a vote
    Mme Petit, sœur du demandeur, quitte la salle      only a member has a seat to leave
    Mme Petit donne lecture de la lettre               what only a member does
    M. Roy (opposition) ; Luc Roy      3e adjoint      a side; a role in the next column
    Nom : Luc Roy ; Fonction : maire                   a role in the row
    … Article 3 : … ⏎ Luc Roy                          the last line of an order

The paper must be a council's: a school's, a building site's or an association's list is of people
who hold no office.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from guardrails.findings import Finding
from guardrails.residents import is_resident

_COUNCIL = re.compile(
    r"""(?<!\w)(?: conseil\s(?:municipal|communautaire|m[ée]tropolitain|syndical|d[ée]partemental
        |r[ée]gional|d['’]agglom[ée]ration | d['’]administration\sdu\sC\.?[CI]\.?A\.?S)
        (?!\s(?:des|de)\s(?:jeunes|enfants|sages))
      | comit[ée]\ssyndical | bureau\s(?:municipal|communautaire|syndical) | CA\sdu\sC[CI]AS
      | conseil(?=,\s(?:par|à)\s(?:\d|l['’]unanimit|main|la\smajorit))
      | d[ée]lib[ée]ration\s(?:n[°º]|du\sconseil) | registre\sdes\sd[ée]lib[ée]rations
      | commission\s(?:permanente | municipale | communautaire | de\scontr[ôo]le
        | d['’]appel\sd['’]offres) | CM\sdu\s\d | s['’]est\sr[ée]uni\sle\sconseil
      | (?:PV|proc[èe]s[\s-]verbal|compte[\s-]rendu)\s(?:sommaire\s)?de\s(?:la\s)?s[ée]ance )""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_COUNCIL = re.compile(
    r"""(?<!\w)(?: conseil\s(?:des\ssages|d['’][ée]cole|de\sclasse|de\squartier|citoyen|de\svie
        |syndical\sde\sla\scopro | municipal\s(?:des|de)\s(?:jeunes|enfants)
        | d['’]administration\sd(?:u\s(?!C\.?[CI]\.?A)|e\s|['’]))
      | r[ée]union\s(?:publique|de\schantier|de\squartier|d['’]information|de\ssecteur)
      | assembl[ée]e\sg[ée]n[ée]rale | copropri[ée]t | comit[ée]\s(?:social|technique|des\sf[êe]tes)
      | bureau\sde\svote | scrutateurs? | assesseurs? | conseils?\sde\squartier
      | (?:questions?|paroles?|interventions?)\s(?:[a-zéè]{2,8}\s){0,3}?(?:au|du|dans\sle)\spublic
      | questions?\s(?:des\s(?:habitants|administr|riverains)|citoyennes?) )""",
    re.VERBOSE | re.IGNORECASE,
)
_CIVIL = r"(?:(?:M\.|MM\.|Mmes?|Mlle|Monsieur|Madame|MMES?)\s+)?"
_PRESENCE = re.compile(
    rf"""(?<!\w)(?: (?:[ée]taient\s|sont\s)? (?:membres\s)? pr[ée]sente?s? | excus[ée]e?s?
      | absente?s?(?:\sexcus[ée]e?s?)? | abs\. | abs(?=\s?:) | repr[ée]sent[ée]e?s?
      | membres(?=\s?:) | (?P<proxy> pouvoirs? | procurations? )
      | (?:ont|avaient?|ayant)\sdonn[ée]\s(?:pouvoir|procuration) )
    (?: \s?\([^()\n]{{3,40}}\) )? \s?:?\s{{0,2}} (?:[•–*-]\s)? {_CIVIL}\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"(?<!\w)(?:enfants|[ée]l[èe]ves|jeunes|agents|salari[ée]s|parents|b[ée]n[ée]voles|adh[ée]rents"
    r"|habitants|r[ée]sidents|locataires|usagers|personnes|riverains|stagiaires|public)"
    r"\s(?:\w+\s)?\Z",
    re.IGNORECASE,
)
"""`Enfants absents :` is no council's list."""

_VOTERS = re.compile(r"[ée]lect(?:eur|rice|oral)|maprocuration|scrutin", re.IGNORECASE)
"""Where people vote, a proxy is a voter's."""

_VOTE = re.compile(
    rf"""(?<!\w)(?: (?:\d{{1,2}}|une?|deux|trois|quatre|cinq|six) \s (?:voix\s)?
        (?:abstentions?|contre|pour) \s?\(\s?
      | (?: abstentions? | (?:ont|a)\svot[ée]\s(?:pour|contre) | s['’](?:est|[ée]tant)\sabstenue?
        | se\ssont\sabstenue?s ) \s?[:(]\s? ) {_CIVIL}\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_LEAVES = re.compile(
    r"""(?:,\s(?:s[oœ]e?ur|fr[èe]re|m[èe]re|p[èe]re|fils|fille|[ée]pou(?:x|se)|conjointe?|cousine?
        |compagn(?:on|e)|parente?|int[ée]ress[ée]e?|concern[ée]e?)(?!\w)[^,.;\n]{0,60},)?
      \s(?: s['’]est\sretir[ée]e? | se\sretire | (?:quitte|a\squitt[ée])\sla\s(?:salle|s[ée]ance)
      | (?:sort|est\ssortie?)\sde\sla\ssalle
      | ne\s(?:prend\spas\spart|participe\s(?:pas|ni))\sau | n['’]a\spas\spris\spart\sau )(?!\w)
      (?! [^.;\n]{0,40} (?:entendue?|expos[ée]|apr[èe]s\savoir) )""",
    re.VERBOSE,
)
"""Who is heard by a council leaves as well: a widow, a contractor."""

_STAYS_OUT = re.compile(
    rf"""(?:\s+et\s+{_CIVIL}[^\n.;,()]{{2,40}}?)?
      \s+(?: ne\s+pren(?:d|nent|ait|aient|ant) | n['’]ayant ) \s+pas\s+(?:pris\s+)?part\s+au\s+vote
      | \s\((?:opposition|majorité|minorité)\)""",
    re.VERBOSE | re.IGNORECASE,
)
_IN_OFFICE = r"""(?: (?:la\s|le\s)?maire(?!\s(?:honoraire|sortant|de\s1|de\s2))
      | (?:(?:premi|secon|deuxi|troisi|quatri|cinqui|sixi|septi|huiti|neuvi)\w{1,4}
        | \d{1,2}(?:er|[èe]re|re|e|[èe]me))\s(?:vice-présidente?|adjointe?)
      | adjointe?\s(?:au\smaire|à\sla\s|aux?\s|chargée?|déléguée?)
      | conseill(?:er|ère)s?\s(?:délégu|municip|commun)\w+ )(?!\w)"""
_ROLE_IN_COLUMN = re.compile(rf"[^\S\n]{{2,}}(?!maire|l[ae]\s){_IN_OFFICE}", re.VERBOSE | re.I)
"""A role in the next column: `Ana Petit      3e adjointe`."""

_OFFICE_LABEL = r"(?:fonctions?|qualit[ée]|mandat|d[ée]l[ée]gation|titre|r[ôo]le)[^;:\n]{0,25}"
_ROLE_IN_ROW = re.compile(rf"\s;\s{_OFFICE_LABEL}\s:\s{_IN_OFFICE}", re.VERBOSE | re.I)
_AFTER_ROLE_IN_ROW = re.compile(
    rf"""(?:\A|\n|\s;\s){_OFFICE_LABEL}\s:\s{_IN_OFFICE}[^;\n]{{0,60}}
    \s;\s(?:noms?|pr[ée]noms?|[ée]lue?s?|titulaire|groupe|liste)[^;:\n]{{0,25}}\s:\s{_CIVIL}\Z""",
    re.VERBOSE | re.I,
)
"""The same in a row as readers write it: `Nom : Ana Petit ; Fonction : maire`, and turned round."""

_ACTS = re.compile(
    r"""\s(?: donne\slecture | fait\slecture | met\saux\svoix | soumet\s(?:le|la|les|au|à)\b
      | (?:ouvre|l[èe]ve|cl[ôo]t|pr[ée]side)\sla\ss[ée]ance
      | lit\s(?:le|la|un|une)\s(?:courrier|lettre|message|p[ée]tition|projet|rapport)
      | pr[ée]sente\s(?:le|la|les|un)\s(?:compte|budget|projet|rapport|d[ée]lib|bilan|d[ée]cision)
      | vote\s(?:pour|contre)\b | s['’]abstient\b )""",
    re.VERBOSE,
)
_AS_MEMBER = re.compile(rf"(?:\A|(?<!M)[.;:!?»\n)]\s{{0,3}}){_CIVIL}\Z")
"""Where a sentence begins: `Dans le public, M. Roy` has a word before."""

_SECRETARY = re.compile(rf"(?:[.;\n]\s{{0,3}}|\A)(?:L[ea]\s)?[Ss]ecr[ée]taire\s?:\s?{_CIVIL}\Z")
_ROLE = r"""(?:maire|\d{0,2}(?:er|[eè]r?e|[eè]?me)?\s?adj|cons|pr[ée]s|vice|pouvoir|procur|absent
  |excus|ayant|donn|arriv|jusqu|suppl|titul|repr[ée]s|d[ée]l[ée]gu[ée]e?\sc|→|à\s)"""
_IS_OTHER = re.compile(
    rf"\s?(?:\((?!\s?{_ROLE})(?=[^()\n]{{2}})|,\s(?!et\s|{_ROLE})[a-zà-ÿ])",
    re.VERBOSE | re.IGNORECASE,
)
"""`Ana Petit (Secours populaire)`, `Luc Roy, architecte`: who came along."""

_OTHER_IN_CAPITALS = re.compile(r",\s[A-ZÀ-Þ]")
_GAP = re.compile(
    r"""(?: [\s,;–—•/()|.:→-] | \d{1,2}\s?(?:er|[eè]re|e|[èe]me)(?!\w) | \d{1,2}\s?h\s?(?:\d\d)?
      | (?<!\w)(?: et | ou | à | par | MM?\.? | Mmes? | Monsieur | Madame
        | maires? | adjointe?s?(?:\sau\smaire)? | (?:vice-)?pr[ée]sidente?
        | conseill[eè]re?s?(?:\s(?:municipa|communaut)\w+)? | d[ée]l[ée]gu[ée]e?s?
        | pouvoirs? | procurations? | donn[ée]e?s? | ayant | arriv[ée]e?
        | absente?s? | excus[ée]e?s? | pr[ée]sente?s? | repr[ée]sent[ée]e?s?
        | secr[ée]taire\sde\ss[ée]ance )(?!\w) ){1,24}""",
    re.VERBOSE | re.IGNORECASE,
)
_ORDERS = re.compile(
    r"(?<!\w)(?:ARR[ÊE]T(?:E|ONS)(?!\w)|arr[êe]te\s(?=:|ce\squi)|ARR[ÊE]T[ÉE]\s(?:MUNICIPAL|DU|N[°º]))"
)
_HANDED_OVER = re.compile(
    r"notifi|pris\sconnaissance|signature|int[ée]ress[ée]|destinataire|remis|re[çc]u\sle|[ée]marg"
    r"|copie|ampliation|b[ée]n[ée]ficiaire|agente?(?!\w)",
    re.IGNORECASE,
)
"""What stands above the name of the person whom an order is about, who signs below it."""

_SIGNED_CHARS = 400
_LAST_LINE = re.compile(rf"\n[^\S\n]{{0,80}}(?:Sign[ée]\s?:?\s)?{_CIVIL}\Z")
_REACH_CHARS = 120
_ACT_CHARS = 4_000


def sitting(text: str, persons: Sequence[Finding], roles: Sequence[bool]) -> frozenset[int]:
    """Return the places, in `persons` (in order), of those who sit in a council of that text;
    `roles` says of each whether a role stands beside the name."""
    councils = _Councils(text)
    found = set[int]()
    is_open = False  # inside a list of members
    for index, person in enumerate(persons):
        before = text[max(0, person.start - _REACH_CHARS) : person.start]
        after = text[person.end : person.end + _REACH_CHARS]
        if councils.is_one(person.start):
            gap = text[persons[index - 1].end : person.start] if index else ""
            is_listed = _opens_a_list(text, before) or (is_open and bool(_GAP.fullmatch(gap)))
            is_open = is_listed and not _is_other(after)
            acts = not is_resident(before, after) and _acts(before, after)
            if is_open or acts or _is_named_in_row(before, after):
                found.add(index)
        else:
            is_open = False
    last = len(persons) - 1
    is_signed = any(
        has_role and persons[last].start - person.end < _SIGNED_CHARS
        for person, has_role in zip(persons, roles, strict=True)
    )
    if persons and not is_signed and _signs_an_order(text, persons[last]):
        found.add(last)
    return frozenset(found)


class _Councils:
    """Where a text speaks of a council, and where of what is none."""

    def __init__(self, text: str) -> None:
        self._ones = [match.start() for match in _COUNCIL.finditer(text)]
        self._others = [match.start() for match in _NO_COUNCIL.finditer(text)] if self._ones else []

    def is_one(self, start: int) -> bool:
        """Tell whether the last of these words before `start` is a council's."""
        one = bisect_right(self._ones, start)
        other = bisect_right(self._others, start)
        return bool(one) and (not other or self._ones[one - 1] > self._others[other - 1])


def _opens_a_list(text: str, before: str) -> bool:
    presence = _PRESENCE.search(before)
    if presence is None:
        return _VOTE.search(before) is not None
    is_of_others = _OF_OTHERS.search(before, 0, presence.start())
    return not (is_of_others or (presence["proxy"] and _VOTERS.search(text)))


def _acts(before: str, after: str) -> bool:
    return bool(
        _LEAVES.match(after)
        or _STAYS_OUT.match(after)
        or _ROLE_IN_COLUMN.match(after)
        or _SECRETARY.search(before)
        or (_ACTS.match(after) and _AS_MEMBER.search(before))
    )


def _is_named_in_row(before: str, after: str) -> bool:
    return bool(_ROLE_IN_ROW.match(after) or _AFTER_ROLE_IN_ROW.search(before))


def _is_other(after: str) -> bool:
    other = _IS_OTHER.match(after)
    return other is not None and not _OTHER_IN_CAPITALS.match(after)


def _signs_an_order(text: str, person: Finding) -> bool:
    """Tell whether the name is all that the last line of an order says."""
    near = max(0, person.start - _REACH_CHARS)
    return (
        not text[person.end :].strip(" \n.\f")
        and bool(_LAST_LINE.search(text, near, person.start))
        and not _HANDED_OVER.search(text, near, person.start)
        and bool(_ORDERS.search(text, max(0, person.start - _ACT_CHARS), person.start))
    )
