# SPDX-License-Identifier: EUPL-1.2
"""Opening a register: found it, or check that it is still the one that was left.

    keys ─▶ store ─▶ found? ─▶ anchor ─▶ pending erasures ─▶ questions of dead processes ─▶ Register

The anchor is the last checkpoint, which stands with the keys: a register that is behind it was
cut or replaced, and nothing is written to it until somebody says that a backup was put back.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from guardrails.errors import RegisterBusy, RegisterKeysInvalid, RegisterTampered
from guardrails.errors import RegisterUnavailable as Unavailable
from guardrails.register.checkpoints import STEADY, Checkpoints, Rhythm
from guardrails.register.erasing import Retention
from guardrails.register.keeper import Keeper
from guardrails.register.keyfiles import find_keys, home_of, orphans
from guardrails.register.keys import Keyring
from guardrails.register.leaves import DATABASE
from guardrails.register.locks import FileLock, WriterLock
from guardrails.register.merkle import Frontier
from guardrails.register.moving import move_file
from guardrails.register.notes import VerifierKey, is_origin, read_note
from guardrails.register.places import FolderPlace, Place
from guardrails.register.records import AuditRecord, JsonValue, Kind
from guardrails.register.register import Register
from guardrails.register.rotation import founding
from guardrails.register.sequencer import draft
from guardrails.register.store import AuditStore, length
from guardrails.register.store_sqlite import SqliteStore
from guardrails.register.trust import key_named, node_reader

Public = dict[str, JsonValue]


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def open_register(
    folder: Path,
    keys: Path,
    *,
    now: Callable[[], datetime] = utc_now,
    monotonic: Callable[[], float] = time.monotonic,
    passphrase: str | None = None,
    places: Sequence[Place] = (),
    rhythm: Rhythm = STEADY,
    service: bool = False,
    origin: str = "",
    restored: bool = False,
    retention: Retention | None = None,
    store: Callable[[], AuditStore] | None = None,
) -> Register:
    """Open the register in `folder` with the keys in `keys`, or found one.

    Its rows stand in a file of that folder, or where `store` opens: a file that is there already
    is then taken up. Locks, checkpoints and keys stay in their folders.

    `service` takes the lock of which there is one (RegisterBusy if it is taken), and keeps time:
    checkpoints, daily purge by `retention`. Programs that answer one question and leave do
    without. `origin` is how a register that is founded now is called, for ever: one that is there
    keeps its own. `restored` says that a backup was put back: the register then goes on from
    there, with an INCIDENT that says so.
    """
    for path in (folder, keys):
        _make_folder(path)
    _make_folder(folder / "writers")
    with ExitStack() as undo:
        service_lock = _service_lock(folder) if service else None
        if service_lock is not None:
            undo.callback(service_lock.release)
        with FileLock(folder / "opening.lock"):
            writer = WriterLock(folder, secrets.token_hex(8))
            if not writer.acquire():
                raise Unavailable("a writer's lock is taken")
            undo.callback(writer.release)
            kept = store() if store else SqliteStore(folder / DATABASE)
            undo.callback(kept.close)
            if store:
                move_file(folder, kept)
            keyring = _keyring(kept, folder, keys, passphrase, origin)
            register = Register(
                kept,
                keyring,
                folder=folder,
                writer=writer,
                now=now,
                checkpoints=Checkpoints(
                    kept,
                    keyring,
                    places=(FolderPlace(folder / "checkpoints", name="register"), *places),
                    rhythm=rhythm,
                    monotonic=monotonic,
                ),
                service=service_lock,
            )
            _settle(register, kept, keys, restored=restored)
        undo.pop_all()
    if service:
        keeper = Keeper(register, retention)
        keeper.start()
        register.before_closing(keeper.stop)
    return register


def _settle(register: Register, store: AuditStore, keys: Path, *, restored: bool) -> None:
    """Bring the register to where it can go on."""
    with store.reading() as reader:
        empty = not length(reader)
    if empty:
        _found(register, keys)
    else:
        _check_anchor(register, store, restored=restored)
    register.finish_erasures()
    register.close_dead_exchanges()
    _sweep(register.folder)


def _keyring(
    store: AuditStore, folder: Path, keys: Path, passphrase: str | None, origin: str
) -> Keyring:
    with store.reading() as reader:
        first = reader.rows(0, 1)
    if first:
        own = VerifierKey.read(key_named(first[0].public)).name
        found = find_keys(keys, origin=own)
        if found is None:
            raise RegisterKeysInvalid(f"the keys of the register {own} are not in their folder")
        keyring = Keyring(found, passphrase=passphrase)
        keyring.settle_at(home_of(folder))
        return keyring
    home = home_of(folder)
    if origin and not is_origin(origin):
        raise RegisterKeysInvalid(f"{origin!r} is no origin: a URL without scheme, space or plus")
    named = find_keys(keys, origin=origin) if origin else None
    # Of a founding that was cut short; of another name, they serve nobody.
    ready = [named] if named else [] if origin else orphans(keys, home)
    unused = next((ring for ring in ready if not (ring / "anchor.txt").exists()), None)
    if unused is not None:
        return Keyring(unused, passphrase=passphrase)
    if named:  # whoever kept its checkpoints would see two histories under one name
        raise RegisterKeysInvalid(f"a register was called {origin} already: choose another origin")
    return Keyring.create(keys, home=home, origin=origin, passphrase=passphrase)


def _found(register: Register, keys: Path) -> None:
    """Write the first entry, and tell of a register that stood here and is gone."""
    genesis = draft(AuditRecord(kind=Kind.KEY), founding(register.keyring.newest()))
    drafts = [genesis]
    for lost in orphans(keys, home_of(register.folder)):
        anchor = lost / "anchor.txt"
        if lost != register.keyring.folder and anchor.exists():
            point = read_note(anchor.read_text("utf-8")).checkpoint
            public: Public = {"why": "register_missing", "origin": point.origin, "size": point.size}
            drafts.append(draft(AuditRecord(kind=Kind.INCIDENT), public))
    register.append_drafts(drafts)
    register.checkpoint()


def _check_anchor(register: Register, store: AuditStore, *, restored: bool) -> None:
    text = register.keyring.anchor()
    if not text:
        return
    anchor = read_note(text)
    anchor.opened_by(register.keyring.verifiers())
    point = anchor.checkpoint
    with store.reading() as reader:
        size = length(reader)
        same = (
            point.size <= size
            and Frontier.read(point.size, node_reader(reader)).root() == point.root
        )
    if same:
        return
    if not restored:
        raise RegisterTampered(
            f"the register ({size} entries) is not the one whose checkpoint of {point.size} "
            "stands with the keys: cut, replaced by an older copy, or rewritten"
        )
    public: Public = {"why": "restored", "size": point.size, "root": point.root.hex()}
    register.append_drafts([draft(AuditRecord(kind=Kind.INCIDENT), public, skip_keys=True)])
    register.checkpoint(after_restore=True)


def _sweep(folder: Path) -> None:
    """Remove the locks of dead writers that owe nothing. Nobody takes a new one meanwhile:
    that happens under the lock of the opening, which we hold."""
    for path in (folder / "writers").iterdir():
        lock = WriterLock(folder, path.stem)
        if lock.acquire():
            lock.release()


def _service_lock(folder: Path) -> FileLock:
    lock = FileLock(folder / "service.lock")
    if not lock.acquire():
        raise RegisterBusy("another service already runs on this register")
    return lock


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unavailable(f"{folder.name} cannot be made: {error.strerror}") from error
