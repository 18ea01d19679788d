# SPDX-License-Identifier: EUPL-1.2
"""The invented papers that the probe learns from say what they claim."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from benchmarks.answers_sets import CGCT
from benchmarks.probe_pairs import LOTS, lots, near_misses
from benchmarks.selector_documents import REAL_PAPERS, RealPapers
from corpus.french import flat
from corpus.sentences import sentences
from tests.benchmarks.test_questions import SETS, plain, questions
from tests.table import each

FILES = sorted(LOTS.glob("*.jsonl"))
MAX_CHARS, MAX_HEADING = 1000, 120


TOWNS = sorted(LOTS.glob("towns/*.jsonl"))
VOICES = sorted(LOTS.glob("voices/*.jsonl"))
TABLES = sorted([*LOTS.glob("tables/*.jsonl"), *LOTS.glob("judged/*.jsonl")])


def _documents(path: Path) -> list[str]:
    chosen: list[str] = tomllib.loads(path.read_text("utf-8")).get("documents", [])
    return [str(name) for name in chosen]


def papers(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@each("file", FILES, ids=[file.stem for file in FILES])
def test_two_questions_are_answered_in_the_words_of_the_text_and_two_are_not(file: Path) -> None:
    for one in papers(file):
        text, asked = str(one["text"]), one["questions"]
        assert len(text) <= MAX_CHARS
        assert len(str(one["heading"])) <= MAX_HEADING
        answers = [q["answer"] for q in asked if q["answer"] is not None]
        assert (len(answers), len(asked)) == (2, 4)
        assert all(answer and answer in text and "\n" not in answer for answer in answers)
        assert len({q["question"] for q in asked}) == 4


def test_no_text_is_there_twice_and_no_question_is_one_of_a_set() -> None:
    written = [one for file in FILES for one in papers(file)]
    assert len({one["text"] for one in written}) == len(written) > 650
    asked = {plain(str(row["question"])) for path in SETS for row in questions(path)}
    ours = {plain(q["question"]) for one in written for q in one["questions"]}
    assert not asked & ours


@each("file", TOWNS, ids=[file.stem for file in TOWNS])
def test_papers_of_a_town_answer_four_questions_of_six(file: Path) -> None:
    for one in papers(file):
        answers = [q["answer"] for q in one["questions"] if q["answer"] is not None]
        assert (len(answers), len(one["questions"])) == (4, 6)
        assert all(answer and answer in one["text"] for answer in answers)


@each("file", VOICES, ids=[file.stem for file in VOICES])
def test_what_a_resident_asks_is_answered_by_one_line(file: Path) -> None:
    each = [(one["text"].split("\n"), q) for one in papers(file) for q in one["questions"]]
    assert len(papers(file)) == 44
    assert len({question["question"] for _, question in each}) == len(each) == 308
    told = [(lines, q["answer"]) for lines, q in each if q["answer"] is not None]
    assert all(sum(answer in line for line in lines) == 1 for lines, answer in told)
    assert 220 <= len(told) < len(each)


@each("file", TABLES, ids=[file.stem for file in TABLES])
def test_what_answers_together_is_named_by_how_each_line_begins(file: Path) -> None:
    asked = [(one["text"], q) for one in papers(file) for q in one["questions"]]
    for text, question in asked:
        pieces = [text[start:end] for start, end in sentences(text)]
        begins = [sum(piece.startswith(row) for piece in pieces) for row in _rows(question)]
        assert all(count == 1 for count in begins), question
    together = sum(len(_rows(question)) > 1 for _, question in asked)
    unanswered = sum(not _rows(question) for _, question in asked)
    assert together > 40
    assert unanswered == len(papers(file)) == 16
    assert len({question["question"] for _, question in asked}) == len(asked) >= 95


def _rows(question: dict[str, Any]) -> list[str]:
    return question["rows"] or []


def test_the_embedder_learns_no_question_of_a_set() -> None:
    asked = {plain(str(row["question"])) for path in SETS for row in questions(path)}
    learnt = [q for file in TOWNS for one in papers(file) for q in one["questions"] if q["answer"]]
    ours = {plain(q["question"]) for q in learnt}
    assert len(ours) > 1000
    assert not len(asked & ours)  # counted: what is held out is never shown


def test_what_is_learnt_cannot_be_told_from_a_question_or_a_paper_alone() -> None:
    pairs = [pair for group in lots() for pair in group]
    assert len(pairs) > 2500
    truths: dict[str, list[bool]] = {}
    for pair in pairs:
        asked = pair.prompt.user.rsplit("Question :", 1)[1]
        for key in (pair.prompt.user.removesuffix(asked), pair.origin + asked):
            truths.setdefault(key, []).append(pair.answers)
    assert all(sorted(told) == [False, True] for told in truths.values())


def test_near_misses_are_pairs_of_their_own() -> None:
    pairs = [pair for group in near_misses() for pair in group]
    assert sum(pair.answers for pair in pairs) * 2 == len(pairs) == len({p.key for p in pairs})
    learnt = {pair.origin for group in lots() for pair in group}
    assert not learnt & {pair.origin for pair in pairs}


@pytest.mark.parametrize("papers", REAL_PAPERS, ids=[one.name for one in REAL_PAPERS])
def test_real_papers_are_asked_what_they_tell_and_what_they_do_not(papers: RealPapers) -> None:
    asked = papers.asked
    answered = [one for one in asked if one.answer is not None]
    assert len({(one.document, one.question) for one in asked}) == len(asked) > 400
    assert 0.7 < len(answered) / len(asked) < 0.95
    assert all(0 < len(str(one.answer).split()) <= 14 for one in answered)
    assert not any("[PERSONNE" in one.question for one in asked)


def test_the_selector_learns_no_question_and_no_paper_of_a_set() -> None:
    learnt = [one for papers in REAL_PAPERS for one in papers.asked]
    asked = {plain(str(row["question"])) for path in SETS for row in questions(path)}
    tables = [q for file in TABLES for one in papers(file) for q in one["questions"]]
    ours = {*(plain(one.question) for one in learnt), *(plain(q["question"]) for q in tables)}
    assert len(ours) > 2300
    assert not len(asked & ours)  # counted: what is held out is never shown
    of_sets = {Path(name).name for path in SETS for name in _documents(path)}
    assert len(of_sets) > 50
    assert not len(of_sets & {one.file for one in learnt})
    assert not any("24_04_2014" in one.file for one in learnt)  # Montpellier's session of the sets


@pytest.mark.skipif(not CGCT.exists(), reason="needs ../shared/data/cgct_commune_md")
def test_articles_of_law_hold_the_words_that_answer() -> None:
    (law,) = (papers for papers in REAL_PAPERS if papers.name == "law")
    texts = {
        one.document: " ".join(flat((CGCT / f"{one.document}.md").read_text("utf-8")).split())
        for one in law.asked
    }
    answered = [one for one in law.asked if one.answer]
    held = [flat(str(one.answer)) in texts[one.document] for one in answered]
    assert sum(held) == len(held) > 300
