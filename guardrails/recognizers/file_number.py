# SPDX-License-Identifier: EUPL-1.2
"""Numbers of social files: MSA, APA, RSA, MDPH, CCAS, housing, tax notices, subscribers, electors.

    dossier MDPH n° 34-2024-001234      numéro unique 034052412345678901
    RSA n° R0623341 T                   Dossier n° 2024-0191, in a text about social aid

No key and no common shape: `file_number.label` (here and in the table of `file_labels`);
`file_number.own` after any word that says it is someone's (`own_numbers`);
`file_number.beside` in brackets after someone's name; `file_number.social` for a bare `dossier` in
a text that speaks of social aid; `file_number.column` under such a word in a table;
`file_number.boxes` for a form with one box a digit; `file_number.long` for eleven digits or more
in a row that belong to no company. The numbers of acts and of permits stay.

Recall by `benchmarks.privacy`, the whole guard at work: gold, dev part, FILE_NUMBER 635 of 667,
kept spans touched 953 of 16670; gold, held out, FILE_NUMBER 3 of 3, kept spans touched 2 of
210; gold, held out, second author, FILE_NUMBER 4 of 4, kept spans touched 4 of 362; gold, held
out, third part, FILE_NUMBER 14 of 21, kept spans touched 65 of 940.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
from guardrails.normalise import is_siret
from guardrails.recognizers.fields import cells_below, cells_under
from guardrails.recognizers.file_labels import (
    UNIT,
    codes_beside_someone,
    codes_of_someones_service,
    digits,
    echoes,
    is_of_a_public_place,
    labelled_codes,
)
from guardrails.recognizers.own_numbers import own_numbers
from guardrails.recognizers.owners import PUBLIC_PLACE
from guardrails.recognizers.recognizer import Recognizer

_BODY = r"""(?: M\.?S\.?A | A\.?P\.?A | R\.?S\.?A | M\.?D\.?P\.?H | C\.?C\.?A\.?S | C\.?I\.?A\.?S |
    A\.?A\.?H | A\.?E\.?E\.?H | P\.?C\.?H
  | A\.?P\.?L | A\.?S\.?E | F\.?S\.?L | A\.?S\.?P\.?A | A\.?M\.?E | CSS | CMU(?:-?C)? | C2S |
    CMI(?:-[SIP])? | CPAM | CARSAT | CNAV | CNRACL
  | IRCANTEC | Agirc-Arrco | SNE | DALO | SIAO | CDAPH | (?i:Pôle\semploi|France\sTravail) )"""
_PERSON = r"""(?i: dossiers? | demandes? | b[ée]n[ée]ficiaire | adh[ée]rente? | assur[ée]e? |
    usag(?:er|[èe]re) | foyer | identifiant
  | matricule | abonn[ée]e? | client[e]? | sociétaire | patiente? | r[ée]f(?:[ée]rence)?\.? |
    num[ée]ro | n° | no )"""
_THING = r"""(?i: aide\ssociale | logement(?:\ssocial)? | surendettement | secours | tutelle
    | curatelle
    | demandeur\sd['’]emploi | usag(?:er|[èe]re)
  | administr[ée]e? | famille | m[ée]dical | patiente? | retraite | pension | b[ée]n[ée]ficiaire |
    adh[ée]rente? | handicap[ée]?e?s?
  | unique(?:\sd[ée]partemental|\sr[ée]gional|\sd['’]enregistrement)? |
    (?:national\s)?d['’][ée]lecteur | (?:l['’])?avis(?:\sd['’]imp\w{1,8})?
  | abonn[ée]e? | client | sociale? | enregistrement | RNF | carte\smobilit[ée]\sinclusion |
    contribuable )"""
_ALONE = r"""(?i: matr\. | invariant(?:\sfiscal)?
  | (?:num[ée]ro|n°|code)\s(?:de\s(?:la\s)?)?(?:famille|foyer|agent|enfant|patient|[ée]l[èe]ve
    |lecteur
    |inscription|licenci[ée]|individu|demandeur|d['’]inscription|lectrice|b[ée]n[ée]vole|candidat|pensionn[ée])
  | carte\s(?:de\s(?:lecteur|biblioth[èe]que|d[ée]ch[èe]terie|fid[ée]lit[ée]|transport|bus|cantine)
    |lecteur|jeune|senior|d['’]adh[ée]rent|d[ée]chets?[\w'’]{0,6}|famille|pass[\w'’]{0,8})
  | livret\sde\sfamille | carte\s(?:mobilit[ée]\sinclusion|de\sstationnement
    |d['’]invalidit[ée]|d['’][ée]lecteur|d['’][ée]tudiant)
  | personnes?\shandicap[ée]es? | r[ée]f[ée]rence\sde\sl['’]avis | (?:num[ée]ro|n°)\sunique | IPP |
    NDA | abonn[ée]e?
  | matricule | (?:num[ée]ro|n°)\sd['’](?:usager|adh[ée]rent|allocataire|inscription\sMDPH)
  | r[ée]f[ée]rence\s(?:client|abonn[ée]|usager|administr[ée]|locataire|contrat) | (?:num[ée]ro
    |n°)\sde\s(?:client|contrat|demandeur|compteur|police\sd['’]assurance)
  | identifiant\s(?:pôle\semploi|france\stravail) | d['’][ée]lecteur | carte\s[ée]lectorale )"""

_LABEL = rf"""(?:
    {_PERSON} \s{{1,2}} (?: (?i:de|du|des|la|le|les|num[ée]ro|n°) \s{{1,2}} | (?i:d['’]|l['’])
      ){{0,2}} (?: {_BODY} | {_THING} )
  | {_BODY} (?: [\s:,]{{1,3}} {_PERSON} | (?= \s?(?:[:=(]|n°|no\b|N°) ) )
  | {_ALONE} | (?:MSA|CPAM|MDPH) (?= \s (?:\d[ ]?){{6}} )
)"""
_JOINT = r"""[\s,:(=\-–►→»]{0,4} (?: (?i: (?:c['’\s]?)?est\s(?:le\s)? | sous\sle\s
  | porte\sle\s ) )?
  (?: (?i: num[ée]ro | n\s?° | no | nº | r[ée]f(?:[ée]rence)?\.? | matricule | dossier )
    [\s:.=]{0,3} ){0,2}"""
_NUMBER = r"""(?P<number>
    (?: [A-Z]{1,4}-? (?: [A-Z] [ ] )? )? (?: [A-Z]{0,3} [ ] )? \d [A-Z0-9]{0,20}
    (?: [-–/.\u00a0\u202f ] [A-Z]?\d[A-Z0-9]{0,19} ){0,6}
    (?: /[A-Z]{2,6} | [^\S\n]?[-–]?[^\S\n]?[A-Z]{1,2} (?![\w'’]) )?
)"""
_LABELLED = re.compile(
    rf"(?<!\w) {_LABEL} (?!\w) {_JOINT} {_NUMBER} (?! \w | {UNIT} | "
    rf"\sdu\s\d )",
    re.VERBOSE,
)
_FILE = re.compile(
    r"(?<!\w)(?:[Dd](?:OSSIER|ossier)s?|[Dd]oss\.|[Rr](?:ÉF|éf|EF|ef)(?:érence)?\.?)\s{0,2}(?:n°|no|num[ée]ro)?[\s:]{0,3}"
    r"(?P<number>(?!PC|DP|PA|PD|CU|AT)(?:[A-Z]{1,5}[-/])?\d{1,4}[-/]\d{3,8}(?:[-/][A-Z]{2,6})?|[A-Z]{0,4}\d{5,12}|[A-Z]{1,3}-\d{3,8})(?![\w/-])"
    r"|(?<!\w)[Dd](?:emande|ossier)\sn°\s?(?P<grouped>\d{2,6}(?:[ ]\d{2,6}){2,4})(?![\w/-])"
)
_OF_A_BODY = re.compile(
    r"(?<![\w/.-])(?:\d{1,4}[-/])?(?:CCAS|CIAS|APA|RSA|MDPH|FSL|ASE|AEEH|AAH|PCH|DALO|CMI|SIAO|ASPA|AME|APL|APAD|PAI|PPS)"
    r"(?:[-/_]?(?:19|20)?\d\d[-/_.]\d{2,6}(?:[-/][A-Z0-9]{1,6})?|[-/_]\d{4,9})(?![\w/-])"
)
"""A number that begins with the aid that it speaks of: `CCAS-2024-0317`."""

SOCIAL = re.compile(
    r"(?<!\w)(?:CCAS|CIAS|aides?\ssociales?|secours|RSA|MDPH|allocataires?|surendettement"
    r"|bons?\salimentaires?|APA|impayés?|logement\ssocial|demandeuse?\sde\slogement|tutelle"
    r"|travailleuse?\ssociale?|assistante?\ssociale?|expulsion|domiciliation"
    r"|FSL|hébergement\sd['’]urgence|cantine|périscolaires?|quotient\sfamilial|QF"
    r"|prélèvements?\srejetés?|héberg[ée]e?s?\schez)(?!\w)",
    re.IGNORECASE,
)
NEAR_CHARS = 600
_MIN_DIGITS = 4
_SPACED = re.compile(
    r"(?<!\w)(?:RSA|APA|AAH|MDPH|CAF|MSA|CPAM|CCAS|allocataire|demandeur|demandeuse|Ircantec|IRCANTEC"
    r"|CNRACL)[\s:]{1,3}(?:n°|no|num[ée]ro)?\s?(?:demandeur|individu|dossier|agent|d['’]affili\w{1,5})?[\s:]{0,3}"
    r"(?P<number>\d(?:[ ]?\d){5,11})(?![\w]|[ ]?[€%/]|[.,]\d)"
)
"""`RSA : n° demandeur 7 0 9 9 1 2 3`, `Ircantec 3 1204 556`"""

_BESIDE_SOMEONE = re.compile(
    r"(?<!\w)[Dd]ossiers?\s(?:[^\n.;:\d]{2,40})[\s,:(]{1,3}(?P<number>[A-Z]{1,5}[-/]?\d{2,4}[-/]\d{3,8})(?![\w/-])"
)
"""`un dossier Yousra, PS-25-88120`"""

_ACT_BEFORE = re.compile(
    r"(?<!\w)(?:d[ée]lib[ée]ration|arr[êe]t[ée]|r[èe]glement)\s(?:n°|num[ée]ro)\s?\Z", re.IGNORECASE
)
"""`délibération n° CCAS-2025-04`: an act of those who give aid, not the file of who gets it."""

_UNNAMED = 0.6
"""Of a number that nothing names, or a word of many meanings: who knows what it is goes first."""

_COUNTING = "1234567891011121314151617181920"
_LONG = re.compile(r"(?<![\w.,/:=@-])(?!97[89]\d{10}(?!\d))\d{11,20}(?![\w/@-]|[.,]\d)")
_BOXES = re.compile(r"(?<![\w.,])(?<!\d[ ])\d(?:[ ]\d){8,20}(?![ ]?[\d/.,€%])")
"""A form with one box a digit."""

_REFERENCE = re.compile(
    r"(?<!\w)(?:offre|annonce|march[ée]|avis|mandat|bordereau|commande|BOAMP|JOUE|ISBN|EAN|ISSN|acte"
    r"|facture|t[ée]l[ée]transmission)s?(?:\s(?:n°|num[ée]ro))?[\s:.]{1,3}(?:n°\s?)?\Z",
    re.IGNORECASE,
)
_HEADING = r"""(?:n°|num[ée]ro|r[ée]f\.?|r[ée]f[ée]rence)\s?(?:de\s
  |du\s|d['’])?(?:dossier|usager|famille|agent|foyer|lecteur|[ée]l[èe]ve|carte
  |abonn[ée]|adh[ée]rent|b[ée]n[ée]ficiaire|client|enfant|redevable|locataire
  |[ée]lecteur|d[ée]biteur|licence|soci[ée]taire|police|agr[ée]ment|[ée]tudiant)|matricule
  |matr?\.|identifiant|dossier|invariant|(?:n°\s)?badge|NNE|NUR|NUMEN|RUM|licence
  |code[\s_](?:famille|client|usager|redevable|abonn[ée]|agent|lecteur)|soci[ée]taire|abonn[ée]
  |usager|redevable|n[°o_]*(?:abonn[ée]|usager|client|adh[ée]rent|carte|licence)|agr[ée]ment|VIN"""
_HEADING_CUT = r"""(?:(?:n°?|no|num|num[ée]ro|id|code|r[ée]f|carte|cb)[\s_.]{0,2}
      (?:d['’]|de\s|du\s)?)?
    (?:adh(?:[ée]rente?s?|\.)?|lecteurs?|lect\.|emprunteurs?|b[ée]n[ée]f(?:iciaires?|\.)?|abo(?:nn[ée]s?|\.)?
      |clients?|cli\.?|locataires?|fam(?:illes?|\.)?|foyer|usagers?|us\.|redevables?|[ée]l[èe]ves?|enfants?
      |patients?|licenci[ée]s?|agents?|titulaires?|assur[ée]s?|soci[ée]taires?|[ée]lecteurs?|inscrits?)
    (?:[\s_.]{0,2}(?:id|no|n°|num|num[ée]ro|code|ref))?
  |(?:n°|no|num|num[ée]ro|n)[\s_.]{0,2}(?:de\s)?(?:carte|badge|contrat|abonnement|inscription|sinistre
    |dossier|compte|client|bac|bail|pr[êe]t|avis)|code[\s_-]?barres?|sinistre|abonnement"""
"""A heading cut short or without accents; it may head names as well: the cell must be a code."""

_CELL_CODE = re.compile(r"[A-Za-z]{0,5}[-/. ]?\d[\dA-Za-z]{0,15}(?:[-/. ][\dA-Za-z]{1,12}){0,6}")
_METER = r"""(?:(?:n°|num[ée]ro|r[ée]f\.?)\s?(?:de\s|du\s)?)?
    (?:PRM|PDL|PCE|PDS|point\sde\slivraison)
  |(?:n°|num[ée]ro|r[ée]f\.?)\s?(?:de\s|du\s)?(?:contrat|compteur)"""
_ACCOUNT = r"compte|code|id|carte|contrat|num[ée]ro|(?:n°\s?)?(?:de\s)?compte"
"""Headings that say too little: the line must name people, the cell mix letters and digits."""

_PEOPLE = re.compile(
    r"(?<!\w)(?:noms?|pr[ée]noms?|responsables?|titulaires?|emprunteurs?|d[ée]biteurs?|redevables?"
    r"|abonn[ée]s?|familles?|enfants?|[ée]l[èe]ves?|locataires?|usagers?|adh[ée]rents?"
    r"|propri[ée]taires?|agents?)(?!\w)",
    re.IGNORECASE,
)
_MIXED = re.compile(r"(?=[A-Z]*-?\d)[A-Z]{1,4}-?\d{3,10}|[+*]\d{5}")
_ROLL = re.compile(r"[ée]lect(?:eur|or)|commission\sde\scontr[ôo]le|\bNNE\b", re.IGNORECASE)
_ROLL_NUMBER = re.compile(r"\d{1,5}")
_PHONE = re.compile(r"0\d(?:[\s.-]?\d\d){4}|\d\d \d\d")
"""A telephone number, a short one too: `34 00`."""

_DATE = re.compile(
    r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d{2}|(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?"
)
_NO_CODE = re.compile(
    r"97[89][\d-]{10,14}|\d{1,3}(?:[ ]\d{3})?\.\d\d|(?:19|20)\d\d-\d\d-\d\d.{0,9}|\d{1,3} \d{3}"
)
"""A book, an amount, a day as machines write it."""

_PERMIT = re.compile(r"(?:PC|DP|PA|PD|CU|AT(?!-20\d\d-))[\s\-]?\d{3}")


_BY_RULE = (
    ("label", labelled_codes),
    ("label", codes_of_someones_service),
    ("beside", codes_beside_someone),
    ("own", own_numbers),
)


def _search(text: str) -> Iterator[Finding]:
    for match in _LABELLED.finditer(text):
        number = match["number"]
        if sum(c.isdigit() for c in number) < _MIN_DIGITS:
            continue
        if not any(p.fullmatch(number) for p in (_DATE, _PHONE)) and not _PERMIT.match(number):
            yield Finding(*match.span("number"), Entity.FILE_NUMBER, "file_number.label")
    for rule, search in _BY_RULE:
        for start, end in search(text):
            for span in ((start, end), *echoes(text, start, end)):
                number = text[slice(*span)]
                if _PERMIT.match(number) or any(p.fullmatch(number) for p in (_DATE, _PHONE)):
                    break
                yield Finding(*span, Entity.FILE_NUMBER, f"file_number.{rule}", _UNNAMED)
    for pattern in (_SPACED, _BESIDE_SOMEONE):
        for match in pattern.finditer(text):
            number = match["number"]
            if not _PHONE.fullmatch(number) and not _PERMIT.match(number):
                yield Finding(*match.span("number"), Entity.FILE_NUMBER, "file_number.label")
    for match in _OF_A_BODY.finditer(text):
        is_act = _ACT_BEFORE.search(text, max(0, match.start() - 30), match.start())
        if not is_act and not _DATE.fullmatch(match[0].split(maxsplit=1)[-1]):
            yield Finding(*match.span(), Entity.FILE_NUMBER, "file_number.label")
    for match in _FILE.finditer(text):
        if SOCIAL.search(text, max(0, match.start() - NEAR_CHARS), match.end() + NEAR_CHARS):
            group = "number" if match["number"] else "grouped"
            yield Finding(*match.span(group), Entity.FILE_NUMBER, "file_number.social")
    for match in _LONG.finditer(text):
        if _REFERENCE.search(text, max(0, match.start() - 30), match.start()):
            continue
        if not _is_public(match[0]) and not PUBLIC_PLACE.search(text, *_line_before(text, match)):
            yield Finding(*match.span(), Entity.FILE_NUMBER, "file_number.long", _UNNAMED)
    for match in _BOXES.finditer(text):
        digits = match[0].replace(" ", "")
        if digits not in _COUNTING and len(set(digits)) > 2:
            yield Finding(*match.span(), Entity.FILE_NUMBER, "file_number.boxes", _UNNAMED)
    for start, end in _in_columns(text):
        if not _PERMIT.match(text, start) and not _DATE.fullmatch(text[start:end]):
            yield Finding(start, end, Entity.FILE_NUMBER, "file_number.column")


def _in_columns(text: str) -> Iterator[tuple[int, int]]:
    for search in (cells_under, cells_below):
        for start, end in search(text, _HEADING):
            if digits(text[start:end]) >= _MIN_DIGITS:
                yield start, end
        for start, end in search(text, _HEADING_CUT):
            if digits(text[start:end]) >= _MIN_DIGITS and _is_a_code(text[start:end]):
                yield start, end
        for start, end in search(text, _METER):
            if digits(text[start:end]) >= _MIN_DIGITS and not is_of_a_public_place(text, start):
                yield start, end
    if _PEOPLE.search(text):
        for start, end in cells_under(text, _ACCOUNT):
            if _MIXED.fullmatch(text, start, end):
                yield start, end
    if _ROLL.search(text):
        for start, end in cells_under(text, r"n°|(?:n°\s)?(?:d['’])?ordre|n°\s[ée]lecteur"):
            if _ROLL_NUMBER.fullmatch(text, start, end):
                yield start, end


def _is_a_code(cell: str) -> bool:
    """Tell whether a cell is a code: no date, no telephone number, no amount, no book's number."""
    return bool(_CELL_CODE.fullmatch(cell)) and not (
        _PHONE.fullmatch(cell) or _NO_CODE.fullmatch(cell)
    )


def _line_before(text: str, match: re.Match[str]) -> tuple[int, int]:
    return text.rfind("\n", 0, match.start()) + 1, match.start()


def _is_public(digits: str) -> bool:
    """Tell whether a long number is that of a company, which has a recogniser of its own."""
    return len(digits) == 14 and is_siret(digits)


FILE_NUMBER = Recognizer(name="file_number", entities=(Entity.FILE_NUMBER,), search=_search)
