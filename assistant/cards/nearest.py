# SPDX-License-Identifier: EUPL-1.2
"""The askings of served cards that are nearest to a question: by vector, and by words.

They are held in memory and read again only once a card has changed: 20,000 askings take 30 MB.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from threading import Lock

import numpy as np

from assistant.cards.card import asking_key
from assistant.cards.store import CardStore
from corpus.french import terms
from corpus.seams import Embedder, Vectors

BY_VECTOR = 8
BY_WORDS = 4
"""How many askings of each list are compared strictly: each takes some hundredths of a second at
its first."""

Asking = tuple[str, str]
"""A card's id, and its question or another wording of it."""


class NearestAskings:
    """Finds askings; safe to share between threads."""

    def __init__(self, cards: CardStore, embedder: Callable[[], Embedder]) -> None:
        self._cards = cards
        self._embedder = embedder
        self._lock = Lock()
        self._generation = (-1, -1)
        self._askings: list[Asking] = []
        self._vectors: Vectors = np.empty((0, 0), np.float32)
        self._by_stem: dict[str, list[int]] = {}
        self._by_key: dict[str, list[int]] = {}

    def __call__(self, question: str) -> list[Asking]:
        """Return the nearest askings, those that are the question word for word first."""
        with self._lock:
            self._renew()
            askings, vectors = self._askings, self._vectors
            by_stem, by_key = self._by_stem, self._by_key
        if not askings:
            return []
        same = by_key.get(asking_key(question), [])
        cosines = vectors @ self._embedder().embed_query(question)
        many = min(BY_VECTOR, len(askings))
        near = np.argpartition(-cosines, many - 1)[:many]
        said = defaultdict[int, float](float)
        for stem in set(terms(question)):
            places = by_stem.get(stem, [])
            for place in places:
                said[place] += math.log(1 + len(askings) / len(places))
        spoken = sorted(said, key=lambda place: -said[place])[:BY_WORDS]
        by_meaning = sorted(map(int, near), key=lambda place: -float(cosines[place]))
        return [askings[place] for place in dict.fromkeys([*same, *by_meaning, *spoken])]

    def _renew(self) -> None:
        if self._cards.generation() == self._generation:
            return
        self._embed_anew()
        self._generation = self._cards.generation()
        rows = self._cards.served_askings()
        self._askings = [(card, text) for card, text, _, _, _ in rows]
        joined = b"".join(vector for *_, vector in rows)
        width = len(joined) // 4 // max(1, len(rows))
        self._vectors = np.frombuffer(joined, np.float32).reshape(len(rows), width)
        by_stem, by_key = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        for place, (_, text, stems, _, _) in enumerate(rows):
            by_key[asking_key(text)].append(place)
            for stem in set(stems.split()):
                by_stem[stem].append(place)
        self._by_stem, self._by_key = by_stem, by_key

    def _embed_anew(self) -> None:
        """Give the askings that another embedder read vectors of this one."""
        if not any(self._cards.counts().values()):
            return
        embedder = self._embedder()
        old = self._cards.embedded_by_others(embedder.name)
        if old:
            vectors = [(number, embedder.embed_query(text)) for number, text in old]
            with self._cards.changing() as change:
                change.revise(vectors, embedder.name)
