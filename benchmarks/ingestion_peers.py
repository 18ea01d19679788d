# SPDX-License-Identifier: EUPL-1.2
"""What else one could read documents with: `markitdown`, and a plain pipeline.

The plain pipeline: pypdfium2's text page by page, windows of a fixed length, stock Presidio on
each page as its documentation shows, the same vectors in the same index. No OCR, no structure,
no table, one process. `markitdown` only reads: what it gives is neither hidden nor indexed. It
lives in an environment of its own, whose Python is given.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from benchmarks.privacy_scores import Sample
from benchmarks.privacy_systems import StockPresidio
from corpus.embedder import OnnxEmbedder
from corpus.vectors import ChromaIndex

WINDOW, OVERLAP, BATCH = 900, 150, 64
READS = """
import importlib.metadata, json, sys, time
from markitdown import MarkItDown
reader = MarkItDown(enable_plugins=False)
characters = failed = 0
started = time.perf_counter()
for path in json.load(sys.stdin):
    try:
        characters += len(reader.convert_local(path).text_content)
    except Exception:
        failed += 1
print(json.dumps({
    "version": importlib.metadata.version("markitdown"),
    "seconds": time.perf_counter() - started, "characters": characters, "failed": failed,
}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What another way took for the same files, models loaded."""

    name: str
    does: str
    pages: int
    characters: int
    seconds: float
    failed: int = 0

    @property
    def pages_a_second(self) -> float:
        return round(self.pages / self.seconds, 2)


def pages_of(file: Path) -> Iterator[str]:
    """Yield the text of each page of a PDF, as pypdfium2 gives it."""
    document = pypdfium2.PdfDocument(file)
    for page in document:
        yield page.get_textpage().get_text_range()
    document.close()


def plain(files: Sequence[Path], data: Path, embedder: OnnxEmbedder) -> Peer:
    """Read, screen, cut, embed and index PDF files as a plain pipeline does."""
    presidio = StockPresidio()
    presidio.hide([_sample("Première phrase.")])
    index = ChromaIndex(data)
    started = time.perf_counter()
    pages = characters = 0
    windows: list[str] = []
    for file in files:
        for text in pages_of(file):
            pages += 1
            characters += len(text)
            windows += _windows(_hidden(presidio, text))
    for start in range(0, len(windows), BATCH):
        some = windows[start : start + BATCH]
        fields = [{"collection": "default", "document": "d"}] * len(some)
        ids = [str(start + n) for n in range(len(some))]
        index.add(ids, embedder.embed_passages(some), fields)
    seconds = time.perf_counter() - started
    index.close()
    return Peer(
        name="plain pipeline",
        does="text layer, stock Presidio, windows, the same vectors",
        pages=pages,
        characters=characters,
        seconds=round(seconds, 1),
    )


def _sample(text: str) -> Sample:
    return Sample(id="page", text=text, marks=())


def _hidden(presidio: StockPresidio, text: str) -> str:
    for start, end in sorted(presidio.hide([_sample(text)])[0], reverse=True):
        text = f"{text[:start]}<HIDDEN>{text[end:]}"
    return text


def _windows(text: str) -> list[str]:
    windows = (text[at : at + WINDOW] for at in range(0, len(text), WINDOW - OVERLAP))
    return [window for window in windows if window.strip()]


def markitdown(files: Sequence[Path], python: Path) -> Peer:
    """Read files with markitdown, in the environment of the given Python."""
    said = subprocess.run(
        [python, "-c", READS],
        input=json.dumps([str(file) for file in files]),
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(said.stdout.splitlines()[-1])
    return Peer(
        name=f"markitdown {told['version']}",
        does="reads the text layer, nothing else",
        pages=sum(1 for file in files for _ in pages_of(file)),
        characters=int(told["characters"]),
        seconds=round(float(told["seconds"]), 1),
        failed=int(told["failed"]),
    )
