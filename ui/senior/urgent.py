# SPDX-License-Identifier: EUPL-1.2
"""Words that cannot wait: danger, violence, suicide, fraud. Numbers come before anything else.

texts/numbers.toml, or the town's own ─▶ Numbers ─concerns(question)▶ Urgent…
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import BadSettings
from corpus.french import fold

Concern = Literal["suicide", "violence", "danger", "fraud"]


class _Urgent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    concern: Concern
    numbers: tuple[str, ...]
    words: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        starts = "|".join(
            re.escape(fold(word.strip())) + (r"(?!\w)" if word.endswith(" ") else "")
            for word in self.words
        )
        return re.compile(rf"(?<!\w)(?:{starts})")


class _Sheet(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: dict[str, str]
    urgent: tuple[_Urgent, ...]


@dataclass(frozen=True, slots=True)
class Urgent:
    """What a question may be about, and the numbers to call with what they are for."""

    concern: Concern
    numbers: tuple[tuple[str, str], ...]


class Numbers:
    """The sheet of emergency and help numbers."""

    def __init__(self, sheet: _Sheet) -> None:
        self._sheet = sheet

    @classmethod
    def read(cls, own: Path | None = None) -> Self:
        """Return the town's sheet, else ours; raise BadSettings rather than leave one out."""
        name = own.name if own else "numbers.toml"
        try:
            text = (own or files("ui.senior").joinpath("texts/numbers.toml")).read_text("utf-8")
            sheet = _Sheet.model_validate(tomllib.loads(text))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise BadSettings("settings_unreadable", file=name, detail=str(error)) from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise BadSettings(
                "settings_invalid", file=name, name=place, detail=first["msg"]
            ) from error
        for urgent in sheet.urgent:
            for number in urgent.numbers:
                if number not in sheet.numbers:
                    raise BadSettings(
                        "settings_invalid", file=name, name=urgent.concern, detail=number
                    )
        return cls(sheet)

    def concerns(self, question: str) -> tuple[Urgent, ...]:
        """Return what a question's words call for, nothing for most."""
        folded = " ".join(fold(question).split())
        return tuple(
            Urgent(urgent.concern, tuple((n, self._sheet.numbers[n]) for n in urgent.numbers))
            for urgent in self._sheet.urgent
            if urgent.pattern.search(folded)
        )
