# SPDX-License-Identifier: EUPL-1.2
"""The table of docs/reliability.md, from what the scenes told.

python -m tests.faults.table [--kills 200] [--only NAME…]      plays them and writes what was seen
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from tests.faults.killed import WITHIN, killed
from tests.faults.scenes import SCENES, played
from tests.faults.site import prepare

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- faults:begin -->", "<!-- faults:end -->"

NAMES = {
    "full_while_answering": "the disk is full while questions come",
    "full_while_reading": "the disk fills while a document is read",
    "read_only": "the disk has become read-only",
    "slow_disk": "each write that must reach the disk takes 50 ms more",
    "model_fails": "the language model fails under way",
    "model_file_gone": "the model's file is not there",
    "clock_jumps": "the clock is set back 400 days, then on by ten years",
    "out_of_memory": "the memory is all taken under way",
    "vectors_gone": "Chroma's folder is gone",
    "vectors_spoilt": "Chroma's files hold something else",
}
KILLED = {
    "answers": "the process is killed (-9) while four people ask",
    "model": "the model's process alone is killed (-9) while four people ask",
    "reader": "the process that reads documents is killed (-9) while four people ask",
    "ingestion": "the process is killed (-9) while documents change, come and go",
}

Told = dict[str, Any]


def row(name: str, told: Told) -> str:
    """Return the line of a scene: what was said meanwhile, and what is there afterwards."""
    meanwhile = [f"`{outcome}`" for outcome in dict.fromkeys(told["during"])]
    meanwhile += [f"« {said} »" for said in dict.fromkeys(told["said"])]
    lost = f"{told['lost']} of {told['shown']}"
    after = f"`{told['after']}`" + ("" if told["holds"] else ", register broken")
    return f"| {NAMES[name]} | {'; '.join(meanwhile)} | {lost} | {told['open']} | {after} |"


def kill_row(what: str, told: dict[str, int]) -> str:
    """Return the line of a loop of kills."""
    done = f"{told['kills']} kills, {told['interrupted']} questions told as interrupted"
    lost = f"{told['lost']} of {told['shown']}"
    after = "goes on, the service stayed up" if what in WITHIN else "goes on"
    return f"| {KILLED[what]} | {done} | {lost} | {told['open']} | {after} |"


def table(rows: dict[str, str]) -> str:
    """Return the whole table, from the line of each fault."""
    return "\n".join((
        "| fault | meanwhile | shown and lost | questions without an end | afterwards |",
        "|---|---|---|---|---|",
        *(rows[name] for name in (KILLED | NAMES).values() if name in rows),
    ))  # fmt: skip


def kept() -> list[str]:
    """Return the lines that stand in the page."""
    inside = PAGE.read_text("utf-8").split(BEGIN)[1].split(END)[0].strip()
    return inside.splitlines()[2:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--only", nargs="*", choices=[*KILLED, *SCENES], default=[*KILLED, *SCENES])
    told = parser.parse_args()
    rows = {line.split("|")[1].strip(): line for line in kept()}
    with tempfile.TemporaryDirectory() as folder:
        for name in told.only:
            base = Path(folder) / name
            if name in KILLED:
                prepare(base)
                figures = killed(base, name, told.kills, seed=told.kills)
                rows[KILLED[name]] = kill_row(name, figures)
            else:
                base.mkdir()
                rows[NAMES[name]] = row(name, played(name, base))
    head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n{table(rows)}\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
