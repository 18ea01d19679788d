# SPDX-License-Identifier: EUPL-1.2
"""A question as it is meant, where it is written as a message is.

    "bjr c cb la cantine svp" ─▶ "c'est combien la cantine"

Search, the forms and the model read what this gives; the register keeps what was asked. The
spellings are those of `spellings.toml`, in its order. An ordinary question loses its greeting.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

_FILE = files(__package__).joinpath("spellings.toml")
_WRITTEN = [
    (re.compile(spelt, re.IGNORECASE), meant)
    for spelt, meant in tomllib.loads(_FILE.read_text("utf-8"))["written"]
]
_PART = re.compile(r"(?P<hidden>\[[A-ZÀ-Ý_]+_\d*\]?)|[^\[]+|\[")
_SPARE_BLANKS = re.compile(r" +(?= |[,.])")
_LETTER = re.compile(r"[^\W\d_]")


def spelled_out(text: str) -> str:
    """Return a hidden question with the spellings of messages written out.

    >>> spelled_out("Bjr, c cb la cantine pr [PERSONNE_1] svp ?")
    "c'est combien la cantine pour [PERSONNE_1] ?"
    >>> spelled_out("Où est le bâtiment C ?")
    'Où est le bâtiment C ?'
    """
    written = _in_small_letters(text)
    for spelt, meant in _WRITTEN:
        written = spelt.sub(meant, written)
    if written == text or not _LETTER.search(written):
        return text
    return _SPARE_BLANKS.sub("", written).strip()


def _in_small_letters(text: str) -> str:
    """A message that is all capitals says nothing by them; placeholders keep theirs."""
    said = "".join(part[0] for part in _PART.finditer(text) if not part["hidden"]).split()
    if len(said) < 2 or not "".join(said).isupper():
        return text
    return _PART.sub(lambda part: part[0] if part["hidden"] else part[0].lower(), text)
