# SPDX-License-Identifier: EUPL-1.2
"""Documents, screened pages and passages, in the database that keeps them.

    Ingestion ──put──▶ documents, pages, passages, terms ──▶ Search, screens

A document goes in whole or not at all, with its files and its full-text terms, and the
document that it replaces goes out in the same transaction. What is here was screened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from corpus.act_rows import keep_act, renew_stems
from corpus.act_store import ActStore, today
from corpus.database import Database
from corpus.documents import Filters, Passage, Scan
from corpus.file_store import FileStore
from corpus.french import TERMS_VERSION, terms
from corpus.kept import forget_kept
from corpus.rows import (
    DOCUMENTS,
    PASSAGE_COLUMNS,
    PASSAGES,
    SeenFile,
    StoredDocument,
    concern_of,
    document_of,
    document_row,
    keep_concerns,
    keep_lines,
    keep_scans,
    passage_of,
    scan_of,
    see,
    structure_of,
)
from corpus.split import Piece
from corpus.store_seams import FullText, PassageDatabase, Terms, Writing
from corpus.structure import Structure
from guardrails.special import Concern

__all__ = ["PassageStore", "SeenFile", "StoredDocument"]

IDS_AT_ONCE = 500


class PassageStore(ActStore, FileStore):
    """The corpus's text and its full-text index."""

    def __init__(self, database: PassageDatabase | Path) -> None:
        """Open it over a database, or over a file of SQLite."""
        super().__init__(Database(database) if isinstance(database, Path) else database)

    # -- documents and pages

    def documents(self) -> list[StoredDocument]:
        return [document_of(row) for row in self._database.read(DOCUMENTS + " ORDER BY d.file")]

    def document(self, document: str) -> StoredDocument | None:
        rows = self._database.read(DOCUMENTS + " WHERE d.id = ?", (document,))
        return document_of(rows[0]) if rows else None

    def documents_of(self, documents: Iterable[str]) -> list[StoredDocument]:
        """Return those of some documents that are kept."""
        wanted = [*dict.fromkeys(documents)]
        marks = ",".join("?" * len(wanted))
        rows = self._database.read(DOCUMENTS + f" WHERE d.id IN ({marks})", wanted)
        return [document_of(row) for row in rows]

    def documents_named(self, file: str) -> list[StoredDocument]:
        """Return the documents of that hidden path, of any collection."""
        rows = self._database.read(DOCUMENTS + " WHERE d.file = ? ORDER BY d.id", (file,))
        return [document_of(row) for row in rows]

    def page(self, document: str, number: int) -> str | None:
        """Return a page's screened text, or nothing if there is no such page."""
        rows = self._database.read(
            "SELECT text FROM pages WHERE document = ? AND number = ?", (document, number)
        )
        return str(rows[0][0]) if rows else None

    def pages_at(self, places: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """Return the screened text of some pages, by document and number."""
        if not places:
            return {}
        where = " OR ".join(["document = ? AND number = ?"] * len(places))
        rows = self._database.read_whole(
            3,
            f"SELECT document, number, text FROM pages WHERE {where}",
            [value for place in places for value in place],
        )
        return {(str(document), int(str(number))): str(text) for document, number, text in rows}

    def structure(self, document: str, page: int) -> Structure | None:
        """Return a page and what is known of its lines, or nothing if there is no such page."""
        return self.structures_at([(document, page)]).get((document, page))

    def structures_at(
        self, places: Collection[tuple[str, int]]
    ) -> dict[tuple[str, int], Structure]:
        """Return some pages and what is known of their lines, by document and number."""
        if not places:
            return {}
        where = " OR ".join(["g.document = ? AND g.number = ?"] * len(places))
        rows = self._database.read_whole(
            4,
            "SELECT g.document, g.number, g.text, coalesce(s.lines, '') FROM pages g"
            " LEFT JOIN structures s ON s.document = g.document AND s.page = g.number"
            f" WHERE {where}",
            [value for place in places for value in place],
        )
        return {(str(row[0]), int(str(row[1]))): structure_of(row[2:]) for row in rows}

    def pages(self, document: str) -> list[tuple[int, str]]:
        """Return a document's screened pages, with their numbers."""
        rows = self._database.read(
            "SELECT number, text FROM pages WHERE document = ? ORDER BY number", (document,)
        )
        return [(int(str(number)), str(text)) for number, text in rows]

    def concerns(self, document: str) -> tuple[Concern, ...]:
        """Return where a document tells of somebody's private life, as its last reading saw."""
        rows = self._database.read(
            'SELECT page, start, "end", category FROM concerns WHERE document = ?', (document,)
        )
        return tuple(sorted(map(concern_of, rows)))

    def scan(self, document: str, page: int) -> Scan | None:
        """Return what is known of a page that was made out from its picture."""
        rows = self._database.read(
            "SELECT confidence, boxes FROM scans WHERE document = ? AND page = ?", (document, page)
        )
        return scan_of(rows[0]) if rows else None

    def confidences(self) -> dict[str, dict[int, float]]:
        """Return how surely pages were made out, by document and page."""
        found: dict[str, dict[int, float]] = {}
        for document, page, sure in self._database.read(
            "SELECT document, page, confidence FROM scans"
        ):
            found.setdefault(str(document), {})[int(str(page))] = float(str(sure))
        return found

    def holds(self, words: str) -> bool:
        """Say whether any page or name holds exactly these words."""
        rows = self._database.read(
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM pages WHERE instr(text, ?) > 0)"
            " OR EXISTS (SELECT 1 FROM documents WHERE instr(file, ?) > 0)",
            (words, words),
        )
        return bool(rows)

    # -- passages

    def passage(self, passage: str) -> Passage | None:
        return next(iter(self.passages([passage])), None)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages that are kept, in the order asked."""
        found: dict[str, Passage] = {}
        for start in range(0, len(ids), IDS_AT_ONCE):
            some = ids[start : start + IDS_AT_ONCE]
            marks = ",".join("?" * len(some))
            where = f" WHERE p.id IN ({marks})"
            rows = self._database.read_whole(
                PASSAGE_COLUMNS, PASSAGES + where, (today(), today(), *some)
            )
            found |= {str(row[0]): passage_of(row) for row in rows}
        return [found[i] for i in ids if i in found]

    def passages_of(self, document: str) -> list[Passage]:
        rows = self._database.read(
            PASSAGES + " WHERE p.document = ? ORDER BY p.ordinal", (today(), today(), document)
        )
        return [passage_of(row) for row in rows]

    def passages_at(self, document: str, page: int) -> list[Passage]:
        rows = self._database.read(
            PASSAGES + " WHERE p.document = ? AND p.page = ? ORDER BY p.ordinal",
            (today(), today(), document, page),
        )
        return [passage_of(row) for row in rows]

    def some_passage_ids(self, limit: int) -> list[str]:
        """Return a few, whichever are at hand."""
        rows = self._database.read("SELECT id FROM passages LIMIT ?", (limit,))
        return [str(row[0]) for row in rows]

    def passage_ids(self) -> set[str]:
        return {str(row[0]) for row in self._database.read("SELECT id FROM passages")}

    def passage_count(self) -> int:
        return int(str(self._database.read("SELECT count(*) FROM passages")[0][0]))

    def lexical(
        self, wanted: Collection[str], limit: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """Return passages by BM25 over those terms, best first; filtered before ranking."""
        if not wanted or filters.is_closed:
            return []
        return self._database.full_text.ranked(wanted, limit, filters)

    def known(self, wanted: Iterable[str]) -> set[str]:
        """Return those of the terms that the index holds."""
        return self._database.full_text.known(wanted)

    def vocabulary(self) -> dict[str, int]:
        """Return each term of the index with the number of passages that hold it."""
        return self._database.full_text.vocabulary()

    def generation(self) -> tuple[int, int]:
        """Return numbers that differ once the corpus has changed."""
        return self._database.generation()

    # -- writing

    def put(
        self,
        document: StoredDocument,
        pages: Iterable[tuple[int, str]],
        passages: Sequence[tuple[str, Piece]],
        *,
        seen: SeenFile,
        replaces: Iterable[str] = (),
    ) -> None:
        """Keep a document whole, its file, and drop those it replaces, all at once."""
        texts = dict(pages)
        with self._database.writing() as write:
            for old in {document.id, *replaces}:
                self._drop(write, old)
            write.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                document_row(document),
            )
            write.executemany(
                "INSERT INTO pages VALUES (?, ?, ?)",
                [(document.id, number, text) for number, text in texts.items()],
            )
            keep_scans(write, document)
            keep_lines(write, document)
            keep_concerns(write, document)
            keep_act(write, document.id, document.act, texts)
            ((last,),) = write.execute("SELECT coalesce(max(key), 0) FROM passages").fetchall()
            write.executemany(
                "INSERT INTO passages"
                ' (key, id, document, page, ordinal, heading, start, "end", item)'
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        last + 1 + ordinal, identifier, document.id, piece.page, ordinal,
                        piece.heading, piece.start, piece.end, piece.item,
                    )
                    for ordinal, (identifier, piece) in enumerate(passages)
                ],
            )  # fmt: skip
            index_document(self._database.full_text, write, document.id, document.collection, texts)
            see(write, seen)

    def _drop(self, write: Writing, document: str) -> None:
        """Delete a document with its pages, passages and terms."""
        self._database.full_text.drop(write, document)
        write.execute("DELETE FROM documents WHERE id = ?", (document,))

    def remove(self, documents: Iterable[str]) -> None:
        """Drop documents, their passages, terms and files, at once."""
        with self._database.writing() as write:
            for document in documents:
                self._drop(write, document)
                write.execute("DELETE FROM files WHERE document = ?", (document,))
        forget_kept()

    def unsorted(self) -> list[str]:
        """Return the documents with passages of which is not told yet whom they concern."""
        rows = self._database.read(
            "SELECT d.id FROM documents d WHERE d.audience = ''"
            " AND EXISTS (SELECT 1 FROM passages p WHERE p.document = d.id) ORDER BY d.id"
        )
        return [str(row[0]) for row in rows]

    def unsort(self, where: Mapping[str, str]) -> None:
        """Forget whom documents concern, all at once, and put each into the collection that is
        given for it; the two indexes follow when they are sorted again."""
        with self._database.writing() as write:
            write.executemany(
                "UPDATE documents SET collection = ?, audience = '' WHERE id = ?",
                [(collection, document) for document, collection in where.items()],
            )

    def move(self, moves: Sequence[tuple[str, str, str]]) -> None:
        """Put documents into collections, with whom each concerns, their full-text terms with them,
        all at once."""
        pages = {document: dict(self.pages(document)) for document, _, _ in moves}
        with self._database.writing() as write:
            for document, collection, audience in moves:
                self._database.full_text.drop(write, document)
                write.execute(
                    "UPDATE documents SET collection = ?, audience = ? WHERE id = ?",
                    (collection, audience, document),
                )
                texts = pages[document]
                index_document(self._database.full_text, write, document, collection, texts)

    def rename(self, document: str, file: str) -> None:
        with self._database.writing() as write:
            write.execute("UPDATE documents SET file = ? WHERE id = ?", (file, document))

    def renew_terms(self) -> None:
        """Make the full-text index again from the kept pages, document by document, if it was made
        with other terms than those that a question has now."""
        if self.state("terms") == TERMS_VERSION:
            return
        for document in self.documents():
            pages = dict(self.pages(document.id))
            with self._database.writing() as write:
                self._database.full_text.drop(write, document.id)
                index_document(
                    self._database.full_text, write, document.id, document.collection, pages
                )
                renew_stems(write, document.id)
        self.set_state("terms", TERMS_VERSION)

    def purge(self) -> None:
        """Leave no trace of what was removed in the file or its write-ahead log."""
        self._database.purge()

    def forget(self) -> None:
        """Leave no trace of what was just taken out of a few documents: the file keeps its size."""
        self._database.forget()

    def close(self) -> None:
        self._database.close()


def index_document(
    full_text: FullText, write: Writing, document: str, collection: str, pages: Mapping[int, str]
) -> None:
    """Index the passages of a document, whose rows are there, from its pages."""
    rows = write.execute(
        'SELECT key, page, start, "end", heading FROM passages WHERE document = ? ORDER BY ordinal',
        (document,),
    ).fetchall()
    found = [
        Terms(key, terms(pages[page][start:end]), terms(heading))
        for key, page, start, end, heading in rows
    ]
    full_text.add(write, document, collection, found)
