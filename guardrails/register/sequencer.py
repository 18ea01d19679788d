# SPDX-License-Identifier: EUPL-1.2
"""From records to rows, in their places: what happens while the register is held for writing.

    Draft(record, public) ──Sequencer.add──▶ Row + sealed payload ──▶ StoreWriter.insert

The moment is read inside the transaction, so that moments follow places. A clock that
was set back is told by an INCIDENT whose moment is the earlier one; the verifier accepts
no other step back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from guardrails.errors import RecordInvalid, RegisterTampered
from guardrails.register.keys import Keyring
from guardrails.register.leaves import (
    EXCHANGE,
    Row,
    canonical,
    digest_of,
    leaf_of,
    moment_of,
    stamp,
)
from guardrails.register.merkle import Frontier
from guardrails.register.notes import Checkpoint, sign
from guardrails.register.records import AuditRecord, JsonValue, Kind, Sealed
from guardrails.register.store import OpenExchange, StoreWriter
from guardrails.register.trust import key_named, trusted_frontier

MAX_PAYLOAD_BYTES = 1 << 20
MAX_NAME_CHARS = 128
CLOCK_TOLERANCE = timedelta(seconds=2)  # what time synchronisation does on an ordinary day
# Without these words in clear no verifier could follow the register past such an entry.
SAID_IN_CLEAR = {Kind.KEY: "key", Kind.ERASURE: "erases"}
LOST_KEYS = 1 << 20  # numbers skipped after a restored backup: more than can lie past a checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record on its way, with what its leaf is to say in clear."""

    record: AuditRecord
    public: Mapping[str, JsonValue] = field(default_factory=dict)
    body: str = ""
    skip_keys: bool = False


def draft(
    record: AuditRecord, public: Mapping[str, JsonValue] | None = None, *, skip_keys: bool = False
) -> Draft:
    """Check a record before the register is held; RecordInvalid says what is wrong."""
    if not EXCHANGE.fullmatch(record.exchange):
        raise RecordInvalid("an exchange is 64 letters, digits, _ or - at most")
    if max(len(record.actor), len(record.role)) > MAX_NAME_CHARS:
        raise RecordInvalid(f"actor and role hold {MAX_NAME_CHARS} characters at most")
    clear = SAID_IN_CLEAR.get(record.kind)
    if clear and clear not in (public or {}):
        raise RecordInvalid(f"an entry of kind {record.kind} says {clear!r} in clear")
    value = {"actor": record.actor, "role": record.role, "payload": record.payload}
    try:
        body = canonical(value)
        size = len(body.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordInvalid(f"the payload is not JSON: {type(error).__name__}") from None
    if size > MAX_PAYLOAD_BYTES:
        raise RecordInvalid(f"payload of {size} bytes, {MAX_PAYLOAD_BYTES} at most")
    return Draft(record=record, public=public or {}, body=body, skip_keys=skip_keys)


class Sequencer:
    """The next places of the register, while it is held for writing."""

    def __init__(
        self,
        writer: StoreWriter,
        keyring: Keyring,
        *,
        writer_id: str,
        now: Callable[[], datetime],
        frontier: Frontier | None = None,
    ) -> None:
        self.writer = writer
        self._keyring, self._writer_id, self._now = keyring, writer_id, now
        last = writer.last()
        size = 0 if last is None else last.index + 1
        if frontier is None or frontier.size != size:
            frontier = trusted_frontier(writer, keyring.origin, size)
        self.frontier = frontier.copy()
        self._last_at = None if last is None else moment_of(last.at)
        self._next_key = 0 if last is None else last.key + 1

    def add(self, drafts: Sequence[Draft]) -> list[Sealed]:
        """Give each draft its place; the rows are on disk when the transaction ends."""
        rows: list[tuple[Row, bytes]] = []
        places: list[Sealed] = []
        for item in drafts:
            moment = self._moment(rows)
            row, sealed = self._row(item, moment)
            rows.append((row, sealed))
            places.append(Sealed(index=row.index, at=moment, leaf=row.leaf))
        self.writer.insert(rows)
        for item, place in zip(drafts, places, strict=True):
            self._follow(item.record, place.index)
        return places

    def close_exchanges(self, writers: Sequence[str], *, why: str) -> int:
        """Tell of each question that these writers left without outcome; return how many."""
        left = [open_ for open_ in self.writer.open_exchanges() if open_.writer in writers]
        self.add([
            draft(
                AuditRecord(kind=Kind.INCIDENT, exchange=open_.exchange),
                {"why": why, "closes": open_.index},
            )
            for open_ in left
        ])  # fmt: skip
        return len(left)

    def key_in_force(self) -> str:
        """The verifier key that the register named last."""
        named = self.writer.key_rows()
        if not named:
            raise RegisterTampered("the register names no key")
        return key_named(named[-1].public)

    def sign(self) -> None:
        """Sign the register as it now is, in the same transaction as the rows."""
        signer = self._keyring.signer(self.key_in_force())
        checkpoint = Checkpoint(
            origin=self._keyring.origin, size=self.frontier.size, root=self.frontier.root()
        )
        self.writer.set_head(sign(checkpoint, [signer]))

    def _moment(self, rows: list[tuple[Row, bytes]]) -> datetime:
        moment = self._now()
        last = self._last_at
        if last is not None and moment < last:
            if last - moment <= CLOCK_TOLERANCE:
                return last
            seconds = round((last - moment).total_seconds())
            clock = draft(
                AuditRecord(kind=Kind.INCIDENT), {"why": "clock_set_back", "seconds": seconds}
            )
            rows.append(self._row(clock, moment))
        return moment

    def _row(self, item: Draft, moment: datetime) -> tuple[Row, bytes]:
        if item.skip_keys:
            self._next_key += LOST_KEYS
        sealed = self._keyring.seal(self._next_key, item.body)
        row = Row(
            index=self.frontier.size,
            at=stamp(moment),
            kind=item.record.kind.value,
            exchange=item.record.exchange,
            public=canonical(item.public) if item.public else "",
            key=self._next_key,
            digest=digest_of(sealed),
        )
        tree = b"".join(self.frontier.append(leaf_of(row)))
        self._next_key += 1
        self._last_at = moment
        return replace(row, tree=tree), sealed

    def _follow(self, record: AuditRecord, index: int) -> None:
        if not record.exchange:
            return
        if record.kind is Kind.INTENT:
            self.writer.begin_exchange(
                OpenExchange(exchange=record.exchange, writer=self._writer_id, index=index)
            )
        elif record.kind in (Kind.OUTCOME, Kind.INCIDENT):
            self.writer.end_exchange(record.exchange)
