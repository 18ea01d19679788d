# SPDX-License-Identifier: EUPL-1.2
"""What any AuditStore must do: subclass, and give a `store` fixture."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from guardrails.register.leaves import Row
from guardrails.register.store import AuditStore, OpenExchange
from guardrails.register.store_sqlite import SqliteStore


def row(index: int, *, kind: str = "feedback", exchange: str = "") -> tuple[Row, bytes]:
    """Return a row and a payload to store."""
    made = Row(
        index=index, at="2026-03-02T09:00:00.000000Z", kind=kind, exchange=exchange,
        public='{"a":1}', key=index + 5, digest=bytes(32), tree=bytes([index]) * 64,
    )  # fmt: skip
    return made, f"sealed {index}".encode()


def fill(store: AuditStore, count: int = 5) -> None:
    """Store some rows."""
    with store.writing() as writer:
        writer.insert(row(index) for index in range(count))


class AuditStoreContract:
    """Rows only grow, payloads go for good, a block is all or nothing, readers see commits."""

    def test_an_empty_store_has_nothing(self, store: AuditStore) -> None:
        with store.reading() as reader:
            assert reader.last() is None
            assert reader.rows(0, 10) == []
            assert (reader.head(), reader.last_note_size()) == ("", 0)

    def test_rows_come_back_in_order(self, store: AuditStore) -> None:
        fill(store)
        with store.reading() as reader:
            assert reader.rows(1, 3) == [row(1)[0], row(2)[0]]
            assert reader.last() == row(4)[0]
            assert reader.tree(3) == bytes([3]) * 64
            assert reader.sealed([0, 4, 9]) == {0: b"sealed 0", 4: b"sealed 4"}

    def test_a_block_that_fails_leaves_nothing(self, store: AuditStore) -> None:
        fill(store)
        with pytest.raises(KeyError), store.writing() as writer:
            writer.insert([row(5)])
            writer.set_head("note")
            raise KeyError
        with store.reading() as reader:
            assert reader.last() == row(4)[0]
            assert reader.head() == ""

    def test_a_place_is_taken_once(self, store: AuditStore) -> None:
        fill(store)
        with pytest.raises(Exception, match=r".+"), store.writing() as writer:
            writer.insert([row(4)])
        with store.reading() as reader:
            assert len(reader.rows(0, 10)) == 5

    def test_erased_payloads_are_gone_and_pending(self, store: AuditStore) -> None:
        fill(store)
        with store.writing() as writer:
            writer.erase([1, 2], 4)
        with store.reading() as reader:
            assert reader.present(0, 10) == [0, 3, 4]
            assert reader.pending() == [4]
            assert reader.rows(1, 2) == [row(1)[0]]
        with store.writing() as writer:
            writer.destroyed([4])
        store.scrub()
        with store.reading() as reader:
            assert reader.pending() == []

    def test_exchanges_are_open_until_they_end(self, store: AuditStore) -> None:
        with store.writing() as writer:
            writer.insert([row(0, kind="intent", exchange="x"), row(1, exchange="y")])
            for name in ("x", "y"):
                writer.begin_exchange(OpenExchange(exchange=name, writer="w", index=0))
            writer.end_exchange("y")
        with store.reading() as reader:
            assert reader.open_exchanges() == [OpenExchange(exchange="x", writer="w", index=0)]
            assert [r.index for r in reader.exchange("x")] == [0]
            assert reader.exchange("") == []

    def test_seals_are_kept(self, store: AuditStore) -> None:
        with store.writing() as writer:
            writer.insert([row(0, kind="key"), row(1), row(2, kind="key")])
            writer.set_head("first")
            writer.set_head("second")
            writer.keep_note(3, "three")
            writer.keep_note(2, "two")
        with store.reading() as reader:
            assert reader.head() == "second"
            assert reader.notes() == [(2, "two"), (3, "three")]
            assert reader.notes_from(3, 5) == [(3, "three")]
            assert reader.notes_from(1, 1) == [(2, "two")]
            assert reader.notes_before(4, 5) == [(3, "three"), (2, "two")]
            assert reader.notes_before(3, 1) == [(2, "two")]
            assert reader.last_note_size() == 3
            assert [r.index for r in reader.key_rows()] == [0, 2]

    def test_a_reader_sees_one_moment_while_a_writer_writes(self, store: AuditStore) -> None:
        fill(store)
        with store.reading() as reader:
            before = reader.last()
            with store.writing() as writer:
                writer.insert([row(5)])
            assert reader.last() == before
        with store.reading() as reader:
            assert reader.last() == row(5)[0]

    def test_writers_take_turns(self, store: AuditStore) -> None:
        def append() -> None:
            for _ in range(10):
                with store.writing() as writer:
                    last = writer.last()
                    place = 0 if last is None else last.index + 1
                    time.sleep(0)
                    writer.insert([row(place)])

        threads = [threading.Thread(target=append) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.reading() as reader:
            assert [r.index for r in reader.rows(0, 100)] == list(range(40))

    def test_a_copy_holds_the_same(self, store: AuditStore, tmp_path: Path) -> None:
        fill(store)
        with store.writing() as writer:
            writer.erase([1], 4)
            writer.set_head("head")
            writer.keep_note(5, "note")
        store.copy_to(tmp_path / "copy.sqlite3")
        copied = SqliteStore(tmp_path / "copy.sqlite3")
        with copied.reading() as copy, store.reading() as reader:
            assert copy.rows(0, 9) == reader.rows(0, 9)
            assert copy.present(0, 9) == reader.present(0, 9) == [0, 2, 3, 4]
            assert (copy.head(), copy.notes()) == (reader.head(), reader.notes())
        copied.close()
