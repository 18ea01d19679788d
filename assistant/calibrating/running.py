# SPDX-License-Identifier: EUPL-1.2
"""A calibration from its first question to its last: resumed where it was cut.

    Asked… ─▶ one folder a town, made and removed ─▶ Row…, each kept at once ─▶ Fitted, one a way

The rows of a model lie in `calibration/` of the data folder until the judge is written. They hold
questions of invented towns; those of a town's own file are kept hidden, as all that it asks.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from assistant.calibrating.asking import Row, asked, kept, loaded, ways_of
from assistant.calibrating.fitting import Fitted, fitted
from assistant.calibrating.towns import Asked
from assistant.calibration import ALONE
from assistant.evaluation import EvalQuestion
from assistant.settings import Settings
from assistant.wiring import Parts, open_parts

FOLDER = "calibration"

Progress = Callable[[int, int], None]
"""Told how many questions are done, and how many there are."""

Key = tuple[str, str, str]
"""A row's town, question and way."""


def calibrated(
    parts: Parts, each: Sequence[Asked], *, identity: str, made: str, progress: Progress
) -> list[Fitted]:
    """Ask the model of `parts` all questions that it was not asked yet, in each way of reading; fit
    a judge for each."""
    folder = parts.folder.path / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    told = f"{parts.model.name} {identity}"
    file = folder / f"{sha256(told.encode()).hexdigest()[:16]}.jsonl"
    rows = {_key(row): row for row in loaded(file)}
    ways = ways_of(parts.model)
    total = sum(len(one.questions) for one in each)
    wanted = list[Row]()
    with file.open("a", encoding="utf-8") as out:
        for town in each:
            for row in _of_town(parts, town, rows, folder):
                if _key(row) not in rows:
                    out.write(kept(row))
                    out.flush()
                wanted.append(row)
                if row.way == ways[-1]:
                    progress(len(wanted) // len(ways), total)
    fits = [
        fitted(
            [row for row in wanted if row.way == way],
            model=parts.model.name, identity=identity, made=made, way=way, ways=len(ways),
        )
        for way in ways
    ]  # fmt: skip
    before = fits[ways.index(ALONE)].before  # so does a model that was not calibrated
    return [replace(one, before=before) for one in fits]


def forget(data: Path) -> None:
    """Remove what a calibration left on its way."""
    shutil.rmtree(data / FOLDER, ignore_errors=True)


def _of_town(parts: Parts, town: Asked, before: dict[Key, Row], folder: Path) -> Iterator[Row]:
    """Yield the rows of a town; its papers are read only where a question is left to ask."""
    left = list[tuple[EvalQuestion, str]]()
    for one in town.questions:
        name = _name(parts, town, one.question)
        keys = [(town.name, name, way) for way in ways_of(parts.model)]
        if all(key in before for key in keys):
            yield from (before[key] for key in keys)
        else:
            left.append((one, name))
    if not left:
        return
    with _opened(parts, town, folder) as of_town:
        for one, name in left:
            yield from (replace(row, question=name) for row in asked(of_town, one, town.name))


def _key(row: Row) -> Key:
    return row.town, row.question, row.way


def _name(parts: Parts, town: Asked, question: str) -> str:
    """Return what a question is kept under: hidden, where somebody of the town wrote it."""
    return question if town.papers else parts.guard.screen(question).text


@contextmanager
def _opened(parts: Parts, town: Asked, folder: Path) -> Iterator[Parts]:
    """Open the papers of a shipped town with the model that is open already; or the town's own."""
    if town.papers is None:
        yield parts
        return
    place = folder / town.name
    settings = Settings.read(town.settings) if town.settings else Settings()
    with open_parts(place / "data", place / "keys", settings) as of_town:
        of_town.borrow_models(parts)
        of_town.ingestion.add([town.papers])
        yield of_town
    shutil.rmtree(place, ignore_errors=True)
