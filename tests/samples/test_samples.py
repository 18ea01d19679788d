# SPDX-License-Identifier: EUPL-1.2
"""The sample town keeps its promises: its papers answer its questions, or do not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pypdfium2

from assistant.cards.making import values_without_source
from assistant.cards.quotes import found_in, row_of
from guardrails.roster import read_offices
from tests.corpus.conftest import ReadHere
from tests.samples.reading import READERS, folded, read_pages
from tests.table import each

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
QUESTIONS = tomllib.loads((SAMPLES / "questions.toml").read_text(encoding="utf-8"))["question"]
ANSWERABLE = [question for question in QUESTIONS if question["answers"]]
REFUSALS = [question for question in QUESTIONS if not question["answers"]]
DOCUMENTS = sorted(
    path
    for path in SAMPLES.glob("*/*")
    if path.is_file() and path.parent.name != "sources" and not path.name.startswith(".")
)
MOST_BYTES = 8_000_000
OTHERS = {
    *(".png", ".jpg", ".tif", ".xls", ".ods", ".doc", ".rtf", ".pptx", ".odp", ".msg", ".zip"),
    *(".xml", ".json"),
}
REASONS = {
    "no_evidence",
    "not_answered",
    "out_of_date",
    "individual_verdict",
    "personal_data",
    "false_premise",
    "off_topic",
}


def is_scan(path: Path) -> bool:
    """Say whether a file is a PDF without a single letter."""
    return path.suffix == ".pdf" and not any(page.strip() for page in read_pages(path))


def stands(answer: str, page: str) -> bool:
    """Say whether an answer stands on a page, not inside a longer number."""
    return bool(re.search(rf"(?<!\d){re.escape(folded(answer))}(?!\d)", folded(page)))


def test_forty_questions_are_answered_and_twenty_refused() -> None:
    assert (len(ANSWERABLE), len(REFUSALS)) == (40, 20)
    assert len({question["question"] for question in QUESTIONS}) == 60


def test_every_question_has_the_fields_of_the_contract() -> None:
    fields = {"question", "answers", "file", "page", "kind"}
    assert all(set(question) == fields for question in QUESTIONS)


@each("question", ANSWERABLE, ids=lambda question: question["question"][:60])
def test_the_first_answer_stands_on_the_page_named(question: dict[str, object]) -> None:
    answers, page = question["answers"], question["page"]
    assert isinstance(answers, list)
    assert isinstance(page, int)
    pages = read_pages(SAMPLES / str(question["file"]))
    assert 1 <= page <= len(pages)
    assert stands(answers[0], pages[page - 1])


def test_an_answer_that_is_not_on_the_page_is_noticed() -> None:
    assert not stands("48,00", "Concession de 15 ans : 148,00 €")


@each("question", REFUSALS, ids=lambda question: question["question"][:60])
def test_a_refusal_names_its_reason_and_no_page(question: dict[str, object]) -> None:
    assert question["kind"] in REASONS
    assert (question["file"], question["page"]) == ("", 0)


def test_no_question_waits_for_a_reader() -> None:
    files = {SAMPLES / question["file"] for question in ANSWERABLE}
    assert {path.suffix for path in files} == {".pdf", ".docx", ".odt", ".html", ".txt", ".md"}
    assert not [path.name for path in files if is_scan(path)]


def test_questions_are_spread_over_the_papers() -> None:
    counts = Counter(question["file"] for question in ANSWERABLE)
    assert len(counts) >= 30
    assert max(counts.values()) <= 2


def test_every_format_of_a_town_hall_is_there() -> None:
    suffixes = Counter(path.suffix for path in DOCUMENTS)
    assert set(suffixes) == {*READERS, ".xlsx", ".csv", ".eml", *OTHERS}
    assert sum(map(is_scan, DOCUMENTS)) >= 5
    assert len(DOCUMENTS) >= 50


def test_minutes_are_long_enough_to_get_lost_in() -> None:
    lengths = []
    for path in (SAMPLES / "proces-verbaux").glob("*.pdf"):
        document = pypdfium2.PdfDocument(path)
        lengths.append(len(document))
        document.close()
    assert sum(6 <= length <= 10 for length in lengths) >= 4


def test_the_town_is_light_enough_to_be_cloned() -> None:
    files = [path for path in SAMPLES.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_the_roster_holds_the_whole_council() -> None:
    roster = tomllib.loads((SAMPLES / "greffier.toml").read_text(encoding="utf-8"))
    council = folded(read_pages(SAMPLES / "vie-municipale" / "liste-des-elus.html")[0])
    names = [office.name for office in read_offices(roster["roster"])]
    elected = [name for name in names if folded(name) in council]
    assert len(elected) == 27


def test_a_rebuild_gives_the_same_words(tmp_path: Path) -> None:
    program = SAMPLES / "sources" / "build.py"
    subprocess.run([sys.executable, str(program), str(tmp_path)], check=True, capture_output=True)
    built = [path for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    assert len(built) == len(list(program.parent.glob("texts/*/*.txt"))) + 1 + len(OTHERS)
    for path in built:
        kept = SAMPLES / path.relative_to(tmp_path)
        assert kept.is_file()
        if path.suffix in READERS:
            assert read_pages(path) == read_pages(kept), path.name


def test_every_validated_answer_stands_on_its_page() -> None:
    rows = [json.loads(line) for line in (SAMPLES / "cards.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) >= 30
    for row in rows:
        for given in row["quotes"]:
            read = ReadHere().submit(SAMPLES / given["file"], (), given["file"]).result()
            page = read.pages[given["page"] - 1].text
            found = next(found_in(given["quote"], page), None) or row_of(given["quote"], page)
            assert found, given["quote"]
        quotes = [given["quote"] for given in row["quotes"]]
        assert not values_without_source(row.get("answer", ""), quotes), row["question"]
