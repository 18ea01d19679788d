# SPDX-License-Identifier: EUPL-1.2
"""A process that draws one page of one PDF: `python -m corpus.readers.pdf_painter PARENT`.

    stdin   length (4 bytes), {"page", "highlight"} in JSON, the PDF      stdout  PNG

The stretch to highlight is where the hidden text has it: on a scanned page its words have boxes, on
another the words of the page's own text layer are laid along those of the hidden text, and only
words that both have are marked.
"""

from __future__ import annotations

import io
import json
import re
import struct
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageChops, ImageDraw

from corpus.containment import close_in
from corpus.documents import Box
from corpus.readers.pdf_picture import Highlight

WIDTH_PIXELS = 1240
"""An A4 page at 150 dots an inch: small print can be read, a page weighs a few hundred kB."""

MAX_PIXELS = 12_000_000
MEMORY_BYTES = 1024**3
WORK_SECONDS = 30
INK = (255, 222, 89)
EDGE = (176, 116, 0)
WORD = re.compile(r"\S+")
THOUSAND = 1000


def main() -> None:
    """Draw what comes in; of a failure the parent reads the exit code only."""
    close_in(MEMORY_BYTES, WORK_SECONDS, parent=int(sys.argv[-1]))
    told = sys.stdin.buffer.read()
    (length,) = struct.unpack(">I", told[:4])
    asked = json.loads(told[4 : 4 + length])
    marked = asked["highlight"]
    boxes = marked.pop("boxes")
    highlight = Highlight(**marked, boxes=None if boxes is None else tuple(Box(**b) for b in boxes))
    sys.stdout.buffer.write(draw(told[4 + length :], int(asked["page"]), highlight))


def draw(data: bytes, page: int, highlight: Highlight) -> bytes:
    """Draw a page in this process."""
    document = pdfium.PdfDocument(data)
    sheet = document[page - 1]
    width, height = sheet.get_size()
    scale = min(WIDTH_PIXELS / width, (MAX_PIXELS / (width * height)) ** 0.5)
    picture = sheet.render(scale=scale).to_pil().convert("RGB")
    places = highlight.boxes
    if places is None:
        places = tuple(laid(highlight.text, _words(sheet, width, height)))
    ink = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(ink)
    for box in lines(places, highlight.start, highlight.end):
        pen.rectangle(_pixels(box, picture.size), fill=INK)
    picture = ImageChops.multiply(picture, ink)
    pen = ImageDraw.Draw(picture)
    for box in lines(places, highlight.start, highlight.end):
        pen.rectangle(_pixels(box, picture.size), outline=EDGE, width=2)
    document.close()
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=False)
    return written.getvalue()


def laid(text: str, words: Sequence[tuple[str, Box]]) -> Iterator[Box]:
    """Yield the boxes of the page's words at the place that they have in the hidden text."""
    hidden = list(WORD.finditer(text))
    same = SequenceMatcher(
        None, [match[0] for match in hidden], [word for word, _ in words], autojunk=False
    )
    for i, j, length in same.get_matching_blocks():
        for step in range(length):
            box, place = words[j + step][1], hidden[i + step]
            yield Box(place.start(), place.end(), box.left, box.top, box.right, box.bottom)


def lines(boxes: Sequence[Box], start: int, end: int) -> list[Box]:
    """Return the boxes of a stretch, those that follow each other on a line as one."""
    chosen = [box for box in boxes if box.start < end and start < box.end]
    joined: list[Box] = []
    for box in chosen:
        last = joined[-1] if joined else None
        if last and _same_line(last, box):
            joined[-1] = Box(
                last.start, box.end,
                min(last.left, box.left), min(last.top, box.top),
                max(last.right, box.right), max(last.bottom, box.bottom),
            )  # fmt: skip
        else:
            joined.append(box)
    return joined


def _same_line(last: Box, box: Box) -> bool:
    tall = max(1, min(last.bottom - last.top, box.bottom - box.top))
    overlap = min(last.bottom, box.bottom) - max(last.top, box.top)
    return overlap > tall / 2 and -tall < box.left - last.right < 3 * tall


def _pixels(box: Box, size: tuple[int, int]) -> tuple[float, float, float, float]:
    wide, tall = size[0] / THOUSAND, size[1] / THOUSAND
    left, top, right, bottom = box.left - 2, box.top - 1, box.right + 2, box.bottom + 1
    return left * wide, top * tall, right * wide, bottom * tall


def _words(sheet: pdfium.PdfPage, width: float, height: float) -> list[tuple[str, Box]]:
    """Return the words of a page's text layer with their boxes, from the top left."""
    textpage = sheet.get_textpage()
    text = textpage.get_text_range()
    if textpage.count_chars() != len(text):
        return []  # the library counts otherwise than we do: better no mark than a wrong one
    found = []
    for match in WORD.finditer(text):
        corners = []
        for place in range(match.start(), match.end()):
            box = pdfium_c.FS_RECTF()
            if pdfium_c.FPDFText_GetLooseCharBox(textpage, place, box):
                corners.append((box.left, box.right, height - box.top, height - box.bottom))
        if corners:
            left, right = min(c[0] for c in corners), max(c[1] for c in corners)
            top, bottom = min(c[2] for c in corners), max(c[3] for c in corners)
            found.append((match[0], Box(
                match.start(), match.end(),
                round(THOUSAND * left / width), round(THOUSAND * top / height),
                round(THOUSAND * right / width), round(THOUSAND * bottom / height),
            )))  # fmt: skip
    return found


if __name__ == "__main__":
    main()
