# SPDX-License-Identifier: EUPL-1.2
"""Vectors in Chroma's files and in PostgreSQL with pgvector, one after the other in the same run.

    python -m benchmarks.vectors_engines [--vectors 50000]

Real vectors of the sample town's lines with noise added, which keeps their neighbourhoods; the same
graph for both (HNSW, cosine, 16 links, 100 while it is built, 200 while it is searched). Searches
ask for what the pipeline asks for, without filters. *Found* is the share of the true nearest that
came. PostgreSQL is started for the run, as another user than root, where `postgresql-*-pgvector` is
installed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psycopg

from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.ingestion_growth import EVERYTHING, NOISE
from benchmarks.retrieval import machine
from corpus.embedder import OnnxEmbedder
from corpus.seams import Vectors
from corpus.search import CANDIDATES
from corpus.vectors import ChromaIndex
from corpus.weights import DEFAULT_EMBEDDER
from tests.servers.postgresql import PASSWORD, USER, postgresql_server

SAMPLES = Path(__file__).parents[1] / "samples"
REAL, ASKED, BATCH = 300, 100, 1000
MIN_LINE_CHARS = 60
Near = Callable[[Vectors], list[str]]


def made(count: int) -> tuple[Vectors, Vectors]:
    """Return vectors (count, dimension), and others to ask for (ASKED, dimension)."""
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    lines = [
        line
        for file in sorted(SAMPLES.rglob("*.md"))
        for line in file.read_text("utf-8").splitlines()
        if len(line) > MIN_LINE_CHARS
    ]
    real = embedder.embed_passages([line[:600] for line in lines[:REAL]])
    drawn = np.random.default_rng(3)
    rows = real[drawn.integers(0, len(real), count + ASKED)]
    rows = rows + drawn.normal(0, NOISE, rows.shape).astype(np.float32)
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return rows[:count], rows[count:]


def row(name: str, fill: float, near: Near, asked: Vectors, true: Sequence[set[str]]) -> str:
    """Time searches; return a row of the table."""
    times, found = [], []
    near(asked[0])
    for question, wanted in zip(asked, true, strict=True):
        started = time.perf_counter()
        came = near(question)
        times.append(1_000 * (time.perf_counter() - started))
        found.append(len(wanted & set(came)) / len(wanted))
    times.sort()
    p95 = times[int(0.95 * len(times))]
    return (
        f"| {name} | {fill:.0f} s | {statistics.median(times):.1f} ms | {p95:.1f} ms "
        f"| {100 * statistics.mean(found):.1f} % |"
    )


def chroma(folder: Path, vectors: Vectors, asked: Vectors, true: Sequence[set[str]]) -> str:
    index = ChromaIndex(folder)
    started = time.perf_counter()
    for at in range(0, len(vectors), BATCH):
        some = vectors[at : at + BATCH]
        index.add([str(at + n) for n in range(len(some))], some, [{"collection": "c"}] * len(some))
    fill = time.perf_counter() - started

    def near(question: Vectors) -> list[str]:
        return [place for place, _ in index.search(question, CANDIDATES, EVERYTHING)]

    told = row("Chroma's files", fill, near, asked, true)
    index.close()
    return told


def pgvector(folder: Path, vectors: Vectors, asked: Vectors, true: Sequence[set[str]]) -> str:
    server = postgresql_server(folder, "shared_buffers=1GB", "maintenance_work_mem=1GB")
    server.start()
    try:
        with psycopg.connect(
            host="127.0.0.1", port=server.port, user=USER, password=PASSWORD, dbname="postgres",
            autocommit=True,
        ) as base:  # fmt: skip
            base.execute("CREATE EXTENSION vector")
            base.execute(f"CREATE TABLE v (id text PRIMARY KEY, v vector({vectors.shape[1]}))")
            base.execute(
                "CREATE INDEX ON v USING hnsw (v vector_cosine_ops)"
                " WITH (m = 16, ef_construction = 100)"
            )
            base.execute("SET hnsw.ef_search = 200")
            started = time.perf_counter()
            for at in range(0, len(vectors), BATCH):
                with base.cursor().copy("COPY v FROM STDIN") as copy:
                    for n, one in enumerate(vectors[at : at + BATCH]):
                        copy.write_row((str(at + n), told(one)))
            fill = time.perf_counter() - started
            base.execute("ANALYZE v")

            def near(question: Vectors) -> list[str]:
                rows = base.execute(
                    "SELECT id FROM v ORDER BY v <=> %s::vector LIMIT %s",
                    (told(question), CANDIDATES),
                ).fetchall()
                return [str(one[0]) for one in rows]

            return row("PostgreSQL, pgvector", fill, near, asked, true)
    finally:
        server.kill()


def told(vector: Vectors) -> str:
    return "[" + ",".join(f"{number:.6f}" for number in vector) + "]"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vectors", type=int, default=50_000)
    given = parser.parse_args()
    vectors, asked = made(given.vectors)
    true = [set(map(str, np.argsort(-(vectors @ one))[:CANDIDATES].tolist())) for one in asked]
    print(f"Machine: {machine()}. {given.vectors:,} vectors, the nearest {CANDIDATES}.\n")
    print("| engine | filled in | search, median | 95 % | found |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        for name, engine in (("chroma", chroma), ("postgresql", pgvector)):
            folder = Path(scratch) / name
            folder.mkdir()
            print(engine(folder, vectors, asked, true), flush=True)


if __name__ == "__main__":
    main()
