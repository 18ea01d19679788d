# SPDX-License-Identifier: EUPL-1.2
"""What the service manager is told: that it is ready, that its event loop turns, that it stops.

    READY=1 ─▶ WATCHDOG=1, again and again from the event loop ─▶ STOPPING=1

systemd's own protocol (sd_notify, WatchdogSec): words to the socket that the environment names.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress

PINGS_IN_TIME = 3
"""How often the manager hears of us within the time after which it would kill us."""


class Manager:
    """The service manager, if one started us; without one nothing is said to anybody."""

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        """Take its address out of the environment: processes that we start have none of it."""
        address = environment.pop("NOTIFY_SOCKET", "")
        micros = environment.pop("WATCHDOG_USEC", "")
        meant = environment.pop("WATCHDOG_PID", str(os.getpid()))
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        is_watched = micros.isdigit() and meant == str(os.getpid())
        self.seconds = int(micros) / 1e6 if is_watched else 0.0

    def tell(self, words: str) -> None:
        """Say something to it."""
        if self._address:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as said:
                said.setblocking(False)
                said.sendto(words.encode("ascii"), self._address)

    async def pings(self) -> None:
        """Tell it that the event loop turns, for as long as it does."""
        while self.seconds:
            self.tell("WATCHDOG=1")
            await asyncio.sleep(self.seconds / PINGS_IN_TIME)
