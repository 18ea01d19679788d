# SPDX-License-Identifier: EUPL-1.2
"""The learned layer: how likely each token is part of a name, an address, a number of someone's.

It weighs by data what the rules weigh by hand (`tools/train_names.py`), sees the words around and
not the votes of the rules, so that its errors are its own. It can name a person alone, and doubt
what the rules found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Protocol

import numpy as np

from guardrails.names.lexicons import Lexicons
from guardrails.names.network import PAD, VECTOR, Floats, Network, inputs_of
from guardrails.names.traits import Kind, TraitsOf, tokens
from guardrails.names.votes import Vote
from guardrails.names.word import Shape
from guardrails.names.words import Words

LEARNED = "learned"
"""The name of the layer; it reads what stands before a name by itself, streets and firms too."""

ALONE = 0.3
"""From here on the layer hides by itself."""

NEAR = 0.12
"""From here on it strengthens what a rule half believes."""

AGAINST = 0.05
"""Below, it takes back what the rules found, unless they are sure; weak finds need `NEAR`."""

WEAK, SURE = 0.6, 0.95
_BY_FORM = "spelled"
"""`M A U G E R E T`: single letters, of which the layer knows nothing."""

_NEAR_WEIGHT = 0.35
_TAKEN_BACK = 0.45
_DOUBTFUL = (0.02, 0.6)
_MOST_KINDS = 30_000
_MOST_TOKENS = 20_000


LEAST = 0.05
"""Tokens under this, whatever they might be beside names, are told of no more."""


@dataclass(frozen=True, slots=True)
class Told:
    """A token that may be personal data: its place in the text, a chance for each of OUTPUTS."""

    start: int
    end: int
    chances: Floats


@dataclass(frozen=True, slots=True)
class Reading:
    """What the networks tell of one text.

    `names`: for each word, how likely it is part of a name; `others`: the tokens, in order, that
    may be part of an address, a number, a date … (LEAST or more).
    """

    names: list[float]
    others: list[Told]


class WordVectors(Protocol):
    """Tells the vector of a word as the language model has it."""

    def vector(self, word: str) -> Floats | None: ...


class Learned:
    """Reads texts with the trained networks; what it knows of a kind of token is kept."""

    def __init__(
        self, networks: Sequence[Network], lexicons: Lexicons, vectors: WordVectors
    ) -> None:
        self._networks = networks
        self._traits_of = TraitsOf(lexicons)
        self._vectors = vectors
        self._lock = Lock()
        self._numbers: dict[Kind, int] = {}
        self._known = [np.zeros((0, net.width), np.float32) for net in networks]

    def read(self, documents: Sequence[Words]) -> list[Reading]:
        """Return what the networks tell of each document."""
        result = [Reading([0.0] * len(words), []) for words in documents]
        for some in _batches(documents):
            with self._lock:
                laid, places, known = self._laid([documents[number] for number in some])
            if not places:
                continue
            is_token = np.zeros((len(laid), 1), np.float32)
            positions = [place[0] for place in places]
            is_token[positions] = 1
            odds = sum(
                network.scores(vectors[laid], is_token)
                for network, vectors in zip(self._networks, known, strict=True)
            ) / np.float32(len(self._networks))
            chances = (1 / (1 + np.exp(-np.clip(odds, -30, 30))))[positions]
            for (_, document, index, _, _), chance in zip(places, chances[:, 0], strict=True):
                if index >= 0:
                    result[some[document]].names[index] = float(chance)
            for number in np.flatnonzero(chances[:, 1:].max(1) >= LEAST).tolist():
                _, document, _, start, end = places[number]
                result[some[document]].others.append(Told(start, end, chances[number]))
        return result

    def _laid(
        self, documents: Sequence[Words]
    ) -> tuple[np.ndarray, list[tuple[int, int, int, int, int]], list[Floats]]:
        """Return the number of each token's kind, where each token is, and the vectors of kinds.

        Where a token is: its row, its document, its word or -1, its start and end in the text.
        """
        if len(self._numbers) > _MOST_KINDS:
            self._numbers = {}
            self._known = [known[:0] for known in self._known]
        laid: list[int] = []
        places: list[tuple[int, int, int, int, int]] = []
        fresh: dict[Kind, int] = {}
        new = []
        for document, words in enumerate(documents):
            for kind, index, start, end in tokens(words):
                number = self._numbers.get(kind, fresh.get(kind))
                if number is None:
                    number = fresh[kind] = len(self._numbers) + len(fresh)
                    word = words[index] if index >= 0 else None
                    new.append(self._traits_of.word(word) if word else self._traits_of.mark(kind))
                places.append((len(laid), document, index, start, end))
                laid.append(number)
            laid.extend([0] * PAD)
        if new:
            inputs = inputs_of(new, self.vectors_of([traits.word for traits in new]))
            self._known = [
                np.concatenate([known, network.embedded(inputs)])
                for network, known in zip(self._networks, self._known, strict=True)
            ]
            self._numbers.update(fresh)  # only once their vectors are there
        return np.array(laid, np.intp), places, list(self._known)

    def vectors_of(self, words: Sequence[str]) -> Floats:
        """Return the vectors of words, zeros where the model has none."""
        rows = np.zeros((len(words), VECTOR), np.float32)
        for row, word in enumerate(words):
            vector = self._vectors.vector(word) if word else None
            if vector is not None:
                rows[row] = vector
        return rows


def _batches(documents: Sequence[Words]) -> Iterator[list[int]]:
    """Yield the numbers of documents that are read together: many short ones, or a long one."""
    some: list[int] = []
    count = 0
    for number, words in enumerate(documents):
        if some and count + len(words) > _MOST_TOKENS:
            yield some
            some, count = [], 0
        some.append(number)
        count += len(words)
    if some:
        yield some


def learned_votes(words: Words, chances: Sequence[float]) -> Iterator[Vote]:
    """Vote for the runs of words that the layer takes for a name, near misses included."""
    index = 0
    while index < len(words):
        if chances[index] < NEAR:
            index += 1
            continue
        least = ALONE if chances[index] >= ALONE else NEAR
        last = index
        while last + 1 < len(words):
            ahead = last + 1
            while ahead < len(words) and words[ahead].is_particle and chances[ahead] < least:
                ahead += 1
            if ahead >= len(words) or chances[ahead] < least:
                break
            if not all(words.joins(place) for place in range(last, ahead)):
                break
            last = ahead
        while last + 1 < len(words) and words.is_inner(last):
            last += 1
        while index and _is_initial(words, index - 1) and words.joins(index - 1):
            index -= 1  # M.-J. Télémaque
        best = max(chances[index : last + 1])
        yield Vote(index, last, max(best, 0.5) if best >= ALONE else _NEAR_WEIGHT, LEARNED)
        index = last + 1


def _is_initial(words: Words, index: int) -> bool:
    """`J.-M.`, and no civility."""
    return words[index].shape is Shape.INITIAL and not words[index].is_never


def is_doubtful(chance: float) -> bool:
    """Tell whether another opinion on a word could change what becomes of it."""
    return _DOUBTFUL[0] <= chance < _DOUBTFUL[1]


def doubted(name: Vote, chances: Sequence[float]) -> Vote:
    """Make a near miss of a name in which the layer believes no word, unless the rules are sure."""
    needed = NEAR if name.weight < WEAK else AGAINST
    if _BY_FORM in name.layer.split("+"):
        return name
    if not 0.5 <= name.weight < SURE or max(chances[name.first : name.last + 1]) >= needed:
        return name
    return replace(name, weight=_TAKEN_BACK, layer=f"{name.layer}+unlearned")
