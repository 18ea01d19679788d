# SPDX-License-Identifier: EUPL-1.2
"""A whole corpus from one database into another, in one transaction; its terms are made again.

    copy_rows(source, target)        row by row, at one moment of the source
    take_up(file, database)          a file of before the settings named a database
    as_file(database)                a file without a name, for a backup
    claim(database, folder)          a database is one data folder's, whose keys made its ids

Nothing is read, screened or embedded: ids stay, and so do the vectors that they name.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from corpus.database import Database
from corpus.errors import PassagesUnusable
from corpus.passages import index_document
from corpus.store_seams import PassageDatabase, Writing

OF_DOCUMENT = ("pages", "scans", "structures", "concerns", "passages", "acts", "votes", "links")
APART = ("standing", "files")
FOLDER = "folder"
"""The state that names a database's data folder; it does not travel."""

TABLE = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+) (\(.*?\)) STRICT", re.DOTALL)
COLUMN = re.compile(r'[(,\n]\s*("?\w+"?) (?:TEXT|INTEGER|REAL)\b')


def copy_rows(source: PassageDatabase, target: PassageDatabase) -> None:
    """Copy a corpus into a database that holds none."""
    with source.one_moment(), target.writing() as write:
        write.execute("DELETE FROM state WHERE name != ?", (FOLDER,))
        for document, collection in source.read(
            "SELECT id, collection FROM documents ORDER BY added, id"
        ):
            _copy("documents", source, write, " WHERE id = ?", document)
            for table in OF_DOCUMENT:
                _copy(table, source, write, " WHERE document = ?", document)
            pages = source.read("SELECT number, text FROM pages WHERE document = ?", (document,))
            texts = {int(str(number)): str(text) for number, text in pages}
            index_document(target.full_text, write, str(document), str(collection), texts)
        for table in APART:
            _copy(table, source, write)
        _copy("state", source, write, " WHERE name != ?", FOLDER)


def take_up(path: Path, database: PassageDatabase) -> None:
    """Take up a file, and let it go: what is erased later must not outlive in it. Where both hold a
    corpus, neither is touched, unless it is the same: a process was killed before it let it go."""
    if not path.is_file():
        return
    with closing(Database(path)) as before, before.sole_writer(), database.sole_writer():
        if holds_corpus(before):
            if not holds_corpus(database):
                copy_rows(before, database)
            elif _seen(before) != _seen(database):
                raise PassagesUnusable("two_places")
    for left in ("", "-wal", "-shm"):
        path.with_name(path.name + left).unlink(missing_ok=True)


@contextmanager
def as_file(database: PassageDatabase) -> Iterator[sqlite3.Connection]:
    """Give a copy as SQLite would hold it, gone afterwards."""
    with closing(Database(None)) as copied:
        copy_rows(database, copied)
        yield copied.connection


def claim(database: PassageDatabase, folder: str) -> None:
    """Note whose corpus a database holds, the first time; refuse it to another data folder."""
    found = database.read("SELECT value FROM state WHERE name = ?", (FOLDER,))
    if not found:
        with database.writing() as write:
            write.execute("INSERT INTO state VALUES (?, ?)", (FOLDER, folder))
    elif found != [(folder,)]:
        raise PassagesUnusable("another_folder")


def holds_corpus(database: PassageDatabase) -> bool:
    """Say whether anything was ever added there."""
    return any(database.read(f"SELECT 1 FROM {table} LIMIT 1") for table in ("documents", "files"))


def _seen(database: PassageDatabase) -> list[list[tuple[object, ...]]]:
    """Return what tells two corpora apart: documents and files, each with how it was read."""
    return [
        sorted(database.read(f"SELECT {names} FROM {table}"))
        for table, names in (
            ("documents", "id, added, recipe, needs"),
            ("files", "path, stamp, recipe, needs"),
        )
    ]


def _copy(
    table: str, source: PassageDatabase, write: Writing, where: str = "", *values: object
) -> None:
    columns = _columns()[table]
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    rows = source.read(f"SELECT {names} FROM {table}{where}", values)
    write.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


@cache
def _columns() -> Mapping[str, Sequence[str]]:
    """Return the columns of each table, as the schema writes them."""
    script = Path(__file__).with_name("schema.sql").read_text("utf-8")
    return {table: COLUMN.findall(body) for table, body in TABLE.findall(script)}
