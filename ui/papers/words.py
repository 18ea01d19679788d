# SPDX-License-Identifier: EUPL-1.2
"""The French names of what the register holds, and what each kind of entry answers to.

entries.toml ─entries▶ {Kind: Entry}      words.toml ─words▶ {section: {value: name}}
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from guardrails.register.records import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A kind of entry: its name, what it holds, and what each text asks that it serves; an empty
    one is served by another kind."""

    name: str
    holds: str
    article_12: str = ""
    article_26: str = ""
    cnil: str = ""


@cache
def entries() -> dict[Kind, Entry]:
    """Return what is said of each kind of entry; KeyError or TypeError for a broken file."""
    return {Kind(kind): Entry(**told) for kind, told in _table("entries.toml").items()}


@cache
def words() -> dict[str, dict[str, str]]:
    """Return names of values, by section."""
    return _table("words.toml")


def _table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(files("ui.papers").joinpath(name).read_text("utf-8"))
