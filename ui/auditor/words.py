# SPDX-License-Identifier: EUPL-1.2
"""Every word of the auditor's pages, and how they write numbers, days and moments.

Words("fr")("title")               HTML, its facts escaped
Words("fr").plain("title")         text
Words("fr").name("kind", "intent") the word for a value of the register, or the value itself
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from html import escape
from importlib.resources import files

from assistant.texts import Language
from ui.senior.words import typeset

NARROW_SPACE = "\u202f"


@cache
def table(language: Language) -> dict[str, dict[str, str]]:
    """Return all words of a language, section by section."""
    text = files("ui.auditor").joinpath(f"texts/{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


class Words:
    """The words of one language; moments are told in `zone`, the machine's own by default."""

    def __init__(self, language: Language = "fr", zone: tzinfo | None = None) -> None:
        self.language: Language = language
        self.zone = zone
        self._table = table(language)

    def __call__(self, key: str, **facts: object) -> str:
        """Return the words of `key` as HTML; an unknown key is a KeyError."""
        return typeset(self.plain(key, **facts))

    def plain(self, key: str, **facts: object) -> str:
        """Return the words of `key` as text."""
        return self._table["page"][key].format(**facts)

    def counted(self, key: str, count: int, **facts: object) -> str:
        """Return the words of `key` for so many, as HTML."""
        return self(f"{key}_one" if count == 1 else key, count=self.whole(count), **facts)

    def name(self, section: str, value: str) -> str:
        """Return what a value of the register is called, as HTML."""
        return typeset(self._table[section].get(value, value))

    def names(self, section: str) -> Mapping[str, str]:
        """Return all values of a section with what they are called."""
        return self._table[section]

    def whole(self, number: int) -> str:
        """Return a whole number, thousands apart.

        >>> Words("fr").whole(100000).replace("\u202f", "_")
        '100_000'
        """
        return f"{number:,}".replace(",", NARROW_SPACE if self.language == "fr" else ",")

    def decimal(self, number: float, decimals: int) -> str:
        """Return a number with so many decimals.

        >>> Words("fr").decimal(3.14159, 2)
        '3,14'
        """
        written = f"{number:,.{decimals}f}"
        if self.language == "en":
            return written
        return written.replace(",", NARROW_SPACE).replace(".", ",")

    def day(self, day: date) -> str:
        """Return a day in figures.

        >>> Words("fr").day(date(2026, 3, 2))
        '02/03/2026'
        """
        return f"{day:%d/%m/%Y}" if self.language == "fr" else f"{day:%Y-%m-%d}"

    def local(self, moment: datetime) -> datetime:
        """Return a moment as the clock of this place tells it."""
        return moment.astimezone(self.zone)

    def moment(self, moment: datetime) -> str:
        """Return a moment as HTML, to the second."""
        local = self.local(moment)
        shown = f"{self.day(local.date())} {local:%H:%M:%S}"
        return f'<time datetime="{local.isoformat(timespec="seconds")}">{escape(shown)}</time>'
