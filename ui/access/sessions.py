# SPDX-License-Identifier: EUPL-1.2
"""Sessions: a random token in a cookie, its digest in the file, two ways to expire.

    start(account) ─▶ token ─cookie▶ … ─▶ find(token) ─▶ Session │ None

A new token at each sign-in: one that somebody planted before opens nothing. Who signed in at an
identity provider is signed out there by the token that it gave of them. That one is kept with the
session and goes with it, locked with the session's own token: neither the file nor a backup of it
and of the keys opens it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from ui.access.accounts import folded
from ui.access.seals import Seals, digest, new_token
from ui.access.store import Store

IDENTITY = "identity"
SEEN_EVERY_SECONDS = 60.0
"""How often it is written that a session is in use: not at each request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session that holds. `id` is public: it opens nothing."""

    name: str
    id: str
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """In seconds: since it began, and since anything was done."""

    whole: float
    idle: float


class Sessions:
    """The sessions of a data folder; `now` gives seconds since 1970."""

    def __init__(
        self, store: Store, seals: Seals, lifetime: Lifetime, now: Callable[[], float]
    ) -> None:
        self._store = store
        self._seals = seals
        self._lifetime = lifetime
        self._now = now

    def start(self, name: str, method: str, identity: str = "") -> str:
        """Begin a session and return its token, which is kept nowhere; `identity`: what an identity
        provider gave, to be signed out there."""
        token, now = new_token(), self._now()
        locked = self._seals.lock(IDENTITY, token, identity) if identity else None
        self._sweep(now)
        self._store.write(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
            *(digest(token), folded(name), method, now, now, locked),
        )
        return token

    def identity(self, token: str) -> str:
        """Return what an identity provider gave of who has this session, if it is kept."""
        row = self._store.row("SELECT identity FROM sessions WHERE digest = ?", digest(token))
        locked = row["identity"] if row else None
        return self._seals.unlock(IDENTITY, token, locked) if locked else ""

    def find(self, token: str, *, is_used: bool = True) -> Session | None:
        """Return the session of a token if it still holds; `is_used` puts off its idle end."""
        kept, now = digest(token), self._now()
        row = self._store.row("SELECT * FROM sessions WHERE digest = ?", kept)
        if row is None:
            return None
        # What cannot be written on a full disk keeps nobody in, and nobody out.
        if self._is_over(row["started"], row["seen"], now):
            with suppress(sqlite3.Error):
                self._store.write("DELETE FROM sessions WHERE digest = ?", kept)
            return None
        if is_used and now - row["seen"] > min(SEEN_EVERY_SECONDS, self._lifetime.idle / 4):
            with suppress(sqlite3.Error):
                self._store.write("UPDATE sessions SET seen = ? WHERE digest = ?", now, kept)
        return Session(name=row["key"], id=kept.hex(), method=row["method"])

    def end(self, token: str) -> None:
        """End one session."""
        self._store.write("DELETE FROM sessions WHERE digest = ?", digest(token))

    def end_all(self, name: str) -> int:
        """End all sessions of an account, everywhere, and let it know no browser any more; return
        how many sessions there were."""
        key = folded(name)
        self._store.write("UPDATE accounts SET devices = ? WHERE key = ?", new_token(), key)
        return self._store.write("DELETE FROM sessions WHERE key = ?", key)

    def count(self, name: str) -> int:
        """Return how many sessions an account has that hold."""
        rows = self._store.rows("SELECT * FROM sessions WHERE key = ?", folded(name))
        now = self._now()
        return sum(not self._is_over(row["started"], row["seen"], now) for row in rows)

    def _is_over(self, started: float, seen: float, now: float) -> bool:
        # a clock that was set back must not give a session a longer life
        is_young = 0 <= now - started <= self._lifetime.whole
        return not (is_young and now - seen <= self._lifetime.idle)

    def _sweep(self, now: float) -> None:
        self._store.write(
            "DELETE FROM sessions WHERE started < ? OR seen < ?",
            *(now - self._lifetime.whole, now - self._lifetime.idle),
        )
