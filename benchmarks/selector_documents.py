# SPDX-License-Identifier: EUPL-1.2
"""Real papers that the selector learns from, beside questions that are ours.

Guides of service-public.fr, articles of the Code général des collectivités territoriales, minutes
of two sessions and reports of Montpellier: none is of a question set. They are read in place; kept
here are the questions (`readings/documents/`), each with the few words of the paper that answer.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from benchmarks.answers_sets import CGCT, DATA, FICHES
from benchmarks.probe_pairs import LOTS

QUESTIONS = LOTS / "documents"
MONTPELLIER = DATA / "mairie_montpellier_opendata"
MINUTES, REPORTS = (
    MONTPELLIER / f"VilleMTP_MTP_{name}" / archive
    for name, archive in (
        ("PVCM", "VilleMTP_MTP_PVCM_{year}.zip"),
        ("RapportDelegaAdmin", "VilleMTP_MTP_RapportDelegaAdmin.zip"),
    )
)
FIRST_PAGE, APART, PAGES = 8, 40, 24
"""Minutes are long: stretches of so many pages are taken, the first from that page (from 0)."""

Lay = Callable[[Sequence[str], Path], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the paper it is asked of, and what answers it there, if anything does.

    That is a few words, or how each of `rows`, the lines that answer together, begins.
    """

    document: str
    question: str
    answer: str | None
    rows: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The paper's file name, without its ending."""
        return Path(self.document).name


@dataclass(frozen=True, slots=True)
class RealPapers:
    """Papers of one kind, as they are laid in a folder, and what is asked of them."""

    name: str
    lay: Lay

    @property
    def asked(self) -> list[Asked]:
        lines = (QUESTIONS / f"{self.name}.jsonl").read_text("utf-8").splitlines()
        rows = (json.loads(line) for line in lines)
        return [Asked(row["document"], row["question"], row["answer"]) for row in rows]

    def laid(self, folder: Path) -> None:
        self.lay(sorted({one.document for one in self.asked}), folder)


def _guides(documents: Sequence[str], folder: Path) -> None:
    wanted = {f"package/data/{name}.json" for name in documents}
    with tarfile.open(FICHES) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name in wanted else None
            if content is not None:
                (folder / Path(member.name).name).write_bytes(content.read())


def _law(documents: Iterable[str], folder: Path) -> None:
    for name in documents:
        shutil.copy2(CGCT / f"{name}.md", folder)


def _council(documents: Sequence[str], folder: Path) -> None:
    """Reports are named by their number (`delib_2013_376`), minutes by stretch."""
    with zipfile.ZipFile(REPORTS) as archive:
        for name in archive.namelist():
            number = name.lower()[: len("delib_2013_376")]
            if number in documents:
                (folder / f"{number}.pdf").write_bytes(archive.read(name))
    for session in sorted({name[:-2] for name in documents if name.startswith("PV")}):
        path = Path(str(MINUTES).format(year=session[-4:]))
        with zipfile.ZipFile(path) as archive:
            (inside,) = (name for name in archive.namelist() if name.endswith(f"{session}.pdf"))
            whole = pypdfium2.PdfDocument(archive.read(inside))
        for stretch in (name for name in documents if name.startswith(session)):
            first = FIRST_PAGE + APART * int(stretch[-1])
            part = pypdfium2.PdfDocument.new()
            part.import_pages(whole, list(range(first, min(first + PAGES, len(whole)))))
            part.save(folder / f"{stretch}.pdf")


REAL_PAPERS = (
    RealPapers("guides", _guides),
    RealPapers("law", _law),
    RealPapers("council", _council),
)
