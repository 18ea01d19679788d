# SPDX-License-Identifier: EUPL-1.2
"""Every word that a person or the model reads, in French and in English.

    Texts("fr")("refusal", "no_evidence") ─▶ « Je n'ai rien trouvé… »

The words live in `fr.toml` and `en.toml`, one table a section; a test checks
that both have the same keys and the same facts between braces.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["fr", "en"]


@cache
def _tables(language: Language) -> dict[str, dict[str, str]]:
    text = files(__name__).joinpath(f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


class Texts:
    """The words of one language.

    >>> Texts("fr")("cli", "no_results")
    'Aucun résultat.'
    """

    def __init__(self, language: Language = "fr") -> None:
        self.language: Language = language
        self._tables = _tables(language)

    def __call__(self, section: str, key: str, **facts: object) -> str:
        """Return the words of `key` with its facts filled in; an unknown key is a KeyError."""
        return self._tables[section][key].format(**facts)

    def decimal(self, value: float, decimals: int) -> str:
        """Return a number with so many decimals, as the language writes it.

        >>> Texts("fr").decimal(79.62, 1), Texts("en").decimal(79.62, 1)
        ('79,6', '79.6')
        """
        written = f"{value:.{decimals}f}"
        return written.replace(".", ",") if self.language == "fr" else written

    def section(self, section: str) -> dict[str, str]:
        """Return a copy of a whole section."""
        return dict(self._tables[section])
