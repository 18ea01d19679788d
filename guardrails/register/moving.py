# SPDX-License-Identifier: EUPL-1.2
"""All rows of one store into an empty one, in one transaction: nothing is computed, nothing signed.

copy_rows(reader, target)                for an auditor, a backup
move_file(folder, store)                 a register's file into the store that the settings name
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from guardrails.errors import RegisterUnavailable
from guardrails.register.leaves import DATABASE
from guardrails.register.store import AuditStore, StoreReader, length
from guardrails.register.store_sqlite import SqliteStore

AT_ONCE = 1_000
MOVED = f"{DATABASE}.moved"
_NOWHERE = -1


def copy_rows(reader: StoreReader, target: AuditStore) -> None:
    """Copy a register at one moment; RegisterUnavailable where the target holds one."""
    with target.writing() as writer:
        if length(writer):
            raise RegisterUnavailable("the place to copy to holds a register already")
        for start in range(0, length(reader), AT_ONCE):
            rows = reader.rows(start, start + AT_ONCE)
            sealed = reader.sealed(reader.present(start, start + AT_ONCE))
            writer.insert((row, sealed.get(row.index, b"")) for row in rows)
            gone = [row.index for row in rows if row.index not in sealed]
            if gone:
                writer.erase(gone, _NOWHERE)
                writer.destroyed([_NOWHERE])
        for erasure in reader.pending():
            writer.erase([], erasure)
        for exchange in reader.open_exchanges():
            writer.begin_exchange(exchange)
        for size, note in reader.notes():
            writer.keep_note(size, note)
        if reader.head():
            writer.set_head(reader.head())


def move_file(folder: Path, store: AuditStore) -> None:
    """Take up a register's file that stands in its folder, of before the settings named another
    store, or put back from a backup. Where both hold a register, neither is touched."""
    path = folder / DATABASE
    if not path.is_file():
        return
    with closing(SqliteStore(path)) as before:
        with store.reading() as there, before.reading() as here:
            if length(there) and length(here):
                raise RegisterUnavailable(
                    f"the register stands in two places, {DATABASE} and the database that the "
                    "settings name: put one of them away"
                )
            if length(here):
                copy_rows(here, store)
        before.scrub()
    path.rename(folder / MOVED)
    for left in ("-wal", "-shm"):
        path.with_name(path.name + left).unlink(missing_ok=True)
