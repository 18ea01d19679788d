# SPDX-License-Identifier: EUPL-1.2
"""A line that misleads alone is quoted with those around it.

« — du 3 novembre au 31 mars, de 8 heures à 17 heures 30 » does not say what is open, nor that
summer has other hours. An item of a list comes under the line that opens the list, a short list
whole; a row of a table comes with those that the question does not tell from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence import Candidate
from assistant.ranges import suits
from assistant.rows import is_row, labels, named_alike, says_alike
from corpus.sentences import sentences

MOST = 3
"""Lines of a quote: an answer has three sentences at most."""

MOST_ITEMS = 4
"""Items of a list between which a question does not choose, under the line that opens it."""

MOST_ROWS = 8
"""Rows of a table between which a question does not choose: a week's hours, prices by income."""

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
    quoted = _of_table(lines, places, question) or _of_list(lines, places, question)
    if not quoted:
        return list(carriers)
    return [_line(first, *spans[place]) for place in quoted]


def misleads_alone(carriers: Sequence[Candidate], quoted: Sequence[Candidate]) -> bool:
    """Whether a sentence that rests on the carriers alone would leave out what stands beside them:
    more is quoted than they and the line that opens their list."""
    starts = {carrier.start for carrier in carriers}
    return any(line.start not in starts for line in quoted[1:])


def _of_list(lines: Sequence[str], places: Sequence[int], question: str) -> list[int]:
    """Places of the line that opens the list, then of the items that the question does not tell
    apart from those of the answer; nothing for no list."""

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
    alike = [
        place
        for place in range(opening + 1, after)
        if any(says_alike(lines[place], lines[carrying], question) for carrying in places)
    ]
    return [opening, *alike] if len(alike) <= MOST_ITEMS else [opening, *places][:MOST]


def _of_table(lines: Sequence[str], places: Sequence[int], question: str) -> list[int]:
    """Places of the rows that a question does not tell apart, with those of the answer; nothing
    where it singles one out, by a word or by a figure that falls into its range."""
    carrying = [lines[place] for place in places]
    if not all(map(is_row, carrying)):
        return []
    headings = labels(carrying[0])
    first, after = places[0], places[-1] + 1
    while first > 0 and labels(lines[first - 1]) == headings:
        first -= 1
    while after < len(lines) and labels(lines[after]) == headings:
        after += 1
    if any(suits(question, lines[place]) is not None for place in range(first, after)):
        return []
    alike = [
        place
        for place in range(first, after)
        if any(named_alike(row, lines[place], question) for row in carrying)
    ]
    return alike if len(places) < len(alike) <= MOST_ROWS else []


def _line(like: Candidate, start: int, end: int) -> Candidate:
    passage = like.passage
    text = passage.text.text[start:end]
    return replace(like, start=passage.start + start, end=passage.start + end, text=text)
