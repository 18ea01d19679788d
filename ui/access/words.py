# SPDX-License-Identifier: EUPL-1.2
"""The words of the door, in French and in English; what comes out is HTML.

Words("fr")("sessions_count", count=2)
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files

from assistant.texts import Language
from ui.senior.words import typeset


@cache
def table(language: str) -> dict[str, str]:
    """Return all words of a language."""
    return tomllib.loads(files("ui.access").joinpath(f"texts/{language}.toml").read_text("utf-8"))


class Words:
    """The words of one language."""

    def __init__(self, language: Language = "fr") -> None:
        self.language: Language = language
        self._table = table(language)

    def __call__(self, key: str, **facts: object) -> str:
        """Return the words of `key`, ready for a page; an unknown key is a KeyError."""
        return typeset(self.plain(key, **facts))

    def plain(self, key: str, **facts: object) -> str:
        """Return the words of `key` as text."""
        return self._table[key].format(**facts)

    def wait(self, seconds: float) -> str:
        """Say how long, rounded up, as text.

        >>> Words("fr").wait(4.2), Words("fr").wait(61)
        ('5 secondes', '2 minutes')
        """
        if seconds <= 50:
            return self._table["seconds"].format(count=max(2, math.ceil(seconds)))
        count = math.ceil(seconds / 60)
        return self._table["minutes_one" if count == 1 else "minutes"].format(count=count)
