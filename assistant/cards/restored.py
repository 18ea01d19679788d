# SPDX-License-Identifier: EUPL-1.2
"""What becomes of the cards of a backup that was put back: nothing that was withdrawn is served.

    cards as they stood then ─┬ the register says otherwise ▶ as it says (retired, suspended, gone)
                              └ it lost entries since, nobody knows ▶ suspended, until confirmed

The register is as old as the backup where it came with it, and says so; where it stands elsewhere
it is not, and knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.cards.card import PROGRAM, Card, State, Why
from assistant.cards.store import LIVE, CardStore
from guardrails.register import Register
from guardrails.register.events import enter_card
from guardrails.register.records import Entry, Kind
from guardrails.register.selection import Selection

ERASED = "erased"
READING = "cards restored"
WITHDRAWN = {State.SUSPENDED.value, State.RETIRED.value}
LAST_ENTRIES = 1_000
"""Of the register, looked at when it is opened: whoever died had just entered what was to be."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """How many cards of a backup are not served: as the register says, and in doubt."""

    known: int = 0
    in_doubt: int = 0


def withdraw(cards: CardStore, register: Register, *, is_cut: bool) -> Withdrawn:
    """Withdraw the served cards that may have been withdrawn since. `is_cut`: the register lost
    what was entered since the backup."""
    said = _last_said(register)
    known = in_doubt = 0
    gone = list[str]()
    with cards.changing() as change:
        for card in cards.cards(states=[State.SERVED]):
            status, why = said.get(card.id, ("", Why.NONE))
            if status == ERASED:
                gone.append(card.id)
            elif status in {State.RETIRED, State.SUSPENDED}:
                change.mark(card.id, State(status), why)
            elif is_cut:
                _enter(register, card)
                change.mark(card.id, State.SUSPENDED, Why.RESTORED)
                in_doubt += 1
                continue
            else:
                continue
            known += 1
    if gone:
        cards.erase(gone)
    return Withdrawn(known, in_doubt)


def withdraw_last(cards: CardStore, register: Register) -> None:
    """Carry out what the register's last entries say of cards that are still served: who withdrew
    them died in between."""
    with cards.changing() as change:  # nobody changes one between what is read and what is done
        end = register.size()
        wanted = Selection(kinds=(Kind.CARD,))
        entries = register.unrecorded_entries(wanted, start=max(0, end - LAST_ENTRIES), stop=end)
        said = {card: told for card, told in _told(entries).items() if told[0] in WITHDRAWN}
        for card in cards.cards(said, states=LIVE) if said else ():
            state, why = said[card.id]
            if card.state.value != state:
                change.mark(card.id, State(state), why)


def lost_entries(register: Register, since: int) -> bool:
    """Whether the register said, at an entry of that number or after it, that it was cut."""
    incidents = register.unrecorded_entries(
        Selection(kinds=(Kind.INCIDENT,)), start=since, stop=register.size()
    )
    return any(entry.public.get("why") == "restored" for entry in incidents)


def _last_said(register: Register) -> dict[str, tuple[str, Why]]:
    """Return the last state of each card that the register tells, with why."""
    wanted = Selection(kinds=(Kind.CARD,))
    return _told(register.entries(wanted, by="", role=PROGRAM, purpose=READING))


def _told(entries: Iterable[Entry]) -> dict[str, tuple[str, Why]]:
    told = sorted((one for one in entries if not one.erased), key=lambda one: one.index)
    return {
        str(one.payload.get("card")): (str(one.payload.get("status")), _why(one.payload.get("why")))
        for one in told
    }


def _why(word: object) -> Why:
    return next((why for why in Why if why == word), Why.NONE)


def _enter(register: Register, card: Card) -> None:
    said = {"why": Why.RESTORED.value, "question": card.question}
    enter_card(register, card.id, State.SUSPENDED.value, said, role=PROGRAM)
