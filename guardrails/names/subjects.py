# SPDX-License-Identifier: EUPL-1.2
"""Layers for a name alone that does what only a person does, with no article before it.

« Sophie s'occupe du dossier », « Berry a encore garé sa voiture »
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guardrails.names.lexicons import read_words
from guardrails.names.votes import Vote
from guardrails.names.word import Shape
from guardrails.names.words import Words

SUBJECT_VERBS = read_words("subject_verbs.txt")


_AFTER_NE = SUBJECT_VERBS | {"est", "a", "s", "se", "l", "y", "veut"}


_HAS = frozenset(["a", "est", "n", "ne", "s", "se", "avait", "etait"])


OPENING = re.compile(r"[.!?:;•|\n(«\"“-]|^$")


_NAMES_VERBS = frozenset(("appelle", "appelait", "appellent", "nomme", "surnomme", "prenomme"))
_SMALL_WORDS = frozenset(
    ("à", "avec", "pour", "par", "chez", "que", "qu", "sans", "contre", "selon", "de", "d")
)
_LIKELY = 0.5
_PLURALS = frozenset(("les", "Les", "aux", "des"))
_GIVEN = 3  # a thousand births


def subject(words: Words) -> Iterator[Vote]:
    """Vote for a first name alone that does what only a person does: `Sophie s'occupe de …`."""
    for index, word in enumerate(words.items):
        if (
            word.shape is Shape.CAPITAL
            and word.is_strong_first
            and not word.is_commune
            and does_something(words, index)
        ):
            yield Vote(index, index, 0.6, "subject")


def after_small_word(words: Words) -> Iterator[Vote]:
    """Vote for an everyday word that is a name too and that a sentence gives a capital.

    `je pense à Clairette`, `signé par Berger`: there a noun would stand small, or have its article.
    """
    for index in range(1, len(words)):
        word, before = words[index], words[index - 1]
        if word.shape is not Shape.CAPITAL or before.shape is not Shape.LOWER:
            continue
        if before.fold in _NAMES_VERBS and words.gap(index - 1) == " ":
            if not (word.is_never or word.is_thing or word.is_particle):
                yield Vote(index, index, _LIKELY, "subject")  # `que j'appelle Moustique`
            continue
        if before.text not in _SMALL_WORDS or words.gap(index - 1) not in (" ", "\u00a0", "'", "’"):
            continue
        if word.is_never or word.is_thing or word.is_commune or word.is_particle:
            continue
        if before.text in ("de", "d") and word.magnitude < _GIVEN:
            continue  # `le portable de Fred`
        if len(word.text) > 2 and (word.magnitude >= 2 or word.surname == 2):
            yield Vote(index, index, _LIKELY, "subject")


def plural_article(words: Words) -> Iterator[Vote]:
    """Vote for `les Verdier ont vendu`, `aux Charrière`: a noun would be in the plural."""
    for index in range(1, len(words)):
        word, before = words[index], words[index - 1]
        if before.text not in _PLURALS or words.gap(index - 1) not in (" ", "\u00a0"):
            continue
        if word.shape is not Shape.CAPITAL or word.is_never or word.is_thing or word.is_commune:
            continue
        if word.surname and (word.fold.endswith("ez") or word.fold[-1] not in "sxz"):
            yield Vote(index, index, _LIKELY, "plural")


def does_something(words: Words, index: int) -> bool:
    """Tell whether a verb that asks for a person follows, `ne` or `s'` in between or not."""
    verb = index + 1
    if verb >= len(words) or words.gap(index) not in (" ", "\u00a0", "\n"):
        return False
    if words[verb].text in ("ne", "n", "s", "se") and verb + 1 < len(words):
        return words[verb].text in ("s", "se") or words[verb + 1].fold in _AFTER_NE
    return words[verb].shape is Shape.LOWER and words[verb].fold in SUBJECT_VERBS


def bare_subject(words: Words) -> Iterator[Vote]:
    """Vote for `Berry a encore garé sa voiture`: a noun would have its article."""
    for index in range(len(words) - 1):
        word, verb = words[index], words[index + 1]
        if word.shape is not Shape.CAPITAL or not opens(words, index) or words.gap(index) != " ":
            continue
        if word.is_never or word.is_thing or not (word.surname == 2 or word.is_first):
            continue
        if verb.text in ("n", "s") and words.text[verb.end : verb.end + 1] not in ("'", "’"):
            continue  # Concession n° 12
        if verb.shape is Shape.LOWER and (verb.text in _HAS or verb.fold in SUBJECT_VERBS):
            yield Vote(index, index, _LIKELY, "subject")


def opens(words: Words, index: int, opening: re.Pattern[str] = OPENING) -> bool:
    """Tell whether the word opens a sentence, a line or an item: its capital proves nothing."""
    return index == 0 or bool(opening.search(words.gap(index - 1)))
