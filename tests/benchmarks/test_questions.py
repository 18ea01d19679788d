# SPDX-License-Identifier: EUPL-1.2
"""The question sets say what they claim: enough of each, and every answer stands on its page."""

from __future__ import annotations

import io
import json
import re
import tomllib
import unicodedata
import zipfile
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
SETS = sorted((ROOT / "benchmarks" / "questions").glob("*.toml"))
FOLDERS = {
    "pierrefonds": "mairie_pierrefonds/docs",
    "corte": "mairie_corte/officiel",
    "montpellier": "mairie_montpellier_opendata/VilleMTP_MTP_Tarifs",
    "trifouillis": "mairie_fictive_trifouillis/Corpus",
}
ARCHIVE = "mairie_montpellier_opendata/VilleMTP_MTP_Delibs/VilleMTP_MTP_Delib_2014_04_24.zip"
FAQ = "faq_collectivite_arno37/raw/faq_base.json"
REFUSALS = {
    "not_answered",
    "no_evidence",
    "off_topic",
    "personal_data",
    "individual_verdict",
    "false_premise",
    "contradiction",
    "out_of_date",
}


def questions(path: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = tomllib.loads(path.read_text(encoding="utf-8"))["question"]
    return rows


def plain(text: str) -> str:
    """One form for white space, quotes, dashes and case."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("’‘–—−", "''---"))
    return re.sub(r"\s+", " ", text.replace("\ufffe", "")).casefold()


@cache
def page_text(town: str, file: str, page: int) -> str:
    if town == "faq":
        entries = json.loads((DATA / FAQ).read_text(encoding="utf-8"))["faq"]
        return plain(" ".join(f"{e['question']} {e['answer']}" for e in entries))
    path = DATA / FOLDERS[town] / file
    if path.exists():
        content = path.read_bytes()
    else:
        with zipfile.ZipFile(DATA / ARCHIVE) as archive:
            content = archive.read(file)
    with pypdfium2.PdfDocument(io.BytesIO(content)) as document:
        return plain(document[page - 1].get_textpage().get_text_range())


def test_there_are_enough_questions_of_each_sort() -> None:
    every = [(path, row) for path in SETS for row in questions(path)]
    assert len(every) >= 120
    assert sum(not row["answers"] for _, row in every) >= 50
    assert sum(path.stem.endswith("_held_out") for path, _ in every) >= 40
    assert len({row["question"] for _, row in every}) == len(every)
    towns = [row for path, row in every if path.stem.split("_")[0] != "trifouillis"]
    assert len(towns) >= 120
    assert sum(not row["answers"] for row in towns) >= 50


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_a_question_to_refuse_names_its_reason_and_only_that(path: Path) -> None:
    for row in questions(path):
        assert set(row) == {"question", "answers", "file", "page", "kind"}
        assert (row["kind"] in REFUSALS) == (not row["answers"]) == (not row["file"])


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_the_first_answer_stands_on_its_page(path: Path) -> None:
    if not DATA.is_dir():
        pytest.skip("the real documents are not beside the repository (../shared/data)")
    town = path.stem.split("_")[0]
    for row in questions(path):
        answers, file, page = row["answers"], row["file"], row["page"]
        assert isinstance(answers, list)
        assert isinstance(file, str)
        assert isinstance(page, int)
        text = page_text(town, file, page) if answers else ""
        for part in answers[0].split(" & ") if text else ():  # a scan was read by eye
            assert plain(part) in text, row["question"]
