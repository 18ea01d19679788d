# SPDX-License-Identifier: EUPL-1.2
"""French values are read as they are written: in digits, in words, by a scanner; and compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrails.values import MONTH_NAMES, WEEKDAYS, Kind, Value, numeral, values
from tests.examples import tries
from tests.table import each

INF = float("inf")


def the_value(text: str) -> Value:
    (value,) = values(text)
    return value


def test_a_short_weekday_before_a_day_is_one_and_articles_of_a_list_are_no_numbers() -> None:
    weekday, day = values("sam. 9 novembre")
    assert (weekday.kind, weekday.low, day.low) == (Kind.WEEKDAY, 5, 1109)
    assert the_value("au bout de la rue du Mar. Un quai, 12 €").kind is Kind.AMOUNT
    assert {one.kind for one in values("les articles 1, 4 et 8 ne s'appliquent pas")} == {Kind.CODE}


@each(
    "text, said, kind, low, high",
    [
        ("le repas à 12 € 50 par enfant", "12 € 50", Kind.AMOUNT, 12.5, 12.5),
        ("trois millions d'euros", "trois millions d'euros", Kind.AMOUNT, 3_000_000, 3_000_000),
        ("3,5 millions d’euros", "3,5 millions d’euros", Kind.AMOUNT, 3_500_000, 3_500_000),
        ("50 centimes", "50 centimes", Kind.AMOUNT, 0.5, 0.5),
        ("1\u202f450\u00a0000,00 EUR", "1\u202f450\u00a0000,00 EUR", Kind.AMOUNT, 1450000, 1450000),
        ("plus de 12 500 €", "plus de 12 500 €", Kind.AMOUNT, 12_500, INF),
        ("cinq pour cent", "cinq pour cent", Kind.PERCENT, 5, 5),
        ("à dix-huit heures", "dix-huit heures", Kind.HOUR, 1080, 1080),
        ("de neuf heures à midi", "neuf heures à midi", Kind.HOUR, 540, 720),
        ("de 36 à 48 h 30", "36 à 48 h 30", Kind.DURATION, 2160, 2910),
        ("un essai de trois heures", "trois heures", Kind.DURATION, 180, 180),
        ("portée à dix-huit mois", "dix-huit mois", Kind.DURATION, 18, 18),
        ("dès 10 semaines", "dès 10 semaines", Kind.AGE, 100_800, INF),
        ("neuf heures moins le quart", "neuf heures moins le quart", Kind.HOUR, 525, 525),
        ("de 22 h à 6 h", "22 h à 6 h", Kind.HOUR, 1320, 360),
        ("de 9 à 12 h", "9 à 12 h", Kind.HOUR, 540, 720),
        ("jusqu'à minuit", "jusqu'à minuit", Kind.HOUR, -INF, 1440),
        ("pendant 2 heures", "2 heures", Kind.DURATION, 120, 120),
        ("35 heures par semaine", "35 heures", Kind.DURATION, 2100, 2100),
        ("de 24 à 48 heures", "24 à 48 heures", Kind.DURATION, 1440, 2880),
        ("un an et demi", "un an et demi", Kind.DURATION, 18, 18),
        ("une demi-heure", "une demi-heure", Kind.DURATION, 30, 30),
        ("15 jours ouvrés", "15 jours ouvrés", Kind.DURATION, 15, 15),
        ("dès 6 ans", "dès 6 ans", Kind.AGE, 72, INF),
        ("mon fils a 8 ans", "8 ans", Kind.AGE, 96, 96),
        ("tous les 3 ans", "3 ans", Kind.DURATION, 36, 36),
        ("QF 2000", "2000", Kind.QUOTIENT, 2000, 2000),
        ("quotient : 0–400", "0–400", Kind.QUOTIENT, 0, 400),
        ("quotient familial : 701 à 950 €", "701 à 950 €", Kind.QUOTIENT, 701, 950),
        ("12/06", "12/06", Kind.DATE, 612, 612),
        ("février 2024", "février 2024", Kind.DATE, 20240201, 20240229),
        ("mardi", "mardi", Kind.WEEKDAY, 1, 1),
        ("trois repas", "trois repas", Kind.COUNT, 3, 3),
        ("un mur de 1 m 20 au plus", "1 m 20 au plus", Kind.MEASURE, -INF, 1.2),
        ("quatre-vingt-dix-sept élèves", "quatre-vingt-dix-sept élèves", Kind.COUNT, 97, 97),
        ("Tranche B : 401-650", "401-650", Kind.COUNT, 401, 650),
        ("04 65 71 30 30", "04 65 71 30 30", Kind.CODE, 465713030, 465713030),
    ],
)  # fmt: skip
def test_a_value_is_read_where_it_stands(
    text: str, said: str, kind: Kind, low: float, high: float
) -> None:
    value = the_value(text)

    assert (text[value.start : value.end], value.kind) == (said, kind)
    assert (value.low, value.high) == (low, high)


@each(
    "scanned, clean",
    [
        ("1O,5O €", "10,50 €"),
        ("12 , 50 €", "12,50 €"),
        ("1 2 0 €", "120 €"),
        ("l2/O3/2O25", "12/03/2025"),
        ("1 2/0 3/2 0 2 5", "12/03/2025"),
        ("1 2 mars 2 0 2 5", "12 mars 2025"),
        ("l5 h 3O", "15 h 30"),
        ("1\u2009200 €", "1 200 €"),
        ("9\u200bh 30", "9 h 30"),
    ],
)
def test_a_scanner_s_letters_and_spaces_are_read_as_digits(scanned: str, clean: str) -> None:
    value = the_value(scanned)

    assert value == the_value(clean)
    assert (value.start, value.end) == (0, len(scanned))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("délibération n° 2024-17", [2024, 17]),
        ("L. 2121-29", [2121, 29]),
        ("article 3, la 3e classe", [3, 3]),
        ("[PERSONNE_1] et « l2 »", [2]),
    ],
)
def test_digits_that_count_nothing_are_no_amount_and_no_year(text: str, codes: list[int]) -> None:
    found = values(text)

    assert {value.kind for value in found} == {Kind.CODE}
    assert [value.low for value in found] == codes


@each(
    "text, days",
    [
        ("du 3 au 12 juin 2024", [("2024-06-03", "2024-06-12")]),
        (
            "les 3, 5 et 12 juin 2024",
            [("2024-06-03",) * 2, ("2024-06-05",) * 2, ("2024-06-12",) * 2],
        ),
        ("du 1er au 3 mars 2025", [("2025-03-01", "2025-03-03")]),
        ("entre mars et juin 2024", [("2024-03-01", "2024-06-30")]),
        ("du 20 décembre au 3 janvier 2025", [("2024-12-20", "2025-01-03")]),
        ("depuis mars 2024", [("2024-03-01", "")]),
        ("avant 2024", [("", "2024-01-01")]),
        ("l'an deux mille vingt-quatre, le douze juin", [("2024-06-12",) * 2]),
        ("le douze juin deux mille vingt-quatre", [("2024-06-12",) * 2]),
        ("04/03/25", [("2025-03-04",) * 2]),
    ],
)
def test_dates_take_from_the_next_one_what_they_leave_out(
    text: str, days: list[tuple[str, str]]
) -> None:
    assert [value.days for value in values(text) if value.has_year] == days


def test_what_lasts_and_a_time_of_day_are_no_range() -> None:
    kinds = [value.kind for value in values("toutes les 20 minutes jusqu'à 1 h")]

    assert kinds == [Kind.DURATION, Kind.HOUR]


def test_a_day_that_no_calendar_has_is_no_day() -> None:
    found = values("le 30 février 2024, le 31/02/2024, le 32/01/2024")

    assert all(value.low != value.high for value in found if value.has_year)


@each(
    "one, other",
    [
        ("12,50 €", "douze euros cinquante"),
        ("1,2 M€", "1 200 000 euros"),
        ("4 mars 2025", "le 04/03/2025"),
        ("quinze jours", "15 jours"),
        ("2 ans", "vingt-quatre mois"),
        ("de 9h à 12h30", "9 heures – 12 h 30"),
        ("moins de 12 ans", "- de 12 ans"),
        ("du lundi au vendredi", "lundi-vendredi"),
    ],
)
def test_values_written_otherwise_are_equal(one: str, other: str) -> None:
    assert the_value(one) == the_value(other)


@each(
    "one, other",
    [
        ("12 €", "12 %"),
        ("12 €", "12,10 €"),
        ("4 mars 2025", "4 mars"),
        ("15 jours", "15 jours ouvrés"),
        ("moins de 12 ans", "jusqu'à 12 ans"),
        ("9 h", "9 heures par semaine"),
    ],
)
def test_values_that_say_something_else_are_not_equal(one: str, other: str) -> None:
    assert the_value(one) != the_value(other)


@each(
    "inner, outer, lies",
    [
        ("10 h 15", "de 9 h à 12 h 30", True),
        ("12 h 45", "de 9 h à 12 h 30", False),
        ("23 h", "de 22 h à 6 h", True),
        ("midi", "de 22 h à 6 h", False),
        ("jeudi", "du lundi au vendredi", True),
        ("samedi", "du lundi au vendredi", False),
        ("le 14 novembre 2026", "du lundi au vendredi", False),
        ("le 13 novembre 2026", "du lundi au vendredi", True),
        ("mon fils a 11 ans", "de 3 à 11 ans", True),
        ("ma fille a 2 ans", "de 3 à 11 ans", False),
        ("mon fils a 12 ans", "moins de 12 ans", False),
        ("mon fils a 12 ans", "jusqu'à 12 ans", True),
        ("âgé de 18 mois", "de 10 semaines à 3 ans", True),
        ("QF 850", "quotient familial : 701 à 950 €", True),
        ("QF 950,50", "quotient familial : 701 à 950 €", False),
        ("850", "de 500 à 900 €", True),
        ("850 €", "de 500 à 900 m²", False),
        ("le 12 juin 2025", "juin 2025", True),
        ("le 12 juin", "du 1er avril au 30 septembre 2025", True),
        ("le 12 janvier 2026", "du 1er novembre au 31 mars", True),
        ("le 12 juin 2026", "du 1er novembre au 31 mars", False),
        ("15 janvier 2025", "2024-2025", True),
        ("15 juillet 2024", "depuis mars 2024", True),
        ("le 12 juin 2024", "avant le 12 juin 2024", False),
    ],
)
def test_a_value_lies_within_a_range_or_not(inner: str, outer: str, lies: bool) -> None:
    assert (the_value(inner) in the_value(outer)) is lies


# ── what is written out is read back

UP_TO_16 = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize",
)  # fmt: skip
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def in_words(number: int) -> str:
    """Write a number from 1 to 999 999 as French does."""
    if number < 17:
        return UP_TO_16[number]
    if number < 20:
        return f"dix-{UP_TO_16[number - 10]}"
    if number < 70:
        ten, one = number // 10 * 10, number % 10
        return TENS[ten] + (f"{' et ' if one == 1 else '-'}{UP_TO_16[one]}" if one else "")
    if number < 80:
        return f"soixante{' et ' if number == 71 else '-'}{in_words(number - 60)}"
    if number < 100:
        return "quatre-vingt" + (f"-{in_words(number - 80)}" if number > 80 else "s")
    of, unit, word = (
        (number // 100, 100, "cent") if number < 1_000 else (number // 1_000, 1_000, "mille")
    )
    head = f"{in_words(of)} {word}" if of > 1 else word
    return f"{head} {in_words(number % unit)}" if number % unit else head


def spaced(number: int, space: str) -> str:
    return f"{number:,}".replace(",", space)


def scanned(digits: str) -> str:
    """Write digits as a scanner misreads them: the first 1 after another digit, and each 0."""
    return digits[0] + digits[1:].replace("0", "O")


numbers = st.integers(1, 999_999)
Written = Callable[[int], str]
figures: tuple[Written, ...] = (
    str,
    in_words,
    lambda number: spaced(number, " "),
    lambda number: spaced(number, "\u202f"),
    lambda number: spaced(number, "\u2009"),
    lambda number: scanned(str(number)),
)
units = {
    Kind.AMOUNT: ("€", "euros", "EUR", "Euros"),
    Kind.PERCENT: ("%", "pour cent"),
    Kind.MEASURE: ("m²", "mètres carrés"),
}


@tries(200)
@given(
    number=numbers,
    figure=st.sampled_from(figures),
    typed=st.sampled_from([(kind, unit) for kind, some in units.items() for unit in some]),
    space=st.sampled_from(" \u00a0\u202f\n"),
)
def test_a_number_with_its_unit_is_read_back(
    number: int, figure: Written, typed: tuple[Kind, str], space: str
) -> None:
    kind, unit = typed
    written = f"{figure(number)}{space}{unit}"
    before = "Il faut : "

    value = the_value(f"{before}{written}.")

    assert (value.kind, value.low, value.high) == (kind, number, number)
    assert (value.start, value.end) == (len(before), len(before) + len(written))


@tries(100)
@given(
    euros=st.integers(1, 9_999),
    cents=st.integers(1, 99),
    form=st.sampled_from(["{e},{c} €", "{e},{c} euros", "{e} € {c}", "{e}€{c}", "{e} euros {c}"]),
)
def test_euros_and_cents_are_read_back(euros: int, cents: int, form: str) -> None:
    written = form.format(e=euros, c=f"{cents:02}")
    if " " not in form or form.endswith("{c}"):
        cents = max(cents, 10)
        written = form.format(e=euros, c=cents)

    assert the_value(written).low == round(euros + cents / 100, 2)


@tries(150)
@given(
    day=st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    form=st.sampled_from(
        [
            lambda d: f"{'1er' if d.day == 1 else d.day} {MONTH_NAMES[d.month - 1]} {d.year}",
            lambda d: (
                f"{WEEKDAYS[d.weekday()]} {d.day} {MONTH_NAMES[d.month - 1].upper()} {d.year}"
            ),
            lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
            lambda d: f"{d.day}.{d.month}.{d.year}",
            lambda d: d.isoformat(),
            lambda d: scanned(f"{d.day:02}/{d.month:02}/{d.year}"),
            lambda d: (
                f"{'premier' if d.day == 1 else in_words(d.day)} "
                f"{MONTH_NAMES[d.month - 1]} {in_words(d.year)}"
            ),
            lambda d: (
                " ".join(f"{d.day:02}") + f" {MONTH_NAMES[d.month - 1]} " + " ".join(str(d.year))
            ),
        ]
    ),
)
def test_a_day_is_read_back(day: date, form: Callable[[date], str]) -> None:
    written = form(day)
    value = values(written)[-1]

    assert value.days == (day.isoformat(), day.isoformat()), written
    assert value.end == len(written)


@tries(150)
@given(
    hour=st.integers(0, 23),
    minutes=st.integers(0, 59),
    form=st.sampled_from(["{h}h{m}", "{h} h {m}", "{h} heures {m}", "{h}:{m}", "{h}H{m}"]),
)
def test_an_hour_is_read_back(hour: int, minutes: int, form: str) -> None:
    value = the_value(form.format(h=hour, m=f"{minutes:02}"))

    assert (value.kind, value.low) == (Kind.HOUR, hour * 60 + minutes)


@tries(100)
@given(
    ends=st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda ends: ends[0] < ends[1]),
    form=st.sampled_from(
        ["de {a} h à {b} h", "{a}h-{b}h", "{a} h – {b} h", "entre {a} h et {b} h"]
    ),
)
def test_opening_hours_are_read_back(ends: tuple[int, int], form: str) -> None:
    first, last = ends
    value = the_value(form.format(a=first, b=last))

    assert (value.kind, value.low, value.high) == (Kind.HOUR, first * 60, last * 60)
    assert all(part in value for part in value.parts)


@tries(100)
@given(
    ends=st.tuples(st.integers(0, 99), st.integers(0, 99)).filter(lambda ends: ends[0] < ends[1]),
    form=st.sampled_from(
        ["de {a} à {b} ans", "entre {a} et {b} ans", "{a}-{b} ans", "de {a} ans à {b} ans"]
    ),
)
def test_an_age_band_is_read_back(ends: tuple[int, int], form: str) -> None:
    first, last = ends
    value = the_value(form.format(a=first, b=last))

    assert (value.kind, value.low, value.high) == (Kind.AGE, 12 * first, 12 * last)


@tries(200)
@given(number=numbers)
def test_a_number_in_words_is_read_back(number: int) -> None:
    words = in_words(number)
    assert numeral(words, 0, len(words)) == (number, len(words))


@tries(200)
@given(st.text(alphabet="0123456789 oOlI.,/-–€%hàdeàau\u202f\nunmarsdelundi'²œİ\u200b"))
def test_nothing_written_breaks_it_and_values_stand_in_order(text: str) -> None:
    at = 0
    for value in values(text):
        assert at <= value.start < value.end <= len(text)
        assert value in value or value.open_low or value.open_high or value.low > value.high
        at = value.end


@each(
    "text",
    [
        "9" * 5_000,
        "1 234 " * 900,
        "x" + "7" * 5_000,
        "un " * 5_000,
        "1" * 5_000 + ",5 €",
        "o1" * 3_000,
    ],
    ids=["digits", "groups", "inside", "words", "amount", "letters"],
)
def test_a_line_of_noise_is_read_to_its_end(text: str) -> None:
    assert all(value.end <= len(text) for value in values(text))
