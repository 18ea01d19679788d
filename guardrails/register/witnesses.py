# SPDX-License-Identifier: EUPL-1.2
"""The witnesses of a register: each is shown every checkpoint, and what it signs is kept with it.

    checkpoint ─put▶ a thread a witness ─submit▶ cosignature ─▶ beside the checkpoint, in the store
                                          └────▶ trouble: an INCIDENT, once until it is another

Nobody waits for a witness, unless they say how long (`ask`). One that is away is asked again at
each checkpoint, and every few minutes while something is owed.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from guardrails.errors import RegisterError
from guardrails.register.cosignatures import CosignerKey, cosigned
from guardrails.register.notes import NoteNotSigned, read_note
from guardrails.register.witness_client import (
    Post,
    WitnessPlace,
    WitnessTrouble,
    WitnessTroubled,
    post,
    submit,
)

if TYPE_CHECKING:
    from guardrails.register.register import Register

AGAIN_SECONDS = 300.0
STOP_SECONDS = 1.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessState:
    """How a witness stands: what it cosigned last (0: nothing), when by its own clock in POSIX
    seconds, and what is wrong now; `known` is the size that it says to know."""

    name: str
    size: int = 0
    at: int = 0
    trouble: WitnessTrouble | None = None
    known: int = 0


class Witnesses:
    """A place of checkpoints (places.py) that asks those who watch over the register."""

    name = "witnesses"

    def __init__(self, places: Sequence[WitnessPlace], *, post: Post = post) -> None:
        self._each = [_Asked(place, post) for place in places]

    def __len__(self) -> int:
        return len(self._each)

    def put(self, note: str, at: datetime) -> None:
        """Let them be asked; who makes a checkpoint does not wait."""
        for asked in self._each:
            asked.wake.set()

    def start(self, register: Register) -> None:
        """Ask whenever there is something new, until `stop`."""
        for asked in self._each:
            asked.thread = threading.Thread(
                target=asked.run, args=(register,), name="register-witness", daemon=True
            )
            asked.thread.start()

    def stop(self) -> None:
        """End; whoever is being asked is not waited for longer than a moment."""
        for asked in self._each:
            asked.ending.set()
            asked.wake.set()
        end = time.monotonic() + STOP_SECONDS
        for asked in self._each:
            if asked.thread is not None:
                asked.thread.join(max(0.0, end - time.monotonic()))

    def ask(self, register: Register, *, seconds: float, patient: bool = True) -> None:
        """Ask all of them now, side by side, and wait that long at most. Those that are in trouble
        already are not waited for unless `patient`."""
        threads = [
            threading.Thread(target=asked.once, args=(register,), daemon=True)
            for asked in self._each
            if patient or asked.trouble is None
        ]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))

    def states(self, register: Register) -> list[WitnessState]:
        """Return how each of them stands, in the order of the settings."""
        found = []
        for asked in self._each:
            size, at = register.last_cosigned(asked.place.key)
            found.append(
                WitnessState(
                    name=asked.place.key.name, size=size, at=at,
                    trouble=asked.trouble, known=asked.known,
                )
            )  # fmt: skip
        return found

    @property
    def keys(self) -> list[CosignerKey]:
        """The keys by which they are known."""
        return [asked.place.key for asked in self._each]


@dataclass(slots=True)
class _Asked:
    """One witness, as this process knows it."""

    place: WitnessPlace
    post: Post
    trouble: WitnessTrouble | None = None
    known: int = 0
    wake: threading.Event = field(default_factory=threading.Event)
    ending: threading.Event = field(default_factory=threading.Event)
    turn: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None

    def run(self, register: Register) -> None:
        while not self.ending.is_set():
            self.once(register)
            self.wake.wait(AGAIN_SECONDS)
            self.wake.clear()

    def once(self, register: Register) -> None:
        """Show it the newest checkpoint, unless it cosigned that one."""
        try:
            with self.turn:
                self._once(register)
        except (RegisterError, OSError) as error:
            # The next question meets the same trouble and shows nothing; here it is only told.
            logger.warning("register: %s", type(error).__name__)

    def _once(self, register: Register) -> None:
        size, note = register.newest_note()
        key = self.place.key
        if not size or _is_cosigned(note, key):
            return
        last, _ = register.last_cosigned(key)
        try:
            line, _ = submit(
                self.place, note, last, lambda old: register.consistency(old, size).path, self.post
            )
        except WitnessTroubled as error:
            if error.trouble is WitnessTrouble.AHEAD and error.size <= register.size():
                return  # another program showed it a later checkpoint meanwhile
            self._troubled(register, error)
            return
        register.keep_cosignature(size, line)
        self.trouble, self.known = None, 0

    def _troubled(self, register: Register, error: WitnessTroubled) -> None:
        """Remember what is wrong, and enter it unless that was what was wrong before."""
        before, self.trouble, self.known = self.trouble, error.trouble, error.size
        if before is not error.trouble and not self.ending.is_set():
            with suppress(RegisterError):
                register.enter_witness_trouble(self.place.key.name, error.trouble.value)


def _is_cosigned(note: str, key: CosignerKey) -> bool:
    with suppress(NoteNotSigned):
        return key in cosigned(read_note(note), [key])
    return False
