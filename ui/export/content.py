# SPDX-License-Identifier: EUPL-1.2
"""What a file to take away says, whatever it is written in.

What a program may not put into such a file (control characters) is left out here, once for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby

from assistant.provenance import Mark
from guardrails.writable import writable

ASSISTED = "AI-assisted"


class Style(StrEnum):
    """What a paragraph is for."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    QUOTE = "quote"
    ITEM = "item"
    """One of a list; those that follow one another are one list."""
    SIGN = "sign"
    """Whose answer this is, after the icon."""
    MARK = "mark"
    """That a machine helped to write this."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; a line feed inside it is a new line."""

    text: str
    style: Style = Style.BODY

    @property
    def lines(self) -> list[str]:
        """The lines, without what no document may hold."""
        return _lines(self.text)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of one length; `is_named`: the first one names the columns."""

    cells: tuple[tuple[str, ...], ...]
    is_named: bool = False

    @property
    def rows(self) -> list[list[str]]:
        """The rows, each cell on one line, without what no document may hold."""
        return [[" ".join(" ".join(_lines(cell)).split()) for cell in row] for row in self.cells]


def _lines(text: str) -> list[str]:
    return writable(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")


def listed(
    parts: Iterable[Paragraph | Grid],
) -> Iterator[tuple[bool, list[Paragraph | Grid]]]:
    """Yield what follows one another, and whether it is one list."""
    for is_list, some in groupby(
        parts, lambda part: isinstance(part, Paragraph) and part.style is Style.ITEM
    ):
        yield is_list, [*some]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file says. `mark` is the sentence that says that a machine helped; it is shown
    under the title, and stands in the file's properties with its `provenance`, for programs. An
    answer has a `sign` as well: its words, after the `icon`. `more` are properties besides."""

    title: str
    mark: str
    provenance: Mark
    paragraphs: tuple[Paragraph | Grid, ...]
    sign: str = ""
    icon: str = "IA"
    language: str = "fr"
    producer: str = "Greffier"
    keywords: str = f"IA, {ASSISTED}"
    made: datetime | None = None
    more: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):  # titles and marks stand in properties too
            if isinstance(value := getattr(self, field.name), str):
                object.__setattr__(self, field.name, writable(value))

    @property
    def moment(self) -> str:
        """When it was made, as such files write it."""
        return (self.made or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def whole(self) -> tuple[Paragraph | Grid, ...]:
        """The title, the sign, the mark, then the rest."""
        sign = (Paragraph(self.sign, Style.SIGN),) if self.sign else ()
        mark = Paragraph(self.mark, Style.MARK)
        return (Paragraph(self.title, Style.TITLE), *sign, mark, *self.paragraphs)

    @property
    def properties(self) -> Mapping[str, str | bool]:
        """What the file says of itself, under names that programs look for."""
        proof = self.provenance.proof
        told: dict[str, str | bool] = {
            ASSISTED: self.mark if ASSISTED in self.keywords else "",
            "AIGenerated": self.provenance.ai_generated,
            "DigitalSourceType": self.provenance.source.uri,
            "RegisterOrigin": writable(proof.origin),
            "RegisterRecord": writable(proof.record),
            "RegisterLeaf": writable(proof.leaf),
            **{name: writable(value) for name, value in self.more},
        }
        return {name: value for name, value in told.items() if value != ""}
