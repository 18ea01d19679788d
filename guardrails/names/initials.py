# SPDX-License-Identifier: EUPL-1.2
"""Layers for letters: `J. Dupont`, `DUPONT J.-P.`, `l. da costa`, and a name that is spelled.

« Relevé par J.-P. Roy », « impayés : Mercier T. 42,30 », « D U P O N T »
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from guardrails.names.runs import run_right
from guardrails.names.votes import Vote
from guardrails.names.word import Shape
from guardrails.names.words import Words
from guardrails.placeholders import fold

_SPELLED = re.compile(
    r"(?<![^\W_])(?<![.'’-])[A-ZÀ-Þ](?:[ ][A-ZÀ-Þa-zà-ÿ]){3,19}(?![^\W_])"
    r"|(?<![^\W_])(?<![.'’-])[A-ZÀ-Þ](?:(?:-[A-ZÀ-Þ]){3,19}|(?:\.[A-ZÀ-Þ]){4,19})(?![^\W_])"
)


_FREQUENT_NAME = 2


_SURE = 0.55


def initial(words: Words) -> Iterator[Vote]:
    """Vote for `J. Dupont`, `J.-P. Roy`, `DUPONT J.`."""
    for index in range(len(words)):
        word = words[index]
        if word.shape is not Shape.INITIAL or not _has_dot(words, index):
            continue
        if index and words[index - 1].shape is Shape.INITIAL and words.joins(index - 1):
            continue  # the C of `J.-C. Roy`, already seen
        end = index
        while end + 1 < len(words) and words.joins(end) and words[end + 1].shape is Shape.INITIAL:
            end += 1
        if index and words.gap(index - 1) in ("'", "’", "."):
            continue  # l'A.R.S., E.R.P.
        follows_blank = end + 1 < len(words) and (
            words.gap(end) != "." or len(words[end + 1].text) > 3
        )
        if (
            not word.is_never
            and follows_blank
            and words.joins(end)
            and not words[end + 1].is_particle
        ):
            last = run_right(words, end + 1, anchored=False)
            if last <= end and words[end + 1].is_given_too and not words.crosses_line(end):
                yield Vote(index, end + 1, 0.6, "initial")  # Ch. Toussaint
                continue
            if (
                last <= end
                and words[end + 1].is_nameable
                and words[end + 1].surname
                and not words.crosses_line(end)
            ):
                last = end + 1
            if last > end and words[last].shape is not Shape.INITIAL:
                yield Vote(index, last, _initialled(words, index, last), "initial")
                continue
        before = words[index - 1] if index and words.joins(index - 1) else None
        if before and before.surname == 2 and _opens_an_item(words, index):
            yield Vote(index - 1, end, 0.5, "initial")
        elif (
            before
            and before.shape in (Shape.UPPER, Shape.CAPITAL)
            and (before.is_unusual or (before.surname == 2 and before.shape is Shape.UPPER))
            and not words.crosses_line(index - 1)
        ):
            yield Vote(index - 1, end, 0.6, "initial")


def _opens_an_item(words: Words, index: int) -> bool:
    """`impayés : Mercier T. 42,30 ; Da Silva M. 18,00`: an item of a list, and an initial."""
    word = words[index - 1]
    if word.shape is not Shape.CAPITAL or word.is_never or words.crosses_line(index - 1):
        return False
    after = words.text[words[index].end + 1 : words[index].end + 3]
    if (
        not word.is_unusual and after[:1] in (" ", "\u00a0") and after[1:].isalnum()
    ):  # `Vu M. le Maire`
        return False
    gap = words.gap(index - 2).strip(" \u00a0") if index > 1 else "\n"
    return gap.endswith((":", ";", "|", "\n", "•", "-", "/", ","))


def _initialled(words: Words, first: int, last: int) -> float:
    """`N. Potiron` may be a person, `A. Budget` at the start of a line is a heading."""
    if words[last].is_unusual:
        return 0.7
    opens = first == 0 or words.crosses_line(first - 1)
    return 0.4 if opens else 0.45 + 0.1 * words[last].surname


def _has_dot(words: Words, index: int) -> bool:
    end = words[index].end
    return words.text[end : end + 1] == "."


def lower_initial(words: Words) -> Iterator[Vote]:
    """Vote for `l. da costa`, `jp.garcia` typed small."""
    for index in range(len(words) - 1):
        word = words[index]
        if len(word.text) > 2 or word.shape is not Shape.LOWER or not _has_dot(words, index):
            continue
        last = index + 1
        while last + 1 < len(words) and last < index + 3 and words[last].is_particle:
            last += 1
        name = words[last]
        if (
            words.gap(index) in (". ", ".")
            and name.shape is Shape.LOWER
            and name.surname == 2
            and not (name.is_common or name.is_never)
        ):
            yield Vote(index, last, 0.6, "lower_case")


def spelled(words: Words) -> Iterator[Vote]:
    """Vote for `D U P O N T`, `M-A-R-T-I-N`: letters apart that make no word of the dictionary."""
    for match in _SPELLED.finditer(words.text):
        folded = fold(re.sub(r"[\s.-]", "", match[0]))
        known = words.about(folded)
        if "." in match[0] and not (known.surname or known.magnitude >= 1):
            continue  # I.R.C.A.N.T.E.C.
        if known.is_never or (
            (known.is_common or known.is_commune) and known.surname < _FREQUENT_NAME
        ):
            continue
        first = bisect_left(words.starts, match.start())
        last = bisect_left(words.starts, match.end()) - 1
        if first <= last:
            yield Vote(first, last, _SURE, "spelled")
