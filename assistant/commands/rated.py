# SPDX-License-Identifier: EUPL-1.2
"""Ratings of a file of JSON lines, for `register review --ratings`.

{"exchange", "ratings": [{"entry", "said", "source"}], "dangerous", "comment", "sample"}
    ──read_ratings──▶ Rating…
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.commands.session import read_jsonl
from assistant.errors import UserError
from guardrails.findings import Screened
from guardrails.register import Register
from guardrails.register.ratings import Rated, Rating, Said, Source
from guardrails.register.sampling import redraw


class _Rated(BaseModel):
    """A sentence, or the outcome that refused, by the number of its entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: int
    said: Said
    source: Source = Source.NONE


class _Line(BaseModel):
    """A rating as a line has it; `sample` is the entry of the draw that it is part of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exchange: str
    ratings: tuple[_Rated, ...]
    dangerous: bool = False
    comment: str = ""
    sample: int | None = None


def read_ratings(
    file: Path, register: Register, screen: Callable[[str], Screened], *, by: str, role: str
) -> list[Rating]:
    """Return the ratings of a file, their comments screened; each draw that it names is drawn
    again, which is entered. UserError names the line that cannot be read, RecordInvalid says that
    there is no such draw."""
    with file.open(encoding="utf-8-sig") as stream:
        lines = [_line(value, number) for number, value in enumerate(read_jsonl(stream), start=1)]
    drawn = cache(lambda sample: redraw(register, sample, by=by, role=role))
    return [
        Rating(
            exchange=line.exchange,
            rated=tuple(
                Rated(index=one.entry, said=one.said, source=one.source) for one in line.ratings
            ),
            comment=screen(line.comment),
            is_dangerous=line.dangerous,
            sample=None if line.sample is None else drawn(line.sample),
        )
        for line in lines
    ]


def _line(value: dict[str, object], number: int) -> _Line:
    try:
        return _Line.model_validate(value)
    except ValidationError as error:  # its words hold what the line does
        raise UserError("bad_rating_line", line=number) from error
