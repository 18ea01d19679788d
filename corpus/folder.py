# SPDX-License-Identifier: EUPL-1.2
"""The data folder: what it holds, under which version, and where its keys are.

    data/
    ├── greffier.json   version and id of the folder
    ├── greffier.toml   settings, written by the town
    ├── passages.db     SQLite: hidden text and its full-text index, unless PostgreSQL holds them
    ├── vectors/        Chroma: ids, vectors, filter fields
    └── register/       the sealed register

Keys are never here: `keys(base)` names the folder of this data folder's keys
under a base that the caller chooses, by the folder's id, so that a data folder
that is moved keeps its keys and a copied backup holds none.
"""

from __future__ import annotations

import json
import os
import secrets
import uuid
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import FolderTooNew, FolderUnusable
from corpus.storage import storage_errors

VERSION = 1
MARKER = "greffier.json"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One town's data; `id` names it wherever it lies."""

    path: Path
    id: str

    @classmethod
    def open(cls, path: Path) -> DataFolder:
        """Open the folder, creating it on first use; refuse one of a newer version."""
        marker = path / MARKER
        with storage_errors():
            try:
                path.mkdir(mode=0o700, parents=True, exist_ok=True)
                if not marker.exists():
                    _write_marker(marker)
                kept = json.loads(marker.read_text("utf-8"))
                version, folder_id = int(kept["version"]), str(uuid.UUID(kept["id"]))
            except (FileExistsError, NotADirectoryError, PermissionError) as error:
                raise FolderUnusable("no_access") from error
            except (ValueError, KeyError, TypeError) as error:
                raise FolderUnusable("broken") from error
        if version > VERSION:
            raise FolderTooNew(version, VERSION)
        return cls(path, folder_id)

    @property
    def settings(self) -> Path:
        return self.path / "greffier.toml"

    @property
    def passages(self) -> Path:
        return self.path / "passages.db"

    @property
    def vectors(self) -> Path:
        return self.path / "vectors"

    @property
    def register(self) -> Path:
        return self.path / "register"

    def keys(self, base: Path) -> Path:
        """Return the folder of this data folder's keys under `base`, creating it."""
        folder = base / self.id
        base.mkdir(mode=0o700, parents=True, exist_ok=True)  # parents made below are open to all
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


def read_key(keys: Path, name: str) -> bytes:
    """Return the secret of that name, drawn on first use and readable by its owner only."""
    path = keys / f"{name}.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(KEY_BYTES)
        file.write(key)
        return key


def _write_marker(marker: Path) -> None:
    """Write the marker beside its place, then move it there: never half of it."""
    draft = marker.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"version": VERSION, "id": str(uuid.uuid4())}), "utf-8")
    try:
        os.link(draft, marker)  # does not replace the one that another process just wrote
    except FileExistsError:
        pass
    finally:
        draft.unlink()
