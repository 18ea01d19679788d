# SPDX-License-Identifier: EUPL-1.2
"""Which month's pack a guide came with: packs are what others sign and a town carries in.

    collection `pack:NAME` ─▶ state of that name (JSON) ─Standing─▶ Pack, on each of its passages

While one pack takes the place of another, guides of both stand side by side: `becoming` says so,
until all of it is in and what is gone is out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Self

from corpus.dates import read_date

PREFIX = "pack:"
"""How the name of a pack's collection begins: only what was signed goes there."""

STATE = f"(SELECT s.value FROM state s WHERE s.name = d.declared AND s.name LIKE '{PREFIX}_%')"
"""The state of the pack of a document `d`, in SQL."""

_UPDATED = re.compile(r"^Fiche service-public\.fr mise à jour le (.+)$", re.MULTILINE)
"""As `corpus/readers/fiche.py` writes it under a guide's title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The pack of a guide: `month` is `2026-11`, `becoming` the month of the pack that is taking
    its place (empty otherwise), `updated` the ISO day that the guide gives as that of its text."""

    name: str
    month: str
    becoming: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a pack is in: all of `month`, and part of `becoming` if that is set."""

    month: str = ""
    becoming: str = ""

    @classmethod
    def read(cls, state: str) -> Self:
        return cls(**json.loads(state)) if state else cls()

    @property
    def newest(self) -> str:
        return max(self.month, self.becoming)

    def towards(self, month: str) -> Standing:
        """Return how it stands while the pack of a month is coming in; what of an earlier month
        was cut short may be there as well."""
        before = self.month or (self.becoming if self.becoming != month else "")
        return Standing(month=before, becoming=month)

    def __str__(self) -> str:
        return json.dumps(asdict(self))


def collection_of_pack(name: str) -> str:
    """Return the collection in which the guides of a pack stand.

    >>> collection_of_pack("service-public"), is_pack("pack:service-public"), is_pack("pack")
    ('pack:service-public', True, False)
    """
    return f"{PREFIX}{name}"


def is_pack(collection: str) -> bool:
    """Whether a collection is that of a pack."""
    return collection.startswith(PREFIX)


@lru_cache(maxsize=1_000)
def pack_of(declared: str, state: str, updated: str) -> Pack | None:
    """Return the pack of a document that was added with a collection; None where it came with
    none."""
    if not state:
        return None
    standing = Standing.read(state)
    month = standing.month or standing.becoming
    becoming = standing.becoming if standing.becoming != month else ""
    name = declared.removeprefix(PREFIX)
    return Pack(name=name, month=month, becoming=becoming, updated=updated)


def updated_in(pages: Sequence[tuple[int, str]]) -> str:
    """Return the ISO day that a guide gives as that of its text, "" where it gives none.

    >>> updated_in([(1, "Passeport\\nFiche service-public.fr mise à jour le 3 mars 2026\\nPrix")])
    '2026-03-03'
    """
    found = _UPDATED.search(pages[0][1]) if pages else None
    return read_date(found[1]) if found else ""
