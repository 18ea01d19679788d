# SPDX-License-Identifier: EUPL-1.2
"""What both office formats are: a ZIP archive of XML files, in a given order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

__all__ = ["escape", "packed", "quoteattr"]

_MOMENT = (1980, 1, 1, 0, 0, 0)


def packed(files: Iterable[tuple[str, str, bool]]) -> bytes:
    """Return the archive of (name, text, whether it is compressed), the first one first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text, is_compressed in files:
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED if is_compressed else zipfile.ZIP_STORED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
    return buffer.getvalue()
