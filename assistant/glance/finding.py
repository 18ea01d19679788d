# SPDX-License-Identifier: EUPL-1.2
"""The glance of a document of the corpus, or of a file that is read for it and not kept.

store, document ─▶ its pages, its standings ─▶ Glance
Prepared (a dropped file) ─▶ its pages ─▶ Glance, with what it says that it replaces
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

from assistant.glance import Glance, glance
from assistant.glance.around import Acts, Touched, around, told
from corpus.links import Effect
from corpus.prepare import Prepared
from corpus.rows import StoredDocument
from corpus.structure import Structure

MANY_PAGES = 10_000


class Pages(Acts, Protocol):
    """What is asked of the corpus."""

    def structure(self, document: str, page: int) -> Structure | None: ...


def glance_of(
    store: Pages,
    document: StoredDocument,
    seen: Collection[str],
    *,
    most_pages: int = MANY_PAGES,
) -> Glance:
    """Return the glance of a document of the corpus; others are named only if in `seen`.

    `most_pages`: how many are read, for a screen where nobody waits longer than a second.
    """
    pages = tuple(
        (number, known)
        for number in range(1, min(document.page_count, most_pages) + 1)
        if (known := store.structure(document.id, number))
    )
    found = _glance(document.file, pages)
    said = told([(number, known.text) for number, known in pages], title=found.act.object)
    about = around(store, document, said, seen)
    return _with(found, about.active, about.passive)


def glance_of_dropped(dropped: Prepared) -> Glance:
    """Return the glance of a file that was read for it."""
    lines = dropped.document.lines
    pages = [(n, Structure.of(text, lines.get(n, ()))) for n, text in dropped.pages]
    found = glance(dropped.document.file, pages)
    return _with(found, told(dropped.pages, title=found.act.object), ())


_glance = lru_cache(maxsize=32)(glance)
"""A page of a document is opened again and again; it takes some 25 ms a page (one core)."""


def _with(found: Glance, active: Sequence[Touched], passive: Sequence[Touched]) -> Glance:
    return replace(
        found,
        replaces=tuple(one for one in active if one.effect.ends),
        amends=tuple(one for one in active if one.effect is Effect.AMENDS),
        replaced_by=tuple(one for one in passive if one.effect.ends),
        amended_by=tuple(one for one in passive if one.effect is Effect.AMENDS),
    )
