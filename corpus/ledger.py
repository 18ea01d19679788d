# SPDX-License-Identifier: EUPL-1.2
"""Which files were seen before, and what became of them: unchanged, moved, copied, gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.opaque import Opaque
from corpus.passages import PassageStore, SeenFile
from corpus.readers.archive import is_archive
from corpus.readers.programs import is_there
from corpus.walk import FoundFile

RETRIED = frozenset({"no_access", "guard_closed", "archives_full"})
"""Reasons that may go away while the file stays as it is."""

UNLISTED = frozenset({"no_access", "archives_full", "too_slow"})
"""Why a folder or an archive may not have been looked into though what was in it is still there."""


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
        self._holders: dict[str, set[str]] = defaultdict(set)
        for seen in self._seen.values():
            self._holders[seen.document].add(seen.path)
        self._here = {opaque.path(found.path) for found in files}
        unlisted = {opaque.root(found.root) for found in files if _is_unlisted(found)}
        self._roots = {opaque.root(path.resolve()) for path in paths} - {""} - unlisted

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
        # What it waited for may have been installed since.
        is_due = before.reason in RETRIED or is_there(before.needs)
        return same and not adopted and not is_due

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
        shared = self._holders[old] - {seen.path}
        return set() if not old or shared else {old}

    def follow(self, seen: SeenFile) -> bool:
        """Forget where the file's document stood before; say whether it stands only here now."""
        others = [self._seen[path] for path in self._holders[seen.document] - {seen.path}]
        gone = [other for other in others if self._is_gone(other)]
        self.forget(gone)
        return len(gone) == len(others)

    def gone(self) -> list[SeenFile]:
        """Return the files seen before under the run's folders and not there any more."""
        return [seen for seen in self._seen.values() if self._is_gone(seen)]

    def seen_here(self) -> list[SeenFile]:
        """Return the files seen before that the run finds, or that its folders brought."""
        return [s for s in self._seen.values() if s.path in self._here or s.root in self._roots]

    def documents(self) -> set[str]:
        """Return the documents that some file holds."""
        return {document for document, paths in self._holders.items() if paths}

    def is_held(self, document: str) -> bool:
        return bool(self._holders[document])

    def note(self, seen: SeenFile) -> None:
        """Remember a file as the store now has it."""
        self._drop(seen.path)
        self._seen[seen.path] = seen
        self._holders[seen.document].add(seen.path)

    def forget(self, gone: Iterable[SeenFile]) -> None:
        paths = [seen.path for seen in gone]
        if paths:
            self._store.forget_files(paths)
        for path in paths:
            self._drop(path)

    def _drop(self, path: str) -> None:
        before = self._seen.pop(path, None)
        if before:
            self._holders[before.document].discard(path)

    def _is_gone(self, seen: SeenFile) -> bool:
        return seen.root in self._roots and seen.path not in self._here


def _is_unlisted(found: FoundFile) -> bool:
    """Say whether files may stand behind this one that the run did not see."""
    if found.reason not in UNLISTED or found.archive is not None:
        return False
    return is_archive(found.name) or found.path.is_dir()
