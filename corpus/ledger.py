# SPDX-License-Identifier: EUPL-1.2
"""Which files were seen before, and what became of them: unchanged, moved, copied, gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.opaque import Opaque
from corpus.passages import PassageStore, SeenFile
from corpus.walk import FoundFile

RETRIED = frozenset({"no_access", "guard_closed"})
"""Reasons that may go away while the file stays as it is."""


class Ledger:
    """The files of the corpus beside those that a run finds."""

    def __init__(
        self,
        store: PassageStore,
        opaque: Opaque,
        paths: Sequence[Path],
        files: Sequence[FoundFile],
    ) -> None:
        self._store = store
        self._opaque = opaque
        self._seen = {seen.path: seen for seen in store.files()}
        self._here = {opaque.path(found.path) for found in files}
        self._roots = {opaque.root(path.resolve()) for path in paths} - {""}

    def before(self, found: FoundFile) -> SeenFile | None:
        return self._seen.get(self._opaque.path(found.path))

    def entry(self, found: FoundFile, recipe: str) -> SeenFile:
        """Return a new line for the file; its name is still to be screened."""
        before = self.before(found)
        return SeenFile(
            path=self._opaque.path(found.path),
            root=before.root if before and before.root else self._opaque.root(found.root),
            collection=self._opaque.collection,
            name="",
            stamp=found.stamp,
            recipe=recipe,
            reason=found.reason,
        )

    def is_unchanged(self, found: FoundFile, before: SeenFile, recipe: str) -> bool:
        same = (found.stamp, recipe) == (before.stamp, before.recipe)
        adopted = not before.root and found.root.is_dir()
        return same and not adopted and before.reason not in RETRIED

    def kept_name(self, found: FoundFile) -> str:
        """Return the name that a file keeps, having been added first with another folder."""
        before = self.before(found)
        if before and before.root and before.root != self._opaque.root(found.root):
            return before.name
        return ""

    def sole_document(self, seen: SeenFile) -> set[str]:
        """Return the document that the file held before, if no other file holds it."""
        before = self._seen.get(seen.path)
        old = before.document if before else ""
        shared = any(
            other.document == old and other.path != seen.path for other in self._seen.values()
        )
        return set() if not old or shared else {old}

    def follow(self, seen: SeenFile) -> bool:
        """Forget where the file's document stood before; say whether it stands only here now."""
        others = [
            other
            for other in self._seen.values()
            if other.document == seen.document and other.path != seen.path
        ]
        gone = [other for other in others if self._is_gone(other)]
        self.forget(gone)
        return len(gone) == len(others)

    def gone(self) -> list[SeenFile]:
        """Return the files seen before under the run's folders and not there any more."""
        return [seen for seen in self._seen.values() if self._is_gone(seen)]

    def is_held(self, document: str) -> bool:
        return any(seen.document == document for seen in self._seen.values())

    def note(self, seen: SeenFile) -> None:
        """Remember a file as the store now has it."""
        self._seen[seen.path] = seen

    def forget(self, gone: Iterable[SeenFile]) -> None:
        paths = [seen.path for seen in gone]
        if paths:
            self._store.forget_files(paths)
        for path in paths:
            del self._seen[path]

    def _is_gone(self, seen: SeenFile) -> bool:
        return seen.root in self._roots and seen.path not in self._here
