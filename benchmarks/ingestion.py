# SPDX-License-Identifier: EUPL-1.2
"""How fast documents come in, what a second run costs, how a corpus grows and is searched.

    python -m benchmarks.ingestion                       every part, with the tables
    python -m benchmarks.ingestion --parts text,scans --write-docs
    python -m benchmarks.ingestion --parts growth --work DIR     goes on where it stopped

    text      minutes with a text layer, beside a plain pipeline and, where its Python is given,
              `markitdown` (--markitdown .venv-markitdown/bin/python)
    scans     scanned minutes and orders
    again     1,000 documents by the command line, twice
    growth    100, 1,000 and 10,000 documents         search   up to 100,000 passages
    headings  the right page with and without the headings of passages

Each part is kept in docs/figures/ingestion.json as it ends; `--write-docs` rewrites docs/corpus.md.
The documents are read where they lie; what is made of them is deleted, but for `--work`.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks import ingestion_growth as growth
from benchmarks import ingestion_report as report
from benchmarks.answers_sets import CORTE, ORDERS, PIERREFONDS
from benchmarks.ingestion_headings import TUNABLE, compared
from benchmarks.ingestion_peers import markitdown, plain
from benchmarks.ingestion_run import run
from benchmarks.retrieval import machine
from corpus.embedder import OnnxEmbedder
from corpus.weights import DEFAULT_EMBEDDER, Weights

MIXED = ("03-10-2017", "13-06-2019")
"""Minutes of which some pages are pictures."""

Told = dict[str, object]


class Parts:
    """The parts of the benchmark; each returns what is kept of it."""

    def __init__(
        self,
        work: Path,
        embedder: OnnxEmbedder,
        markitdown_python: Path | None,
        *,
        most: int,
        before: Mapping[str, report.Kept],
    ) -> None:
        self._work = work
        self._most = most
        self._before = before
        self._embedder = embedder
        self._markitdown = markitdown_python

    def text(self) -> Told:
        """Minutes whose pages all have a text layer, ours and the others' in the same run."""
        files = [
            f for f in sorted(PIERREFONDS.glob("*.pdf")) if not any(m in f.name for m in MIXED)
        ]
        with self._scratch(files) as (town, data):
            ours = run([town], data, self._embedder)
            peers = [plain(files, data / "plain", self._embedder)]
        if self._markitdown:
            peers.append(markitdown(files, self._markitdown))
        return {
            "ours": asdict(ours),
            "peers": [asdict(p) | {"pages_a_second": p.pages_a_second} for p in peers],
        }

    def scans(self) -> Told:
        """Scanned minutes and orders; those among them that have text are counted apart."""
        files = [*sorted(CORTE.glob("*.pdf")), *sorted(ORDERS.glob("**/*_AP.pdf"))[:2],
                 *sorted(ORDERS.glob("arrete_circulation.pdf")),
                 *(f for f in sorted(PIERREFONDS.glob("*.pdf")) if MIXED[0] in f.name)]  # fmt: skip
        with self._scratch(files) as (town, data):
            return {"ours": asdict(run([town], data, self._embedder))}

    def again(self) -> Told:
        with tempfile.TemporaryDirectory() as work:
            return dict(growth.again(Path(work)))

    def growth(self) -> Told:
        """Go on where a run was cut: the rows of sizes reached before are kept as they are."""
        pages = growth.real_pages(sorted(PIERREFONDS.glob("*.pdf")))
        embedder = growth.jittered(self._embedder, pages)
        rows = growth.grow(pages, self._folder("growth"), embedder, self._most)
        return self._with_rows_before("growth", [asdict(row) for row in rows])

    def search(self) -> Told:
        pages = growth.real_pages(sorted(PIERREFONDS.glob("*.pdf")))
        embedder = growth.jittered(self._embedder, pages)
        rows = growth.latencies(pages, self._folder("search"), embedder, self._most)
        return self._with_rows_before("search", [asdict(row) for row in rows])

    def headings(self) -> Told:
        folder = self._folder("headings")
        rows = [compared(name, folder / name, self._embedder) for name in TUNABLE]
        return {"rows": [asdict(row) for row in rows]}

    def _with_rows_before(self, part: str, rows: list[Told]) -> Told:
        """Return new rows after those of smaller sizes; no larger one is true any more."""
        least = min((int(str(row["passages"])) for row in rows), default=0)
        before = [row for row in self._before.get(part, {}).get("rows", [])
                  if not rows or row["passages"] < least]  # fmt: skip
        return {"rows": [*before, *rows]}

    def _folder(self, name: str) -> Path:
        folder = self._work / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def _scratch(self, files: list[Path]) -> Iterator[tuple[Path, Path]]:
        """Yield a folder of links to the files, and an empty data folder."""
        with tempfile.TemporaryDirectory() as folder:
            town, data = Path(folder) / "town", Path(folder) / "data"
            town.mkdir()
            data.mkdir()
            for number, file in enumerate(files):
                (town / f"{number:03}.pdf").write_bytes(file.read_bytes())
            yield town, data


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", default=",".join(report.PARTS))
    parser.add_argument("--work", type=Path, help="kept between runs: growth, search, headings")
    parser.add_argument(
        "--most", type=int, default=growth.PASSAGES[-1], help="measure growth up to here only"
    )
    parser.add_argument("--markitdown", type=Path, help="the Python of an environment with it")
    parser.add_argument("--json", type=Path, default=report.FIGURES)
    parser.add_argument("--write-docs", action="store_true", help="rewrite docs/corpus.md")
    given = parser.parse_args()
    embedder = OnnxEmbedder(Weights().path(DEFAULT_EMBEDDER), threads=os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as scratch:
        parts = Parts(
            given.work or Path(scratch),
            embedder,
            given.markitdown,
            most=given.most,
            before=report.load(given.json) if given.work else {},
        )
        for name in given.parts.split(","):
            load = round(os.getloadavg()[0], 1)
            measure: Callable[[], Told] = getattr(parts, name)
            told = {"machine": machine(), "load_before": load, **measure()}
            kept = report.load(given.json) | {name: told}
            given.json.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
            print(report.PARTS[name](told), end="\n\n", flush=True)
            print(json.dumps({name: told}, ensure_ascii=False), flush=True)
    if given.write_docs:
        report.write()


if __name__ == "__main__":
    main()
