# SPDX-License-Identifier: EUPL-1.2
"""Makes the PDF, DOCX and ODT papers of the invented towns from the texts in `sources/`.

    python -m benchmarks.towns.build [FOLDER]

    sources/<town>/<folder>/<name>.txt ──read──▶ Paper ──┬─▶ <town>/<folder>/<name>.pdf
                                                         ├─▶ …docx
                                                         └─▶ …odt

A text starts with `key: value` lines; its blocks stand between blank lines and say what they
are by how they begin: `#` to `###` headings, `-` an item, `^` centred, `>` on the right, `|` a
table (its first row is the head), `---` a new page. Plain files are in `<town>/` as they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.towns.office import write_docx, write_odt
from benchmarks.towns.papers import Block, Paper
from benchmarks.towns.pdf import write_pdf

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
WRITERS = {"pdf": write_pdf, "docx": write_docx, "odt": write_odt}
MARKS = {"# ": "h1", "## ": "h2", "### ": "h3", "- ": "item", "^ ": "centre", "> ": "right"}


@dataclass(frozen=True, slots=True)
class Source:
    """A text, and where its paper belongs under the towns' folder."""

    path: Path

    @property
    def paper(self) -> Paper:
        return read(self.path.read_text("utf-8"))

    def target(self, towns: Path, ending: str) -> Path:
        return (towns / self.path.relative_to(SOURCES)).with_suffix(f".{ending}")


def read(text: str) -> Paper:
    """Read a source text."""
    head, _, body = text.partition("\n\n")
    settings = dict(line.split(": ", 1) for line in head.splitlines())
    return Paper(settings=settings, blocks=tuple(_blocks(body)))


def _blocks(body: str) -> Iterator[Block]:
    for part in filter(None, (piece.strip("\n") for piece in body.split("\n\n"))):
        lines = part.splitlines()
        if part == "---":
            yield Block("page")
        elif part.startswith("|"):
            rows = tuple(tuple(c.strip() for c in line.strip("| ").split("|")) for line in lines)
            if len({len(row) for row in rows}) != 1:
                raise ValueError(f"a table whose rows differ in length: {lines[0]}")
            yield Block("table", rows=rows)
        elif part.startswith("- "):
            yield from (Block("item", line.removeprefix("- ")) for line in lines)
        else:
            mark = next((mark for mark in MARKS if part.startswith(mark)), "")
            kind = MARKS.get(mark, "text")
            yield Block(kind, " ".join(line.removeprefix(mark) for line in lines))


def build(towns: Path) -> int:
    """Write every paper under `towns`; return how many."""
    sources = [Source(path) for path in sorted(SOURCES.rglob("*.txt"))]
    for source in sources:
        paper = source.paper
        ending = paper.get("format")
        target = source.target(towns, ending)
        target.parent.mkdir(parents=True, exist_ok=True)
        WRITERS[ending](paper, target)
    return len(sources)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=HERE)
    print(build(parser.parse_args().folder), "papers")


if __name__ == "__main__":
    main()
