# SPDX-License-Identifier: EUPL-1.2
"""Reads the sample town without the product's own readers, so that its questions stand alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
from docx import Document as WordDocument
from docx.table import Table
from odfdo import Document as OpenDocument
from selectolax.lexbor import LexborHTMLParser

SPACES = re.compile(r"\s+")


def folded(text: str) -> str:
    """Return the text in lower case, with single spaces and straight apostrophes."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return SPACES.sub(" ", plain).lower()


def read_pages(path: Path) -> list[str]:
    """Return the words of each page; formats without pages have one."""
    return READERS[path.suffix](path)


def _pdf(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def _docx(path: Path) -> list[str]:
    return ["\n".join(_blocks(path))]


def _blocks(path: Path) -> Iterator[str]:
    for block in WordDocument(str(path)).iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " ".join(cell.text for cell in row.cells)
        else:
            yield block.text


def _odt(path: Path) -> list[str]:
    root = OpenDocument(str(path)).body
    return ["\n".join(element.inner_text for element in root.get_elements("descendant::text:p"))]


def _html(path: Path) -> list[str]:
    body = LexborHTMLParser(path.read_bytes()).body
    assert body is not None
    return [body.text(separator=" ")]


def _text(path: Path) -> list[str]:
    return [path.read_text(encoding="utf-8")]


READERS: dict[str, Callable[[Path], list[str]]] = {
    ".pdf": _pdf,
    ".docx": _docx,
    ".odt": _odt,
    ".html": _html,
    ".txt": _text,
    ".md": _text,
}
