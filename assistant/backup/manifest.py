# SPDX-License-Identifier: EUPL-1.2
"""What an archive says of itself, before its first file: names, hashes, versions, counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import Annotated
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.cards import store as cards
from assistant.errors import UserError
from corpus import database, folder
from guardrails.register.leaves import DATABASE, SCHEMA_VERSION

PASSAGES = "passages.db"
REGISTER = f"register/{DATABASE}"
CARDS = cards.FILE
FOLDER = "folder"
VECTORS = "vectors.f32"
RESTORED = "access.restored"
"""Says to whoever opens the accounts that they are those of a backup (ui/access/restored.py)."""
KNOWN = {
    FOLDER: folder.VERSION,
    PASSAGES: database.VERSION,
    REGISTER: SCHEMA_VERSION,
    CARDS: cards.VERSION,
}
"""The newest version of each that this program reads."""


class Kind(StrEnum):
    """What is in an archive."""

    DATA = "data"
    KEYS = "keys"


def _inside(name: str) -> str:
    """Return the name of a file under the folder, the only one that it has; raise ValueError."""
    path = PurePosixPath(name)
    if (
        not path.parts
        or path.is_absolute()
        or ".." in path.parts
        or str(path) != name
        or "\\" in name
        or not name.isprintable()
    ):
        raise ValueError("a name leads out of the folder")
    return name


Name = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_inside)]
"""Every name of an archive that becomes one of a file, be it to write or to open."""


def _one_each(names: Sequence[str]) -> bool:
    """Say whether names are those of as many files on every file system: not two that differ by
    case or by how an accent is written, and none that is a folder for another."""
    told = [normalize("NFC", name).casefold() for name in names]
    folders = {str(parent) for name in told for parent in PurePosixPath(name).parents}
    return len({*told}) == len(told) and not folders & {*told}


class Item(BaseModel):
    """One file: its name in the folder, its size and its SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """An archive's content. `checkpoint` is the signed note of the register as it is in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    folder: Annotated[str, Field(pattern="^[0-9a-f-]{36}$")]
    files: tuple[Item, ...]
    made: datetime = Field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    software: str = Field(default_factory=lambda: version("greffier"))
    versions: dict[Name, int] = Field(default_factory=dict)
    documents: int = 0
    passages: int = 0
    vectors: int = 0
    dimension: int = 0
    entries: int = 0
    checkpoint: str = ""

    @classmethod
    def read(cls, text: bytes) -> Manifest:
        """Read a manifest, and refuse one of a newer version."""
        try:
            found = cls.model_validate_json(text)
        except ValueError as error:
            raise UserError("backup_changed") from error
        if not _one_each([item.name for item in found.files]):
            raise UserError("backup_changed")
        if any(found.versions.get(name, 0) > known for name, known in KNOWN.items()):
            raise UserError("backup_too_new")
        return found

    @property
    def databases(self) -> list[str]:
        return [name for name in self.versions if name != FOLDER]
