# SPDX-License-Identifier: EUPL-1.2
"""The data folder and the corpus's database: opened, refused, kept apart from keys."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from corpus.database import Database
from corpus.errors import FolderTooNew, FolderUnusable, StorageFull
from corpus.folder import DataFolder, read_key
from corpus.passages import PassageStore
from corpus.storage import storage_errors
from tests.corpus.conftest import Town, in_a_file


def test_a_folder_is_made_once_and_keeps_its_id(tmp_path: Path) -> None:
    first = DataFolder.open(tmp_path / "a" / "data")
    assert DataFolder.open(tmp_path / "a" / "data") == first
    assert DataFolder.open(tmp_path / "b").id != first.id
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700


def test_keys_and_what_holds_them_are_the_owner_s_alone(tmp_path: Path) -> None:
    keys = DataFolder.open(tmp_path / "data").keys(tmp_path / "config" / "keys")
    for folder in (keys, keys.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_newer_folder_is_refused(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path)
    marker = {"version": 99, "id": folder.id}
    (tmp_path / "greffier.json").write_text(json.dumps(marker), "utf-8")
    with pytest.raises(FolderTooNew) as refused:
        DataFolder.open(tmp_path)
    assert refused.value.found == 99


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"version": 1, "id": "../x"}', "null"])
def test_a_damaged_marker_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "greffier.json").write_text(content, "utf-8")
    with pytest.raises(FolderUnusable):
        DataFolder.open(tmp_path)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x", "utf-8")
    with pytest.raises(FolderUnusable):
        DataFolder.open(tmp_path / "data")


def test_keys_are_private_steady_and_outside_the_folder(tmp_path: Path) -> None:
    folder = DataFolder.open(tmp_path / "data")
    keys = folder.keys(tmp_path / "keys")
    key = read_key(keys, "corpus")
    assert len(key) == 32
    assert read_key(keys, "corpus") == key
    assert read_key(keys, "other") != key
    assert stat.S_IMODE((keys / "corpus.key").stat().st_mode) == 0o600
    assert folder.path not in keys.parents


def test_a_newer_or_broken_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "passages.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(FolderTooNew):
        Database(path)
    path.write_bytes(b"not a database, whatever its name says" * 100)
    with pytest.raises(FolderUnusable):
        Database(path)


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "passages.db")
    with pytest.raises(RuntimeError), database.writing() as write:
        write.execute("INSERT INTO state VALUES ('a', 'b')")
        raise RuntimeError
    assert database.read("SELECT * FROM state") == []


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        sqlite3.OperationalError("database or disk is full"),
    ],
)
def test_a_full_disk_has_one_name(error: Exception) -> None:
    with pytest.raises(StorageFull), storage_errors():
        raise error


def test_other_errors_keep_theirs() -> None:
    with pytest.raises(FileNotFoundError), storage_errors():
        raise FileNotFoundError


def test_sqlite_really_says_that_it_is_full(tmp_path: Path) -> None:
    database = Database(tmp_path / "passages.db")
    (pages,) = database.read("PRAGMA page_count")[0]
    database.read(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull), database.writing() as write:
        write.execute("INSERT INTO state VALUES ('a', ?)", ("x" * 1_000_000,))
    assert database.read("SELECT * FROM state") == []


def test_what_is_kept_is_its_owners_alone_whatever_the_folder_is(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        made, old = tmp_path / "passages.db", tmp_path / "old.db"
        old.touch(0o644)
        stores = [PassageStore(path) for path in (made, old)]
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
        for store in stores:
            store.close()
    finally:
        os.umask(before)
    assert {*modes} >= {"passages.db", "passages.db-wal", "old.db"}
    assert {*modes.values()} == {0o600}


@in_a_file
def test_a_corpus_of_the_first_version_is_brought_up_to_date(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.write("a.txt", "ARRÊTÉ N° 2024-01\nportant fermeture du parc\nARRÊTE\nArticle 1er. Oui.")
    town.add()
    town.store.close()
    path = town.data / "passages.db"
    with sqlite3.connect(path) as connection:
        for table in ("acts", "votes", "links", "standing", "scans", "structures", "concerns"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE passages DROP COLUMN item")
        for column in ("declared", "audience", "content"):
            connection.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 1")
    connection.close()

    town.store = PassageStore(path)
    assert [d.file for d in town.store.documents()] == ["a.txt"]
    assert set(town.search("fermeture du parc")) == {"a.txt"}
    monkeypatch.setattr("corpus.ingest.READERS_VERSION", "newer")  # it reads everything again
    assert town.add().updated == 1
    assert [act.number for act in town.store.acts()] == ["2024-01"]
