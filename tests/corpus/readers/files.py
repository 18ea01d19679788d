# SPDX-License-Identifier: EUPL-1.2
"""Small files of formats that no library writes for us, made for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont

from samples.sources.compound import compound, message

__all__ = ["archive", "compound", "message", "page_picture", "saved"]


VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


def archive(entries: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def page_picture(lines: list[str], *, turn: float = 0) -> Image.Image:
    """Return a page of A4 at 150 dpi with these lines printed on it."""
    page = Image.new("L", (1_240, 1_754), 255)
    font = ImageFont.truetype(str(VERA), 28)
    drawn = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        drawn.text((120, 160 + 60 * number), line, fill=0, font=font)
    return page.rotate(turn, fillcolor=255, expand=turn % 90 == 0) if turn else page


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
