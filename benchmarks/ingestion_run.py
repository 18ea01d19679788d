# SPDX-License-Identifier: EUPL-1.2
"""One ingestion, watched: processor seconds of each stage, and memory of all its processes.

    real guard, embedder, index ─▶ Ingestion.add ─▶ Figures
                                       ▲
        a thread reads /proc a few times a second: who works, and how much memory they hold

Readers, OCR and the guard work in processes of their own: their time is what /proc says of
them. What the first process does is timed where it is called.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from corpus.documents import Filters
from corpus.embedder import OnnxEmbedder
from corpus.ingest import DocumentGuard, Ingestion
from corpus.passages import PassageStore, SeenFile, StoredDocument
from corpus.report import IngestReport
from corpus.screening import ScreeningPool
from corpus.seams import Embedder, Fields, VectorIndex, Vectors
from corpus.split import Piece
from corpus.vectors import ChromaIndex

T = TypeVar("T")
TICKS = os.sysconf("SC_CLK_TCK")
READERS, GUARD, OTHERS = "read, OCR included", "screen", "others"
ROLES = {"corpus.readers.worker": READERS, "tesseract": READERS, "corpus.screening": GUARD}
KEY = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One run; `stages` in seconds of processor, over both cores."""

    files: int
    failed: int
    pages: int
    scanned_pages: int
    passages: int
    characters: int
    seconds: float
    stages: Mapping[str, float]
    pages_a_second: float
    memory_mb: int
    opening_seconds: float


class StandingGuard(ScreeningPool):
    """Stays open between runs, so that loading the models is measured apart."""

    def __exit__(self, *_: object) -> None:
        """Stay."""

    def close(self) -> None:
        super().__exit__(None, None, None)


class Clock:
    """Adds up the processor seconds that the first process spends in each stage."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        started = time.process_time()
        try:
            return work()
        finally:
            self.seconds[stage] += time.process_time() - started


class TimedEmbedder:
    def __init__(self, embedder: Embedder, clock: Clock) -> None:
        self._embedder, self._clock = embedder, clock
        self.name, self.dimension = embedder.name, embedder.dimension
        self.max_tokens = embedder.max_tokens

    def count_tokens(self, text: str) -> int:
        return self._clock.timed("count tokens", lambda: self._embedder.count_tokens(text))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._clock.timed("embed", lambda: self._embedder.embed_passages(texts))

    def embed_query(self, text: str) -> Vectors:
        return self._embedder.embed_query(text)


class TimedIndex:
    def __init__(self, index: VectorIndex, clock: Clock) -> None:
        self._index, self._clock = index, clock

    def add(self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Fields]) -> None:
        self._clock.timed("index vectors", lambda: self._index.add(ids, vectors, fields))

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[str, float]]:
        return self._index.search(vector, limit, filters)

    def remove(self, ids: Sequence[str]) -> None:
        self._clock.timed("index vectors", lambda: self._index.remove(ids))

    def ids(self) -> set[str]:
        return self._index.ids()


class TimedStore(PassageStore):
    def __init__(self, path: Path, clock: Clock) -> None:
        super().__init__(path)
        self._clock = clock
        self.characters = 0

    def put(
        self,
        document: StoredDocument,
        pages: Iterable[tuple[int, str]],
        passages: Sequence[tuple[str, Piece]],
        *,
        seen: SeenFile,
        replaces: Iterable[str] = (),
    ) -> None:
        kept = list(pages)
        self.characters += sum(len(text) for _, text in kept)

        def put() -> None:
            super(TimedStore, self).put(document, kept, passages, seen=seen, replaces=replaces)

        self._clock.timed("keep text", put)


class Watcher(threading.Thread):
    """Reads what this process and those that it started use, until told to stop."""

    def __init__(self, every_seconds: float = 1.0) -> None:
        super().__init__(daemon=True)
        self._every = every_seconds
        self._over = threading.Event()
        self._spent: dict[int, tuple[str, float]] = {}
        self._before: dict[int, float] = {}
        self.memory_mb = 0

    def run(self) -> None:
        self._look()
        self._before = {pid: spent for pid, (_, spent) in self._spent.items()}
        while not self._over.wait(self._every):
            self._look()

    def stop(self) -> dict[str, float]:
        """Return the processor seconds by role of the others' processes."""
        self._look()
        self._over.set()
        self.join()
        total: defaultdict[str, float] = defaultdict(float)
        for pid, (role, spent) in self._spent.items():
            total[role] += spent - self._before.get(pid, 0.0)
        return dict(total)

    def _look(self) -> None:
        memory = 0
        for pid in family(os.getpid()):
            with suppress(OSError, ValueError, IndexError):
                memory += _memory_kb(pid)
                if pid != os.getpid():
                    self._spent[pid] = (_role(pid), _spent(pid))
        self.memory_mb = max(self.memory_mb, memory // 1024)


def family(root: int) -> list[int]:
    """Return a process and all that descend from it."""
    found, due = list[int](), [root]
    while due:
        pid = due.pop()
        found.append(pid)
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                due += map(int, (task / "children").read_text("ascii").split())
    return found


def _role(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    return next((role for sign, role in ROLES.items() if sign in command), OTHERS)


def _spent(pid: int) -> float:
    """Return its processor seconds; those of a Tesseract count when its reader has ended it."""
    words = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    own, ended = int(words[11]) + int(words[12]), int(words[13]) + int(words[14])
    is_program = "tesseract" in Path(f"/proc/{pid}/comm").read_text("utf-8")
    return 0.0 if is_program else (own + ended) / TICKS


def _memory_kb(pid: int) -> int:
    """Return its share of memory: what several processes hold is divided between them."""
    rolled = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    return int(rolled.split("Pss:", 1)[1].split()[0])


def run(
    folders: Sequence[Path], data: Path, embedder: OnnxEmbedder, guard: DocumentGuard | None = None
) -> Figures:
    """Ingest folders into an empty data folder, watched; the models are loaded before."""
    clock = Clock()
    own = guard or StandingGuard()
    started = time.perf_counter()
    own.screen_documents([["Première phrase, pour que tout soit chargé."]])
    opening = time.perf_counter() - started
    embedder.embed_passages(["Première phrase."])
    store, index = TimedStore(data / "passages.db", clock), ChromaIndex(data / "vectors")
    ingestion = Ingestion(
        store, TimedIndex(index, clock), TimedEmbedder(embedder, clock), own, key=KEY
    )
    watcher = Watcher()
    watcher.start()
    spent = time.process_time()
    report = ingestion.add(folders)
    spent = time.process_time() - spent
    others = watcher.stop()
    index.close()
    store.close()
    if isinstance(own, StandingGuard):
        own.close()
    return _figures(report, store.characters, others, clock, spent, watcher.memory_mb, opening)


def _figures(
    report: IngestReport,
    characters: int,
    others: Mapping[str, float],
    clock: Clock,
    spent: float,
    memory_mb: int,
    opening: float,
) -> Figures:
    stages = {**others, **clock.seconds}
    stages["split, acts, rest"] = spent - sum(clock.seconds.values())
    return Figures(
        files=report.added + report.unchanged,
        failed=len(report.failed),
        pages=report.pages,
        scanned_pages=report.scanned_pages,
        passages=report.passages,
        characters=characters,
        seconds=report.seconds,
        stages={name: round(seconds, 1) for name, seconds in stages.items()},
        pages_a_second=round(report.pages / report.seconds, 2),
        memory_mb=memory_mb,
        opening_seconds=round(opening, 1),
    )
