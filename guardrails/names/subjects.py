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


_LIKELY = 0.5


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
