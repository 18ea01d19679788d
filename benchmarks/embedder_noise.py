# SPDX-License-Identifier: EUPL-1.2
"""Questions as people type them, made from good ones: for training only.

One question in three loses accents or capitals, is partly written as it is heard, or has slips.
"""

from __future__ import annotations

import random
import re

from corpus.french import fold

_HEARD = [
    (re.compile(right), typed)
    for right, typed in (
        ("qu", "k"),
        ("c(?=[aou])", "k"),
        ("ss", "s"),
        ("(?<=[aeiou])s(?=[aeiou])", "ss"),
        ("ph", "f"),
        ("é", "er"),
        ("é", "ai"),
        ("è", "e"),
        (r"ez\b", "é"),
        (r"er\b", "é"),
        ("eau", "o"),
        ("au", "o"),
        ("tion", "ssion"),
        ("en(?=[tcds])", "an"),
        ("an(?=[tcds])", "en"),
        (r"s\b", ""),
        (r"e\b", ""),
        ("c(?=[ei])", "s"),
        ("g(?=[ei])", "j"),
        (r"(.)\1", r"\1"),
        ("([ldj])'", r"\1"),
        (r"\bpour\b", "pr"),
        (r"\bdans\b", "ds"),
        (r"\bquand\b", "qd"),
    )
]
_GREETINGS = ("bonjour ", "Bonjour, je voudrais savoir ", "svp ", "slt ")
TOUCHED = 0.35
SHORTEST = 4
SLIPS = 0.12


def as_typed(question: str, chance: random.Random) -> str:
    """Return a question as it stands, or one time in three as somebody might type it."""
    if chance.random() > TOUCHED:
        return question
    if chance.random() < 0.4:
        question = fold(question)
    if chance.random() < 0.6:
        question = question.lower().rstrip(" ?.")
    for right, typed in chance.sample(_HEARD, 6):
        if chance.random() < 0.5:
            question = right.sub(typed, question, count=chance.choice((1, 2)))
    typed_words = [_slipped(word, chance) for word in question.split()]
    greeting = chance.choice(_GREETINGS) if chance.random() < 0.15 else ""
    return greeting + " ".join(typed_words)


def _slipped(word: str, chance: random.Random) -> str:
    """Leave a letter out, double it, or swap it with the next, now and then."""
    if len(word) <= SHORTEST or chance.random() >= SLIPS:
        return word
    at, which = chance.randrange(1, len(word) - 1), chance.random()
    if which < 0.4:
        return word[:at] + word[at + 1 :]
    if which < 0.6:
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
