# SPDX-License-Identifier: EUPL-1.2
"""The files that were seen, the state of the corpus, and who may write it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from corpus.rows import FILES, SeenFile, file_of, see
from corpus.store_seams import PassageDatabase


class FileStore:
    """What the corpus remembers of files and of its own runs."""

    _database: PassageDatabase

    def files(self, root: str = "") -> list[SeenFile]:
        rows = self._database.read(FILES + " WHERE ? IN ('', root)", (root,))
        return [file_of(row) for row in rows]

    def see(self, files: Iterable[SeenFile]) -> None:
        with self._database.writing() as write:
            for seen in files:
                see(write, seen)

    def forget_files(self, paths: Iterable[str]) -> None:
        with self._database.writing() as write:
            write.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])

    def state(self, name: str) -> str:
        rows = self._database.read("SELECT value FROM state WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def set_state(self, name: str, value: str) -> None:
        with self._database.writing() as write:
            write.execute(
                "INSERT INTO state VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    def embedded_by(self) -> str:
        """Return the name of the embedder that the vectors are of; nothing without documents."""
        rows = self._database.read("SELECT recipe FROM documents WHERE recipe <> '' LIMIT 1", ())
        return str(rows[0][0]).rpartition(";")[2] if rows else ""

    def set_embedded_by(self, embedder: str) -> None:
        """Note that all vectors are of another embedder: what was read need not be read again."""
        with self._database.writing() as write:
            for table in ("documents", "files"):
                rows = self._database.read(f"SELECT DISTINCT recipe FROM {table}", ())
                for recipe in (str(row[0]) for row in rows if row[0]):
                    renewed = f"{recipe.rpartition(';')[0]};{embedder}"
                    write.execute(
                        f"UPDATE {table} SET recipe = ? WHERE recipe = ?", (renewed, recipe)
                    )

    def sole_writer(self) -> AbstractContextManager[None]:
        """Hold the corpus for one writer; raise CorpusBusy if another process has it."""
        return self._database.sole_writer()
