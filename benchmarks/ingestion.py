# SPDX-License-Identifier: EUPL-1.2
"""How fast documents come in, stage by stage, and what a second run costs.

    python -m benchmarks.ingestion --model EMBEDDER.onnx [FOLDER…]

Reads, screens, splits, embeds and indexes the folders (the minutes of ../shared/data by
default) with the real guard, embedder and index, in a folder that is deleted afterwards;
then runs again on the unchanged folders. Prints a table and a line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.retrieval import machine
from corpus.documents import Filters
from corpus.embedder import OnnxEmbedder
from corpus.ingest import Ingestion
from corpus.passages import PassageStore
from corpus.seams import Embedder, VectorIndex, Vectors
from corpus.vectors import ChromaIndex
from guardrails.findings import Screened
from guardrails.guard import Guard, open_guard

T = TypeVar("T")
FOLDERS = ("mairie_pierrefonds", "mairie_fictive_trifouillis/Corpus", "mairie_corte")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One run; `stages` in seconds, `rest` being reading, splitting and SQLite."""

    files: int
    pages: int
    scanned_pages: int
    passages: int
    characters: int
    seconds: float
    stages: Mapping[str, float]
    pages_a_second: float
    again_seconds: float
    memory_mb: int


class Clock:
    """Adds up the seconds spent in each stage."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[stage] += time.perf_counter() - started


class TimedGuard:
    def __init__(self, guard: Guard, clock: Clock) -> None:
        self._guard, self._clock = guard, clock
        self.characters = 0

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        self.characters += sum(len(page) for pages in documents for page in pages)
        return self._clock.timed(
            "screen", lambda: self._guard.screen_documents(documents, policy=policy)
        )


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

    def add(
        self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Mapping[str, str | int]]
    ) -> None:
        self._clock.timed("vectors", lambda: self._index.add(ids, vectors, fields))

    def search(self, vector: Vectors, limit: int, filters: Filters) -> list[tuple[str, float]]:
        return self._index.search(vector, limit, filters)

    def remove(self, ids: Sequence[str]) -> None:
        self._clock.timed("vectors", lambda: self._index.remove(ids))

    def ids(self) -> set[str]:
        return self._index.ids()


def measure(folders: Sequence[Path], model: Path) -> Figures:
    """Ingest the folders twice and return what it took."""
    clock = Clock()
    guard = TimedGuard(open_guard(), clock)
    embedder = TimedEmbedder(OnnxEmbedder(model, threads=os.cpu_count() or 1), clock)
    guard.screen_documents([["Première phrase, pour que les modèles soient chargés."]])
    embedder.embed_passages(["Première phrase."])
    clock.seconds.clear()
    guard.characters = 0
    with tempfile.TemporaryDirectory() as folder:
        store = PassageStore(Path(folder) / "passages.db")
        index = ChromaIndex(Path(folder) / "vectors")
        ingestion = Ingestion(store, TimedIndex(index, clock), embedder, guard, key=os.urandom(32))
        report = ingestion.add(folders)
        stages = {name: round(seconds, 2) for name, seconds in clock.seconds.items()}
        again = ingestion.add(folders)
        index.close()
        store.close()
    stages["rest"] = round(report.seconds - sum(stages.values()), 2)
    return Figures(
        files=report.added + report.unchanged + len(report.failed),
        pages=report.pages,
        scanned_pages=report.scanned_pages,
        passages=report.passages,
        characters=guard.characters,
        seconds=report.seconds,
        stages=stages,
        pages_a_second=round((report.pages - report.scanned_pages) / report.seconds, 2),
        again_seconds=again.seconds,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--model", type=Path, required=True, help="the embedder's ONNX file")
    given = parser.parse_args()
    folders = given.folders or [given.data / name for name in FOLDERS]
    figures = measure(folders, given.model)

    print(f"{machine()}\n")
    print("| what | figure |")
    print("|---|---|")
    for name, value in asdict(figures).items():
        if name != "stages":
            print(f"| {name.replace('_', ' ')} | {value} |")
    for stage, seconds in figures.stages.items():
        print(f"| {stage}, seconds | {seconds} |")
    print(json.dumps({"machine": machine(), **asdict(figures)}))


if __name__ == "__main__":
    main()
