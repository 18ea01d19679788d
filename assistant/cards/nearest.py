# SPDX-License-Identifier: EUPL-1.2
"""The served cards that may be asked by a question: word for word, or the nearest by vector.

The vectors are held in memory and read again only once a card has changed: 20,000 cards take 30 MB.
Other wordings count word for word only: by likeness they bring near misses, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import numpy as np

from assistant.cards.card import asking_key
from assistant.cards.store import CardStore
from corpus.seams import Embedder, Vectors

BY_VECTOR = 8
"""How many are told as near, and compared strictly at most."""

AS_NEAR = 0.01
"""Cosine below the nearest at which another card is compared too: the same question may be asked of
cards for agents and for residents. What is farther is seldom meant (`docs/decisions/cards.md`)."""


class NearestCards:
    """Finds cards; safe to share between threads."""

    def __init__(self, cards: CardStore, embedder: Callable[[], Embedder]) -> None:
        self._cards = cards
        self._embedder = embedder
        self._lock = Lock()
        self._generation = (-1, -1)
        self._ids: list[str] = []
        self._vectors: Vectors = np.empty((0, 0), np.float32)

    def __call__(self, question: str) -> list[str]:
        """Return ids, of those that are asked so word for word first."""
        same = [card.id for card in self._cards.asked_as({asking_key(question)})]
        near = self.cosines(question)
        return [
            *dict.fromkeys([*same, *(i for i, cosine in near if cosine >= near[0][1] - AS_NEAR)])
        ]

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
        self._ids = [card for card, _ in rows]
        joined = b"".join(vector for _, vector in rows)
        width = len(joined) // 4 // max(1, len(rows))
        self._vectors = np.frombuffer(joined, np.float32).reshape(len(rows), width)

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
