# SPDX-License-Identifier: EUPL-1.2
"""A line that misleads alone is quoted with those around it.

« — du 3 novembre au 31 mars, de 8 heures à 17 heures 30 » does not say what is open, nor that
summer has other hours. An item of a list comes under the line that opens the list, a short list
whole; so does a short table where the question names none of its rows, and a week's hours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence import Candidate, is_day, is_row, labels
from corpus.french import WORD, fold
from corpus.sentences import sentences

MOST = 3
"""Lines of a quote: an answer has three sentences at most."""

A_WEEK = 7
"""Rows of a table of days: some of them would tell of no other."""

_MARK = re.compile(r"[-–—•*·▪]\s|\d{1,2}°\s|[a-z]\)\s")


def with_neighbours(carriers: Sequence[Candidate], question: str) -> list[Candidate]:
    """Return what to quote, in its order: sentences that stand alone are left as they are."""
    first = carriers[0]
    passage = first.passage
    spans = sentences(passage.text.text)
    lines = [passage.text.text[start:end] for start, end in spans]
    starts = [passage.start + start for start, _ in spans]
    places = sorted(starts.index(c.start) for c in carriers if c.start in starts)
    if len(places) < len(carriers) or any(c.passage is not passage for c in carriers):
        return list(carriers)
    quoted = _of_table(lines, places, question) or _of_list(lines, places)
    if not quoted:
        return list(carriers)
    return [_line(first, *spans[place]) for place in quoted]


def _of_list(lines: Sequence[str], places: Sequence[int]) -> list[int]:
    """Places of the line that opens the list and of what is quoted of it; nothing for no list."""

    def is_item(place: int) -> bool:
        line, before = lines[place], lines[place - 1] if place else ""
        is_one = _MARK.match(line) or line.endswith(";") or before.endswith((";", ":"))
        return bool(is_one) and not is_row(line)

    opening = places[0]
    while opening > 0 and is_item(opening) and not lines[opening].endswith(":"):
        opening -= 1
    inside = range(opening + 1, places[-1] + 1)
    if opening == places[0] or not lines[opening].endswith(":") or not all(map(is_item, inside)):
        return []
    after = places[-1] + 1
    while after < len(lines) and (_MARK.match(lines[after]) or lines[after - 1].endswith(";")):
        after += 1
    return list(range(opening, after)) if after - opening <= MOST else [opening, *places][:MOST]


def _of_table(lines: Sequence[str], places: Sequence[int], question: str) -> list[int]:
    """Places of all rows of a short table; nothing where the question names one of them."""
    if not all(is_row(lines[place]) for place in places):
        return []
    headings = labels(lines[places[0]])
    first, after = places[0], places[-1] + 1
    while first > 0 and labels(lines[first - 1]) == headings:
        first -= 1
    while after < len(lines) and labels(lines[after]) == headings:
        after += 1
    rows = range(first, after)
    most = A_WEEK if all(is_day(lines[row]) for row in rows) else MOST
    if not len(places) < len(rows) <= most:
        return []
    says = [_words(lines[row].split(";")[0].partition(":")[2]) for row in rows]
    told_apart = {word for own in says for word in own if not all(word in other for other in says)}
    return [] if told_apart & _words(question) else list(rows)


def _words(text: str) -> set[str]:
    """All of them: a season, « été », is also one of the words that say nothing."""
    return set(WORD.findall(fold(text)))


def _line(like: Candidate, start: int, end: int) -> Candidate:
    passage = like.passage
    text = passage.text.text[start:end]
    return replace(like, start=passage.start + start, end=passage.start + end, text=text)
