# SPDX-License-Identifier: EUPL-1.2
"""Words that lead to a name: callers, things of someone, relatives, roles."""

from __future__ import annotations

from guardrails.names.lexicons import read_words
from guardrails.names.word import Shape, Word

CALLERS = read_words("callers.txt")
GREETINGS = frozenset(
    ("bonjour", "bonsoir", "salut", "coucou", "hello", "cher", "chere", "bises", "bisous", "merci")
)
FILES = read_words("files_of.txt")
RELATIONS = read_words("relations.txt")
NAMED = read_words("named_places.txt")
PERSON_NOUNS = read_words("person_nouns.txt")
_LEADS = CALLERS | FILES | RELATIONS | {"cc", "indivision", "consorts", "feu", "feue", "hoirs"}


def is_relation(word: Word) -> bool:
    """`ma mère`, `ta mémé`; not `le même`."""
    return word.fold in RELATIONS and word.text.lower() != "même"


def is_lead(word: Word) -> bool:
    """A word that leads to a name and is hardly one: `Litige`, `Demander`, `Indivision`."""
    return word.is_cased and word.fold in _LEADS and not word.is_first


def is_status(word: Word) -> bool:
    """`la locataire`, `mon voisin`: a person is meant."""
    return word.shape is Shape.LOWER and (
        word.is_role or is_relation(word) or word.fold in PERSON_NOUNS
    )


def is_thing_noun(word: Word) -> bool:
    """`la chaudière`, `un logiciel`: a noun of the dictionary that means no person."""
    return (
        word.is_noun
        and not (word.is_never or word.is_first or word.is_particle)
        and not any(word.fold in leads for leads in (CALLERS, FILES, RELATIONS, PERSON_NOUNS))
    )
