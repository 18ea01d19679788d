# SPDX-License-Identifier: EUPL-1.2
"""Words that lead to a name: callers, things of someone, relatives, roles."""

from __future__ import annotations

from guardrails.names.lexicons import read_words
from guardrails.names.word import Shape, Word

CALLERS = read_words("callers.txt")
FILES = read_words("files_of.txt")
RELATIONS = read_words("relations.txt")
_LEADS = CALLERS | FILES | RELATIONS | {"cc", "indivision", "consorts", "feu", "feue", "hoirs"}


def is_lead(word: Word) -> bool:
    """A word that leads to a name and is hardly one: `Litige`, `Demander`, `Indivision`."""
    return word.is_cased and word.fold in _LEADS and not word.is_first


def is_status(word: Word) -> bool:
    """`la locataire`, `mon voisin`: a person is meant."""
    return word.shape is Shape.LOWER and (word.is_role or word.fold in RELATIONS)
