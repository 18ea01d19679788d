# SPDX-License-Identifier: EUPL-1.2
"""Votes for a name, and how votes add up.

Each layer gives a weight between 0 and 1; independent layers that point at the same words
strengthen each other (1 minus the product of the doubts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from guardrails.findings import Entity, Finding
from guardrails.names.words import Words


@dataclass(frozen=True, slots=True, order=True)
class Vote:
    """One layer's opinion that words `first` to `last` (inclusive) are a person's name."""

    first: int
    last: int
    weight: float
    layer: str


Layer = Callable[[Words], Iterator[Vote]]


_REACHES = {"first_name": 0.3}  # `Lys Bonenfant`: the surname proves the first name
_ONE_MODEL = ("model", "truecased")


def weighed(votes: Iterable[Vote]) -> list[Vote]:
    """Join the votes that overlap; `layer` then names all the voters, joined by `+`."""
    groups: list[list[Vote]] = []
    for vote in sorted(votes):
        if groups and vote.first <= max(v.last for v in groups[-1]):
            groups[-1].append(vote)
        else:
            groups.append([vote])
    return [_joined(group) for group in groups]


def _joined(group: Sequence[Vote]) -> Vote:
    best: dict[str, float] = {}
    for vote in group:
        best[vote.layer] = max(vote.weight, best.get(vote.layer, 0.0))
    doubt = 1.0
    # one model read both copies: its two opinions count for little more than one
    model = [best[layer] for layer in _ONE_MODEL if layer in best]
    both = [min(max(model) + 0.05 * (len(model) - 1), 1.0)] if model else []
    for weight in [*both, *(w for layer, w in best.items() if layer not in _ONE_MODEL)]:
        doubt *= 1 - weight
    strong = [vote for vote in group if vote.weight >= _REACHES.get(vote.layer, 0.5)] or group
    return Vote(
        min(vote.first for vote in strong),
        max(vote.last for vote in strong),
        round(1 - doubt, 3),
        "+".join(sorted(best)),
    )


def as_finding(vote: Vote, words: Words) -> Finding:
    """Return the finding that a vote amounts to."""
    start, end = words[vote.first].start, words[vote.last].end
    return Finding(start, end, Entity.PERSON, f"names:{vote.layer}", vote.weight)
