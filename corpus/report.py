# SPDX-License-Identifier: EUPL-1.2
"""What came of adding files: the numbers and names that the command line prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

Progress = Callable[[int, int], None]
Begin = Callable[[], None]
"""Is told how many files are done, out of how many."""


ORDER = "order"
"""What a doubt says of an order to the model that was taken out of a page."""

MAX_DOUBTS = 200


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
class Flagged:
    """A file that was read and holds what its reader does not see, or was hard to make out."""

    file: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """So many near misses of one entity, or so many orders, on one page of a file."""

    file: str
    page: int
    what: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What one run did; pages, passages and hidden entities are those of this run."""

    added: int
    updated: int
    unchanged: int
    removed: int
    failed: tuple[Failed, ...]
    waiting: tuple[Waiting, ...]
    flagged: tuple[Flagged, ...]
    doubts: tuple[Doubt, ...]
    pages: int
    scanned_pages: int
    passages: int
    hidden: Mapping[str, int]
    seconds: float
    private: int = 0
    """Documents of this run that stand among letters and cases of persons, for agents alone."""

    collection: str = ""
    """With which they were added."""

    @property
    def has_changes(self) -> bool:
        """Say whether the corpus is not as it was before the run."""
        return bool(self.added or self.updated or self.removed)


def worst(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Return the doubts that weigh most, in bounded number: orders first, then by count."""
    ranked = sorted(doubts, key=lambda d: (d.what != ORDER, -d.count, d.file, d.page))
    return tuple(ranked[:MAX_DOUBTS])


@dataclass(slots=True, kw_only=True)
class Tally:
    """The report while it grows."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: list[Failed] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    flagged: list[Flagged] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    pages: int = 0
    scanned_pages: int = 0
    passages: int = 0
    hidden: Counter[str] = field(default_factory=Counter)
    private: int = 0

    def report(self, seconds: float) -> IngestReport:
        return IngestReport(
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            removed=self.removed,
            failed=tuple(sorted(self.failed, key=lambda f: f.file)),
            waiting=tuple(sorted(self.waiting, key=lambda w: w.file)),
            flagged=tuple(sorted(self.flagged, key=lambda f: f.file)),
            doubts=worst(self.doubts),
            pages=self.pages,
            scanned_pages=self.scanned_pages,
            passages=self.passages,
            hidden=dict(sorted(self.hidden.items())),
            seconds=round(seconds, 2),
            private=self.private,
        )
