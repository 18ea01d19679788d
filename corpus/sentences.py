# SPDX-License-Identifier: EUPL-1.2
"""Where French administrative sentences end, and where a line may be cut.

A full stop does not end a sentence after an abbreviation (`M.`, `art.`, `n°`), an
initial (`J. Martin`), the letter of a code (`L. 2121-29`) or inside a number.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

END = re.compile(r"(?<![.!?…])[.!?…]++(?:\s?[»”\")\]])*(?=\s)|\n+")
NEXT_STARTS = re.compile(r"\s+[«“\"(\[–—•-]*\s*[A-ZÀ-ÖØ-Þ0-9\[]")
LAST_WORD = re.compile(r"[^\W\d_]+(?=\.[»”\")\]\s]*$)")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each sentence, white space around left out.

    >>> text = "M. le Maire lit l'art. L. 2121-29. Il est adopté à 12.5 %."
    >>> [text[a:b] for a, b in sentences(text)]
    ["M. le Maire lit l'art. L. 2121-29.", 'Il est adopté à 12.5 %.']
    """
    found: list[tuple[int, int]] = []
    start = 0
    for mark in END.finditer(text):
        if mark.group().startswith("\n") or _ends(text, start, mark):
            _append(found, text, start, mark.end())
            start = mark.end()
    _append(found, text, start, len(text))
    return found


def shortened(line: str, max_chars: int) -> str:
    """Return a line cut after a whole word, with a sign that it was cut."""
    if len(line) <= max_chars:
        return line
    return line[: max_chars - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _ends(text: str, start: int, mark: re.Match[str]) -> bool:
    if not NEXT_STARTS.match(text, mark.end()):
        return False
    if mark.group()[0] != "." or mark.group().startswith(".."):
        return True
    before = LAST_WORD.search(text[max(start, mark.start() - 24) : mark.end()])
    if before is None:
        # "1. Tarifs", "2.1. Objet": the number of an item is not a sentence.
        return not re.fullmatch(r"\s*[\d.]{1,6}", text[start : mark.end()])
    word = before.group()
    return len(word) > 1 and word.lower() not in _abbreviations()


def _append(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        found.append((start, end))


@cache
def _abbreviations() -> frozenset[str]:
    lines = (Path(__file__).parent / "lexicons" / "abbreviations.txt").read_text("utf-8")
    return frozenset(w for line in lines.splitlines() if line[:1] != "#" for w in line.split())
