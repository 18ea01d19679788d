# SPDX-License-Identifier: EUPL-1.2
"""Long texts of a service are screened in another process, by the same rules."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from assistant.wiring import open_parts
from corpus import long_texts
from corpus.long_texts import FROM_CHARS, LongTexts
from corpus.screening import ScreeningPool
from guardrails.errors import DetectorFailed
from tests.corpus.test_screening import STAND_IN, processes
from tests.fakes import WordGuard

LETTER = "Madame Zuliani écrit au maire. " * (FROM_CHARS // 20)


class Here(WordGuard):
    """The guard of this process; it remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__("Zuliani")
        self.shown = 0

    def screen_documents(self, documents: Any, **rules: Any) -> Any:
        self.shown += 1
        return super().screen_documents(documents, **rules)

    def screen(self, text: str, **rules: Any) -> Any:
        self.shown += 1
        return super().screen(text, **rules)


@pytest.fixture
def here() -> Here:
    return Here()


@pytest.fixture
def pool() -> ScreeningPool:
    return ScreeningPool(
        roster=["Zuliani"], lanes=1, command=(sys.executable, "-c", STAND_IN), patience=20.0
    )


@pytest.fixture
def guard(here: Here, pool: ScreeningPool) -> Iterator[LongTexts]:
    guard = LongTexts(here, pool)
    yield guard
    guard.close()


def test_a_long_text_never_meets_the_guard_of_the_process_that_serves(
    guard: LongTexts, here: Here
) -> None:
    screened = guard.screen(LETTER)
    assert guard.screen_documents([[LETTER[:-5], LETTER]], policy="plu")[0][1] == screened
    assert here.shown == 0
    assert screened == WordGuard("Zuliani").screen(LETTER)
    assert "Zuliani" not in screened.text


def test_a_question_does_not_wait_for_another_process(
    guard: LongTexts, here: Here, pool: ScreeningPool
) -> None:
    assert guard.screen("Zuliani ?").text == "[PERSONNE_1] ?"
    assert guard.screen_documents([["Zuliani"], ["Rien"]])[0][0].text == "[PERSONNE_1]"
    assert here.shown
    assert pool._crew is None


def test_a_long_text_is_refused_where_the_other_process_dies(guard: LongTexts) -> None:
    with pytest.raises(DetectorFailed):
        guard.screen(LETTER + "#mort#")
    assert guard.screen(LETTER).findings


def test_the_other_process_goes_when_nobody_needs_it(guard: LongTexts, pool: ScreeningPool) -> None:
    guard.screen(LETTER)
    crew = pool._crew
    assert crew is not None
    assert guard._rest is not None
    with guard._busy():  # a text is under way while the time is up
        guard._end()
        assert pool._crew is crew
    guard._end()
    assert pool._crew is None
    end = time.monotonic() + 20  # a fork that was killed may be a moment on its way
    while processes(str(crew._process.pid)) and time.monotonic() < end:
        time.sleep(0.05)
    assert processes(str(crew._process.pid)) == []
    assert guard.screen(LETTER).findings


def test_a_screening_process_dies_before_the_service() -> None:
    program = STAND_IN.replace(
        "roster = json", "from corpus.containment import dies_first\ndies_first()\nroster = json"
    )
    with ScreeningPool(lanes=1, command=(sys.executable, "-c", program)) as pool:
        pool.screen_documents([["Rien"]])
        assert pool._crew is not None
        scores = [
            int((folder / "oom_score_adj").read_text("ascii"))
            for folder in processes(str(pool._crew._process.pid))
        ]
    assert min(scores) > int(Path("/proc/self/oom_score_adj").read_text("ascii"))
    source = Path(long_texts.__file__).with_name("screening_worker.py").read_text("utf-8")
    assert "    dies_first()\n" in source


def test_a_service_has_such_a_guard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREFFIER_KEYS", os.fspath(tmp_path / "keys"))
    settings = Settings.model_validate({"roster": ["Bernard Couderc"]})
    monkeypatch.setattr("assistant.in_force.InForce.guard", WordGuard("Zuliani"))
    with open_parts(tmp_path / "data", tmp_path / "keys", settings) as parts:
        assert isinstance(parts.long_texts, LongTexts)
        elsewhere = parts.long_texts._elsewhere
        assert isinstance(elsewhere, ScreeningPool)
        assert elsewhere._settings["roster"] == ["Bernard Couderc"]
