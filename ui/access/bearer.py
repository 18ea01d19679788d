# SPDX-License-Identifier: EUPL-1.2
"""A program in front of the gate: one header says which key it has, nothing else counts.

    Authorization: Bearer gfr_… ─▶ Bearer.who(visit) ─▶ Seen │ KeyRefused(wait)

Cookies are not looked at, so that no page of another site can use them. Wrong keys cost time as
wrong passwords do, by key, by address, and by both together; a right one is always let in.
"""

from __future__ import annotations

from collections.abc import Callable

from ui.access.aside import entering
from ui.access.entrance import NOBODY, Seen
from ui.access.journal import Journal
from ui.access.keys import BEFORE_NAME, SECRET, Key, Keys
from ui.access.throttle import Throttle
from ui.access.visit import Visit

METHOD = "key"


class KeyRefused(Exception):
    """A key is not looked at before so many seconds, or, with 0, opens nothing."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__("key refused")
        self.wait = wait


class Bearer:
    """Knows programs by their keys."""

    def __init__(
        self, keys: Keys, throttle: Throttle, journal: Journal, now: Callable[[], float]
    ) -> None:
        self._keys = keys
        self._throttle = throttle
        self._journal = journal
        self._now = now
        self._told: set[str] = set()

    def who(self, visit: Visit) -> Seen:
        """Return who a program is, NOBODY if it shows no key; KeyRefused, RegisterError."""
        secret = _shown(visit)
        if not secret:
            return NOBODY
        key = self._keys.find(secret)
        if key is None:
            self._failed(visit, secret)
        elif not key.holds(self._now()):
            self._over(key)
        else:  # 256 bits that are right: whatever was tried beside it, nobody guessed them
            return Seen(person=key.person, session=f"key-{key.id}", method=METHOD)
        raise KeyRefused

    def still(self, visit: Visit) -> Seen:
        """Return who a program is by now, without counting anything; NOBODY for none."""
        key = self._keys.find(_shown(visit))
        if key is None or not key.holds(self._now()):
            return NOBODY
        return Seen(person=key.person, session=f"key-{key.id}", method=METHOD)

    def _failed(self, visit: Visit, secret: str) -> None:
        """Count a wrong key, apart from the passwords of people who share its address."""
        entering()  # before it is counted: twice is not counted
        read = SECRET.fullmatch(secret)
        name = BEFORE_NAME + (read[1] if read else "")
        places = {f"{BEFORE_NAME}{place}": times for place, times in visit.places.items()}
        if wait := self._throttle.attempt(name, places):
            raise KeyRefused(wait)
        self._journal.refused(name, METHOD, locks=self._throttle.locks(name, places))

    def _over(self, key: Key) -> None:
        """Somebody holds the right secret: that is no guess, and is entered once."""
        if key.id not in self._told:
            self._journal.refused(key.person.name, METHOD)
            self._told.add(key.id)


class NoKeys:
    """Without accounts there is no key."""

    def who(self, visit: Visit) -> Seen:
        return NOBODY

    def still(self, visit: Visit) -> Seen:
        return NOBODY


def _shown(visit: Visit) -> str:
    """Return the key that a request shows; where there are two, none is believed."""
    told = visit.headers.getlist("authorization")
    scheme, _, secret = told[0].partition(" ") if len(told) == 1 else ("", "", "")
    return secret.strip() if scheme.casefold() == "bearer" else ""
