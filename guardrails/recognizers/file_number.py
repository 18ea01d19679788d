# SPDX-License-Identifier: EUPL-1.2
"""Numbers of social files: MSA, APA, RSA, MDPH, CCAS, housing, tax notices, subscribers, electors.

    dossier MDPH n° 34-2024-001234      numéro unique 034052412345678901
    RSA n° R0623341 T                   Dossier n° 2024-0191, in a text about social aid

No key and no common shape: `file_number.label`; `file_number.social` for a bare `dossier` in
a text that speaks of social aid. The numbers of acts and of permits stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.findings import Entity, Finding
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
_ALONE = r"""(?i: livret\sde\sfamille | carte\s(?:mobilit[ée]\sinclusion|de\sstationnement
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
_JOINT = r"""[\s,:(=\-–]{0,4} (?: (?i: est\s(?:le\s)? | sous\sle\s | porte\sle\s ) )?
  (?: (?i: num[ée]ro | n\s?° | no | nº | r[ée]f(?:[ée]rence)?\.? | matricule | dossier )
    [\s:.=]{0,3} ){0,2}"""
_NUMBER = r"""(?P<number>
    (?: [A-Z]{1,4}-? (?: [A-Z] [ ] )? )? (?: [A-Z]{0,3} [ ] )? \d [A-Z0-9]{0,20}
    (?: [-–/.\u00a0\u202f ] [A-Z]?\d[A-Z0-9]{0,19} ){0,6}
    (?: /[A-Z]{2,6} | [^\S\n]?[-–]?[^\S\n]?[A-Z]{1,2} (?![\w'’]) )?
)"""
_LABELLED = re.compile(
    rf"(?<!\w) {_LABEL} (?!\w) {_JOINT} {_NUMBER} (?! \w | [^\S\n]?(?:€|euros?\b|%|francs) | "
    rf"\sdu\s\d )",
    re.VERBOSE,
)
_FILE = re.compile(
    r"(?<!\w)(?:[Dd](?:OSSIER|ossier)s?|[Rr](?:ÉF|éf|EF|ef)(?:érence)?\.?)\s{0,2}(?:n°|no|num[ée]ro)?[\s:]{0,3}"
    r"(?P<number>(?!PC|DP|PA|PD|CU|AT)(?:[A-Z]{1,5}[-/])?\d{1,4}[-/]\d{3,8}(?:[-/][A-Z]{2,6})?|[A-Z]{0,4}\d{5,12})(?![\w/-])"
)
_OF_A_BODY = re.compile(
    r"(?<![\w/.-])(?:CCAS|CIAS|APA|RSA|MDPH|FSL|ASE|AEEH|AAH|PCH|DALO|CMI|SIAO|ASPA|AME|APL)"
    r"[-/_]?(?:19|20)?\d\d[-/_.]\d{2,6}(?:[-/][A-Z0-9]{1,6})?(?![\w/-])"
)
"""A number that begins with the aid that it speaks of: `CCAS-2024-0317`."""

_SOCIAL = re.compile(
    r"(?<!\w)(?:CCAS|CIAS|aides?\ssociales?|secours|RSA|MDPH|allocataires?|surendettement"
    r"|bons?\salimentaires?|APA|impayés?|logement\ssocial|demandeuse?\sde\slogement|tutelle"
    r"|travailleuse?\ssociale?|assistante?\ssociale?|expulsion|domiciliation"
    r"|FSL|hébergement\sd['’]urgence)(?!\w)",
    re.IGNORECASE,
)
_NEAR_CHARS = 600
_MIN_DIGITS = 4
_PHONE = re.compile(r"0\d(?:[\s.-]?\d\d){4}")
_DATE = re.compile(
    r"\d{1,2}[/.\- ]\d{1,2}[/.\- ](?:19|20)?\d{2}|(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?"
)
_PERMIT = re.compile(r"(?:PC|DP|PA|PD|CU|AT)[\s\-]?\d{3}")


def _search(text: str) -> Iterator[Finding]:
    for match in _LABELLED.finditer(text):
        number = match["number"]
        if sum(c.isdigit() for c in number) < _MIN_DIGITS:
            continue
        if not any(p.fullmatch(number) for p in (_DATE, _PHONE)) and not _PERMIT.match(number):
            yield Finding(*match.span("number"), Entity.FILE_NUMBER, "file_number.label")
    for match in _OF_A_BODY.finditer(text):
        if not _DATE.fullmatch(match[0].split(maxsplit=1)[-1]):
            yield Finding(*match.span(), Entity.FILE_NUMBER, "file_number.label")
    for match in _FILE.finditer(text):
        if _SOCIAL.search(text, max(0, match.start() - _NEAR_CHARS), match.end() + _NEAR_CHARS):
            yield Finding(*match.span("number"), Entity.FILE_NUMBER, "file_number.social")


FILE_NUMBER = Recognizer(name="file_number", search=_search)
