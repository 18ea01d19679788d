# SPDX-License-Identifier: EUPL-1.2
"""One page of a PDF as a picture, with a stretch of its hidden text highlighted.

    drawn(bytes, page, Highlight) ─▶ a process of its own (pdf_painter.py): PDFium ─▶ PNG

A PDF that breaks or stalls its painter breaks that process alone, which is closed in.
"""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import asdict, dataclass
from threading import BoundedSemaphore

from corpus.documents import Box
from corpus.processes import Untold, told_by

PATIENCE_SECONDS = 600.0
"""By the clock, for a painter that hangs; its work is limited in the processor's time."""

MAX_BYTES = 48 * 1024**2
"""Of a picture: its pixels without any compression, and some."""

COMMAND = (sys.executable, "-m", "corpus.readers.pdf_painter")
AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """Characters `start` to `end` of the page's hidden text; `boxes` are those of a scanned page,
    None where the page has a text layer."""

    text: str
    start: int
    end: int
    boxes: tuple[Box, ...] | None = None


def drawn(data: bytes, page: int, highlight: Highlight) -> bytes | None:
    """Return the page as PNG, None if it cannot be drawn. Pages count from 1."""
    told = json.dumps({"page": page, "highlight": asdict(highlight)}).encode("ascii")
    given = struct.pack(">I", len(told)) + told + data
    with AT_ONCE:
        try:
            return told_by(COMMAND, given, most=MAX_BYTES, seconds=PATIENCE_SECONDS) or None
        except Untold:
            return None
