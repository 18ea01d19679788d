# SPDX-License-Identifier: EUPL-1.2
"""PDF with a text layer, page by page.

    page ─▶ fragments with their place ─▶ running lines out ─▶ tables, paragraphs ─▶ text

A page with a picture and (almost) no text waits for OCR; the others are read.
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from corpus.errors import UnreadableFile
from corpus.readers.layout import Reading
from corpus.readers.pdf_layout import Fragment, Line, page_text, without_running_lines

MIN_LETTERS = 60
"""A page with a picture and fewer letters than this is a scan, stamped or numbered."""

BAD_SHARE = 0.3
CELL_GAP = 1.0
"""A gap wider than this many times the letters' height parts two cells, or two columns."""


def read_pdf(data: bytes) -> Reading:
    """Read the text layer of each page."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise UnreadableFile("encrypted" if "assword" in str(error) else "broken") from error
    try:
        if len(document) == 0:
            raise UnreadableFile("empty")
        pages, waiting = _read_pages(document)
    finally:
        document.close()
    texts = ((number, page_text(lines)) for number, lines in without_running_lines(pages).items())
    return Reading(
        tuple((number, text) for number, text in texts if text),
        needs="ocr" if waiting else "",
        waiting_pages=tuple(waiting),
    )


def _read_pages(document: pdfium.PdfDocument) -> tuple[dict[int, list[Line]], list[int]]:
    pages: dict[int, list[Line]] = {}
    waiting: list[int] = []
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise UnreadableFile("broken") from error
        lines = list(_lines(page))
        text = "".join(line.text for line in lines)
        letters = sum(c.isalpha() for c in text)
        bad = sum(c == "\ufffd" or 0xE000 <= ord(c) < 0xF000 for c in text)
        if (letters < MIN_LETTERS and _has_picture(page)) or bad > BAD_SHARE * max(1, len(text)):
            waiting.append(index + 1)
        if letters and bad <= BAD_SHARE * len(text):
            pages[index + 1] = lines
        page.close()
    return pages, waiting


def _has_picture(page: pdfium.PdfPage) -> bool:
    pictures = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    return next(iter(pictures), None) is not None


def _lines(page: pdfium.PdfPage) -> Iterator[Line]:
    textpage = page.get_textpage()
    text = textpage.get_text_range()
    # The library counts UTF-16 units: where that is not our count, do without places.
    boxes = _Boxes(textpage, page.get_height()) if textpage.count_chars() == len(text) else None
    start = 0
    for raw in text.split("\n"):
        line = raw.rstrip("\r")
        if line.strip():
            yield Line(tuple(_fragments(line, start, boxes)))
        start += len(raw) + 1
    textpage.close()


def _fragments(line: str, start: int, boxes: _Boxes | None) -> Iterator[Fragment]:
    """Yield the line's parts, cut where a gap is too wide to be a space between words."""
    if boxes is None:
        yield Fragment(line.strip())
        return
    begin = len(line) - len(line.lstrip())
    end = len(line.rstrip())
    at = begin
    for place in range(begin, end):
        if line[place] == " " and line[place - 1] != " ":
            after = place + len(line[place:]) - len(line[place:].lstrip())
            if boxes.gap(start + place - 1, start + after) > CELL_GAP:
                yield boxes.fragment(line[at:place], start + at, start + place - 1)
                at = after
    yield boxes.fragment(line[at:end], start + at, start + end - 1)


class _Boxes:
    """Where the letters of a page stand, heights measured as shares of the page's."""

    def __init__(self, textpage: pdfium.PdfTextPage, height: float) -> None:
        self._textpage = textpage
        self._height = height or 1.0

    def gap(self, left: int, right: int) -> float:
        """Return the gap between two letters, in heights of the left one."""
        _, edge, bottom, top = self._box(left)
        start, *_ = self._box(right)
        tall = max(1.0, top - bottom)
        return (start - edge) / tall

    def fragment(self, text: str, first: int, last: int) -> Fragment:
        left, _, bottom, top = self._box(first)
        _, right, low, high = self._box(last)
        return Fragment(
            text, left, right, min(bottom, low), max(top, high), page_height=self._height
        )

    def _box(self, char: int) -> tuple[float, float, float, float]:
        """Return left, right, bottom and top of a letter's line box."""
        box = pdfium_c.FS_RECTF()
        if not pdfium_c.FPDFText_GetLooseCharBox(self._textpage, char, box):
            return 0.0, 0.0, 0.0, 0.0
        return box.left, box.right, box.bottom, box.top
