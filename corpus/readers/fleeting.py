# SPDX-License-Identifier: EUPL-1.2
"""Bytes lent as a file that stands nowhere: in memory, without a name, gone with the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fleeting(data: bytes) -> Iterator[Path]:
    """Lend the bytes as a file in memory that has no name: it ends with the process, however."""
    file = os.memfd_create("document")
    try:
        with os.fdopen(os.dup(file), "wb") as copy:
            copy.write(data)
        yield Path(f"/proc/self/fd/{file}")
    finally:
        os.close(file)
