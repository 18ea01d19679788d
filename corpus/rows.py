# SPDX-License-Identifier: EUPL-1.2
"""What the corpus keeps of documents and files, and how a row of SQLite holds it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from corpus.acts import Act
from corpus.documents import Filters, Passage
from guardrails.findings import Screened

Row = tuple[object, ...]

DOCUMENTS = """SELECT d.id, d.file, d.collection, d.media_type, d.page_count, d.needs,
    d.waiting_pages, d.act, d.hidden, d.recipe, d.added,
    (SELECT count(*) FROM passages p WHERE p.document = d.id) FROM documents d"""

PASSAGES = """SELECT p.id, p.document, d.file, p.page, p.ordinal, d.collection, p.heading,
    substr(g.text, p.start + 1, p."end" - p.start), p.start, p."end"
    FROM passages p JOIN documents d ON d.id = p.document
    JOIN pages g ON g.document = p.document AND g.number = p.page"""

FILES = """SELECT path, root, collection, name, stamp, recipe, document, reason, needs
    FROM files"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document of the corpus: `id` is opaque, `file` is the hidden form of its path."""

    id: str
    file: str
    collection: str
    media_type: str
    page_count: int
    act: Act
    recipe: str
    added: str
    needs: str = ""
    waiting_pages: tuple[int, ...] = ()
    hidden: Mapping[str, int] = field(default_factory=dict)
    passage_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFile:
    """A file that was added: `path` and `root` are keyed hashes, `name` is hidden."""

    path: str
    root: str
    collection: str
    name: str
    stamp: str
    recipe: str
    document: str = ""
    reason: str = ""
    needs: str = ""


def document_of(row: Row) -> StoredDocument:
    (
        identifier, file, collection, media_type, page_count, needs,
        waiting_pages, act, hidden, recipe, added, passage_count,
    ) = map(str, row)  # fmt: skip
    return StoredDocument(
        id=identifier,
        file=file,
        collection=collection,
        media_type=media_type,
        page_count=int(page_count),
        act=Act(**json.loads(act)),
        recipe=recipe,
        added=added,
        needs=needs,
        waiting_pages=tuple(json.loads(waiting_pages)),
        hidden=json.loads(hidden),
        passage_count=int(passage_count),
    )


def document_row(document: StoredDocument) -> Row:
    return (
        document.id,
        document.file,
        document.collection,
        document.media_type,
        document.page_count,
        document.needs,
        json.dumps(document.waiting_pages),
        json.dumps(asdict(document.act), ensure_ascii=False),
        json.dumps(dict(document.hidden)),
        document.recipe,
        document.added,
    )


def passage_of(row: Row) -> Passage:
    identifier, document, file, page, ordinal, collection, heading, text, start, end = map(str, row)
    return Passage(
        id=identifier,
        document=document,
        file=file,
        page=int(page),
        ordinal=int(ordinal),
        collection=collection,
        heading=heading,
        text=Screened(text),
        start=int(start),
        end=int(end),
    )


def file_of(row: Row) -> SeenFile:
    path, root, collection, name, stamp, recipe, document, reason, needs = map(str, row)
    return SeenFile(
        path=path,
        root=root,
        collection=collection,
        name=name,
        stamp=stamp,
        recipe=recipe,
        document=document,
        reason=reason,
        needs=needs,
    )


def see(write: sqlite3.Connection, seen: SeenFile) -> None:
    """Note a file as it was just seen."""
    write.execute(
        "INSERT OR REPLACE INTO files"
        " (path, root, collection, name, stamp, recipe, document, reason, needs)"
        " VALUES (:path, :root, :collection, :name, :stamp, :recipe, :document, :reason, :needs)",
        asdict(seen),
    )


def drop(write: sqlite3.Connection, document: str) -> None:
    """Delete a document with its pages, passages and terms."""
    write.execute(
        "DELETE FROM terms WHERE rowid IN (SELECT key FROM passages WHERE document = ?)",
        (document,),
    )
    write.execute("DELETE FROM documents WHERE id = ?", (document,))


def scopes(filters: Filters) -> Iterator[list[str]]:
    """Yield, for each filter that is set, the index terms of what it lets through."""
    if filters.collections:
        yield sorted(map(collection_scope, filters.collections))
    if filters.documents:
        yield sorted(map(document_scope, filters.documents))


def collection_scope(collection: str) -> str:
    """Return the index term of a collection: any name fits, whatever its signs."""
    return "c" + sha256(collection.encode()).hexdigest()[:16]


def document_scope(document: str) -> str:
    return "d" + document
