# SPDX-License-Identifier: EUPL-1.2
"""Validated answers: what a person checked once answers at once, from the same quotes.

    draft ─Maker▶ Card ══sealed══▶ CardStore          question ─▶ nearest cards ─▶ the same? ─┐
      guard, quotes on their pages, values            quotes found again today ◀────────────────┘
                                                      ─▶ Validated ══sealed══▶ Answer(via="card")

`CardDesk` makes and changes cards, `ValidatedAnswers` serves them. docs/cards.md says what a card
is; docs/decisions/cards.md why it is served or not.
"""

from assistant.cards.card import Audience, Card, Matter, Quote, Settled, State, Why
from assistant.cards.desk import Added, CardDesk, ToReview
from assistant.cards.making import Draft, Fault, GivenQuote, Maker, Refused
from assistant.cards.store import FILE, CardStore

__all__ = [
    "FILE",
    "Added",
    "Audience",
    "Card",
    "CardDesk",
    "CardStore",
    "Draft",
    "Fault",
    "GivenQuote",
    "Maker",
    "Matter",
    "Quote",
    "Refused",
    "Settled",
    "State",
    "ToReview",
    "Why",
]
