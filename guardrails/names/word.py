# SPDX-License-Identifier: EUPL-1.2
"""One word of a text: how it is written, and what the lexicons know of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

ELIDED = frozenset(
    ["qu", "jusqu", "lorsqu", "puisqu", "quelqu", "presqu", "aujourd", "entr", "s", "c", "j"]
)


LAST_PARTICLES = frozenset(
    ["van", "ben", "al", "el", "do", "da", "ten", "y", "bin"]
)  # `TRAN VAN` ends with one


PARTICLES = frozenset(
    [
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "van",
        "von",
        "der",
        "den",
        "dem",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "del",
        "della",
        "dalla",
        "el",
        "al",
        "ben",
        "bin",
        "bent",
        "ibn",
        "abou",
        "abu",
        "ait",
        "ould",
        "y",
        "e",
        "zu",
        "ter",
        "ten",
    ]
)


class Shape(Enum):
    """How a word is written."""

    INITIAL = "J"
    UPPER = "DUPONT"
    CAPITAL = "Dupont"
    LOWER = "dupont"
    ODD = "dUpOnT"  # a scanner's noise


@dataclass(slots=True)
class Word:
    """One word and its place; what the lexicons know is looked up once, when asked."""

    start: int
    end: int
    text: str
    fold: str
    shape: Shape
    magnitude: int  # log10 of the births under this first name, -1 for none
    is_ambiguous: bool  # a first name that is an everyday word too
    surname: int  # 2 frequent, 1 known, 0 not
    is_common: bool  # in the French dictionary
    is_commune: bool
    is_never: bool  # administrative word, role or title
    is_role: bool
    is_thing: bool  # a country, a firm, a feast: proper, and no person
    is_noun: bool  # a noun of the dictionary, and no verb

    @property
    def is_first(self) -> bool:
        return self.magnitude >= 1 and not self.is_never and not self.is_particle

    @property
    def is_strong_first(self) -> bool:
        """A first name that is hardly anything else."""
        return self.magnitude >= 2 and not (self.is_ambiguous or self.is_never)

    @property
    def is_given_too(self) -> bool:
        """A frequent first name among the words that name nobody: `Noël`, `Avril`."""
        return (
            self.is_never
            and self.magnitude >= 3
            and self.shape is Shape.CAPITAL
            and not self.is_role
        )

    @property
    def is_cased(self) -> bool:
        return self.shape is not Shape.LOWER and self.shape is not Shape.ODD

    @property
    def is_nameable(self) -> bool:
        """Written as a name may be, and no word that ends one."""
        return self.shape is not Shape.LOWER and not self.is_never and self.shape is not Shape.ODD

    @property
    def is_unusual(self) -> bool:
        """Not an everyday word: a surname or first name, or unknown altogether."""
        if self.is_never or self.shape is Shape.INITIAL:
            return False
        if self.is_strong_first:
            return True
        return not self.is_common and not (self.is_commune and not self.surname)

    @property
    def is_particle(self) -> bool:
        return self.fold in PARTICLES
