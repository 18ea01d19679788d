# SPDX-License-Identifier: EUPL-1.2
"""Each layer broken on purpose, and bad input: a refusal or a right result, never a raw text."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import guardrails.names.detector as names_detector
from guardrails.errors import DetectorFailed, TextTooLong
from guardrails.examination import queued
from guardrails.findings import Detector, Entity, Finding
from guardrails.guard import Guard, open_guard, open_quick_guard
from guardrails.policy import Policy
from guardrails.recognizers import RECOGNIZERS
from guardrails.redaction import View
from tests.table import each

NIR = "2 69 05 49 588 157 80"


class Broken:
    """A detector that does what it should not."""

    name = "broken"

    def __init__(self, does: str) -> None:
        self._does = does

    def find(self, text: str) -> Sequence[Finding]:
        if self._does == "raises":
            raise RuntimeError(text)
        if self._does == "runs out of memory":
            raise MemoryError
        if self._does == "recurses":
            return self.find(text)
        if self._does == "never comes back":
            time.sleep(3600)
        if self._does == "points outside":
            return [Finding(0, len(text) + 1, Entity.NIR, "broken")]
        return None  # type: ignore[return-value]  # on purpose


BROKEN = ["raises", "runs out of memory", "recurses", "never comes back", "points outside",
          "returns nothing"]  # fmt: skip


@each("does", BROKEN)
def test_a_broken_layer_closes_the_guard_and_says_no_word(does: str) -> None:
    guard = Guard([*RECOGNIZERS, Broken(does)], patience=0.5)
    with pytest.raises(DetectorFailed) as closed:
        guard.screen(f"NIR {NIR}")
    assert closed.value.detector == "broken"
    assert "588" not in str(closed.value)


def test_a_broken_layer_closes_explanations_and_documents_too() -> None:
    guard = Guard([Broken("raises")])
    with pytest.raises(DetectorFailed):
        guard.explain(NIR)
    with pytest.raises(DetectorFailed):
        guard.screen_documents([["page 1"], ["page 2"]])


@pytest.mark.parametrize("recognizer", RECOGNIZERS, ids=lambda r: str(r.name))
def test_each_recogniser_that_raises_closes_the_guard(
    recognizer: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(self: object, text: str) -> Sequence[Finding]:
        if self is recognizer:
            raise ValueError
        return ()

    monkeypatch.setattr(type(recognizer), "find", explode)
    with pytest.raises(DetectorFailed):
        Guard(RECOGNIZERS).screen("Le conseil approuve.")


def test_a_missing_lexicon_opens_no_guard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def gone(*_: object) -> None:
        raise FileNotFoundError("lexicon")

    monkeypatch.setattr(names_detector.NamesDetector, "__init__", gone)
    with pytest.raises(FileNotFoundError):
        open_quick_guard()


@pytest.mark.real
def test_a_missing_language_model_opens_no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guardrails.french_model.MODEL", "fr_core_news_missing")
    with pytest.raises((OSError, ImportError, LookupError)):
        open_guard()


def test_a_language_model_that_is_missing_later_closes_the_guard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guard = open_guard()
    monkeypatch.setattr("guardrails.presidio.MODEL", "fr_core_news_missing")
    for _ in range(2):
        with pytest.raises(DetectorFailed):
            guard.screen("Réunion avec Rosier puis Marchal, salle Pons.")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[default\n", b"[default]\nkeep = 3\n"])
def test_a_policy_that_cannot_be_read_opens_no_guard(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(ValueError):  # TOML, UTF-8 and pydantic have their own
        Policy.read(path)
    with pytest.raises(FileNotFoundError):
        Policy.read(tmp_path / "none.toml")


def test_the_way_back_from_a_placeholder_leads_to_the_original_place() -> None:
    view = View("abc 12 def", [Finding(4, 6, Entity.NIR, "x")], trusted=False)
    assert view.original(Finding(len("abc [NIR_1] "), len("abc [NIR_1] def"), Entity.NIR, "y")) == (
        Finding(7, 10, Entity.NIR, "y")
    )


# -- bad input


@pytest.fixture(scope="module")
def guard() -> Guard:
    return Guard(RECOGNIZERS)


def test_ten_megabytes_on_one_line_are_refused(guard: Guard) -> None:
    with pytest.raises(TextTooLong):
        guard.screen("a" * 10_000_000)


def test_a_table_of_a_hundred_thousand_cells_is_screened(guard: Guard) -> None:
    row = ";".join(f"case {n}" for n in range(10))
    table = "\n".join([row] * 5_000 + [f"Arran;{NIR};06 39 98 45 12"] + [row] * 5_000)
    screened = guard.screen(table)
    assert {f.entity for f in screened.findings} == {Entity.NIR, Entity.PHONE}
    assert "588" not in screened.text


@each(
    "sign",
    ["\u200b", "\u200e", "\u200f", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u00a0", "\u202f"],
    ids=lambda sign: f"U+{ord(sign):04X}",
)
def test_a_number_with_signs_that_nobody_sees_is_hidden_whole(guard: Guard, sign: str) -> None:
    number = sign.join(NIR.replace(" ", ""))
    screened = guard.screen(f"Assuré : {number}, à jour")
    assert screened.text == "Assuré : [NIR_1], à jour"


def test_lone_surrogates_and_nulls_change_nothing(guard: Guard) -> None:
    screened = guard.screen(f"a\x00b\udcff NIR {NIR}\ud800")
    assert screened.text == "a\x00b\udcff NIR [NIR_1]\ud800"


def test_an_empty_text_and_blank_pages_come_out_as_they_were(guard: Guard) -> None:
    assert guard.screen("").text == ""
    assert [page.text for page in guard.screen_pages(["", " \n", "\f"])] == ["", " \n", "\f"]


def test_a_detector_that_has_no_core_is_not_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        name = "slow"

        def find(self, text: str) -> Sequence[Finding]:
            time.sleep(1.5)
            return ()

    guard = Guard([Slow()], patience=0.2)
    with pytest.raises(DetectorFailed):
        guard.screen("Le conseil approuve.")
    monkeypatch.setattr("guardrails.examination.queued", lambda thread: 60.0)
    assert guard.screen("Le conseil approuve.").text == "Le conseil approuve."


def test_how_long_a_thread_had_no_core_is_known() -> None:
    mine = threading.get_native_id()
    assert queued(mine) >= 0
    assert Path(f"/proc/self/task/{mine}/schedstat").exists()
    assert queued(None) == 0.0
