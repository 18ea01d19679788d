# SPDX-License-Identifier: EUPL-1.2
"""What the corpus holds, and what an administrator should mend.

    store ──check──▶ CorpusQuality(documents, files, pairs, collections)

Everything is read from what is kept: hidden text only, no file is opened.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.acts import NUMBERED_KINDS
from corpus.likeness import Sketch, near_pairs, sketch
from corpus.passages import PassageStore, StoredDocument

DATED_KINDS = NUMBERED_KINDS | {"procès-verbal", "règlement", "convention", "convocation"}
UNSURE = 0.75
"""A scanned page that was made out less surely than this is to be looked at."""

FEW_LETTERS = 0.5
SHORT_WORDS = 0.45
LONG_WORD = 40
MIN_WORDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuality:
    """One document; `doubts` are short words that `texts/` translates.

    `confidence` is that of its scanned pages (0 to 1), None if it has none; `unsure_pages`
    are those below UNSURE, `unread_pages` those that wait for something.
    """

    id: str
    file: str
    collection: str
    kind: str
    number: str
    date: str
    pages: int
    characters: int
    passages: int
    confidence: float | None
    unsure_pages: tuple[int, ...]
    unread_pages: tuple[int, ...]
    doubtful_passages: int
    hidden: Mapping[str, int]
    needs: str
    superseded_by: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTrouble:
    """A file that is not in, by its hidden name, and why (`reason`) or for what (`needs`)."""

    file: str
    collection: str
    reason: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two documents that say the same (1) or nearly so."""

    first: str
    second: str
    likeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One collection: how much of it can be searched."""

    collection: str
    documents: int
    pages: int
    searchable_pages: int
    characters: int
    passages: int
    dated: int
    to_date: int
    quarantined: int
    not_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusQuality:
    """The whole report."""

    documents: tuple[DocumentQuality, ...]
    not_in: tuple[FileTrouble, ...]
    alike: tuple[Pair, ...]
    collections: tuple[Coverage, ...]
    hidden: Mapping[str, int]

    @property
    def to_mend(self) -> tuple[DocumentQuality, ...]:
        return tuple(document for document in self.documents if document.doubts)


def check(store: PassageStore) -> CorpusQuality:
    """Look at every document of the corpus."""
    sketches: dict[str, Sketch] = {}
    exact: dict[str, list[str]] = defaultdict(list)
    documents = []
    superseded = {
        s.document: s.by_label
        for s in store.standings()
        if s.item == 0 and s.effect.ends and s.is_on
    }
    sure = store.confidences()
    for stored in store.documents():
        pages = store.pages(stored.id)
        text = "\n".join(text for _, text in pages)
        exact[hashlib.sha256(" ".join(text.split()).encode()).hexdigest()].append(stored.id)
        if text.strip() and (least := sketch(text)) is not None:
            sketches[stored.id] = least
        documents.append(
            _document(stored, pages, _doubtful(store, stored), sure.get(stored.id, {}),
                      superseded.get(stored.id, ""))
        )  # fmt: skip
    not_in = tuple(_not_in(store))
    return CorpusQuality(
        documents=tuple(documents),
        not_in=not_in,
        alike=tuple(_alike(exact, sketches)),
        collections=tuple(_coverage(documents, not_in)),
        hidden=dict(sum((Counter(d.hidden) for d in documents), Counter())),
    )


def is_doubtful(text: str) -> bool:
    """Say whether a passage reads as noise: few letters, crumbs of words, words run together.

    >>> is_doubtful("l i | e t , ; 1 . v ' - n o i s e | | _ ~ x"), is_doubtful("Le tarif.")
    (True, False)
    """
    signs = [c for c in text if not c.isspace()]
    words = re.findall(r"[^\W\d_]+", text)
    if len(signs) < MIN_WORDS:
        return False
    few_letters = sum(c.isalnum() for c in signs) < FEW_LETTERS * len(signs)
    crumbs = len(words) >= MIN_WORDS and (
        sum(len(word) == 1 for word in words) > SHORT_WORDS * len(words)
    )
    return few_letters or crumbs or any(len(word) > LONG_WORD for word in words)


def _doubtful(store: PassageStore, stored: StoredDocument) -> int:
    return sum(is_doubtful(passage.text.text) for passage in store.passages_of(stored.id))


def _document(
    stored: StoredDocument,
    pages: Sequence[tuple[int, str]],
    doubtful: int,
    sure: Mapping[int, float],
    superseded_by: str,
) -> DocumentQuality:
    unsure = tuple(page for page, confidence in sorted(sure.items()) if confidence < UNSURE)
    return DocumentQuality(
        id=stored.id,
        file=stored.file,
        collection=stored.collection,
        kind=stored.act.kind,
        number=stored.act.number,
        date=stored.act.date,
        pages=stored.page_count,
        characters=sum(len(text) for _, text in pages),
        passages=stored.passage_count,
        confidence=round(sum(sure.values()) / len(sure), 3) if sure else None,
        unsure_pages=unsure,
        unread_pages=stored.waiting_pages,
        doubtful_passages=doubtful,
        hidden=stored.hidden,
        needs=stored.needs,
        superseded_by=superseded_by,
        doubts=tuple(_doubts(stored, pages, doubtful, unsure)),
    )


def _doubts(
    stored: StoredDocument,
    pages: Sequence[tuple[int, str]],
    doubtful: int,
    unsure: Sequence[int],
) -> Iterator[str]:
    act = stored.act
    if is_quarantined(stored.needs):
        yield "quarantine"
    if stored.waiting_pages:
        yield "unread_pages"
    if unsure:
        yield "unsure_pages"
    if not any(text.strip() for _, text in pages):
        yield "no_text"
    if doubtful:
        yield "doubtful_passages"
    if act.kind in DATED_KINDS and not act.date:
        yield "no_date"
    if act.kind in NUMBERED_KINDS and not act.number:
        yield "no_number"


def is_quarantined(needs: str) -> bool:
    return needs.startswith("decision_")


def _not_in(store: PassageStore) -> Iterator[FileTrouble]:
    for seen in sorted(store.files(), key=lambda file: file.name):
        if seen.reason or (seen.needs and not seen.document):
            yield FileTrouble(
                file=seen.name, collection=seen.collection, reason=seen.reason, needs=seen.needs
            )


def _alike(exact: Mapping[str, Sequence[str]], sketches: Mapping[str, Sketch]) -> Iterator[Pair]:
    same = {document for ids in exact.values() if len(ids) > 1 for document in ids[1:]}
    for ids in exact.values():
        for other in ids[1:]:
            yield Pair(first=ids[0], second=other, likeness=1.0)
    once = {document: least for document, least in sketches.items() if document not in same}
    for first, second, likeness in near_pairs(once):
        yield Pair(first=first, second=second, likeness=likeness)


def _coverage(
    documents: Sequence[DocumentQuality], not_in: Sequence[FileTrouble]
) -> Iterator[Coverage]:
    for collection in sorted({d.collection for d in documents} | {f.collection for f in not_in}):
        some = [d for d in documents if d.collection == collection]
        acts = [d for d in some if d.kind in DATED_KINDS]
        yield Coverage(
            collection=collection,
            documents=len(some),
            pages=sum(d.pages for d in some),
            searchable_pages=sum(d.pages - len(d.unread_pages) for d in some if d.passages),
            characters=sum(d.characters for d in some),
            passages=sum(d.passages for d in some),
            dated=sum(bool(d.date) for d in acts),
            to_date=len(acts),
            quarantined=sum(is_quarantined(d.needs) for d in some),
            not_in=sum(f.collection == collection for f in not_in),
        )
