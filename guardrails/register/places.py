# SPDX-License-Identifier: EUPL-1.2
"""Where checkpoints go besides the register: the more places, the harder to cut them all.

Place.put(note, at)      a folder here; a printed page and an e-mail draft in printed.py
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from guardrails.register.files import write_whole


class Place(Protocol):
    """Somewhere a checkpoint is put; OSError if it cannot be reached."""

    @property
    def name(self) -> str: ...

    def put(self, note: str, at: datetime) -> None: ...


class FolderPlace:
    """A folder or a share: the newest checkpoint, and the last one of each day."""

    def __init__(self, folder: Path, *, name: str = "folder") -> None:
        self.folder, self.name = folder, name

    def put(self, note: str, at: datetime) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in (f"checkpoint-{at:%Y-%m-%d}.txt", "checkpoint-latest.txt"):
            write_whole(self.folder / name, note.encode(), mode=0o644)
