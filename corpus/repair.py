# SPDX-License-Identifier: EUPL-1.2
"""Putting the two stores back in step after a run that was cut short.

Passages are the truth: a vector without a passage goes, a passage without a vector is
embedded again from its screened text.
"""

from __future__ import annotations

from corpus.passages import PassageStore
from corpus.seams import Embedder, VectorIndex
from corpus.split import indexed_text

BATCH = 256


def repair(store: PassageStore, index: VectorIndex, embedder: Embedder) -> None:
    """Mend what an interrupted run left; does nothing after a run that ended well."""
    if not store.state("unsettled"):
        return
    kept, indexed = store.passage_ids(), index.ids()
    index.remove(sorted(indexed - kept))
    lost = sorted(kept - indexed)
    for start in range(0, len(lost), BATCH):
        passages = store.passages(lost[start : start + BATCH])
        vectors = embedder.embed_passages([indexed_text(p.heading, p.text.text) for p in passages])
        fields = [{"collection": p.collection, "document": p.document} for p in passages]
        index.add([p.id for p in passages], vectors, fields)
    store.set_state("unsettled", "")
