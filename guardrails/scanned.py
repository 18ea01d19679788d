# SPDX-License-Identifier: EUPL-1.2
"""Words of an office as they were before a scanner cut or misread them: `m aire`, `Le Malre`."""

from __future__ import annotations

import re


def _cut(word: str) -> str:
    """Return a pattern for a word that a scanner may have cut, or read with `1` for `i`."""
    return r"[^\S\n]?".join(rf"[{c}1l!]" if c in "il" else c for c in word)


_SCANNED = tuple(
    (re.compile(rf"(?<!\w){_cut(word)}(?=[a-z]{{0,2}}(?!\w))", re.IGNORECASE), word)
    for word in ("maire", "adjoint", "conseiller", "conseillère", "municipal", "préfet")
)
"""An office's words, broken and whole; « municipales » keeps its ending."""


def mended(around: str) -> str:
    """Return a text with the words of an office mended; its length may change."""
    for broken, whole in _SCANNED:
        around = broken.sub(whole, around)
    return around
