# SPDX-License-Identifier: EUPL-1.2
"""A clock that is wrong destroys nothing, and stops neither the keeper nor the pseudonyms."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guardrails.errors import RegisterError
from guardrails.register import AuditRecord, Kind, Register, Retention, Rhythm, keeper
from guardrails.register.clock import STEP
from guardrails.register.keeper import Keeper
from guardrails.register.notes import read_note
from guardrails.register.puncture import KeyForgotten
from guardrails.register.selection import EVERYTHING
from tests.register.homes import Home, ask_in, live

AHEAD = timedelta(days=800)


@pytest.fixture
def used(home: Home, register: Register) -> Register:
    """A register with a question, and some days of use after it."""
    ask_in(register)
    live(home, register, 5)
    return register


def erased(register: Register) -> int:
    return sum(
        entry.erased for entry in register.unrecorded_entries(EVERYTHING, stop=register.size())
    )


def whys(register: Register, kind: Kind = Kind.INCIDENT) -> list[object]:
    entries = register.unrecorded_entries(EVERYTHING, stop=register.size())
    return [entry.public.get("why") for entry in entries if entry.kind is kind]


def test_a_clock_that_is_ahead_for_a_minute_erases_nothing(home: Home, used: Register) -> None:
    at_work = Keeper(used)
    at_work.tick()
    home.clock.moment += AHEAD
    used.append(AuditRecord(kind=Kind.SIGN_IN))  # somebody signs in within that minute
    at_work.tick()
    home.clock.moment -= AHEAD
    at_work.tick()
    assert erased(used) == 0
    used.keyring.payload_key(1)
    live(home, used, 10)
    at_work.tick()
    assert whys(used) == ["clock_unconfirmed", "clock_set_back"]
    assert erased(used) == 0
    assert used.verify().holds


def test_a_minute_around_a_midnight_is_two_days_and_erases_nothing(
    home: Home, used: Register
) -> None:
    at_work = Keeper(used)
    home.clock.moment = (home.clock.moment + AHEAD).replace(hour=23, minute=59, second=30)
    for _ in range(2):
        used.append(AuditRecord(kind=Kind.SIGN_IN))
        at_work.tick()
        home.clock.let(minutes=1)
    assert erased(used) == 0


def test_a_register_that_begins_under_a_wrong_clock_loses_nothing(home: Home) -> None:
    with home.open() as register:
        ask_in(register)
        home.clock.moment += AHEAD
        Keeper(register).tick()
        assert erased(register) == 0


def test_three_days_that_agree_are_believed(home: Home, used: Register) -> None:
    home.clock.moment += AHEAD
    at_work, counts = Keeper(used, monotonic=home.clock.monotonic), []
    for _ in range(4):
        at_work.tick()  # nobody asks: the keeper's own word is what the days say
        counts.append(erased(used))
        home.clock.let(days=1)
    assert counts[:3] == [0, 0, 0]
    assert counts[3] > 0


@pytest.mark.parametrize(
    "days",
    [
        (3_650, 5_110, 8_760),  # 2036, 2040, 2050: each says something else
        (800, 0, 801, 0, 802),  # the right day stands between them
        (802, 801, 800),  # backwards
        (800, 808, 816),  # farther apart than quiet days are
        (800, 801),  # two that agree
    ],
)
def test_three_days_that_do_not_agree_move_nothing(
    home: Home, used: Register, days: tuple[int, ...]
) -> None:
    began = home.clock.moment
    for count in days:
        home.clock.moment = began + timedelta(days=count)
        used.append(AuditRecord(kind=Kind.SIGN_IN))
        assert used.purge().payloads == 0
    assert used.believed_now() <= began + STEP
    assert erased(used) == 0


def test_a_clock_that_was_wrong_for_three_days_lends_its_word_to_no_other(
    home: Home, used: Register
) -> None:
    began = home.clock.moment
    home.clock.moment += AHEAD
    live(home, used, 3)
    home.clock.moment = began + timedelta(days=4)
    used.append(AuditRecord(kind=Kind.SIGN_IN))
    home.clock.moment = began + 2 * AHEAD
    assert used.believed_now() <= began + timedelta(days=5) + STEP


def test_a_keeper_confirms_no_clock_that_flaps_by_itself(home: Home, used: Register) -> None:
    """Its own entries were three days within a minute, without a person."""
    at_work, before = Keeper(used, monotonic=home.clock.monotonic), home.clock.moment
    at_work.tick()
    for days in range(6):
        home.clock.moment = before + AHEAD + timedelta(days=days)
        home.clock.let(minutes=1)
        at_work.tick()
    assert whys(used) == ["clock_unconfirmed"]
    assert erased(used) == 0


def test_a_person_who_confirms_is_believed_and_named(home: Home, used: Register) -> None:
    home.clock.moment += AHEAD
    assert used.purge().payloads == 0
    found = used.purge(confirmed=True, by="2026-03.ab", role="administrator")
    assert found.payloads > 0
    assert (found.unconfirmed, whys(used)) == (0, ["clock_unconfirmed", "clock_confirmed"])


def test_what_the_step_allows_is_erased_without_a_word(home: Home, used: Register) -> None:
    home.clock.moment += STEP - timedelta(days=2)  # a week without a question
    assert used.purge(Retention(default_months=0)).unconfirmed == 0
    assert whys(used) == []


def test_the_keys_of_what_the_retention_erased_go_a_week_later(
    home: Home, used: Register, tmp_path: Path
) -> None:
    shutil.copytree(home.data, tmp_path / "backup")
    used.purge(Retention(default_months=0))
    assert erased(used) > 4
    used.keyring.payload_key(1)
    with used._store.reading() as reader:
        sealed = reader.sealed([1])
    assert sealed == {}  # the payload is gone at once
    home.clock.moment += AHEAD  # a clock that is ahead does not hasten it
    used.finish_erasures()
    used.keyring.payload_key(1)
    home.clock.moment -= AHEAD
    live(home, used, 6)
    used.finish_erasures()
    used.keyring.payload_key(1)
    live(home, used, 2)
    used.finish_erasures()
    with pytest.raises(KeyForgotten):
        used.keyring.payload_key(1)
    assert used.verify().holds


def test_a_mistake_of_the_retention_is_mended_by_a_backup_of_the_data(
    home: Home, tmp_path: Path
) -> None:
    with home.open() as register:
        exchange = ask_in(register)
        live(home, register, 3)
    shutil.copytree(home.data, tmp_path / "backup")
    with home.open() as register:
        register.purge(Retention(default_months=0))
    shutil.rmtree(home.data)
    shutil.copytree(tmp_path / "backup", home.data)
    with home.open(restored=True) as register:
        assert not any(entry.erased for entry in register.exchange(exchange))


def test_keys_go_though_the_erasure_was_entered_under_a_clock_that_was_ahead(
    home: Home, used: Register
) -> None:
    home.clock.moment += AHEAD
    used.purge(Retention(default_months=0), confirmed=True)
    home.clock.moment -= AHEAD
    live(home, used, 12)
    used.finish_erasures()
    with pytest.raises(KeyForgotten):
        used.keyring.payload_key(1)


def test_checkpoints_come_in_time_though_the_clock_was_set_back(home: Home) -> None:
    with home.open(rhythm=Rhythm(entries=1000, every=timedelta(minutes=10))) as register:
        home.clock.moment -= timedelta(days=300)
        register.append(AuditRecord(kind=Kind.READING))
        home.clock.let(minutes=11)
        register.append(AuditRecord(kind=Kind.READING))
        assert read_note(home.latest).checkpoint.size == register.size()


def test_a_pseudonym_does_not_go_back_to_the_key_of_a_month_that_is_over(
    home: Home, used: Register
) -> None:
    march = used.pseudonym("agent-7")
    live(home, used, 40)
    april = used.pseudonym("agent-7")
    home.clock.moment -= timedelta(days=40)
    assert used.pseudonym("agent-7") == april != march
    home.clock.moment = datetime(1970, 1, 1, tzinfo=UTC)
    assert used.pseudonym("agent-7") == april
    assert used.keyring.pseudonyms("agent-7") == [march, april]  # the auditors follow


def test_a_pseudonym_under_a_clock_in_the_past_stays_the_same_with_thirteen_keys(
    home: Home, used: Register
) -> None:
    for _ in range(13):
        live(home, used, 31)
        used.pseudonym("agent-7")
    home.clock.moment = datetime(1970, 1, 1, tzinfo=UTC)
    assert used.pseudonym("agent-7") == used.pseudonym("agent-7")
    assert used.pseudonym("agent-7") in used.keyring.pseudonyms("agent-7")


def test_a_clock_that_is_ahead_makes_no_key_that_pseudonyms_would_keep_for_years(
    home: Home, used: Register
) -> None:
    now = used.pseudonym("agent-7")
    home.clock.moment += AHEAD
    assert used.pseudonym("agent-7") == now
    used.append(AuditRecord(kind=Kind.SIGN_IN))
    assert used.pseudonym("agent-7") == now


@pytest.mark.parametrize(
    "error", [OSError("disk"), RegisterError("full"), ValueError("year -6307")]
)
def test_a_keeper_survives_what_fails_for_an_hour(
    register: Register, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(keeper, "TICK_SECONDS", 0.0)
    again, at_work, ticks = threading.Event(), Keeper(register), []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise error
        again.set()

    monkeypatch.setattr(at_work, "tick", tick)
    at_work.start()
    assert again.wait(30)
    at_work.stop()
