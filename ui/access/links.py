# SPDX-License-Identifier: EUPL-1.2
"""One-time links, by which somebody chooses a password: no password travels.

    make(name) ─▶ token ─/bienvenue/{token}▶ holder(token) … use(token)

The link without a name is the first one: it makes the first administrator.
"""

from __future__ import annotations

from collections.abc import Callable

from ui.access.accounts import folded
from ui.access.seals import digest, new_token
from ui.access.store import Store

FIRST = ""
LIFE_SECONDS = 3 * 24 * 3600.0


class Links:
    """The links of a data folder; one at a time for each account."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now

    def make(self, name: str = FIRST) -> str:
        """Return a new token; the one before it opens nothing any more."""
        token, key = new_token(), folded(name)
        with self._store.at_once():
            self._store.write("DELETE FROM links WHERE key = ? OR expires < ?", key, self._now())
            expires = self._now() + LIFE_SECONDS
            self._store.write("INSERT INTO links VALUES (?, ?, ?)", digest(token), key, expires)
        return token

    def holder(self, token: str) -> str | None:
        """Return whose link it is, None for one that opens nothing."""
        row = self._store.row("SELECT * FROM links WHERE digest = ?", digest(token))
        return str(row["key"]) if row and row["expires"] >= self._now() else None

    def use(self, token: str) -> bool:
        """Use a link up; False if another was faster."""
        return self._store.write("DELETE FROM links WHERE digest = ?", digest(token)) == 1
