# SPDX-License-Identifier: EUPL-1.2
"""Words that announce the number of someone's file, one family of services a row.

    code famille FAM01042    PRM 24 518 704 331 902    NNE 612 804 177    VIN VF3…

`labelled_codes` yields the codes that follow such a word, `codes_beside_someone` those in
brackets after a name: `l'abonnée Jeanne Arran (n° 3318-B)`. A code holds digits and mixes them
with letters and separators as it likes; what a row asks for besides keeps amounts, years,
models and the numbers of acts. Words that mean many things (`contrat`, `compteur`,
`dérogation`) ask for a word of their service nearby.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.recognizers.owners import OWNER, PUBLIC_PLACE, last_of

NEAR_CHARS = 300
_LINE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Family:
    """The words of one kind of service, the digits a code must hold, what must stand near."""

    words: str
    digits: int = 3
    near: re.Pattern[str] | None = None
    counts: bool = False
    """Whether counts and years follow as often: those then ask for a sign, `n°` or a colon."""
    spares_public: bool = False
    """Whether the meters of schools and town halls stay: nothing personal in them."""


def _near(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})", re.VERBOSE | re.IGNORECASE)


_HOLDER = r"""(?: usag(?:er|[èe]re) | foyer | famille | individu | redevable | d[ée]bit(?:eur|rice)
  | abonn[ée]e? | cliente? | adh[ée]rente? | locataire | administr[ée]e? | b[ée]n[ée]ficiaire
  | [ée]lect(?:eur|rice) | [ée]tudiante? | licenci[ée]e? | soci[ée]taire | lect(?:eur|rice)
  | emprunteu(?:r|se) | agent | [ée]l[èe]ve | [ée]leveu(?:r|se) | exploitante?
  | propri[ée]taire | patiente? | souscript(?:eur|rice) | assur[ée]e? )"""

_SUBSCRIBER = _near(
    r"abonn[ée] | titulaire | mon\b | ma\b | ma[îi]son\b | client | usager | index | Mme\b"
    r"| Mlle\b | M\.\s | PDS\b | PDL\b | PRM\b | PCE\b | RUM\b | souscript | pr[ée]l[èe]vement"
)
_PUPIL = _near(r"[ée]l[èe]ves? | [ée]cole | scolaire | enfants? | INE\b | CM[12] | CE[12] | CP\b")
_MINDER = _near(r"assistantes?\smat | PMI\b | RPE\b | RAM\b | pajemploi | ass\.?\smat")
_HUNTER = _near(r"chasse | chasseu | ACCA\b | battue")
_CARD = _near(
    r"commer[çc]ant | ambulant | forain | taxi | VTC\b | emprunt | lect(?:eur|rice) | adh[ée]rent"
    r"| abonn[ée] | handicap | titulaire"
)
_CLUB = _near(
    r"club | sport | joueu | judo | foot | rugby | tennis | p[ée]tanque | natation | gym | FF[A-Z]"
    r"| UFOLEP | USEP | UNSS | FSGT | adh[ée]rent | association"
    r"| [ée]ducat | entra[îi]neu | licenci[ée]"
)
_VOTER = _near(r"NNE\b | [ée]lect(?:eur|rice|or) | radiations?\b | inscriptions?\soffice")

FAMILIES: tuple[Family, ...] = (
    # someone's number or code, whatever the service: `n° d'abonné`, `code famille`
    Family(
        rf"""(?: n°s? | num[ée]ro | no | id(?:entifiant)? | code | r[ée]f(?:[ée]rence|\.)?
            | compte )
          \s{{1,2}} (?: d['’]\s? | de\s(?:l['’]|la\s)? | du\s )? {_HOLDER}"""
    ),
    # the same, bare; a count stands there as often, so four digits
    Family(
        rf"""(?<!par\s)(?<!chaque\s)(?<!un\s)(?<!une\s) (?: {_HOLDER} | fam\.? | badge )""",
        digits=4,
        counts=True,
    ),
    # abbreviations and social services
    Family(
        r"""b[ée]n[ée]f\. | adh\.? | souscr\. | abo\. | loc\.\s?n°
          | matr(?:icule|\.)(?:\s(?-i:[A-Z]\w{2,7}))?
          | (?:pers\.?\s|personne\s)?IODAS | notification\sMDPH | CMI(?:-[SPI])? | casier\sCCAS
          | contrat\sd['’]engagement | mutuelle\sn° | RQTH | [ée]crou
          | titre\sde\spension | mandat\sde\sprotection | parcoursup | candidat(?=\sn°)
          | pass\s?['’]?\s?(?:sport|culture|jeune|r[ée]gion)
          | dossiers?\s(?:d[ée]partemental | cantine | famille | p[ée]riscolaire | cr[èe]che
            | usager | social | logement | allocataire | retraite
            | FSL | APA | RSA | PCH | DALO | MDPH )
          | (?:recours\s)?DALO,?\s{1,2}recours | (?:num[ée]ro\s)?NU[RD] | SNE"""
    ),
    Family(
        r"(?-i:APA|PCH|RSA|AEEH|AAH|ASPA|FSL|C2S|CSS) | carsat | cnav | cpam | cnracl | ircantec",
        digits=6,
    ),
    Family(r"RG", digits=4, near=_near(r"tutelle | curatelle | MJPM | majeure?\sprot")),
    Family(r"casier", near=_near(r"domicili | CCAS\b")),
    # elections
    Family(r"NNE | procuration(?:\s\w{2,10})?\s?[:,]?\s?r[ée]f(?:[ée]rence|\.)?"),
    Family(r"(?:n°\s|num[ée]ro\s)?(?:d['’])?ordre | inscrite?(?=\ssous\sle)", near=_VOTER),
    Family(r"procuration(?=\s?n°)", digits=4),
    # school, clubs, diplomas
    Family(r"NUMEN | (?:n°|num[ée]ro)\sinterne | carte\s[ée]tudiant | (?:n°|num[ée]ro)\sONDE"),
    Family(r"d[ée]rogation(?:\sscolaire|\sde\ssecteur)?", near=_PUPIL),
    Family(
        r"""BNSSA | BEESAN | BPJEPS | BAF[AD] | PSC\s?1
          | permis\s(?:de\schasser?|bateau|c[ôo]tier|hauturier)
          | (?:lic(?:ence|\.)|licenci[ée]e?)(?:\sde\s\w{3,12})?\s{1,2}
            (?-i:FF[A-Z]{1,7}|UFOLEP|USEP|UNSS|FSGT|FSCF)
          | carte\spro(?:fessionnelle|\.)?(?:\s(?:d['’]|de\s)?(?-i:[a-zé]{4,14}))?""",
        digits=4,
    ),
    Family(r"lic(?:ence|\.)(?!\sIV)", digits=4, near=_CLUB),
    Family(r"validation", digits=6, near=_HUNTER),
    Family(r"carte(?=\s{1,2}(?:n°|no\b|num))", digits=4, near=_CARD),
    # insurance
    Family(
        r"""police(?:\sd['’]assurance)?
          | (?:r[ée]f(?:[ée]rence|\.)?|n°|dossier)\s(?:de\s|du\s)?sinistre
          | mutuelle | MGEN | MNT | Harmonie | AG2R | MAIF | MACIF | GMF | MAAF | AXA | Groupama
          | Allianz | Matmut | Malakoff | Apicil""",
        digits=6,
    ),
    # water, power, gas, mandates
    Family(
        r"""P\.?R\.?M | P\.?D\.?L | P\.?C\.?E | PDS | R\.?U\.?M
          | (?:r[ée]f(?:[ée]rence|\.)?\s)unique(?:\s(?:de\s|du\s)mandat)?
          | point\sde\s(?:livraison|service|comptage|desserte|r[ée]f[ée]rence(?:\sde\smesure)?)""",
        digits=4,
        spares_public=True,
    ),
    Family(
        r"""(?<!\bSAV\s)(?<!maintenance\s)(?<!entretien\s)contrat
            (?:\s(?:d['’])?(?:EDF|Engie|Total\w{0,8}|SAUR|Veolia|Suez|Orange|SFR|Bouygues|Free
              |eau|gaz|auto|habitation|[ée]lectricit[ée]|abonnement|assurance|MRH|obs[èe]ques))?
          | compteur(?:\s(?:finit|se\stermine)\spar)?""",
        digits=4,
        near=_SUBSCRIBER,
        spares_public=True,
    ),
    Family(
        r"(?:le\s)?(?:num[ée]ro|numero|n°)\s(?:complet|entier|exact)",
        digits=4,
        near=_near(r"compteur | client | abonn | contrat | dossier"),
    ),
    # tax and land
    Family(
        r"""invariant(?:\s(?:du\slocal|fiscal|du\slogement))? | (?:num[ée]ro|n°|compte)\scommunal
          | compte\sde\spropri[ée]t[ée] | compte\spropri[ée]taire
          | avis\s(?:de\s(?:taxe|TF)|d['’]imp(?:[ôo]t|osition))(?:\s(?-i:[a-zà-ÿ]{3,10})){0,3}""",
        digits=4,
    ),
    Family(r"avis(?=\s?n°)", digits=9, near=_near(r"imp[ôo]t | fiscal | taxe")),
    Family(
        r"""PACAGE | cheptel(?:\sEDE)? | (?:n°\s)?EDE
          | (?:n°\s)?d[ée]tenteur(?:\s(?:ovins?|bovins?|caprins?|porcins?
            |[ée]quid[ée]s?|de\s\w{4,9}))? | exploitation(?=\sMSA) | SIGA\w{0,4} | NUMAGRIT
          | (?:n°\s)?(?:CVI|NAPI)"""
    ),
    # foreigners
    Family(r"OFII | OFPRA | CNDA | (?:n°|dossier)\sANEF", digits=5),
    # vehicles
    Family(
        r"V\.?I\.?N | (?:n°\s(?:de\s)?)?ch[âa]ssis | (?:n°|num[ée]ro)\s(?:de\s)?formule", digits=5
    ),
    Family(r"formule", digits=6, near=_near(r"immat | carte\sgrise")),
    Family(r"carte\sgrise | certificat\sd['’]immatriculation", digits=6),
    # animals
    Family(r"puce(?:\s[ée]lectronique)? | transpondeur", digits=10),
    Family(
        r"tatou(?:age|[ée]e?) | identifi[ée]e?(?:\ssous)?",
        near=_near(r"chiens? | chiennes? | chats? | chatte | animal | rottw | staff"),
    ),
    # childminders, debtors
    Family(r"agr[ée]ment\sPMI"),
    Family(r"pajemploi | CESU", digits=7),
    Family(r"agr(?:[ée]ment|\.|[ée]{2}e?)", near=_MINDER),
    Family(r"r[ée]f[ée]rence", digits=6, near=_near(r"payfip")),
)

_LABEL = re.compile(
    r"(?<!\w)(?=[^\W\d_])(?:"
    + "|".join(rf"(?P<f{i}>{f.words})" for i, f in enumerate(FAMILIES))
    + r")(?!\w)",
    re.VERBOSE | re.IGNORECASE,
)

UNIT = r"""[^\S\n]?(?: € | % | ° | (?:k?€|euros?|francs|m[²³23]?|km|kWh|kg|ha|h|ans|mois|jours?
    |places?|habitants|b[ée]n[ée]ficiaires|foyers|familles|personnes|dossiers|demandes|usagers
    |abonn[ée]s|clients|repas|agents|[ée]l[èe]ves|enfants|licenci[ée]s
    |adh[ée]rents|heures|points?|pts|L|litres)(?!\w) )"""
"""What follows a count or an amount."""

CODE = rf"""(?P<number> [+]{{0,2}}
    (?: [A-Z]{{1,3}}[ ](?=\d) | (?=[A-Za-z]{{0,8}}(?:[-/._][A-Za-z]{{0,8}}){{0,2}}\d) )
    [A-Za-z\d]{{1,24}}
    (?: [-–/._] [A-Za-z\d]{{1,20}} | [ ] (?=[A-Z]{{0,3}}[ ]?\d) [A-Z\d]{{1,12}} ){{0,7}}
    (?: [ ]?[-–]?[ ]? [A-Z]{{1,2}} (?! [\w'’] | \.[^\S\n]?\w | [ ]\d ) )?
  ) (?! \w | [.,/-]\d | ° | (?:[ ]\d{{3}}){{0,3}} (?:,\d\d)? {UNIT} | \s?[=+×*]\s?\d )"""
"""Groups of letters and digits; what counts things or euros is none."""

_JOINT = r"""(?: [^\S\n]?\([^()\d\n]{2,20}\)
    | \s(?:du|le|d[ée]livr[ée]e?\sle)\s\d\d/\d\d/\d{2,4} )? [^\S\n]?[.…_]{0,40}
    (?: [^\S\n]{0,12} [,:(=►→»|"'] [^\S\n]{0,3} | [^\S\n]{1,12} [-–] [^\S\n]{1,3} | [^\S\n]{0,12} )
    (?: (?: (?:c['’\s]?)?est\s(?:le\s)? | c\s | porte\s(?:le\s)? | n[°º]s?\s? | no\s | num[ée]ro\s
      | r[ée]f\.?[ée]?\w{0,6}\s | sous\sle\s | demandeur\s | individu\s | MSA\s | : )
      [^\S\n:]{0,2} ){0,3}"""
_AFTER = re.compile(rf"(?i:{_JOINT}) {CODE}", re.VERBOSE)

_NAME = r"[A-ZÀ-Ö][\w'’.-]{1,25}"
_BESIDE = re.compile(
    rf"""(?<!\w)
      (?: {_HOLDER.replace("(?:", "(?i:", 1)} | [Ff]am\.
        | M\. | Mme | Mlle | Mr | Monsieur | Madame )
      [ ] (?: (?:M\.|Mme)[ ] )? {_NAME} (?: [ -]{_NAME} ){{0,3}} [ ]?
      [(\[] (?: n[°º] | no | id(?:entifiant)?\.? | r[ée]f\.? | matricule | code ) [ :]{{0,3}}
      {CODE} [^\S\n]?[]),;]""",
    re.VERBOSE,
)
"""`Mme Arran (n° 3318-B)`"""

_LISTED = re.compile(
    rf"""(?<!\w){_NAME} (?:[ ]{_NAME}){{1,3}} [ ]
      (?: \({CODE}\) | [–-][ ]{CODE.replace("?P<number>", "?P<dashed>")}[ ][–-] )""",
    re.VERBOSE,
)
"""`Jeanne Arran (1998 034 0031-09-A), …`, in a list that said once what the number is."""

_SAID_ONCE = _near(
    r"permis\sde\schass | licenc | licenci | agr[ée]ment\sPMI | agr\. | adh[ée]rents?"
)
_LISTED_DIGITS = 5
_OF_ITS_SHAPE = re.compile(
    r"(?<!\w)(?:\d{2}[A-Z]\d{7}[A-Z]{3}|(?=[A-Z\d]{0,12}[A-Z]\d{0,8}[A-Z])[A-HJ-NPR-Z][A-HJ-NPR-Z\d]{12}\d{4})(?!\w)"
)
"""A vehicle's VIN; the NUMEN of a teacher."""

_OWNER_CODE = re.compile(
    r"(?<!\w)(?:PROPRI[ÉE]TAIRES?|[Pp]ropriétaires?|PROP\.?|MAJIC)\s{1,12}(?P<number>(?=[A-Z]*\d)[A-Z][A-Z\d]{5})(?!\w)"
)
"""The six characters by which the land register knows an owner."""


_COUNT = re.compile(r"\d{1,3}(?:[ ]\d{3})+|(?:19|20)\d\d[-/ ]\d{1,4}")
_YEAR = re.compile(r"[A-Z]{1,4}[ ](?:19|20)\d\d")
_SIGN = re.compile(r"n[°º]|no\b|num|:|=|►|→|\|", re.IGNORECASE)


def labelled_codes(text: str) -> Iterator[tuple[int, int]]:
    """Yield the codes that a label of `FAMILIES` announces."""
    for label in _LABEL.finditer(text):
        family = FAMILIES[int((label.lastgroup or "f0")[1:])]
        match = _AFTER.match(text, label.end())
        if not match or _YEAR.fullmatch(match["number"]):
            continue
        has_sign = bool(_SIGN.search(text, label.end(), match.start("number")))
        if digits(match["number"]) < family.digits - (family.counts and has_sign):
            continue
        if family.counts and not has_sign and _COUNT.fullmatch(match["number"]):
            continue
        start, end = max(0, label.start() - NEAR_CHARS), match.end() + NEAR_CHARS
        if family.near is not None and not family.near.search(text, start, end):
            continue
        if family.spares_public and is_of_a_public_place(text, label.start()):
            continue
        yield match.span("number")


def is_of_a_public_place(text: str, offset: int) -> bool:
    """Tell whether the line speaks of a school, a hall, a company before `offset`."""
    line = text.rfind("\n", 0, offset) + 1
    place = last_of(PUBLIC_PLACE, text[max(line, offset - _LINE_CHARS) : offset])
    return place >= 0 and not OWNER.search(text, max(line, offset - _LINE_CHARS), offset)


def codes_beside_someone(text: str) -> Iterator[tuple[int, int]]:
    """Yield the codes in brackets after a name, and those whose shape says what they are."""
    for pattern in (_BESIDE, _OF_ITS_SHAPE, _OWNER_CODE):
        for match in pattern.finditer(text):
            yield match.span(match.lastgroup or 0)
    for match in _LISTED.finditer(text):
        group = "number" if match["number"] else "dashed"
        before = max(0, match.start() - NEAR_CHARS)
        if digits(match[group]) >= _LISTED_DIGITS and _SAID_ONCE.search(
            text, before, match.start()
        ):
            yield match.span(group)


def digits(code: str) -> int:
    """Return how many digits a code holds."""
    return sum(c.isdigit() for c in code)
