# SPDX-License-Identifier: EUPL-1.2
"""What is made out of scanned pages whose text is known, at several strengths of grain.

    python -m benchmarks.scans [--every 2]

Papers of the four tuning towns (`towns/tuning/*/scans/`) are printed and scanned (`towns/scan.py`)
with the grain that the towns have, with half and with half as much again, and with none. Each page
is read once as it comes, once without its grain, and as the product does: the surer of both where
the page has grain. Beside it, what is made out of short real orders of a prefecture, of the words
that another engine made out (which are no truth either), where the shared data is there.

found: words of the page that are there (a word counts as often as it stands); digits: those that
hold one; extra: words that do not stand on the page, of as many; again: pages read twice.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium

from benchmarks.answers_sets import DATA
from benchmarks.retrieval import machine
from benchmarks.towns import scan
from corpus.readers import scan as reader
from corpus.readers.ocr import DPI, Picture

PAPERS = Path(scan.__file__).parent / "tuning"
ORDERS = DATA / "arretes_prefectoraux"
SHORT = 5
"""Pages of an order that is asked at most."""

GRAINS = (0.0, 0.5, 1.0, 1.5)
WORD = re.compile(r"[\w€%°]+(?:[.,'’/-][\w€%°]+)*")
Read = Callable[[Picture], reader.ScannedPage | None]


@dataclass
class Count:
    """What came of some pages."""

    words: int = 0
    found: int = 0
    extra: int = 0
    digits: int = 0
    digits_found: int = 0
    again: int = 0
    pages: int = 0
    seconds: float = 0.0

    def add(self, wanted: str, got: str) -> None:
        there, made_out = Counter(WORD.findall(wanted)), Counter(WORD.findall(got))
        both = there & made_out
        self.words += there.total()
        self.found += both.total()
        self.extra += (made_out - there).total()
        for word, times in there.items():
            if any(map(str.isdigit, word)):
                self.digits += times
                self.digits_found += both[word]

    def row(self, name: str) -> str:
        return (
            f"| {name} | {self.found / self.words:.1%} | {self.digits_found / self.digits:.1%} "
            f"({self.digits_found} of {self.digits}) | {self.extra / self.words:.1%} | "
            f"{self.again} of {self.pages} | {self.seconds / self.pages:.2f} s |"
        )


def once(picture: Picture) -> reader.ScannedPage | None:
    least, reader.GRAIN = reader.GRAIN, np.inf
    try:
        return reader.read_scan(picture)
    finally:
        reader.GRAIN = least


def calm(picture: Picture) -> reader.ScannedPage:
    return reader._straight(reader.calmed(picture), 0)


WAYS: dict[str, Read] = {"once": once, "without grain": calm, "in use": reader.read_scan}


def pictures(pdf: Path) -> Iterator[Picture]:
    """Yield the pages as the reader sees them."""
    document = pdfium.PdfDocument(str(pdf))
    for page in document:
        bitmap = page.render(scale=DPI / 72, grayscale=True)
        yield np.array(bitmap.to_numpy(), dtype=np.uint8).squeeze()
    document.close()


def counted(pages: Sequence[tuple[Sequence[Picture], str]], read: Read) -> Count:
    """Read papers, each its pages and its text."""
    told = Count()
    for each, text in pages:
        got = list[str]()
        for picture in each:
            began = time.monotonic()
            page = read(picture)
            told.seconds += time.monotonic() - began
            got += [word for word, _ in page.words] if page else []
            told.pages += 1
            if read is reader.read_scan:
                told.again += reader.grain(picture) >= reader.GRAIN
        told.add(text, " ".join(got))
    return told


def printed(grain: float, every: int) -> Iterator[tuple[list[Picture], str]]:
    """Yield papers of the towns, scanned with so much of their grain."""
    scan.NOISE, scan.SPECKLES, before = 14.0 * grain, 0.0006 * grain, (scan.NOISE, scan.SPECKLES)
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(PAPERS.glob("*/scans/*.txt"))[::every]:
            text, pdf = path.read_text("utf-8"), Path(folder) / f"{path.stem}.pdf"
            scan.scanned(text, pdf)
            yield [*pictures(pdf)], text.replace(scan.PAGE, "\n")
    scan.NOISE, scan.SPECKLES = before


def orders() -> Iterator[tuple[str, list[Picture], str]]:
    """Yield short real orders, named, with the text of another engine."""
    for path in sorted((ORDERS / "arretes_raw").rglob("*.pdf")):
        known = [*(ORDERS / "arretes_ocr").rglob(f"{path.stem}*")]
        if known and len(pdfium.PdfDocument(str(path))) <= SHORT:
            yield path.stem, [*pictures(path)], known[0].read_text("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, help="one in so many; 0: orders")
    given = parser.parse_args()
    print(f"Machine: {machine()}.\n")
    print("| pages, read | found | digits | extra | again | a page |\n|---|---|---|---|---|---|")
    for grain in GRAINS if given.every else ():
        pages = [*printed(grain, given.every)]
        for name, read in WAYS.items():
            print(counted(pages, read).row(f"grain × {grain}, {name}"), flush=True)
    for order, each, text in orders() if ORDERS.exists() else ():
        for name in ("once", "in use"):
            print(counted([(each, text)], WAYS[name]).row(f"{order}, {name}"), flush=True)


if __name__ == "__main__":
    main()
