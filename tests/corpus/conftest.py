# SPDX-License-Identifier: EUPL-1.2
"""A small corpus with stand-ins, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from corpus.documents import SourceDocument
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.readers import read, read_letter
from corpus.readers.archive import Budget, Member, OpenArchive
from corpus.report import IngestReport
from corpus.search import Search
from corpus.store_seams import PassageDatabase
from guardrails.findings import Screened
from tests.fakes import HashEmbedder, MemoryIndex, WordGuard
from tests.servers.fixtures import database, own_server, postgresql
from tests.servers.postgresql import new_database, sql
from tests.servers.process import Started

__all__ = ["database", "own_server", "postgresql"]

KEY = bytes(32)


class ReadHere:
    """Reads at once and in this process, where tests may change the readers' limits."""

    def submit(self, path: Path, inside: tuple[str, ...], name: str) -> Future[SourceDocument]:
        future: Future[SourceDocument] = Future()
        try:
            future.set_result(read(path, inside=inside, name=name))
        except (UnreadableFile, NotYetReadable) as error:
            future.set_exception(error)
        return future

    def submit_letter(self, path: Path, name: str) -> Future[SourceDocument]:
        future: Future[SourceDocument] = Future()
        try:
            future.set_result(read_letter(path.read_bytes(), name=name))
        except (UnreadableFile, NotYetReadable) as error:
            future.set_exception(error)
        return future

    def members(self, archive: Path, budget: Budget) -> Sequence[Member]:
        return _opened(archive, lambda opened: opened.members(budget))

    def digests(
        self, archive: Path, members: Sequence[tuple[str, ...]]
    ) -> Sequence[str | UnreadableFile]:
        return _opened(archive, lambda opened: [_digest(opened, inside) for inside in members])

    def take(self, archive: Path, inside: tuple[str, ...]) -> bytes:
        return _opened(archive, lambda opened: opened.read(inside))


T = TypeVar("T")


def _opened(archive: Path, asked: Callable[[OpenArchive], T]) -> T:
    with archive.open("rb") as file:
        return asked(OpenArchive(file, archive.name))


def _digest(archive: OpenArchive, inside: tuple[str, ...]) -> str | UnreadableFile:
    try:
        return archive.digest(inside)
    except UnreadableFile as error:
        return error


@dataclass(slots=True)
class Town:
    """A folder of documents and the corpus that follows it."""

    folder: Path
    data: Path
    guard: WordGuard = field(default_factory=lambda: WordGuard("Zuliani", trap="#piège#"))
    index: MemoryIndex = field(default_factory=MemoryIndex)
    embedder: HashEmbedder = field(default_factory=HashEmbedder)
    open_database: Callable[[], PassageDatabase | Path] | None = None
    """Where its text stands: in a file of its data, unless another place is given."""

    store: PassageStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = self.open_store()

    def open_store(self) -> PassageStore:
        """Open its text, as another process would."""
        return PassageStore(
            self.open_database() if self.open_database else self.data / "passages.db"
        )

    @property
    def ingestion(self) -> Ingestion:
        return Ingestion(
            self.store,
            self.index,
            self.embedder,
            self.guard,
            key=KEY,
            open_reading=lambda: nullcontext(ReadHere()),
        )

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def add(self, *paths: Path, prune: bool = False, collection: str = "default") -> IngestReport:
        return self.ingestion.add(paths or (self.folder,), prune=prune, collection=collection)

    def search(self, question: str) -> list[str]:
        found = Search(self.store, self.index, self.embedder)(Screened(question))
        return [r.passage.file for r in found]

    def is_in_step(self) -> bool:
        """Say whether each passage has its vector, and each vector its passage."""
        return self.index.ids() == self.store.passage_ids()


def postgresql_at(place: dict[str, str]) -> Callable[[], PassageDatabase]:
    """Return what opens the corpus of a PostgreSQL database."""
    from corpus.database_postgresql import PostgresqlDatabase

    return lambda: PostgresqlDatabase(place)


@pytest.fixture(scope="session")
def one_database(postgresql: Started) -> dict[str, str]:
    """Return the place of a database that tests use in turn: to make one takes longer."""
    return new_database(postgresql.port, "corpus")


@pytest.fixture
def emptied(one_database: dict[str, str]) -> dict[str, str]:
    """Return the place of a database without a corpus."""
    sql(one_database, "DROP SCHEMA IF EXISTS greffier_corpus CASCADE")
    return one_database


IN_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.real)


@pytest.fixture(params=["sqlite", IN_POSTGRESQL])
def town(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    """A small town, once with its text in a file, once in the real PostgreSQL."""
    (tmp_path / "town").mkdir()
    (tmp_path / "data").mkdir()
    place = request.getfixturevalue("emptied") if request.param == "postgresql" else None
    opener = postgresql_at(place) if place else None
    town = Town(tmp_path / "town", tmp_path / "data", open_database=opener)
    yield town
    town.store.close()


in_a_file = pytest.mark.parametrize("town", ["sqlite"], indirect=True)
"""For what is true of the file alone."""

in_postgresql = pytest.mark.parametrize("town", [IN_POSTGRESQL], indirect=True)
