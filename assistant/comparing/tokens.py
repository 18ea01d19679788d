# SPDX-License-Identifier: EUPL-1.2
"""Words and values of a text as they are compared: stems, values by what they say.

    « Tarif enfant : douze euros » ─▶ tarif, enfant, #€:12:12

Letters that stand alone in a label are words (« Tranche A »), names that were hidden are one
word, whatever their number; years count from the act's own year.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.french import PLACEHOLDER, flat, fold, stem, words
from guardrails.values import Kind, Value, values

Weights = dict[str, float]
"""Words with how much each counts."""

_NUMBERED = re.compile(
    r"\bn\s?[°ºo]s?\s?:?\s?(\d[\w]*(?:[-/.]\w+)+)|\bID\s?:\s(\S+)", re.IGNORECASE
)
_ONCE = re.compile(r"\bune(?= fois\b)", re.IGNORECASE)
"""Where « une » is a number, which it is not elsewhere."""

_FEAST = re.compile(
    r"(?<!vacances de )\b(?:(?P<d1225>noël)|(?P<d101>jour de l['’]an))\b", re.IGNORECASE
)
"""Days that another edition may write as a date."""

_HALF = re.compile(r"\bmoitié(?= d[ue]s?\b)", re.IGNORECASE)
"""« La moitié du tarif » is 50 % of it."""

WORD = re.compile(r"[^\W_]+")
CODE_WEIGHT, VALUE_WEIGHT = 0.2, 0.6
"""An article's number says little of what it is about: acts are numbered anew. So does a value
less than a word: it is what may change."""

TOLD = frozenset({Kind.AMOUNT, Kind.PERCENT, Kind.HOUR})
"""Kinds of values that a line is there to tell; others say of whom or of what they are."""

FREE: Mapping[str, Kind] = {
    "gratuit": Kind.AMOUNT, "offert": Kind.AMOUNT, "exoner": Kind.AMOUNT, "ferm": Kind.HOUR,
    "fermetur": Kind.HOUR, "neant": Kind.AMOUNT,
}  # fmt: skip
"""Words that stand where another edition has a value: of which kind it is."""

_FREE_OF = re.compile(r"\bsans frais$", re.IGNORECASE)

_PERIODS: Mapping[str, str] = {
    word: unit
    for unit, words_ in {
        "jour": "jour jours journee quotidien quotidienne", "nuit": "nuit nuitee",
        "semaine": "semaine hebdomadaire", "mois": "mois mensuel mensuelle mensuellement",
        "trimestre": "trimestre trimestriel trimestrielle", "an": "an annee annuel annuelle",
        "heure": "heure horaire", "repas": "repas", "seance": "seance", "personne": "personne",
        "enfant": "enfant", "famille": "famille foyer", "unite": "unite piece", "m2": "m2",
    }.items()
    for word in words_.split()
}  # fmt: skip
PERIODS = frozenset(map(stem, _PERIODS))
"""Stems of words that say of how long or of what an amount is the price."""

_PER = re.compile(r"(?:\bpar\s|/\s?|\bl[ea]\s|(?=\w+el(?:le)?\b|\w+aire\b|\w+iel(?:le)?\b))(\w+)")
_PERIOD = re.compile(
    r"\s*(?:ttc|ht)?\s*(?:par\s|/\s?|l[ea]\s|l'|a\sl'|chaque\s|un\s|une\s|tous\sles\s)?\s?([a-z0-9]+)"
)

_AND_PER = re.compile(r",?\s(?:et\s)?(?=par\s)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a value, where it stands in its text."""

    key: str
    start: int
    end: int
    is_value: bool = False
    weight: float = 1.0

    def moved(self, by: int) -> Token:
        return replace(self, start=self.start + by, end=self.end + by)


def read_values(text: str) -> list[Value]:
    """Return the values of a text; the number of an act and of a hidden name is none."""
    hidden = PLACEHOLDER.sub(_blank, text)
    found = values(_NUMBERED.sub(_without_number, hidden))
    once = [
        Value(kind=Kind.COUNT, low=1, high=1, start=match.start(), end=match.end(), in_words=True)
        for match in _ONCE.finditer(text)
    ] + [
        Value(
            kind=Kind.PERCENT, unit="%", low=50, high=50, start=match.start(), end=match.end(),
            in_words=True,
        )
        for match in _HALF.finditer(text)
    ] + [
        Value(
            kind=Kind.DATE, unit="date", low=day, high=day, start=match.start(), end=match.end(),
            in_words=True,
        )
        for match in _FEAST.finditer(text)
        for day in [float(str(match.lastgroup)[1:])]
    ]  # fmt: skip
    return sorted([*found, *once], key=lambda value: value.start) if once else found


def _without_number(match: re.Match[str]) -> str:
    group = 1 if match[1] else 2
    return match[0][: match.start(group) - match.start()] + _blank(match, group)


def _blank(match: re.Match[str], group: int = 0) -> str:
    return "§" * len(match[group])


def tokens_of(text: str, year: int, *, is_label: bool = False) -> list[Token]:
    """Return the words that say something and the values, in their order.

    >>> [token.key for token in tokens_of("Tarifs 2024 de la tranche A", 2024, is_label=True)]
    ['tarif', '#year+0', 'tranch', 'a']
    """
    found, at = list[Token](), 0
    for value in read_values(text):
        if value.kind is Kind.CODE and _is_in_word(text, value):
            continue
        found += _words(text, at, value.start, is_label=is_label)
        is_code = value.kind is Kind.CODE and not is_label  # « zone 3 » tells rows apart
        weight = CODE_WEIGHT if is_code else VALUE_WEIGHT
        if len(value.parts) == 1:  # « au-delà de 120 m3 » and « plus de 120 m3 », beside « 120 m3 »
            side = ">" if math.isinf(value.high) else "<"
            found.append(Token(side, value.start, value.parts[0].start or value.end))
        found.append(Token(_key(value, year), value.start, value.end, True, weight))
        at = value.end
    return found + _words(text, at, len(text), is_label=is_label)


def _is_in_word(text: str, value: Value) -> bool:
    """Whether digits are part of a word: « A4 »."""
    return (
        text[value.start - 1 : value.start].isalpha() or text[value.end : value.end + 1].isalpha()
    )


def _words(text: str, start: int, end: int, *, is_label: bool) -> list[Token]:
    found = list[Token]()
    for hidden in PLACEHOLDER.finditer(text, start, end):
        found += _plain_words(text, start, hidden.start(), is_label=is_label)
        found.append(Token("[…]", *hidden.span()))
        start = hidden.end()
    return found + _plain_words(text, start, end, is_label=is_label)


def _plain_words(text: str, start: int, end: int, *, is_label: bool) -> list[Token]:
    found = list[Token]()
    for match in WORD.finditer(text, start, end):
        written = match[0]
        is_letter = is_label and len(written) == 1 and written.isupper()
        is_letter = is_letter and text[match.end() : match.end() + 1] not in ("'", "’")
        kept = (fold(written),) if is_letter else _stems(written)
        if _FREE_OF.search(text, max(0, match.start() - 5), match.end()):
            kept = ("gratuit",)
        found += (Token(key, *match.span()) for key in kept)
    return found


@lru_cache(maxsize=50_000)
def _stems(written: str) -> tuple[str, ...]:
    return tuple(map(stem, words(written)))


def _key(value: Value, year: int) -> str:
    if value.unit == "date" and value.has_year and is_years(value):
        return f"#year{int(value.low // 10_000) - year:+d}" if year else "#year"
    return f"#{value.unit}:{value.low:.12g}:{value.high:.12g}"


def is_years(value: Value) -> bool:
    """Whether a value is a year or a school year: what only tells editions apart."""
    return value.is_year or (len(value.parts) == 2 and all(part.is_year for part in value.parts))


def reference_year(titles: Sequence[str], hint: str) -> int:
    """Return the year that an act is for: the latest of its titles and columns; 0 if none."""
    found = [
        int(value.low // 10_000)
        for line in (*titles, hint)
        for value in read_values(line)
        if value.unit == "date" and value.has_year
    ]
    return max(found, default=0)


def weighed(tokens: Iterable[Token], weight: float = 1.0) -> Weights:
    """Return the words of a text with their weights."""
    found = Weights()
    for token in tokens:
        found[token.key] = max(found.get(token.key, 0.0), token.weight * weight)
    return found


def period_of(after: str) -> str:
    """Return of how long or of what an amount is the price, from the words behind it.

    >>> period_of(" par mois"), period_of(" le repas"), period_of(" mensuels"), period_of(" en")
    ('mois', 'repas', 'mois', '')
    >>> period_of(" par personne et par an") == period_of(" par an et par personne")
    True
    """
    return _period(after)[0]


def period_in(column: str) -> str:
    """Return the same of a column's name.

    >>> period_in("Prix par mois"), period_in("Tarif annuel"), period_in("Repas")
    ('mois', 'an', '')
    """
    folded = flat(column)
    said = [match[1] for match in _PER.finditer(folded)]
    return next((_PERIODS[word] for word in said if word in _PERIODS), "")


def period_end(after: str) -> int:
    """Return where these words end, 0 where there are none.

    >>> period_end(" par mois.")
    9
    """
    return _period(after)[1]


def _period(after: str) -> tuple[str, int]:
    folded, told, end = flat(after), list[str](), 0
    while found := _PERIOD.match(folded, end):
        one = _PERIODS.get(found[1], _PERIODS.get(found[1].rstrip("s"), ""))
        if not one:
            break
        told, end = [*told, one], found.end()
        also = _AND_PER.match(folded, end)  # « par an et par personne »
        if not also:
            break
        end = also.end()
    return (" ".join(sorted(told)), end) if told else ("", 0)
