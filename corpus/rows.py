# SPDX-License-Identifier: EUPL-1.2
"""What the corpus keeps of documents and files, and how a row holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from functools import lru_cache

from corpus.act_rows import flat_fields
from corpus.acts import Act
from corpus.documents import Box, Filters, Passage, Scan, is_dropped
from corpus.packs import STATE, Pack, pack_of
from corpus.store_seams import Writing
from corpus.structure import Line, Structure, decoded, encoded
from guardrails.findings import Screened
from guardrails.special import Category, Concern

Row = tuple[object, ...]

DOCUMENTS = f"""SELECT d.id, d.file, d.collection, d.media_type, d.page_count, d.needs,
    d.waiting_pages, d.act, d.hidden, d.recipe, d.added, d.declared, d.audience, d.content,
    coalesce({STATE}, ''),
    (SELECT count(*) FROM passages p WHERE p.document = d.id) FROM documents d"""

PASSAGES = f"""SELECT p.id, p.document, d.file, p.page, p.ordinal, d.collection, p.heading,
    substr(g.text, p.start + 1, p."end" - p.start), p.start, p."end",
    p.item, coalesce(a.kind, ''), coalesce(a.date, ''), coalesce((
        SELECT s.by_label FROM standing s
        WHERE s.document = p.document AND s.item IN (0, p.item) AND s.effect != 'amends'
        AND s.since <= ? ORDER BY s.since DESC, s.item, s.effect, s.by_document, s.by_item
        LIMIT 1), ''), coalesce((
        SELECT max(s.by_document) FROM standing s
        WHERE s.document = p.document AND s.item IN (0, p.item) AND s.effect = 'amends'
        AND s.since = (
            SELECT max(l.since) FROM standing l WHERE l.document = p.document
            AND l.item IN (0, p.item) AND l.effect = 'amends' AND l.since <= ?)), ''), d.act,
    d.declared, coalesce({STATE}, '')
    FROM passages p JOIN documents d ON d.id = p.document
    JOIN pages g ON g.document = p.document AND g.number = p.page
    LEFT JOIN acts a ON a.document = p.document AND a.item = 0"""
"""Its first two values are today's date: what an act ends or amends may still be in force."""

PASSAGE_COLUMNS = 18

FILES = """SELECT path, root, collection, name, stamp, recipe, document, reason, needs
    FROM files"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document of the corpus: `id` is opaque, `file` is the hidden form of its path.

    `collection` says who sees it, `declared` with which it was added, which made its ids;
    `audience` whom it concerns, as it reads (`corpus.audience.Kind`), empty where that is not told
    yet. `content` is a keyed hash of its content, empty for what an earlier version read.
    """

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
    declared: str = ""
    audience: str = ""
    content: str = ""
    scans: Mapping[int, Scan] = field(default_factory=dict)
    """Pages made out from their picture; given to be kept, read back one at a time."""
    lines: Mapping[int, tuple[Line, ...]] = field(default_factory=dict)
    """What is known of the lines of each page; given to be kept, read back one page at a time."""
    pack: Pack | None = None
    """The pack that it came with; read back, never given to be kept."""
    concerns: tuple[Concern, ...] = ()
    """What tells of somebody's private life; given to be kept, read back by document."""


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
        waiting_pages, act, hidden, recipe, added, declared, audience, content, pack, passage_count,
    ) = map(str, row)  # fmt: skip
    known = Act(**json.loads(act))
    return StoredDocument(
        id=identifier,
        file=file,
        collection=collection,
        media_type=media_type,
        page_count=int(page_count),
        act=known,
        recipe=recipe,
        added=added,
        needs=needs,
        waiting_pages=tuple(json.loads(waiting_pages)),
        hidden=json.loads(hidden),
        passage_count=int(passage_count),
        declared=declared,
        audience=audience,
        content=content,
        pack=pack_of(declared, pack, known.updated),
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
        json.dumps(dict(flat_fields(document.act)), ensure_ascii=False),
        json.dumps(dict(document.hidden)),
        document.recipe,
        document.added,
        document.declared or document.collection,
        document.audience,
        document.content,
    )


def passage_of(row: Row) -> Passage:
    (
        identifier, document, file, page, ordinal, collection, heading, text, start, end,
        item, kind, dated, superseded_by, amended_by, act, declared, pack,
    ) = map(str, row)  # fmt: skip
    known = act_of(act)
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
        item=int(item),
        kind=kind,
        dated=dated,
        superseded_by=superseded_by,
        amended_by=amended_by,
        label=None if is_dropped(document) else known.label,
        pack=pack_of(declared, pack, known.updated),
    )


@lru_cache(maxsize=1_000)
def act_of(act: str) -> Act:
    """Return what is kept of an act; one document has many passages."""
    return Act(**json.loads(act))


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


def see(write: Writing, seen: SeenFile) -> None:
    """Note a file as it was just seen."""
    write.execute(
        "INSERT INTO files"
        " (path, root, collection, name, stamp, recipe, document, reason, needs)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET"
        " root = excluded.root, collection = excluded.collection, name = excluded.name,"
        " stamp = excluded.stamp, recipe = excluded.recipe, document = excluded.document,"
        " reason = excluded.reason, needs = excluded.needs",
        astuple(seen),
    )


def keep_scans(write: Writing, document: StoredDocument) -> None:
    """Keep how surely pages were made out, and where their words stand."""
    write.executemany(
        "INSERT INTO scans VALUES (?, ?, ?, ?)",
        [
            (document.id, page, scan.confidence, json.dumps([astuple(b) for b in scan.boxes]))
            for page, scan in document.scans.items()
        ],
    )


def keep_lines(write: Writing, document: StoredDocument) -> None:
    """Keep what is known of the lines of each page: numbers, no word."""
    write.executemany(
        "INSERT INTO structures VALUES (?, ?, ?)",
        [(document.id, page, encoded(lines)) for page, lines in document.lines.items() if lines],
    )


def keep_concerns(write: Writing, document: StoredDocument) -> None:
    """Keep where a document tells of somebody's private life."""
    write.executemany(
        "INSERT INTO concerns VALUES (?, ?, ?, ?, ?)",
        [(document.id, c.page, c.start, c.end, str(c.category)) for c in document.concerns],
    )


def concern_of(row: Row) -> Concern:
    page, start, end, category = map(str, row)
    return Concern(int(page), int(start), int(end), Category(category))


def structure_of(row: Row) -> Structure:
    text, lines = map(str, row)
    return Structure.of(text, decoded(lines, text) if lines else ())


def scan_of(row: Row) -> Scan:
    confidence, boxes = map(str, row)
    return Scan(float(confidence), tuple(Box(*numbers) for numbers in json.loads(boxes)))


def act_conditions(filters: Filters) -> tuple[str, list[object]]:
    """Return what the filters on acts ask of a passage `p`, in SQL, and its values."""
    conditions, values = "", list[object]()
    if filters.kinds is not None:
        marks = ",".join("?" * len(filters.kinds))
        conditions += (
            " AND EXISTS (SELECT 1 FROM acts a WHERE a.document = p.document"
            f" AND a.item IN (0, p.item) AND a.kind IN ({marks}))"
        )
        values += sorted(filters.kinds)
    if filters.since or filters.until:
        conditions += (
            " AND EXISTS (SELECT 1 FROM acts a WHERE a.document = p.document AND a.item = 0"
            " AND a.date != '' AND a.date BETWEEN ? AND ?)"
        )
        values += [filters.since, filters.until or "9999"]
    return conditions, values
