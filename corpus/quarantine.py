# SPDX-License-Identifier: EUPL-1.2
"""Papers that tell of somebody's private life wait here until a person decides.

    passages ─corpus.sensitive─▶ Concern… ─held─▶ somebody's file: kept without passages, no
                                                   │ search finds it; an act: only the passages
                                                   │ that tell of somebody are kept apart
         keep    searchable as it is               │
         hide    searchable without what is told   ◀ decide
         reject  its text is erased

    a page that is kept ──withhold─▶ the same without what a person points at

A decision is about a content: the file may be moved, copied or added again, and keeps it; a
changed file is another content and waits again. What is decided is noted in the state of the
corpus; the caller enters it in the register first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from corpus.acts import Act
from corpus.audience import Kind
from corpus.boxes import moved
from corpus.documents import Scan
from corpus.known_vectors import embedded, known_vectors
from corpus.opaque import Opaque
from corpus.passages import PassageStore, StoredDocument
from corpus.prepare import Prepared, cut
from corpus.seams import Embedder, VectorIndex, Vectors
from corpus.sorting import classified, head_in_force, sorted_document
from corpus.sorting import decisions as audiences
from corpus.structure import Line
from corpus.structure import moved as lines_moved
from guardrails.findings import Screened
from guardrails.spans import in_place_of
from guardrails.special import (
    WITHHELD,
    Concern,
    concerns,
    is_somebodys,
    main_category,
    without,
)

STATE = "quarantine"
WAITS_FOR = "decision_"
"""How `needs` begins for a document that waits here; the main category follows."""


class Decision(StrEnum):
    """What a person decided of a document."""

    KEEP = "keep"
    HIDE = "hide"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A document that waits, or was decided on; `concerns` are those of its kept text."""

    document: StoredDocument
    decision: Decision | None
    concerns: tuple[Concern, ...]


def decisions(store: PassageStore) -> dict[str, Decision]:
    """Return what was decided so far, by document."""
    read = json.loads(store.state(STATE) or "{}")
    return {document: Decision(word) for document, word in read.items()}


def emptied(screened: Sequence[Screened]) -> tuple[Screened, ...]:
    """Return a rejected document's pages, without a word, and its name."""
    return (*(Screened("") for _ in screened[:-1]), screened[-1])


def held(
    ready: Prepared,
    rows: Vectors,
    found: Sequence[Concern],
    *,
    decision: Decision | None,
    audiences: Mapping[str, str],
) -> tuple[Prepared, Vectors]:
    """Return a document, with the vectors of its passages, without those that wait: no search
    finds these. Somebody's paper waits whole, and among letters; an act or a bulletin that tells
    of somebody in a few passages waits for these alone."""
    ready = replace(ready, document=replace(ready.document, concerns=tuple(found)))
    if not found or decision is Decision.KEEP:
        return ready, rows
    needs = f"{WAITS_FOR}{main_category(found)}"
    document = replace(ready.document, needs=needs)
    ready = replace(ready, seen=replace(ready.seen, needs=needs), document=document)
    if not _is_whole(ready, found):
        stays = [not told for told in _told(ready, found)]
        passages = [one for one, is_kept in zip(ready.passages, stays, strict=True) if is_kept]
        return replace(ready, passages=passages), rows[np.asarray(stays, bool)]
    if document.audience:
        document = sorted_document(document, Kind.PRIVATE, audiences)
    return replace(ready, document=document, passages=[]), rows[:0]


def _is_whole(ready: Prepared, found: Sequence[Concern]) -> bool:
    """Tell whether all of a document waits: it is somebody's, or its very name tells."""
    pages = [Screened(text) for _, text in ready.pages]
    is_named = any(concern.page == len(pages) for concern in found)
    kind = ready.document.audience
    return kind == Kind.PRIVATE or is_named or (not kind and is_somebodys(pages))


def _told(ready: Prepared, found: Sequence[Concern]) -> list[bool]:
    """Tell which passages a concern touches."""
    places = [(ready.pages[c.page][0], c.start, c.end) for c in found]
    return [
        any(
            piece.page == page and start < piece.end and piece.start < end
            for page, start, end in places
        )
        for _, piece in ready.passages
    ]


def is_waiting(document: StoredDocument) -> bool:
    return document.needs.startswith(WAITS_FOR)


class Quarantine:
    """The documents that wait for a person, and what becomes of them."""

    def __init__(
        self,
        store: PassageStore,
        index: VectorIndex,
        embedder: Embedder,
        *,
        key: bytes,
        changed: Callable[[str], object] = lambda document: None,
    ) -> None:
        """`changed` is called with a document of which text was taken out."""
        self._changed = changed
        self._store = store
        self._index = index
        self._embedder = embedder
        self._key = key

    def cases(self) -> list[Case]:
        """Return the documents that wait, then those that were decided on."""
        decided = decisions(self._store)
        cases = [
            self._case(document, decided)
            for document in self._store.documents()
            if is_waiting(document) or document.id in decided
        ]
        return sorted(cases, key=lambda case: (case.decision is not None, case.document.file))

    def case(self, document: str) -> Case | None:
        """Return one case, or nothing if that document neither waits nor was decided on."""
        found, decided = self._store.document(document), decisions(self._store)
        if found is None or not (is_waiting(found) or document in decided):
            return None
        return self._case(found, decided)

    def texts(self, document: StoredDocument) -> list[str]:
        """Return what concerns point into: the kept pages, then the name."""
        return [*(text for _, text in self._store.pages(document.id)), document.file]

    def numbers(self, document: StoredDocument) -> list[int]:
        """Return the page that each of `texts` is, a blank one having none; 0 for the name."""
        return [*(number for number, _ in self._store.pages(document.id)), 0]

    def decide(self, document: str, decision: Decision) -> bool:
        """Apply a decision; return whether the file must be read again for it.

        Raises CorpusBusy while documents are added, LookupError if there is no such case.
        """
        with self._store.sole_writer():
            case = self.case(document)
            if case is None:
                raise LookupError(document)
            is_lost = case.decision in _FORGETS and decision not in {case.decision, Decision.REJECT}
            self._note(document, decision)
            self._apply(case.document, decision, recipe="" if is_lost else case.document.recipe)
        self._changed(document)
        return is_lost

    def _case(self, document: StoredDocument, decided: Mapping[str, Decision]) -> Case:
        return Case(
            document=document,
            decision=decided.get(document.id),
            concerns=self._concerns(document),
        )

    def _concerns(self, document: StoredDocument) -> tuple[Concern, ...]:
        """Return why a document waits; of one that an earlier version kept, every anchor."""
        found = self._store.concerns(document.id)
        if found or not is_waiting(document):
            return found
        return concerns([Screened(text) for text in self.texts(document)])

    def _note(self, document: str, decision: Decision) -> None:
        noted = decisions(self._store) | {document: decision}
        self._store.set_state(STATE, json.dumps(noted))

    def withhold(self, document: str, page: int, spans: Sequence[tuple[int, int]]) -> None:
        """Take stretches out of a page that is kept, for good; the rest may be searched as before.

        A document that is read anew, under other rules, holds them again. Raises CorpusBusy while
        documents are added, LookupError for a document that waits or that is not there.
        """
        self.withhold_all(document, {page: spans})

    def withhold_all(
        self, document: str, spans: Mapping[int, Sequence[tuple[int, int]]], *, name: str = ""
    ) -> None:
        """Do so on several pages at once; `name` is what the file is called from now on."""
        with self._store.sole_writer():
            stored = self._store.document(document)
            if stored is None or is_waiting(stored):
                raise LookupError(document)
            pages = [
                (number, _cut_out(text, spans.get(number, ())))
                for number, text in self._store.pages(document)
            ]
            each = self._store.concerns(document)
            told = {c for c in each if c.page < len(pages) and pages[c.page][0] in spans}
            whole = {Concern(c.page, 0, len(pages[c.page][1]), c.category) for c in told}
            kept = replace(
                stored,
                concerns=tuple(sorted(whole.union(c for c in each if c not in told))),
                file=name or stored.file,
            )
            self._put_back(kept, pages)
            self._store.forget()
        self._changed(document)

    def _apply(self, document: StoredDocument, decision: Decision, *, recipe: str) -> None:
        """Put the document back with what the decision leaves of it, and its passages."""
        numbers = [number for number, _ in self._store.pages(document.id)]
        screened = [Screened(text) for text in self.texts(document)]
        found = self._concerns(document)
        is_rejected = decision is Decision.REJECT
        left: Sequence[Screened] = screened
        if is_rejected:
            left = emptied(screened)
        elif decision is Decision.HIDE:
            left = without(screened, found)
        kept = replace(
            document,
            needs="ocr" if document.waiting_pages and not is_rejected else "",
            act=Act() if is_rejected else document.act,
            recipe=recipe,
            concerns=found if decision is Decision.KEEP else (),
        )
        pages = [(n, page.text) for n, page in zip(numbers, left[:-1], strict=True)]
        self._put_back(kept, pages)
        if decision is not Decision.KEEP:
            self._store.forget()

    def _put_back(self, document: StoredDocument, pages: list[tuple[int, str]]) -> None:
        """Keep a document with these pages, cut and indexed anew."""
        files = [seen for seen in self._store.files() if seen.document == document.id]
        seen = [
            replace(seen, needs=document.needs, recipe=document.recipe, name=document.file)
            for seen in files
        ]
        kept = replace(
            document,
            scans=self._scans(document, dict(pages)),
            lines={number: self._lines(document, number, text) for number, text in pages},
        )
        ready = Prepared(seen=seen[0], document=kept, pages=pages)
        opaque = Opaque(self._key, kept.declared or kept.collection)
        self._swap(cut(ready, self._embedder, opaque))
        self._store.see(seen)

    def _lines(self, document: StoredDocument, number: int, text: str) -> tuple[Line, ...]:
        """Return what is known of a page's lines, for the words that are kept."""
        before = self._store.structure(document.id, number)
        return lines_moved(before.lines, before.text, text) if before else ()

    def _scans(self, document: StoredDocument, pages: Mapping[int, str]) -> dict[int, Scan]:
        """Return where the words stand on scanned pages, for the words that are kept."""
        before = dict(self._store.pages(document.id))
        return {
            number: moved(scan, before[number], text)
            for number, text in pages.items()
            if text and (scan := self._store.scan(document.id, number))
        }

    def _swap(self, ready: Prepared) -> None:
        """Put new vectors in, then the text, then take old vectors out, as ingestion does."""
        stale = {p.id for p in self._store.passages_of(ready.document.id)}
        ids = [identifier for identifier, _ in ready.passages]
        self._store.set_state("unsettled", "1")
        vectors = self._vectors(ready)
        head = head_in_force(self._store, self._embedder.name)
        was_private, decided = ready.document.audience == Kind.PRIVATE, audiences(self._store)
        ready = classified(ready, head, vectors, decided)
        if was_private and stale:  # a letter of which something was taken out is a letter still
            ready = replace(ready, document=sorted_document(ready.document, Kind.PRIVATE, decided))
        if ids:
            self._index.add(ids, vectors, ready.fields)
        self._store.put(ready.document, ready.pages, ready.passages, seen=ready.seen)
        self._index.remove(sorted(stale.difference(ids)))
        self._store.set_state("unsettled", "")

    def _vectors(self, ready: Prepared) -> Vectors:
        """Return the vectors of the passages; what is indexed already is not embedded again."""
        texts = list(ready.indexed_texts)
        known = known_vectors(self._store, self._index, [ready.document.id], self._embedder.name)
        return embedded(self._embedder, texts, known)


def _cut_out(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text without stretches; those that touch are one.

    >>> _cut_out("Vu par Zoé hier.", [(7, 9), (8, 10)])
    'Vu par  [passage retiré]  hier.'
    """
    whole = list[tuple[int, int]]()
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    done, parts = 0, list[str]()
    for start, end in whole:
        parts += [text[done:start], in_place_of(text[start:end], WITHHELD)]
        done = end
    return "".join([*parts, text[done:]])


_FORGETS = frozenset({Decision.HIDE, Decision.REJECT})
