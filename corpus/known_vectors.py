# SPDX-License-Identifier: EUPL-1.2
"""Vectors that are there already: a passage that says what it said before keeps its vector.

A corrected line, a new roster or a new version of the rules change few passages of a document,
and embedding is most of the work. What was embedded by another embedder is no use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from corpus.cores import after_you
from corpus.passages import PassageStore
from corpus.repair import ErasableIndex
from corpus.seams import Embedder, VectorIndex, Vectors
from corpus.split import indexed_text

AT_ONCE = 16
"""Passages, a third of a second's work: so long at most a question meets them."""

Known = Mapping[str, Vectors]
"""Vectors by the text that was embedded."""


def known_vectors(
    store: PassageStore, index: VectorIndex, documents: Iterable[str], embedder: str
) -> dict[str, Vectors]:
    """Return the vectors of documents that are about to be replaced."""
    if not isinstance(index, ErasableIndex):
        return {}
    kept = [found for document in documents if (found := store.document(document))]
    same = [document.id for document in kept if document.recipe.endswith(f";{embedder}")]
    passages = [passage for document in same for passage in store.passages_of(document)]
    rows = index.vectors([passage.id for passage in passages])
    return {indexed_text(p.heading, p.text.text): rows[p.id] for p in passages if p.id in rows}


def embedded(embedder: Embedder, texts: Sequence[str], known: Known) -> Vectors:
    """Return a row a text, those that are known as they are; questions pass in between."""
    new = [*dict.fromkeys(text for text in texts if text not in known)]
    made = dict[str, Vectors]()
    for some in (new[at : at + AT_ONCE] for at in range(0, len(new), AT_ONCE)):
        after_you()
        made |= zip(some, embedder.embed_passages(some), strict=True)
    rows = [known[text] if text in known else made[text] for text in texts]
    return np.stack(rows) if rows else np.empty((0, 0), np.float32)
