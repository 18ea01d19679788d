# SPDX-License-Identifier: EUPL-1.2
"""What failed beside others is run once more, alone, and only where it is little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import alone


@pytest.fixture
def failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which pytest kept what failed, with a file of tests that pass and fail."""
    monkeypatch.chdir(tmp_path)
    kept = tmp_path / alone.FAILED
    kept.parent.mkdir(parents=True)
    (tmp_path / "test_some.py").write_text(
        "def test_fine(): pass\ndef test_wrong(): assert False\n", "utf-8"
    )
    return kept


def keep(kept: Path, *tests: str) -> None:
    kept.write_text(json.dumps(dict.fromkeys(tests, True)), "utf-8")


def test_what_passes_alone_was_a_race_and_is_named(
    failed: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    keep(failed, "test_some.py::test_fine")
    assert alone.main() == 0
    assert "A race, to be found, as they passed alone: test_some.py" in capfd.readouterr().out


def test_what_fails_alone_as_well_stays_a_failure(failed: Path) -> None:
    keep(failed, "test_some.py::test_fine", "test_some.py::test_wrong")
    assert alone.main() == 1


def test_many_failures_are_not_asked_again(failed: Path) -> None:
    keep(failed, *(f"test_some.py::test_fine[{n}]" for n in range(alone.MOST + 1)))
    assert alone.main() == 1


def test_a_failure_that_pytest_did_not_keep_stays_one(failed: Path) -> None:
    assert not failed.exists()
    assert alone.main() == 1
