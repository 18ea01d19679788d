# SPDX-License-Identifier: EUPL-1.2
"""Validated answers for another town: questions alone, to be tied to its own pages.

Card… ─exported▶ JSON lines: question, wordings, audience, kinds of papers; never a quote or a name
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from assistant.cards.card import Card
from corpus.passages import PassageStore


def exported(cards: Iterable[Card], passages: PassageStore) -> str:
    """Return a line of JSON for each card."""
    rows = (
        {
            "question": card.question,
            "wordings": [*card.wordings],
            "audience": card.audience,
            "documents": sorted(_kinds(passages, card)),
        }
        for card in cards
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _kinds(passages: PassageStore, card: Card) -> set[str]:
    """Return the kinds of papers that a card rests on: never a name, a place or a word of them."""
    kept = (passages.document(quote.document) for quote in card.quotes)
    return {document.act.kind for document in kept if document} - {""}
