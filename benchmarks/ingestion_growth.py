# SPDX-License-Identifier: EUPL-1.2
"""How a corpus grows: the cost of the next document, of a second run, of a search.

    grow     copies of real pages with changed words, 100, 1,000 and 10,000 of them
    again    1,000 short documents through the real command line, twice
    search   1,000, 10,000 and 100,000 passages, real questions

Seconds of processor stand beside those of the clock: they hold on a machine that does other things.

Reading, splitting, acts, SQLite and Chroma are real. In `grow` and `search`, what the two
models cost a page is left out (it does not grow): texts pass by the guard, and vectors are real
ones with noise added, which keeps their neighbourhoods.
"""

from __future__ import annotations

import hashlib
import random
import re
import resource
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.ingestion_peers import pages_of
from benchmarks.ingestion_run import KEY
from corpus.acts import Act
from corpus.documents import Filters
from corpus.embedder import OnnxEmbedder
from corpus.ingest import Ingestion
from corpus.passages import PassageStore, SeenFile, StoredDocument
from corpus.quality import check
from corpus.seams import Vectors
from corpus.search import Search
from corpus.split import Piece, indexed_text, split
from corpus.vectors import ChromaIndex
from guardrails.findings import Screened

SIZES = (100, 1_000, 10_000)
PASSAGES = (1_000, 10_000, 100_000)
SEARCHES = 100
EVERYTHING = Filters()
NOISE = 0.04
WORD = re.compile(r"[a-zà-ÿ]{5,}")
QUESTIONS = Path(__file__).with_name("questions") / "pierrefonds_dev.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What it cost to come to so many documents; `again` is a second run, unchanged."""

    documents: int
    passages: int
    ms_a_document: float
    processor_ms_a_document: float
    again_seconds: float
    again_processor_seconds: float
    check_seconds: float
    megabytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long searches take over so many passages, the question's vector included."""

    passages: int
    median_ms: float
    mean_processor_ms: float
    p95_ms: float
    filtered_ms: float


class Passing:
    """A guard that lets everything through: these are public texts."""

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        return [[Screened(page) for page in pages] for pages in documents]


class JitteredEmbedder:
    """Real vectors of some passages, each text near one of them: the same one in each run."""

    def __init__(self, inner: OnnxEmbedder, rows: Vectors) -> None:
        self._inner, self._rows = inner, rows
        self.name, self.dimension = f"jittered-{inner.name}", inner.dimension
        self.max_tokens = inner.max_tokens

    def count_tokens(self, text: str) -> int:
        return self._inner.count_tokens(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._near(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        return self._inner.embed_query(text)

    def _near(self, text: str) -> Vectors:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        drawn = np.random.default_rng(seed)
        row = self._rows[seed % len(self._rows)] + drawn.normal(0, NOISE, self.dimension)
        return np.asarray(row / np.linalg.norm(row), np.float32)


def jittered(embedder: OnnxEmbedder, pages: Sequence[str], count: int = 300) -> JitteredEmbedder:
    """Return an embedder around the real vectors of a few hundred passages."""
    texts = [text for page in pages for text in cut(page, embedder)][:count]
    return JitteredEmbedder(embedder, embedder.embed_passages(texts))


def cut(page: str, embedder: OnnxEmbedder | JitteredEmbedder) -> list[str]:
    pieces = split([(1, page)], label="", count_tokens=embedder.count_tokens,
                   max_tokens=embedder.max_tokens)  # fmt: skip
    return [page[p.start : p.end] for p in pieces]


def real_pages(files: Sequence[Path]) -> list[str]:
    """Return the pages of real minutes that are long enough to be copied."""
    return [page for file in files for page in pages_of(file) if len(page) > 1_000]


def changed(page: str, seed: int) -> str:
    """Return a copy in which one long word of four is another one of the same page."""
    drawn = random.Random(seed)
    words = WORD.findall(page) or ["mairie"]
    return WORD.sub(lambda m: drawn.choice(words) if drawn.random() < 0.25 else m[0], page)


def grow(
    pages: Sequence[str], work: Path, embedder: JitteredEmbedder, most: int = SIZES[-1]
) -> Iterator[Growth]:
    """Add copies until there are 100, 1,000 and 10,000 documents; goes on where it stopped."""
    town = work / "town"
    store, index = PassageStore(work / "passages.db"), ChromaIndex(work / "vectors")
    ingestion = Ingestion(store, index, embedder, Passing(), key=KEY)
    for size in SIZES:
        before = len(store.documents())
        if not before < size <= most:
            continue
        for number in range(before, size):
            folder = town / f"{number // 100:03}"
            folder.mkdir(parents=True, exist_ok=True)
            text = f"Compte rendu n° {number}\n\n{changed(pages[number % len(pages)], number)}"
            (folder / f"{number:05}.txt").write_text(text, "utf-8")
        spent = time.process_time()
        added = ingestion.add([town])
        spent = time.process_time() - spent
        spent_again = time.process_time()
        again = ingestion.add([town])
        spent_again = time.process_time() - spent_again
        started = time.perf_counter()
        check(store)
        yield Growth(
            documents=len(store.documents()),
            passages=store.passage_count(),
            ms_a_document=round(1_000 * added.seconds / max(1, added.added), 1),
            processor_ms_a_document=round(1_000 * spent / max(1, added.added), 1),
            again_seconds=again.seconds,
            again_processor_seconds=round(spent_again, 2),
            check_seconds=round(time.perf_counter() - started, 2),
            megabytes=_bytes(work, town) // 1_000_000,
        )
    index.close()
    store.close()


def _bytes(work: Path, town: Path) -> int:
    """Return what the corpus takes on the disk, the town's own files left out."""
    files = (f for f in work.rglob("*") if f.is_file() and town not in f.parents)
    return sum(f.stat().st_size for f in files)


def again(work: Path, count: int = 1_000) -> dict[str, float]:
    """Add short documents by the real command line, twice; return seconds, starting included."""
    town = work / "town"
    town.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        text = f"Tarif n° {number}\n\nLa salle n° {number} se loue {number} euros la journée."
        (town / f"{number:04}.txt").write_text(text, "utf-8")
    program = [sys.executable, "-c", "from ui.main import main; main()"]
    command = [*program, "--data", str(work / "data"), "corpus", "add", str(town), "--json"]
    seconds, processor = [], []
    for _ in range(3):
        started, spent = time.perf_counter(), _spent_by_children()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
        processor.append(_spent_by_children() - spent)
    return {"documents": count, "first_seconds": round(seconds[0], 1),
            "again_seconds": round(min(seconds[1:]), 2),
        "again_processor_seconds": round(min(processor[1:]), 2)}  # fmt: skip


def _spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def latencies(
    pages: Sequence[str], work: Path, embedder: JitteredEmbedder, most: int = PASSAGES[-1]
) -> Iterator[Latency]:
    """Time searches as passages come in: all collections, and one of ten."""
    store, index = PassageStore(work / "passages.db"), ChromaIndex(work / "vectors")
    asked = tomllib.loads(QUESTIONS.read_text("utf-8"))["question"]
    questions = [Screened(asked[n % len(asked)]["question"]) for n in range(SEARCHES)]
    search = Search(store, index, embedder)
    for size in PASSAGES:
        if not store.passage_count() < size <= most:
            continue
        _fill(store, index, embedder, pages, size)
        search(questions[0])  # words in memory: the first search of a service is not counted
        spent = time.process_time()
        times = sorted(_time(search, question) for question in questions)
        spent = time.process_time() - spent
        one = Filters(collections=frozenset({"c3"}))
        filtered = statistics.median(_time(search, q, one) for q in questions)
        yield Latency(
            passages=store.passage_count(),
            median_ms=round(statistics.median(times), 1),
            mean_processor_ms=round(1_000 * spent / len(questions), 1),
            p95_ms=round(times[int(0.95 * len(times))], 1),
            filtered_ms=round(filtered, 1),
        )
    index.close()
    store.close()


def _time(search: Search, question: Screened, filters: Filters = EVERYTHING) -> float:
    started = time.perf_counter()
    search(question, filters=filters)
    return 1_000 * (time.perf_counter() - started)


def _fill(
    store: PassageStore,
    index: ChromaIndex,
    embedder: JitteredEmbedder,
    pages: Sequence[str],
    size: int,
) -> None:
    """Add copies of pages, a document each, in ten collections, up to so many passages."""
    number, count = len(store.documents()), store.passage_count()
    while count < size:
        page = changed(pages[number % len(pages)], number)
        label = f"Compte rendu n° {number}"
        pieces = split([(1, page)], label=label, count_tokens=embedder.count_tokens,
                       max_tokens=embedder.max_tokens)[: size - count]  # fmt: skip
        collection, document = f"c{number % 10}", f"{number:06}"
        passages = [(f"{document}-{rank}", piece) for rank, piece in enumerate(pieces)]
        texts = [indexed_text(p.heading, page[p.start : p.end]) for p in pieces]
        fields = [{"collection": collection, "document": document}] * len(pieces)
        index.add([i for i, _ in passages], embedder.embed_passages(texts), fields)
        keep(store, document, collection, page, passages)
        number, count = number + 1, count + len(pieces)


def keep(
    store: PassageStore,
    document: str,
    collection: str,
    page: str,
    passages: Sequence[tuple[str, Piece]],
) -> None:
    stored = StoredDocument(
        id=document, file=f"{document}.txt", collection=collection, media_type="text/plain",
        page_count=1, act=Act(), recipe="", added="",
    )  # fmt: skip
    seen = SeenFile(
        path=document, root="", collection=collection, name=document, stamp="", recipe=""
    )
    store.put(stored, [(1, page)], passages, seen=seen)
