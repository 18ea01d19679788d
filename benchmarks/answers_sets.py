# SPDX-License-Identifier: EUPL-1.2
"""The question sets of `answers.py`, and the documents that each is asked of.

A set that is held out was never tuned on: its questions and answers are never printed, only
counted. Documents are laid out in a scratch folder, as the heads of the question files say.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
QUESTIONS = ROOT / "benchmarks" / "questions"
HELD_OUT = "_held_out"

Lay = Callable[[Path], None]
"""Lays a set's documents out in an empty folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSet:
    """Questions, the documents that they are asked of, and what was done with them before.

    `sources` are what must be there for it to run; `note` says what to know of its figures.
    """

    questions: Path
    sources: tuple[Path, ...]
    lay: Lay
    note: str
    settings: Path | None = None

    @property
    def name(self) -> str:
        stem = self.questions.stem
        return "samples" if stem == "questions" else stem

    @property
    def is_held_out(self) -> bool:
        return self.name.endswith(HELD_OUT)

    @property
    def is_there(self) -> bool:
        return self.questions.exists() and all(source.exists() for source in self.sources)


def _copied(folder: Path, pattern: str) -> Lay:
    def lay(scratch: Path) -> None:
        for source in sorted(folder.glob(pattern)):
            shutil.copy2(source, scratch / source.name)

    return lay


def _samples(scratch: Path) -> None:
    shutil.copytree(ROOT / "samples", scratch, dirs_exist_ok=True)


MONTPELLIER = DATA / "mairie_montpellier_opendata"
TARIFFS = MONTPELLIER / "VilleMTP_MTP_Tarifs" / "VilleMTP_MTP_Tarifs_2014.pdf"
COUNCIL = MONTPELLIER / "VilleMTP_MTP_Delibs" / "VilleMTP_MTP_Delib_2014_04_24.zip"
FAQ = DATA / "faq_collectivite_arno37" / "raw" / "faq_base.json"
PIERREFONDS = DATA / "mairie_pierrefonds" / "docs"
CORTE = DATA / "mairie_corte" / "officiel"
TRIFOUILLIS = DATA / "mairie_fictive_trifouillis" / "Corpus"


def _montpellier(scratch: Path) -> None:
    shutil.copy2(TARIFFS, scratch / TARIFFS.name)
    with zipfile.ZipFile(COUNCIL) as archive:
        archive.extractall(scratch)


def _faq(scratch: Path) -> None:
    entries = json.loads(FAQ.read_text("utf-8"))["faq"]
    text = "".join(f"## {e['question']} \n\n{e['answer']}\n\n" for e in entries)
    (scratch / "faq.md").write_text(text, "utf-8")


def _of(stem: str, sources: tuple[Path, ...], lay: Lay, note: str) -> AnswerSet:
    return AnswerSet(questions=QUESTIONS / f"{stem}.toml", sources=sources, lay=lay, note=note)


TUNED = "may be tuned on"
UNSEEN = "held out: never tuned on"

SETS = {
    one.name: one
    for one in (
        AnswerSet(
            questions=ROOT / "samples" / "questions.toml",
            sources=(),
            lay=_samples,
            settings=ROOT / "samples" / "greffier.toml",
            note="the invented town of the samples; may be tuned on",
        ),
        _of("trifouillis_dev", (TRIFOUILLIS,), _copied(TRIFOUILLIS, "*"), TUNED),
        _of("faq_dev", (FAQ,), _faq, TUNED),
        _of("montpellier_dev", (TARIFFS, COUNCIL), _montpellier, TUNED),
        _of("pierrefonds_dev", (PIERREFONDS,), _copied(PIERREFONDS, "*.pdf"), TUNED),
        _of("corte_dev", (CORTE,), _copied(CORTE, "*.pdf"), f"mostly scans; {TUNED}"),
        _of("pierrefonds_held_out", (PIERREFONDS,), _copied(PIERREFONDS, "*.pdf"), UNSEEN),
        _of("corte_held_out", (CORTE,), _copied(CORTE, "*.pdf"), f"mostly scans; {UNSEEN}"),
    )
}
