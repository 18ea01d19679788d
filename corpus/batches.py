# SPDX-License-Identifier: EUPL-1.2
"""Items in batches of bounded text: the next ones screened and split while one is embedded.

    Item… ─▶ batch ─▶ lane 1 ─┐
           ─▶ batch ─▶ lane 2 ─┴▶ (Item, Screened…)… ─split─▶ Prepared… ─thread─▶ vectors

In the order given, and no core waits for another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from corpus.known_vectors import Known, embedded
from corpus.prepare import DocumentGuard, Item, Prepared, screened_items
from corpus.seams import Embedder, Vectors
from guardrails.findings import Screened

BATCH_CHARS = 30_000
BATCH_FILES = 32

Batch = list[tuple[Item, list[Screened]]]


def kept_open(guard: DocumentGuard) -> AbstractContextManager[object]:
    """Hold what a guard keeps for a run: its processes, if it has any."""
    return guard if isinstance(guard, AbstractContextManager) else nullcontext()


def batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items in batches of bounded text, so that memory is bounded too."""
    batch: list[Item] = []
    chars = 0
    for item in items:
        batch.append(item)
        chars += item.chars
        if chars >= BATCH_CHARS or len(batch) >= BATCH_FILES:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def screened_ahead(guard: DocumentGuard, items: Iterable[Item], collection: str) -> Iterator[Batch]:
    """Yield batches of items with their screened texts, a few being screened meanwhile."""
    waiting: deque[Future[Batch]] = deque()
    pool: ThreadPoolExecutor | None = None
    try:
        for batch in batched(items):
            lanes = int(getattr(guard, "lanes", 1))
            if pool is None:  # a cluster knows its lanes once it has read something
                pool = ThreadPoolExecutor(lanes, thread_name_prefix="screening")
            waiting.append(pool.submit(_screened, guard, batch, collection))
            if len(waiting) > lanes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # Not waited for: whoever holds the guard ends its processes, and they end with them.
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _screened(guard: DocumentGuard, batch: list[Item], collection: str) -> Batch:
    return [item.after(texts) for item, texts in screened_items(guard, batch, collection)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A batch whose documents were split: `others` bring no new text, `known` are vectors that
    need no embedding, `items` what was read, by document."""

    ready: list[Prepared]
    others: list[Item]
    known: Known
    items: Mapping[str, Item] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        return [text for document in self.ready for text in document.indexed_texts]


def embedded_ahead(embedder: Embedder, batches: Iterable[Split]) -> Iterator[tuple[Split, Vectors]]:
    """Yield each batch with the vectors of its passages; the next one is split meanwhile."""
    with ThreadPoolExecutor(1, thread_name_prefix="embedding") as pool:
        before: tuple[Split, Future[Vectors]] | None = None
        for batch in batches:
            under_way = pool.submit(embedded, embedder, batch.texts, batch.known)
            if before:
                yield before[0], before[1].result()
            before = batch, under_way
        if before:
            yield before[0], before[1].result()
