# SPDX-License-Identifier: EUPL-1.2
"""Hidden spans of real acts, drawn at random with their context, to be read by eye.

Real acts name real people: what is drawn goes to the terminal and is never stored.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from corpus.readers import read_data
from guardrails.findings import Finding

if TYPE_CHECKING:
    from guardrails.guard import Guard

AROUND = 70
MAX_PAGES = 12
TEXT_CHARS = 200  # a page of a scan has fewer


def draw_spans(data: Path, guard: Guard, *, spans: int, documents: int, seed: int) -> Iterator[str]:
    """Yield `spans` hidden spans of drawn acts of two real towns, marked in their context."""
    draw = random.Random(seed)
    acts = [*_pierrefonds(data), *_montpellier(data)]
    chosen = draw.sample(acts, min(documents, len(acts)))
    count, distinct = 0, dict[str, tuple[str, str, Finding]]()
    for name, content in chosen:
        pages = _pages(name, content)
        for page, screened in zip(pages, guard.screen_pages(pages), strict=True):
            count += len(screened.findings)
            for finding in screened.findings:
                # A presence list that every act repeats would fill the draw.
                words = page[finding.start : finding.end].casefold()
                distinct.setdefault(words, (name, page, finding))
    yield f"{count} spans, {len(distinct)} of them distinct, in {len(chosen)} of {len(acts)} acts"
    for name, page, finding in draw.sample(list(distinct.values()), min(spans, len(distinct))):
        before = page[max(0, finding.start - AROUND) : finding.start]
        after = page[finding.end : finding.end + AROUND]
        words = page[finding.start : finding.end]
        context = f"{before}⟦{finding.entity}:{words}⟧{after}".replace("\n", " ⏎ ")
        yield f"[{Path(name).name}] {context}   ({finding.rule})"


DATA_FOLDERS = ("mairie_pierrefonds", "mairie_montpellier_opendata")


def read_acts(data: Path, town: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and the pages of each act of one town; nothing where its data is missing."""
    readers = dict(zip(DATA_FOLDERS, (_pierrefonds, _montpellier), strict=True))
    for name, content in readers[town](data):
        yield name, _pages(name, content)


def _pierrefonds(data: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((data / "mairie_pierrefonds").rglob("*.md")):
        if path.name != "README.md":
            yield path.name, path.read_bytes()


def _montpellier(data: Path) -> Iterator[tuple[str, bytes]]:
    town = data / "mairie_montpellier_opendata"
    for folder in ("VilleMTP_MTP_Delibs", "VilleMTP_MTP_PVCM"):
        for path in sorted((town / folder).glob("*.zip")):
            with zipfile.ZipFile(path) as archive:
                for name in sorted(archive.namelist()):
                    if name.lower().endswith(".pdf"):
                        yield name, archive.read(name)


def _pages(name: str, content: bytes) -> list[str]:
    """Return the first pages as ingestion reads them; none of a scan, whose errors are OCR's."""
    if name.lower().endswith(".pdf"):
        content = _first_pages(content)
    if not content:
        return []
    return [page.text for page in read_data(content, name=Path(name).name).pages]


def _first_pages(content: bytes) -> bytes:
    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        count = min(len(document), MAX_PAGES)
        characters = sum(document[i].get_textpage().count_chars() for i in range(count))
        if characters < TEXT_CHARS * count:
            return b""
        first, file = pypdfium2.PdfDocument.new(), io.BytesIO()
        first.import_pages(document, list(range(count)))
        first.save(file)
        return file.getvalue()
