# SPDX-License-Identifier: EUPL-1.2
"""What a service does with time: checkpoints, the day's purge, questions of dead processes.

A disk that is full or a folder that is gone for an hour does not end it. What it says of a clock
that is not believed stands in the register like any entry, and is what its days are told by: it
says so once a day that passes in the machine, however often the clock on the wall changes.

with Keeper(register, retention):     a thread ticks every minute; the first of a day purges
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import date

from guardrails.register.erasing import Retention
from guardrails.register.register import Register

TICK_SECONDS = 60.0
DAY_SECONDS = 20 * 3600.0
logger = logging.getLogger(__name__)


class Keeper:
    """Keeps the rhythm of a register while a service runs."""

    def __init__(
        self,
        register: Register,
        retention: Retention | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._register = register
        self._retention = retention
        self._purged: date | None = None
        self._monotonic = monotonic
        self._told: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="register-keeper", daemon=True)

    def tick(self) -> None:
        """Do what is due now."""
        self._register.close_dead_exchanges()
        today = self._register.now().date()
        if self._purged != today:
            passed = self._monotonic()
            tells = self._told is None or passed - self._told >= DAY_SECONDS
            found = self._register.purge(self._retention, tells=tells)
            if found.unconfirmed and tells:
                self._told = passed
            self._purged = today
        self._register.checkpoint_if_due()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.tick()
            except Exception as error:  # noqa: BLE001  # one day's surprise does not end the keeping
                # The next question meets the same trouble and shows nothing; here it is only told.
                logger.warning("register: %s", type(error).__name__)
            self._stop.wait(TICK_SECONDS)

    def start(self) -> None:
        """Begin; the first tick comes at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the tick under way."""
        self._stop.set()
        self._thread.join()
