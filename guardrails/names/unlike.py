# SPDX-License-Identifier: EUPL-1.2
"""What stands where a name may and is none: a scanner's noise, a firm that won a contract.

« Azote KJeldhal », « ..r.e.FPzur », « Lot 2 : Charpente : LELU pour un montant de 89 671 € »,
« Cavurne, 30 ans ; Tarif : 572 € », « tranches A, B et C. Un gilet », « xyzzy »
"""

from __future__ import annotations

import re

from guardrails.names.word import Shape
from guardrails.names.words import Words
from guardrails.placeholders import fold

_HUMP = re.compile(r"[A-ZÀ-Þ][^A-ZÀ-Þ]*")
_NAME_STARTS = frozenset(["Mac", "Mc", "Le", "La", "De", "Du", "Di", "Da", "Al", "El", "Ti", "O"])
_SHORTEST_PART = 3
_WON_AFTER = re.compile(r"\s{1,3}pour\s(?:un|le)\s(?:montant|prix)\b")
_WON_BEFORE = re.compile(
    r"(?:\blots?\s(?:n°\s?)?\d{1,2}\b[^.\n]{0,60}:\s{0,2}"
    r"|\bmarchés?\s(?:[^.\n]{0,80}\s)?(?:avec|à)\s)\Z",
    re.IGNORECASE,
)
_BEFORE_CHARS = 100
_CELL = re.compile(r"\|[^\S\n]*\Z")
_BULLET = re.compile(r"(?:^|\n)[^\S\n]*[-–—•*][^\S\n]\Z")
_GOES_ON = re.compile(r"(?:,\s?|\s)?[a-zà-ÿ]|\s\([\da-zà-ÿ]|\s[A-Z]\s?\|")
_OPENERS = frozenset(("cela", "ceci", "soyez", "ayez", "gauche", "droite"))
_OPENS = re.compile(r"(?:\A|[.!?:;»…\n])\s*\Z")
"""`Prévenez-nous. Cela évite …`: somebody's name elsewhere, here a word that opens a sentence."""

_THANKS_TO = re.compile(r"\s(?:à|aux?)(?!\w)")
_SURE = 0.8
_LASTS = re.compile(r",[^\S\n]\d{1,3}\s(?:ans|mois)\b")
_PRICE = re.compile(r"(?<!\w)(?:tarif|prix|redevance|cout|taxe)s?(?!\w)")
_LABEL = re.compile(r"(?:^|[;|\n])[^\S\n]*(?P<label>[^;:|\n]{1,40}?)[^\S\n]*:[^\S\n]*\Z")
_THING_LABELS = frozenset(
    (
        *("nature", "type", "designation", "objet", "prestation", "prestations", "categorie"),
        *("libelle", "intitule", "formule", "article", "service", "emplacement", "sepulture"),
        *("concession", "concessions", "case", "equipement", "materiel"),
    )
)
_DETERMINERS = frozenset(
    (
        *("un", "une", "le", "la", "les", "des", "du", "ce", "cet", "cette", "ces", "chaque"),
        *("il", "elle", "ils", "elles", "on", "nous", "vous", "son", "sa", "ses", "leur", "leurs"),
        *("notre", "nos", "votre", "vos", "tout", "toute", "tous", "toutes", "aucun", "aucune"),
    )
)


def is_noise(words: Words, first: int, last: int) -> bool:
    """Tell whether a lone word of no list has humps too short for a name: `LqÊ`, `EnR`."""
    word = words[first]
    if (
        first != last
        or word.surname
        or word.magnitude >= 1
        or word.text.isupper()
        or "-" in word.text
    ):
        return False
    humps = _HUMP.findall(word.text)
    return len(humps) > 1 and any(
        len(hump) < _SHORTEST_PART and hump not in _NAME_STARTS for hump in humps
    )


def is_lone_unknown(words: Words, first: int, last: int) -> bool:
    """Tell whether one word typed small is all there is, and no list has it as a name: `xyzzy`."""
    word = words[first]
    return (
        len(words) == 1
        and first == last
        and word.shape is Shape.LOWER
        and not word.surname
        and word.magnitude < 0
    )


def is_bidder(words: Words, first: int, last: int) -> bool:
    """Tell whether a contract is given, for a price, to what no first name makes a person."""
    if any(word.is_strong_first for word in words.items[first : last + 1]):
        return False
    start = words[first].start
    return bool(
        _WON_AFTER.match(words.text, words[last].end)
        and _WON_BEFORE.search(words.text, max(0, start - _BEFORE_CHARS), start)
    )


def is_phrase(words: Words, first: int, last: int, weight: float) -> bool:
    """Tell whether a word of the dictionary opens a cell or an item that goes on in small letters:
    `| Court de tennis`, `- Coupez le gaz`. Its capital says nothing. Nor is `grâce à` a Grâce, nor
    the `Cela` that opens a sentence anybody."""
    word = words[first]
    if first == last and word.text == "grâce" and _THANKS_TO.match(words.text, word.end):
        return True
    if first != last or not word.is_common or not _GOES_ON.match(words.text, word.end):
        return False
    before = words.text[max(0, word.start - _BEFORE_CHARS) : word.start]
    if word.fold in _OPENERS and _OPENS.search(before):
        return True
    return bool(_CELL.search(before) or (weight < _SURE and _BULLET.search(before)))


def is_lone_letter(words: Words, first: int, last: int) -> bool:
    """Tell whether a letter stands for a unit or an elided word: `7,5 m²/W`, `N’allez pas`."""
    word = words[first]
    return first == last and len(word.text) == 1 and words.text[word.end : word.end + 1] != "."


def is_body(words: Words, first: int, last: int) -> bool:
    """Tell whether an article stands before capitals that are nobody's: `Le SYCAUVEL vend`."""
    begin = first if first < last else first - 1
    if begin < 0 or last - begin != 1 or not words.joins(begin):
        return False
    article, word = words[begin], words[last]
    return (
        article.text in ("Le", "La", "Les", "le", "la", "les")
        and word.text.isupper()
        and not word.surname
        and word.magnitude < 1
    )


def is_priced(words: Words, first: int, last: int) -> bool:
    """Tell whether a row of a price table says how long a thing lasts: `Cavurne, 30 ans`."""
    word = words[first]
    if first != last or word.is_strong_first or not _LASTS.match(words.text, word.end):
        return False
    start = words.text.rfind("\n", 0, word.start) + 1
    end = words.text.find("\n", word.end)
    row = words.text[start : end if end >= 0 else len(words.text)]
    if row.lstrip().startswith("|"):
        head, column = _head(words.text, start), row[: word.start - start].count("|")
        cells = [fold(cell).strip() for cell in head.split("|")]
        label = cells[column] if column < len(cells) else ""
    else:
        head, found = row, _LABEL.search(words.text, max(0, word.start - _BEFORE_CHARS), word.start)
        label = fold(found["label"]).strip() if found else ""
    return label.split(" ", 1)[0] in _THING_LABELS and bool(_PRICE.search(fold(head)))


def _head(text: str, start: int) -> str:
    """Return the first row of the table whose row starts at `start`."""
    while start:
        before = text.rfind("\n", 0, start - 1) + 1
        if not text[before:start].lstrip().startswith("|"):
            break
        start = before
    return text[start:].split("\n", 1)[0]


def is_end_of_sentence(words: Words, first: int, last: int) -> bool:
    """Tell whether a letter ends a sentence, and what follows opens one: `A, B et C. Un gilet`."""
    letter, opening = first, first + 1
    if last > opening or opening + 1 >= len(words) or words[letter].text == "M":
        return False
    if words[letter].shape is not Shape.INITIAL:
        return False
    word, after = words[opening], words[opening + 1]
    return (
        words.gap(letter) in (". ", ".\u00a0", ".\n")
        and word.shape in (Shape.CAPITAL, Shape.INITIAL)
        and word.fold in _DETERMINERS
        and words.gap(opening) in (" ", "\u00a0")
        and after.shape is Shape.LOWER
    )
