# SPDX-License-Identifier: EUPL-1.2
"""Rows of a table, as readers write them: « Nature : carte adulte ; Tarif : 10,00 € ».

row, question ──▶ what it is about, what the question names of it, which others are named alike
line above it ──▶ whether it tells when, where or for whom the rows hold
"""

from __future__ import annotations

import re

from corpus.french import WORD, fold, stem, terms, words
from guardrails.values import MONTHS, WEEKDAYS, Kind, values

SIGN = r"[-–—•*·▪■●○◦‣]\s"
"""What marks an item of a list."""

_LETTERED = re.compile(r"(\w{3,})(?: :)? ([A-Z]|[b-xz])\b(?!['’-])")
"""« Tranche : C », « tranche c », « salle B »: alone, most letters are words that say nothing."""

_SEASONS = frozenset({"ete"})
_LABEL = re.compile(r"(?:^|;)\s*([^;:]+) :")
_DAYS = "|".join(WEEKDAYS)
_SEASON = re.compile(
    r"\b(?:hiver|printemps|automne|saisons?|vacances|periodes?|feries?|estiva\w+|hiverna\w+"
    r"|week-?ends?)\b"
    r"|(?<!\ba )(?<!\bont )(?<!\bavait )(?<!\bayant )\bete\b"  # not « a été fixé »
)
_TELLS_A_DAY = re.compile(
    rf"(?:{SIGN})?(?:(?:du|les?|tous les) )?"
    rf"(?P<day>(?:{_DAYS})s?(?: (?:matin|midi|apres-midi|soir))?)\b"
    rf"(?! (?:\d{{1,2}}|1er) (?:{'|'.join(MONTHS)}|et|au)\b| \d{{1,2}}/| de (?!\d)| pascal)"
    r"(?:[^:\d]{0,30}:|.*(?:\d|\bfermee?s?\b))"
)
"""An entry of a week, not of an agenda (« dimanche 12 mai : élections »)."""

_DAY_WORDS = re.compile(rf"\b(?:{_DAYS}|matin|apres-midi|soir)(?=s?\b)")
_WHERE_OR_WHOM = re.compile(
    r"\b(?:salles?|ecoles?|gymnases?|stades?|piscines?|sites?|quartiers?|secteurs?|zones?|bourgs?"
    r"|hameaux?|batiments?|rues?|hors[- ]commune|habitants?|residents?|exterieurs?|enfants?|ans"
    r"|eleves?|etudiants?|jeunes|adultes?|seniors?|familles?|associations?|particuliers?"
    r"|professionnels?|entreprises?|agents?|abonnes?)\b"
)


def is_row(sentence: str) -> bool:
    """Whether a line is a row of a table, each cell under its heading, as readers write them.

    >>> is_row("Nature : carte adulte ; Tarif : 10,00 €"), is_row("La carte coûte 10 €.")
    (True, False)
    """
    return " ; " in sentence and " : " in sentence


def day_told(line: str) -> str:
    """Return the day, or the half of one, that a line of a week is about; nothing for others.

    >>> [day_told(line) for line in ("Lundi : 9 h – 12 h", "- samedi matin, fermé", "Lundi 3 mai")]
    ['lundi', 'samedi matin', '']
    >>> day_told("Lundi : 9 h ; 14 h"), day_told("Lundi : 9 h ; Mardi : fermé")  # a row
    ('lundi', '')
    """
    told = _TELLS_A_DAY.match(fold(line))
    is_row_of_days = any(_DAY_WORDS.search(fold(label)) for label in labels(line)[1:])
    return told["day"] if told and not is_row_of_days else ""


def is_entry(line: str) -> bool:
    """Whether a line is one of several by its form: a row, a day of a week, an item.

    >>> [is_entry(line) for line in ("Lundi : 9 h – 12 h", "- les pneus", "Le prix est de 3 €.")]
    [True, True, False]
    """
    return is_row(line) or bool(day_told(line)) or bool(re.match(SIGN, line))


def labels(row: str) -> list[str]:
    """Return the headings over the cells of a row: rows with the same ones are of one table.

    >>> labels("Nature : carte adulte ; Tarif : 10,00 €")
    ['Nature', 'Tarif']
    """
    return _LABEL.findall(row)


def tells_when(line: str) -> bool:
    """Whether a line names a season, a period or a day.

    >>> tells_when("Du 1er avril au 31 octobre"), tells_when("Le tarif a été fixé à 3 €.")
    (True, False)
    """
    return bool(_SEASON.search(fold(line))) or any(
        one.kind is Kind.WEEKDAY or (one.kind is Kind.DATE and not one.is_year)
        for value in values(line)
        for one in value.written
    )


def sets_apart(line: str, row: str) -> bool:
    """Whether a line over a row tells when, where or for whom it holds, as the row does not.

    >>> row = "Jour : Lundi ; Salle : A ; Prix : 10 €"
    >>> [sets_apart(line, row) for line in ("En été", "Habitants", "Prix des salles", "Tarifs")]
    [True, True, False, False]
    """
    told = {stem(word) for word in _WHERE_OR_WHOM.findall(fold(line))}
    return tells_when(line) or not told <= _words(row)


def subject(row: str) -> str:
    """Return what a row is about, its first cell.

    >>> subject("Service : Urbanisme ; Téléphone : 03 53 01 20 30")
    'Urbanisme'
    """
    return row.split(" ; ")[0].partition(" : ")[2].strip()


def is_about(row: str, asked: set[str]) -> float:
    """Return the share (0 to 1) of a row's first cell that the stems of a question name.

    >>> is_about("Service : Urbanisme ; Téléphone : 03 53 01 20 30", set(terms("l'urbanisme ?")))
    1.0
    """
    own = set(terms(subject(row))) if is_row(row) else set()
    return len(own & asked) / len(own) if own else 0.0


def named_alike(row: str, other: str, question: str) -> bool:
    """Whether nothing in a question tells two rows of a table apart: it names the same of both.

    >>> adult, child = "Carte : adulte ; Prix : 10 €", "Carte : enfant ; Prix : 4 €"
    >>> named_alike(adult, child, "Combien coûte une carte ?")
    True
    >>> named_alike(adult, child, "Combien coûte une carte d'enfant ?")
    False
    >>> named_alike("Lundi : 9 h – 12 h", "Mardi : 14 h – 17 h", "Quand ouvre la mairie ?")
    True
    >>> a, c = "Tranche : A ; Prix : 1 €", "Tranche : C ; Prix : 2 €"
    >>> [named_alike(a, c, f"Et en tranche {letter} ?") for letter in "Cca"]
    [False, False, True]
    """
    if day_told(row) and day_told(other):
        asked = set(_DAY_WORDS.findall(fold(question)))
        days, others = (set(_DAY_WORDS.findall(fold(line))) & asked for line in (row, other))
        return days == others
    if not is_row(row) or not is_row(other) or labels(row) != labels(other):
        return False
    return says_alike(row, other, question)


def says_alike(line: str, other: str, question: str) -> bool:
    """Whether a question names the same of two lines."""
    asked = _words(question)
    return _words(line) & asked == _words(other) & asked


def _words(text: str) -> set[str]:
    """What tells rows apart: stems, a season (« été » says nothing elsewhere), a letter and what it
    is one of."""
    said = set(WORD.findall(fold(text)))
    return {stem(word) for word in words(text)} | (said & _SEASONS) | lettered(text)


def lettered(text: str) -> set[str]:
    """Return what is told from its like by a letter.

    >>> sorted(lettered("Tranche : C ; Salle : B")), lettered("tranche c, c'est combien")
    (['sall b', 'tranch c'], {'tranch c'})
    """
    return {fold(f"{stem(fold(word))} {letter}") for word, letter in _LETTERED.findall(text)}
