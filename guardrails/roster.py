# SPDX-License-Identifier: EUPL-1.2
"""The town's roster: who sits on the council or signs, as the town writes it in its settings.

"M. Jean-Luc MORVAN, adjoint"  ──▶  given {jean, luc}, surname {morvan}, sex m
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guardrails.placeholders import fold

_PART = re.compile(r"[^\W\d_]+")
_CIVILITY = re.compile(
    r"^\s*(?P<civility>m\.?|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle|dr\.?|docteur|me\.?|maître)\s+",
    re.IGNORECASE,
)
_ROLE = re.compile(r"[,(;:]")
"""What stands between a name and the office."""

_PARTICLES = frozenset(["de", "du", "des", "d", "la", "le", "les", "l"])
_FEMALE = re.compile(r"(?:mmes?|mlles?|madame|mesdames|mademoiselle)\.?$", re.IGNORECASE)
_MALE = re.compile(r"(?:m|mm|mr|monsieur|messieurs)\.?$", re.IGNORECASE)


def parts(words: str) -> tuple[str, ...]:
    """Return the folded parts of a name, civility and particles left out.

    >>> parts("Mme Anne-Laure Guivarc'h")
    ('anne', 'laure', 'guivarc', 'h')
    """
    found = _PART.findall(fold(_CIVILITY.sub("", words)))
    return tuple(part for part in found if part not in _PARTICLES) or tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """One line of the roster."""

    given: tuple[str, ...]
    surname: tuple[str, ...]
    sex: str  # m, f, or x where the name does not tell

    def bears(self, name: Sequence[str], sex: str) -> bool:
        """Tell whether a name may be this person's: full, with initials, or surname alone."""
        if not name or (sex != "x" and self.sex != "x" and sex != self.sex):
            return False
        rest = list(name)
        for part in self.surname:
            if part not in rest:
                return False
            rest.remove(part)
        return all(
            part in self.given or (len(part) == 1 and any(g.startswith(part) for g in self.given))
            for part in rest
        )

    def has_initials(self, letters: Sequence[str]) -> bool:
        """Tell whether these are the first letters of the whole name: `O. R.` for Olga Rabier."""
        initials = [part[0] for part in (*self.given, *self.surname)]
        return list(letters) == initials and all(len(letter) == 1 for letter in letters)


@dataclass(frozen=True, slots=True)
class Office:
    """Who holds an office: the name as the town writes it, and the office, empty where the line
    tells none."""

    name: str
    office: str


def read_offices(lines: Sequence[str]) -> tuple[Office, ...]:
    """Return who holds which office.

    >>> read_offices(["Mme Ana PETIT, maire"])
    (Office(name='Mme Ana PETIT', office='maire'),)
    """
    cut = (_ROLE.split(line, maxsplit=1) for line in lines)
    return tuple(Office(name.strip(), (rest[0] if rest else "").strip(" )")) for name, *rest in cut)


def read_roster(lines: Sequence[str]) -> tuple[Official, ...]:
    """Return the roster's lines that hold a name."""
    return tuple(official for line in lines if (official := _read(line, read_sexes())))


@cache
def read_sexes() -> Mapping[str, str]:
    """Return m, f or x for each first name that INSEE lists."""
    path = Path(__file__).with_name("lexicons") / "first_names.tsv"
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return {name: sex for name, _, sex in rows}


def _read(line: str, sexes: Mapping[str, str]) -> Official | None:
    civility = _CIVILITY.match(line)
    words = _ROLE.split(_CIVILITY.sub("", line))[0].split()
    if not words:
        return None
    upper = [word for word in words if len(word) > 1 and word.isupper()]
    if upper and len(upper) < len(words):
        surname, given = upper, [word for word in words if word not in upper]
    elif len(words) == 1:
        surname, given = words, []
    else:
        last_is_given = fold(words[-1]) in sexes and fold(words[0]) not in sexes
        given = words[-1:] if last_is_given else words[: _count_given(words, sexes)]
        surname = words[:-1] if last_is_given else words[len(given) :]
    first = fold(given[0]) if given else ""
    sex = sexes.get(first) or sexes.get(first.split("-")[0], "x")
    if civility and (told := sex_of(civility["civility"])) != "x":
        sex = told
    return Official(
        given=parts(" ".join(given)) if given else (), surname=parts(" ".join(surname)), sex=sex
    )


def _count_given(words: Sequence[str], sexes: Mapping[str, str]) -> int:
    """Count the first names that open a name, one word at least left: `Jean Paul Roy`."""
    count = 1
    while count < len(words) - 1 and fold(words[count]) in sexes:
        count += 1
    return count


def sex_of(civility: str) -> str:
    """Return m, f or x, as a civility tells."""
    word = civility.strip()
    return "f" if _FEMALE.search(word) else "m" if _MALE.search(word) else "x"
