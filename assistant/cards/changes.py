# SPDX-License-Identifier: EUPL-1.2
"""What a transaction may do of cards: `CardStore.changing` gives it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import numpy as np

from assistant.cards.card import Card, State, Why, asking_key
from corpus.seams import Vectors


class Changes:
    """What a transaction may do."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, card: Card, vector: Vectors, embedder: str) -> None:
        """Keep a card, in the place of one of its id, with the vector of its question."""
        write = self._connection.execute
        write("DELETE FROM cards WHERE id = ?", (card.id,))
        write(
            "INSERT INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                card.id, card.answer, card.audience, card.until, card.state, card.why, card.by,
                card.role, card.at, embedder, np.asarray(vector, np.float32).tobytes(),
                card.service, card.likely,
            ),
        )  # fmt: skip
        for rank, text in enumerate(card.askings):
            write(
                "INSERT INTO askings (card, rank, text, key) VALUES (?, ?, ?, ?)",
                (card.id, rank, text, asking_key(text)),
            )
        for rank, quote in enumerate(card.quotes):
            write(
                "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    card.id, rank, quote.document, quote.file, quote.page, quote.quote,
                    quote.heading,
                ),
            )  # fmt: skip

        for language, answer in card.translations:
            write("INSERT INTO translations VALUES (?, ?, ?)", (card.id, language, answer))

    def mark(self, card: str, state: State, why: Why = Why.NONE) -> None:
        """Put a card into a state."""
        self._connection.execute(
            "UPDATE cards SET state = ?, why = ? WHERE id = ?", (state, why, card)
        )

    def revise(self, vectors: Iterable[tuple[str, Vectors]], embedder: str) -> None:
        """Give cards, by their id, the vectors of another embedder."""
        self._connection.executemany(
            "UPDATE cards SET vector = ?, embedder = ? WHERE id = ?",
            [(np.asarray(v, np.float32).tobytes(), embedder, card) for card, v in vectors],
        )
