# SPDX-License-Identifier: EUPL-1.2
"""The printed lines of a PDF's page, and their parts with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.readers.layout import SPACES

EDGE = 0.13
"""The share of a page's height, at its top and at its foot, where running lines stand."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a line without a wide gap; zeros if its place is unknown."""

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0
    page_height: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line, as one part or as several with wide gaps between."""

    fragments: tuple[Fragment, ...]

    @property
    def text(self) -> str:
        return " ".join(fragment.text for fragment in self.fragments)

    @property
    def left(self) -> float:
        return self.fragments[0].left

    @property
    def right(self) -> float:
        return self.fragments[-1].right

    @property
    def bottom(self) -> float:
        return min(fragment.bottom for fragment in self.fragments)

    @property
    def top(self) -> float:
        return max(fragment.top for fragment in self.fragments)

    @property
    def is_at_edge(self) -> bool:
        height = self.fragments[0].page_height
        return self.top > 0 and not EDGE < self.bottom / height < self.top / height < 1 - EDGE

    @property
    def is_at_foot(self) -> bool:
        return 0 < self.top < EDGE / 2 * self.fragments[0].page_height

    @property
    def shape(self) -> str:
        """Return its words, but for the page's number at its end, and its height on the page.

        The height tells a running foot from `Vote : pour à l'unanimité` at many pages' end.
        """
        words = SPACES.sub(" ", self.text).strip().lower()
        return f"{round(self.top / 4)} " + re.sub(r"\d+(?:\s*(?:/|sur)\s*\d+)?$", "0", words)
