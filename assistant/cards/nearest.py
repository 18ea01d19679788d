# SPDX-License-Identifier: EUPL-1.2
"""The served cards that may be asked by a question: word for word, by vector, and by words.

The vectors are held in memory and read again only once a card has changed: 20,000 cards take 30 MB.
Other wordings count word for word only: by likeness they bring near misses, and nothing else.
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
"""How many cards of each list are compared strictly: each takes some hundredths of a second at its
first."""


class NearestCards:
    """Finds cards; safe to share between threads."""

    def __init__(self, cards: CardStore, embedder: Callable[[], Embedder]) -> None:
        self._cards = cards
        self._embedder = embedder
        self._lock = Lock()
        self._generation = (-1, -1)
        self._ids: list[str] = []
        self._vectors: Vectors = np.empty((0, 0), np.float32)
        self._by_stem: dict[str, list[int]] = {}

    def __call__(self, question: str) -> list[str]:
        """Return ids, of those that are asked so word for word first."""
        with self._lock:
            self._renew()
            ids, vectors, by_stem = self._ids, self._vectors, self._by_stem
        if not ids:
            return []
        same = [card.id for card in self._cards.asked_as({asking_key(question)})]
        cosines = vectors @ self._embedder().embed_query(question)
        many = min(BY_VECTOR, len(ids))
        near = np.argpartition(-cosines, many - 1)[:many]
        said = defaultdict[int, float](float)
        for stem in set(terms(question)):
            places = by_stem.get(stem, [])
            for place in places:
                said[place] += math.log(1 + len(ids) / len(places))
        spoken = sorted(said, key=lambda place: -said[place])[:BY_WORDS]
        by_meaning = sorted(map(int, near), key=lambda place: -float(cosines[place]))
        return [*dict.fromkeys([*same, *(ids[place] for place in (*by_meaning, *spoken))])]

    def cosines(self, question: str) -> list[tuple[str, float]]:
        """Return the cards that are nearest by vector, each with its cosine, the nearest first."""
        with self._lock:
            self._renew()
            ids, vectors = self._ids, self._vectors
        if not ids:
            return []
        cosines = vectors @ self._embedder().embed_query(question)
        return [(ids[place], float(cosines[place])) for place in np.argsort(-cosines)[:BY_VECTOR]]

    def _renew(self) -> None:
        if self._cards.generation() == self._generation:
            return
        self._embed_anew()
        self._generation = self._cards.generation()
        rows = self._cards.questions()
        self._ids = [card for card, _, _ in rows]
        joined = b"".join(vector for _, _, vector in rows)
        width = len(joined) // 4 // max(1, len(rows))
        self._vectors = np.frombuffer(joined, np.float32).reshape(len(rows), width)
        by_stem = defaultdict[str, list[int]](list)
        for place, (_, stems, _) in enumerate(rows):
            for stem in set(stems.split()):
                by_stem[stem].append(place)
        self._by_stem = by_stem

    def _embed_anew(self) -> None:
        """Give the cards that another embedder read vectors of this one."""
        if not any(self._cards.counts().values()):
            return
        embedder = self._embedder()
        old = self._cards.embedded_by_others(embedder.name)
        if old:
            vectors = [(card, embedder.embed_query(text)) for card, text in old]
            with self._cards.changing() as change:
                change.revise(vectors, embedder.name)
