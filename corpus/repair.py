# SPDX-License-Identifier: EUPL-1.2
"""Putting the two stores back in step after a run that was cut short.

Passages are the truth: a vector without a passage goes, a passage without a vector is
embedded again from its screened text, and what acts do to each other is worked out again.
So is the full-text index, where this software has other stems than the one that made it, and each
vector, where it has another embedder: nothing is read again for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from corpus.passages import PassageStore
from corpus.seams import Embedder, Fields, VectorIndex, Vectors
from corpus.split import indexed_text
from corpus.standing import settle

BATCH = 256


@runtime_checkable
class ErasableIndex(VectorIndex, Protocol):
    """A VectorIndex that can give its vectors, label them otherwise and forget deleted ones."""

    def relabel(self, ids: Sequence[str], fields: Sequence[Fields]) -> None: ...

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]: ...

    def rebuild(self) -> None: ...


@runtime_checkable
class PeekedIndex(Protocol):
    """An index that can say without being opened whether it holds vectors."""

    def holds(self, ids: Sequence[str]) -> bool: ...


LOOKED_AT = 8
"""Vectors go all together, with their folder: a few passages tell."""


def repair(store: PassageStore, index: VectorIndex, embedder: Embedder) -> None:
    """Mend what an interrupted run left, and vectors that are gone; does nothing after a run that
    ended well, but look at a few passages and at which terms the index was made with."""
    store.renew_terms()
    if store.embedded_by() not in ("", embedder.name):
        store.set_state("unsettled", "1")
        index.remove(sorted(index.ids()))
        store.set_embedded_by(embedder.name)
    if not store.state("unsettled") and not _are_gone(store, index):
        return
    kept, indexed = store.passage_ids(), index.ids()
    index.remove(sorted(indexed - kept))
    lost = sorted(kept - indexed)
    for start in range(0, len(lost), BATCH):
        passages = store.passages(lost[start : start + BATCH])
        vectors = embedder.embed_passages([indexed_text(p.heading, p.text.text) for p in passages])
        index.add([p.id for p in passages], vectors, store.filter_fields([p.id for p in passages]))
    settle(store)
    if store.state("erasing") and isinstance(index, ErasableIndex):
        finish_erasing(store, index)
    store.set_state("unsettled", "")


def _are_gone(store: PassageStore, index: VectorIndex) -> bool:
    few = store.some_passage_ids(LOOKED_AT)
    if isinstance(index, PeekedIndex):
        return not index.holds(few)
    return isinstance(index, ErasableIndex) and len(index.vectors(few)) < len(few)


def finish_erasing(store: PassageStore, index: ErasableIndex) -> None:
    """Leave no byte of what was removed in either store."""
    index.rebuild()
    store.purge()
    store.set_state("erasing", "")
