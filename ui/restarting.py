# SPDX-License-Identifier: EUPL-1.2
"""The service ends so that it starts again, once nobody waits for an answer.

    ask ══sealed══▶ no new question ─▶ those under way end (a minute at most) ─▶ SIGTERM
        what is open is closed ─▶ the service manager starts it again │ `again` does

A service manager is known by the socket that it gives (`Type=notify`, `Restart=always`). Without
one the program puts itself in its own place, with the words of its command line.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.passphrases import REGISTER
from assistant.queue import UnderWay
from guardrails.register import Register
from guardrails.register.records import AuditRecord, Kind

PATIENCE_SECONDS = 60.0
"""How long questions under way are waited for: longer than a usual answer takes."""


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def is_managed() -> bool:
    """Whether a service manager would start the program again; asked before it is greeted."""
    return "NOTIFY_SOCKET" in os.environ


def is_able() -> bool:
    """Whether the program can start again by itself: not where the register's passphrase is in its
    environment, which forgets it; asked before the register is opened."""
    return is_managed() or REGISTER not in os.environ


@dataclass(kw_only=True)
class Restarting:
    """Whether the service is about to start again, and how many it still waits for."""

    under_way: UnderWay
    is_managed: bool = False
    is_able: bool = True
    stop: Callable[[], None] = _stop
    patience: float = PATIENCE_SECONDS
    is_asked: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, register: Register, *, by: str, role: str) -> None:
        """Begin to end, in the register first; nothing where it began already. `by` is a
        pseudonym."""
        with self._turn:
            if self.is_asked or not self.is_able:
                return
            register.append(
                AuditRecord(
                    kind=Kind.SETTINGS,
                    actor=by,
                    role=role,
                    payload={"status": "restart", "under_way": self.under_way.count},
                )
            )
            self.is_asked = True
            self.under_way.close()
            threading.Thread(target=self._end, name="restarting", daemon=True).start()

    def _end(self) -> None:
        self.under_way.wait_for_none(self.patience)
        self.stop()

    def again(self) -> None:
        """Start the program anew in this one's place, if that was asked and nobody else does it;
        called once all that was open is closed."""
        if self.is_asked and not self.is_managed:
            os.execv(sys.executable, sys.orig_argv)
