# SPDX-License-Identifier: EUPL-1.2
"""The sample town's questions, with the real model, hold the thresholds of benchmarks/gate.toml."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.tally import Gate

ROOT = Path(__file__).resolve().parents[2]
GATE = ROOT / "benchmarks" / "gate.toml"


def test_the_gate_looks_at_what_may_never_get_worse() -> None:
    gate = Gate.read(GATE)
    assert gate.quotes_off_page_at_most == 0
    assert gate.wrong_at_most is not None and gate.wrong_at_most <= 0.1
    assert gate.refused_at_least is not None and gate.refused_at_least >= 0.9
    assert gate.answered_at_least is not None


EVERY = 9
"""One question in so many is asked by each run of the tests; all of them by `make test-long`."""


@pytest.mark.real
@pytest.mark.parametrize("every", [EVERY, pytest.param(1, marks=pytest.mark.long)])
def test_the_sample_town_holds_the_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    monkeypatch.setenv("GREFFIER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GREFFIER_KEYS", str(tmp_path / "keys"))
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "samples" / "greffier.toml", tmp_path / "data")
    assert run(["corpus", "add", str(ROOT / "samples"), "--json"]) == 0
    capsys.readouterr()
    head, *asked = (ROOT / "samples" / "questions.toml").read_text("utf-8").split("[[question]]")
    questions = tmp_path / "questions.toml"
    questions.write_text("[[question]]".join([head, *asked[::every]]), "utf-8")
    code = run(["eval", str(questions), "--gate", str(GATE), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["broken"]) == (0, []), told
