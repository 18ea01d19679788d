# SPDX-License-Identifier: EUPL-1.2
"""What stands for hidden words: French, numbered inside one document, linkable nowhere else.

    Jean DUPONT … dupont jean … Léa Petit  ──▶  [PERSONNE_1] … [PERSONNE_1] … [PERSONNE_2]

No table from numbers to words outlives a call. A source may hold something that looks like a
placeholder (`[PERSONNE_1]`, typed by someone). Two promises meet there, and this is how they live
together:

* a text in which nothing is hidden keeps its placeholders as they are, so screening an already
  screened text changes nothing;
* a text in which something is hidden has its own look-alikes escaped first (`⟨PERSONNE_1⟩`), so
  that they cannot be mistaken for what the guard wrote;
* a caller that vouches for the placeholders (an answer made from screened passages) keeps them,
  and new ones are numbered after them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from guardrails.findings import Entity

LABELS: dict[Entity, str] = {
    Entity.PERSON: "PERSONNE",
    Entity.ADDRESS: "ADRESSE",
    Entity.EMAIL: "COURRIEL",
    Entity.PHONE: "TÉLÉPHONE",
    Entity.NIR: "NIR",
    Entity.SPI: "NUMÉRO_FISCAL",
    Entity.IBAN: "IBAN",
    Entity.RIB: "RIB",
    Entity.BANK_CARD: "CARTE_BANCAIRE",
    Entity.CNI: "CARTE_D_IDENTITÉ",
    Entity.PASSPORT: "PASSEPORT",
    Entity.DRIVING_LICENCE: "PERMIS_DE_CONDUIRE",
    Entity.RESIDENCE_PERMIT: "TITRE_DE_SÉJOUR",
    Entity.CAF: "NUMÉRO_CAF",
    Entity.FILE_NUMBER: "NUMÉRO_DE_DOSSIER",
    Entity.INE: "INE",
    Entity.PLATE: "IMMATRICULATION",
    Entity.BIRTH_DATE: "DATE_DE_NAISSANCE",
    Entity.BIRTH_PLACE: "LIEU_DE_NAISSANCE",
    Entity.IP: "ADRESSE_IP",
    Entity.SECRET: "SECRET",
    Entity.SIRET: "SIRET",
    Entity.PARCEL: "PARCELLE",
}


def label_of(entity: str) -> str:
    """Return the label of an entity by its name; a name that another version knew stays as it is.

    >>> label_of("PERSON"), label_of("OLD")
    ('PERSONNE', 'OLD')
    """
    return LABELS[Entity(entity)] if entity in {*Entity} else entity


PLACEHOLDER = re.compile(
    r"\[(?P<label>"
    + "|".join(sorted(LABELS.values(), key=len, reverse=True))
    + r")_(?P<n>\d{1,6})\]"
)
_WORDS = re.compile(r"[^\W_]+")


def fold(words: str) -> str:
    """Lower case without accents: `Éloïse` and `ELOISE` are the same name.

    >>> fold("Éloïse LEFÈVRE")
    'eloise lefevre'
    """
    if words.isascii():
        return words.lower()
    plain = unicodedata.normalize("NFKD", words.replace("œ", "oe").replace("Œ", "OE"))
    return plain.translate(_UNMARKED).lower()


def fold_in_place(text: str) -> str:
    """Fold a text letter by letter: the same length, so that positions hold.

    >>> fold_in_place("NÉE à Œuilly")
    'nee a œuilly'
    """
    return text.translate(_FOLDED)


class _Unmarked(dict[int, int | None]):
    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_UNMARKED = _Unmarked()


class _Folded(dict[int, int]):
    def __missing__(self, code: int) -> int:
        folded = fold(chr(code))
        self[code] = ord(folded) if len(folded) == 1 else ord(chr(code).lower()[0])
        return self[code]


_FOLDED = _Folded()


def placeholders_in(text: str) -> list[tuple[int, int]]:
    """Return where `text` holds something that reads as a placeholder."""
    return [match.span() for match in PLACEHOLDER.finditer(text)]


def escape(text: str) -> str:
    """Return `text`, same length, with its look-alikes made unmistakable.

    >>> escape("[PERSONNE_1] et [annexe]")
    '⟨PERSONNE_1⟩ et [annexe]'
    """
    return PLACEHOLDER.sub(lambda match: f"⟨{match[0][1:-1]}⟩", text)


class Numbering:
    """Gives each hidden value of one document its placeholder, and forgets it afterwards."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._numbers: dict[tuple[Entity, str], int] = {}
        self._last: dict[str, int] = {}
        for text in taken:
            for match in PLACEHOLDER.finditer(text):
                label, number = match["label"], int(match["n"])
                self._last[label] = max(number, self._last.get(label, 0))

    def placeholder(self, entity: Entity, words: str) -> str:
        """Return what stands for `words`; the same value always gets the same number."""
        key = (entity, self._canonical(entity, words))
        label = LABELS[entity]
        if key not in self._numbers:
            self._last[label] = self._last.get(label, 0) + 1
            self._numbers[key] = self._last[label]
        return f"[{label}_{self._numbers[key]}]"

    @staticmethod
    def _canonical(entity: Entity, words: str) -> str:
        parts = _WORDS.findall(fold(words))
        if entity is Entity.PERSON:
            return " ".join(sorted(parts))  # NOM Prénom and Prénom NOM are one person
        return "".join(parts) or words
