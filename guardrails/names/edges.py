# SPDX-License-Identifier: EUPL-1.2
"""Where a name begins: without the word that leads to it, with the particles that belong to it."""

from __future__ import annotations

from dataclasses import replace

from guardrails.names.leads import is_lead
from guardrails.names.runs import goes_on
from guardrails.names.votes import Vote
from guardrails.names.word import Shape
from guardrails.names.words import Words

_NUMBERS = frozenset(("iban", "rib", "bic", "nir", "siret", "siren", "ine", "caf"))
_SMALL_PARTICLES = frozenset(["de", "da", "dos", "el", "ben"])


def trimmed(words: Words, vote: Vote) -> Vote:
    """Leave out a first word that only leads to the name: `Mariage de Jade`, `Litige Lacaze`."""
    vote = _without_the_next_line(words, _without_a_link(words, vote))
    first = vote.first
    while first < vote.last and (
        is_lead(words[first]) or (first > vote.first and words[first].is_particle)
    ):
        first += 1
    if is_lead(words[vote.first]):
        return replace(vote, first=first)
    return replace(vote, first=_with_particles(words, vote.first))


def _without_a_link(words: Words, vote: Vote) -> Vote:
    """`fils de Gérard Delmas`, `maman d'Arthur`: no small particle leads a first name."""
    first = vote.first
    if first < vote.last and words[first].text in ("de", "d") and words[first + 1].is_strong_first:
        return replace(vote, first=first + 1)
    return vote


def _without_the_next_line(words: Words, vote: Vote) -> Vote:
    """`Yannis Theodorakis⏎P.J. : 3`: initials that open a line end no name, nor does `IBAN :`."""
    last = vote.last
    while last > vote.first and words[last].fold in _NUMBERS and _has_colon(words, last):
        last -= 1
    if last < vote.last:
        return replace(vote, last=last)
    while last > vote.first and words[last].shape is Shape.INITIAL:
        last -= 1
    if last < vote.last and words.crosses_line(last):
        return replace(vote, last=last)
    return vote


def _has_colon(words: Words, index: int) -> bool:
    end = words[index].end
    return words.text[end : end + 2].strip()[:1] == ":"


def whole(words: Words, vote: Vote) -> Vote:
    """Take in the end of a name's last word: `Le Floc'h`, `Gab y` cut by a scanner."""
    last = vote.last
    while last + 1 < len(words) and (words.is_inner(last) or goes_on(words, last)):
        last += 1
    return replace(vote, last=last) if last != vote.last else vote


def _with_particles(words: Words, first: int) -> int:
    """Take in the particles of a name: `D'ANGELO Pierrick`, `LE GOFF`, not `COMMUNE DE`."""
    start = first
    while start and (words[start - 1].is_particle or words[start - 1].fold == "n"):
        before = words[start - 1]
        if not before.is_cased or not words.joins(start - 1) or words.crosses_line(start - 1):
            break
        start -= 1
    if _opens_line(words, start - 1) and words[start - 1].text in _SMALL_PARTICLES:
        is_upper = words[start].shape is Shape.UPPER and words.joins(start - 1)
        return start - 1 if is_upper else start
    opens = start == 0 or not words.joins(start - 1) or words.crosses_line(start - 1)
    return start if opens or not words[start - 1].is_cased else first


def _opens_line(words: Words, index: int) -> bool:
    return index == 0 or (index > 0 and words.crosses_line(index - 1))
