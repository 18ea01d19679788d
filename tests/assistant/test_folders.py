# SPDX-License-Identifier: EUPL-1.2
"""Data folders of every earlier version, as that version wrote them, opened by this one.

`tools/keep_folder.py` kept them; their names say which versions they hold.
"""

from __future__ import annotations

import re
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from assistant.settings import Settings
from corpus import database
from corpus import folder as folders
from corpus.errors import FolderTooNew, StorageFull
from corpus.folder import DataFolder, read_key
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.search import Search
from corpus.structure import Kind
from guardrails.errors import RegisterTooNew
from guardrails.findings import Screened
from guardrails.register import open_register
from guardrails.register.leaves import SCHEMA_VERSION
from tests.fakes import HashEmbedder, MemoryIndex, WordGuard
from tests.register.homes import ask_in
from tools.keep_folder import CANTEEN, LIBRARY
from ui.access import open_access
from ui.access.errors import AccountRefused
from ui.access.store import STEPS

KEPT = sorted(Path(__file__).with_name("folders").glob("*.tar.gz"))
FILES = {"passages": "passages.db", "access": "access.db", "register": "register/register.sqlite3"}
NEWEST = {"passages": database.VERSION, "access": len(STEPS), "register": SCHEMA_VERSION}


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as opened:
        (found,) = opened.execute("PRAGMA user_version").fetchone()
        return int(found)


@pytest.fixture(params=KEPT, ids=lambda path: path.name.removesuffix(".tar.gz"))
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    for name, number in re.findall(r"(\w+?)-(\d+)", request.param.name.replace("_", " ")):
        assert version(tmp_path / "data" / FILES[name]) == int(number), "the name tells otherwise"
    return tmp_path


def test_a_folder_of_every_version_is_kept() -> None:
    assert folders.VERSION == 1
    held = {pair for path in KEPT for pair in re.findall(r"([a-z]+)-(\d+)", path.name)}
    assert {("passages", str(n)) for n in range(1, database.VERSION + 1)} <= held
    assert {("access", str(n)) for n in range(1, len(STEPS) + 1)} <= held
    assert {("register", str(n)) for n in range(1, SCHEMA_VERSION + 1)} <= held


def test_the_documents_are_there_and_can_be_read_again(kept: Path) -> None:
    folder = DataFolder.open(kept / "data")
    for _ in range(2):  # the second time there is nothing left to do
        store = PassageStore(folder.passages)
        texts = {d.file: store.page(d.id, 1) or "" for d in store.documents()}
        assert texts["cantine.txt"] == CANTEEN
        assert texts["biblio.txt"] == LIBRARY.replace("Zoé Quillebec", "[PERSONNE_1]")
        kept_pages = [store.structure(d.id, 1) for d in store.documents()]
        lines = [line for page in kept_pages if page for line in page.lines]
        assert {line.kind for line in lines} == {Kind.TEXT}
        store.close()
    assert version(folder.passages) == NEWEST["passages"]

    town = kept / "town"
    town.mkdir()
    (town / "cantine.txt").write_text(CANTEEN, "utf-8")
    (town / "biblio.txt").write_text(LIBRARY, "utf-8")
    store, index, embedder = PassageStore(folder.passages), MemoryIndex(), HashEmbedder()
    key = read_key(folder.keys(kept / "keys"), "corpus")
    report = Ingestion(store, index, embedder, WordGuard("Zoé Quillebec"), key=key).add([town])
    assert (len(report.failed), report.removed, len(store.documents())) == (0, 0, 2)
    first = Search(store, index, embedder)(Screened("prix du repas à la cantine"), limit=1)
    assert "3,20" in first[0].passage.text.text
    # what is added again is read again, and brings what is known of its lines
    assert len(store._database.read("SELECT * FROM structures")) == 2
    store.close()


def test_the_register_holds_and_goes_on(kept: Path) -> None:
    folder = DataFolder.open(kept / "data")
    keys = folder.keys(kept / "keys")
    with open_register(folder.register, keys / "register") as register:
        size = register.size()
        assert register.verify().holds and size
        ask_in(register, "agnes")
        assert register.verify().holds and register.size() > size
    assert version(folder.path / FILES["register"]) == NEWEST["register"]


def test_accounts_are_there_and_can_be_added_to(kept: Path) -> None:
    folder = DataFolder.open(kept / "data")
    had_accounts = (folder.path / FILES["access"]).exists()
    keys = folder.keys(kept / "keys")
    with (
        open_register(folder.register, keys / "register") as register,
        open_access(folder.path, read_key(keys, "access"), Settings().access, register) as desk,
    ):
        assert (desk.accounts.get("agnes") is not None) is had_accounts
        desk.keys.all()
    assert version(folder.path / FILES["access"]) == NEWEST["access"]


@pytest.mark.parametrize("name", FILES)
def test_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path, name: str) -> None:
    with tarfile.open(KEPT[-1]) as archive:
        archive.extractall(tmp_path, filter="data")
    folder = DataFolder.open(tmp_path / "data")
    path, keys = folder.path / FILES[name], folder.keys(tmp_path / "keys")
    with closing(sqlite3.connect(path)) as opened:
        opened.execute(f"PRAGMA user_version = {NEWEST[name] + 1}")
    before = path.read_bytes()
    with pytest.raises((FolderTooNew, RegisterTooNew, AccountRefused)):
        if name == "passages":
            PassageStore(path)
        else:
            with open_register(folder.register, keys / "register") as register:
                open_access(folder.path, b"secret", Settings().access, register).__enter__()
    assert path.read_bytes() == before


def test_a_step_that_fails_takes_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tarfile.open(next(p for p in KEPT if "passages-1" in p.name)) as archive:
        archive.extractall(tmp_path, filter="data")
    path = tmp_path / "data" / FILES["passages"]
    monkeypatch.setattr(database, "STEPS", {1: (*database.STEPS[1], "INSERT INTO nowhere VALUES")})
    with pytest.raises((database.FolderUnusable, StorageFull, sqlite3.Error)):
        PassageStore(path)
    assert version(path) == 1
    monkeypatch.undo()
    store = PassageStore(path)
    assert len(store.documents()) == 2
    store.close()
