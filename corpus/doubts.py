# SPDX-License-Identifier: EUPL-1.2
"""Pages that are worth a look by a person: what was nearly hidden, what gave orders to the model.

    screened pages, raw pages ─▶ Doubt…       while a document is added
    kept pages ──doubts_kept──▶ Doubt…        later, for a report on what is there

A Doubt says where, of which kind and how many; never the words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.documents import Page
from corpus.passages import PassageStore
from corpus.prepare import DocumentGuard
from corpus.report import ORDER, Doubt
from guardrails.findings import Screened
from guardrails.injection import REPLACEMENT, neutralise


def doubts_of(file: str, pages: Sequence[Page], screened: Sequence[Screened]) -> Iterator[Doubt]:
    """Yield what is worth a look in a document as it is added."""
    for page, seen in zip(pages, screened, strict=False):  # the name comes last, without a page
        orders = len(neutralise(page.text).reports)
        yield from _counted(file, page.number, seen, orders)


def doubts_kept(store: PassageStore, guard: DocumentGuard) -> Iterator[Doubt]:
    """Yield what is worth a look in the kept texts, read again under the rules of today.

    What would be hidden now and was not then is told with the near misses.
    """
    for document in store.documents():
        pages = store.pages(document.id)
        (screened,) = guard.screen_documents(
            [[text for _, text in pages]], policy=document.collection
        )
        for (number, text), seen in zip(pages, screened, strict=True):
            yield from _counted(document.file, number, seen, text.count(REPLACEMENT))
            found = Counter(str(finding.entity) for finding in seen.findings)
            for entity, count in sorted(found.items()):
                yield Doubt(file=document.file, page=number, what=f"unhidden {entity}", count=count)


def _counted(file: str, page: int, seen: Screened, orders: int) -> Iterator[Doubt]:
    if orders:
        yield Doubt(file=file, page=page, what=ORDER, count=orders)
    for entity, count in sorted(Counter(str(d.entity) for d in seen.doubts).items()):
        yield Doubt(file=file, page=page, what=entity, count=count)
