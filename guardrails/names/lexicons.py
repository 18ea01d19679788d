# SPDX-License-Identifier: EUPL-1.2
"""What is known of a word: first name, surname, commune, everyday word, never a name.

The lists are data files in `guardrails/lexicons`, apart from the logic; all words are folded
(lower case, no accents). `everyday` is the French dictionary of the language model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from guardrails.placeholders import fold

FOLDER = Path(__file__).resolve().parent.parent / "lexicons"
_FREQUENT_SURNAMES = 10_000
_SHORT_LETTERS = 3
_PET_NAME_MAGNITUDE = 3
_PRONOUNS = frozenset(
    ("vous", "nous", "je", "tu", "il", "elle", "on", "ils", "elles", "ce", "moi")
)  # êtes-vous
_HYPHEN = re.compile("[-‐‑]")

About = tuple[int, bool, int, bool, bool, bool, bool, bool, bool]


def read_words(name: str) -> frozenset[str]:
    """Read a hand-written list: words between blanks, `#` starts a comment line."""
    return frozenset(word for line in read_lines(name) for word in line.split())


def read_lines(name: str) -> tuple[str, ...]:
    """Return the lines of a hand-written list, comments left out."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


_TOWN_STARTS = read_words("town_starts.txt")
_TOWN_LINKS = read_words("town_links.txt")


def _reads_as_a_town(parts: Sequence[str]) -> bool:
    """`Port-Aubry`, `Vaux-sur-Orne`: a town that no list holds is built like others."""
    return len(parts) > 1 and (parts[0] in _TOWN_STARTS or not _TOWN_LINKS.isdisjoint(parts[1:-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictionary:
    """Everyday French, as a dictionary lists it.

    `words`: every form, folded; `accented`: those with accents, as written, none where unknown;
    `nouns`: folded, the forms that are a noun's and no verb's.
    """

    words: Set[str] = frozenset()
    accented: Set[str] = frozenset()
    nouns: Set[str] = frozenset()


class Lexicons:
    """The word lists, asked one word at a time; answers are kept."""

    def __init__(self, everyday: Dictionary) -> None:
        first = (FOLDER / "first_names.tsv").read_text("utf-8").splitlines()
        rows = [line.split("\t") for line in first]
        self._first = {name: int(magnitude) for name, magnitude, _ in rows}
        surnames = (FOLDER / "surnames.txt").read_text("utf-8").splitlines()
        self._ranks = {name: rank for rank, name in enumerate(surnames)}
        self._surnames = dict.fromkeys(surnames, 1)
        self._surnames.update(dict.fromkeys(surnames[:_FREQUENT_SURNAMES], 2))
        self._communes = frozenset((FOLDER / "communes.txt").read_text("utf-8").splitlines())
        self._ambiguous = read_words("ambiguous_first_names.txt")
        self.roles = read_words("roles.txt")
        self._never = read_words("never_names.txt") | self.roles
        self._things = read_words("things.txt")
        self._everyday = everyday.words
        self._nouns = everyday.nouns
        # only where it matters: `Loïs` is not `lois`, `Dumè` is not `dume`
        self._accented = frozenset(
            word
            for word in everyday.accented
            if fold(word) in self._first or fold(word) in self._surnames
        )
        self._known: dict[str, About] = {}

    def about(self, word: str) -> About:
        """Return what `Word` keeps of a word, from `magnitude` to `is_noun`, in that order."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._look_up(word)
        return known

    def first_names(self) -> Mapping[str, int]:
        """Return every first name with the order of magnitude of its births."""
        return self._first

    def surnames(self) -> Sequence[str]:
        """Return every surname, the most frequent first."""
        return tuple(self._ranks)

    def rank(self, folded: str) -> int:
        """Return the place of a surname among the most frequent, -1 for none."""
        return self._ranks.get(folded, -1)

    def is_misspelt(self, written: str, folded: str) -> bool:
        """Tell whether accents make of a word none of the dictionary: `Loïs`, not `lois`."""
        written = written.replace("œ", "oe").replace("Œ", "OE")
        if not self._accented or written.isascii():
            return False
        return (folded in self._first or folded in self._surnames) and (
            written.lower() not in self._accented
        )

    def _look_up(self, word: str) -> About:
        parts = _HYPHEN.split(word)
        magnitude = self._first.get(word, -1)
        if len(parts) > 1:
            magnitude = max(magnitude, min(self._first.get(part, -1) for part in parts))
        if parts[0] in ("jean", "marie") and len(parts) == 2 and len(parts[1]) <= _SHORT_LETTERS:
            magnitude = max(magnitude, _PET_NAME_MAGNITUDE)  # Jean-Mi, Marie-Jo
        if parts[0] in ("saint", "sainte", "st", "ste"):
            magnitude = -1  # a commune or a school more than a person
        ambiguous = word in self._ambiguous or (magnitude < 4 and word in self._everyday)
        surname = self._surnames.get(word, 0)
        if not surname and len(parts) > 1:
            surname = min(self._surnames.get(part, 0) for part in parts)
        common = word in self._everyday or (
            len(parts) > 1 and all(part in self._everyday for part in parts)
        )
        return (
            magnitude,
            ambiguous,
            surname,
            common,
            word in self._communes or _reads_as_a_town(parts),
            word in self._never or (len(parts) > 1 and parts[-1] in _PRONOUNS),
            word in self.roles,
            word in self._things,
            word in self._nouns,
        )
