# SPDX-License-Identifier: EUPL-1.2
"""What the learned layer finds beside names: addresses, births, numbers, parcels, plates, secrets.

    tokens with a chance for each kind ─▶ runs of likely tokens ─▶ Finding…

A run is hidden whole where one of its tokens is likely enough. A number is hidden with all that
it touches: `K41-7702-35` is one even where the layer doubted its last group. The layer has the
last word where no recogniser found anything, with two limits: what is public by its label or
form stays (`facture n°`, `SIRET`, an hour), and nothing is hidden far from any person.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guardrails.findings import Entity, Finding
from guardrails.names.learned import Told
from guardrails.names.network import OUTPUTS


@dataclass(frozen=True, slots=True)
class Kind:
    """From which chance on a kind is hidden, and what a run of it is made of.

    `without_digits`: from which chance on where a run holds no digit; `digits`: the fewest that it
    may hold; `longest`: the longest word that may be part of it, in letters; `is_glued`: what
    touches it belongs to it.
    """

    entity: Entity
    alone: float
    without_digits: float
    digits: int = 0
    longest: int = 40
    is_glued: bool = True

    def reads(self, token: str) -> bool:
        """Tell whether a token can be part of a run: no mark, no placeholder."""
        return token[0].isdigit() or (len(token) <= self.longest and token[0].isalnum())


KINDS: dict[str, Kind] = {
    "ADDRESS": Kind(Entity.ADDRESS, 0.6, 0.8, is_glued=False),
    "BIRTH_DATE": Kind(Entity.BIRTH_DATE, 0.4, 1, digits=1),
    "BIRTH_PLACE": Kind(Entity.BIRTH_PLACE, 0.3, 0.3, is_glued=False),
    "NUMBER": Kind(Entity.FILE_NUMBER, 0.35, 1, digits=2, longest=4),
    "PARCEL": Kind(Entity.PARCEL, 0.4, 1, digits=1),
    "PLATE": Kind(Entity.PLATE, 0.5, 1, digits=2, longest=4),
    "PHONE": Kind(Entity.PHONE, 0.9, 1, digits=4, longest=0),
    "SECRET": Kind(Entity.SECRET, 0.6, 0.6, is_glued=False),
}
"""Chances from which on more leaks were saved than kept spans lost, on lots left out."""

NEAR = 0.25
"""From here on a run is a near miss, shown and not hidden."""

GOES_ON = 0.15
"""From here on a token goes on a run."""

_PERSON = OUTPUTS.index("PERSON")
_NEAR_SCORE, _LEAST_SCORE = 0.35, 0.5
_BETWEEN = re.compile(r"[ .,\-–/_°'’()+*\xa0\u202f]{0,4}")
_BETWEEN_LINES = re.compile(r"[ .,\-–/'’()\xa0\u202f]{0,4}(?:\n[ ]{0,4})?")
_GLUED_BEFORE = re.compile(r"(?<![^\W_])[^\W_](?:[^\W_]|[-/._](?=[^\W_]|\Z)){0,24}\Z")
_GLUED_AFTER = re.compile(r"(?:[-/._]?[^\W_]){1,24}")
_REACH = 26
_LABEL, _SURE = 3, 0.8
_EDGE = 0.35
_LINKS = frozenset(("à", "a", "au", "aux", "en", "de", "du", "d", "l", "le", "demeurant"))
"""What leads to a place or a number, or away from it, and tells nothing of it."""

_LEADS_A_HOME = re.compile(r"(?<!\w)(?:n°\s?|c/\s?|l['’])\Z", re.IGNORECASE)
_ENDS_A_HOME = re.compile(
    r"""(?<=\w)(?:\.|\s(?:[–-]\s)?(?:n°\s?)?)\d{1,4}[A-Da-d]?(?![\w/-]|[.,:]\d)
    (?!\s?(?:€|%|euros?|h(?:eures?)?|min|m[²2]?|km|ha|ans?|mois|jours?|pers\w*|personnes|voix)(?!\w))""",
    re.VERBOSE | re.IGNORECASE,
)
"""What is left out at the ends of a home: `l'ancienne gare`, `log` `17`, `B2` `– 34`."""

_LONG_WORD = 5
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

_SOMEONE = re.compile(
    r"""\[PERSONNE_ | (?<!\w)j['’]\w | (?<!\w)(?: je | mon | ma | mes | me | moi | votre | vos
      | son | sa | ses | née?s? | nee | M\. | Mme | Mlle | Monsieur | Madame | titulaire
      | demandeu(?:r|se) | ayant\sdroit | b[ée]n[ée]ficiaire | usag[eè]re? | locataire
      | propri[ée]taire | riverain | allocataire | [ée]l[èe]ve | enfants? | p[èe]re | m[èe]re
      | fils | fille | maman | papa | adh[ée]rente? | patiente? | famille | agent | candidate?
      | int[ée]ress[ée]e? | victime | conducteur | conductrice | veuve )(?!\w)""",
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE, _AFTER = 200, 100
"""How far from a person, in characters, something may still be theirs."""


def found(text: str, told: Sequence[Told], persons: Sequence[int]) -> Iterator[Finding]:
    """Yield what is hidden in a text, and near misses with a score under 0.5.

    `persons`: where the words start that may be a person's name, in order.
    """
    for name, kind in KINDS.items():
        output = OUTPUTS.index(name)
        likely = [
            (t.start, t.end, float(t.chances[output]))
            for t in told
            if t.chances[output] >= GOES_ON
            and not t.chances[_PERSON] > 0.5 > t.chances[output]
            and kind.reads(text[t.start : t.end])
        ]
        if kind.entity is Entity.FILE_NUMBER:
            likely = _without_labels(text, likely)
        for start, end, best in _runs(text, likely, kind):
            if best < NEAR or _is_none(text, start, end, kind):
                continue
            least = kind.alone if any(map(str.isdigit, text[start:end])) else kind.without_digits
            is_hidden = best >= least and _is_someones(text, start, end, persons)
            score = max(best, _LEAST_SCORE) if is_hidden else _NEAR_SCORE
            yield Finding(start, end, kind.entity, f"learned:{name.lower()}", round(score, 3))


def _is_someones(text: str, start: int, end: int, persons: Sequence[int]) -> bool:
    """Tell whether a person is named or spoken of around a stretch."""
    left, right = max(0, start - _BEFORE), end + _AFTER
    near = bisect_left(persons, left)
    while near < len(persons) and persons[near] < right:
        if not start <= persons[near] < end:
            return True
        near += 1
    return bool(_SOMEONE.search(text, left, right))


def _runs(
    text: str, likely: Sequence[tuple[int, int, float]], kind: Kind
) -> Iterator[tuple[int, int, float]]:
    """Yield start, end and best chance of tokens that follow each other."""
    between = _BETWEEN_LINES if kind.entity is Entity.ADDRESS else _BETWEEN
    number = 0
    while number < len(likely):
        run = [likely[number]]
        number += 1
        while (
            number < len(likely)
            and between.fullmatch(text, run[-1][1], likely[number][0])
            and not _ends_a_sentence(text, *run[-1][:2])
        ):
            run.append(likely[number])
            number += 1
        while len(run) > 1 and text[slice(*run[0][:2])] in _LINKS:
            del run[0]
        while len(run) > 1 and text[slice(*run[-1][:2])] in _LINKS:
            del run[-1]
        best = max(chance for _, _, chance in run)
        if kind.is_glued:
            yield *_whole(text, run[0][0], run[-1][1]), best
        else:  # what stands at either end may be the next label: `33999 Fontclaire⏎Objet :`
            sure = [token for token in run if token[2] >= min(best, _EDGE)]
            start, end = sure[0][0], sure[-1][1]
            yield (
                *(_home(text, start, end) if kind.entity is Entity.ADDRESS else (start, end)),
                best,
            )


def _home(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a home with the sign that leads its number and the number that ends it."""
    lead = _LEADS_A_HOME.search(text, max(0, start - _LABEL), start)
    last = _ENDS_A_HOME.match(text, end)
    return lead.start() if lead else start, last.end() if last else end


def _ends_a_sentence(text: str, start: int, end: int) -> bool:
    """Tell whether a full stop follows a word that is too long to be shortened."""
    return end - start >= _LONG_WORD and text[start].isalpha() and text[end : end + 2] == ". "


def _without_labels(
    text: str, likely: Sequence[tuple[int, int, float]]
) -> list[tuple[int, int, float]]:
    """Leave out short words before a number that are its label, like `RIB`, unless it is sure."""
    return [
        (start, end, chance)
        for start, end, chance in likely
        if chance >= _SURE
        or end - start < _LABEL
        or not text[start:end].isalpha()
        or not text[end : end + 1].isspace()
    ]


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch with the letters and digits that touch it."""
    if start and not text[start - 1].isspace():
        before = _GLUED_BEFORE.search(text, max(0, start - _REACH), start)
        start = before.start() if before else start
    after = _GLUED_AFTER.match(text, end)
    return start, after.end() if after else end


def _with_cents(text: str, end: int) -> int:
    """Return where an amount ends of which a run took all but the cents: `1 312 958` `,00`."""
    cents = _CENTS_AFTER.match(text, end) if text[end - 3 : end].isdigit() else None
    return cents.end() if cents else end


def _is_in_a_permit(text: str, start: int, end: int) -> bool:
    near = _PERMIT.finditer(text, max(0, start - _PERMIT_CHARS), end + _PERMIT_CHARS)
    return any(permit.start() <= start and end <= permit.end() for permit in near)


def _is_none(text: str, start: int, end: int, kind: Kind) -> bool:
    """Tell whether a run is no personal data for all that the layer says."""
    run = text[start:end]
    if sum(map(str.isdigit, run)) < kind.digits:
        return True
    if _STUFFED.search(text, max(0, start - _STUFF), end + _STUFF):
        return True
    if kind.entity is Entity.BIRTH_DATE:
        before = text[max(0, start - _LABEL_CHARS) : start]
        return len(run) > _LONGEST_DATE or bool(
            _OF_HISTORY.search(run)
            or _YEARS.match(text, start)
            or _OF_AN_ACT.search(before)
            or _PUBLIC_LABEL.search(before)
        )
    if kind.entity is Entity.PARCEL:
        return bool(_OF_A_LAW.search(text, max(0, start - _LABEL_CHARS), start))
    if kind.entity is Entity.BIRTH_PLACE:
        return bool(_NOT_BORN.search(text, max(0, start - _LABEL_CHARS), start))
    if kind.entity is Entity.ADDRESS:
        return not _PLACE_WORD.search(run) or bool(
            _SEAT.search(text, max(0, start - _LABEL_CHARS), start)
        )
    if kind.entity in (Entity.FILE_NUMBER, Entity.PHONE):
        return bool(
            _PUBLIC_FORM.fullmatch(run)
            or _AMOUNTS.fullmatch(text, start, _with_cents(text, end))
            or _is_in_a_permit(text, start, end)
            or _UNIT_AFTER.match(text, end)
            or _PUBLIC_LABEL.search(text, max(0, start - _LABEL_CHARS), start)
        )
    return False
