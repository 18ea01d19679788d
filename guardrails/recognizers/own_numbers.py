# SPDX-License-Identifier: EUPL-1.2
"""Numbers that are someone's, whatever the service calls them: no list of services is ever whole.

    votre contrat ABO-0031177-C     mon échéancier 4410 227     under a possessive
    I-CAD 250 001 002 003 004       BDF 000219027714            eight digits after capitals
    dossier SPANC ANC/0177/2231     compte F-0914               a code after a word of accounts
    Assurance : MAIF, n° 02-41-P    MDPH du Nord, 59-118842     some words after a service's

A table of labels (`file_families.py`) knew four numbers in ten of papers by new authors. So this
goes the other way round: a code after such words is someone's unless the words, or the shape of
the code, say that it is public: acts, permits, markets, invoices, laws, standards, companies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.normalise import is_siret
from guardrails.recognizers.file_labels import CODE, digits

_PUBLIC = re.compile(
    r"""(?<!\w)(?: d[ée]lib | arr[êe]t[ée] | d[ée]cret | lois?\b | articles? | art\. | circulaire
      | ordonnance | permis\sde\sconstr | permis\sd['’]am | d[ée]claration | march[ée]s? | lots?\b
      | devis | factures? | bons? | bordereau | mandats?\b | titres? | lignes? | budget | chapitre
      | listes? | collectivit | compte\s(?:rendu|administr|de\sgestion) | courriers? | lettre | mail
      | norme | cerfa | formulaire | siret | siren
      | t[ée]l\b | fax | page | point | rue | route | chemin
      | s/n\b | s[ée]rie | mod[èe]le | offre | annonce | version
      | r[ée]f(?:[ée]rence)?\sproduit | agr[ée]ment\sminist | n[°º]\sd['’]ordre | zone | section
      | parcelle | place\b | salle | bureau | classe | [ée]cole | bus | autorisation
      | r[ée]c[ée]piss[ée] | convention | subvention | association | entreprise | soci[ée]t[ée]
      | SAV | pr[êe]t\b | maintenance | entretien | commune
      | (?-i: NF | EN | ISO | RAL | RCS | RNA | FINESS | UAI | RNE | INSEE | TVA | NOR | NATINF
        | ISBN | ISSN | EAN | BIC | IBAN | BP | CS | TSA | CEDEX | CCP | DICT | RD | RN | VC | DN
        | PC | DP | PA | PD | CU | AT | DIA | EURL | SARL | SAS | SMACL )\b )""",
    re.VERBOSE | re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d[-/_.]?[A-Z]{0,5}[-/_.]?\d{1,5}(?:[-/][A-Z]{1,5})?")
"""`2024-031`, `2024/118/POL`: how acts, invoices and markets are counted."""
_YEAR_LAST = re.compile(r"[A-Z]{0,4}[-/ ]?\d{1,4}[-/](?:19|20)\d\d")
_DATE = re.compile(r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d{2}|(?:19|20)\d\d")
_SLUG = re.compile(r"[a-zà-ÿ]{4,}[-_].*")
"""`rendu-03-12-2018`, `inscription-2024-v2`: words of a file's name, joined."""
_PHONE = re.compile(r"0\d(?:[\s.-]?\d\d){4}")
_PERMIT = re.compile(r"(?:PC|DP|PA|PD|CU|AT|IA|CUb|DIA)[\s\-]?\d{3}")

_NUMBER_WORD = r"(?: n[°º] | no | num[ée]ro | r[ée]f(?:[ée]rence)?\.? )"
_JOINT = rf"[\s:,(]{{1,3}} (?: {_NUMBER_WORD} [\s:]{{0,3}} )?"
_WHOLE = r"(?! … | \.\.)"
_POSSESSED = re.compile(
    rf"""(?<!\w) (?: mon | ma | mes | votre | vos | notre | nos | son | sa | ses | leurs? ) \s
    (?P<words> (?i:(?!{_NUMBER_WORD}\s)[a-zà-ÿ'’]{{2,16}}) (?: \s [a-zà-ÿ'’]{{2,14}} ){{0,2}} )
    \s{{1,2}} (?: \(? {_NUMBER_WORD} [\s:]{{0,3}} )? {CODE} {_WHOLE}""",
    re.VERBOSE,
)
_AFTER_CAPITALS = re.compile(
    rf"""(?<![\w/-]) (?P<words> [A-Z]{{1,3}}-?[A-Z]{{2,6}} (?: \s [a-zà-ÿ]{{3,12}} )? ) {_JOINT}
    (?P<number> \d (?:[ .]?\d){{7,17}} (?:[ ]?[A-Z])? )
    (?! \w | [ ]?(?:€|euros?|%|m²|m2|kWh|habitants) | [.,/-]\d | [ ]\d ) {_WHOLE}""",
    re.VERBOSE,
)
_OF_AN_ACCOUNT = re.compile(
    rf"""(?<!\w) (?P<words> (?i: dossiers? | contrats? | abonnements? | identifiants? | matricules?
      | mat\. | adh[ée]sions? | polices? | sinistres? | tatouages? | puces? | pucée? )
      | (?i: comptes? | cptes? ) (?= [^\n]{{0,28}} [A-Z][-/]?\d ) )
    (?: \s (?: [A-Z]{{2,8}} | [a-zà-ÿ'’]{{2,14}} ) ){{0,2}} {_JOINT} {CODE} {_WHOLE}""",
    re.VERBOSE,
)
"""A bare number after `compte` is one of the budget's."""

_OF_A_SERVICE = re.compile(
    rf"""(?<!\w) (?P<words> (?:
        (?i: permis\s(?:de\s(?:chasser?|p[êe]che|d[ée]tention)|valid[ée]|bateau) | cartes? | badges?
          | licences? | assurances? | assur[ée]e? | mutuelle | r[ée]tablissement | plainte
          | domicili(?:ation|[ée]e?s?) | inscriptions? | candidature | allocations? | allocataire
          | pensions? | retraite | bourse | prise\sen\scharge | suivie?s? | tatou(?:ages?|[ée]e?s?)
          | puces? | pucée?s? | identifi(?:cation|[ée]e?s?) | taxe | imp[ôo]ts? | foyer | famille
          | usag(?:er|[èe]re) | b[ée]n[ée]ficiaire | patiente? | locataire | abonn[ée]e? | aide
          | abonnement | adh[ée]rente? | titulaire | dossier | demande | contrat
          | bac | attestation | certificat | logement | sinistre | pr[ée]l[èe]vement )
      | MDPH | CAF | MSA | CPAM | CARSAT | CNAV | RSA | AAH | APA | PCH | RQTH | TF | TH | THLV
      | FSL | ASE | DALO | CCAS | OFII | ANEF | ANTS | CMI ) (?!\w)
      (?: [^\n.;|\d(] | \([^()\n]{{2,30}}\) ){{0,45}}? )
    (?: [ ,:(]{{1,3}} {_NUMBER_WORD} [\s:]{{0,3}} | \s sous\sle\s(?:num[ée]ro|n°)\s
      | (?P<bare> [,:]\s{{1,3}} ) ) {CODE} {_WHOLE}""",
    re.VERBOSE,
)
"""What stands between is no figure; without `n°` the code mixes digits with what is none."""

_SIRET_DIGITS = 14
_MIXED = re.compile(r"[-/A-Za-z]")
_STOPS = re.compile(r"[;\n]|\.\s")
_BEFORE_CHARS = 24


def own_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of codes that nothing says to be public."""
    for pattern, least in ((_POSSESSED, 4), (_AFTER_CAPITALS, 8), (_OF_AN_ACCOUNT, 4)):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - _BEFORE_CHARS) : match.start("number")]
            if digits(match["number"]) >= least and not (
                _PUBLIC.search(before) or _is_public(match["number"])
            ):
                yield match.span("number")
    for match in _OF_A_SERVICE.finditer(text):
        code = match["number"]
        before = text[max(0, match.start() - _BEFORE_CHARS) : match.start()]
        clause = _STOPS.split(before)[-1] + text[match.start() : match.start("number")]
        is_mixed = bool(_MIXED.search(code))
        if (
            digits(code) >= (4 if is_mixed and not match["bare"] else 5)
            and (is_mixed or not match["bare"])
            and not (_PUBLIC.search(clause) or _is_public(code))
        ):
            yield match.span("number")


def _is_public(code: str) -> bool:
    shapes = (_YEAR_FIRST, _YEAR_LAST, _DATE, _PHONE, _SLUG)
    figures = code.replace(" ", "")
    return (
        any(shape.fullmatch(code) for shape in shapes)
        or bool(_PERMIT.match(code))
        or (len(figures) == _SIRET_DIGITS and figures.isdigit() and is_siret(figures))
    )
