# SPDX-License-Identifier: EUPL-1.2
"""The words that programs are told, in French and in English: what is wrong, as plain text.

Words("fr")("bad_request", detail="question")
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from assistant.texts import Language


@cache
def table(language: Language) -> dict[str, str]:
    """Return all words of a language."""
    return tomllib.loads(files("ui.api").joinpath(f"texts/{language}.toml").read_text("utf-8"))


class Words:
    """The words of one language."""

    def __init__(self, language: Language = "fr") -> None:
        self._table = table(language)

    def __call__(self, key: str, **facts: object) -> str:
        """Return the words of `key`; an unknown key is a KeyError."""
        return self._table[key].format(**facts)

    def misfit(self, kind: str, limits: Mapping[str, object]) -> str:
        """Return how a field does not fit, by pydantic's name for it."""
        words = self._table.get(f"misfit_{kind}", self._table["misfit"])
        try:
            return words.format(**limits)
        except KeyError:
            return self._table["misfit"]
