# SPDX-License-Identifier: EUPL-1.2
"""One page of a PDF as a picture, with a stretch of its hidden text highlighted.

    drawn(bytes, page, Highlight) ─▶ a process of its own (pdf_painter.py): PDFium ─▶ PNG

A PDF that breaks or stalls its painter breaks that process alone, which is closed in.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from dataclasses import asdict, dataclass
from threading import BoundedSemaphore

from corpus.documents import Box
from corpus.processes import surroundings

PATIENCE_SECONDS = 600.0
"""By the clock, for a painter that hangs; its work is limited in the processor's time."""

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
    with AT_ONCE:
        try:
            process = subprocess.run(
                [sys.executable, "-m", "corpus.readers.pdf_painter"],
                input=struct.pack(">I", len(told)) + told + data,
                capture_output=True,
                timeout=PATIENCE_SECONDS,
                env=surroundings(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
    return process.stdout if process.returncode == 0 and process.stdout else None
