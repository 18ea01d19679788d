# SPDX-License-Identifier: EUPL-1.2
"""The light markup in which the town's papers are written, and its reader.

    ---            ┐ header: `key: value` lines
    format: pdf    │
    ---            ┘
    # ## ###         headings               - text     list item
    | a | b |        table row (1st: head)  {widths: 3 1}  before a table
    > text           right block (signature)   = text  centred
    : text           a line kept as it is      ^ text  small note
    ! text           framed paragraph          ====    new page
    {stamp}          seal and signature        ----    rule

Anything else is a paragraph; **bold** and *italic* work inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SPACES = re.compile(r"(?<=\d) (?=\d{3}\b)|(?<=n°) |(?<=\S) (?=[€%:;?!»])|(?<=«) ")
PREFIXES = {">": "right", "=": "centre", ":": "line", "^": "note", "!": "frame", "-": "item"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a paper: `rows` for a table, `text` for the rest."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as written: its header and its blocks."""

    name: str
    header: dict[str, str]
    blocks: tuple[Block, ...]

    def get(self, key: str, default: str = "") -> str:
        return self.header.get(key, default)


def read_paper(path: Path, name: str) -> Paper:
    """Read one source text."""
    text = path.read_text(encoding="utf-8")
    _, head, body = text.split("---\n", 2)
    header = dict(_pair(line) for line in head.splitlines() if line.strip())
    return Paper(name=name, header=header, blocks=tuple(_blocks(typeset(body))))


def typeset(text: str) -> str:
    """Put the no-break spaces that a French word processor puts.

    >>> typeset("n° 3 : 1 200 €").count("\xa0")
    4
    """
    return SPACES.sub("\xa0", text)


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Split a text into (style, words), style being "", "bold" or "italic".

    >>> list(runs("un **mot** fort"))
    [('', 'un '), ('bold', 'mot'), ('', ' fort')]
    """
    for part in re.split(r"(\*\*[^*]+\*\*|\*[^*]+\*)", text):
        if part.startswith("**"):
            yield "bold", part[2:-2]
        elif part.startswith("*") and len(part) > 2:
            yield "italic", part[1:-1]
        elif part:
            yield "", part


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key.strip(), value.strip()


def _blocks(body: str) -> Iterator[Block]:
    widths: tuple[float, ...] = ()
    for chunk in re.split(r"\n\s*\n", body.strip()):
        lines = chunk.splitlines()
        while lines:
            line = lines[0]
            if match := re.fullmatch(r"\{widths: ([\d. ]+)\}", line):
                widths = tuple(float(x) for x in match[1].split())
                lines.pop(0)
            elif line.startswith("|"):
                rows = _take(lines, lambda x: x.startswith("|"))
                cells = tuple(
                    tuple(c.strip() for c in r.strip().strip("|").split("|")) for r in rows
                )
                yield Block(kind="table", rows=cells, widths=widths)
                widths = ()
            elif block := _single(line):
                yield block
                lines.pop(0)
            else:
                plain = _take(lines, lambda x: not x.startswith("|") and _single(x) is None)
                yield Block(kind="paragraph", text=" ".join(p.strip() for p in plain))


def _single(line: str) -> Block | None:
    if match := re.match(r"(#{1,3}) (.+)", line):
        return Block(kind="heading", level=len(match[1]), text=match[2])
    if line == "====":
        return Block(kind="page")
    if line == "----":
        return Block(kind="rule")
    if line == "{stamp}":
        return Block(kind="stamp")
    if line in {":", ">"}:
        return Block(kind="line")
    if len(line) > 1 and line[1] == " " and line[0] in PREFIXES:
        return Block(kind=PREFIXES[line[0]], text=line[2:])
    return None


def _take(lines: list[str], wanted: Callable[[str], bool]) -> list[str]:
    taken = []
    while lines and wanted(lines[0]):
        taken.append(lines.pop(0))
    return taken
