# SPDX-License-Identifier: EUPL-1.2
"""What the administrator's pages need, opened once by whoever serves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.settings import Settings
from assistant.texts import Language
from assistant.wiring import Parts
from ui.access.accounts import Account
from ui.access.person import Person, Role
from ui.restarting import Restarting


class People(Protocol):
    """The accounts, as the pages change them; each change is entered by whoever makes it.

    AccountRefused says why something cannot be done.
    """

    def all(self) -> Sequence[Account]: ...

    def add(self, name: str, role: Role, by: Person) -> str:
        """Make an account; return the path of its one-time link."""
        ...

    def grant(self, name: str, role: Role, collections: Sequence[str] | None, by: Person) -> None:
        """Give another role and collections (None: all those of the role)."""
        ...

    def shut(self, name: str, disabled: bool, by: Person) -> None:
        """Close an account and its sessions, or open it again."""
        ...

    def link(self, name: str, by: Person) -> str:
        """Return the path of a new one-time link; the one before opens nothing any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminServices:
    """`people`: None where nobody signs in; `restarting`: None where nothing starts it again."""

    parts: Parts
    keys_base: Path
    people: People | None = None
    language: Language = "fr"
    restarting: Restarting | None = None

    @property
    def data(self) -> Path:
        return self.parts.folder.path

    @property
    def most_bytes(self) -> int:
        """What one sending of documents may weigh."""
        return self.parts.settings.uploads.documents_mb * 1_000_000

    def settings(self) -> Settings:
        """Return what is set now: a change may wait for the next start to count."""
        return Settings.read(self.parts.folder.settings)

    def collections(self) -> list[str]:
        """Return the collections that hold documents, `default` always."""
        return sorted({"default", *(d.collection for d in self.parts.store.documents())})
