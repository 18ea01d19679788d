# SPDX-License-Identifier: EUPL-1.2
"""One run over some folders: what is unchanged, what is read and kept, what goes.

    rounds ─▶ prepare ─▶ (embedded meanwhile) ─▶ keep …… prune, end

Kept in this order: new vectors in; new text in and old text out, in one transaction; old
vectors out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.audience import AudienceHead
from corpus.batches import Batch, Split, screened_ahead
from corpus.documents import CORRESPONDENCE, SourceDocument
from corpus.doubts import doubts_of
from corpus.known_vectors import Known, embedded, known_vectors
from corpus.ledger import RETRIED, Ledger
from corpus.opaque import Opaque
from corpus.passages import PassageStore, SeenFile
from corpus.prepare import DocumentGuard, Item, Prepared, named, prepared, screened_items
from corpus.quarantine import Decision, decisions, emptied, held
from corpus.readers import is_there
from corpus.readers.pool import FileReading
from corpus.reading import OpenReading, ReadAhead
from corpus.report import Begin, Failed, Flagged, Tally, Waiting
from corpus.seams import Embedder, VectorIndex, Vectors
from corpus.sensitive import SensitiveHead, concerns_of
from corpus.sorting import HEAD, classified, mark_of
from corpus.sorting import decisions as audiences
from corpus.standing import settle
from corpus.walk import FoundFile, walk
from guardrails.findings import Screened
from guardrails.policy import Policy, both
from guardrails.special import without


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a run works with."""

    store: PassageStore
    index: VectorIndex
    embedder: Embedder
    guard: DocumentGuard
    recipe: str
    open_reading: OpenReading
    policy: Policy


class Run:
    """One call of `add`: what it found, what it did."""

    def __init__(
        self,
        means: Means,
        opaque: Opaque,
        paths: Sequence[Path],
        reading: FileReading,
        begin: Begin | None = None,
    ) -> None:
        self._means = means
        self._before_writing = begin
        self._store = means.store
        self._opaque = opaque
        self._reading = reading
        self.files = list(walk(paths, reading))
        self.ledger = Ledger(means.store, opaque, paths, self.files)
        self._documents = {
            d.id
            for d in means.store.documents()
            if d.recipe == means.recipe and not is_there(d.needs)
        }
        self._dropped: set[str] = set()
        self._again: list[Item] = []
        self._decisions = decisions(means.store)
        self._audiences = audiences(means.store)
        self._head = AudienceHead.of(means.embedder.name)
        self._sensitive = SensitiveHead.of(means.embedder.name)
        self.tally = Tally()
        self.done = 0
        self._is_writing = False

    def rounds(self) -> Iterator[Iterator[Batch]]:
        """Yield the files that are not as they were, read and screened; tally the others.

        A second round is for copies of a content that went in the first: the one file that held
        it was changed. Each round is to be kept before the next is asked for.
        """
        ahead = ReadAhead(self._reading, self._opaque, self._documents)
        due = self._to_read()
        while True:
            yield screened_ahead(self._means.guard, ahead.read(due), self._opaque.collection)
            if not self._again:
                return
            due, self._again = iter(self._again), []
            self._documents -= self._dropped
            self._dropped.clear()

    def _to_read(self) -> Iterator[Item]:
        for found in self.files:
            before = self.ledger.before(found)
            if before and self.ledger.is_unchanged(found, before, self._means.recipe):
                self.tally.unchanged += bool(before.document)
                self._tally_trouble(before)
                self.done += 1
            else:
                yield self._fresh(found)

    def _fresh(self, found: FoundFile) -> Item:
        return Item(found=found, seen=self.ledger.entry(found, self._means.recipe))

    def prepare(self, batch: Batch) -> Split:
        """Split the documents of a screened batch."""
        ready: list[Prepared] = []
        others: list[Item] = []
        items: dict[str, Item] = {}
        for item, screened in batch:
            kept = named(item, screened, self.ledger.kept_name(item.found))
            if kept.source:
                ready.append(self._split(kept.source, kept.seen, screened))
                items[kept.seen.document] = kept
                self.tally.doubts += doubts_of(kept.seen.name, kept.source.pages, screened)
            else:
                others.append(kept)
        return Split(ready=ready, others=others, known=self._known(ready), items=items)

    def _split(
        self, source: SourceDocument, seen: SeenFile, screened: Sequence[Screened]
    ) -> Prepared:
        if self._decisions.get(seen.document) is Decision.REJECT:
            screened = emptied(screened)
        return prepared(source, seen, screened, self._means.embedder, self._opaque)

    def _known(self, ready: Sequence[Prepared]) -> Known:
        """Return the vectors of what these documents replace."""
        replaced = {
            old for r in ready for old in {r.document.id, *self.ledger.sole_document(r.seen)}
        }
        means = self._means
        return known_vectors(means.store, means.index, replaced, means.embedder.name)

    def keep(self, batch: Split, vectors: Vectors) -> None:
        """Index the documents of a batch under their vectors, and note its files."""
        self._begin()
        placed = list(self._sorted(batch, vectors))
        ready = [document for document, _ in placed]
        ids = [i for document in ready for i, _ in document.passages]
        if ids:
            fields = [field for document in ready for field in document.fields]
            rows = np.concatenate([rows for _, rows in placed if len(rows)])
            self._means.index.add(ids, rows, fields)
        for document in ready:
            self._put(document)
        for kept in batch.others:
            if kept.seen.document in self._dropped:
                self._again.append(self._fresh(kept.found))
            else:
                self._note(kept.seen)
        self.done = min(self.done + len(batch.ready) + len(batch.others), len(self.files))

    def _sorted(self, batch: Split, vectors: Vectors) -> Iterator[tuple[Prepared, Vectors]]:
        """Yield documents in the collection where each stands, with the vectors of each."""
        start, is_laxer = 0, self._means.policy.is_laxer(self._opaque.collection, CORRESPONDENCE)
        for document in batch.ready:
            rows = vectors[start : start + len(document.passages)]
            start += len(document.passages)
            item = batch.items[document.document.id]
            placed = classified(document, self._head, rows, self._audiences)
            judged, left = self._judged(placed, rows, item)
            if is_laxer and judged.document.collection == CORRESPONDENCE:
                yield self._screened_again(judged, item)
            else:
                yield judged, left

    def _judged(self, ready: Prepared, rows: Vectors, item: Item) -> tuple[Prepared, Vectors]:
        """Return a document without what waits for a person, or what a person had hidden."""
        found = concerns_of(ready, rows, self._sensitive)
        decision = self._decisions.get(ready.document.id)
        if found and decision is Decision.HIDE and item.source:
            shown = [*(Screened(text) for _, text in ready.pages), Screened(item.seen.name)]
            less = self._split(item.source, item.seen, without(shown, found))
            return self._as(ready, less), embedded(self._means.embedder, [*less.indexed_texts], {})
        return held(ready, rows, found, decision=decision, audiences=self._audiences)

    @staticmethod
    def _as(before: Prepared, now: Prepared) -> Prepared:
        """Return a document read anew in the collection where it stood, among the same readers."""
        place, audience = before.document.collection, before.document.audience
        return replace(now, document=replace(now.document, collection=place, audience=audience))

    def _screened_again(self, ready: Prepared, item: Item) -> tuple[Prepared, Vectors]:
        """Return somebody's paper as the stricter of both collections shows it: what a town lets be
        seen in its plans is no reason to show it in a letter about one."""
        means, policy = self._means, both(self._opaque.collection, CORRESPONDENCE)
        ((again, screened),) = screened_items(means.guard, [item], policy)
        if again.source is None:  # refused this time: nothing of it is kept but its name
            nothing = [(number, "") for number, _ in ready.pages]
            bare = replace(ready.document, lines={})
            refused = replace(ready, document=bare, pages=nothing, passages=[])
            return refused, np.empty((0, 0), np.float32)
        split = self._split(again.source, item.seen, screened)
        rows = embedded(means.embedder, [*split.indexed_texts], {})
        return self._judged(self._as(ready, split), rows, item)

    def prune(self) -> None:
        """Drop the documents of files that are gone."""
        gone = self.ledger.gone()
        if gone:
            self._begin()
            self.ledger.forget(gone)
            left = {s.document for s in gone if s.document and not self.ledger.is_held(s.document)}
            self._drop(left)
            self.tally.removed += len(left)

    def file_away(self, unfiled: Ledger) -> None:
        """Drop what these folders brought while nobody had said where they belong."""
        before = unfiled.seen_here()
        if before:
            self._begin()
            unfiled.forget(before)
            self._drop({s.document for s in before if s.document} - unfiled.documents())

    def _begin(self) -> None:
        """Say that both stores are about to differ: the next run repairs if this one dies."""
        if not self._is_writing:
            if self._before_writing:
                self._before_writing()
            self._store.set_state("unsettled", "1")
            self._store.set_state(HEAD, mark_of(self._head))
            self._is_writing = True

    def end(self) -> None:
        if self._is_writing:
            settle(self._store)
            self._store.set_state("unsettled", "")

    def _put(self, ready: Prepared) -> None:
        old = self.ledger.sole_document(ready.seen)
        stale = {p.id for d in {*old, ready.seen.document} for p in self._store.passages_of(d)}
        self._store.put(ready.document, ready.pages, ready.passages, seen=ready.seen, replaces=old)
        self._dropped |= old - {ready.document.id}
        self._dropped.discard(ready.document.id)
        self._means.index.remove(sorted(stale - {i for i, _ in ready.passages}))
        self.ledger.note(ready.seen)
        if old:
            self.tally.updated += 1
        else:
            self.tally.added += 1
        self.tally.pages += ready.document.page_count
        self.tally.private += ready.document.collection == CORRESPONDENCE
        self.tally.scanned_pages += ready.scanned_pages
        self.tally.passages += len(ready.passages)
        if ready.flags:
            self.tally.flagged.append(Flagged(file=ready.seen.name, flags=ready.flags))
        self.tally.hidden.update(ready.document.hidden)
        self._tally_trouble(ready.seen)

    def _note(self, seen: SeenFile) -> None:
        """Note a file that brings no new text: known already, unreadable, or waiting."""
        old = self.ledger.sole_document(seen)
        if seen.document:
            if self.ledger.follow(seen):
                self._store.rename(seen.document, seen.name)
            document = self._store.document(seen.document)
            if document is None:  # a copy of a file that the guard has just refused
                seen = replace(seen, document="", reason="guard_closed")
            else:
                seen = replace(seen, needs=document.needs)
                self.tally.unchanged += 1
        elif seen.reason in RETRIED:
            # It may be as it was: what is indexed of it stays until it can be read.
            seen = replace(seen, document="".join(old))
        self._drop(old - {seen.document})
        self._store.see([seen])
        self.ledger.note(seen)
        self._tally_trouble(seen)

    def _drop(self, documents: set[str]) -> None:
        if documents:
            stale = [p.id for document in documents for p in self._store.passages_of(document)]
            self._store.remove(documents)
            self._means.index.remove(stale)
            self._dropped |= documents

    def _tally_trouble(self, seen: SeenFile) -> None:
        if seen.reason:
            self.tally.failed.append(Failed(file=seen.name, reason=seen.reason))
        elif seen.needs:
            self.tally.waiting.append(Waiting(file=seen.name, needs=seen.needs))
