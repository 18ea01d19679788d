# SPDX-License-Identifier: EUPL-1.2
"""Neighbouring passages of one page, found together, come as one.

The better of the two keeps its place and its id; its text and its positions cover both, so
that it can be quoted as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from corpus.documents import Passage, Retrieved
from guardrails.findings import Screened

MOST_CHARS = 1_500
"""A passage that grew longer than this takes no more neighbours."""

Place = tuple[str, int]
"""A document and the number of a page."""

PageTexts = Callable[[Collection[Place]], Mapping[Place, str]]


def merged(found: Sequence[Retrieved], page_texts: PageTexts) -> list[Retrieved]:
    """Return what was found, best first, each passage with its neighbours in it."""
    texts = page_texts(_with_neighbours(found))
    kept: list[Retrieved] = []
    spans: list[tuple[int, int]] = []
    kept_of = dict[Place, list[int]]()
    for retrieved in found:
        passage = retrieved.passage
        same_page = kept_of.setdefault((passage.document, passage.page), [])
        for place in same_page:
            first, last = spans[place]
            beside = passage.ordinal in (first - 1, last + 1)
            if not (beside and _are_one(kept[place].passage, passage)):
                continue
            text = texts.get((passage.document, passage.page), "")
            if _touch(kept[place].passage, passage, text):
                kept[place] = replace(kept[place], passage=_joined(kept[place], retrieved, text))
                spans[place] = (min(first, passage.ordinal), max(last, passage.ordinal))
                break
        else:
            same_page.append(len(kept))
            kept.append(retrieved)
            spans.append((passage.ordinal, passage.ordinal))
    return kept


def _with_neighbours(found: Sequence[Retrieved]) -> list[Place]:
    """Return the pages of which passages were found that follow each other."""
    ordinals = dict[Place, set[int]]()
    for one in found:
        passage = one.passage
        ordinals.setdefault((passage.document, passage.page), set()).add(passage.ordinal)
    return [place for place, held in ordinals.items() if any(n + 1 in held for n in held)]


def _are_one(better: Passage, other: Passage) -> bool:
    span = max(better.end, other.end) - min(better.start, other.start)
    same = (better.item, better.heading) == (other.item, other.heading)
    return same and span <= MOST_CHARS


def _touch(one: Passage, other: Passage, page: str) -> bool:
    """Tell whether nothing was left out between two passages (one kept apart, say)."""
    return not page[min(one.end, other.end) : max(one.start, other.start)].strip()


def _joined(better: Retrieved, other: Retrieved, page: str) -> Passage:
    start = min(better.passage.start, other.passage.start)
    end = max(better.passage.end, other.passage.end)
    return replace(better.passage, text=Screened(page[start:end]), start=start, end=end)
