# SPDX-License-Identifier: EUPL-1.2
"""The question sets say what they claim: enough of each, and every answer stands on its page."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from benchmarks import answers_sets
from tests.samples.reading import READERS, read_pages
from tests.table import each

ROOT = Path(__file__).resolve().parents[2]
SETS = sorted((ROOT / "benchmarks" / "questions").glob("*.toml"))
BY_EYE = {".doc", ".xls", ".ods", ".tif"}
PARTS = {"first", "second"}
"""What answers each of two things that one message asks."""

MARKS = re.compile(r"<[^>]*>")
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


def strings(node: object) -> Iterator[str]:
    """Every string of a JSON value, in its order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from strings(part)


@cache
def pages(file: Path) -> tuple[str, ...]:
    if file.suffix in READERS:
        return tuple(plain(page) for page in read_pages(file))
    if file.suffix in BY_EYE:
        return ("",)
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        text = " ".join(strings(json.loads(text)))
    return (plain(MARKS.sub(" ", text)),)


def test_there_are_enough_questions_of_each_sort() -> None:
    every = [(path, row) for path in SETS for row in questions(path)]
    assert len(every) >= 120
    assert sum(not row["answers"] for _, row in every) >= 50
    assert sum(path.stem.endswith("_held_out") for path, _ in every) >= 40
    town = {path: answers_sets.SETS[path.stem].settings or path for path, _ in every}
    assert len({(town[path], row["question"]) for path, row in every}) == len(every)
    towns = [row for path, row in every if path.stem.split("_")[0] != "trifouillis"]
    assert len(towns) >= 120
    assert sum(not row["answers"] for row in towns) >= 50


@each("path", SETS, ids=lambda path: path.stem)
def test_a_question_to_refuse_names_its_reason_and_only_that(path: Path) -> None:
    for row in questions(path):
        assert set(row) - PARTS == {"question", "answers", "file", "page", "kind"}
        if "first" not in row:  # of two things, the kind is that of the first
            assert (row["kind"] in REFUSALS) == (not row["answers"])
        assert row["answers"] or not row["file"]


@pytest.mark.parametrize("path", [p for p in SETS if p.stem.startswith("double")])
def test_what_answers_a_message_answers_one_of_its_parts(path: Path) -> None:
    for row in questions(path):
        each = {*cast(list[str], row.get("first", [])), *cast(list[str], row.get("second", []))}
        assert each == {*cast(list[str], row["answers"])}


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_the_first_answer_stands_on_its_page(path: Path, tmp_path: Path) -> None:
    one = answers_sets.SETS[path.stem]
    if not one.is_there:
        pytest.skip("the real documents are not beside the repository (../shared/data)")
    one.lay(tmp_path)
    for row in questions(path):
        answers, file, page = row["answers"], row["file"], row["page"]
        assert isinstance(answers, list)
        assert isinstance(file, str)
        assert isinstance(page, int)
        text = pages(tmp_path / file)[page - 1] if file else ""  # else any page may say it
        for part in answers[0].split(" & ") if text else ():  # a scan was read by eye
            assert plain(part) in text, row["question"]
