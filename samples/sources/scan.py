# SPDX-License-Identifier: EUPL-1.2
"""A paper as a scan: drawn, tilted, soiled, and kept as a picture without any text.

`mixed` keeps the text of the first page and scans the rest, as when a signed annex
is put behind an act.
"""

from __future__ import annotations

import random
import re
import time
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from markup import Paper
from pdf import write_pdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter

MADE = re.compile(rb"(CreationDate\(D:)[^)]*\)")
KEY = re.compile(rb"<[0-9A-F]{32}>")
WRITTEN = time.struct_time((2025, 10, 1, 9, 0, 0, 2, 274, 0))


def write_scan(paper: Paper, target: Path) -> None:
    """Write the paper as a PDF of pictures; `scan: bw` is a fax, else a grey JPEG."""
    black_and_white = paper.get("scan") == "bw"
    dice = random.Random(zlib.crc32(paper.name.encode()))
    with TemporaryDirectory() as folder:
        clean = Path(folder) / "clean.pdf"
        write_pdf(paper, clean)
        source = pypdfium2.PdfDocument(clean)
        dpi = 150 if black_and_white else 110
        pages = [
            _soiled(page.render(scale=dpi / 72, grayscale=True).to_pil(), dice, black_and_white)
            for page in source
        ]
        source.close()
    options = {} if black_and_white else {"quality": 38}
    pages[0].save(
        target,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=dpi,
        title="",
        producer="",
        creationDate=WRITTEN,
        modDate=WRITTEN,
        **options,
    )


def write_mixed(paper: Paper, target: Path) -> None:
    """Write the paper with its first page as text and the others as pictures."""
    with TemporaryDirectory() as folder:
        clean, dirty = Path(folder) / "clean.pdf", Path(folder) / "dirty.pdf"
        write_pdf(paper, clean)
        write_scan(paper, dirty)
        whole = pypdfium2.PdfDocument.new()
        with pypdfium2.PdfDocument(clean) as text, pypdfium2.PdfDocument(dirty) as pictures:
            whole.import_pages(text, [0])
            whole.import_pages(pictures, list(range(1, len(pictures))))
        whole.save(target)
        whole.close()
    target.write_bytes(
        MADE.sub(rb"\g<1>20251001090000+00'00')", KEY.sub(_zeros, target.read_bytes()))
    )


def _zeros(key: re.Match[bytes]) -> bytes:
    return b"<" + b"0" * (len(key[0]) - 2) + b">"


def _soiled(page: Image.Image, dice: random.Random, black_and_white: bool) -> Image.Image:
    page = page.convert("L").filter(ImageFilter.GaussianBlur(0.45))
    page = page.rotate(dice.uniform(-1.1, 1.1), resample=Image.Resampling.BICUBIC, fillcolor=255)
    pen = ImageDraw.Draw(page)
    width, height = page.size
    for _ in range(140):
        x, y = dice.randrange(width), dice.randrange(height)
        size = dice.choice((0, 0, 1))
        pen.ellipse((x, y, x + size, y + size), fill=dice.randrange(60, 200))
    for x in (18, 18):
        for y in (height // 4, 3 * height // 4):
            pen.ellipse((x, y, x + 22, y + 22), fill=110 if not black_and_white else 0)
    if black_and_white:
        return page.point(lambda value: 255 if value > 150 else 0).convert("1")
    shade = Image.linear_gradient("L").resize(page.size).point(lambda value: 232 + value // 14)
    return ImageChops.multiply(page, shade)
