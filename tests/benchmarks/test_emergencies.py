# SPDX-License-Identifier: EUPL-1.2
"""The messages that the emergency classifier learns from, and how its mistakes are counted."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import emergencies
from benchmarks.emergencies import (
    CLASSES,
    FOLDER,
    JUDGES,
    NONE,
    Message,
    asked,
    by_words,
    count,
    threshold_of,
    untaught,
    written,
)
from guardrails.intervals import clopper_pearson
from tests.table import each
from ui.senior.words import LANGUAGES

LEAST_EMERGENCIES, LEAST_ORDINARY, LEAST_EACH = 900, 2500, 10


@each("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_each_line_is_a_message_of_a_known_concern_and_language(path: Path) -> None:
    for line in path.read_text("utf-8").splitlines():
        one = json.loads(line)
        assert set(one) == {"id", "text", "lang", "concern"}
        assert one["text"] == one["text"].strip() != ""
        assert one["lang"] in LANGUAGES
        assert one["concern"] in CLASSES
        by_one_author = path.stem.rpartition("_")[2] in LANGUAGES  # the others number their lines
        assert one["id"].startswith(f"{one['lang']}-{one['concern']}-" if by_one_author else "t")


def test_there_are_enough_of_each_and_none_twice() -> None:
    rows = written()
    assert len({one.id for one in rows}) == len({one.text for one in rows}) == len(rows)
    assert sum(one.is_emergency for one in rows) >= LEAST_EMERGENCIES
    assert sum(not one.is_emergency for one in rows) >= LEAST_ORDINARY
    each = Counter((one.lang, one.concern) for one in rows)
    assert min(each[lang, concern] for lang in LANGUAGES for concern in CLASSES) >= LEAST_EACH


def test_nothing_that_is_held_out_teaches() -> None:
    taught = {one.text for one in asked()} | {one.text for one in written()}
    for path in FOLDER.parent.glob("*/*held_out.jsonl"):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert not taught & {line["q"] for line in lines if "q" in line}


def message(lang: str, number: str, concern: str = NONE) -> Message:
    return Message(id=f"{lang}-{number}", text="…", lang=lang, concern=concern)


def test_what_judges_is_by_authors_who_are_there() -> None:
    assert {one.author for one in written()} >= JUDGES
    rest = untaught()
    assert 0.25 < len(rest) / len(asked()) < 0.42
    assert {one.author for one in rest} == {""}


def test_the_word_lists_of_before_are_as_they_were() -> None:
    assert by_words("Je veux mourir") == ("distress",)
    assert by_words("İmdat, yangın var") == ("medical", "fire", "gas")
    assert by_words("زوجي يضربني") == ("violence",)
    assert by_words("Quand a lieu le feu d’artifice ?") == ()


def test_mistakes_are_counted_by_language_and_concern() -> None:
    rows = [
        message("fr", "1", "gas"),
        message("fr", "2", "fire"),
        message("tr", "3", "gas"),
        message("tr", "4"),
        message("fr", "5"),
    ]
    said = {"fr-1": ("gas",), "fr-2": ("gas",), "tr-3": (), "tr-4": ("cold",), "fr-5": ()}
    found = {row["name"]: row for row in count(rows, lambda one: said[one.id])}

    assert found["all"] | {"by": "", "name": ""} == {
        "by": "", "name": "", "emergencies": 3, "noticed": 2, "right": 1, "ordinary": 2, "false": 1,
    }  # fmt: skip
    assert (found["tr"]["noticed"], found["tr"]["false"]) == (0, 1)
    assert (found["gas"]["emergencies"], found["gas"]["right"]) == (2, 1)
    assert found["fire"]["noticed"] == 1


@pytest.mark.parametrize(
    ("hits", "total", "interval"),
    [(291, 300, (0.9438, 0.9862)), (300, 300, (0.9878, 1.0)), (5, 1000, (0.0016, 0.0116))],
)
def test_the_interval_is_exact(hits: int, total: int, interval: tuple[float, float]) -> None:
    assert clopper_pearson(hits, total) == pytest.approx(interval, abs=1e-4)


def test_the_threshold_lets_few_ordinary_messages_through() -> None:
    alarms = [place / 1000 for place in range(1000)]
    for share in (emergencies.FALSE_ALARMS, emergencies.PERHAPS):
        threshold = threshold_of(alarms, share)
        assert sum(alarm >= threshold for alarm in alarms) == int(share * 1000)
