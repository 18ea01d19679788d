# SPDX-License-Identifier: EUPL-1.2
"""French words as the full-text index knows them.

    text ─▶ words (accents folded, elisions split) ─▶ stems ─▶ terms
         ├▶ references: act numbers, articles, dates, each as one exact term
         └▶ hours: what a clock's figures mean in words

`L'école`, `ecoles` and `écoles` meet in `ecol`; `L. 2121-29`, `L2121-29` meet in
`refl2121x29`; `12 juin 2024`, `12/06/2024` in `day20240612`. Folding comes before
stemming, so that a question typed without accents meets the same stems.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import Stemmer

from guardrails.normalise import flat as flat
from guardrails.normalise import fold as fold
from guardrails.values import MONTH_NAMES as MONTH_NAMES
from guardrails.values import MONTHS as MONTHS
from guardrails.values import WEEKDAYS as WEEKDAYS

LEXICONS = Path(__file__).parent / "lexicons"

TERMS_VERSION = "1"
"""Raised by whoever changes what `terms` returns: an index made with others is renewed from it."""

SHORT_STEM_CHARS = 3
APART = {"mairie": "mairi", "mairies": "mairi", "ramasse": "ramass"}
"""Words that Snowball takes for others: the house is not the `maire`, who collects does not row."""

WORD = re.compile(r"[a-z0-9]+")
WRITTEN = re.compile(r"[^\W_]+")
"""A word as it stands in a text, before it is folded."""

Forms = frozenset[frozenset[str]]
"""What is looked for: sets of stems, each of which a text must hold whole to be found by it."""

PLACEHOLDER = re.compile(r"\[[A-ZÀ-Þ_]+_\d+\]")
DATE_IN_WORDS = re.compile(
    rf"\b(?:(\d{{1,2}}|1er)\s+)?({'|'.join(MONTHS)})\s+(\d{{4}})\b",
)
DATE_IN_DIGITS = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
REFERENCE = re.compile(
    r"""\b
    (?:([lrd])\.?\s*)?          # part of a code: L. 2121-29
    (\d+(?:[-/.]\d+)+)          # 2024-06-12-03, 2024/17
    \b""",
    re.VERBOSE,
)
_HOUR = r"(?:[01]?\d|2[0-4])"
_TIME = rf"{_HOUR} ?(?:h(?:eures?)?|:(?=\d\d)) ?(?:[0-5]\d)?\b"
TIMES = re.compile(rf"\b(?:({_HOUR}|{_TIME}) ?(?:[-–—]|a|jusqu'a) ?)?{_TIME}")
ARTICLE = re.compile(r"\barticle\s+(?:([lrd])\.?\s*)?(\d+|premier|1er)\b(?![-/.]\d)")


def words(text: str) -> list[str]:
    """Return the folded words, elisions split, words without a subject left out."""
    return _words(fold(text))


def _words(folded: str) -> list[str]:
    silent = _stopwords()
    return [word for word in WORD.findall(folded) if word not in silent]


def terms(text: str) -> list[str]:
    """Return what the index keeps of a text: stems, then exact references, dates and hours."""
    # `[PERSONNE_1]` is a different person in each document
    folded = fold(PLACEHOLDER.sub(" ", text))
    return [stem(word) for word in _words(folded)] + _references(folded) + _hours(folded)


@lru_cache(maxsize=4_096)
def terms_kept(text: str) -> frozenset[str]:
    """Return them of a sentence or a passage of the corpus, kept for all who ask about its matter:
    never of what somebody is to be forgotten by."""
    return frozenset(terms(text))


@lru_cache(maxsize=32_768)
def word_kept(word: str) -> frozenset[str]:
    """Return what the index keeps of a word of the corpus; as `terms_kept`."""
    return frozenset(terms(word))


def found_words(text: str, forms: Forms) -> list[tuple[int, int]]:
    """Return where a text holds what is looked for: its words, and times of day for « heures ».

    >>> found_words("L'École ouvre à 8 h.", frozenset({frozenset({"ecol"}), frozenset({"heur"})}))
    [(2, 7), (16, 19)]
    """
    if not forms:
        return []
    shown = PLACEHOLDER.sub(lambda hidden: " " * len(hidden[0]), text)
    placed = [(one.span(), word_kept(one[0])) for one in WRITTEN.finditer(shown)]
    placed += [(one.span(), frozenset(_hours(one[0]))) for one in TIMES.finditer(flat(shown))]
    held = set[str]().union(*(stems for _, stems in placed))
    told = {stem for form in forms if form <= held for stem in form}
    return sorted(span for span, stems in placed if stems & told)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of a folded word; what holds a digit is kept whole.

    >>> stem("deliberations"), stem("mairie"), stem("maires")
    ('deliber', 'mairi', 'mair')
    """
    if word in APART:
        return APART[word]
    if any(c.isdigit() for c in word):
        return word
    # Snowball sees no accent in a folded word: `annulée` would keep the e that `annuler`
    # loses, `payer` the y that `paiement` has not.
    found = str(_stemmer().stemWord(word))
    found = found.rstrip("e") if len(found) > SHORT_STEM_CHARS else found
    return found[:-1] + "i" if found.endswith("y") else found


def references(text: str) -> list[str]:
    """Return act numbers, articles and dates as exact terms.

    >>> references("délibération n° 2024-17 du 3 mai 2024, art. L. 2121-29")
    ['day20240503', 'mon202405', 'ref2024x17', 'refl2121x29']
    """
    return _references(fold(text))


def _references(folded: str) -> list[str]:
    found: list[str] = []
    for day, month, year in DATE_IN_WORDS.findall(folded):
        found += _date(int(year), MONTHS[month], 1 if day == "1er" else int(day or 0))
    for d, m, y, iso_y, iso_m, iso_d in DATE_IN_DIGITS.findall(folded):
        found += _date(int(y or iso_y), int(m or iso_m), int(d or iso_d))
    for letter, number in REFERENCE.findall(folded):
        found.append("ref" + letter + re.sub(r"[-/.]", "x", number))
    for letter, number in ARTICLE.findall(folded):
        found.append("art" + letter + ("1" if number in ("premier", "1er") else number))
    return found


def hours(text: str) -> list[str]:
    """Return the stems of `heures` for each time of day, of `horaires` for each span of one.

    A table of opening hours says neither word; who asks for them says nothing else.

    >>> hours("Lundi : 8 h 30 – 12 h"), hours("fermé à 19h"), hours("de 28 à 32 heures par semaine")
    (['heur', 'horair'], ['heur'], [])
    """
    return _hours(fold(text))


def _hours(folded: str) -> list[str]:
    found: list[str] = []
    for span in TIMES.finditer(folded):
        found += [stem("heures"), stem("horaires")] if span[1] else [stem("heures")]
    return found


def _date(year: int, month: int, day: int) -> list[str]:
    if not 1 <= month <= 12 or not 0 <= day <= 31:
        return []
    by_month = f"mon{year}{month:02}"
    return [f"day{year}{month:02}{day:02}", by_month] if day else [by_month]


@cache
def _stopwords() -> frozenset[str]:
    lines = (LEXICONS / "stopwords.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")
