# SPDX-License-Identifier: EUPL-1.2
"""The verifier's reasoning, one line of the register after the other.

    expect(notes, head) ─▶ take(line)… ─▶ conclude(keys) ─▶ Verdict
                              └── Broken(trouble, index) at the first line that does not hold

Nothing stored is believed: the tree is built again from the lines, and compared.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from guardrails.register.leaves import Row, digest_of, leaf_of
from guardrails.register.merkle import Frontier
from guardrails.register.notes import (
    Checkpoint,
    Note,
    NoteMalformed,
    NoteNotSigned,
    VerifierKey,
    read_note,
)
from guardrails.register.rotation import KeyChain, KeyForged
from guardrails.register.trust_policy import TrustPolicy
from guardrails.register.verdicts import UNWITNESSED, Remark, Trouble, Verdict

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class Broken(Exception):
    """Something does not hold, or cannot be read."""

    def __init__(self, trouble: Trouble, *, index: int = 0, other: int = 0, note: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble, self.index, self.other, self.note = trouble, index, other, note


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine(Row):
    """A row with its sealed payload, None once erased."""

    sealed: bytes | None = None


class Audit:
    """A verification under way. `kept` are signed checkpoints from elsewhere."""

    def __init__(self, kept: Sequence[str]) -> None:
        self._kept = [read_note(note) for note in kept]
        self._stored: list[Note] = []
        self._head: Note | None = None
        self._roots: dict[int, bytes] = {}
        self._wanted: set[int] = set()
        self._frontier = Frontier()
        self._chain = KeyChain()
        self._last_at, self._last_key = "", -1
        self._missing: list[int] = []
        self._present: list[tuple[int, int]] = []  # spans of places whose payload is there
        self._erased: list[tuple[int, int, int]] = []  # first, stop, place of the ERASURE
        self._open: dict[str, int] = {}  # questions without outcome, by the place of their intent
        self._clock: list[int] = []
        self._ahead: list[int] = []
        self._restored: list[int] = []

    @property
    def size(self) -> int:
        """How many lines hold so far."""
        return self._frontier.size

    def expect(self, stored: Sequence[tuple[int, str]], head: str) -> None:
        """Take up the seals that stand in the register itself."""
        for size, text in stored:
            note = _seal(text, size)
            if note.checkpoint.size != size:
                raise Broken(Trouble.SEAL_FORGED, other=size)
            self._stored.append(note)
        self._head = _seal(head, None) if head else None
        notes = [*self._kept, *self._stored, *([self._head] if self._head else [])]
        self._wanted = {note.checkpoint.size for note in notes}

    def take(self, line: StoredLine) -> None:
        """Check one line against all lines before it."""
        index = self.size
        if line.index != index:
            raise Broken(Trouble.ENTRY_MISSING, index=index)
        leaf = leaf_of(line)
        if leaf != line.leaf:
            raise self._changed(line)
        if line.sealed is None:
            self._missing.append(index)
        elif digest_of(line.sealed) != line.digest:
            raise Broken(Trouble.PAYLOAD_CHANGED, index=index)
        else:
            self._note_present(index)
        if b"".join(self._frontier.append(leaf)) != line.tree:
            raise Broken(Trouble.TREE_CHANGED, index=index)
        self._check_order(line)
        self._follow(line)
        if self.size in self._wanted:
            self._roots[self.size] = self._frontier.root()

    def check_rest(
        self, stray: int | None, open_exchanges: Mapping[str, int], pending: Sequence[int]
    ) -> None:
        """Refuse a payload that belongs to no entry, and notes of the work under way that the
        entries do not bear out."""
        if stray is not None:
            raise Broken(Trouble.STRUCTURE, index=stray, note=f"payload {stray}")
        if open_exchanges != self._open:
            [first, *_] = sorted(
                exchange
                for exchange in {*open_exchanges, *self._open}
                if open_exchanges.get(exchange) != self._open.get(exchange)
            )
            raise Broken(Trouble.LIST_CHANGED, note=f"open_exchanges {first}")
        for place in pending:
            if place not in {at for _, _, at in self._erased}:
                raise Broken(Trouble.LIST_CHANGED, index=place, note=f"pending {place}")

    def conclude(self, keys: Sequence[VerifierKey], policy: TrustPolicy | None = None) -> Verdict:
        """Compare what was read with every seal, and say what was found."""
        if policy is not None and policy.logs:
            keys = [*keys, *policy.keys_of(self._chain.origin)]
            if not keys:
                raise Broken(Trouble.OTHER_LOG, note=self._chain.origin)
        self._check_notes(keys)
        self._check_erasures()
        seen = self._seen(policy) if policy is not None and policy.demands_witnesses else ()
        remarks = [
            *seen,
            Remark(name="clock", n=len(self._clock), index=min(self._clock, default=0)),
            Remark(name="ahead", n=len(self._ahead), index=min(self._ahead, default=0)),
            Remark(name="restored", n=len(self._restored), index=min(self._restored, default=0)),
            Remark(name="erased", n=len(self._missing)),
            Remark(name="open", n=len(self._open)),
        ]
        return Verdict(
            size=self.size,
            origin=self._chain.origin,
            kept=len(self._kept),
            is_authenticated=bool(self._kept or keys or seen),
            anchor=max((note.checkpoint.size for note in self._kept), default=0),
            remarks=tuple(remark for remark in remarks if remark.n),
        )

    def _seen(self, policy: TrustPolicy) -> tuple[Remark, Remark]:
        """Say up to where enough witnesses saw this very history: nobody else than the town
        answers for what comes after."""
        size, seen = quorum_of(policy, [*self._kept, *self._stored, *filter(None, [self._head])])
        at = max(seen.values(), default=0)
        return (
            Remark(name="witnessed", n=len(seen), index=size, at=at),
            Remark(name=UNWITNESSED, n=self.size - size, index=size),
        )

    def failed(self, broken: Broken) -> Verdict:
        """Say where it broke."""
        return Verdict(
            size=self.size, origin=self._chain.origin, trouble=broken.trouble,
            index=broken.index, other=broken.other, note=broken.note,
        )  # fmt: skip

    def _changed(self, line: StoredLine) -> Broken:
        """Tell a changed line from one that was sealed at another place."""
        for other in range(self.size + 1000):
            if other != self.size and leaf_of(replace(line, index=other)) == line.leaf:
                return Broken(Trouble.ENTRY_MOVED, index=self.size, other=other)
        return Broken(Trouble.ENTRY_CHANGED, index=self.size)

    def _check_order(self, line: StoredLine) -> None:
        if not MOMENT.fullmatch(line.at) or line.key <= self._last_key:
            raise Broken(Trouble.ENTRY_CHANGED, index=line.index)
        if line.at < self._last_at:
            if line.kind != "incident" or _public(line).get("why") != "clock_set_back":
                raise Broken(Trouble.CLOCK_BACK, index=line.index)
            self._clock.append(line.index)
        self._last_at, self._last_key = line.at, line.key

    def _follow(self, line: StoredLine) -> None:
        if line.kind == "key":
            try:
                self._chain.add(line.index, line.public)
            except KeyForged:
                raise Broken(Trouble.KEY_FORGED, index=line.index) from None
        elif line.kind == "erasure":
            self._erased += [(first, stop, line.index) for first, stop in _spans(line)]
        elif line.kind == "intent" and line.exchange:
            self._open.setdefault(line.exchange, line.index)
        elif line.kind in ("outcome", "incident"):
            self._open.pop(line.exchange, None)
            why = _public(line).get("why") if line.kind == "incident" else ""
            if why == "restored":
                self._restored.append(line.index)
            elif why == "clock_unconfirmed":
                self._ahead.append(line.index)
        if not self._chain.keys:  # the first entry names the key
            raise Broken(Trouble.KEY_FORGED, index=line.index)

    def _note_present(self, index: int) -> None:
        if self._present and self._present[-1][1] == index:
            self._present[-1] = self._present[-1][0], index + 1
        else:
            self._present.append((index, index + 1))

    def _check_notes(self, keys: Sequence[VerifierKey]) -> None:
        """Kept checkpoints first: they are the only ones that an intruder could not touch."""
        strange = {str(key) for key in keys} - {str(key) for _, key in self._chain.keys}
        if keys and len(strange) == len({*keys}):
            raise Broken(Trouble.OTHER_KEY)
        holding = 0
        for note in sorted(self._kept, key=lambda note: note.checkpoint.size):
            point = note.checkpoint
            if point.origin != self._chain.origin:
                raise Broken(Trouble.OTHER_REGISTER, note=point.origin)
            self._check_signature(note, Trouble.CHECKPOINT_FORGED, keys)
            if point.size > self.size:
                raise Broken(Trouble.TAIL_CUT, index=self.size, other=point.size)
            if self._roots.get(point.size) != point.root:
                raise self._parted(holding, point.size)
            holding = point.size
        self._check_own_seals(holding)
        if strange:  # who kept the next key knows of an entry that is not here: it was cut, or the
            raise Broken(Trouble.OTHER_KEY)  # key before wrote a history without it

    def _parted(self, holding: int, size: int) -> Broken:
        """Say between which entries the history parts from a kept checkpoint.

        Whoever has the key can make seals that fit a false history, so the register's own
        seals may bring the end of the span nearer (one that is signed and does not fit), but
        never its beginning.
        """
        signed = [note.checkpoint for note in self._stored if self._is_signed(note)]
        wrong = [p.size for p in signed if holding < p.size and self._roots.get(p.size) != p.root]
        head = self._head
        sealed = head is not None and self._is_signed(head) and self._fits(head.checkpoint)
        trouble = Trouble.FORKED if sealed else Trouble.REWRITTEN
        return Broken(trouble, index=holding, other=min([size, *wrong]) - 1)

    def _is_signed(self, note: Note, also: Sequence[VerifierKey] = ()) -> bool:
        try:
            note.opened_by([*self._chain.in_force(note.checkpoint.size), *also])
        except NoteNotSigned:
            return False
        return True

    def _fits(self, point: Checkpoint) -> bool:
        return point.size == self.size and self._roots.get(point.size) == point.root

    def _check_own_seals(self, holding: int) -> None:
        for note in self._stored:
            size = note.checkpoint.size
            if size > self.size:
                raise Broken(Trouble.TAIL_CUT, index=self.size, other=size)
            self._check_signature(note, Trouble.SEAL_FORGED)
            if self._roots.get(size) != note.checkpoint.root:
                raise Broken(Trouble.REWRITTEN, index=holding, other=size - 1)
            holding = max(holding, size)
        if self._head is None:
            raise Broken(Trouble.ENTRY_UNSEALED, index=holding)
        size = self._head.checkpoint.size
        self._check_signature(self._head, Trouble.LAST_SEAL_FORGED)
        if size > self.size:
            raise Broken(Trouble.TAIL_CUT, index=self.size, other=size)
        if self._roots.get(size) != self._head.checkpoint.root:
            raise Broken(Trouble.REWRITTEN, index=holding, other=size - 1)
        if size < self.size:
            raise Broken(Trouble.ENTRY_UNSEALED, index=size)

    def _returned(self, first: int) -> int:
        """The first place from `first` on whose payload is there."""
        return next(max(start, first) for start, stop in self._present if stop > first)

    def _check_signature(
        self, note: Note, trouble: Trouble, also: Sequence[VerifierKey] = ()
    ) -> None:
        """A note is signed by the key in force at its size. One that is longer than the register
        may be of a later key, whose entry was cut off: then a key kept elsewhere may know it."""
        known = also if note.checkpoint.size > self.size else ()
        if note.checkpoint.origin != self._chain.origin or not self._is_signed(note, known):
            raise Broken(trouble, other=note.checkpoint.size)

    def _check_erasures(self) -> None:
        spans = sorted((first, stop) for first, stop, at in self._erased if stop <= at)
        position = 0
        reach = -1
        for index in self._missing:
            while position < len(spans) and spans[position][0] <= index:
                reach = max(reach, spans[position][1])
                position += 1
            if index >= reach:
                raise Broken(Trouble.PAYLOAD_MISSING, index=index)
        for first, stop in spans:
            after = bisect.bisect_left(self._present, (stop, 0))
            if after and self._present[after - 1][1] > first:
                raise Broken(Trouble.PAYLOAD_RETURNED, index=self._returned(first))


def quorum_of(policy: TrustPolicy, notes: Iterable[Note]) -> tuple[int, dict[str, int]]:
    """Return the size of the longest of these checkpoints that enough witnesses cosigned, and who
    did, when. Broken if there is none, or if a witness's signature on one that is looked at is
    false."""
    most: dict[str, int] = {}
    longest = 0
    for note in sorted(notes, key=lambda note: note.checkpoint.size, reverse=True):
        size = note.checkpoint.size
        try:
            seen = policy.seen_by(note)
        except NoteNotSigned as error:
            raise Broken(Trouble.COSIGNATURE_FORGED, other=size, note=str(error)) from None
        if policy.is_met_by(seen):
            return size, seen
        longest, most = max(longest, size), max(most, seen, key=len)
    raise Broken(Trouble.QUORUM_MISSING, index=len(most), other=longest, note=policy.shown)


def _public(line: Row) -> Mapping[str, object]:
    try:
        value = json.loads(line.public or "{}")
    except ValueError:
        raise Broken(Trouble.ENTRY_CHANGED, index=line.index) from None
    if not isinstance(value, dict):
        raise Broken(Trouble.ENTRY_CHANGED, index=line.index)
    return value


def _spans(line: Row) -> list[tuple[int, int]]:
    try:
        value = json.loads(line.public)["erases"]
        return [(int(first), int(stop)) for first, stop in value]
    except (ValueError, KeyError, TypeError):
        raise Broken(Trouble.ENTRY_CHANGED, index=line.index) from None


def _seal(text: str, size: int | None) -> Note:
    try:
        return read_note(text)
    except NoteMalformed:
        trouble = Trouble.LAST_SEAL_FORGED if size is None else Trouble.SEAL_FORGED
        raise Broken(trouble, other=size or 0) from None
