# SPDX-License-Identifier: EUPL-1.2
"""Erasure: the payload and its key go, the leaf and every proof stay.

    1  one transaction: an ERASURE entry that names the places, payloads deleted, the entry pending
    2  the keys are destroyed            (after a crash, the next opening resumes here)
    3  it is no longer pending; journal and free pages are emptied

What a person erases loses its keys at once. What the retention erases keeps them for a week: if
it was a mistake, a backup of the data still brings it back.

The ERASURE entry says in clear which places it erased, so that a verifier without keys
can tell an erased payload from a stolen one.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from guardrails.errors import RegisterTampered
from guardrails.register.leaves import Row, moment_of
from guardrails.register.records import AuditRecord, JsonValue, Kind, Sealed
from guardrails.register.sequencer import Sequencer, draft
from guardrails.register.store import Span, StoreReader, length
from guardrails.register.trust import trusted_head, trusted_row

SPANS_PER_ENTRY = 1_000
PAGE_ROWS = 5_000
RETENTION = "retention"
KEYS_OUTLIVE = timedelta(days=7)
OLDEST = datetime.min.replace(tzinfo=UTC)  # a kind that is unknown here is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How many months payloads are kept, by kind of entry."""

    default_months: int = 12
    months: Mapping[Kind, int] = field(default_factory=dict)

    def limits(self, now: datetime) -> dict[str, datetime]:
        """Return the moment before which the payloads of each kind are to go."""
        return {
            kind.value: months_before(now, self.months.get(kind, self.default_months))
            for kind in Kind
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How many payloads went, the entries that say so, and how many the clock alone would take."""

    payloads: int
    sealed: tuple[Sealed, ...] = ()
    unconfirmed: int = 0


def erase(sequencer: Sequencer, indexes: Sequence[int], *, why: str, by: str, role: str) -> Erased:
    """Delete payloads inside the transaction and leave their keys pending."""
    spans = _spans(sequencer.writer, sorted(indexes))
    sealed: list[Sealed] = []
    payloads = 0
    for start in range(0, len(spans), SPANS_PER_ENTRY):
        chunk = spans[start : start + SPANS_PER_ENTRY]
        gone = [i for first, stop in chunk for i in sequencer.writer.present(first, stop)]
        record = AuditRecord(kind=Kind.ERASURE, actor=by, role=role)
        public: dict[str, JsonValue] = {"why": why, "erases": [list(span) for span in chunk]}
        [place] = sequencer.add([draft(record, public)])
        sequencer.writer.erase(gone, place.index)
        sealed.append(place)
        payloads += len(gone)
    return Erased(payloads=payloads, sealed=tuple(sealed))


def outlived(reader: StoreReader, limits: Mapping[str, datetime]) -> list[int]:
    """Return the places whose payloads were kept as long as their kind is to be kept.

    All of them are looked at: after a clock that was set back, later is not younger.
    """
    found: list[int] = []
    for page in _pages(reader):
        present = set(page)
        found += [
            row.index
            for row in reader.rows(page[0], page[-1] + 1)
            if row.index in present
            and moment_of(row.at) < limits.get(row.kind, OLDEST)
            and not _is_purge(row)
        ]
    return found


def _is_purge(row: Row) -> bool:
    """Tell whether the payload is empty because the purge itself wrote the entry. To erase
    it would take another such entry, for ever."""
    return row.kind == Kind.ERASURE.value and json.loads(row.public).get("why") == RETENTION


def months_before(now: datetime, months: int) -> datetime:
    """Return the same day and time some months earlier, or the last day of that month.

    >>> months_before(datetime(2026, 3, 31), 1), months_before(datetime(2026, 3, 29), 0)
    (datetime.datetime(2026, 2, 28, 0, 0), datetime.datetime(2026, 3, 29, 0, 0))
    """
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def _pages(reader: StoreReader) -> Iterator[list[int]]:
    """Yield the places whose payload is still there, some thousands at a time."""
    for start in range(0, length(reader), PAGE_ROWS):
        present = reader.present(start, start + PAGE_ROWS)
        if present:
            yield present


def _spans(reader: StoreReader, indexes: Sequence[int]) -> list[Span]:
    """Join places into spans, across those whose payload is gone already."""
    if not indexes:
        return []
    wanted = set(indexes)
    spans: list[Span] = []
    going_on = False
    for index in reader.present(indexes[0], indexes[-1] + 1):
        if index not in wanted:
            going_on = False
        elif going_on:
            spans[-1] = spans[-1][0], index + 1
        else:
            spans.append((index, index + 1))
            going_on = True
    return spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Condemned:
    """Keys that are to be destroyed now, and the ERASURE entries that say so."""

    erasures: tuple[int, ...] = ()
    keys: tuple[Span, ...] = ()


def condemned(reader: StoreReader, origin: str, now: datetime) -> Condemned:
    """Return the keys that the pending ERASURE entries condemn, those of the retention in time.

    Only sealed rows are believed: a line slipped into the list of pending erasures must
    not be able to destroy keys.
    """
    head = trusted_head(reader, origin)
    due: list[int] = []
    spans: list[Span] = []
    for erasure in reader.pending():
        row = trusted_row(reader, head, erasure)
        if row.kind != Kind.ERASURE.value:
            raise RegisterTampered(f"entry {erasure} is not an erasure")
        if _is_purge(row) and _erased_at(reader, erasure) + KEYS_OUTLIVE > now:
            continue
        due.append(erasure)
        for first, stop in json.loads(row.public)["erases"]:
            # Numbers rise with places, and every payload in between is to go.
            start = trusted_row(reader, head, first).key
            end = trusted_row(reader, head, stop - 1).key
            spans.append((start, end + 1))
    return Condemned(erasures=tuple(due), keys=tuple(spans))


def _erased_at(reader: StoreReader, erasure: int) -> datetime:
    """Return when an entry was made; if the clock was set back soon after it, the earlier time."""
    return min(moment_of(row.at) for row in reader.rows(erasure, erasure + PAGE_ROWS))
