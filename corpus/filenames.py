# SPDX-License-Identifier: EUPL-1.2
"""File names as the guard reads them, and as they may be shown.

Courriers/DUPONT_Marie.pdf ─▶ `Courriers/DUPONT Marie` ─guard─▶ Courriers/[PERSONNE_1].pdf

Hyphens stand for blanks where no capital does: `courrier-dupont-jean` is three words, while
`Jean-Luc` and `Vaux-sur-Orne` are one, as is `rue-germaine-tallandier`.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from corpus.readers.layout import clean
from guardrails.findings import LEARNED, Screened
from guardrails.placeholders import PLACEHOLDER

JOINED = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ]{3})(?=[A-ZÀ-Þ])")
"""Where a word starts inside another: `FeteMusique`, not `LeGoff` nor `McAdam`."""

_SLUG = re.compile(r"(?<![^/\s_+])[^\W_A-ZÀ-Þ]+(?:-[^\W_A-ZÀ-Þ]+)+(?![^/\s_+.])")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
_PLACE = re.compile(
    r"(?<![^\W_])(?:rue|ruelle|avenue|boulevard|chemin|impasse|all[ée]e|place|placette|route|quai|square"
    r"|passage|sentier|cours|pont|rond-point|[ée]cole|coll[èe]ge|lyc[ée]e|cr[èe]che|stade|gymnase|salle|parc"
    r"|m[ée]diath[èe]que|r[ée]sidence)(?:-(?:de|du|des|la|le|les|l|d|et))*"
    r"(?:-(?:haute?|basse?|neuve|grande?|petite?|vieille|principale|verte?)|(?:-[^\W\d_]+){1,2})(?![^\W_])"
)
"""A street or a house that bears somebody's name: `rue-germaine-tallandier` is one word, which
the guard lets stand, where `germaine tallandier` would be a person."""


def readable_name(name: str) -> str:
    """Return a name in words, without its ending: `DupontMarie_avis` reads `Dupont Marie avis`."""
    return _words(_stem(name))[0]


def hidden_name(name: str, screened: Screened) -> str:
    """Return the name with placeholders where the guard found something in its words."""
    stem = _stem(name)
    ending = name[len(stem) :]
    places = _words(stem)[1]
    standing = [match.group() for match in PLACEHOLDER.finditer(screened.text)]
    findings = sorted(screened.findings)
    if len(standing) != len(findings):
        return _shown(screened.text + ending)
    shown, at = "", 0
    for finding, placeholder in zip(findings, standing, strict=True):
        if finding.rule.startswith(LEARNED):
            continue  # it learned from sentences: `V2018-345` is a number of an act in a name
        shown += stem[at : places[finding.start]] + placeholder
        at = places[finding.end - 1] + 1
    return _shown(shown + stem[at:] + ending)


def _words(stem: str) -> tuple[str, list[int]]:
    """Return a name in words, and where each sign of it stands in the name."""
    words, places = "", list[int]()
    places_named = [place.span() for place in _PLACE.finditer(stem)]
    blanks = {
        slug.start() + hyphen.start()
        for slug in _SLUG.finditer(stem)
        for hyphen in _HYPHEN.finditer(slug.group())
        if not any(start < slug.start() + hyphen.start() < end - 1 for start, end in places_named)
    }
    for at, sign in enumerate(stem):
        if JOINED.match(stem, at):
            words, places = words + " ", [*places, at]
        words, places = words + (" " if sign in "_+\n" or at in blanks else sign), [*places, at]
    return words, places


def _stem(name: str) -> str:
    return name.removesuffix(PurePosixPath(name).suffix)


def _shown(name: str) -> str:
    """Return a name that fits on a line: a file's name may hold line breaks."""
    return clean(name).replace("\n", " ").strip()
