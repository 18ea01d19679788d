# SPDX-License-Identifier: EUPL-1.2
"""Forms of questions, kept in TOML files: regular expressions on folded text, one a line.

    kinds.toml ─▶ read("kinds") ─▶ pattern(forms, words)

`<name>` in a form stands for an entry of the file's [words]. White space in a folded question is
one blank wherever it stands, so that a blank in a form is one too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

_PLAIN = {0x2010: "-", 0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None}
_NAME = re.compile(r"(?<!\(\?P)<([a-z_]+)>")


def read(name: str) -> dict[str, Any]:
    """Return the tables of one file of this room."""
    text = files(__package__).joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def pattern(forms: Iterable[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """Compile forms to one pattern; an unknown name is a KeyError."""
    return re.compile("|".join(filled(form, words) for form in forms))


def filled(form: str, words: Mapping[str, str]) -> str:
    """Put words in the place of their names, theirs too.

    >>> filled("<who> paie", {"who": "(?:<many>|on)", "many": "nous"})
    '(?:(?:(?:nous)|on)) paie'
    """

    def word(match: re.Match[str]) -> str:
        return f"(?:{filled(words[match[1]], words)})"

    return _NAME.sub(word, form)


def flat(folded: str) -> str:
    """One blank for all white space, one hyphen for all, nothing that has no width."""
    return " ".join(folded.translate(_PLAIN).split())
