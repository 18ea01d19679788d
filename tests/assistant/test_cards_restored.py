# SPDX-License-Identifier: EUPL-1.2
"""A backup that is put back serves no card that was withdrawn since, nor one in doubt."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest

from assistant.cards import GivenQuote, State, Why
from assistant.cards.restored import Withdrawn, lost_entries, withdraw, withdraw_last
from guardrails.register.records import Kind
from tests.assistant.test_cards_serving import CANCEL, ME, Town, open_town, town
from tests.fakes import HashEmbedder

__all__ = ["open_town", "town"]


def put_back(town: Town, *cards: str) -> None:
    """Serve cards again, as an older file would."""
    with town.cards.changing() as change:
        for identifier in cards:
            card = town.cards.card(identifier)
            assert card is not None
            change.put(
                replace(card, state=State.SERVED, why=Why.NONE),
                HashEmbedder().embed_query(card.question),
                "hash",
            )


def three(town: Town) -> tuple[str, str, str]:
    cancel = (GivenQuote(file="cantine.txt", page=1, quote=CANCEL),)
    return (
        town.add(),
        town.add(question="Quand annuler un repas ?", answer="", quotes=cancel),
        town.add(question="Jusqu'à quand annuler ?", answer="", quotes=cancel),
    )


def test_a_register_that_is_not_older_says_what_was_withdrawn(town: Town) -> None:
    retired, wrong, served = three(town)
    town.desk.retire(retired, **ME)
    town.desk.suspend(wrong, why=Why.REPORTED, **ME)
    put_back(town, retired, wrong)
    assert withdraw(town.cards, town.register, is_cut=False) == Withdrawn(known=2)
    states = [town.state(one) for one in (retired, wrong, served)]
    assert states == [
        (State.RETIRED, Why.BY_HAND), (State.SUSPENDED, Why.REPORTED), (State.SERVED, Why.NONE),
    ]  # fmt: skip


@pytest.mark.parametrize("state", [State.SUSPENDED, State.RETIRED])
def test_who_withdrew_a_card_and_died_is_heard_at_the_next_opening(
    town: Town, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register says it first: a power cut left residents with the answer for good."""
    gone, served, _ = three(town)
    monkeypatch.setattr(town.cards, "changing", lambda: nullcontext(Nothing()))
    if state is State.SUSPENDED:
        town.desk.suspend(gone, why=Why.REPORTED, **ME)
    else:
        town.desk.retire(gone, **ME)
    monkeypatch.undo()
    assert town.state(gone)[0] is State.SERVED
    withdraw_last(town.cards, town.register)
    why = Why.REPORTED if state is State.SUSPENDED else Why.BY_HAND
    assert (town.state(gone), town.state(served)[0]) == ((state, why), State.SERVED)
    if state is State.SUSPENDED:
        town.desk.confirm(gone, **ME)
        withdraw_last(town.cards, town.register)
        assert town.state(gone)[0] is State.SERVED


class Nothing:
    """A change of the cards that is cut before it is kept."""

    def mark(self, *_: object) -> None:
        pass


def test_what_was_erased_since_is_erased_again(town: Town) -> None:
    first, *_ = three(town)
    card = town.cards.card(first)
    assert card is not None
    town.desk.forget([card.quotes[0].document], **ME)
    with town.cards.changing() as change:
        change.put(card, HashEmbedder().embed_query(card.question), "hash")
    assert withdraw(town.cards, town.register, is_cut=True) == Withdrawn(known=1)
    assert town.cards.cards() == []


def test_where_the_register_was_cut_all_wait_and_it_says_so(town: Town) -> None:
    first, second, third = three(town)
    town.desk.retire(first, **ME)
    put_back(town, first)
    assert withdraw(town.cards, town.register, is_cut=True) == Withdrawn(known=1, in_doubt=2)
    assert town.state(first)[0] is State.RETIRED
    assert [town.state(one) for one in (second, third)] == [(State.SUSPENDED, Why.RESTORED)] * 2
    whys = [e.payload.get("why") for e in town.register.entries() if e.kind is Kind.CARD]
    assert whys.count("restored") == 2
    town.desk.confirm(second, **ME)
    assert town.state(second) == (State.SERVED, Why.NONE)
    assert not lost_entries(town.register, 0)
