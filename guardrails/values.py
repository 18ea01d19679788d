# SPDX-License-Identifier: EUPL-1.2
"""Parser of French values: amounts, hours, dates, durations, ages, ranges; where and how much.

    text ──starts──▶ a figure, a number in words, a month, a day of the week, noon
                        └─ the first reader that can read there ─▶ Value(start, end, kind, low, …)
    « de 9 » « à » « 12 h »  ──joined──▶  one range, its ends in `parts`
    « moins de » « 12 ans »  ──bounded─▶  a range without an end

Figures are read as scanners write them too (`1O,5O €`, `l2/O3/2025`, `1 2 mars 2 0 2 5`): a letter
is a digit only where a unit, a month or an hour follows. Two values are equal when they say the
same, wherever they stand; `in` asks whether one lies within another:

>>> band, = values("de 3 à 11 ans")
>>> child, = values("mon fils a 8 ans")
>>> child in band
True

| unit | `low` and `high` count | cycles |
|---|---|---|
| `€` (a family quotient too), `%`, `m2`, `place`…, nothing | what is counted | |
| `minute` | durations of minutes, hours, days and weeks | |
| `month` | months, years, ages | |
| `working day` | days of work | |
| `clock` | minutes since midnight | yes |
| `weekday` | 0 Monday to 6 Sunday | yes |
| `date` | first and last day of what is said, `20250304`; `304` without a year | the latter |
| `code` | digits that count nothing: an act's number, a telephone's | |
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from guardrails.normalise import flat, fold, plain

MONTH_NAMES = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
MONTHS = {fold(name): number for number, name in enumerate(MONTH_NAMES, 1)}
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
"""In the order of `date.weekday`."""

NUMBER_WORDS: Mapping[str, int] = {
    word: number
    for number, words in {
        1: "un une premier premiere", 2: "deux two", 3: "trois three", 4: "quatre four",
        5: "cinq five", 6: "six", 7: "sept seven", 8: "huit eight", 9: "neuf nine",
        10: "dix ten", 11: "onze eleven", 12: "douze twelve", 13: "treize thirteen",
        14: "quatorze fourteen", 15: "quinze fifteen", 16: "seize sixteen", 17: "seventeen",
        18: "eighteen", 19: "nineteen", 20: "vingt vingts twenty", 30: "trente thirty",
        40: "quarante forty", 50: "cinquante fifty", 60: "soixante sixty", 70: "septante seventy",
        80: "huitante eighty", 90: "nonante ninety", 100: "cent cents hundred",
        1_000: "mil mille thousand", 1_000_000: "million millions",
        1_000_000_000: "milliard milliards",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Folded; « one » is a pronoun far more often than a number, as « un » is an article."""


class Kind(StrEnum):
    """What a value is of. A COUNT may count something (its unit) or nothing that is said."""

    AMOUNT = "amount"
    PERCENT = "percent"
    HOUR = "hour"
    WEEKDAY = "weekday"
    DATE = "date"
    DURATION = "duration"
    AGE = "age"
    QUOTIENT = "quotient"
    MEASURE = "measure"
    COUNT = "count"
    CODE = "code"


DATE, CLOCK, CODE, MINUTE, MONTH = "date", "clock", "code", "minute", "month"
_CYCLES = frozenset({CLOCK, "weekday"})
_INFINITE = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value of a text: `text[start:end]` says `low` to `high`, in `unit` (the module's table).

    A range without an end is infinite there; `open_low` and `open_high` say that the end itself
    is left out (« moins de 12 ans »). `scale` is what one of the written unit counts: 12 months a
    year. Equal values say the same, wherever they stand and however they are written.
    """

    low: float
    high: float
    unit: str = ""
    open_low: bool = False
    open_high: bool = False
    kind: Kind = field(compare=False)
    start: int = field(compare=False)
    end: int = field(compare=False)
    scale: float = field(default=1, compare=False)
    in_words: bool = field(default=False, compare=False)
    parts: tuple[Value, ...] = field(default=(), compare=False)
    """What is written of a range: its ends, and a day of the week between them; else nothing."""

    @property
    def is_range(self) -> bool:
        """Whether it has two ends, or one only; a month and a year are no ranges."""
        return bool(self.parts)

    @property
    def written(self) -> tuple[Value, ...]:
        """The values that are written: itself, or the parts of its range."""
        return self.parts or (self,)

    @property
    def figure(self) -> float:
        """The number as it is written: 12 for « 12 ans », 1.5 for « 1,5 M€ »."""
        return _whole(self.low / self.scale)

    @property
    def is_article(self) -> bool:
        """Whether it is « un an », « une heure »: an article far more often than a number."""
        return self.in_words and self.figure == 1

    @property
    def has_year(self) -> bool:
        """Whether it is a date with its year."""
        return self.unit == DATE and max(filter(_is_finite, (self.low, self.high))) > _A_YEAR

    @property
    def is_year(self) -> bool:
        """Whether it is a year alone."""
        return self.has_year and self.high - self.low == _WHOLE_YEAR

    @property
    def days(self) -> tuple[str, str]:
        """First and last day of a date with its year, in ISO; empty where it has no end."""
        return _iso(self.low), _iso(self.high)

    def __contains__(self, other: Value) -> bool:
        """Whether the other lies wholly within this one; nothing said of a unit is any unit.

        >>> [open_hours, late] = values("de 9 h à 12 h 30, mais à 13 h")
        >>> late in open_hours
        False
        >>> [week, day] = values("du lundi au vendredi, le 15 novembre 2026")  # a Sunday
        >>> day in week
        False
        """
        if self.unit == "weekday" and other.has_year and other.low == other.high:
            return _holds(self, *2 * (_day(other.low).weekday(),))
        if CODE in (self.unit, other.unit):
            return self == other
        mine, theirs = self, other
        if not other.unit:
            theirs = _scaled(other, self.scale)
        elif not self.unit:
            theirs = _scaled(other, 1 / other.scale)
        elif self.unit != other.unit:
            return False
        if self.unit == other.unit == DATE and self.has_year != other.has_year:
            if self.has_year and self.high - self.low >= _A_YEAR:
                return True
            mine, theirs = _yearless(self), _yearless(other)
        lies = _holds(mine, theirs.low, theirs.high)
        at_low = mine.open_low and theirs.low == mine.low and not theirs.open_low
        at_high = mine.open_high and theirs.high == mine.high and not theirs.open_high
        return lies and not at_low and not at_high


_A_YEAR = 10_000
_WHOLE_YEAR = 1231 - 101


def _is_finite(number: float) -> bool:
    return abs(number) != _INFINITE


def _holds(value: Value, low: float, high: float) -> bool:
    is_cyclic = value.unit in _CYCLES or (value.unit == DATE and not value.has_year)
    if is_cyclic and value.low > value.high:  # « de 22 h à 6 h »
        return all(one >= value.low or one <= value.high for one in (low, high))
    return value.low <= low and high <= value.high


def _scaled(value: Value, scale: float) -> Value:
    return replace(value, low=_whole(value.low * scale), high=_whole(value.high * scale))


def _yearless(value: Value) -> Value:
    if not value.has_year:
        return value
    low, high = (end % _A_YEAR if _is_finite(end) else end for end in (value.low, value.high))
    return replace(value, low=low, high=high)


def _day(number: float) -> date:
    return date(int(number) // _A_YEAR, int(number) // 100 % 100, int(number) % 100)


def _iso(number: float) -> str:
    return _day(number).isoformat() if _is_finite(number) and number > _A_YEAR else ""


# What figures and numbers in words look like. All patterns read text as `flat` leaves it.

_DIGIT = r"[\doil]"  # O for 0, I and l for 1
_GAP = r"[\s-]{1,2}"
_NUMBER_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
IN_WORDS = rf"(?:{_NUMBER_WORD})(?:{_GAP}(?:et{_GAP})?(?:{_NUMBER_WORD})){{0,13}}(?!\w)"
"""A number in words, folded; `numeral` tells which."""

_MONTH_WORDS = (
    f"{'|'.join(MONTHS)}|janv\\.?|fevr?\\.?|avr\\.?|juil\\.?|sept\\.?|oct\\.?|nov\\.?|dec\\.?"
)
_START = re.compile(
    r"(?<![^\W_])(?!(?<=_)\d+\])(?:(?P<figure>[oil]?\d)"
    rf"|(?P<words>{IN_WORDS})|(?P<month>{'|'.join(MONTHS)})(?!\w)"
    rf"|(?P<weekday>{'|'.join(WEEKDAYS)})s?(?!\w)|(?<!apres.)(?P<noon>midi|minuit)(?!\w)"
    rf"|(?P<day>{'|'.join(name[:3] for name in WEEKDAYS)})\.(?=\s\d))"
    r"|(?<=[^\W\d_])(?!(?<=\Wm)[23](?!\w))(?P<inside>\d+)"
)
_PLAIN = re.compile(
    r"([1-9]\d{0,2}(?:[ .]\d{3}){1,4}(?!\d)|\d{1,15}(?!\d))"
    r"(?:,(?!(?:19|20)\d\d(?!\d))(\d{1,9})|\.(\d\d?)(?![\d.]))?"  # not « 2024,2025 »
)
_SCANNED = re.compile(
    rf"(\d(?:[ ]\d(?!\d)){{2,8}}"
    rf"|{_DIGIT}{{0,12}}[\do](?:[ .]{_DIGIT}{{3}}(?!{_DIGIT})){{0,4}})"
    rf"(?:(?:[ ],[ ]?|,)({_DIGIT}[ ]?\d|\d[ ]?o|\d))?(?!\d)"
)
_LONG = re.compile(r"\d{16,}")
_TIMES = re.compile(r"\s(mille|millions?|milliards?)(?!\w)")
_PHONE = re.compile(r"0\d(?:[ .-]?\d\d){4}(?!\d)")
_YEAR = rf"(?:\d{{4}}|(?:{_DIGIT}[ ]){{3}}{_DIGIT}|{_DIGIT}{{4}})(?!\d)"
_ONE_DAY = rf"{_DIGIT}[ ]?{_DIGIT}?"
_FULL_DATE = re.compile(
    rf"(?P<d>{_ONE_DAY})[ ]?(?P<sep>[/.-])[ ]?(?P<m>{_ONE_DAY})[ ]?(?P=sep)[ ]?(?P<y>{_YEAR})(?!\w)"
    r"|(?P<y2>\d{4})(?P<sep2>[-/._])(?P<m2>\d\d)(?P=sep2)(?P<d2>\d\d)(?!\d|[-/.]\d)"
    r"|(?P<d3>\d\d)/(?P<m3>\d\d)/(?P<y3>\d\d)(?![\d/])"
    rf"|(?P<d4>\d\s\d)\s{{1,2}}(?P<m4>{_MONTH_WORDS})\s{{1,2}}(?P<y4>(?:\d\s){{3}}\d)(?!\d)"
)
_PART_DATE = re.compile(
    r"(?P<d>\d\d?)/(?P<m>\d\d)(?![\d/]|\s?ans)|(?P<m2>\d\d?)[/.](?P<y2>(?:19|20)\d\d)(?![\d/])"
)
_YEARS = re.compile(r"(\d{4})(?:\s?[-/]\s?(\d{4}))?(?!\d|[/.-]\d|,\d{1,3}(?!\d)|[a-z])")
_MONTH = re.compile(rf"\s?(?:er)?(?:\s{{1,3}}|-)({_MONTH_WORDS})(?!\w)")
_OF_YEAR = re.compile(rf"(?:[\s,-]|de\s(?:l'an(?:nee)?\s)?){{1,3}}(?:({_YEAR})(?!\w)|({IN_WORDS}))")
_CLOCK = re.compile(
    r"\s?(?:h|hrs?|heures?)(?![a-z])(?:\s?([0-5][\do]|[oil]\d)(?!\d|\s?[€%])(?:\s?min(?!\w))?)?"
    r"|:([0-5]\d)(?![\d:])"
)
_MINUTES = re.compile(
    r"\s(?:(et\sdemie?)|(et\squart)|(moins\sle\squart)"
    rf"|({IN_WORDS})(?!\s(?:euros?|ans|jours)))(?!\w)"
)
_HALF = re.compile(r"\set\sdemie?(?!\w)")
_CENTS = re.compile(
    r"[ ]?(\d\d)(?!\d|[.,/:-]\d|\s?[€%°]"
    r"|\s?(?!(?:par|pour|les?|la|l|de|d|ttc|ht|et|ou|a|au|sur)\b)[a-z])"
)
_CENTIMES = re.compile(
    rf"\s(?:et\s)?(?:(\d\d?)|({IN_WORDS}))\scentimes?(?!\w)|\s({IN_WORDS})(?!\s[a-z])"
)
_OF = re.compile(r"\s?d(?:e\s|')")
_AN = re.compile(r"\ban(?:nee)?\s$")

_UNITS: Mapping[str, tuple[Kind, str, float]] = {
    word.replace("_", " "): (kind, unit, scale)
    for kind, unit, scale, words in (
        (Kind.AMOUNT, "€", 1, "€ eur euro euros"),
        (Kind.AMOUNT, "€", 1_000, "k€ keur"),
        (Kind.AMOUNT, "€", 1_000_000, "m€ meur"),
        (Kind.AMOUNT, "€", 0.01, "centime centimes"),
        (Kind.PERCENT, "%", 1, "% pour_cent pourcent"),
        (Kind.DURATION, MINUTE, 1, "min mn minute minutes"),
        (Kind.DURATION, MINUTE, 15, "quart_d'heure quarts_d'heure"),
        (Kind.DURATION, MINUTE, 30, "demi-heure demi-heures"),
        (Kind.DURATION, MINUTE, 60, "h heure heures"),
        (Kind.DURATION, MINUTE, 1_440, "j jour jours journee journees"),
        (Kind.DURATION, MINUTE, 10_080, "semaine semaines"),
        (Kind.DURATION, MONTH, 1, "mois"),
        (Kind.DURATION, MONTH, 3, "trimestre trimestres"),
        (Kind.DURATION, MONTH, 6, "semestre semestres"),
        (Kind.DURATION, MONTH, 12, "an ans annee annees"),
        (Kind.DURATION, "jour ouvré", 1, "jour_ouvre jours_ouvres"),
        (Kind.DURATION, "jour ouvrable", 1, "jour_ouvrable jours_ouvrables"),
        (Kind.DURATION, "jour franc", 1, "jour_franc jours_francs"),
        (Kind.MEASURE, "m2", 1, "m2 metre_carre metres_carres"),
        (Kind.MEASURE, "m3", 1, "m3 metre_cube metres_cubes"),
        (Kind.MEASURE, "m", 1, "m ml metre metres"),
        (Kind.MEASURE, "m", 1_000, "km kilometre kilometres"),
        (Kind.MEASURE, "m", 0.01, "cm centimetre centimetres"),
        (Kind.MEASURE, "m", 0.001, "mm millimetre millimetres"),
        (Kind.MEASURE, "kg", 1, "kg kilo kilos"),
        (Kind.MEASURE, "kg", 0.001, "g gramme grammes"),
        (Kind.MEASURE, "kg", 1_000, "t tonne tonnes"),
        (Kind.MEASURE, "l", 1, "l litre litres"),
        (Kind.MEASURE, "ha", 1, "ha hectare hectares"),
        (Kind.MEASURE, "kWh", 1, "kwh"),
        (Kind.MEASURE, "°", 1, "° °c degre degres"),
        (Kind.MEASURE, "dB", 1, "db decibel decibels"),
        *(
            (Kind.COUNT, noun, 1, f"{noun.rstrip('s')} {noun.rstrip('s')}s")
            for noun in ["habitant", "personne", "place", "enfant", "adulte", "eleve"]
        ),
        (Kind.COUNT, "voix", 1, "voix"),
        (Kind.COUNT, "repas", 1, "repas"),
    )
    for word in words.split()
}
"""Each unit as it is written, folded: its kind, the unit it is counted in, how many of these."""

_NOUNS = frozenset({Kind.COUNT, Kind.DURATION})

_UNIT = re.compile(
    r"\s{0,2}(?:([€%]|°c?)|("
    + "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(_UNITS, key=len)[::-1])
    + r")(?![a-z0-9']))"
)

# What stands around a value.

_NAMED = re.compile(
    r"(?=[napzrld])(?:n[°o]s?|\b(?:numeros?|articles?|art|annexes?|pages?|zone|rue)|\b[lrda]\."
    r"|\barticles\s\d+(?:,\s\d+)*(?:,|\s(?:et|ou|a)))\s?$"
)
_OF_A_QUOTIENT = re.compile(
    r"\b(?:quotients?|qf|indice)(?:[\s:=<>≤≥('-]|famili(?:al|aux)|mensuel|majore|brut|caf|compris"
    r"|est|s'eleve|depasse|entre|egal|superieur|inferieur|plus|moins|partir|jusqu|environ|dela"
    r"|dessus|d?e?a?u?(?=[\s'-]))*$"
)
_LASTS = re.compile(
    r"(?:\b(?:pendant|durant|dure\w*|delais?|forfait|bail|contrats?|concessions?|anciennete)"
    r"[\s:]*(?:\w+[\s'])?(?:d[e'] ?)?|\b(?:tou(?:te)?s les|sous|dans|en|il y a|depuis|maximum)\s"
    r"|\b(?:plus|moins|maximum|minimum)\sd[e']\s?)$"
)
_LASTED = re.compile(
    r"\s?(?:/\s?[a-z]|par\s(?:jour|nuit|semaine|mois|an)|hebdo|consecuti|d'(?!avril|aout|octobre)"
    r"|de\s(?:travail|formation|suite)|supplement|avant|a\sl'avance|renouvel)"
)
_OVEN = re.compile(r"\b(?:du|les?|un|des|aux?|vieux)[\s-]four\b|four-$")
"""« Four » is English, and where bread was baked."""

_AT = re.compile(r"\b(?:a|vers|avant|apres|des|jusqu'a|entre|et|-)\s?$")
_AGED = re.compile(
    r"\b(?=[aejfbp])(?:agee?s?|enfants?|jeunes?|fils|filles?|bebes?|personnes?)"
    r"[\s:]*(?:\w+[\s'])?(?:d[e'] ?)?$|(?<!\by )\b(?P<has>ai|as|a|ont|avez|avoir) $"
)
_BEFORE = re.compile(
    r"""(?:(?<!\w)(?=[abdefijlmopsu])|(?=[<>≤≥+-])) (?:
      (?P<to>jusqu'(?:a|aux?|en) | au\s(?:plus|maximum) | maximum(?:\sde|\s:)?
      | inferieure?s?\sou\segale?s?\s(?:a|aux?) | pas\splus\sd(?:e|') | ≤ | <= | until | up\sto )
    | (?P<under>moins\sd(?:e|u|es|') | inferieure?s?\s(?:a|aux?) | avant | < | -\s?de
      | before | under | less\sthan )
    | (?P<from>a\s(?:partir|compter)\sd(?:e|u|es|') | des | depuis | au\s(?:moins|minimum)
      | minimum(?:\sde|\s:)? | superieure?s?\sou\segale?s?\s(?:a|aux?) | ≥ | >= | since | from
      | at\sleast )
    | (?P<over>depass\w+ | plus\sd(?:e|u|es|') | superieure?s?\s(?:a|aux?) | au-dela\sd(?:e|u|es|')
      | au-dessus\sd(?:e|u|es|') | apres | > | \+\s?de | after | over | more\sthan )
    )\s?(?:l[ea]s?\s|l'|the\s)?$""",
    re.VERBOSE,
)
_AFTER = re.compile(
    r"\s?(?:(?P<from>(?:et|ou)\s(?:plus|au-dela|davantage)|et\s\+|au\s(?:moins|minimum)"
    r"|mini(?:mum)?)"
    r"|(?P<to>(?:et|ou)\smoins|au\s(?:plus|maximum)|maxi(?:mum)?))"
    r"(?!\w|\s(?:tard|tot|offrant|pres|vite))"
)
_THE = rf"(?:l[ea]s?\s|l'|un\s|the\s)?(?:(?:{'|'.join(WEEKDAYS)})\s)?"
_TO = re.compile(
    r"(?:er)?(?:\s?(?:(?P<and>et|and)|a|aux?|jusqu'aux?|jusqu'a|to|until)"
    rf"|[^\S\n]?(?:(?P<slash>/)|-))\s?{_THE}"
)
_THAT_YEAR = re.compile(rf",?\s(?:et\s)?le\s(?:(?:{'|'.join(WEEKDAYS)})\s)?")
_BETWEEN = re.compile(r"\b(?:entre|between)\s(?:l[ea]s?\s|l')?$")
_FROM = re.compile(r"\b(?:d[eu]|des|entre|from|between)\s(?:l[ea]s?\s|l')?$|[:(]\s?$")
_ALSO = re.compile(rf"(?:er)?\s?(?:,|et|ou|and|or|aux?|a|to|-)\s?{_THE}")
_REACH = 40
"""How many characters before a value may say what it is."""


def values(text: str) -> list[Value]:
    """Return the values of a text in their order; none lies within another.

    >>> def told(text):
    ...     for value in values(text):
    ...         print(text[value.start : value.end], "=", value.kind, value.low, value.high)
    >>> told("12,50 €, 12 euros 50, douze euros, 1,2 M€, de 500 à 800 €")
    12,50 € = amount 12.5 12.5
    12 euros 50 = amount 12.5 12.5
    douze euros = amount 12 12
    1,2 M€ = amount 1200000 1200000
    500 à 800 € = amount 500 800
    >>> told("de 9h30 à midi, neuf heures et demie, du lundi au vendredi, 5 % du 1er avril")
    9h30 à midi = hour 570 720
    neuf heures et demie = hour 570 570
    lundi au vendredi = weekday 0 4
    5 % = percent 5 5
    1er avril = date 401 401
    >>> told("04/03/2025, du 3 au 5 mars 2025, mars 2025, 2025, année scolaire 2024-2025")
    04/03/2025 = date 20250304 20250304
    3 au 5 mars 2025 = date 20250303 20250305
    mars 2025 = date 20250301 20250331
    2025 = date 20250101 20251231
    2024-2025 = date 20240901 20250831
    >>> told("sous deux mois ; 48 heures ; de 3 à 11 ans ; 65 ans et plus")
    deux mois = duration 2 2
    48 heures = duration 2880 2880
    3 à 11 ans = age 36 132
    65 ans et plus = age 780 inf
    >>> told("QF < 700 ; 25 m² ; trois enfants ; jusqu'à 1 500 ; délibération n° 2024-17")
    < 700 = quotient -inf 700
    25 m² = measure 25 25
    trois enfants = count 3 3
    jusqu'à 1 500 = count -inf 1500
    2024 = code 2024 2024
    17 = code 17 17
    """
    copy = plain(text)
    folded = flat(copy.text)
    atoms = _dated(folded, [*_atoms(folded)])
    found = [_called(folded, copy.text, value) for value in _joined(folded, copy.text, atoms)]
    return [_moved(value, copy.original) for value in found] if copy.anchors else found


@lru_cache(maxsize=4_096)
def values_kept(text: str) -> tuple[Value, ...]:
    """Return the same of a sentence of the corpus, kept for all who ask about its matter."""
    return tuple(values(text))


# ── one value at a time


def _atoms(t: str) -> Iterator[Value]:
    """Yield the values that are written alone; `t` is a flat text, here and below."""
    at = 0
    while match := _START.search(t, at):
        value = _READERS[str(match.lastgroup)](t, match)
        if value:
            yield value
        at = value.end if value else match.start() + 1


def _of_figure(t: str, match: re.Match[str]) -> Value | None:
    start = match.start()
    if phone := _PHONE.match(t, start):
        return _code(t, start, phone.end())
    if value := _full_date(t, start) or _part_date(t, start):
        return value
    written = _PLAIN.match(t, start)
    if written and (value := _typed(t, start, written.end(), _number(written))):
        return value
    scanned = _SCANNED.match(t, start)
    if scanned and (value := _typed(t, start, scanned.end(), _number(scanned))):
        return value
    if not written:
        long = _LONG.match(t, start)
        return _code(t, *long.span()) if long else None
    return _years(t, start) or _bare(t, start, written.end(), _number(written))


def _of_words(t: str, match: re.Match[str]) -> Value | None:
    start = match.start()
    number, end = numeral(t, start, match.end())
    if t.startswith("premier", start):
        value = _day_of_month(t, start, end, number)
        return value and replace(value, in_words=True)
    value = _typed(t, start, end, number)
    if not value and _is_year(number) and _AN.search(t, max(0, start - _REACH), start):
        value = _date(number, 0, 0, start, end)
    is_noun = t[start:end] in ("un", "une") or _is_an_oven(t, start)
    if is_noun and (not value or value.kind is Kind.COUNT):
        return None
    return replace(value or _value(Kind.COUNT, "", number, start, end), in_words=True)


def _is_an_oven(t: str, start: int) -> bool:
    return t.startswith("four", start) and bool(
        _OVEN.search(t[max(0, start - 6) : start + 5].strip())
    )


def _of_month(t: str, match: re.Match[str]) -> Value | None:
    year, end = _year_after(t, match.end())
    return _date(year, MONTHS[match["month"]], 0, match.start(), end)


def _of_weekday(t: str, match: re.Match[str]) -> Value:
    day = WEEKDAYS.index(match["weekday"])
    return _value(Kind.WEEKDAY, "weekday", day, match.start(), match.end())


def _of_short_weekday(t: str, match: re.Match[str]) -> Value:
    day = next(n for n, name in enumerate(WEEKDAYS) if name.startswith(match["day"]))
    return _value(Kind.WEEKDAY, "weekday", day, match.start(), match.end())


def _of_noon(t: str, match: re.Match[str]) -> Value:
    minutes = 12 * 60 if match["noon"] == "midi" else 24 * 60
    return _value(Kind.HOUR, CLOCK, minutes, *match.span("noon"))


def _inside(t: str, match: re.Match[str]) -> Value:
    return _code(t, *match.span())


_READERS: Mapping[str, Callable[[str, re.Match[str]], Value | None]] = {
    "figure": _of_figure,
    "words": _of_words,
    "month": _of_month,
    "weekday": _of_weekday,
    "day": _of_short_weekday,
    "noon": _of_noon,
    "inside": _inside,
}


def numeral(t: str, start: int, end: int) -> tuple[int, int]:
    """Return the number that folded words say, and where it ends.

    >>> words = "deux mille trois cent quatre-vingt-dix-sept"
    >>> numeral(words, 0, len(words))[0], numeral("deux trois", 0, 10)
    (2397, (2, 4))
    """
    total = group = last = 0
    room, most = 100, 10**10  # what may be added now; multipliers come in falling order
    for word in re.finditer("[a-z]+", t[start:end]):
        if word[0] == "et":
            continue
        number = NUMBER_WORDS[word[0]]
        if number >= 1_000:
            if number >= most:
                break
            total, group, room, most = total + (group or 1) * number, 0, 100, number
        elif number == 100:
            if group >= 100:
                break
            group, room = (group or 1) * number, number
        elif number == 20 and last == 4:
            group, room = group + 76, number
        elif number < room:
            group += number
            room = {10: 10, 60: 20}.get(number, 10 if number >= 20 else 0)
        else:
            break
        last, stop = number, start + word.end()
    return total + group, stop


def _number(written: re.Match[str]) -> float:
    """Return a number from its whole part and its decimals; whole numbers stay exact."""
    whole, *decimals = (_digits(part) for part in written.groups() if part)
    return float(f"{whole}.{decimals[0]}") if decimals else int(whole)


_SCANNED_AS = str.maketrans("oil", "011", " .")


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written.translate(_SCANNED_AS))


def _value(kind: Kind, unit: str, number: float, start: int, end: int, scale: float = 1) -> Value:
    counted = _whole(number * scale)
    return Value(
        kind=kind, unit=unit, low=counted, high=counted, start=start, end=end, scale=scale
    )  # fmt: skip


def _whole(number: float) -> float:
    """Return a number without what floats add, an integer where it is one."""
    number = round(number, 6)
    return int(number) if _is_finite(number) and number == int(number) else number


_MOST_DIGITS = 4_000
"""Python refuses to read numbers that are longer by a tenth."""


def _code(t: str, start: int, end: int) -> Value:
    return _value(Kind.CODE, CODE, int(_digits(t[start:end])[:_MOST_DIGITS]), start, end)


def _typed(t: str, start: int, end: int, number: float) -> Value | None:
    """Read what follows a number and says what it is: a month, a clock, a unit."""
    if times := _TIMES.match(t, end):
        number, end = _whole(number * NUMBER_WORDS[times[1]]), times.end()
    elif number == int(number):
        value = _day_of_month(t, start, end, int(number)) or _hour(t, start, end, int(number))
        if value:
            return value
    of = _OF.match(t, end) if number >= 1_000_000 else None
    if value := _quantity(t, start, of.end() if of else end, number):
        return value
    return _value(Kind.COUNT, "", number, start, end) if times else None


def _quantity(t: str, start: int, end: int, number: float) -> Value | None:
    found = _UNIT.match(t, end)
    if not found:
        return None
    word = re.sub(r"\s", " ", found[1] or found[2])
    kind, unit, scale = _UNITS[word]
    if kind in _NOUNS and _is_year(number) and not word.endswith(("s", "x")):
        return None  # « Noël 2025 place de la Mairie »
    stop = found.end()
    if unit == "€" and scale == 1 and number == int(number):
        if cents := _CENTS.match(t, stop) or _CENTIMES.match(t, stop):
            said = next(part for part in cents.groups() if part)
            part = int(said) if said.isdigit() else numeral(said, 0, len(said))[0]
            if part < 100 and (part >= 10 or "centime" in cents[0]):
                number, stop = number + part / 100, cents.end()
    elif unit == "m" and scale == 1 and number == int(number) and (less := _CENTS.match(t, stop)):
        number, stop = number + int(less[1]) / 100, less.end()  # « 1 m 20 »
    elif kind is Kind.DURATION and (half := _HALF.match(t, stop)):
        number, stop = number + 0.5, half.end()
    if unit == "€" and _is_quotient(t, start):
        kind = Kind.QUOTIENT
    return _value(kind, unit, number, start, stop, scale)


def _hour(t: str, start: int, end: int, hour: int) -> Value | None:
    """Read a time of day, or how long something lasts: « pendant 2 h »."""
    found = _CLOCK.match(t, end)
    if not found or (hour > 24 and not found[1]):
        return None
    written, stop = found[1] or found[2], found.end()
    minutes = int(_digits(written)) if written else 0
    if not written and (words := _MINUTES.match(t, stop)):
        half, quarter, less, said = words.groups()
        minutes = 30 if half else 15 if quarter else -15 if less else numeral(said, 0, len(said))[0]
        stop = words.end()
    total = hour * 60 + minutes
    if minutes >= 60 or total < 0:
        return None
    in_words = t[start].isalpha() and not minutes and t[start] not in "oil"
    if not found[2] and (
        total > 24 * 60
        or _lasts(t, start)
        or _LASTED.match(t, stop)
        or (in_words and not _AT.search(t, max(0, start - _REACH), start))
    ):
        return _value(Kind.DURATION, MINUTE, total / 60, start, stop, 60)
    return _value(Kind.HOUR, CLOCK, total / 60, start, stop, 60)


def _lasts(t: str, start: int) -> bool:
    return bool(_LASTS.search(t, max(0, start - _REACH), start))


def _is_year(number: float) -> bool:
    return 1500 <= number < 2100


def _is_dated(number: float) -> bool:
    """Whether a year may stand behind a month, where more years are than alone."""
    return 1000 <= number < 3000


def _full_date(t: str, start: int) -> Value | None:
    found = _FULL_DATE.match(t, start)
    if not found:
        return None
    day = found["d"] or found["d2"] or found["d3"] or found["d4"]
    month = found["m"] or found["m2"] or found["m3"] or found["m4"]
    written = found["y"] or found["y2"] or found["y3"] or found["y4"]
    year = int(_digits(written) or 0)
    if found["y3"]:  # as POSIX reads two digits
        year += 1900 if year > 68 else 2000
    is_act = found["y2"] and _is_named(t, start)  # « n° 2025-03-06 »
    if not _is_dated(year) or is_act or (" " in day and " " not in written):
        return None
    number = int(_digits(month)) if not found["m4"] else _month(month)
    return _date(year, number, int(_digits(day)), start, found.end())


def _part_date(t: str, start: int) -> Value | None:
    found = _PART_DATE.match(t, start)
    if not found or _is_named(t, start):
        return None
    if found["y2"]:
        return _date(int(found["y2"]), int(found["m2"]), 0, start, found.end())
    return _date(0, int(found["m"]), int(found["d"]), start, found.end())


def _day_of_month(t: str, start: int, end: int, day: int) -> Value | None:
    found = _MONTH.match(t, end)
    if not found or not day:
        return None
    year, stop = _year_after(t, found.end())
    return _date(year, _month(found[1]), day, start, stop)


def _year_after(t: str, end: int) -> tuple[int, int]:
    """Return the year that follows a month, 0 where none does, and where that ends."""
    found = _OF_YEAR.match(t, end)
    if not found:
        return 0, end
    if found[1]:
        year, stop = int(_digits(found[1]) or 0), found.end()
    else:
        year, stop = numeral(t, *found.span(2))
    return (year, stop) if _is_dated(year) and not _UNIT.match(t, stop) else (0, end)


def _month(written: str) -> int:
    return next(number for name, number in MONTHS.items() if name.startswith(written.rstrip(".")))


def _date(year: int, month: int, day: int, start: int, end: int) -> Value | None:
    """Return a day, a month or a year; a year 0 is not said. Nothing for a 30 February."""
    try:
        first = date(year or 2000, month or 1, day or 1)
    except ValueError:
        return None
    last = first if day else date(first.year, month or 12, _last_day(first.year, month or 12))
    low, high = (one.year * _A_YEAR + one.month * 100 + one.day for one in (first, last))
    if not year:
        low, high = low % _A_YEAR, high % _A_YEAR
    return Value(kind=Kind.DATE, unit=DATE, low=low, high=high, start=start, end=end)


def _years(t: str, start: int) -> Value | None:
    """Read a year, two, or a school year, which is two that follow each other."""
    found = _YEARS.match(t, start)
    if not found or not _is_year(int(found[1])) or _is_named(t, start) or _is_glued(t, start):
        return None
    one = _date(int(found[1]), 0, 0, *found.span(1))
    if not found[2]:
        return None if _is_quotient(t, start) else one
    other = _date(int(found[2]), 0, 0, *found.span(2))
    if not one or not other or one.high >= other.low or not _is_year(int(found[2])):
        return None
    low, high = one.low, other.high
    if int(found[2]) == int(found[1]) + 1:
        low, high = low + 800, high - 400
    return replace(one, low=low, high=high, end=found.end(), parts=(one, other))


def _bare(t: str, start: int, end: int, number: float) -> Value:
    if _is_quotient(t, start):
        return _value(Kind.QUOTIENT, "€", number, start, end)
    after = t[end : end + 2]
    is_code = (
        (t[start] == "0" and end > start + 1 and number == int(number))
        or after[:1].isalpha()
        or (after[:1] in "-/." and after[1:].isdigit())
        or _is_glued(t, start)
        or _is_named(t, start)
    )
    return _value(*((Kind.CODE, CODE) if is_code else (Kind.COUNT, "")), number, start, end)


def _is_glued(t: str, start: int) -> bool:
    return start > 1 and t[start - 1] in "-./'" and t[start - 2].isalnum()


def _is_named(t: str, start: int) -> bool:
    return bool(_NAMED.search(t, max(0, start - _REACH), start))


def _is_quotient(t: str, start: int) -> bool:
    head = t[max(0, start - _REACH) : start]
    return any(w in head for w in ("qf", "quotient", "indice")) and bool(
        _OF_A_QUOTIENT.search(head)
    )


# ── values together


def _dated(t: str, atoms: Sequence[Value]) -> list[Value]:
    """Give days and months what the date after them says: « les 3 et 5 mai 2025 »."""
    found = [*atoms]
    for i in range(len(found) - 2, -1, -1):
        one, other = found[i], found[_next(found, i)]
        if other.unit == DATE and _ALSO.fullmatch(t, one.end, other.start):
            found[i] = _as_dated(t, one, other)
    return found


def _next(found: Sequence[Value], i: int) -> int:
    """Return where what follows stands, behind a date's day of the week: « au vendredi 7 mars »."""
    is_of_date = found[i + 1].kind is Kind.WEEKDAY is not found[i].kind
    return i + 2 if is_of_date and i + 2 < len(found) else i + 1


def _as_dated(t: str, one: Value, other: Value) -> Value:
    is_day = one.low == int(one.low) and one.low < other.low % 100 and other.low == other.high
    if is_day and one.low and (one.unit == "" or t.startswith("er", one.end)):
        day = int(other.low // 100 * 100 + one.low)
        return Value(kind=Kind.DATE, unit=DATE, low=day, high=day, start=one.start, end=one.end)
    if one.unit == DATE and not one.has_year and other.has_year:
        year = int(other.low) // _A_YEAR - (one.low > other.high % _A_YEAR)
        low, high = (year * _A_YEAR + end for end in (one.low, one.high))
        if high % 100 == 29 and high // 100 % 100 == 2:
            high = high // 100 * 100 + _last_day(year, 2)
        return replace(one, low=low, high=max(low, high))
    return one


def _last_day(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _joined(t: str, text: str, atoms: Sequence[Value]) -> Iterator[Value]:
    """Yield ranges, and values alone."""
    i = 0
    while i < len(atoms):
        last = _next(atoms, i) if i + 1 < len(atoms) else i
        joined = _range(t, atoms[i : last + 1]) if last > i else None
        yield joined or _bounded(t, text, atoms[i])
        i = last + 1 if joined else i + 1


def _range(t: str, atoms: Sequence[Value]) -> Value | None:
    one, *within, other = atoms
    if other.unit == DATE and _THAT_YEAR.fullmatch(t, one.end, other.start):
        return _of_that_year(one, other)
    to = _TO.fullmatch(t, one.end, other.start)
    if not to or one.parts or other.parts:
        return None
    before = max(0, one.start - _REACH)
    if to["and"] and not _BETWEEN.search(t, before, one.start):
        return None
    if to["slash"] and other.unit != CLOCK:
        return None
    is_announced = bool(_FROM.search(t, before, one.start))
    ends = _alike(one, other, is_announced=is_announced, is_dash=to[0].strip() == "-")
    if not ends:
        return None
    low, high = ends
    cycles = low.unit in _CYCLES or (low.unit == DATE and not low.has_year)
    if low.low > high.high and not cycles:
        return None
    return replace(high, low=low.low, start=low.start, parts=(low, *within, high))


def _of_that_year(year: Value, day: Value) -> Value | None:
    """Return the day that an act's end tells: « l'an deux mille vingt-quatre, le douze juin »."""
    if not year.is_year or day.has_year:
        return None
    low, high = (year.low // _A_YEAR * _A_YEAR + end for end in (day.low, day.high))
    return replace(day, low=low, high=high, start=year.start, in_words=year.in_words)


def _alike(
    one: Value, other: Value, *, is_announced: bool, is_dash: bool
) -> tuple[Value, Value] | None:
    """Return the ends of a range in one unit: each may leave it to the other to say it."""
    if one.unit == other.unit == CODE:  # « 401-650 », but not « 2024-17 » nor « 06-12 »
        is_scale = (
            is_dash and one.low < other.low and one.end - one.start == other.end - other.start
        )
        return (_counted(one), _counted(other)) if is_scale else None
    if one.kind is Kind.QUOTIENT and other.unit in ("", CODE, "€"):
        return one, replace(other, unit="€", kind=Kind.QUOTIENT)
    if one.unit == other.unit:
        return (one, other) if one.has_year == other.has_year else None
    if {one.unit, other.unit} == {MINUTE, MONTH}:  # « de 10 semaines à 3 ans »
        return _in_months(one), _in_months(other)
    are_hours = all(end.unit == CLOCK or end.scale == _AN_HOUR for end in (one, other))
    if {one.unit, other.unit} == {MINUTE, CLOCK} and are_hours:  # « de 24 à 48 h »
        kind, unit = Kind.DURATION, MINUTE
        if max(one.low, other.low) <= 24 * _AN_HOUR:
            kind, unit = Kind.HOUR, CLOCK
        return replace(one, unit=unit, kind=kind), replace(other, unit=unit, kind=kind)
    is_bare = one.unit == "" or (one.unit == CODE and is_dash)
    if is_bare and other.unit not in (DATE, "weekday", CODE):
        if other.unit == CLOCK and (one.low > 24 or not (is_announced or is_dash)):
            return None
        return _typed_as(one, other), other
    if other.unit == "" and is_announced and one.unit not in (DATE, "weekday", CODE):
        is_hour = one.unit != CLOCK or (other.low <= 24 and one.scale > 1)  # not « midi et deux »
        return (one, _typed_as(other, one)) if is_hour else None
    return None


def _typed_as(bare: Value, typed: Value) -> Value:
    number = _whole(bare.low * typed.scale)
    return replace(typed, low=number, high=number, start=bare.start, end=bare.end)


def _counted(code: Value) -> Value:
    return replace(code, kind=Kind.COUNT, unit="")


def _in_months(value: Value) -> Value:
    if value.unit == MONTH:
        return value
    months = value.low / _MINUTES_A_MONTH
    return replace(value, unit=MONTH, low=months, high=months, scale=value.scale / _MINUTES_A_MONTH)


_AN_HOUR = 60
_A_WEEK = 7 * 24 * 60
_MINUTES_A_MONTH = 365.25 * 24 * 60 / 12


def _bounded(t: str, text: str, value: Value) -> Value:
    """Return « moins de 12 ans », « 12 ans et plus » as what they leave open."""
    if value.parts or value.unit in (CODE, "weekday"):
        return value
    before = _BEFORE.search(t, max(0, value.start - _REACH), value.start)
    if before and not _may_bound(before[0], text[before.start() + 1], value):
        before = None
    after = None if before else _AFTER.match(t, value.end)
    found = before or after
    side = found.lastgroup if found else ""
    start = before.start() if before else value.start
    end = after.end() if after else value.end
    infinite = {"to": (-_INFINITE, value.high), "under": (-_INFINITE, value.low),
                "from": (value.low, _INFINITE), "over": (value.high, _INFINITE)}  # fmt: skip
    if not side:
        return value
    low, high = infinite[side]
    return replace(
        value, low=low, high=high, open_low=side == "over", open_high=side == "under",
        start=start, end=end, parts=(value,),
    )  # fmt: skip


def _may_bound(said: str, second: str, value: Value) -> bool:
    """Not « des 12 enfants », whose accent is another, nor « après deux mois », which is a time."""
    if said.startswith("des"):
        return second in "èÈ"
    return value.unit in (DATE, CLOCK) or not said.startswith(_OF_TIMES)


_OF_TIMES = ("avant", "apres", "depuis", "before", "after", "since", "until", "from")


def _called(t: str, text: str, value: Value) -> Value:
    """Return years and months as an age where they are one: « moins de 12 ans », « a 8 ans »."""
    scale = value.written[-1].scale
    if value.unit != MONTH and (value.unit, scale) != (MINUTE, _A_WEEK):
        return value
    is_first = t.startswith(("des", "a partir"), value.start)  # « dès 10 semaines »
    before = max(0, value.start - _REACH)
    aged = _AGED.search(t, before, value.start)
    if aged and aged["has"] and text[aged.start("has")] in "àÀ":
        aged = None  # « porté à 3 ans »
    is_aged = aged or (
        value.is_range and (scale == 12 or is_first) and not _LASTS.search(t, before, value.start)
    )
    if not is_aged or _LASTED.match(t, value.end):
        return value
    return replace(
        value, kind=Kind.AGE, parts=tuple(replace(part, kind=Kind.AGE) for part in value.parts)
    )


def _moved(value: Value, original: Callable[[int, int], tuple[int, int]]) -> Value:
    """Return a value where it stands in the text as it was given."""
    start, end = original(value.start, value.end)
    parts = tuple(_moved(part, original) for part in value.parts)
    return replace(value, start=start, end=end, parts=parts)
