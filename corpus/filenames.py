# SPDX-License-Identifier: EUPL-1.2
"""File names as the guard reads them, and as they may be shown.

Courriers/DUPONT_Marie.pdf ─▶ `Courriers/DUPONT Marie` ─guard─▶ Courriers/[PERSONNE_1].pdf
"""

from __future__ import annotations

from pathlib import PurePosixPath

from corpus.readers.layout import clean
from guardrails.findings import Screened
from guardrails.placeholders import PLACEHOLDER


def readable_name(name: str) -> str:
    """Return a name in words, without its ending, sign for sign as long as the name."""
    return _stem(name).replace("_", " ").replace("+", " ").replace("\n", " ")


def hidden_name(name: str, screened: Screened) -> str:
    """Return the name with placeholders where the guard found something in its words."""
    stem = _stem(name)
    ending = name[len(stem) :]
    standing = [match.group() for match in PLACEHOLDER.finditer(screened.text)]
    findings = sorted(screened.findings)
    if len(standing) != len(findings):
        return _shown(screened.text + ending)
    shown, at = "", 0
    for finding, placeholder in zip(findings, standing, strict=True):
        shown += stem[at : finding.start] + placeholder
        at = finding.end
    return _shown(shown + stem[at:] + ending)


def _stem(name: str) -> str:
    return name.removesuffix(PurePosixPath(name).suffix)


def _shown(name: str) -> str:
    """Return a name that fits on a line: a file's name may hold line breaks."""
    return clean(name).replace("\n", " ").strip()
