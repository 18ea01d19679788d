# SPDX-License-Identifier: EUPL-1.2
"""Every detector at work on some texts, for as long as the texts deserve: too slow is broken.

    texts ─▶ each detector, in a thread that may be left behind ─▶ Finding… of each text
                                                              └──▶ DetectorFailed

Here stands the only broad `except` of the project: whatever breaks, the guard stays shut.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from guardrails.errors import DetectorFailed
from guardrails.findings import Detector, Finding

PATIENCE_SECONDS = 60.0
"""Less what a detector waited for a core: a machine that has much else to do closes no guard."""

LOOK_SECONDS = 1.0
SLOWEST_CHARS_A_SECOND = 500
"""A fortieth of what two cores do: below it something is wrong, and the text is refused."""


@runtime_checkable
class BatchDetector(Protocol):
    """A detector that is faster on many texts at once."""

    @property
    def name(self) -> str: ...

    def find_each(self, texts: Sequence[str]) -> Sequence[Sequence[Finding]]: ...


def examined(
    detectors: Sequence[Detector], texts: Sequence[str], *, patience: float
) -> list[list[Finding]]:
    """Return what the detectors find in each text, or raise DetectorFailed.

    `patience`: seconds, beside those that the length of the texts grants.
    """
    if not texts:
        return []
    work = _Examination(detectors, texts)
    # A thread of its own, as nothing else can leave a detector that does not come back.
    thread = threading.Thread(target=work.run, daemon=True)
    end = time.monotonic() + patience + sum(map(len, texts)) / SLOWEST_CHARS_A_SECOND
    thread.start()
    while thread.is_alive() and (left := end + queued(thread.native_id) - time.monotonic()) > 0:
        thread.join(min(left, LOOK_SECONDS))
    if work.error:
        raise work.error
    if thread.is_alive():
        raise DetectorFailed(work.asked)
    return work.found


def queued(thread: int | None) -> float:
    """Return how many seconds a thread of this process was ready to run and had no core; 0 where
    the system does not say."""
    try:
        told = Path(f"/proc/self/task/{thread}/schedstat").read_text("ascii")
        return int(told.split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


class _Examination:
    """The detectors at work on some texts; `asked` names the one that has the word."""

    def __init__(self, detectors: Sequence[Detector], texts: Sequence[str]) -> None:
        self._detectors = detectors
        self._texts = texts
        self.asked = ""
        self.error: DetectorFailed | None = None
        self.found: list[list[Finding]] = [[] for _ in texts]

    def run(self) -> None:
        """Ask each detector; what broke is kept for the thread that waits."""
        try:
            self._ask_each()
        except DetectorFailed as error:
            self.error = error

    def _ask_each(self) -> None:
        try:
            for detector in self._detectors:
                self.asked = detector.name
                if isinstance(detector, BatchDetector):
                    each = detector.find_each(self._texts)
                else:
                    each = [detector.find(text) for text in self._texts]
                for text, findings, mine in zip(self._texts, each, self.found, strict=True):
                    mine.extend(_inside(text, findings))
        except Exception as error:  # whatever broke, stay shut
            raise DetectorFailed(self.asked) from error


def _inside(text: str, findings: Sequence[Finding]) -> Sequence[Finding]:
    """Return the findings, or raise where one points outside the text: it hides nothing then."""
    if any(not 0 <= finding.start < finding.end <= len(text) for finding in findings):
        raise ValueError("a finding points outside the text")
    return findings
