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
from guardrails.names.public import is_public


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
            if best < NEAR or sum(map(str.isdigit, text[start:end])) < kind.digits:
                continue
            if is_public(text, start, end, kind.entity):
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
