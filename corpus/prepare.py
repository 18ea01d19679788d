# SPDX-License-Identifier: EUPL-1.2
"""From a file that was read to what may be kept of it: screened, named, split.

Item ─guard─▶ screened pages and name ─split─▶ Prepared
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from corpus.act_rows import item_kind
from corpus.acts import Act, read_act
from corpus.boxes import moved
from corpus.documents import SourceDocument
from corpus.filenames import hidden_name, readable_name
from corpus.opaque import Opaque
from corpus.packs import updated_in
from corpus.passages import SeenFile, StoredDocument
from corpus.readers.layout import Flag
from corpus.seams import Embedder, Fields, day_number
from corpus.split import Piece, indexed_text, split
from corpus.structure import moved as lines_moved
from corpus.walk import FoundFile
from guardrails.errors import GuardrailError
from guardrails.findings import Screened
from guardrails.injection import neutralise


class DocumentGuard(Protocol):
    """The part of the guard that the corpus needs."""

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]:
        """Screen under the rules of the collection that `policy` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file on its way in: just read, or known already, or not to be read."""

    found: FoundFile
    seen: SeenFile
    source: SourceDocument | None = None

    @property
    def chars(self) -> int:
        source = self.source
        if source is None:
            return 0
        return sum(len(page.text) for page in source.pages) + sum(map(len, source.unseen))

    @property
    def texts(self) -> list[str]:
        """Return what the guard must see: pages without orders to the model, name, the unseen."""
        source = self.source
        pages = [neutralise(page.text).text for page in source.pages] if source else []
        return [*pages, readable_name(self.found.name), *(source.unseen if source else ())]

    def after(self, screened: Sequence[Screened]) -> tuple[Item, list[Screened]]:
        """Return the item with its pages and name as screened: what nobody sees ends here."""
        if self.source is None or not self.source.unseen:
            return self, [*screened]
        shown = [*screened[: -len(self.source.unseen)]]
        is_personal = any(text.findings for text in screened[len(shown) :])
        flags = (*self.source.flags, *((Flag.PERSONAL_UNSEEN,) if is_personal else ()))
        return replace(self, source=replace(self.source, flags=flags, unseen=())), shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A screened and split document, ready to be embedded and kept."""

    seen: SeenFile
    document: StoredDocument
    pages: list[tuple[int, str]]
    passages: list[tuple[str, Piece]] = field(default_factory=list)
    flags: tuple[str, ...] = ()

    @property
    def scanned_pages(self) -> int:
        """Count the pages that are pictures, made out or not."""
        return len({*self.document.scans, *self.document.waiting_pages})

    @property
    def indexed_texts(self) -> Iterator[str]:
        texts = dict(self.pages)
        for _, piece in self.passages:
            yield indexed_text(piece.heading, texts[piece.page][piece.start : piece.end])

    @property
    def fields(self) -> list[Fields]:
        """Return what filters look at, for each passage."""
        return [
            {
                "collection": self.document.collection,
                "document": self.document.id,
                "kind": self.document.act.kind,
                "decided": item_kind(self.document.act, piece.item),
                "day": day_number(self.document.act.date),
            }
            for _, piece in self.passages
        ]


def screened_items(
    guard: DocumentGuard, batch: Sequence[Item], collection: str
) -> Iterator[tuple[Item, list[Screened]]]:
    """Yield each item with its screened texts; one that the guard refuses stays out alone."""
    try:
        each = guard.screen_documents([item.texts for item in batch], policy=collection)
    except GuardrailError:
        for item in batch:
            yield _screened_alone(guard, item, collection)
    else:
        yield from zip(batch, each, strict=True)


def _screened_alone(
    guard: DocumentGuard, item: Item, collection: str
) -> tuple[Item, list[Screened]]:
    try:
        return item, guard.screen_documents([item.texts], policy=collection)[0]
    except GuardrailError:
        refused = replace(item.seen, document="", needs="", reason="guard_closed")
        alone = replace(item, source=None, seen=refused)
        # Should the name alone be refused too, the guard is broken: the run stops there.
        return alone, guard.screen_documents([alone.texts], policy=collection)[0]


def named(item: Item, screened: Sequence[Screened], kept_name: str) -> Item:
    """Return the item under its hidden name."""
    name = kept_name or hidden_name(item.found.name, screened[-1])
    return replace(item, seen=replace(item.seen, name=name))


def prepared(
    source: SourceDocument,
    seen: SeenFile,
    screened: Sequence[Screened],
    embedder: Embedder,
    opaque: Opaque,
) -> Prepared:
    """Split a screened document and say what is known of it."""
    return cut(described(source, seen, screened, opaque), embedder, opaque)


def described(
    source: SourceDocument, seen: SeenFile, screened: Sequence[Screened], opaque: Opaque
) -> Prepared:
    """Return what may be kept of a screened document, but for its act and its passages."""
    numbers = [page.number for page in source.pages]
    pages = [(n, page.text) for n, page in zip(numbers, screened[:-1], strict=True)]
    document = StoredDocument(
        id=seen.document,
        file=seen.name,
        collection=seen.collection,
        media_type=source.media_type,
        page_count=max((*numbers, *source.waiting_pages), default=0),  # blank ones too
        act=Act(),
        recipe=seen.recipe,
        added=datetime.now(UTC).isoformat(timespec="seconds"),
        declared=seen.collection,
        content=opaque.anywhere(source.id),
        needs=source.needs,
        waiting_pages=source.waiting_pages,
        scans={
            page.number: moved(page.scan, page.text, text.text)
            for page, text in zip(source.pages, screened[:-1], strict=True)
            if page.scan is not None
        },
        lines={
            page.number: lines_moved(page.lines, page.text, text.text)
            for page, text in zip(source.pages, screened[:-1], strict=True)
        },
        hidden=Counter(str(f.entity) for page in screened[:-1] for f in page.findings),
    )
    return Prepared(seen=seen, document=document, pages=pages, flags=source.flags)


def cut(ready: Prepared, embedder: Embedder, opaque: Opaque) -> Prepared:
    """Return the document with what its pages say of it, and their passages."""
    first = ready.document.lines.get(ready.pages[0][0], ()) if ready.pages else ()
    act = read_act(ready.pages, ready.document.file, first)
    document = replace(ready.document, act=replace(act, updated=updated_in(ready.pages)))
    pieces = split(
        ready.pages,
        label=document.act.label,
        count_tokens=embedder.count_tokens,
        max_tokens=embedder.max_tokens,
        items=document.act.items,
    )
    ids = opaque.passages(document.id, document.recipe, len(pieces))
    return replace(ready, document=document, passages=list(zip(ids, pieces, strict=True)))
