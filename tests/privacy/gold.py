# SPDX-License-Identifier: EUPL-1.2
"""The gold set: French municipal passages, invented, with what must go and what must stay marked.

    dev_*.toml, held_out*.toml ──read_gold──▶ GoldPassage…

Labels of the marks:

    an Entity   personal data: every letter and digit of it must be hidden
    OFFICIAL    the name of someone who acts in office: must stay (`roster` names the elected)
    KEEP        a street, a school, a law, an amount, an act number…: must stay
    MAY         two good clerks would disagree (a commune alone, an age): not counted either way

What is not marked is ordinary text, and hiding it is over-masking.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.markup import Marked, read_marked

FOLDER = Path(__file__).parent
HELD_OUT = tuple(FOLDER / f"held_out{part}.toml" for part in ("", "_2", "_3"))
"""Three parts; the second and the third were written without a look at any rule or mark of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPassage:
    """One passage without its marks; `roster` is what the town would give with it."""

    id: str
    genre: str
    text: str
    marks: tuple[Marked, ...]
    roster: tuple[str, ...]
    wrong_keys: frozenset[str]


def read_gold(path: Path) -> list[GoldPassage]:
    """Return the passages of one file, in its order."""
    with path.open("rb") as file:
        rows = tomllib.load(file)["passage"]
    return [_passage(row) for row in rows]


def read_dev() -> list[GoldPassage]:
    """Return the passages that the guard may be tuned on."""
    return [p for path in sorted(FOLDER.glob("dev_*.toml")) for p in read_gold(path)]


def read_held_out() -> list[list[GoldPassage]]:
    """Return the parts that the guard is judged on, and never tuned on."""
    return [read_gold(path) for path in HELD_OUT]


def held_out_sha256() -> str:
    """Return the hash of the held-out files, printed beside every figure that rests on them."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in HELD_OUT)).hexdigest()


def _passage(row: dict[str, object]) -> GoldPassage:
    text, marks = read_marked(str(row["marked"]).rstrip("\n"))
    roster, wrong = row.get("roster", []), row.get("wrong_keys", [])
    if not isinstance(roster, list) or not isinstance(wrong, list):
        raise TypeError(f"{row['id']}: roster and wrong_keys are lists")
    return GoldPassage(
        id=str(row["id"]),
        genre=str(row["genre"]),
        text=text,
        marks=tuple(marks),
        roster=tuple(roster),
        wrong_keys=frozenset(wrong),
    )
