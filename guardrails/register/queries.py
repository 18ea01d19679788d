# SPDX-License-Identifier: EUPL-1.2
"""The register's questions and changes, in SQL that SQLite and PostgreSQL read the same.

Reading(connection)     what a StoreReader can be asked
└── Writing             what a StoreWriter can do, inside a transaction of its caller
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from guardrails.errors import RegisterTampered
from guardrails.register.leaves import Row
from guardrails.register.store import OpenExchange


class Found(Protocol):
    """The rows that a question found."""

    def fetchone(self) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection that takes `?` for a value."""

    def execute(self, query: str, values: Sequence[Any] = ..., /) -> Found: ...

    def executemany(self, query: str, values: Iterable[Sequence[Any]], /) -> object: ...


COLUMNS = '"index", at, kind, exchange, public, "key", digest, tree'


class Reading:
    """Questions to the register through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self) -> Row | None:
        query = f'SELECT {COLUMNS} FROM entries ORDER BY "index" DESC LIMIT 1'
        row = self._connection.execute(query).fetchone()
        return None if row is None else row_of(row)

    def key_rows(self) -> list[Row]:
        query = f"SELECT {COLUMNS} FROM entries WHERE kind = 'key' ORDER BY \"index\""
        return [row_of(row) for row in self._connection.execute(query)]

    def head(self) -> str:
        row = self._connection.execute("SELECT note FROM head").fetchone()
        return "" if row is None else str(row[0])

    def rows(self, start: int, stop: int) -> list[Row]:
        query = f'SELECT {COLUMNS} FROM entries WHERE "index" >= ? AND "index" < ? ORDER BY "index"'
        return [row_of(row) for row in self._connection.execute(query, (start, stop))]

    def exchange(self, exchange: str) -> list[Row]:
        query = (
            f"SELECT {COLUMNS} FROM entries WHERE exchange = ? AND exchange != '' "
            'ORDER BY "index"'
        )
        return [row_of(row) for row in self._connection.execute(query, (exchange,))]

    def present(self, start: int, stop: int) -> list[int]:
        query = 'SELECT "index" FROM payloads WHERE "index" >= ? AND "index" < ? ORDER BY "index"'
        return [index for (index,) in self._connection.execute(query, (start, stop))]

    def tree(self, index: int) -> bytes:
        query = 'SELECT tree FROM entries WHERE "index" = ?'
        row = self._connection.execute(query, (index,)).fetchone()
        if row is None:
            raise RegisterTampered(f"entry {index} is missing")
        return bytes(row[0])

    def sealed(self, indexes: Sequence[int]) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        query = 'SELECT sealed FROM payloads WHERE "index" = ?'
        for index in indexes:
            row = self._connection.execute(query, (index,)).fetchone()
            if row is not None:
                found[index] = bytes(row[0])
        return found

    def notes(self) -> list[tuple[int, str]]:
        return list(self._connection.execute("SELECT size, note FROM notes ORDER BY size"))

    def notes_from(self, size: int, count: int) -> list[tuple[int, str]]:
        query = "SELECT size, note FROM notes WHERE size >= ? ORDER BY size LIMIT ?"
        return list(self._connection.execute(query, (size, count)))

    def notes_before(self, size: int, count: int) -> list[tuple[int, str]]:
        query = "SELECT size, note FROM notes WHERE size < ? ORDER BY size DESC LIMIT ?"
        return list(self._connection.execute(query, (size, count)))

    def last_note_size(self) -> int:
        row = self._connection.execute("SELECT max(size) FROM notes").fetchone()
        return int(row[0] or 0)

    def pending(self) -> list[int]:
        query = "SELECT erasure FROM pending ORDER BY erasure"
        return [erasure for (erasure,) in self._connection.execute(query)]

    def open_exchanges(self) -> list[OpenExchange]:
        query = 'SELECT exchange, writer, "index" FROM open_exchanges ORDER BY "index"'
        return [
            OpenExchange(exchange=exchange, writer=writer, index=index)
            for exchange, writer, index in self._connection.execute(query)
        ]


class Writing(Reading):
    """Changes to the register inside one transaction."""

    def insert(self, rows: Iterable[tuple[Row, bytes]]) -> None:
        for row, sealed in rows:
            self._connection.execute(
                f"INSERT INTO entries ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (row.index, row.at, row.kind, row.exchange, row.public, row.key, row.digest,
                 row.tree),
            )  # fmt: skip
            self._connection.execute("INSERT INTO payloads VALUES (?, ?)", (row.index, sealed))

    def begin_exchange(self, exchange: OpenExchange) -> None:
        self._connection.execute(
            "INSERT INTO open_exchanges VALUES (?, ?, ?) ON CONFLICT (exchange) DO NOTHING",
            (exchange.exchange, exchange.writer, exchange.index),
        )

    def end_exchange(self, exchange: str) -> None:
        self._connection.execute("DELETE FROM open_exchanges WHERE exchange = ?", (exchange,))

    def erase(self, indexes: Sequence[int], erasure: int) -> None:
        self._connection.executemany(
            'DELETE FROM payloads WHERE "index" = ?', ((index,) for index in indexes)
        )
        self._connection.execute("INSERT INTO pending VALUES (?)", (erasure,))

    def destroyed(self, erasures: Sequence[int]) -> None:
        self._connection.executemany(
            "DELETE FROM pending WHERE erasure = ?", ((erasure,) for erasure in erasures)
        )

    def set_head(self, note: str) -> None:
        query = (
            "INSERT INTO head VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET note = excluded.note"
        )
        self._connection.execute(query, (note,))

    def keep_note(self, size: int, note: str) -> None:
        query = (
            "INSERT INTO notes VALUES (?, ?) ON CONFLICT (size) DO UPDATE SET note = excluded.note"
        )
        self._connection.execute(query, (size, note))


def row_of(values: Sequence[object]) -> Row:
    """Return a row as it is stored; RegisterTampered where its values are not of their types."""
    index, at, kind, exchange, public, key, digest, tree = values
    if not (isinstance(index, int) and isinstance(key, int)):
        raise RegisterTampered("a number of the register is not a number")
    if not (isinstance(digest, bytes) and isinstance(tree, bytes)):
        raise RegisterTampered(f"entry {index} does not hold hashes")
    return Row(
        index=index, at=str(at), kind=str(kind), exchange=str(exchange), public=str(public),
        key=key, digest=digest, tree=tree,
    )  # fmt: skip
