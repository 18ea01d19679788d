# SPDX-License-Identifier: EUPL-1.2
"""An item of a list, quoted with the line that opens the list.

« — du 3 novembre au 31 mars, de 8 heures à 17 heures 30 » alone does not say what is open, nor that
summer has other hours. The opening line comes before it, and a short list is quoted whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence import Candidate
from corpus.sentences import sentences

MOST = 3
"""Lines of a quote: an answer has three sentences at most."""

_ITEM = re.compile(r"[-–—•*·▪]\s|\d{1,2}°\s|[a-z]\)\s")


def in_its_list(carriers: Sequence[Candidate]) -> list[Candidate]:
    """Return what to quote, in its order: other sentences than items are left as they are."""
    first = carriers[0]
    whole = first.passage.text.text
    spans = sentences(whole)
    lines = [whole[start:end] for start, end in spans]
    places = sorted({_place(spans, one) for one in carriers if one.passage is first.passage})
    if len(places) < len(carriers) or not all(n >= 0 and _ITEM.match(lines[n]) for n in places):
        return list(carriers)
    opening = places[0]
    while opening >= 0 and _ITEM.match(lines[opening]):
        opening -= 1
    if opening < 0 or not lines[opening].endswith(":"):
        return list(carriers)
    after = places[-1] + 1
    while after < len(lines) and _ITEM.match(lines[after]):
        after += 1
    quoted = range(opening, after) if after - opening <= MOST else [opening, *places][:MOST]
    return [_line(first, spans[n]) for n in quoted]


def _place(spans: Sequence[tuple[int, int]], one: Candidate) -> int:
    starts = [start for start, _ in spans]
    at = one.start - one.passage.start
    return starts.index(at) if at in starts else -1


def _line(like: Candidate, span: tuple[int, int]) -> Candidate:
    start, end = span
    passage = like.passage
    return replace(
        like,
        start=passage.start + start,
        end=passage.start + end,
        text=passage.text.text[start:end],
    )
