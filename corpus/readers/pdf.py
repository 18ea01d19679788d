# SPDX-License-Identifier: EUPL-1.2
"""PDF, page by page: its text layer, or its picture where there is none or a bad one.

    page ─▶ hidden text out ─▶ fragments with their place ─┐
         └▶ picture ─▶ OCR ─▶ the same ────────────────────┴▶ running lines out
                                                              ─▶ tables, paragraphs ─▶ text

Without Tesseract, pages that need it wait; the others are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from corpus.errors import UnreadableFile
from corpus.readers.layout import Flag, Reading, laid_pages
from corpus.readers.ocr import DPI, Picture
from corpus.readers.pdf_hidden import remove_hidden_text
from corpus.readers.pdf_layout import page_text, without_running_lines
from corpus.readers.pdf_lines import Fragment, Line
from corpus.readers.plausible import is_garbled
from corpus.readers.programs import Need, is_there
from corpus.readers.pulse import beat
from corpus.readers.scan import SURE_PAGE, ScannedPage, read_scans

MIN_LETTERS = 60
"""A page with a picture and fewer letters than this is a scan, stamped or numbered."""

MAX_PAGES = 5_000
MAX_PIXELS = 30_000_000
BAD_SHARE = 0.3
CELL_GAP = 1.0
"""A gap wider than this many times the letters' height parts two cells, or two columns."""


@dataclass(slots=True)
class _Layers:
    """What the pages' text layers gave; `pictures` are the pages to be made out by OCR."""

    lines: dict[int, list[Line]] = field(default_factory=dict)
    pictures: list[int] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)


def read_pdf(data: bytes) -> Reading:
    """Read each page; those that are pictures wait if there is no Tesseract."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise UnreadableFile("encrypted" if "assword" in str(error) else "broken") from error
    try:
        if len(document) == 0:
            raise UnreadableFile("empty")
        if len(document) > MAX_PAGES:
            raise UnreadableFile("too_large")
        layers = _text_layers(document)
        scanned: dict[int, ScannedPage | None] = {}
        if layers.pictures and is_there(Need.OCR):
            scanned = dict(read_scans(_pictures(document, layers.pictures)))
    finally:
        document.close()
    return _reading(layers, scanned)


def _reading(layers: _Layers, scanned: Mapping[int, ScannedPage | None]) -> Reading:
    made_out = {number: page for number, page in scanned.items() if page is not None}
    lines = layers.lines | {number: list(page.lines) for number, page in made_out.items()}
    pages = {
        number: page_text(kept)
        for number, kept in without_running_lines(dict(sorted(lines.items()))).items()
    }
    waiting = [number for number in layers.pictures if number not in made_out]
    doubtful = any(page.confidence < SURE_PAGE for page in made_out.values() if page.lines)
    return Reading(
        *laid_pages(pages),
        needs=(Need.CLEARER_SCAN if scanned else Need.OCR) if waiting else "",
        waiting_pages=tuple(waiting),
        scans={n: page.scan(pages[n][0]) for n, page in made_out.items()},
        flags=frozenset(layers.flags | ({Flag.POOR_SCAN} if doubtful else set())),
    )


def _text_layers(document: pdfium.PdfDocument) -> _Layers:
    layers = _Layers()
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise UnreadableFile("broken") from error
        picture = _has_picture(page)
        if remove_hidden_text(page, has_picture=picture):
            layers.flags.add(Flag.HIDDEN_TEXT)
        lines = list(_lines(page))
        text = "\n".join(line.text for line in lines)
        letters = sum(c.isalpha() for c in text)
        bad = sum(c == "\ufffd" or 0xE000 <= ord(c) < 0xF000 for c in text)
        is_bad = bad > BAD_SHARE * max(1, len(text)) or is_garbled(text)
        if (letters < MIN_LETTERS and picture) or is_bad:
            layers.pictures.append(index + 1)
        if letters and not is_bad:
            layers.lines[index + 1] = lines
        page.close()
        beat()
    return layers


def _pictures(
    document: pdfium.PdfDocument, numbers: Iterable[int]
) -> Iterator[tuple[int, Picture]]:
    """Yield pages as pictures at 300 dpi; less for a plan, which would not fit in memory."""
    for number in numbers:
        page = document[number - 1]
        width, height = page.get_size()
        scale = DPI / 72
        if width * height * scale**2 > MAX_PIXELS:
            scale = (MAX_PIXELS / (width * height)) ** 0.5
        bitmap = page.render(scale=scale, grayscale=True)
        picture = np.array(bitmap.to_numpy(), dtype=np.uint8).squeeze()
        bitmap.close()
        page.close()
        yield number, picture


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
            # Cells are drawn in any turn: a step back is a gap too.
            if abs(boxes.gap(start + place - 1, start + after)) > CELL_GAP:
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
