# SPDX-License-Identifier: EUPL-1.2
"""The last net: nothing personal leaves through a log line, whoever wrote it.

    any library ─▶ LogRecord ─▶ LastNet (a Guard) ─▶ handlers

Our own code logs counts, never words. Libraries log what they like, and a traceback may quote
what it was handling: each record is screened as it is made, before any handler sees it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Any

from guardrails.errors import GuardrailError
from guardrails.guard import Guard

WITHHELD = "message withheld: the guard could not examine it"

_formatter = logging.Formatter()


class LastNet:
    """Makes log records whose message and traceback went through a guard.

    The guard is opened by the first record: a run that logs nothing does not wait for it.
    """

    def __init__(self, open_guard: Callable[[], Guard]) -> None:
        self._open_guard = open_guard
        self._make = logging.getLogRecordFactory()
        self._busy = threading.local()

    def install(self) -> None:
        """Screen every record of the process from now on; a net that hangs already is enough."""
        if not isinstance(logging.getLogRecordFactory(), LastNet):
            logging.setLogRecordFactory(self)

    def remove(self) -> None:
        """Give back the record factory that stood before, unless another net hangs."""
        if logging.getLogRecordFactory() is self:
            logging.setLogRecordFactory(self._make)

    @cached_property
    def _guard(self) -> Guard:
        return self._open_guard()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """Return the record that the logging module asked for, screened."""
        record = self._make(*args, **kwargs)
        if getattr(self._busy, "screening", False):  # the guard's own count of what it hid
            return record
        self._busy.screening = True
        try:
            record.msg, record.args = self._screened(record.getMessage()), ()
            if record.exc_info and record.exc_info[0]:
                traceback = _formatter.formatException(record.exc_info)
                record.exc_info, record.exc_text = None, self._screened(traceback)
        finally:
            self._busy.screening = False
        return record

    def _screened(self, text: str) -> str:
        try:
            return self._guard.screen(text).text
        except GuardrailError:
            return WITHHELD
