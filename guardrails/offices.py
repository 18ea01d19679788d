# SPDX-License-Identifier: EUPL-1.2
"""Who stays visible: elected members and signatories acting in office, occurrence by occurrence.

« Le Maire, Ana PETIT »            a role beside the name: stays
« M. PETIT rapporte le point 4 »   on the roster, nothing says a resident: stays
« M. PETIT, demeurant 3 rue … »    the same man as a resident: hidden
« Ana PETIT ⏎ 3 rue … »            a letter from home: hidden, down to its signature
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guardrails.findings import Finding
from guardrails.members import is_member
from guardrails.residents import is_resident, writes_from_home
from guardrails.roster import Official, parts, read_roster, sex_of
from guardrails.scanned import mended
from guardrails.sittings import sitting

_ELECTED = r"""(?:
    maires?(?:[\s-](?:délégué|adjoint|honoraire)e?s?)? (?!\s+(?:des\s)?jeunes)
  | adj\.(?:\s+d[ée]l\.)?(?!\s*(?:tech|adm|anim|d['’]anim|patr)) | cons\.\s+mun\.
  | (?<!teur\s)(?<!rice\s)
    adjointe?s?(?!\s+(?:gestionnaires?|techniques?|administrati\w+|d['’]animation|du\s+patrimoine
      |de\s+direction|à\s+la\s+direct))
  | conseill(?:er|ère)s?\s+(?:municip|communaut|métropolit|départem|région
      |délégu|d['’]arrond|territor)\w*
  | conseill(?:er|ère)s?(?=\s?[,;)]|\s+de\s+(?:la\s+(?:min|maj)orité|l['’]opposition))
  | vice[\s-](?:présidente?|pdte?)s? | députée?s? | sénat(?:eur|rice)s?
  | (?:sous[\s-])?préf[eè]te?s? | ministre | bourgmestre | bürgermeister
  | présidente?s?\s+(?:(?:de\s+la\s+|de\s+)?(?:séance|communauté|métropole|région|commission
        |collectivité|CAO)
      |(?:du\s+)?(?:conseil\s+(?:munic|départ|région|communaut|métrop)\w*|département|syndicat\s+(?:inter|mixte)\w*
      |CCAS|CIAS|SIVOM|SMICTOM|SICTOM|SIVU|SIVOS|SIAEP|SDIS|EPCI|PETR|bureau\s+de\s+vote)|(?:d['’]|de\s+l['’])agglom\w+)
  | secrétaires?\s+de\s+séance | secrétaires?\s+de\s+mairie\s+déléguée?
  | rapporteu(?:r|re|se)s? | échevins? | élue?s?\s+(?:municipa|loca|communaut|métropol|délégu)\w+
      (?!\s+(?:de\s+classe|du\s+personnel))
  | élue?s?\s+(?:référente?|chargée?)\s+\w+(?=,?[^\S\n]*\n)
  | élue?s?(?=\s+(?:aux?\s(?!conseil)|à\s+(?:la\s|l['’])|en\s+charge|chargée?|référente?
      |d['’]astreinte))
  | élue?s?\s+de\s+(?:quartier|secteur|permanence|la\s+(?:commune|majorité)|l['’]opposition)
  | (?<=\()élue?s?(?=\)|\s[^()\n]{3,30}\))
  | (?<=\bles\s)élu(?:e)?s(?=\s(?-i:[A-ZÀ-Þ])) | (?:primu\s+)?merre | aghjunt[ua]
  | doyenne?\s+d['’]âge
  | offici(?:er|ère)s?\s+(?:de\s+l['’])?(?:état|d['’]état)[\s-]civil | ordonnat(?:eur|rice)
  | premi(?:er|ère)\s+magistrate? | commissaires?[\s-]enquêt\w+
)"""
_SWORN = r"""(?:gardien(?:ne)?[\s-]brigadi(?:er|ère)
    | brigadi(?:er|ère)(?:[\s-]chef(?:fe)?)?(?:[\s-]principale?)?
    | commissaires?\s+de\s+justice | huissi(?:er|ère)\s+de\s+justice
    | greffi(?:er|ère) | juges?\s+des\s+référés )"""
_SIGNING = rf"""(?:présidente?s? | secr[ée]taires?\s+g[ée]n[ée]rale?s?
    | chef(?:fe)?s?\s+(?:de|du)\s+(?:service|pôle|poste|cabinet|division|bureau|brigade|centre
        |projet|département|unité|police|secteur)\w*
    | direct(?:eur|rice)s?(?:\s+\w+){{0,3}} | DGS | D\.G\.S\.
    | responsables?\s+(?:de|du)\s+\w+ | secrétaires?\s+de\s+mairie(?:\s+\w+)?
    | (?:comptable|trésori(?:er|ère))(?:\s+publi\w+)? | régisseu(?:r|se)s?
    | architectes?\s+des\s+bâtiments\s+de\s+france
    | {_SWORN} )"""
_NUMBER = (
    r"(?:\d{1,2}\s?(?:er|ère|re|e|ème|ᵉ)|1ʳᵉ|premi(?:er|ère)|deuxième|seconde?"
    r"|troisième|quatrième|cinquième|sixième)\s+"
)
_CIV = (
    r"(?:M\.|MM\.|Mmes?|Mlle|M|Monsieur|Madame|Messieurs|Mesdames|Mr|Dr|Maître|Me|MONSIEUR|MADAME)"
)

_ROLE_AFTER = re.compile(
    rf"""\s*,?\s*[(–:—-]?\s*(?:en\s+(?:(?:sa|votre)\s+)?qualité\s+de\s+|vous\s+qui\s+êtes\s+|agissant\s+en\s+(?:sa\s+)?qualité\s+de\s+)?
    (?:(?:le|la|l['’]|notre|votre|son|sa|nouve(?:au|lle))\s*)?(?:{_NUMBER})?{_ELECTED}(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
# A whole word, as a word read in pieces can be cut in very many ways, all of them in vain (a fifth
# of the guard's time was spent on it); in pieces only before `l'`, `d'`: « l'urbanisme d'Arlac ».
_WHOLE_WORD = r"(?:[\w’-]++|[\w’-]+(?=[ld]['’]))"
# What may qualify a role before the name: « l'adjoint délégué à l'urbanisme, »
_QUALIFIED = rf"""(?:,?[^\S\n]+(?:déléguée?|chargée?
    |(?:et[^\S\n]+)?p(?:ar|our)\s+(?:intérim|délégation|ampliation)|honoraire|suppléante?|signataire))?
    (?:[^\S\n]+(?:à|aux?|de|du|des|en)\b(?:[^\S\n]*(?:l['’]|la|le|les|d['’])?[^\S\n]*(?!(?-i:[a-zà-ÿ]+)(?<=er|ir)\b){_WHOLE_WORD}){{1,8}}?
    |(?:[^\S\n]+d['’][\w’-]+){{1,2}})?"""
_ROLE_BEFORE = re.compile(
    rf"""(?<!\w)(?:{_NUMBER})?{_ELECTED}{_QUALIFIED}
    \s*(?:,|:|–|—|-|\n|\()?\s*(?:\([^()\n]{{2,40}}\)\s*|ch[èe]re?\s+)?(?:{_CIV}\s+)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_HINTS_AT_ROLE = re.compile(
    "maire|adj|cons|présid|pdt|député|sénat|préf|ministre|secr|rapport|échevin|élu|merre|aghjunt|doyen|offici|ordonn|magist|commis",
    re.IGNORECASE,
)
"""One of these stands in each role: without one, the long pattern need not be tried."""

_SIGNED_BEFORE = re.compile(
    rf"""(?:^|\n|[.;]\s|–\s(?=l[ea]\s(?:comptable|greffi))|délégation,?\s+|pour\s+l[ea]\s+(?:maire|préf[eè]te?),?\s+|transmis\s:\s|\bvu,?\s(?=l[ea]\scompt|l['’]ordonn|l['’]adjointe?\s:))\s*(?:le|la|l['’])\s*(?:{_ELECTED}|{_SIGNING})
    {_QUALIFIED}\s*(?:,|:)?\s*(?:\n\s*){{0,3}}(?:\([^()\n]{{2,40}}\)\s*)?
    (?:(?:{_CIV}|brigadi(?:er|ère)(?:[\s-]chef(?:fe)?)?(?:[\s-]principale?)?)\s+)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_ENDS_LINE = re.compile(
    r"[^\S\n]*(?:\n|$|[.)]?[^\S\n]*\n|\.$|[–-][^\S\n]+l(?:[ea][^\S\n]|['’]))", re.IGNORECASE
)
_SIGNS_FOR = re.compile(
    rf"délégation\s+de\s+signature\s+(?:(?:est\s+)?(?:donnée|accordée|consentie)\s+)?à\s+(?:{_CIV}\s+)?$",
    re.IGNORECASE,
)
_BARE_LABEL = re.compile(r"adjointe?\s*:", re.IGNORECASE)  # in any team, not of the mayor
_FOR_THE_MAYOR = re.compile(r"(?:délégation|empêchée?),?\s+(?:le\s|la\s|l['’])$", re.IGNORECASE)
_IS_MAYOR = re.compile(
    rf"\b(?:le|la)\s+maire(?:\s+d(?:e|u|es)?['’\s]?\s?\w+)?,?\s+c['’\s]\s?est\s+(?:bien\s+)?(?:{_CIV}\s+)?$",
    re.IGNORECASE,
)
_FOR_THE_TOWN = re.compile(
    r"\b(?:commune|ville)(?:\s+(?:de|du|des|d['’])\s?[\w’'-]+)?,?\s+représentée\s+par\s+"
    r"(?:(?:M\.|Mme|Monsieur|Madame)\s+)?$",
    re.IGNORECASE,
)
_NO_MEMBER = re.compile(r",\s(?:avocate?|notaire|géomètre|déléguée?\s(?:de\sl['’]|du\s))")
"""`Membres : Luc Roy, délégué de l'administration`: the State's choice, who sits for no town."""

_DESIGNATED = re.compile(
    r"[^\n;:.]{0,60}?,?\s+(?:est|sont)\s+(?:désignée?|nommée?)s?\s+(?:en\s+qualité\s+de\s+)?"
    r"commissaires?[\s-]enquêt",
    re.IGNORECASE,
)
_PRESIDENT = re.compile(
    rf"(?:^|\n|[.;]\s)\s*(?:le|la)\s+(?:vice-)?présidente?,?\s+(?:{_CIV}\s+)?$", re.IGNORECASE
)
_PUBLIC_BODY = re.compile(
    r"\b(?:conseil\s+communautaire|comité\s+syndical(?!e)|syndicat\s+(?:inter|mixte)\w*|conseil\s+d['’]agglomération)",
    re.IGNORECASE,
)
_NOUS = re.compile(r"(?:^|\n|[Pp]ar\s|[Aa]vec\s)\s*(?i:nous|je,),?\s+(?:soussignée?s?,?\s+)?$")
_FORMER = re.compile(
    r"(?:ancien(?:ne)?s?|ex-?|feu|candidate?s?\s+(?:à|aux?))\s*(?:le\s|la\s)?$", re.IGNORECASE
)
_PRESIDES = re.compile(
    r"(?:(?:le|la|l['’])\s*)?(?:(?:vice[\s-])?président|secrétaire|trésori)", re.IGNORECASE
)
_OF_PUBLIC = re.compile(
    r"présidente?\s+(?:de\s+(?:la\s+)?(?:communauté|métropole|région|séance)|du\s+(?:conseil|départ))",
    re.IGNORECASE,
)
_DELEGATION = re.compile(r"^(?:délégation|transmis)[\s,:]*", re.IGNORECASE)
_PRIVATE_BODY = re.compile(
    r"\b(?:association|asso|club|amicale|comité\s+des\s+fêtes|société|syndic|fédération|ligue|chorale|assemblée\s+générale)\b",
    re.IGNORECASE,
)
_LINKS_ROLE_AWAY = re.compile(
    r"(?:\b(?:à|a|de|du|des|par|avec|pour|et|ou|contre|chez|d['’]|que|qu['’])\s*)(?:"
    + _CIV
    + r"\s+)?$",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"(?:adjointe?s|maires|conseill(?:er|ère)s|élue?s|vice-présidente?s|députée?s|sénateurs)\b",
    re.IGNORECASE,
)
_LIST_GAP = re.compile(
    rf"[\s,;–—•/)-]*(?:\bet\b|\bou\b)?\s*(?:\(?(?:pouvoir|procuration)\s(?:donnée?\s)?à\s)?(?:{_CIV}\s+)?"
)
_LIST_HEADING = re.compile(
    r"(?:commission\s(?:de\s(?:contrôle|délégation)|d['’]appel|municipale|communale|administrative)"
    r"[^\n]{0,70}\n\s{0,4}membres|adjointe?s(?:\s+au\s+maire)?|conseill(?:er|ère)s\s+(?:municipa|communaut|délégu)\w*(?:\s+\w+)?"
    r"|membres\s+(?:élus|du\s+conseil\s+municipal))(?:\s+(?:présente?s|absente?s|excusée?s|déléguée?s)){0,2}\s*:\s*(?:"
    + _CIV
    + r"\s+)?$",
    re.IGNORECASE,
)
_CIVILITY_BEFORE = re.compile(rf"({_CIV})\s*$")
_TURN = re.compile(r"\s*:\s*(?:le|la|l['’]|notre|votre|les)\b", re.IGNORECASE)
_OPENS = re.compile(r"[^\S\n]*:")
_ARTICLE = re.compile(r"[\s,]+l(?:[ea]\s|['’])", re.IGNORECASE)
_ANOTHER = re.compile(rf",?[^\S\n](?:{_CIV}\s)?(?!{_CIV}\s)[A-ZÀ-Þ][\w’'-]+")
_ADDRESSED = re.compile(r"\n\s*(?:Madame|Monsieur)\s$")
_GREETED = re.compile(r",[^\S\n]*(?:\n|$)")
_INITIAL_BEFORE = re.compile(
    r"(?<![^\W_])[A-ZÀ-Þ]\.(?:-[A-ZÀ-Þ]\.)?\s?[A-ZÀ-Þ][\w’'-]+\s?[,;]\s(?<!MM\.\s)M\.\s?$"
)
_INITIAL_AFTER = re.compile(r"\s?[,;]\s(?!M\.)[A-ZÀ-Þ]\.(?:-[A-ZÀ-Þ]\.)?\s?[A-ZÀ-Þ]")
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.[\s-]?){2,4}")
_WIDE_BLANK = re.compile(r"[^\S\n]{2,}")
_REACH_CHARS = 120


class Offices:
    """Tells who acts in office, by the role beside the name and by the town's roster."""

    def __init__(self, roster: Sequence[str]) -> None:
        self._officials = read_roster(roster)

    def acting(self, text: str, persons: Sequence[Finding]) -> frozenset[Finding]:
        """Return the findings that stand for someone acting in office."""
        ordered = sorted(persons)
        ends = [0, *(person.end for person in ordered)][: len(ordered)]
        roles = [
            self._has_role(text, person, end) for person, end in zip(ordered, ends, strict=True)
        ]
        _spread(text, ordered, roles)
        seated = sitting(text, ordered, roles)
        roles = [has_role or place in seated for place, has_role in enumerate(roles)]
        in_office = [person for person, has_role in zip(ordered, roles, strict=True) if has_role]
        named = read_roster([_with_civility(text, person) for person in in_office])
        at_home = read_roster(
            [text[p.start : p.end] for p in ordered if writes_from_home(text, p.end)]
        )
        return frozenset(
            person
            for person, has_role in zip(ordered, roles, strict=True)
            if has_role
            or (
                not _is_listed(text, person, at_home, alone=True)  # who signs such a letter too
                and (
                    _is_listed(text, person, self._officials, alone=True)
                    or _is_listed(text, person, named, alone=False)
                )
            )
        )

    def _has_role(self, text: str, person: Finding, previous: int) -> bool:
        """`previous`: where the person before ends, whose role may stand in between."""
        before = _near(text, person.start)
        after = mended(text[person.end : person.end + _REACH_CHARS])
        if _DESIGNATED.match(after) or _IS_MAYOR.search(before) or _SIGNS_FOR.search(before):
            return True
        if is_member(before, after):
            return True
        if _FOR_THE_TOWN.search(before) and not _NO_MEMBER.match(after):
            return True
        if _PRESIDENT.search(before) and _PUBLIC_BODY.search(text[: person.start]):
            return not _PRIVATE_BODY.search(text[: person.start])
        role = None if after[:3].isspace() else _ROLE_AFTER.match(after)  # another column
        if role and _ANOTHER.match(after, role.end()) and _ARTICLE.match(after):
            role = None  # `Luc Roy, le maire Ana Petit`, `Luc Roy⏎Le maire, Ana Petit, lit`
        if role and _TURN.match(after):
            role = None  # `Véro : le maire a dit`
        if role and "\n" in role[0] and _OPENS.match(after, role.end()):
            role = None  # `mandataire : Luc Roy⏎Le commissaire-enquêteur : Ana Petit`
        if role and not _FORMER.search(before) and not _is_private(text, person, role[0]):
            return True
        if _NOUS.search(before):
            return bool(
                re.match(
                    rf"[\s,]+(?:le\s+|la\s+)?(?:{_ELECTED}|{_SWORN})",
                    after,
                    re.VERBOSE | re.IGNORECASE,
                )
            )
        if _LINKS_ROLE_AWAY.search(before):
            return False
        found = _ROLE_BEFORE.search(before) if _HINTS_AT_ROLE.search(before) else None
        if not found and _ENDS_LINE.match(after):  # a signature; elsewhere a mere mention
            found = _SIGNED_BEFORE.search(before)
        if found and _BARE_LABEL.match(found[0]):
            return bool(_FOR_THE_MAYOR.search(before[: found.start()]))
        if not found or _FORMER.search(before[: found.start()]):
            return False
        if "\n" in found[0] and _OPENS.match(after):
            return False  # `préviens le maire⏎Bruno : fait`
        if "\n" in found[0] and _ADDRESSED.search(before) and _GREETED.match(after):
            return False  # `Le vice-président⏎Madame Petit,`: a letter begins
        between = text[previous : person.start]
        if previous and "\n" in found[0] and between[:1] in ",(" and _ROLE_AFTER.match(between):
            return False  # `Mme Roy, adjointe⏎M. Petit quitte la salle`
        return not _is_private(text, person, found[0])


def _is_listed(text: str, person: Finding, officials: Sequence[Official], *, alone: bool) -> bool:
    """Tell whether an official bears the name, and nothing says a resident.

    `alone`: a surname without civility is enough, as it is where the town told who sits. Where
    only the document did (`Mme Roy, adjointe`, then `Mme Roy répond`), it is not.
    """
    if not officials:
        return False
    name = parts(text[person.start : person.end])
    before = text[max(0, person.start - _REACH_CHARS) : person.start]
    civility = _CIVILITY_BEFORE.search(before)
    if not (alone or civility or len(name) > 1):
        return False
    sex = sex_of(civility[1]) if civility else sex_of(text[person.start : person.end].split()[0])
    borne = any(official.bears(name, sex) for official in officials)
    after = text[person.end : person.end + _REACH_CHARS]
    is_initial = _INITIAL_BEFORE.search(before) or _INITIAL_AFTER.match(after)
    if not borne and is_initial:  # `J. Roy, M. Ba`: the M. of Mireille
        borne = any(official.bears(("m", *name), "x") for official in officials)
    if not borne and alone and _INITIALS.fullmatch(text, person.start, _end(text, person)):
        borne = sum(official.has_initials(name) for official in officials) == 1
    if not borne:
        return False
    return not is_resident(before, text[person.end : person.end + _REACH_CHARS])


def _end(text: str, person: Finding) -> int:
    """Return where the name ends, its last stop included: `O. R.`."""
    return person.end + (text[person.end : person.end + 1] == ".")


def _with_civility(text: str, person: Finding) -> str:
    """Return the name as a roster would write it: `Mme Roy`."""
    civility = _CIVILITY_BEFORE.search(text[max(0, person.start - _REACH_CHARS) : person.start])
    told = f"{civility[1]} " if civility and sex_of(civility[1]) != "x" else ""
    return told + text[person.start : person.end]


def _is_private(text: str, person: Finding, role: str) -> bool:
    """Tell whether a president or treasurer is one of an association that the passage speaks of."""
    around = text[max(0, person.start - 3 * _REACH_CHARS) : person.start]
    stands_for = _DELEGATION.sub("", role.lstrip(" .;,(\n"))
    if _OF_PUBLIC.search(stands_for):
        return False
    return bool(_PRESIDES.match(stands_for) and _PRIVATE_BODY.search(around))


def _near(text: str, end: int) -> str:
    """Return what stands just before; the blanks that place a signature on its page count once."""
    before = _WIDE_BLANK.sub(" ", text[max(0, end - 4 * _REACH_CHARS) : end])
    return mended(before[-_REACH_CHARS:])


def _spread(text: str, persons: Sequence[Finding], roles: list[bool]) -> None:
    """Give a role in the plural to the whole list that it closes or opens."""
    for index in range(len(persons) - 1, 0, -1):
        after = mended(text[persons[index].end : persons[index].end + 40]).removeprefix(")")
        if _PLURAL.search(after) and _ROLE_AFTER.match(after):
            roles[index] = True
            place = index
            while place and _LIST_GAP.fullmatch(
                text[persons[place - 1].end : persons[place].start]
            ):
                place -= 1
                roles[place] = True
    is_open = False  # inside a list that such a heading opened
    for index, person in enumerate(persons):
        heading = text[max(0, person.start - _REACH_CHARS) : person.start]
        gap = text[persons[index - 1].end : person.start] if index else "."
        is_open = bool(_LIST_HEADING.search(heading)) or (
            is_open and bool(_LIST_GAP.fullmatch(gap))
        )
        roles[index] = roles[index] or (is_open and not _NO_MEMBER.match(text, person.end))
