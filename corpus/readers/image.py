# SPDX-License-Identifier: EUPL-1.2
"""Pictures (PNG, JPEG, TIFF with its pages): made out by Tesseract, as a scanned page is.

Only pixels are looked at: place, date and camera (EXIF, XMP) are neither read nor kept, but
for the turn that a phone notes instead of turning the picture.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers.layout import Flag, Reading, laid_pages
from corpus.readers.ocr import DPI, Picture
from corpus.readers.pdf_layout import page_text, without_running_lines
from corpus.readers.programs import Need, is_there
from corpus.readers.scan import SURE_PAGE, read_scans

MAX_PIXELS = 80_000_000
"""What one picture may unfold to; a page at 600 dpi has 35 million."""

MAX_FRAMES = 1_000
SIDE_PIXELS = 3_508
"""The long side of a page of A4 at 300 dpi: smaller pictures are enlarged, larger reduced."""

MAX_ZOOM = 3.0


def read_image(data: bytes) -> Reading:
    """Read a picture, or each page of a TIFF; raise NotYetReadable without Tesseract."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF"))
            if image.width * image.height > MAX_PIXELS or _frames(image) > MAX_FRAMES:
                raise UnreadableFile("too_large")
            image.load()  # says now whether it was cut short
            if not is_there(Need.OCR):
                raise NotYetReadable(Need.OCR)
            scanned = dict(read_scans(_pictures(image)))
    except (OSError, UnidentifiedImageError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableFile("broken") from error
    pages = {number: page for number, page in scanned.items() if page is not None}
    kept = without_running_lines({number: list(page.lines) for number, page in pages.items()})
    laid = {number: page_text(lines) for number, lines in kept.items()}
    waiting = tuple(number for number, page in scanned.items() if page is None)
    doubtful = any(page.confidence < SURE_PAGE for page in pages.values() if page.lines)
    return Reading(
        *laid_pages(laid),
        needs=Need.CLEARER_SCAN if waiting else "",
        waiting_pages=waiting,
        scans={n: page.scan(laid[n][0]) for n, page in pages.items()},
        flags=frozenset({Flag.POOR_SCAN} if doubtful else ()),
    )


def _frames(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1))


def _pictures(image: Image.Image) -> Iterator[tuple[int, Picture]]:
    for number, frame in enumerate(ImageSequence.Iterator(image), 1):
        if frame.width * frame.height > MAX_PIXELS:
            raise UnreadableFile("too_large")
        upright = ImageOps.exif_transpose(_flat(frame))
        zoom = min(MAX_ZOOM, _wanted(upright) / max(upright.size))
        if not 0.9 < zoom < 1.3:
            size = (max(1, round(upright.width * zoom)), max(1, round(upright.height * zoom)))
            upright = upright.resize(size, Image.Resampling.BICUBIC)
        yield number, np.asarray(upright.convert("L"), dtype=np.uint8)


def _wanted(image: Image.Image) -> float:
    """Return how long the long side should be: by its resolution, else as a page of A4."""
    dots = image.info.get("dpi", (0, 0))[0]
    if 100 <= float(dots) <= 1_200:
        return min(max(image.size) * DPI / float(dots), 2.0 * SIDE_PIXELS)
    return SIDE_PIXELS


def _flat(frame: Image.Image) -> Image.Image:
    """Return a picture without transparency, on white as a screen shows it."""
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        ground = Image.new("RGBA", frame.size, "white")
        ground.alpha_composite(frame.convert("RGBA"))
        return ground.convert("L")
    if frame.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(frame) >> 8).astype(np.uint8))
    return frame.copy()
