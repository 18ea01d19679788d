# SPDX-License-Identifier: EUPL-1.2
"""A search over a million passages, simulated: what the folder of `ingestion --parts search` holds.

    python -m benchmarks.ingestion --parts search --work DIR      # 100,000 passages, once
    python -m benchmarks.ingestion_million --work DIR [--times 10] [--json FILE] [--write-docs]

The passages and their rows of the full-text index are copied inside SQLite until there are ten
times as many: the words of a real search over a million passages, on a real file. Vectors are not
copied (equal ones are no neighbourhood); theirs is timed over what is there, and their index
grows by the logarithm. Both halves are timed alone and together, the question's vector included.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.settings import Settings
from assistant.wiring import open_weights
from benchmarks.ingestion_growth import EVERYTHING, QUESTIONS, SEARCHES
from benchmarks.retrieval import machine
from corpus.database import Database
from corpus.embedder import OnnxEmbedder
from corpus.passages import PassageStore
from corpus.search import CANDIDATES, Search
from corpus.vectors import ChromaIndex
from corpus.weights import DEFAULT_EMBEDDER
from guardrails.findings import Screened

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "corpus.md"
BEGIN, END = "<!-- million:begin -->", "<!-- million:end -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """What a part of a search takes over so many passages, in milliseconds."""

    part: str
    passages: int
    median_ms: float
    p95_ms: float


def copied(database: Path, times: int) -> None:
    """Make each passage and its row of the full-text index so many."""
    opened = Database(database)
    ((count, last),) = opened.read("SELECT count(*), max(key) FROM passages")
    for copy in range(1, times):
        step = copy * int(str(last))
        with opened.writing() as write:
            write.execute(
                "INSERT INTO passages SELECT key + ?, id || ?, document, page, ordinal, heading,"
                ' start, "end", item FROM passages WHERE key <= ?',
                (step, f"~{copy}", last),
            )
            write.execute(
                "INSERT INTO terms (rowid, body, heading, scope)"
                " SELECT rowid + ?, body, heading, scope FROM terms WHERE rowid <= ?",
                (step, last),
            )
        print(f"{(copy + 1) * int(str(count)):,} passages", flush=True)
    opened.connection.close()


def timed(
    part: str, passages: int, questions: Sequence[Screened], search: Callable[[Screened], object]
) -> Half:
    """Time a search for each question, one after the other."""
    times = []
    for question in questions:
        started = time.perf_counter()
        search(question)
        times.append(1_000 * (time.perf_counter() - started))
    times.sort()
    return Half(
        part=part,
        passages=passages,
        median_ms=round(statistics.median(times), 1),
        p95_ms=round(times[int(0.95 * len(times))], 1),
    )


def measure(work: Path, times: int) -> list[Half]:
    """Time searches by words, by vectors and whole, over what is there, then over the copies."""
    embedder = OnnxEmbedder(open_weights(Settings()).path(DEFAULT_EMBEDDER))
    asked = tomllib.loads(QUESTIONS.read_text("utf-8"))["question"]
    questions = [Screened(asked[n % len(asked)]["question"]) for n in range(SEARCHES)]
    with tempfile.TemporaryDirectory(dir=work) as scratch:
        file = Path(scratch) / "passages.db"
        shutil.copy2(work / "search" / "passages.db", file)
        index = ChromaIndex(work / "search" / "vectors")

        def nearest(question: Screened) -> object:
            return index.search(embedder.embed_query(question.text), CANDIDATES, EVERYTHING)

        found = [timed("vectors", len(index.ids()), questions, nearest)]
        found += whole(file, index, embedder, questions)
        copied(file, times)
        found += whole(file, index, embedder, questions)
        index.close()
    return found


def whole(
    file: Path, index: ChromaIndex, embedder: OnnxEmbedder, questions: Sequence[Screened]
) -> list[Half]:
    """Time searches by words, then by both."""
    store = PassageStore(file)
    search, count = Search(store, index, embedder), store.passage_count()
    search(questions[0])  # words in memory
    found = [
        timed("words", count, questions, lambda question: search.by_words(question.text)),
        timed("both", count, questions, search),
    ]
    store.close()
    return found


def table(found: Sequence[Half], load: float) -> str:
    """Return the figures as a table of the documentation."""
    rows = [f"| {h.part} | {h.passages:,} | {h.median_ms} | {h.p95_ms} |" for h in found]
    head = [f"Machine: {machine()}, load {load} before.", ""]
    return "\n".join(
        (*head, "| part | passages | median, ms | 95 %, ms |", "|---|---|---|---|", *rows)
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write-docs", action="store_true", help="rewrite docs/corpus.md")
    given = parser.parse_args()
    load = round(os.getloadavg()[0], 1)
    found = measure(given.work, given.times)
    print(table(found, load))
    if given.json:
        given.json.write_text(
            json.dumps([asdict(half) for half in found], indent=1) + "\n", "utf-8"
        )
    if given.write_docs:
        text = PAGE.read_text("utf-8")
        block = f"{BEGIN}\n\n{table(found, load)}\n\n{END}"
        PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: block, text, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
