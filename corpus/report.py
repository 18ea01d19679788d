# SPDX-License-Identifier: EUPL-1.2
"""What came of adding files: the numbers and names that the command line prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Progress = Callable[[int, int], None]
"""Is told how many files are done, out of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A file that could not be read: its hidden name and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file that waits, in whole or for some pages: its hidden name and for what."""

    file: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one run did; pages, passages and hidden entities are those of this run."""

    added: int
    updated: int
    unchanged: int
    removed: int
    failed: tuple[Failed, ...]
    waiting: tuple[Waiting, ...]
    pages: int
    scanned_pages: int
    passages: int
    hidden: Mapping[str, int]
    seconds: float


@dataclass(slots=True, kw_only=True)
class Tally:
    """The report while it grows."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Failed] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    pages: int = 0
    scanned_pages: int = 0
    passages: int = 0
    hidden: Counter[str] = field(default_factory=Counter)

    def report(self, seconds: float) -> IngestReport:
        return IngestReport(
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            removed=self.removed,
            failed=tuple(sorted(self.failed, key=lambda f: f.file)),
            waiting=tuple(sorted(self.waiting, key=lambda w: w.file)),
            pages=self.pages,
            scanned_pages=self.scanned_pages,
            passages=self.passages,
            hidden=dict(sorted(self.hidden.items())),
            seconds=round(seconds, 2),
        )
