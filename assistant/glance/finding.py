# SPDX-License-Identifier: EUPL-1.2
"""The glance of a document of the corpus, or of a file that is read for it and not kept.

store, document ─▶ its pages, its standings ─▶ Glance
Prepared (a dropped file) ─▶ its pages ─▶ Glance, with what it says that it replaces
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.glance import Glance, glance
from assistant.glance.around import Acts, Touched, around, told
from corpus.links import Effect
from corpus.prepare import Prepared
from corpus.rows import StoredDocument
from corpus.structure import Structure


class Pages(Acts, Protocol):
    """What is asked of the corpus."""

    def structures_at(
        self, places: Collection[tuple[str, int]]
    ) -> dict[tuple[str, int], Structure]: ...


def glance_of(store: Pages, document: StoredDocument, seen: Collection[str]) -> Glance:
    """Return the glance of a document of the corpus; others are named only if they are in `seen`."""
    numbers = [number for number, _ in store.pages(document.id)]
    known = store.structures_at([(document.id, number) for number in numbers])
    found = glance(document.file, [(n, known[document.id, n]) for n in numbers])
    said = told([(n, known[document.id, n].text) for n in numbers], title=found.act.object)
    about = around(store, document, said, seen)
    return _with(found, about.active, about.passive)


def glance_of_dropped(dropped: Prepared) -> Glance:
    """Return the glance of a file that was read for it."""
    lines = dropped.document.lines
    pages = [(n, Structure.of(text, lines.get(n, ()))) for n, text in dropped.pages]
    found = glance(dropped.document.file, pages)
    return _with(found, told(dropped.pages, title=found.act.object), ())


def _with(found: Glance, active: Sequence[Touched], passive: Sequence[Touched]) -> Glance:
    return replace(
        found,
        replaces=tuple(one for one in active if one.effect.ends),
        amends=tuple(one for one in active if one.effect is Effect.AMENDS),
        replaced_by=tuple(one for one in passive if one.effect.ends),
        amended_by=tuple(one for one in passive if one.effect is Effect.AMENDS),
    )
