# SPDX-License-Identifier: EUPL-1.2
"""What is entered besides questions: sign-ins, quarantine, settings, removals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from guardrails.errors import RecordInvalid
from guardrails.findings import Screened
from guardrails.register import AuditRecord, Kind, Register, Retention
from guardrails.register.events import (
    AccountChange,
    Decision,
    Feedback,
    SignIn,
    changing_account,
    enter_feedback,
    enter_quarantine,
    enter_removal,
    enter_settings,
    enter_sign_in,
    write_certificate,
)
from guardrails.register.inspection import verify_file
from guardrails.register.proving import verify_bundle
from guardrails.register.records import Entry
from tests.register.homes import Home

TABLES = {"town": '{"phone": "01 99 00 12 34"}', "register": '{"months": 6}'}


def only(register: Register, kind: Kind) -> list[Entry]:
    return [entry for entry in register.entries() if entry.kind is kind]


def test_a_sign_in_keeps_a_pseudonym_and_never_the_name(home: Home) -> None:
    with home.open() as register:
        enter_sign_in(
            register, SignIn.SIGNED_IN, user="honorine.quesnoy", role="agent", method="password"
        )
        enter_sign_in(register, SignIn.REFUSED, user="honorine.quesnoy")
        first, second = only(register, Kind.SIGN_IN)
        assert first.actor == second.actor == register.pseudonym("honorine.quesnoy")
        assert (first.role, first.payload) == (
            "agent",
            {"status": "signed_in", "method": "password"},
        )
        assert second.payload == {"status": "refused", "method": "none"}
        assert register.verify().holds
    everything = b"".join(p.read_bytes() for p in home.path.rglob("*") if p.is_file())
    assert b"quesnoy" not in everything


def test_a_change_of_an_account_says_who_did_what_to_whom_under_pseudonyms(home: Home) -> None:
    with home.open() as register:
        enter_settings(register, TABLES)
        with changing_account(
            register, AccountChange.RIGHTS, user="honorine.quesnoy", account_role="auditor",
            by="basile.orme", role="admin",
        ):  # fmt: skip
            *_, begun = only(register, Kind.SETTINGS)
            assert (begun.payload["status"], begun.payload["change"]) == ("begun", "rights")
        *_, entry = only(register, Kind.SETTINGS)
        assert entry.exchange == begun.exchange
        assert (entry.actor, entry.role) == (register.pseudonym("basile.orme"), "admin")
        assert entry.payload == {
            "status": "rights",
            "account": register.pseudonym("honorine.quesnoy"),
            "account_role": "auditor",
        }
        assert enter_settings(register, TABLES) is None  # it is no change of the settings
        assert register.verify().holds
    everything = b"".join(p.read_bytes() for p in home.path.rglob("*") if p.is_file())
    assert b"quesnoy" not in everything and b"basile" not in everything


def test_what_a_reader_thought_is_tied_to_the_exchange_that_they_read(register: Register) -> None:
    exchange = register.new_exchange()
    for kind in (Kind.INTENT, Kind.OUTCOME):
        register.append(AuditRecord(kind=kind, exchange=exchange))
    enter_feedback(
        register, exchange, Feedback.DANGEROUS,
        note=Screened("[PERSONNE_1] attend une autre réponse"), user="basile.orme", role="agent",
    )  # fmt: skip
    *_, entry = register.exchange(exchange)
    assert (entry.kind, entry.actor) == (Kind.FEEDBACK, register.pseudonym("basile.orme"))
    assert entry.payload == {
        "status": "dangerous", "note": "[PERSONNE_1] attend une autre réponse"
    }  # fmt: skip
    assert register.verify().holds


def test_a_reader_cannot_name_an_exchange_as_they_like(register: Register) -> None:
    with pytest.raises(RecordInvalid):
        enter_feedback(register, "../7f", Feedback.RIGHT)


def test_a_quarantine_decision_says_who_what_and_why(register: Register) -> None:
    sealed = enter_quarantine(
        register, "3f" * 16, Decision.RELEASED, reasons=["health"],
        comment=Screened("[PERSONNE_1] a donné son accord"), by="2026-03.ab", role="administrator",
    )  # fmt: skip
    [entry] = only(register, Kind.QUARANTINE)
    assert (entry.index, entry.actor, entry.role) == (sealed.index, "2026-03.ab", "administrator")
    assert entry.payload == {
        "document": "3f" * 16, "status": "released", "reasons": ["health"],
        "comment": "[PERSONNE_1] a donné son accord",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["courriers/mme-vautrin.pdf", "Mme Vautrin", "", "x" * 65])
def test_a_file_name_is_no_document_id(register: Register, name: str) -> None:
    size = register.size()
    with pytest.raises(RecordInvalid):
        enter_quarantine(register, name, Decision.HELD)
    assert register.size() == size


def test_settings_are_entered_when_they_changed_and_only_then(home: Home) -> None:
    with home.open() as register:
        assert enter_settings(register, {}) is None
        assert enter_settings(register, TABLES) is not None
        assert enter_settings(register, TABLES) is None
    with home.open(passphrase=None) as register:
        assert enter_settings(register, TABLES) is None  # another process, the same settings
        enter_settings(register, {**TABLES, "register": '{"months": 24}', "search": "{}"})
        enter_settings(register, {"search": "{}"})
        said = [entry.public for entry in only(register, Kind.SETTINGS)]
    assert said == [
        {"changed": ["register", "town"], "why": "first_seen"},
        {"changed": ["register", "search"], "why": "changed"},
        {"changed": ["register", "town"], "why": "changed"},
    ]
    assert verify_file(home.file, notes=[home.latest]).holds


def test_no_value_of_the_settings_is_entered_nor_a_hash_that_can_be_guessed(
    home: Home, register: Register
) -> None:
    enter_settings(register, TABLES)
    [entry] = only(register, Kind.SETTINGS)
    assert "01 99" not in str(entry)
    other = Home(home.path / "other")
    with other.open() as elsewhere:
        enter_settings(elsewhere, TABLES)
        [same] = only(elsewhere, Kind.SETTINGS)
    assert entry.payload.keys() == same.payload.keys()
    assert entry.payload != same.payload  # keyed: nobody can try values against it


def test_settings_whose_entry_was_purged_are_entered_again(home: Home, register: Register) -> None:
    enter_settings(register, TABLES)
    home.clock.moment += timedelta(days=400)
    register.purge(Retention(), confirmed=True)
    assert enter_settings(register, TABLES) is not None
    assert only(register, Kind.SETTINGS)[-1].public["why"] == "first_seen"


def test_a_removal_is_entered_and_its_certificate_proves_itself(
    register: Register, ask: Callable[..., str], tmp_path: Path
) -> None:
    ask()
    exchange = enter_removal(register, {"documents": ["ab"], "remains": 0}, by="2026-03.cd")
    ask()
    path = tmp_path / "attestation.zip"
    write_certificate(register, exchange, path, by="2026-03.cd")
    verdict = verify_bundle(path, keys=[str(register.key_chain()[0])])
    assert (verdict.holds, verdict.size) == (True, 1)
    [entry] = only(register, Kind.ERASURE)
    assert entry.public == {"why": "document", "erases": []}
    assert entry.payload == {"documents": ["ab"], "remains": 0}
    assert register.verify().holds
    with pytest.raises(RecordInvalid, match="no removal"):
        write_certificate(register, "unknown", tmp_path / "none.zip")


@pytest.mark.parametrize("kind", [Kind.ERASURE, Kind.KEY])
def test_an_entry_that_no_verifier_could_follow_is_refused(register: Register, kind: Kind) -> None:
    size = register.size()
    with pytest.raises(RecordInvalid, match="in clear"):
        register.append(AuditRecord(kind=kind))
    assert register.size() == size


def test_a_change_of_passphrase_is_entered(home: Home) -> None:
    with home.open() as register:
        register.protect("un deux trois", by="2026-03.ab")
        [entry] = only(register, Kind.SETTINGS)
    assert (entry.actor, entry.payload) == ("2026-03.ab", {"status": "passphrase"})
    home.open(passphrase="un deux trois").close()
