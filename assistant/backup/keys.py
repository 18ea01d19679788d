# SPDX-License-Identifier: EUPL-1.2
"""The keys of a data folder, for an archive of their own: read into memory, never to the disk."""

from __future__ import annotations

import io
from contextlib import ExitStack
from pathlib import Path

from assistant.backup.archive import Piece
from assistant.backup.snapshot import kept_files
from guardrails.register.locks import FileLock


def key_pieces(keys: Path) -> list[Piece]:
    """Return the files of a folder of keys, at one moment: nobody changes them meanwhile."""
    with ExitStack() as held:
        for lock in sorted(keys.glob("register/register-*/lock.json")):
            held.enter_context(FileLock(lock.with_name("keys.lock")))
        return [
            Piece(path.relative_to(keys).as_posix(), io.BytesIO(path.read_bytes()))
            for path in kept_files(keys)
        ]
