# SPDX-License-Identifier: EUPL-1.2
"""Running again on a corpus that did not change: little is done, and twice as much for twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.walk import FoundFile
from tests.corpus.conftest import Town

TEXT = "Le registre numéro {} est ouvert en mairie du lundi au vendredi."


def fill(town: Town, count: int) -> None:
    for number in range(count):
        town.write(f"{number % 7}/registre-{number}.txt", TEXT.format(number))
    town.add()


def looks(town: Town, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how often an unchanged run asks the system about a file."""
    asked = 0
    real = Path.stat

    def counting(path: Path, *, follow_symlinks: bool = True) -> object:
        nonlocal asked
        asked += 1
        return real(path, follow_symlinks=follow_symlinks)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "stat", counting)
        assert town.add().added == 0
    return asked


def test_nothing_is_hashed_read_screened_embedded_or_written(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(town, 40)
    before = town.store.generation()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("an unchanged file was worked on")

    for name in (
        "corpus.reading.content_of",
        "corpus.readers.pool.ReadingPool.submit",
        "tests.fakes.WordGuard.screen_documents",
        "tests.fakes.HashEmbedder.embed_passages",
        "tests.fakes.MemoryIndex.add",
        "corpus.run.settle",
    ):
        monkeypatch.setattr(name, never)
    report = town.add()
    assert (report.unchanged, report.added, report.updated) == (40, 0, 0)
    assert town.store.generation() == before


def test_what_is_asked_of_the_system_grows_with_the_files_and_no_faster(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(town, 40)
    once = looks(town, monkeypatch)
    fill(town, 80)
    twice = looks(town, monkeypatch)
    assert 40 <= once <= 40 * 3
    assert twice <= 2 * once + 7


def test_one_file_that_changed_is_the_only_one_that_is_read(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(town, 20)
    hashed: list[str] = []
    from corpus import reading

    real = reading.content_of

    def noting(found: FoundFile) -> str:
        hashed.append(found.name)
        return real(found)

    monkeypatch.setattr(reading, "content_of", noting)
    town.write("3/registre-3.txt", TEXT.format("trois"))
    assert town.add().updated == 1
    assert hashed == ["3/registre-3.txt"]
