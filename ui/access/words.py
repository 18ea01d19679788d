# SPDX-License-Identifier: EUPL-1.2
"""The words of the door, in French and in English; what comes out is HTML.

Words("fr")("sessions_count", count=2)
"""

from __future__ import annotations

import math

from assistant.texts import Language
from ui import wording
from ui.senior.words import typeset


class Words(wording.Words):
    """The words of one language."""

    def __init__(self, language: Language = "fr") -> None:
        super().__init__("ui.access", language)

    def __call__(self, key: str, **facts: object) -> str:
        """Return the words of `key`, ready for a page; an unknown key is a KeyError."""
        return typeset(self.plain(key, **facts))

    def wait(self, seconds: float) -> str:
        """Say how long, rounded up, as text.

        >>> Words("fr").wait(4.2), Words("fr").wait(61)
        ('5 secondes', '2 minutes')
        """
        if seconds <= 50:
            return self.plain("seconds", count=max(2, math.ceil(seconds)))
        count = math.ceil(seconds / 60)
        return self.plain("minutes_one" if count == 1 else "minutes", count=count)
