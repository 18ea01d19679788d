# SPDX-License-Identifier: EUPL-1.2
"""Every word of the agents' pages that is not in `assistant/texts/`, in French and English.

Words("fr")("saved", count=3)      texts/fr.toml; a test holds both files to the same keys
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from assistant.texts import Language
from ui.wording import typeset


@cache
def table(language: Language) -> dict[str, str]:
    """Return all words of a language."""
    text = files("ui.agent").joinpath(f"texts/{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


class Words:
    """The words of one language; what comes out is HTML, its facts escaped."""

    def __init__(self, language: Language = "fr") -> None:
        self.language: Language = language
        self._table = table(language)

    def __call__(self, key: str, **facts: object) -> str:
        """Return the words of `key`, ready for a page; an unknown key is a KeyError."""
        return typeset(self.plain(key, **facts))

    def plain(self, key: str, **facts: object) -> str:
        """Return the words of `key` as text."""
        return self._table[key].format(**facts)

    def counted(self, key: str, count: int) -> str:
        """Return the words for one, or for several."""
        return self(f"{key}_one" if count == 1 else key, count=count)

    def has(self, key: str) -> bool:
        return key in self._table
