# SPDX-License-Identifier: EUPL-1.2
"""The few stretches of text that the model reads, each from one passage.

    Candidate…, most likely first ─▶ their passages ─▶ Excerpt…

A small model that reads several passages at once mixes them up; with one before it, it answers
from that one or says that it does not know. So the best passages are cut around their likeliest
sentences, and each is read alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.evidence import Candidate
from corpus.documents import Passage
from corpus.sentences import sentences

MAX_EXCERPTS = 3
MAX_EXCERPT_CHARS = 620
"""About 200 tokens: three excerpts are read in some five seconds on 2 cores."""

CUT = "[…]"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a passage, in its order, and its sentences that may be quoted, best first."""

    passage: Passage
    text: str
    candidates: tuple[Candidate, ...]


def excerpts(candidates: Sequence[Candidate]) -> list[Excerpt]:
    """Return what to read, most likely first."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.passage.id in groups or len(groups) < MAX_EXCERPTS:
            groups.setdefault(candidate.passage.id, []).append(candidate)
    return [
        Excerpt(group[0].passage, _cut(group[0].passage, group), tuple(group))
        for group in groups.values()
    ]


def _cut(passage: Passage, candidates: Sequence[Candidate]) -> str:
    """Keep the sentences around the best candidates, one a line."""
    whole = passage.text.text
    spans = list(sentences(whole))
    kept: list[int] = []
    left = MAX_EXCERPT_CHARS
    for place in _order(spans, [c.start - passage.start for c in candidates]):
        start, end = spans[place]
        if place not in kept and (not kept or end - start <= left):
            kept.append(place)
            left -= end - start + 1
    lines: list[str] = []
    before = None
    for place in sorted(kept):
        if before is not None and place > before + 1:
            lines.append(CUT)
        lines.append(" ".join(whole[slice(*spans[place])].split()))
        before = place
    return "\n".join(lines)


def _order(spans: Sequence[tuple[int, int]], starts: Iterable[int]) -> list[int]:
    """Places of sentences: each candidate with the one before and the one after, then all."""
    places = {start: place for place, (start, _) in enumerate(spans)}
    near = [
        place + step
        for place in (places[start] for start in starts if start in places)
        for step in (0, -1, 1)
        if 0 <= place + step < len(spans)
    ]
    return [*near, *range(len(spans))]
