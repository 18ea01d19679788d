# SPDX-License-Identifier: EUPL-1.2
"""In which collection a document stands: the one it was added with, unless it is somebody's paper.

    declared, Kind ─collection_of─▶ declared │ CORRESPONDENCE      told at reading
    a person's word (a collection) ─decide─▶ that collection       kept by content, until another

What is not told yet stands in CORRESPONDENCE: agents alone see it. The collection in the database
is the truth; words and vectors carry a copy for speed, and a search looks again (`corpus.search`).
So a move goes there first, untold, then to the vectors, then whole: one that is cut short hides the
document until the next opening, and shows nobody anything.

The corpus notes which head told what is kept (`AudienceHead.mark`). Another one tells all of it
again, at the opening or before the next run: hidden first, then sorted.

A person's word is about the content that they looked at: it holds wherever a copy of it lies, and
for nothing else. Erasure ends a word that opened; one that closed stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.audience import AudienceHead, Kind, kind_of
from corpus.documents import CORRESPONDENCE, Passage
from corpus.packs import is_pack
from corpus.passages import PassageStore
from corpus.prepare import Prepared
from corpus.repair import ErasableIndex
from corpus.rows import StoredDocument
from corpus.seams import Fields, VectorIndex, Vectors
from corpus.standing import settle

STATE = "audience"
HEAD = "audience_head"
"""The state that names the head by which all that is kept was told."""

DOCUMENTS_AT_ONCE = 200
"""How many documents of before are sorted in one write of each index: each write is waited for."""

Move = tuple[str, str, str]
"""A document, the collection where it goes, whom it concerns."""


def decisions(store: PassageStore) -> dict[str, str]:
    """Return the collection that a person chose, by document and by content."""
    read: dict[str, str] = json.loads(store.state(STATE) or "{}")
    return read


def decision_on(document: StoredDocument, decided: Mapping[str, str]) -> str:
    """Return the collection that a person chose for a document, or for a copy of it; where the
    words of two copies differ (one was away when the other was decided on), the closed one."""
    words = [decided[name] for name in (document.id, document.content) if name and name in decided]
    return CORRESPONDENCE if CORRESPONDENCE in words else next(iter(words), "")


def forget_what_opened(store: PassageStore, erased: Sequence[StoredDocument]) -> None:
    """Forget the words that opened documents which are being erased: when one is added again,
    somebody looks again. A copy that stays keeps the word on its content."""
    gone = {document.id for document in erased}
    held = {d.content for d in store.documents() if d.id not in gone}
    names = gone | ({document.content for document in erased} - held)
    before = decisions(store)
    kept = {n: place for n, place in before.items() if n not in names or place == CORRESPONDENCE}
    if kept != before:
        store.set_state(STATE, json.dumps(kept))


def head_in_force(store: PassageStore, embedder: str) -> AudienceHead | None:
    """Return the head of an embedder if it is the one that told what is kept; None: nothing may be
    told by it before all is."""
    head = AudienceHead.of(embedder)
    return head if head is not None and head.mark == store.state(HEAD) else None


def is_told_otherwise(store: PassageStore) -> bool:
    """Say whether another head than the one of today told what is kept."""
    embedder = store.embedded_by()
    return bool(embedder) and store.state(HEAD) != mark_of(AudienceHead.of(embedder))


def mark_of(head: AudienceHead | None) -> str:
    return head.mark if head else ""


def hide_what_is_told_otherwise(store: PassageStore) -> None:
    """Hide what another head told, until it is sorted again; what a person said stays."""
    if not is_told_otherwise(store):
        return
    decided = decisions(store)
    store.unsort({
        d.id: decision_on(d, decided) or CORRESPONDENCE
        for d in store.documents()
        if d.audience and d.passage_count
    })  # fmt: skip


def collection_of(document: StoredDocument, kind: Kind | None, decided: Mapping[str, str]) -> str:
    """Return where a document stands; `kind` None: it is not told yet."""
    declared = document.declared or document.collection
    is_open = kind is Kind.PUBLIC or is_pack(declared)  # whoever signed it publishes it
    own = declared if is_open else CORRESPONDENCE
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
    pages = dict(ready.pages)
    kind = (
        None
        if head is None
        else kind_of(
            head,
            media_type=ready.document.media_type,
            act=ready.document.act,
            pages=pages,
            passages=[
                (piece.page, pages[piece.page][piece.start : piece.end], row)
                for (_, piece), row in zip(ready.passages, rows, strict=True)
            ],
        )
    )
    return replace(ready, document=sorted_document(ready.document, kind, decided))


def sort_what_was_kept(store: PassageStore, index: VectorIndex) -> int:
    """Sort what an earlier version kept, or another head told, where the index gives its vectors
    back."""
    if is_told_otherwise(store):
        hide_what_is_told_otherwise(store)
        store.set_state(HEAD, mark_of(AudienceHead.of(store.embedded_by())))
    return Sorting(store, index).sort() if isinstance(index, ErasableIndex) else 0


def embedder_of(document: StoredDocument) -> str:
    """Return the embedder that a document's vectors are of."""
    return document.recipe.rpartition(";")[2]


class Sorting:
    """Sorts what an earlier version kept, and moves what a person decides on."""

    def __init__(self, store: PassageStore, index: ErasableIndex) -> None:
        self._store = store
        self._index = index

    def sort(self) -> int:
        """Tell whom documents concern of which that is not known, from what is kept of them: no
        model is read. Return how many were sorted; one without its vectors waits, hidden."""
        decided, unsorted, done = decisions(self._store), self._store.unsorted(), 0
        for start in range(0, len(unsorted), DOCUMENTS_AT_ONCE):
            some = unsorted[start : start + DOCUMENTS_AT_ONCE]
            found = [d for i in some if (d := self._store.document(i)) is not None]
            passages = {d.id: self._store.passages_of(d.id) for d in found}
            rows = self._index.vectors([p.id for each in passages.values() for p in each])
            moves = list[Move]()
            for document in found:
                kind = self._kind(document, passages[document.id], rows)
                if kind is not None:
                    moves.append((document.id, collection_of(document, kind, decided), kind))
            self._place(moves)
            done += len(moves)
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
            copies = [d for d in self._store.documents() if d.id in names or d.content in names]
            names |= {each.id for each in copies}
            noted = decisions(self._store) | dict.fromkeys(names, collection)
            self._store.set_state(STATE, json.dumps(noted))
            for each in copies:
                self._moved(each, collection)
            settle(self._store)
            return self._store.document(document) or found

    def _kind(
        self, document: StoredDocument, passages: Sequence[Passage], rows: Mapping[str, Vectors]
    ) -> Kind | None:
        head = AudienceHead.of(embedder_of(document))
        if head is None or any(passage.id not in rows for passage in passages):
            return None
        return kind_of(
            head,
            media_type=document.media_type,
            act=document.act,
            pages=dict(self._store.pages(document.id)),
            passages=[(p.page, p.text.text, rows[p.id]) for p in passages],
        )

    def _moved(self, document: StoredDocument, collection: str) -> None:
        if document.collection != collection:
            self._store.move([(document.id, CORRESPONDENCE, "")])
            self._place([(document.id, collection, document.audience)])

    def _place(self, moves: Sequence[Move]) -> None:
        """Give vectors their new fields, then say in the database where the documents are."""
        known, fields = list[str](), list[Fields]()
        for document, collection, _ in moves:
            ids = [passage.id for passage in self._store.passages_of(document)]
            known += ids
            fields += [{**one, "collection": collection} for one in self._store.filter_fields(ids)]
        if known:
            self._index.relabel(known, fields)
        self._store.move(moves)
