# SPDX-License-Identifier: EUPL-1.2
"""Every word of the simple page, in the languages of the residents.

    Words("ar")("call", phone="…")      texts/ar.toml; a test holds the files to the same keys

Answers stay in French: they are the town's own sentences.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

LANGUAGES: Mapping[str, str] = {
    "fr": "Français",
    "en": "English",
    "ar": "العربية",
    "pt": "Português",
    "es": "Español",
    "tr": "Türkçe",
}
RIGHT_TO_LEFT = frozenset({"ar"})
_TOGETHER = re.compile(r" (?=[?!:;»€])|(?<=«) |(?<=\d) (?=h\b)|(?<=\d h) (?=\d\d\b)")


@cache
def table(language: str) -> dict[str, str]:
    """Return all words of a language."""
    text = files("ui.senior").joinpath(f"texts/{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


class Words:
    """The words of one language; what comes out is HTML, its facts escaped."""

    def __init__(self, language: str = "fr") -> None:
        self.language = language if language in LANGUAGES else "fr"
        self._table = table(self.language)

    @property
    def direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def __call__(self, key: str, **facts: object) -> str:
        """Return the words of `key`, ready for a page; an unknown key is a KeyError."""
        return typeset(self.plain(key, **facts))

    def plain(self, key: str, **facts: object) -> str:
        """Return the words of `key` as text."""
        return self.unfilled(key).format(**facts)

    def unfilled(self, key: str) -> str:
        """Return the words of `key` with its facts still between braces, for a script to fill."""
        return self._table[key]


def typeset(text: str) -> str:
    """Return French as HTML in which no line begins with its signs or splits an hour.

    >>> typeset("Quel jour ? À 8 h 30.")
    'Quel jour\u00a0? À 8\u00a0h\u00a030.'
    """
    return escape(_TOGETHER.sub("\u00a0", text))
