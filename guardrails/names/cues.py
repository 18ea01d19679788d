# SPDX-License-Identifier: EUPL-1.2
"""Layers for what only a person has: an age beside the name, a turn in a chat.

« Grâce (14 ans) », « le petit Kéziah, 3 mois », « [09:02] lolo : qui a les clés ? »
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from guardrails.names.votes import Vote
from guardrails.names.word import Shape
from guardrails.names.words import Words

_AGE = re.compile(
    r"(?:,[^\S\n](?:âgée?\sde\s)?\d{1,3}\sans"
    r"|(?:,[^\S\n]âgée?\sde\s|[^\S\n]?\()\d{1,3}\s(?:ans|mois))\b"
)
_TURN = re.compile(
    r"(?m)^[^\S\n]*(?:[-•>][^\S\n]*)?(?:[\[(]?\d{1,2}\s?[:h]\s?\d{2}(?::\d{2})?[\])]?[^\S\n]*[-–,]?[^\S\n]*|<)"
    r"(?P<who>[^\W\d_][\w.'’-]{1,20}(?:[^\S\n][^\W\d_][\w.'’-]{0,20})?)[^\S\n]?(?:[:>])[^\S\n]"
)
_MIN_LETTERS = 3


def aged(words: Words) -> Iterator[Vote]:
    """Vote for the capitalised word before an age."""
    for match in _AGE.finditer(words.text):
        last = bisect_left(words.starts, match.start()) - 1
        if last < 0 or words[last].end != match.start():
            continue
        word = words[last]
        if word.is_given_too or (
            word.shape is Shape.CAPITAL
            and word.is_nameable
            and not (word.is_thing or word.is_particle or word.is_commune)
            and (word.magnitude >= 1 or word.surname or not word.is_common)
        ):
            yield Vote(last, last, 0.6, "aged")


def speakers(words: Words) -> Iterator[Vote]:
    """Vote for who has a turn after the hour, and for the same word small or not elsewhere."""
    said: set[str] = set()
    for match in _TURN.finditer(words.text):
        first = bisect_left(words.starts, match.start("who"))
        last = bisect_left(words.starts, match.end("who")) - 1
        inside = words.items[first : last + 1]
        if (
            not inside
            or inside[-1].end != match.end("who")
            or any(w.is_never or (w.is_commune and w.magnitude < 1) for w in inside)
        ):
            continue
        yield Vote(first, last, 0.7, "speaker")
        said.update(w.fold for w in inside if len(w.fold) >= _MIN_LETTERS and not w.is_particle)
    for index, word in enumerate(words.items):
        if word.fold in said:
            yield Vote(index, index, 0.6, "speaker")
