# SPDX-License-Identifier: EUPL-1.2
"""Who may see which collections: a small value that every search is given.

Rights({"senior": {"plu", "public"}, "agent": None}).filters("senior")
  ─▶ Filters(collections={"plu", "public"})
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from corpus.documents import Filters

NO_FILTER = Filters()


@dataclass(frozen=True, slots=True)
class Rights:
    """The collections that each audience may see; None lets an audience see all.

    An audience that has no line sees nothing, unless there is no line at all: a corpus
    without rights is open to whoever may use it.
    """

    audiences: Mapping[str, frozenset[str] | None] = field(default_factory=dict)

    def filters(self, audience: str, asked: Filters = NO_FILTER) -> Filters:
        """Return what was asked for, narrowed to what the audience may see."""
        allowed = self.audiences.get(audience, frozenset()) if self.audiences else None
        if allowed is None:
            return asked
        if asked.collections is not None:
            allowed = allowed & asked.collections
        return replace(asked, collections=allowed)

    def sees(self, audience: str, collection: str) -> bool:
        """Say whether an audience may see a collection."""
        allowed = self.filters(audience).collections
        return allowed is None or collection in allowed
