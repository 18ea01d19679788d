# SPDX-License-Identifier: EUPL-1.2
"""What is entered besides questions: one call for each, so that no caller makes up a form.

    enter_sign_in      somebody signed in, out, or was not let in
    changing_account   an account is about to be made or changed, and was
    enter_feedback     what a reader thought of an answer
    enter_original     a page of an original, not hidden, is about to be shown
    enter_quarantine   a document was set apart, or a person decided on it
    enter_card         a validated answer is about to be kept, suspended, taken out
    enter_comparison   what differs between two documents is about to be shown
    enter_settings     what is set is not what was entered last
    set_since          since when a table of the settings is as it is
    begin_removal      a document is about to be taken out
    enter_removal      it was, and what was looked for afterwards
    write_certificate  the proof of a removal, to be handed over
    enter_backup       a backup of the data, or of the keys, is about to be made
    enter_restore      a backup was put back

Names of persons become pseudonyms; comments went through the guard; settings are entered as
keyed digests, never as values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from enum import StrEnum
from pathlib import Path

from guardrails.errors import RecordInvalid
from guardrails.findings import Screened
from guardrails.register.bundles import write_bundle
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind, Sealed
from guardrails.register.register import Register
from guardrails.register.selection import Selection

SETTINGS = "settings"  # ties all SETTINGS entries together, so that the last one is found at once
NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
ACCOUNTS: Mapping[str, JsonValue] = {"changed": ["accounts"], "why": "account"}
NOTHING = Screened("")
CHANGES_EACH = 250
"""Differences of one entry: with a thousand characters each, well below what an entry holds."""


class SignIn(StrEnum):
    """What came of a sign-in."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"
    LOCKED = "locked"  # too many failures: a delay began


class AccountChange(StrEnum):
    """What became of an account."""

    CREATED = "created"
    RIGHTS = "rights"  # another role, other collections
    PASSWORD = "password"  # a password was chosen
    LINK = "link"  # a link to choose one was made
    DISABLED = "disabled"
    ENABLED = "enabled"
    EVERYWHERE = "signed_out_everywhere"
    TIED = "tied"  # somebody whom an identity provider knows came in for the first time
    KEY_CREATED = "key_created"  # a key was made, by which a program comes in
    KEY_REVOKED = "key_revoked"


class Decision(StrEnum):
    """What becomes of a document that holds sensitive matters near a person."""

    HELD = "held"  # by the guard: set apart until a person decides
    KEPT = "kept"  # by a person: it stays apart
    RELEASED = "released"  # by a person: it may be read
    REJECTED = "rejected"  # by a person: it is not taken in


class Feedback(StrEnum):
    """What a reader thought of an answer or a refusal."""

    RIGHT = "right"
    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    DANGEROUS = "dangerous"


class Backup(StrEnum):
    """What a backup holds; the register's keys are never with the data."""

    DATA = "backup"
    KEYS = "backup_keys"


def enter_sign_in(
    register: Register, what: SignIn, *, user: str, role: str = "", method: str = ""
) -> Sealed:
    """Enter a sign-in; of the user's name only the pseudonym is kept."""
    payload: dict[str, JsonValue] = {"status": what.value, "method": _named(method or "none")}
    actor = register.pseudonym(user)
    return register.append(AuditRecord(kind=Kind.SIGN_IN, actor=actor, role=role, payload=payload))


def changing_account(
    register: Register,
    what: AccountChange,
    *,
    user: str,
    account_role: str,
    by: str = "",
    role: str = "",
) -> AbstractContextManager[None]:
    """Enter a change of an account, before and after: its pseudonym, the role that it has then,
    and who does it. An error in between says that nothing was changed.

    `by` is a name, as `user` is; of both only the pseudonyms are kept.
    """
    payload: dict[str, JsonValue] = {
        "status": what.value,
        "account": register.pseudonym(user),
        "account_role": _named(account_role),
    }
    actor = register.pseudonym(by) if by else ""
    record = AuditRecord(kind=Kind.SETTINGS, actor=actor, role=role, payload=payload)
    return register.changing(record, public=ACCOUNTS)


def changed_account(entry: Entry) -> str:
    """Return the pseudonym of the account that an entry says is about to be changed, or ""."""
    is_one = entry.kind is Kind.SETTINGS and entry.public.get("why") == ACCOUNTS["why"]
    return str(entry.payload.get("account", "")) if is_one else ""


def enter_feedback(
    register: Register,
    exchange: str,
    verdict: Feedback,
    *,
    note: Screened = NOTHING,
    user: str = "",
    role: str = "",
) -> Sealed:
    """Enter what a reader thought of the exchange that they were shown, and their screened note."""
    payload: dict[str, JsonValue] = {"status": verdict.value, "note": note.text}
    record = AuditRecord(
        kind=Kind.FEEDBACK,
        exchange=_named(exchange),
        actor=register.pseudonym(user),
        role=role,
        payload=payload,
    )
    return register.append(record)


def enter_original(
    register: Register, document: str, page: int, *, user: str = "", role: str = ""
) -> Sealed:
    """Enter that a page is about to be shown as it is, with the personal data that it holds."""
    payload: dict[str, JsonValue] = {
        "purpose": "original",
        "document": _named(document),
        "page": page,
    }
    actor = register.pseudonym(user)
    return register.append(AuditRecord(kind=Kind.READING, actor=actor, role=role, payload=payload))


def enter_quarantine(
    register: Register,
    document: str,
    decision: Decision,
    *,
    reasons: Sequence[str] = (),
    comment: Screened = NOTHING,
    by: str = "",
    role: str = "",
) -> Sealed:
    """Enter what became of a document, by its id (never its file's name)."""
    payload: dict[str, JsonValue] = {
        "document": _named(document),
        "status": decision.value,
        "reasons": [_named(reason) for reason in reasons],
        "comment": comment.text,
    }
    return register.append(AuditRecord(kind=Kind.QUARANTINE, actor=by, role=role, payload=payload))


def enter_card(
    register: Register,
    card: str,
    status: str,
    said: Mapping[str, JsonValue],
    *,
    by: str = "",
    role: str = "",
) -> Sealed:
    """Enter what is about to become of a validated answer: its id, its state to be, and what is
    said with that (hidden text only). `by` is a pseudonym, empty for the program itself."""
    payload: dict[str, JsonValue] = {"card": _named(card), "status": _named(status), **said}
    return register.append(AuditRecord(kind=Kind.CARD, actor=by, role=role, payload=payload))


def enter_comparison(
    register: Register,
    compared: Mapping[str, JsonValue],
    changes: Sequence[JsonValue],
    *,
    by: str = "",
    role: str = "",
) -> str:
    """Enter which documents are compared, and each difference that is about to be shown, all of it
    hidden text; return the exchange. Many differences take several entries, written in one go.
    `by` is a pseudonym."""
    exchange = register.new_exchange()
    chunks = [changes[at : at + CHANGES_EACH] for at in range(0, len(changes), CHANGES_EACH)]
    register.append_many([
        AuditRecord(
            kind=Kind.COMPARISON,
            exchange=exchange,
            actor=by,
            role=role,
            payload={**compared, "changes": [*chunk]},
        )
        for chunk in chunks or [[]]
    ])  # fmt: skip
    return exchange


def enter_settings(
    register: Register, tables: Mapping[str, str], *, by: str = "", role: str = ""
) -> Sealed | None:
    """Enter which tables of the settings changed since they were entered last, if any did.

    `tables` gives the text of what is set in each; the leaf names those that changed, the
    payload keeps a keyed digest of each, so that the next change can be told.
    """
    now = {_named(name): register.keyring.digest(text) for name, text in sorted(tables.items())}
    before = _settings_before(register)
    changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    if not changed:
        return None
    record = AuditRecord(
        kind=Kind.SETTINGS, exchange=SETTINGS, actor=by, role=role, payload={"digests": now}
    )
    why = "changed" if before else "first_seen"
    return register.append(record, public={"changed": list(changed), "why": why})


def begin_removal(
    register: Register, documents: Sequence[str], *, by: str = "", role: str = ""
) -> str:
    """Enter that documents are about to be taken out; return the exchange.

    If this process dies before `enter_removal`, the next opening finds it (operations.py).
    """
    exchange = register.new_exchange()
    payload: dict[str, JsonValue] = {"status": "begun", "documents": [*map(_named, documents)]}
    record = AuditRecord(kind=Kind.ERASURE, exchange=exchange, actor=by, role=role, payload=payload)
    register.begin(record, public={"why": "document_begun", "erases": []})
    return exchange


def enter_removal(
    register: Register,
    proof: Mapping[str, JsonValue],
    *,
    exchange: str = "",
    by: str = "",
    role: str = "",
) -> str:
    """Enter that documents were taken out and what was looked for; return the exchange.

    The leaf says that no entry of the register was erased by it.
    """
    exchange = exchange or register.new_exchange()
    record = AuditRecord(kind=Kind.ERASURE, exchange=exchange, actor=by, role=role, payload=proof)
    register.complete(record, public={"why": "document", "erases": []})
    return exchange


def write_certificate(
    register: Register, exchange: str, path: Path, *, by: str = "", role: str = ""
) -> None:
    """Write a signed bundle of the entries that tell of a removal: begun, and done."""
    selection = Selection(exchange=exchange, kinds=(Kind.ERASURE,))
    if not write_bundle(register, selection, path, by=by, role=role):
        raise RecordInvalid("no removal is entered under this name")


def enter_backup(register: Register, what: Backup, *, by: str = "", role: str = "") -> Sealed:
    """Enter that a copy of everything is about to leave the data folder, encrypted."""
    payload: dict[str, JsonValue] = {"form": what.value}
    return register.append(AuditRecord(kind=Kind.EXPORT, actor=by, role=role, payload=payload))


def enter_restore(
    register: Register, *, made: str, entries: int, by: str = "", role: str = ""
) -> Sealed:
    """Enter that a backup was put back: when it was made, and how many entries it held."""
    payload: dict[str, JsonValue] = {"status": "restored", "made": made, "entries": entries}
    return register.append(AuditRecord(kind=Kind.SETTINGS, actor=by, role=role, payload=payload))


def _settings_before(register: Register) -> Mapping[str, JsonValue]:
    last = register.last_of(SETTINGS)
    digests = last.payload.get("digests") if last else None
    return digests if isinstance(digests, Mapping) else {}


def set_since(register: Register, table: str) -> date | None:
    """Return the day (here) on which a table of the settings was entered as it is now; None where
    the town did not set it. Where the entry itself is purged, the oldest that is left tells."""
    now: JsonValue = None
    since: date | None = None
    for entry in register.unrecorded_exchange(SETTINGS):
        digests = entry.payload.get("digests")
        if not isinstance(digests, Mapping):
            continue
        if digests.get(table) != now:
            now, since = digests.get(table), entry.at.astimezone().date()
    return since if now else None


def _named(name: str) -> str:
    """Return a name of the program's own: a person's name or a path does not pass."""
    if not NAME.fullmatch(name):
        raise RecordInvalid("a name holds 64 letters, digits, _ or - at most")
    return name
