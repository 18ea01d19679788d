# SPDX-License-Identifier: EUPL-1.2
"""How papers write that somebody acts in office: the patterns of `offices.py`, and nothing else.

ELECTED, SIGNING …           words for a role
ROLE_AFTER, ROLE_BEFORE …    where a role stands beside a name
FORMER, NO_MEMBER …          what takes it back
"""

from __future__ import annotations

import re

ELECTED = r"""(?:
    maires?(?:[\s-](?:délégué|adjoint|honoraire)e?s?)? (?!\s+(?:des\s)?jeunes)
  | adj\.(?:\s+d[ée]l\.)?(?!\s*(?:tech|adm|anim|d['’]anim|patr)) | cons\.\s+mun\.
  | (?<!teur\s)(?<!rice\s)
    adjointe?s?(?!\s+(?:gestionnaires?|techniques?|administrati\w+|d['’]animation|du\s+patrimoine
      |de\s+direction|à\s+la\s+direct))
  | conseill(?:er|ère)s?\s+(?:municip|communaut|métropolit|départem|région
      |délégu|d['’]arrond|territor)\w*
  | conseill(?:er|ère)s?(?=\s+de\s+(?:la\s+(?:min|maj)orité|l['’]opposition))
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
SWORN = r"""(?:gardien(?:ne)?[\s-]brigadi(?:er|ère)
    | brigadi(?:er|ère)(?:[\s-]chef(?:fe)?)?(?:[\s-]principale?)?
    | commissaires?\s+de\s+justice | huissi(?:er|ère)\s+de\s+justice
    | greffi(?:er|ère) | juges?\s+des\s+référés )"""
SIGNING = rf"""(?:présidente?s? | secr[ée]taires?\s+g[ée]n[ée]rale?s?
    | chef(?:fe)?s?\s+(?:de|du)\s+(?:service|pôle|poste|cabinet|division|bureau|brigade|centre
        |projet|département|unité|police|secteur)\w*
    | direct(?:eur|rice)s?(?:\s+\w+){{0,3}} | DGS | D\.G\.S\.
    | responsables?\s+(?:de|du)\s+\w+ | secrétaires?\s+de\s+mairie(?:\s+\w+)?
    | (?:comptable|trésori(?:er|ère))(?:\s+publi\w+)? | régisseu(?:r|se)s?
    | architectes?\s+des\s+bâtiments\s+de\s+france
    | {SWORN} )"""
NUMBER = (
    r"(?:\d{1,2}\s?(?:er|ère|re|e|ème|ᵉ)|1ʳᵉ|premi(?:er|ère)|deuxième|seconde?"
    r"|troisième|quatrième|cinquième|sixième)\s+"
)
CIV = (
    r"(?:M\.|MM\.|Mmes?|Mlle|M|Monsieur|Madame|Messieurs|Mesdames|Mr|Dr|Maître|Me|MONSIEUR|MADAME)"
)

ROLE_AFTER = re.compile(
    rf"""\s*,?\s*[(–:—-]?\s*(?:en\s+(?:(?:sa|votre)\s+)?qualité\s+de\s+|vous\s+qui\s+êtes\s+|agissant\s+en\s+(?:sa\s+)?qualité\s+de\s+)?
    (?:(?:le|la|l['’]|notre|votre|son|sa|nouve(?:au|lle))\s*)?(?:{NUMBER})?{ELECTED}(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
# A whole word, as a word read in pieces can be cut in very many ways, all of them in vain (a fifth
# of the guard's time was spent on it); in pieces only before `l'`, `d'`: « l'urbanisme d'Arlac ».
WHOLE_WORD = r"(?:[\w’-]++|[\w’-]+(?=[ld]['’]))"
# What may qualify a role before the name: « l'adjoint délégué à l'urbanisme, »
QUALIFIED = rf"""(?:,?[^\S\n]+(?:déléguée?|chargée?
    |(?:et[^\S\n]+)?p(?:ar|our)\s+(?:intérim|délégation|ampliation)|honoraire|suppléante?|signataire))?
    (?:[^\S\n]+(?:à|aux?|de|du|des|en)\b(?:[^\S\n]*(?:l['’]|la|le|les|d['’])?[^\S\n]*(?!(?-i:[a-zà-ÿ]+)(?<=er|ir)\b){WHOLE_WORD}){{1,8}}?
    |(?:[^\S\n]+d['’][\w’-]+){{1,2}})?"""
ROLE_BEFORE = re.compile(
    rf"""(?<!\w)(?:{NUMBER})?{ELECTED}{QUALIFIED}
    \s*(?:,|:|–|—|-|\n|\()?\s*(?:\([^()\n]{{2,40}}\)\s*|ch[èe]re?\s+)?(?:{CIV}\s+)?$""",
    re.VERBOSE | re.IGNORECASE,
)
HINTS_AT_ROLE = re.compile(
    "maire|adj|cons|présid|pdt|député|sénat|préf|ministre|secr|rapport|échevin|élu|merre|aghjunt|doyen|offici|ordonn|magist|commis",
    re.IGNORECASE,
)
"""One of these stands in each role: without one, the long pattern need not be tried."""

SIGNED_BEFORE = re.compile(
    rf"""(?:^|\n|[.;]\s|–\s(?=l[ea]\s(?:comptable|greffi))|délégation,?\s+|pour\s+l[ea]\s+(?:maire|préf[eè]te?),?\s+|transmis\s:\s|\bvu,?\s(?=l[ea]\scompt|l['’]ordonn|l['’]adjointe?\s:))\s*(?:le|la|l['’])\s*(?:{ELECTED}|{SIGNING})
    {QUALIFIED}\s*(?:,|:)?\s*(?:\n\s*){{0,3}}(?:\([^()\n]{{2,40}}\)\s*)?
    (?:(?:{CIV}|brigadi(?:er|ère)(?:[\s-]chef(?:fe)?)?(?:[\s-]principale?)?)\s+)?$""",
    re.VERBOSE | re.IGNORECASE,
)
ENDS_LINE = re.compile(
    r"[^\S\n]*(?:\n|$|[.)]?[^\S\n]*\n|\.$|[–-][^\S\n]+l(?:[ea][^\S\n]|['’]))", re.IGNORECASE
)
SIGNS_FOR = re.compile(
    rf"délégation\s+de\s+signature\s+(?:(?:est\s+)?(?:donnée|accordée|consentie)\s+)?à\s+(?:{CIV}\s+)?$",
    re.IGNORECASE,
)
BARE_LABEL = re.compile(r"adjointe?\s*:", re.IGNORECASE)  # in any team, not of the mayor
FOR_THE_MAYOR = re.compile(r"(?:délégation|empêchée?),?\s+(?:le\s|la\s|l['’])$", re.IGNORECASE)
IS_MAYOR = re.compile(
    rf"\b(?:le|la)\s+maire(?:\s+d(?:e|u|es)?['’\s]?\s?\w+)?,?\s+c['’\s]\s?est\s+(?:bien\s+)?(?:{CIV}\s+)?$",
    re.IGNORECASE,
)
FOR_THE_TOWN = re.compile(
    r"\b(?:commune|ville)(?:\s+(?:de|du|des|d['’])\s?[\w’'-]+)?,?\s+représentée\s+par\s+"
    r"(?:(?:M\.|Mme|Monsieur|Madame)\s+)?$",
    re.IGNORECASE,
)
NO_MEMBER = re.compile(r",\s(?:avocate?|notaire|géomètre|déléguée?\s(?:de\sl['’]|du\s))")
"""`Membres : Luc Roy, délégué de l'administration`: the State's choice, who sits for no town."""

DESIGNATED = re.compile(
    r"[^\n;:.]{0,60}?,?\s+(?:est|sont)\s+(?:désignée?|nommée?)s?\s+(?:en\s+qualité\s+de\s+)?"
    r"commissaires?[\s-]enquêt",
    re.IGNORECASE,
)
PRESIDENT = re.compile(
    rf"(?:^|\n|[.;]\s)\s*(?:le|la)\s+(?:vice-)?présidente?,?\s+(?:{CIV}\s+)?$", re.IGNORECASE
)
PUBLIC_BODY = re.compile(
    r"\b(?:conseil\s+communautaire|comité\s+syndical(?!e)|syndicat\s+(?:inter|mixte)\w*|conseil\s+d['’]agglomération)",
    re.IGNORECASE,
)
NOUS = re.compile(r"(?:^|\n|[Pp]ar\s|[Aa]vec\s)\s*(?i:nous|je,),?\s+(?:soussignée?s?,?\s+)?$")
FORMER = re.compile(
    r"(?:ancien(?:ne)?s?|ex-?|feu|candidate?s?\s+(?:à|aux?))\s*(?:le\s|la\s)?$", re.IGNORECASE
)
PRESIDES = re.compile(
    r"(?:(?:le|la|l['’])\s*)?(?:(?:vice[\s-])?président|secrétaire|trésori)", re.IGNORECASE
)
OF_PUBLIC = re.compile(
    r"présidente?\s+(?:de\s+(?:la\s+)?(?:communauté|métropole|région|séance)|du\s+(?:conseil|départ))",
    re.IGNORECASE,
)
DELEGATION = re.compile(r"^(?:délégation|transmis)[\s,:]*", re.IGNORECASE)
PRIVATE_BODY = re.compile(
    r"\b(?:association|asso|club|amicale|comité\s+des\s+fêtes|société|syndic|fédération|ligue|chorale|assemblée\s+générale)\b",
    re.IGNORECASE,
)
LINKS_ROLE_AWAY = re.compile(
    r"(?:\b(?:à|a|de|du|des|par|avec|pour|et|ou|contre|chez|d['’]|que|qu['’])\s*)(?:"
    + CIV
    + r"\s+)?$",
    re.IGNORECASE,
)
PLURAL = re.compile(
    r"(?:adjointe?s|maires|conseill(?:er|ère)s|élue?s|vice-présidente?s|députée?s|sénateurs)\b",
    re.IGNORECASE,
)
LIST_GAP = re.compile(
    rf"[\s,;–—•/)-]*(?:\bet\b|\bou\b)?\s*(?:\(?(?:pouvoir|procuration)\s(?:donnée?\s)?à\s)?(?:{CIV}\s+)?"
)
LIST_HEADING = re.compile(
    r"(?:commission\s(?:de\s(?:contrôle|délégation)|d['’]appel|municipale|communale|administrative)"
    r"[^\n]{0,70}\n\s{0,4}membres|adjointe?s(?:\s+au\s+maire)?|conseill(?:er|ère)s\s+(?:municipa|communaut|délégu)\w*(?:\s+\w+)?"
    r"|membres\s+(?:élus|du\s+conseil\s+municipal))(?:\s+(?:présente?s|absente?s|excusée?s|déléguée?s)){0,2}\s*:\s*(?:"
    + CIV
    + r"\s+)?$",
    re.IGNORECASE,
)
CIVILITY_BEFORE = re.compile(rf"({CIV})\s*$")
TURN = re.compile(r"\s*:\s*(?:le|la|l['’]|notre|votre|les)\b", re.IGNORECASE)
OPENS = re.compile(r"[^\S\n]*:")
ARTICLE = re.compile(r"[\s,]+l(?:[ea]\s|['’])", re.IGNORECASE)
ANOTHER = re.compile(rf",?[^\S\n](?:{CIV}\s)?(?!{CIV}\s)[A-ZÀ-Þ][\w’'-]+")
ADDRESSED = re.compile(r"\n\s*(?:Madame|Monsieur)\s$")
GREETED = re.compile(r",[^\S\n]*(?:\n|$)")
INITIAL_BEFORE = re.compile(
    r"(?<![^\W_])[A-ZÀ-Þ]\.(?:-[A-ZÀ-Þ]\.)?\s?[A-ZÀ-Þ][\w’'-]+\s?[,;]\s(?<!MM\.\s)M\.\s?$"
)
INITIAL_AFTER = re.compile(r"\s?[,;]\s(?!M\.)[A-ZÀ-Þ]\.(?:-[A-ZÀ-Þ]\.)?\s?[A-ZÀ-Þ]")
INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.[\s-]?){2,4}")
WIDE_BLANK = re.compile(r"[^\S\n]{2,}")
REACH_CHARS = 120
