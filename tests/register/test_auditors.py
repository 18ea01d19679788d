# SPDX-License-Identifier: EUPL-1.2
"""What auditors do: draw, draw again, disagree, count, look for what is out of the ordinary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from guardrails.errors import RecordInvalid
from guardrails.findings import Screened
from guardrails.register import AuditRecord, Kind, Register, Selection
from guardrails.register.anomalies import Sign, anomalies
from guardrails.register.sampling import redraw, review, sample
from guardrails.register.statistics import summary
from tests.register.homes import Home, ask_in


def test_a_sample_can_be_drawn_again_by_anybody(
    register: Register, ask: Callable[..., str]
) -> None:
    asked = [ask() for _ in range(20)]
    drawn = sample(register, 5, seed="mars2026", by="auditor")
    ask()
    again = redraw(register, drawn.sealed)
    assert again == drawn
    assert drawn.population == 20
    assert len(set(drawn.exchanges)) == 5
    assert set(drawn.exchanges) < set(asked)
    other = sample(register, 5, seed="avril2026")
    assert other.exchanges != drawn.exchanges


def test_the_seed_stands_in_the_register_in_clear(register: Register) -> None:
    drawn = sample(register, 3)
    entry = next(e for e in register.entries() if e.index == drawn.sealed)
    assert entry.kind is Kind.SAMPLE
    assert entry.public == {"seed": drawn.seed, "count": 3}


def test_a_sample_is_drawn_from_a_selection(register: Register, ask: Callable[..., str]) -> None:
    ask()
    refused = {ask(reason="off_topic"), ask(reason="off_topic")}
    drawn = sample(register, 10, selection=Selection(reasons=("off_topic",)))
    assert (set(drawn.exchanges), drawn.population) == (refused, 2)
    assert redraw(register, drawn.sealed) == drawn


@pytest.mark.parametrize(("count", "seed"), [(0, "a"), (10_001, "a"), (1, "é"), (1, "x" * 65)])
def test_a_sample_asks_for_a_number_and_a_plain_seed(
    register: Register, count: int, seed: str
) -> None:
    with pytest.raises(RecordInvalid):
        sample(register, count, seed=seed)


def test_only_a_sample_can_be_drawn_again(register: Register, ask: Callable[..., str]) -> None:
    ask()
    for index, message in ((1, "not a sample"), (999, "no entry")):
        with pytest.raises(RecordInvalid, match=message):
            redraw(register, index)


def test_a_disagreement_is_an_entry_about_an_entry(
    register: Register, ask: Callable[..., str]
) -> None:
    ask()
    place = review(register, 2, agrees=False, comment=Screened("[PERSONNE_1] a raison"), by="a")
    entry = next(e for e in register.entries() if e.index == place.index)
    assert (entry.kind, entry.public) == (Kind.REVIEW, {"reviews": 2})
    assert entry.payload == {"verdict": "disagree", "comment": "[PERSONNE_1] a raison"}
    with pytest.raises(RecordInvalid, match="no entry 999"):
        review(register, 999, agrees=True, comment=Screened(""))


def test_statistics_of_a_period(home: Home, register: Register, ask: Callable[..., str]) -> None:
    ask()
    start = home.clock()
    ask()
    ask()
    ask(reason="no_evidence")
    gone = ask(reason="off_topic")
    review(register, 2, agrees=True, comment=Screened(""))
    register.append(AuditRecord(kind=Kind.INTENT, exchange="left"))
    register.append(AuditRecord(kind=Kind.INGESTION, payload={"hidden": {"PERSON": 9}}))
    card = {"status": "answer", "via": "card"}
    register.append(AuditRecord(kind=Kind.OUTCOME, exchange="card", payload=card))
    with register.sequencing() as sequencer:
        sequencer.close_exchanges([register._writer.id], why="process_died")
    register.erase(Selection(exchange=gone), why="request")
    counted = summary(register.entries(Selection(since=start)))
    assert (counted.answers, counted.validated) == (3, 1)
    assert counted.refusals == {"no_evidence": 1}
    assert counted.incidents == {"process_died": 1}
    assert (counted.interrupted, counted.erased, counted.agreements) == (1, 2, 1)
    assert (counted.hidden, counted.hidden_in_questions) == ({"PERSON": 12}, 3)
    assert counted.languages == {"fr": 3}
    assert counted.energy_wh == 0.51
    assert (counted.seconds_median, counted.seconds_p95) == (2.0, 2.0)
    assert counted.entries["intent"] == 5


def test_statistics_of_nothing() -> None:
    assert summary([]).seconds_median is None


def test_an_ordinary_day_is_not_an_anomaly(home: Home, register: Register) -> None:
    for number in range(12):
        ask_in(register, f"agent-{number % 3}", reason="no_evidence" if number % 4 == 0 else "")
        home.clock.moment += timedelta(minutes=4)
    assert anomalies(register.entries()) == []


@pytest.mark.parametrize(
    ("sign", "questions", "reason"),
    [(Sign.BURST, 30, ""), (Sign.REFUSALS, 8, "no_evidence"), (Sign.FISHING, 4, "personal_data")],
)
def test_a_run_of_one_person_is_told_once(
    register: Register, sign: Sign, questions: int, reason: str
) -> None:
    ask_in(register, "someone else")
    for _ in range(questions + 2):
        ask_in(register, "agent-9", reason=reason)
    found = [a for a in anomalies(register.entries()) if a.sign is sign]
    assert len(found) == 1
    assert found[0].actor == register.pseudonym("agent-9")
    assert len(found[0].entries) >= questions


def test_who_asks_for_their_own_case_does_not_fish(register: Register) -> None:
    for _ in range(6):
        ask_in(register, "agent-9", reason="individual_verdict")
    assert [a for a in anomalies(register.entries()) if a.sign is Sign.FISHING] == []


def test_the_same_questions_spread_over_a_week_are_no_anomaly(
    home: Home, register: Register
) -> None:
    for _ in range(10):
        ask_in(register, reason="personal_data")
        home.clock.moment += timedelta(hours=16)
    assert anomalies(register.entries()) == []
