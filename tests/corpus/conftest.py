# SPDX-License-Identifier: EUPL-1.2
"""A small corpus with stand-ins, for the tests of this folder."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from corpus.documents import SourceDocument
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.readers import read
from corpus.report import IngestReport
from corpus.search import Search
from guardrails.findings import Screened
from tests.fakes import HashEmbedder, MemoryIndex, WordGuard

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


@dataclass(slots=True)
class Town:
    """A folder of documents and the corpus that follows it."""

    folder: Path
    data: Path
    guard: WordGuard = field(default_factory=lambda: WordGuard("Zuliani", trap="#piège#"))
    index: MemoryIndex = field(default_factory=MemoryIndex)
    embedder: HashEmbedder = field(default_factory=HashEmbedder)
    store: PassageStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = PassageStore(self.data / "passages.db")

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


@pytest.fixture
def town(tmp_path: Path) -> Town:
    (tmp_path / "town").mkdir()
    (tmp_path / "data").mkdir()
    return Town(tmp_path / "town", tmp_path / "data")
