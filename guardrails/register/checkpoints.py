# SPDX-License-Identifier: EUPL-1.2
"""Checkpoints: the signed note of the register as it is, put where it can be found again.

head (signed with each commit) ─make▶ the store, the keys (anchor), every place
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guardrails.errors import RegisterUnavailable
from guardrails.register.keys import Keyring
from guardrails.register.leaves import moment_of
from guardrails.register.places import Place
from guardrails.register.store import AuditStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a checkpoint is due by itself, besides shutdown."""

    entries: int = 500
    every: timedelta = timedelta(minutes=10)


STEADY = Rhythm()


class Checkpoints:
    """Makes checkpoints of one register; `size` is the length at the last one known."""

    def __init__(
        self,
        store: AuditStore,
        keyring: Keyring,
        *,
        places: Sequence[Place],
        rhythm: Rhythm,
        monotonic: Callable[[], float],
    ) -> None:
        self._store, self._keyring = store, keyring
        self._places, self._rhythm, self._monotonic = tuple(places), rhythm, monotonic
        self._unreachable: frozenset[str] = frozenset()
        with store.reading() as reader:  # whichever process made the last one
            self.size = reader.last_note_size()
        self._at = monotonic()

    def is_due(self, size: int) -> bool:
        """Tell whether enough is new, or something is new and the last one is old."""
        entries = self._rhythm.entries
        if size // entries > self.size // entries:
            return True
        passed = self._monotonic() - self._at  # the clock on the wall may be set back for a year
        return size > self.size and passed >= self._rhythm.every.total_seconds()

    def make(self, also: Sequence[Place], *, after_restore: bool) -> tuple[str, list[str]]:
        """Put the note in all places; return it, and the places newly out of reach."""
        with self._store.writing() as writer:
            note, last = writer.head(), writer.last()
            if last is None:
                raise RegisterUnavailable("an empty register has no checkpoint")
            kept = dict(writer.notes_from(last.index + 1, 1)).get(last.index + 1, "")
            if kept.startswith(note):
                note = kept  # the same, which witnesses cosigned since
            else:
                writer.keep_note(last.index + 1, note)
        self._keyring.raise_anchor(note, even_lower=after_restore)
        self.size, self._at = last.index + 1, self._monotonic()
        at = moment_of(last.at)
        failed = [place.name for place in (*self._places, *also) if not _put(place, note, at)]
        # Told once, until the place answers again: a share that is down all night
        # would otherwise fill the register.
        news = [name for name in failed if name not in self._unreachable]
        self._unreachable = frozenset(failed)
        return note, news


def _put(place: Place, note: str, at: datetime) -> bool:
    try:
        place.put(note, at)
    except OSError:
        return False
    return True
