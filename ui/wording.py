# SPDX-License-Identifier: EUPL-1.2
"""The words of one part of the screens, which lie beside it in French and English.

Words("ui.admin", "fr")("removed", count=3)     ui/admin/texts/fr.toml, en.toml

A key is `section.key`; those of `[common]` have no section.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from html import escape
from importlib.resources import files

from assistant.texts import Language

_TOGETHER = re.compile(r" (?=[?!:;»€])|(?<=«) ")


@cache
def table(package: str, language: Language) -> dict[str, str]:
    """Return all words of a part in a language."""
    text = files(package).joinpath(f"texts/{language}.toml").read_text("utf-8")
    return {
        key if section == "common" else f"{section}.{key}": words
        for section, some in tomllib.loads(text).items()
        for key, words in some.items()
    }


class Words:
    """The words of one language; what comes out of a call is HTML, its facts escaped."""

    def __init__(self, package: str, language: Language = "fr") -> None:
        self.language: Language = language
        self._table = table(package, language)

    def __call__(self, key: str, **facts: object) -> str:
        """Return the words of `key`, ready for a page; an unknown key is a KeyError."""
        return typeset(self.plain(key, **facts))

    def plain(self, key: str, **facts: object) -> str:
        """Return the words of `key` as text."""
        return self._table[key].format(**facts)

    def has(self, key: str) -> bool:
        return key in self._table


def model_note(model: str, language: Language) -> str:
    """Return what a word in a model's name means, as text; nothing for most names."""
    return Words("ui", language).plain("coder") if "coder" in model.lower() else ""


def bound(text: str) -> str:
    """Return French of which no line begins with its signs.

    >>> bound("Quel jour ?")
    'Quel jour\\xa0?'
    """
    return _TOGETHER.sub("\u00a0", text)


def typeset(text: str) -> str:
    """Return it as HTML."""
    return escape(bound(text))
