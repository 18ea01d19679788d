# SPDX-License-Identifier: EUPL-1.2
"""The numbers that a word of `file_families` announces, and those beside someone's name.

    code famille FAM01042    PRM 24 518 704 331 902    NNE 612 804 177    VIN VF3…

`labelled_codes` yields the codes that follow such a word, `codes_beside_someone` those in
brackets after a name: `l'abonnée Jeanne Arran (n° 3318-B)`. A code holds digits and mixes them
with letters and separators as it likes. `echoes` yields the numbers of the same shape that
follow one: `le vôtre, 2210 418, et celui de votre mari, 2210 733`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.recognizers.file_families import FAMILIES, HOLDER, near_words
from guardrails.recognizers.owners import OWNER, PUBLIC_PLACE, last_of

NEAR_CHARS = 300
_LINE_CHARS = 200


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
      (?: {HOLDER.replace("(?:", "(?i:", 1)} | [Ff]am\.
        | M\. | Mme | Mlle | Mr | Monsieur | Madame )
      [ ] (?: (?:M\.|Mme)[ ] )? {_NAME} (?: [ -]{_NAME} ){{0,3}} [ ]?
      [(\[] (?: n[°º] | no | id(?:entifiant)?\.? | r[ée]f\.? | matricule | code ) [ :]{{0,3}}
      {CODE} [^\S\n]?[]),;]""",
    re.VERBOSE,
)
"""`Mme Arran (n° 3318-B)`"""

_SERVICE = r"""(?: dossier | carte | badge | abonnement | abonn[ée]e? | adh[ée]sion | inscription
  | r[ée]servation | licence | s[ée]jour | hospitalis\w{2,6} | pension | retraite | rente
  | allocation | aide | bourse | surendettement | naturalisation | [ée]trang[èe]re? | plainte
  | accident | AT
  | t[ée]l[ée]commande | bac | composteur | compteur | code-barres? | passe? | pr[êe]t
  | contrat | compte | client | h[ée]bergement | logement | mesure | suivi | demande | attestation
  | ordonnance | certificat | identifiant | num[ée]ro | r[ée]f[ée]rence | PAI | convocation )"""
_NOT_A_SERVICE = re.compile(
    r"""(?<!\w)(?: subvention | permis | travaux | urbanis | pr[ée]alable | d[ée]claration\spr[ée]
      | autorisation | march[ée]s? | consultation | DETR | DSIL | achat | commande | facture
      | maintenance | entretien | devis | budg | comptable | association | projet | urbain
      | arr[êe]t[ée] | d[ée]lib | lot\b | avenant | travail\s(?:à|de)\s | CDD | agr[ée]ment
      | budget | n[ée]cessit | loi\b | d[ée]cret | code\b | articles? | contr[ôo]le
      | mariage | PACS\b
      | acte\b | registre | [ée]tat\scivil | concession | cadastr | parcelle )""",
    re.VERBOSE | re.IGNORECASE,
)
_WIDE = re.compile(
    rf"""(?<!\w)(?i:{_SERVICE}) (?P<words> (?:[ ](?:[«(]\s?)?[^\W\d_][\w'’.-]{{0,20}}
      \s?[»)]?){{0,4}} )
      [ ]?[,(]?[ ]? (?: (?i: n[°º] | num[ée]ro | no[ ] | r[ée]f\.? ) [ ]?:? | : ) [ ]? {CODE}""",
    re.VERBOSE,
)
"""`dossier de Mme Arran : 2024-4471`, `inscription au centre de loisirs, n° 24-4471`"""

_PERSONAL = near_words(
    r"s[ée]jour | hospitalis | naturalisation | [ée]tranger | surendettement | plainte | bourse"
    r"| t[ée]l[ée]commande | pension | PAI\b | inscription"
)
"""What is someone's even where no person stands near."""

_WIDE_CHARS = 110
_WIDE_DIGITS = 4
_NAMED_CHARS = 40
_SOMEONE = near_words(
    r"(?-i:M\.\s | MM\.\s | Mmes?\b | Mlle\b | Monsieur\b | Madame\b)"
    r"| mon\b | ma\b | mes\b | je\b | j['’] | votre\b | son\s | sa\s | n[ée]e?\sle\b"
    r"| enfants?\b | fils\b | filles?\b | m[èe]re\b | p[èe]re\b | mari\b | [ée]pou | usag[eè]r"
    r"| (?-i:(?:de|pour|à|par)\s[A-Z][a-zà-ÿ]{1,14}\s[A-Z][A-Za-zà-ÿ]{2,20})"
    r"| famille\b | titulaire | b[ée]n[ée]ficiaire | patiente?\b | demandeu | m['’]a"
)

_LISTED = re.compile(
    rf"""(?<!\w){_NAME} (?:[ ]{_NAME}){{1,3}} [ ]
      (?: \({CODE}\) | [–-][ ]{CODE.replace("?P<number>", "?P<dashed>")}[ ][–-] )""",
    re.VERBOSE,
)
"""`Jeanne Arran (1998 034 0031-09-A), …`, in a list that said once what the number is."""

_SAID_ONCE = near_words(
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


_ADDED = re.compile(
    rf"""\s? (?: [,;/&+] | (?<=\s)(?:et|ou|puis)\b ) \s?
      (?: (?: et | ou | puis | celui | celle | l['’]autre | n[°º] | no | de | du | d['’] | la
        | le | pour | mon | ma | ton | ta | son | sa | votre | leur | mari | femme | conjointe?
        | [ée]poux | [ée]pouse | papa | maman | p[èe]re | m[èe]re | fils | fille | fr[èe]re
        | s(?:œ|oe)ur | voisine? | fam(?:ille|\.) | M\. | Mme | Mlle | (?-i:{_NAME}) )
        [\s:,('’]{{1,2}} ){{0,6}} {CODE}""",
    re.VERBOSE | re.IGNORECASE,
)
"""What adds a second number to a first: `, et celui du papa, …`, `/ …`, `pour Mme Arran : …`."""

_ECHO_DIGITS = 5
_MAX_ECHOES = 20
_COUNT = re.compile(r"\d{1,3}(?:[ ]\d{3}){1,2}|(?:19|20)\d\d[-/ ]\d{1,4}")
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


def codes_of_someones_service(text: str) -> Iterator[tuple[int, int]]:
    """Yield the codes that a service's word announces from further off, a person near."""
    for match in _WIDE.finditer(text):
        number, start = match["number"], match.start()
        if digits(number) < _WIDE_DIGITS or _YEAR.fullmatch(number):
            continue
        end = match.end() + _WIDE_CHARS
        if _PERSONAL.search(match[0]) and "n°" in match[0]:
            yield match.span("number")
            continue
        if _COUNT.fullmatch(number) and not _SOMEONE.search(match["words"]):
            continue
        if _NOT_A_SERVICE.search(text, max(0, start - _NAMED_CHARS), match.end() + _NAMED_CHARS):
            continue
        if _SOMEONE.search(text, max(0, start - _WIDE_CHARS), end):
            yield match.span("number")


def echoes(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers of one shape with text[start:end] that an enumeration adds to it."""
    shape = _shape(text[start:end])
    if digits(text[start:end]) < _ECHO_DIGITS - ("A" in shape):
        return
    for _ in range(_MAX_ECHOES):
        joint = _ADDED.match(text, end)
        if not joint or _shape(joint["number"])[: len(shape)] != shape:
            return
        end = joint.end("number")
        yield joint.span("number")


def _shape(code: str) -> str:
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", code))


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
