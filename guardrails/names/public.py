# SPDX-License-Identifier: EUPL-1.2
"""What is nobody's by its label or its form, for all that the learned layer says.

`facture n° F-2217`, a permit, an amount, an hour, what happened to a paper that day, a seat.
"""

from __future__ import annotations

import re

from guardrails.findings import Entity
from guardrails.recognizers.public import PLACED, invites_to_call, is_of_a_body, is_on_call

_PUBLIC_LABEL = re.compile(
    r"""(?<!\w)(?: fact(?:ures?|\.)? | devis | bons?\sde\scommande | bordereaux? | mandats?
      | titres? | engagement | d[ée]lib[ée]rations? | arr[êe]t[ée]s? | d[ée]crets? | lois?
      | art(?:icles?|\.)? | circulaire | requ[êe]te | march[ée]s? | lots? | chapitre | compte
      | imputation | nature | code\s(?:naf|ape)
      | ch[èe]que | chq | recommand[ée]e? | a\.\s?r\. | ticket | s[ée]rie
      | s/n | mod[èe]le | norme | cerfa | siret | siren | rcs | rna | finess | insee | issn | isbn
      | ean | nor | P[CAD] | DP | CU | DIA )
    (?: [\s:(]{0,3} (?:n[°ºo]\.? | num[ée]ro)? [\s:]{0,3} ) \Z""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL_CHARS = 30
_PUBLIC_FORM = re.compile(
    r"""(?: PC | DP | PA | PD | CU | AT | DIA )[\s-]?\d{3}.* | 0?\s?8(?:\s?\d){8}
    | \d{3}-\d{9}-\d{8}-.* | [LRDA]\.?\s?\d{3,4}-\d{1,3} | \d{1,2}\s?[hH]\s?\d{0,2}
    | \d{1,3}(?:[ .]\d{3})*[.,]\d\d | [1-9]\d{0,2}[ ]\d{3} | [1-9](?:[ ]\d{3}){2}
    | (?:19|20)\d\d(?:\s/\s\d{1,4})?
    | (?:19|20)\d\d/\d{1,4}/(?:UE|CEE?)""",
    re.VERBOSE | re.DOTALL,
)
"""Permits, numbers that cost, receipts of the prefecture, articles, hours, amounts up to seven
figures, years."""

_MOBILE = re.compile(r"0\s?[67]")
"""A number that somebody carries, whatever row it stands in."""

_AMOUNT = r"(?>\d{1,3}(?:[ .\xa0]\d{3})++(?:[.,]\d{2,6})?|\d{1,4}[.,]\d{2,6})"
_AMOUNTS = re.compile(
    rf"(?=.*\d[.,]\d\d(?:\s|\Z))(?:{_AMOUNT}\s{{1,3}})+{_AMOUNT}|\d{{1,3}}[.,]0{{2,6}}", re.DOTALL
)
"""A row of a budget: `43.95 43.95 81 000 35 600`; a rate that stays: `1.000000`."""

_CENTS_AFTER = re.compile(r",\d\d(?!\d)")

_PERMIT = re.compile(
    r"(?<!\w)(?:PC|DP|PA|PD|CU[ab]?|AT|DIA)(?:[\s-]?\d{3}){2}[\s-]?\d\d[\s-]?[A-Z]?\d{3,5}"
)
"""A permit's whole number, of which a run may be the end."""

_PERMIT_CHARS = 24

_UNIT_AFTER = re.compile(
    r"(?:[.,]\d\d)?\s{0,2}(?:€|%|euros?\b|EUR\b|H\.?T\b|T\.?T\.?C\b|m[²2³3]|km\b|ha\b|habitants)"
)
_STUFFED = re.compile(r"[^\s|;,]{60}")
"""What no human wrote: a picture or a key in letters."""

_STUFF = 60

_OF_HISTORY = re.compile(
    r"(?<!\d)1[0-8]\d\d(?!\d)|8 mai 1945|11 novembre 1918|19 mars 1962|18 juin 1940"
)
"""A year before 1900: nobody who was born then can be hurt; and what streets are named after."""

_YEARS = re.compile(r"(?:de\s)?\d{4}\s?(?:à|-|–|/)\s?\d{4}")
"""`maire de 1945 à 1959`, be it found in part."""

_OF_A_LAW = re.compile(r"(?<!\w)articles?\s[\w\s.,-]{0,40}\Z", re.IGNORECASE)

_OF_AN_ACT = re.compile(
    r"""(?<!\w)(?: publi | affich | re[çc]u | sign | notifi | vis[ée] | transmis | d[ée]livr
      | conclu | convoqu | adopt | dat[ée] | fait | d[ée]lib[ée]ration | arr[êe]t[ée]
      | circulaire | contrat | s[ée]ance | [ée]dit | d[ée]c[ée]d | dcd | inhum | c[ée]l[ée]br
      | mari[ée] )\w{0,5}(?:\(e\))?
    (?:\s(?:[àa]|en)\s[\w-]{1,20},?)? \s(?:du|le|en\sdate\sdu) \s{0,2}:?\s{0,2} \Z
    | †[^\n]{0,4}\Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""`Publiée le : `, `l'arrêté du `: what happened to a paper that day."""

_NOT_BORN = re.compile(
    r"(?<!\w)(?:mari[ée]|d[ée]c[ée]d|dcd|inscrit|inhum)\w{0,3}(?:\(e\))?\s[àa]\s\Z", re.I
)

_LONGEST_DATE = 28
_PLACE_WORD = re.compile(r"[^\W\d_]{4}|(?<!\w)(?:rue|che?)(?!\w)", re.IGNORECASE)
_SEAT = re.compile(r"(?<!\w)si[èe]ge[\s\w:,]{0,30}\Z", re.IGNORECASE)


def is_public(text: str, start: int, end: int, entity: Entity) -> bool:
    """Tell whether a run is no personal data for all that the layer says."""
    run = text[start:end]
    if _STUFFED.search(text, max(0, start - _STUFF), end + _STUFF):
        return True
    if entity is Entity.BIRTH_DATE:
        before = text[max(0, start - _LABEL_CHARS) : start]
        return len(run) > _LONGEST_DATE or bool(
            _OF_HISTORY.search(run)
            or _YEARS.match(text, start)
            or _OF_AN_ACT.search(before)
            or _PUBLIC_LABEL.search(before)
        )
    if entity is Entity.PARCEL:
        return bool(_OF_A_LAW.search(text, max(0, start - _LABEL_CHARS), start))
    if entity is Entity.BIRTH_PLACE:
        return bool(_NOT_BORN.search(text, max(0, start - _LABEL_CHARS), start))
    if entity is Entity.ADDRESS:
        return (
            not _PLACE_WORD.search(run)
            or bool(_SEAT.search(text, max(0, start - _LABEL_CHARS), start))
            or is_of_a_body(text, start, PLACED)
        )
    if entity in (Entity.FILE_NUMBER, Entity.PHONE):
        return bool(
            _PUBLIC_FORM.fullmatch(run)
            or _AMOUNTS.fullmatch(text, start, _with_cents(text, end))
            or _is_in_a_permit(text, start, end)
            or _UNIT_AFTER.match(text, end)
            or _PUBLIC_LABEL.search(text, max(0, start - _LABEL_CHARS), start)
            or invites_to_call(text, start)
            or (entity is Entity.PHONE and _is_of_the_town(text, start, run))
        )
    return False


def _is_of_the_town(text: str, start: int, run: str) -> bool:
    is_of_the_row = not _MOBILE.match(run) and is_of_a_body(text, start)
    return is_of_the_row or is_on_call(text, start)


def _with_cents(text: str, end: int) -> int:
    """Return where an amount ends of which a run took all but the cents: `1 312 958` `,00`."""
    cents = _CENTS_AFTER.match(text, end) if text[end - 3 : end].isdigit() else None
    return cents.end() if cents else end


def _is_in_a_permit(text: str, start: int, end: int) -> bool:
    near = _PERMIT.finditer(text, max(0, start - _PERMIT_CHARS), end + _PERMIT_CHARS)
    return any(permit.start() <= start and end <= permit.end() for permit in near)
