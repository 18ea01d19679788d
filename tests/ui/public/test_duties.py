# SPDX-License-Identifier: EUPL-1.2
"""The page of the AI Act's duties: each of them said, each test that it names there to fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.texts import Language
from tests.table import each
from ui.public.duties import DUTIES, SHORT, SOURCES, TOWN, page
from ui.wording import Words, table

ROOT = Path(__file__).parents[3]
DOC = ROOT.joinpath("docs", "ai-act.md").read_text("utf-8")
TESTS = {
    name
    for path in ROOT.joinpath("tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
}


@each("duty", DUTIES, ids=lambda duty: duty.key)
def test_a_duty_that_is_met_is_shown_by_tests_that_exist(duty) -> None:  # type: ignore[no-untyped-def]
    assert {*duty.tests} <= TESTS
    if duty.state in {"met", "partly"}:
        assert duty.tests


@each("duty", DUTIES, ids=lambda duty: duty.key)
def test_the_documentation_has_the_same_row(duty) -> None:  # type: ignore[no-untyped-def]
    say = Words("ui.public", "en")
    start = f"| {duty.article} | {say.plain(f'ia.{duty.key}_duty')} | "
    (row,) = (line for line in DOC.splitlines() if line.startswith(start))
    assert f"| {say.plain(f'ia.state_{duty.state}')} |" in row
    assert re.findall(r"`(test_\w+)`", row) == [*duty.tests]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_says_every_duty_what_falls_short_and_what_the_town_decides(
    language: Language,
) -> None:
    shown = page(Words("ui.public", language), "Mirelande <3")
    parsed = LexborHTMLParser(shown)
    assert len(parsed.css("main article h2")) == len(DUTIES)
    assert not parsed.css("table")  # names of tests would leave no room on a telephone
    assert len(parsed.css("main section li")) == len(SHORT) + len(TOWN) + len(SOURCES)
    assert shown.count("…………") == len(TOWN)  # blanks: nothing is decided in the town's place
    assert "Mirelande &lt;3" in shown and "{" not in shown
    for duty in DUTIES:
        for name in duty.tests:
            assert f"<code>{name}</code>" in shown


def test_no_word_of_the_page_is_left_over() -> None:
    used = {f"{duty.key}_{part}" for duty in DUTIES for part in ("duty", "met")}
    used |= {f"short_{key}" for key in SHORT} | {f"town_{key}" for key in TOWN}
    used |= {f"sources_{key}" for key in SOURCES}
    used |= {f"state_{state}" for state in ("met", "partly", "town", "not_due")}
    used |= {"title", "link", "lead", "article", "tests", "short_title", "town_title", "town_words"}
    used |= {"sources_title"}
    for language in ("fr", "en"):
        words = table("ui.public", language)  # type: ignore[arg-type]
        assert {key.removeprefix("ia.") for key in words if key.startswith("ia.")} == used
