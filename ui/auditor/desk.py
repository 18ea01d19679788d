# SPDX-License-Identifier: EUPL-1.2
"""What an auditor has in front of them, and what an act changes of it.

act(form, desk, person) ─▶ Screen…     the parts that change; None leaves a part as it is
                              └ desk   what the next act starts from (kept by the server)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from guardrails.register import Selection
from guardrails.register.sampling import Sample
from guardrails.register.selection import EVERYTHING


class Tone(StrEnum):
    """What kind of thing a status line says."""

    BUSY = "busy"
    DONE = "done"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`starts`: where each page of the list began, the current one last; `further`: where the
    next one would, 0 if there is none. `row`: the entries to step through, of which `opened` is
    one (-1: none), in the view `view`."""

    selection: Selection = EVERYTHING
    starts: tuple[int, ...] = ()
    further: int = 0
    listed: tuple[int, ...] = ()
    sample: Sample | None = None
    drawn: tuple[int, ...] = ()
    opened: int = -1
    view: str = "registre"

    @property
    def row(self) -> tuple[int, ...]:
        return self.drawn if self.view == "echantillon" else self.listed

    def drawing(self, exchange: str) -> Sample | None:
        """Return the sample on the desk if an exchange is of it."""
        return self.sample if self.sample and exchange in self.sample.exchanges else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The parts of the page that change; all of them are HTML, but for the desk."""

    status: str
    tone: Tone = Tone.DONE
    check: str | None = None
    listing: str | None = None
    drawn: str | None = None
    report: str | None = None
    taken: str | None = None
    entry: str | None = None
    desk: Desk | None = None
