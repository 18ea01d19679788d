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
from assistant.understanding.questions import years_in
from corpus.documents import Passage
from corpus.sentences import sentences

EXCERPT_CHARS = (800, 620)
"""How many characters of each excerpt are read, the likeliest first: some 200 tokens, read in less
than two seconds on 2 cores. The first holds the answer most often, so that it may be longer."""

FOUND_WEIGHT, AROUND_WEIGHT = 1.0, 22.5
"""What the passage's own score and cosine count for beside its best sentence. How often the answer
then stands in the first excerpt, or in any, is printed by `benchmarks/calibration.py`."""

CUT = "[…]"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a passage, in its order, and its sentences that may be quoted, best first."""

    passage: Passage
    text: str
    candidates: tuple[Candidate, ...]


def excerpts(
    candidates: Sequence[Candidate],
    years: frozenset[str] = frozenset(),
    limits: Sequence[int] = EXCERPT_CHARS,
) -> list[Excerpt]:
    """Return what to read, most likely first; a passage that knows nothing of `years` is left.

    `limits` are the characters of each excerpt at most.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if years <= _years_of(candidate.passage):
            groups.setdefault(candidate.passage.id, []).append(candidate)
    likeliest = sorted(groups.values(), key=lambda group: -_promise(group[0]))
    read = likeliest[: len(limits)]
    best = next(iter(groups.values()), None)
    if best and best not in read:
        read[-1] = best  # where the likeliest sentence stands is read, though the rest says little
    return [
        Excerpt(group[0].passage, _cut(group[0].passage, group, limit), tuple(group))
        for group, limit in zip(read, limits, strict=False)
    ]


def _years_of(passage: Passage) -> frozenset[str]:
    """The years that a passage names, its heading and its file's name, and that of its act."""
    return years_in(f"{passage.heading} {passage.text.text} {passage.dated} {passage.file}")


def _promise(best: Candidate) -> float:
    """How likely a passage answers, by its best sentence and as a whole."""
    return best.score + FOUND_WEIGHT * best.found + AROUND_WEIGHT * best.around


def _cut(passage: Passage, candidates: Sequence[Candidate], limit: int) -> str:
    """Keep the best candidates, then the sentences beside them, one a line."""
    whole = passage.text.text
    spans = list(sentences(whole))
    kept: list[int] = []
    left = limit
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
    """Places of sentences: the candidates, then what stands before and after each, then all."""
    places = {start: place for place, (start, _) in enumerate(spans)}
    best = [places[start] for start in starts if start in places]
    beside = [place + step for place in best for step in (-1, 1) if 0 <= place + step < len(spans)]
    return [*best, *beside, *range(len(spans))]
