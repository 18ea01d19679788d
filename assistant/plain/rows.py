# SPDX-License-Identifier: EUPL-1.2
"""A row of a table as somebody says it aloud, from the names of its columns and what they hold.

    [("Jour", "Mardi"), ("Matin", "fermé"), ("Après-midi", "15 h 30 – 18 h 30")]
      ─days, hours, closings─▶ « Le mardi, de 15 h 30 à 18 h 30. Fermé le matin. »
      ─same facts?─▶ that, else the row in words (corpus.structure)

What a cell holds stands word for word in the sentence; of two hours, the dash between them is said.
A column's name goes only where what it holds says the same: the part of the day that the hours lie
in, « Tarif » over an amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assistant.leaning import SORTED
from assistant.plain.facts import AN_HOUR, same_facts
from corpus.french import WORD, fold
from corpus.structure import in_words, says_little, within
from guardrails.values import Kind, Value, values

AND = " et "
NOON = 12 * AN_HOUR
_PARTS = {
    "matin": ("le matin", 0, NOON + AN_HOUR),
    "midi": ("le midi", NOON - AN_HOUR, NOON + 3 * AN_HOUR),
    "apres midi": ("l’après-midi", NOON, 2 * NOON),
    "soir": ("le soir", NOON + 4 * AN_HOUR, 2 * NOON),
}
"""A part of the day: how it is said, and between which minutes hours say it themselves."""

_BETWEEN = frozenset({"et", "ou", "de", "a", "puis", "le", "les", "du", "au", "tous"})
"""What may stand around days and hours without saying anything else of them."""

_CLOSED = re.compile(r"fermee?s?")
_MEASURE = re.compile(SORTED)
_APART = ("/", "|", ";", "-", "–", "—")
_DASH = re.compile(r"\s*[-–—]\s*")


@dataclass(slots=True)
class _Told:
    """What cells say: hours with the part of the day that these do not say, « fermé » with the part
    of the day, and the others, each with its column's name."""

    open: list[tuple[str, str]] = field(default_factory=list)
    closed: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)


def said_row(cells: Sequence[tuple[str, str]]) -> str:
    """Return a row as sentences that say the same facts; the first cell is what it is about.

    >>> said_row([("Jour", "Mardi"), ("Matin", "fermé"), ("Après-midi", "15 h 30 – 18 h 30")])
    'Le mardi, de 15 h 30 à 18 h 30. Fermé le matin.'
    >>> said_row([("Nature", "carte adulte"), ("Tarif", "10,00 €")])
    'Carte adulte : 10,00 €.'
    >>> said_row([("Quotient", "Moins de 400"), ("Commune", "1,20 €"), ("Hors commune", "4 €")])
    'Quotient moins de 400. Commune : 1,20 €. Hors commune : 4 €.'
    """
    rest = [(name, words.strip().rstrip(".")) for name, words in cells if _says(words)]
    name, subject = rest.pop(0) if cells and _says(cells[0][1]) else ("", "")
    day = _when(subject)
    is_bare = bool(name) and not day and _is_bare(subject)
    about = f"{name} {within(subject)}" if is_bare else day or subject
    told = _sorted(rest, has_day=bool(day))
    said = " ".join(map(_sentence, _parts(about, day, told)))
    held = [name if is_bare else "", subject, *(words for cell in rest for words in cell)]
    return said if same_facts("\n".join(held), said) else in_words(cells)


def _says(words: str) -> bool:
    return WORD.search(fold(words)) is not None


def _is_bare(subject: str) -> bool:
    """Whether a first cell does not say what it is of: « A », « moins de 400 »."""
    return says_little(subject) or (_is_only(subject, Kind.COUNT) and not values(subject)[0].unit)


def _sorted(cells: Iterable[tuple[str, str]], *, has_day: bool) -> _Told:
    told = _Told()
    for name, words in cells:
        part = _when(name)
        is_timed = bool(part) or (has_day and _names_nothing(name))
        if is_timed and _CLOSED.fullmatch(fold(words)):
            told.closed.append((words, part))
        elif is_timed and _is_only(words, Kind.HOUR):
            told.open.append((_spoken(words), "" if has_day and _is_in(name, words) else part))
        else:
            told.others.append((name, _spoken(words)))
    return told


def _parts(about: str, day: str, told: _Told) -> Iterable[str]:
    """Yield the sentences of a row, without their capital and their full stop."""
    closed = [
        (words, [part for _, part in of]) for words, of in groupby(told.closed, lambda x: x[0])
    ]
    if day and told.open:
        yield f"{about}, {AND.join(' '.join(filter(None, one)) for one in told.open)}"
    elif day and len(closed) == 1 and not told.others:
        ((words, parts),) = closed
        times = AND.join(filter(None, parts))
        yield f"{about}, {words.lower()} {times}" if times else f"{words} {about}"
        return
    elif not closed and not told.open and len(told.others) == 1:
        ((name, words),) = told.others
        yield _alone(about, name, words)
        return
    elif about:
        yield about
    if not day:
        yield from (f"{part}, {hours}" for hours, part in told.open)
    for words, parts in closed:
        yield f"{words} {AND.join(filter(None, parts)) or about}"
    yield from (f"{name} : {words}" if name else words for name, words in told.others)


def _alone(about: str, name: str, words: str) -> str:
    """Return what is said of a row that holds one thing besides what it is about."""
    if not about:
        return f"{name} : {words}" if name else words
    says_itself = _names_nothing(name) and (not name or values(words))
    return f"{about} : {words}" if says_itself else f"{about}, {within(name)} : {words}"


def _names_nothing(name: str) -> bool:
    """Whether a column's name only says that its cells are prices, or hours."""
    return not name or _MEASURE.fullmatch(fold(name)) is not None


def _when(label: str) -> str:
    """Return days or a part of the day as one says when; nothing for what is something else.

    >>> [_when(one) for one in ("Mardi", "Lundi au vendredi", "Samedi matin", "Après-midi", "Été")]
    ['le mardi', 'du lundi au vendredi', 'le samedi matin', 'l’après-midi', '']
    """
    words = " ".join(WORD.findall(fold(label)))
    if words in _PARTS:
        return _PARTS[words][0]
    days = values(label)
    last = label[days[-1].end :] if days else ""
    tail = " ".join(WORD.findall(fold(last)))
    bare = label[: days[-1].end] if tail in _PARTS else label
    if not _is_only(bare, Kind.WEEKDAY):
        return ""
    if days[0].start:  # « Du lundi au vendredi », « Tous les mardis »: it says when already
        return label[:1].lower() + label[1:]
    said, at = "", 0
    for one in days:
        first = one.written[0]
        article = (
            "du " if one.is_range else "les " if label[one.start : one.end].endswith("s") else "le "
        )
        said += label[at : one.start] + article + label[first.start : first.end].lower()
        if one.is_range:
            second = one.written[-1]
            said += f" au {label[second.start : second.end].lower()}"
        at = one.end
    return said + label[at:].lower()


def _is_only(text: str, kind: Kind) -> bool:
    """Whether a text holds values of one kind and nothing else."""
    found, rest = values(text), text
    for one in reversed(found):
        rest = rest[: one.start] + " " + rest[one.end :]
    is_kind = bool(found) and all(one.kind is kind for one in found)
    return is_kind and set(WORD.findall(fold(rest))) <= _BETWEEN


def _is_in(name: str, words: str) -> bool:
    """Whether the hours of a cell say the part of the day that its column is of."""
    part = _PARTS.get(" ".join(WORD.findall(fold(name))))
    return not part or all(part[1] <= one.low and one.high <= part[2] for one in values(words))


def _spoken(words: str) -> str:
    """Return what a cell holds, the dash between two hours as it is said.

    >>> _spoken("9 h – 12 h et de 14 h à 17 h, sur rendez-vous")
    'de 9 h à 12 h et de 14 h à 17 h, sur rendez-vous'
    """
    said, at = "", 0
    for one in values(words):
        if _is_dashed(words, one):
            first, second = one.written[0], one.written[-1]
            opens = "" if fold(words[: one.start]).rstrip().endswith((" de", "de")) else "de "
            between = words[at : first.start]
            said += AND if at and between.strip() in _APART else between
            said += opens
            said += f"{words[first.start : first.end]} à {words[second.start : second.end]}"
            at = one.end
    return said + words[at:]


def _is_dashed(words: str, value: Value) -> bool:
    if value.kind is not Kind.HOUR or len(value.written) != 2:
        return False
    first, second = value.written
    return _DASH.fullmatch(words[first.end : second.start]) is not None


def _sentence(words: str) -> str:
    closed = words if words.endswith((".", "!", "?", "…")) else f"{words}."
    return closed[:1].upper() + closed[1:]
