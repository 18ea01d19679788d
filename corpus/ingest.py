# SPDX-License-Identifier: EUPL-1.2
"""Keeping the corpus in step with folders: what is new is read, screened, split and indexed.

    files ─▶ unchanged? ─▶ read ─▶ guard ─▶ split ─▶ embed ─▶ 1. new vectors in
                                                              2. new text in, old text out
                                                              3. old vectors out

SQLite is the truth: a vector without its passage is never found, and the next run sweeps
it away. So a run may die at any point; a document is in whole, in its old or its new form.
Only what came out of the guard is kept: texts and file names alike.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.batches import Batch, embedded_ahead, kept_open, screened_ahead
from corpus.doubts import doubts_of
from corpus.ledger import RETRIED, Ledger
from corpus.opaque import Opaque
from corpus.passages import PassageStore, SeenFile
from corpus.prepare import DocumentGuard, Item, Prepared, named, prepared
from corpus.quarantine import decisions, held, rule
from corpus.readers import READERS_VERSION, is_there
from corpus.readers.pool import FileReading, ReadingPool
from corpus.reading import OpenReading, ReadAhead
from corpus.repair import repair
from corpus.report import Failed, Flagged, IngestReport, Progress, Tally, Waiting
from corpus.seams import Embedder, VectorIndex, Vectors
from corpus.split import SPLIT_VERSION
from corpus.standing import settle
from corpus.walk import FoundFile, walk

__all__ = ["DocumentGuard", "IngestReport", "Ingestion", "Progress"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Means:
    """What a run works with."""

    store: PassageStore
    index: VectorIndex
    embedder: Embedder
    guard: DocumentGuard
    recipe: str
    open_reading: OpenReading


class Ingestion:
    """Adds files and folders to the corpus, and takes out what is gone.

    `key` makes paths and ids opaque; `rules` names the version of the guard's rules: what
    was kept under other rules is read and screened again.
    """

    def __init__(
        self,
        store: PassageStore,
        index: VectorIndex,
        embedder: Embedder,
        guard: DocumentGuard,
        *,
        key: bytes,
        rules: str = "",
        open_reading: OpenReading = ReadingPool,
    ) -> None:
        recipe = ";".join((READERS_VERSION, rules, SPLIT_VERSION, embedder.name))
        self._means = _Means(
            store=store,
            index=index,
            embedder=embedder,
            guard=guard,
            recipe=recipe,
            open_reading=open_reading,
        )
        self._key = key

    def add(
        self,
        paths: Sequence[Path],
        *,
        collection: str = "default",
        prune: bool = False,
        progress: Progress | None = None,
    ) -> IngestReport:
        """Bring the corpus in step with the paths; with `prune`, drop what they no longer hold."""
        started = time.monotonic()
        means = self._means
        with means.store.sole_writer(), kept_open(means.guard):
            repair(means.store, means.index, means.embedder)
            run = _Run(means, Opaque(self._key, collection), paths)
            with means.open_reading() as reading:
                for batches in run.rounds(reading):
                    for embedded in embedded_ahead(means.embedder, map(run.prepare, batches)):
                        run.keep(*embedded)
                        if progress:
                            progress(run.done, len(run.files))
            if prune:
                run.prune()
            run.end()
        return run.tally.report(time.monotonic() - started)

    def missing(self, paths: Sequence[Path], *, collection: str = "default") -> list[str]:
        """Return the hidden names of files that the paths no longer hold: `prune` drops them."""
        run = _Run(self._means, Opaque(self._key, collection), paths)
        return sorted(seen.name for seen in run.ledger.gone())


class _Run:
    """One call of `add`: what it found, what it did."""

    def __init__(self, means: _Means, opaque: Opaque, paths: Sequence[Path]) -> None:
        self._means = means
        self._store = means.store
        self._opaque = opaque
        self.files = list(walk(paths))
        self.ledger = Ledger(means.store, opaque, paths, self.files)
        self._documents = {
            d.id
            for d in means.store.documents()
            if d.recipe == means.recipe and not is_there(d.needs)
        }
        self._dropped: set[str] = set()
        self._again: list[Item] = []
        self._decisions = decisions(means.store)
        self.tally = Tally()
        self.done = 0
        self._is_writing = False

    def rounds(self, reading: FileReading) -> Iterator[Iterator[Batch]]:
        """Yield the files that are not as they were, read and screened; tally the others.

        A second round is for copies of a content that went in the first: the one file that held
        it was changed. Each round is to be kept before the next is asked for.
        """
        ahead = ReadAhead(reading, self._opaque, self._documents)
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

    def prepare(self, batch: Batch) -> tuple[list[Prepared], list[Item]]:
        """Split the documents of a screened batch; return with them the files without text."""
        ready: list[Prepared] = []
        others: list[Item] = []
        for item, screened in batch:
            kept = named(item, screened, self.ledger.kept_name(item.found))
            if kept.source:
                ruling = rule(screened, self._decisions.get(kept.seen.document))
                document = prepared(
                    kept.source, kept.seen, ruling.pages, self._means.embedder, self._opaque
                )
                ready.append(held(document, ruling))
                self.tally.doubts += doubts_of(kept.seen.name, kept.source.pages, screened)
            else:
                others.append(kept)
        return ready, others

    def keep(self, ready: list[Prepared], others: list[Item], vectors: Vectors) -> None:
        """Index the documents of a batch under their vectors, and note its files."""
        self._begin()
        ids = [i for document in ready for i, _ in document.passages]
        if ids:
            fields = [field for document in ready for field in document.fields]
            self._means.index.add(ids, vectors, fields)
        for document in ready:
            self._put(document)
        for kept in others:
            if kept.seen.document in self._dropped:
                self._again.append(self._fresh(kept.found))
            else:
                self._note(kept.seen)
        self.done = min(self.done + len(ready) + len(others), len(self.files))

    def prune(self) -> None:
        """Drop the documents of files that are gone."""
        gone = self.ledger.gone()
        if gone:
            self._begin()
            self.ledger.forget(gone)
            left = {s.document for s in gone if s.document and not self.ledger.is_held(s.document)}
            self._drop(left)
            self.tally.removed += len(left)

    def _begin(self) -> None:
        """Say that both stores are about to differ: the next run repairs if this one dies."""
        if not self._is_writing:
            self._store.set_state("unsettled", "1")
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
