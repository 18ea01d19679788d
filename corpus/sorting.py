# SPDX-License-Identifier: EUPL-1.2
"""In which collection a document stands: the one it was added with, unless it is somebody's paper.

    declared, Kind ─collection_of─▶ declared │ CORRESPONDENCE      told at reading
    a person's word (a collection) ─decide─▶ that collection       kept by content, until another

What is not told yet stands in CORRESPONDENCE: agents alone see it. The collection in the database
is the truth; words and vectors carry a copy for speed, and a search looks again (`corpus.search`).
So a move goes there first, untold, then to the vectors, then whole: one that is cut short hides the
document until the next opening, and shows nobody anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from corpus.audience import AudienceHead, Kind, kind_of
from corpus.documents import CORRESPONDENCE
from corpus.passages import PassageStore
from corpus.prepare import Prepared
from corpus.repair import ErasableIndex
from corpus.rows import StoredDocument
from corpus.seams import Fields, VectorIndex, Vectors
from corpus.standing import settle

STATE = "audience"


class MovableIndex(Protocol):
    """An index that gives its vectors back, and takes them with other fields."""

    def add(self, ids: Sequence[str], vectors: Vectors, fields: Sequence[Fields]) -> None: ...

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]: ...


def decisions(store: PassageStore) -> dict[str, str]:
    """Return the collection that a person chose, by document and by content."""
    read: dict[str, str] = json.loads(store.state(STATE) or "{}")
    return read


def decision_on(document: StoredDocument, decided: Mapping[str, str]) -> str:
    """Return the collection that a person chose for a document, or for a copy of it."""
    return decided.get(document.id) or decided.get(document.content, "") if decided else ""


def collection_of(document: StoredDocument, kind: Kind | None, decided: Mapping[str, str]) -> str:
    """Return where a document stands; `kind` None: it is not told yet."""
    declared = document.declared or document.collection
    own = declared if kind is Kind.PUBLIC else CORRESPONDENCE
    return decision_on(document, decided) or own


def sorted_document(
    document: StoredDocument, kind: Kind | None, decided: Mapping[str, str]
) -> StoredDocument:
    """Return a document in the collection where it stands."""
    place = collection_of(document, kind, decided)
    return replace(document, collection=place, audience=kind or "")


def classified(
    ready: Prepared, head: AudienceHead | None, rows: Vectors, decided: Mapping[str, str]
) -> Prepared:
    """Return a document sorted; `rows` are the vectors of its passages, in their order."""
    kind = (
        None
        if head is None
        else kind_of(
            head,
            media_type=ready.document.media_type,
            act=ready.document.act,
            pages=dict(ready.pages),
            vectors=[
                (piece.page, row) for (_, piece), row in zip(ready.passages, rows, strict=True)
            ],
        )
    )
    return replace(ready, document=sorted_document(ready.document, kind, decided))


def sort_what_was_kept(store: PassageStore, index: VectorIndex) -> int:
    """Sort what an earlier version kept, where the index gives its vectors back."""
    return Sorting(store, index).sort() if isinstance(index, ErasableIndex) else 0


def embedder_of(document: StoredDocument) -> str:
    """Return the embedder that a document's vectors are of."""
    return document.recipe.rpartition(";")[2]


class Sorting:
    """Sorts what an earlier version kept, and moves what a person decides on."""

    def __init__(self, store: PassageStore, index: MovableIndex) -> None:
        self._store = store
        self._index = index

    def sort(self) -> int:
        """Tell whom documents concern of which that is not known, from what is kept of them: no
        model is read. Return how many were sorted; one without its vectors waits, hidden."""
        decided, done = decisions(self._store), 0
        for identifier in self._store.unsorted():
            document = self._store.document(identifier)
            done += document is not None and self._sorted(document, decided)
        if done:
            settle(self._store)
        return done

    def decide(self, document: str, collection: str) -> StoredDocument:
        """Put a document where a person says, with its copies; it stays there when it is read anew.

        Raises LookupError if there is no such document, CorpusBusy while documents are added.
        """
        with self._store.sole_writer():
            found = self._store.document(document)
            if found is None:
                raise LookupError(document)
            names = {found.id, found.content} - {""}
            noted = decisions(self._store) | dict.fromkeys(names, collection)
            self._store.set_state(STATE, json.dumps(noted))
            for each in self._store.documents():
                if each.id in names or each.content in names:
                    self._moved(each, collection)
            settle(self._store)
            return self._store.document(document) or found

    def _sorted(self, document: StoredDocument, decided: Mapping[str, str]) -> bool:
        head = AudienceHead.of(embedder_of(document))
        if head is None:
            return False
        passages = self._store.passages_of(document.id)
        rows = self._index.vectors([p.id for p in passages])
        if len(rows) < len(passages):
            return False
        kind = kind_of(
            head,
            media_type=document.media_type,
            act=document.act,
            pages=dict(self._store.pages(document.id)),
            vectors=[(p.page, rows[p.id]) for p in passages],
        )
        self._place(document, collection_of(document, kind, decided), kind or "")
        return True

    def _moved(self, document: StoredDocument, collection: str) -> None:
        if document.collection != collection:
            self._store.move(document.id, CORRESPONDENCE, "")
            self._place(document, collection, document.audience)

    def _place(self, document: StoredDocument, collection: str, audience: str) -> None:
        """Give the vectors their new fields, then say in the database where the document is."""
        ids = [p.id for p in self._store.passages_of(document.id)]
        rows = self._index.vectors(ids)
        known = [identifier for identifier in ids if identifier in rows]
        if known:
            fields = [{**one, "collection": collection} for one in self._store.filter_fields(known)]
            vectors = [rows[identifier] for identifier in known]
            self._index.add(known, np.stack(vectors), fields)
        self._store.move(document.id, collection, audience)
