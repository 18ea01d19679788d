# SPDX-License-Identifier: EUPL-1.2
"""Passages in a file of SQLite and in PostgreSQL, one after the other in the same run.

    python -m benchmarks.passages_engines --database postgresql://… [--passages 10000] [--json FILE]

Documents of twenty passages are made of the sample town's own words, the same ones in each run: a
stretch of a text in which one word in four is another. What is timed is the store: rows and
full-text index, without guard, vectors or model. The database must hold no corpus; it holds none
afterwards. Sizes are those after the space of deleted rows was given back.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.addresses import database_place
from benchmarks.register import disk, machine, sync_rate
from corpus.acts import Act
from corpus.database import Database
from corpus.database_postgresql import PostgresqlDatabase
from corpus.documents import Filters
from corpus.french import terms
from corpus.passages import PassageStore, SeenFile, StoredDocument
from corpus.split import Piece
from corpus.store_seams import PassageDatabase

SAMPLES = Path(__file__).parents[1] / "samples"
WORDS = re.compile(r"\S+")
A_DOCUMENT = 20
A_PAGE = 5
A_PASSAGE = 80  # words
CHANGED = 0.25
REPEATED = 4
LIMIT = 50
EVERYTHING = Filters()
COLLECTION = Filters(collections=frozenset({"1"}))
SIZE = """SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = 'greffier_corpus'"""
HEADING = (
    "engine      passages  written/s  search p50  p95 ms  one in ten  p95 ms  vocabulary s  MB"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured of one engine; `filtered` searches look at one collection in ten."""

    engine: str
    passages: int
    written_a_second: float
    search_p50_ms: float
    search_p95_ms: float
    filtered_p50_ms: float
    filtered_p95_ms: float
    vocabulary_seconds: float
    vocabulary_words: int
    megabytes: float


def made(passages: int) -> Iterator[tuple[StoredDocument, list[tuple[int, str]], list[Piece]]]:
    """Yield documents until they hold so many passages."""
    texts = [path.read_text("utf-8") for path in sorted(SAMPLES.rglob("*.txt"))]
    words = [word for text in texts for word in WORDS.findall(text)]
    drawn = random.Random(20260101)
    for number in range(passages // A_DOCUMENT):
        pages, pieces = list[tuple[int, str]](), list[Piece]()
        for page in range(1, 1 + A_DOCUMENT // A_PAGE):
            text = ""
            for _ in range(A_PAGE):
                start = drawn.randrange(len(words) - A_PASSAGE)
                stretch = [
                    drawn.choice(words) if drawn.random() < CHANGED else word
                    for word in words[start : start + A_PASSAGE]
                ]
                begin, text = len(text), f"{text}{' '.join(stretch)}\n"
                heading = f"Délibération n° 2024-{number} – {' '.join(stretch[:4])}"
                pieces.append(Piece(page=page, start=begin, end=len(text) - 1, heading=heading))
            pages.append((page, text))
        document = StoredDocument(
            id=f"{number:032x}",
            file=f"actes/{number}.txt",
            collection=str(number % 10),
            media_type="text/plain",
            page_count=len(pages),
            act=Act(kind="délibération", number=f"2024-{number}"),
            recipe="",
            added="",
        )
        yield document, pages, pieces


def fill(store: PassageStore, passages: int) -> float:
    """Write the documents; return how many passages went in a second."""
    spent = 0.0
    for document, pages, pieces in made(passages):
        ids = [(f"{document.id}{n:04}", piece) for n, piece in enumerate(pieces)]
        seen = SeenFile(
            path=document.id, root="", collection=document.collection, name=document.file,
            stamp="", recipe="", document=document.id,
        )  # fmt: skip
        start = time.perf_counter()
        store.put(document, pages, ids, seen=seen)
        spent += time.perf_counter() - start
    return passages / spent


def searched(store: PassageStore, filters: Filters) -> tuple[float, float]:
    """Return the median and the 95th percentile of a search by words, in milliseconds."""
    found = tomllib.loads((SAMPLES / "questions.toml").read_text("utf-8"))["question"]
    asked = [terms(one["question"]) for one in found]
    times = []
    for wanted in asked * REPEATED:
        start = time.perf_counter()
        store.lexical(wanted, LIMIT, filters)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def measure(
    engine: str, database: PassageDatabase, size: Callable[[], float], passages: int
) -> Figures:
    """Fill a database, then time each thing there."""
    store = PassageStore(database)
    if store.documents():
        raise SystemExit("this database holds a corpus")
    written = fill(store, passages)
    everything, filtered = searched(store, EVERYTHING), searched(store, COLLECTION)
    start = time.perf_counter()
    words = store.vocabulary()
    read = time.perf_counter() - start
    store.purge()
    figures = Figures(
        engine=engine,
        passages=store.passage_count(),
        written_a_second=round(written),
        search_p50_ms=round(everything[0], 1),
        search_p95_ms=round(everything[1], 1),
        filtered_p50_ms=round(filtered[0], 1),
        filtered_p95_ms=round(filtered[1], 1),
        vocabulary_seconds=round(read, 3),
        vocabulary_words=len(words),
        megabytes=round(size() / 1e6, 1),
    )
    print(
        f"{engine:<10}  {figures.passages:>8}  {figures.written_a_second:>9}"
        f"  {figures.search_p50_ms:>10}  {figures.search_p95_ms:>6}  {figures.filtered_p50_ms:>10}"
        f"  {figures.filtered_p95_ms:>6}  {figures.vocabulary_seconds:>12}  {figures.megabytes}",
        flush=True,
    )
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="its password stands in $PGPASSWORD")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="on the disk to be measured")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    place = {**database_place(options.database), "password": os.environ.get("PGPASSWORD", "")}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        syncs = sync_rate(Path(folder) / "sync")
        print(f"{machine()}; {disk(Path(folder))}, {syncs} syncs/s of 4 KiB\n{HEADING}")
        path = Path(folder) / "passages.db"
        with closing(Database(path)) as file:
            here = measure("SQLite", file, lambda: path.stat().st_size, options.passages)
        with closing(PostgresqlDatabase(place)) as there:

            def size() -> float:
                return float(str(there.read(SIZE)[0][0]))

            also = measure("PostgreSQL", there, size, options.passages)
            store = PassageStore(there)
            store.remove([document.id for document in store.documents()])
    report = {
        "machine": machine(),
        "syncs_per_second": syncs,
        "figures": [asdict(here), asdict(also)],
    }
    print(json.dumps(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
