# SPDX-License-Identifier: EUPL-1.2
"""Makes every binary document of the sample town from the texts beside it.

    python samples/sources/build.py [FOLDER]

    texts/<folder>/<name>.txt ──read_paper──▶ Paper ──pdf, office, scan──▶ samples/<folder>/…
    sheets.py ───────────────────────────────────────────────────────────▶ samples/tarifs/*.xlsx
    others.py ───────────────────────────────────────────▶ slides, pictures, archives, messages…

The texts, fixed dates and fixed seeds are the only input: built twice, the files are the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

from markup import Paper, read_paper
from office import write_docx, write_odt
from others import write_others
from pdf import write_pdf
from scan import write_mixed, write_scan
from sheets import write_sheets

HERE = Path(__file__).resolve().parent
WRITERS = {
    "pdf": (write_pdf, ".pdf"),
    "scan": (write_scan, ".pdf"),
    "mixed": (write_mixed, ".pdf"),
    "docx": (write_docx, ".docx"),
    "odt": (write_odt, ".odt"),
}


def papers() -> list[Paper]:
    """Read every source text, in the order of their names."""
    texts = HERE / "texts"
    return [
        read_paper(path, path.relative_to(texts).with_suffix("").as_posix())
        for path in sorted(texts.rglob("*.txt"))
    ]


def build(target: Path) -> int:
    """Write every document under `target`; return how many."""
    written = papers()
    for paper in written:
        write, suffix = WRITERS[paper.get("format")]
        file = target / f"{paper.name}{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        write(paper, file)
    return len(written) + write_sheets(target) + write_others(target)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent
    sys.stdout.write(f"{build(folder)} documents\n")
