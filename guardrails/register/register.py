# SPDX-License-Identifier: EUPL-1.2
"""The register: what is written in it can be shown, for it is on disk.

    new_exchange ─▶ append(intent) ─▶ append(sentence)… ─▶ append(outcome)
                        │ each returns once committed and synced
    entries, exchange ──┘ a reading is itself an entry
    checkpoint ─▶ signed note: in the register, beside it, with the keys, and in every place
    erase, purge ─▶ payloads and their keys are gone, the proofs stay

Opened by `open_register` (opening.py), by as many processes as there are.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.errors import RecordInvalid, RegisterError, RegisterUnavailable
from guardrails.register import erasing
from guardrails.register.checkpoints import Checkpoints
from guardrails.register.clock import believed
from guardrails.register.cosignatures import CosignerKey, cosigned
from guardrails.register.inspection import verify_file
from guardrails.register.keys import Keyring
from guardrails.register.leaves import DATABASE, Row
from guardrails.register.locks import FileLock, WriterLock, taken
from guardrails.register.merkle import Frontier
from guardrails.register.notes import NoteNotSigned, VerifierKey, read_note
from guardrails.register.operations import Operations
from guardrails.register.places import Place
from guardrails.register.proofs import (
    ConsistencyProof,
    InclusionProof,
    prove_consistency,
    prove_inclusion,
)
from guardrails.register.reading import Choice, decrypted
from guardrails.register.records import AuditRecord, Entry, JsonValue, Kind, Sealed
from guardrails.register.rotation import handover
from guardrails.register.selection import EVERYTHING, Selection
from guardrails.register.sequencer import Draft, Sequencer, draft
from guardrails.register.store import AuditStore, length
from guardrails.register.trust import key_named
from guardrails.register.trust_policy import TrustPolicy
from guardrails.register.verdicts import Verdict
from guardrails.register.witnesses import Witnesses

PAGE_ROWS = 500
NOTES_READ = 1_000  # checkpoints looked through for what witnesses signed
WITNESS_SECONDS = 3.0  # an export waits so long at most for those who answered last time
BEGUN = "begun"  # what an entry says of something that `complete` is to tell the outcome of
NOT_DONE = "not_done"


class Register:
    """An open register. Threads may share it; a forked process must open its own."""

    def __init__(
        self,
        store: AuditStore,
        keyring: Keyring,
        *,
        folder: Path,
        writer: WriterLock,
        now: Callable[[], datetime],
        checkpoints: Checkpoints,
        service: FileLock | None = None,
    ) -> None:
        self.folder, self.keyring, self.now = folder, keyring, now
        self._store, self._writer, self._service = store, writer, service
        self._checkpoints = checkpoints
        self._operations = Operations(folder, writer.id)
        self._frontier: Frontier | None = None
        self._turn = threading.Lock()
        self._owner, self._closed = os.getpid(), False
        self._before_closing: list[Callable[[], None]] = []
        self.witnesses = Witnesses([])

    @property
    def origin(self) -> str:
        """The name of this register, as in its checkpoints."""
        return self.keyring.origin

    @property
    def path(self) -> Path:
        """The file of the register."""
        return self.folder / DATABASE

    def new_exchange(self) -> str:
        """Return a random name that ties the entries of one question."""
        return secrets.token_hex(16)

    def pseudonym(self, user: str) -> str:
        """Return what stands for a user in this month's entries."""
        return self.keyring.pseudonym(user, self.now(), self.believed_now) if user else ""

    def believed_now(self) -> datetime:
        """Return how late it is as far as the entries bear the clock out (see clock.py)."""
        with self._store.reading() as reader:
            return believed(reader, self.now())

    def append(
        self, record: AuditRecord, *, public: Mapping[str, JsonValue] | None = None
    ) -> Sealed:
        """Write a record; once this returns, it is on disk and may be shown.

        `public` is what the leaf says in clear: only for this package (see events.py).
        """
        [place] = self.append_drafts([draft(record, public)])
        self.checkpoint_if_due()
        return place

    def append_many(self, records: Sequence[AuditRecord]) -> list[Sealed]:
        """Write records in one go: all of them or none."""
        places = self.append_drafts([draft(record) for record in records])
        self.checkpoint_if_due()
        return places

    def append_drafts(self, drafts: Sequence[Draft]) -> list[Sealed]:
        """Write drafts in one go, without a checkpoint (for this package)."""
        with self.sequencing() as sequencer:
            return sequencer.add(drafts)

    def begin(self, record: AuditRecord, *, public: Mapping[str, JsonValue] | None = None) -> None:
        """Enter that something besides the register is about to be changed (see operations.py)."""
        self._operations.note(record.exchange)
        self.append(record, public=public)

    def complete(
        self, record: AuditRecord, *, public: Mapping[str, JsonValue] | None = None
    ) -> Sealed:
        """Enter what came of it."""
        place = self.append(record, public=public)
        if record.exchange:
            self._operations.forget(record.exchange)
        return place

    @contextmanager
    def changing(
        self,
        record: AuditRecord,
        *,
        public: Mapping[str, JsonValue] | None = None,
        untouched: tuple[type[Exception], ...] = (Exception,),
    ) -> Iterator[None]:
        """Enter that what `record` tells is about to be done, and that it was once the block is
        over. An error of `untouched` says that nothing was changed, and is entered as that; what
        dies, or fails otherwise, is left to the next opening."""
        done = replace(record, exchange=record.exchange or self.new_exchange())
        said = {**done.payload, "change": done.payload.get("status", "")}
        self.begin(replace(done, payload={**said, "status": BEGUN}), public=public)
        try:
            yield
        except untouched:
            with suppress(RegisterError, OSError):  # the next opening says so
                self.complete(replace(done, payload={**said, "status": NOT_DONE}), public=public)
            raise
        self.complete(done, public=public)

    def end_unfinished(
        self, begun: Entry, status: str, *, public: Mapping[str, JsonValue] | None = None
    ) -> None:
        """Enter what became of something that was begun by a process that is gone."""
        payload = {**begun.payload, "status": status}
        record = AuditRecord(
            kind=begun.kind, exchange=begun.exchange, actor=begun.actor, role=begun.role,
            payload=payload,
        )  # fmt: skip
        self.complete(record, public=public)

    def unfinished(self) -> list[Entry]:
        """Return what was begun by processes that are gone, and not completed."""
        found: list[Entry] = []
        for exchange in self._operations.orphans():
            entries = self.unrecorded_exchange(exchange)
            if len(entries) == 1 and entries[0].payload.get("status") == BEGUN:
                found += entries
            else:  # completed, or a note that names something else
                self._operations.forget(exchange)
        return found

    @contextmanager
    def sequencing(self) -> Iterator[Sequencer]:
        """Hold the register for writing; nothing is written if the block fails."""
        if self._closed or self._owner != os.getpid():
            raise RegisterUnavailable("the register is not open in this process")
        with taken(self._turn):
            with self._store.writing() as writer:
                sequencer = Sequencer(
                    writer,
                    self.keyring,
                    writer_id=self._writer.id,
                    now=self.now,
                    frontier=self._frontier,
                )
                yield sequencer
                sequencer.sign()
            self._frontier = sequencer.frontier

    def check_writable(self) -> None:
        """Hold the register for writing for a moment and write nothing; raise RegisterError where
        that cannot be done."""
        if self._closed or self._owner != os.getpid():
            raise RegisterUnavailable("the register is not open in this process")
        with self._turn, self._store.writing() as writer:
            writer.set_head(writer.head())

    def size(self) -> int:
        """Return how many entries there are."""
        with self._store.reading() as reader:
            return length(reader)

    def entries(
        self,
        selection: Selection = EVERYTHING,
        *,
        by: str = "",
        role: str = "",
        purpose: str = "read",
        start: int = 0,
    ) -> Iterator[Entry]:
        """Yield the entries that fit, oldest first, decrypted where the key is still there.

        The reading is entered first, by the pseudonym `by`; entries made after it are not read,
        nor those before `start`.
        """
        stop = self._enter_reading(purpose, selection.exchange, by, role)
        return self.unrecorded_entries(selection, stop=stop, start=start)

    def unrecorded_entries(
        self, selection: Selection, *, stop: int, start: int = 0
    ) -> Iterator[Entry]:
        """Yield entries without entering it: only for a caller that made its own entry."""
        chosen = Choice(self.keyring, selection)
        for first in range(start, stop, PAGE_ROWS):
            with self._store.reading() as reader:
                found = chosen.of(reader, reader.rows(first, min(first + PAGE_ROWS, stop)))
            yield from found

    def unrecorded_exchange(self, exchange: str) -> list[Entry]:
        """Return the entries of one question: only for a caller that made its own entry."""
        with self._store.reading() as reader:
            return decrypted(self.keyring, reader, reader.exchange(exchange))

    def exchange(self, exchange: str, *, by: str = "", role: str = "") -> list[Entry]:
        """Return the entries of one question; the reading is entered."""
        self._enter_reading("exchange", exchange, by, role)
        return self.unrecorded_exchange(exchange)

    def entry(self, index: int, *, by: str = "", role: str = "", purpose: str = "entry") -> Entry:
        """Return one entry; the reading is entered."""
        self._enter_reading(purpose, "", by, role)
        with self._store.reading() as reader:
            found = decrypted(self.keyring, reader, reader.rows(index, index + 1))
        if not found:
            raise RecordInvalid(f"there is no entry {index}")
        return found[0]

    def last_of(self, exchange: str) -> Entry | None:
        """Return the newest entry of an exchange, for this package: nobody reads it."""
        with self._store.reading() as reader:
            found = decrypted(self.keyring, reader, reader.exchange(exchange)[-1:])
        return found[0] if found else None

    def _enter_reading(self, purpose: str, exchange: str, by: str, role: str) -> int:
        payload: dict[str, JsonValue] = {"purpose": purpose, "exchange": exchange}
        return self.append(
            AuditRecord(kind=Kind.READING, actor=by, role=role, payload=payload)
        ).index

    def row(self, index: int) -> tuple[Row, bytes | None]:
        """Return a row as stored, with its sealed payload unless it was erased."""
        with self._store.reading() as reader:
            [row] = reader.rows(index, index + 1)
            return row, reader.sealed([index]).get(index)

    def key_chain(self) -> list[VerifierKey]:
        """Return the public keys that the register names, the oldest first."""
        with self._store.reading() as reader:
            return [VerifierKey.read(key_named(row.public)) for row in reader.key_rows()]

    def handovers(self) -> list[str]:
        """Return what each key but the first signed of the one after it (see rotation.py)."""
        with self._store.reading() as reader:
            return [row.public for row in reader.key_rows()[1:]]

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the key that signs now."""
        return self.keyring.signer(str(self.key_chain()[-1]))

    def inclusion(self, index: int, size: int | None = None) -> InclusionProof:
        """Return the proof that an entry is in the register as of `size` entries."""
        with self._store.reading() as reader:
            return prove_inclusion(reader, self.origin, index, size)

    def consistency(self, old: int, new: int) -> ConsistencyProof:
        """Return the proof that the first `old` entries begin the first `new` ones."""
        with self._store.reading() as reader:
            return prove_consistency(reader, self.origin, old, new)

    def checkpoint(self, *, also: Sequence[Place] = (), after_restore: bool = False) -> str:
        """Put the signed note of the register as it is in every place (and `also` there).

        A place that cannot be reached is told by an INCIDENT; the others get theirs.
        """
        note, failed = self._checkpoints.make(also, after_restore=after_restore)
        if failed:
            public: dict[str, JsonValue] = {"why": "place_unreachable", "places": failed}
            self.append_drafts([draft(AuditRecord(kind=Kind.INCIDENT), public)])
        return note

    def watched_by(self, witnesses: Witnesses, *, service: bool) -> None:
        """Have these witnesses (which are among its places) asked: by threads of a service, or
        else only when somebody says so."""
        self.witnesses = witnesses
        if service and len(witnesses):
            witnesses.start(self)
            self.before_closing(witnesses.stop)

    def checkpoint_seen(self, *, seconds: float, patient: bool = True) -> str:
        """Make a checkpoint and ask the witnesses; return it with what they signed by then."""
        note = self.checkpoint()
        if len(self.witnesses):
            self.witnesses.ask(self, seconds=seconds, patient=patient)
        size = read_note(note).checkpoint.size
        with self._store.reading() as reader:
            return dict(reader.notes_from(size, 1)).get(size, note)

    def newest_note(self) -> tuple[int, str]:
        """Return the last checkpoint that was kept, and its size; 0 if there is none."""
        with self._store.reading() as reader:
            size = reader.last_note_size()
            return size, dict(reader.notes_from(size, 1)).get(size, "")

    def note_covering(self, index: int) -> str:
        """Return the checkpoint that covers an entry and that most witnesses cosigned, the first
        of these; empty if there is none yet."""
        with self._store.reading() as reader:
            found = reader.notes_from(index + 1, NOTES_READ)
        signatures = {size: len(read_note(note).signatures) for size, note in found}
        return max(found, key=lambda one: (signatures[one[0]], -one[0]), default=(0, ""))[1]

    def last_cosigned(self, key: CosignerKey) -> tuple[int, int]:
        """Return the longest size that a witness cosigned, and when, among the checkpoints of the
        last while; zeros if there is none."""
        with self._store.reading() as reader:
            found = reader.notes_before(length(reader) + 1, NOTES_READ)
        for size, note in found:
            with suppress(NoteNotSigned):
                if (at := cosigned(read_note(note), [key]).get(key)) is not None:
                    return size, at
        return 0, 0

    def keep_cosignature(self, size: int, line: str) -> None:
        """Keep what a witness signed with the checkpoint of that size."""
        with self._store.writing() as writer:
            note = dict(writer.notes_from(size, 1)).get(size, "")
            if note and line not in note:
                writer.keep_note(size, note + line)

    def enter_witness_trouble(self, name: str, what: str) -> None:
        """Enter that something is wrong with a witness, or between it and this register."""
        public: dict[str, JsonValue] = {"why": "witness_trouble", "witness": name, "what": what}
        self.append_drafts([draft(AuditRecord(kind=Kind.INCIDENT), public)])

    def checkpoint_if_due(self) -> None:
        """Make a checkpoint if enough is new, or something is new and the last one is old."""
        if self._checkpoints.is_due(self._frontier.size if self._frontier else self.size()):
            self.checkpoint()

    def close_dead_exchanges(self) -> int:
        """Tell of each question whose process died before its outcome; return how many.

        A writer that lives holds its lock, we ours: those cannot be taken.
        """
        with self.sequencing() as sequencer:
            owing = {open_.writer for open_ in sequencer.writer.open_exchanges()}
            locks = [lock for w in owing if (lock := WriterLock.of(self.folder, w)) is not None]
            dead = [lock for lock in locks if lock.acquire()]
            nobody = owing - {lock.id for lock in locks}
            gone = [*(lock.id for lock in dead), *nobody]
            closed = sequencer.close_exchanges(gone, why="process_died")
        for lock in dead:
            lock.release()
        return closed

    def rotate_signing_key(self, *, by: str = "", role: str = "") -> str:
        """Sign with a new key from now on; the old one vouches for it in the register."""
        new = Ed25519PrivateKey.generate()
        record = AuditRecord(kind=Kind.KEY, actor=by, role=role)
        # The new key is kept before the register names it: a crash between the two
        # leaves a key that nobody knows, never a register that nobody can sign.
        self.keyring.add_signer(new)
        with self.sequencing() as sequencer:
            old = self.keyring.signer(sequencer.key_in_force())
            sequencer.add([draft(record, handover(self.origin, old, new))])
        return self.checkpoint()

    def protect(self, passphrase: str | None, *, by: str = "", role: str = "") -> None:
        """Open the keys with another passphrase from now on, or with a key file; it is entered."""
        status = "key_file" if passphrase is None else "passphrase"
        self.append(
            AuditRecord(kind=Kind.SETTINGS, actor=by, role=role, payload={"status": status})
        )
        self.keyring.protect(passphrase)

    def erase(
        self, selection: Selection, *, why: str, by: str = "", role: str = ""
    ) -> erasing.Erased:
        """Destroy the payloads that fit, and their keys; an ERASURE entry says how many."""
        stop = self.size()
        indexes = [entry.index for entry in self.unrecorded_entries(selection, stop=stop)
                   if not entry.erased]  # fmt: skip
        return self._erase(indexes, why=why, by=by, role=role)

    def erase_entries(
        self, indexes: Sequence[int], *, why: str, by: str = "", role: str = ""
    ) -> erasing.Erased:
        """Destroy the payloads of these entries, and their keys."""
        return self._erase(sorted(set(indexes)), why=why, by=by, role=role)

    def purge(
        self,
        retention: erasing.Retention | None = None,
        *,
        confirmed: bool = False,
        tells: bool = True,
        by: str = "",
        role: str = "",
    ) -> erasing.Erased:
        """Erase what was kept as long as its kind is to be kept; 12 months where none is said.

        The service calls this daily (keeper.py), `greffier register purge` on demand. A clock
        that the entries do not bear out erases nothing on its own: that it says so is entered
        (`tells`: the keeper, once a day), until three days agree or a person has confirmed it.
        """
        limits, now = retention or erasing.Retention(), self.now()
        late = now if confirmed else min(now, self.believed_now())
        with self._store.reading() as reader:
            indexes = erasing.outlived(reader, limits.limits(late))
            more = erasing.outlived(reader, limits.limits(now)) if late < now else indexes
            waiting = len(more) - len(indexes)
            seconds = round((now - late).total_seconds())
        if confirmed:
            self._tell_clock("clock_confirmed", {}, by, role)
        erased = self._erase(indexes, why=erasing.RETENTION, by="", role="")
        if waiting and tells:
            self._tell_clock(
                "clock_unconfirmed", {"seconds": seconds, "waiting": waiting}, by, role
            )
        return replace(erased, unconfirmed=waiting)

    def _tell_clock(self, why: str, facts: Mapping[str, JsonValue], by: str, role: str) -> None:
        record = AuditRecord(kind=Kind.INCIDENT, actor=by, role=role)
        self.append_drafts([draft(record, {"why": why, **facts})])

    def _erase(self, indexes: Sequence[int], *, why: str, by: str, role: str) -> erasing.Erased:
        with self.sequencing() as sequencer:
            erased = erasing.erase(sequencer, indexes, why=why, by=by, role=role)
        if erased.payloads:
            self._store.scrub()
        self.finish_erasures()
        return erased

    def finish_erasures(self) -> None:
        """Destroy the keys that erasures left to destroy, after a crash as well."""
        with self._store.reading() as reader:
            if not reader.pending():
                return
            due = erasing.condemned(reader, self.origin, believed(reader, self.now()))
        if due.erasures:
            self.keyring.forget(due.keys)
            with self._store.writing() as writer:
                writer.destroyed(due.erasures)
            self._store.scrub()

    def verify(
        self,
        *,
        notes: Sequence[str] = (),
        keys: Sequence[str] = (),
        policy: TrustPolicy | None = None,
    ) -> Verdict:
        """Verify the whole register as an auditor would; payloads are not read."""
        kept = [*notes, *filter(None, [self.keyring.anchor()])]
        with self._store.as_file() as path:
            return verify_file(path, notes=kept, keys=keys, policy=policy)

    def copy_to(self, path: Path, *, by: str = "", role: str = "") -> str:
        """Write a copy for an auditor, at one moment while in use; return its checkpoint.

        It holds no key: the payloads in it cannot be read.
        """
        record = AuditRecord(kind=Kind.EXPORT, actor=by, role=role, payload={"form": "copy"})
        self.append(record)
        note = self.checkpoint_seen(seconds=WITNESS_SECONDS, patient=False)
        self._store.copy_to(path)
        return note

    def as_file(self) -> AbstractContextManager[Path]:
        """Give the register as a file, for a backup: its own, or a copy, gone afterwards."""
        return self._store.as_file()

    def before_closing(self, callback: Callable[[], None]) -> None:
        """Call this, after what was named so before, when the register begins to close."""
        self._before_closing.append(callback)

    def close(self) -> None:
        """Close what this process left open, sign a checkpoint, let go of everything."""
        if self._closed or self._owner != os.getpid():
            return
        for callback in self._before_closing:
            callback()
        try:
            with self.sequencing() as sequencer:
                sequencer.close_exchanges([self._writer.id], why="closed_without_outcome")
            if self.size() != self._checkpoints.size:
                self.checkpoint()
        finally:
            self._closed = True
            self._store.close()
            self._writer.release()
            if self._service is not None:
                self._service.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # What broke first is what a person must be told; the next opening closes what this leaves.
        with suppress(RegisterError) if error else nullcontext():
            self.close()
