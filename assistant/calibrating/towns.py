# SPDX-License-Identifier: EUPL-1.2
"""The questions of a calibration, and the documents that they are asked of.

    towns/NAME/papers/…  ·  NAME.toml (its settings)  ·  NAME_calibration.toml (its questions)

Eight invented towns by as many authors. What is asked of their printed scans is left out: to print
and to read them takes longer than to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation import EvalQuestion, read_questions

TOWNS = Path(__file__).parent / "towns"
SCANS = "scans/"
QUESTIONS = "_calibration.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Questions of one town. `papers` is None where they are asked of the town's own documents."""

    name: str
    questions: tuple[EvalQuestion, ...]
    papers: Path | None = None
    settings: Path | None = None


def shipped(most: int) -> list[Asked]:
    """Return what is asked of the shipped towns, some `most` questions, as many of each town."""
    places = sorted(one for one in TOWNS.iterdir() if one.is_dir())
    return [
        Asked(
            name=place.name,
            questions=_spread(_readable(place), -(-most // len(places))),
            papers=place / "papers",
            settings=place.with_suffix(".toml"),
        )
        for place in places
    ]


def own(file: Path) -> list[Asked]:
    """Return a town's own questions (the file of `greffier eval`), asked of its own documents."""
    return [Asked(name=file.stem, questions=read_questions(file))]


def _readable(town: Path) -> list[EvalQuestion]:
    questions = read_questions(town.with_name(f"{town.name}{QUESTIONS}"))
    return [one for one in questions if not one.file.startswith(SCANS)]


def _spread(questions: list[EvalQuestion], most: int) -> tuple[EvalQuestion, ...]:
    """Return so many, evenly over the file."""
    count = min(most, len(questions))
    return tuple(questions[place * len(questions) // count] for place in range(count))
