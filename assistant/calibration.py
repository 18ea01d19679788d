# SPDX-License-Identifier: EUPL-1.2
"""The judge of one model, as `greffier models calibrate` fitted it: an artefact, a file of numbers.

    FEATURES of an Option ─logistic model▶ probability ─threshold▶ shown, or refused

Which features speak for a line or a reading, and what each counts for; from which probability on
something is shown; and on how many questions that was tried, with the bound that they allow. A
model without such a file is judged as before (`confidence.py`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from assistant.seams import LanguageModel, Prompt
from guardrails.register import AuditRecord, Kind, Register
from guardrails.register.records import JsonValue

FOLDER = "judges"
"""Of the data folder."""

FEATURES = (
    "lead", "rival", "figure", "alone", "answerable", "doubt", "written", "carried", "agrees",
    "together", "again",
)  # fmt: skip
"""What speaks for an option (`options.py`), in the order of the file; an older file has fewer."""

LINES, ALONE, TOGETHER = "lines", "alone", "together"
"""How a model reads: not at all, the likeliest line answers as it stands; each passage by itself
(`reading.py`); or several at once as well (`reading_together.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How one model is judged. `identity` tells the model from another under the same name; of
    `questions` that were asked `answerable` have an answer, and at `threshold` so many were `right`
    and `wrong`; `bound`: at most this share is wrong, 95 times in 100, on questions like those.
    `made` is a day (ISO). `seconds`, `energy_wh`: medians of a question that is read whole. `way`:
    how it reads, `LINES`, `ALONE` or `TOGETHER`."""

    model: str
    identity: str
    bias: float
    weights: Mapping[str, float]
    threshold: float
    questions: int
    answerable: int
    right: int
    wrong: int
    refused_rightly: int
    bound: float
    made: str
    seconds: float = 0.0
    energy_wh: float = 0.0
    way: str = ALONE

    def probability(self, features: Mapping[str, float]) -> float:
        """Return how likely (0 to 1) an option answers."""
        total = self.bias + sum(w * features.get(name, 0.0) for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(total, 60.0))))


EDGE_BYTES = 1 << 20
"""Of a model file, at either end: its head names what it is, its tail holds weights."""

ASKED = Prompt(
    system="Réponds en une phrase.", user="Qu'est-ce qu'un conseil municipal, et qui l'élit ?"
)
ASKED_TOKENS = 24


def identity_of_file(path: Path) -> str:
    """Return what tells a model file from another under its name, without reading all of it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        digest = sha256(file.read(EDGE_BYTES))
        file.seek(max(0, size - EDGE_BYTES))
        digest.update(file.read(EDGE_BYTES))
    return f"file {size} {digest.hexdigest()[:32]}"


def identity_of_server(model: LanguageModel) -> str:
    """Return what tells the model behind an address from another: what it says to one question."""
    said = "".join(model.write(ASKED, max_tokens=ASKED_TOKENS, stop="\n"))
    return f"says {sha256(said.encode()).hexdigest()[:32]}"


def calibration_file(data: Path, model: str) -> Path:
    """Return where the calibration of a model is kept; a name may hold any sign."""
    return data / FOLDER / f"{sha256(model.encode()).hexdigest()[:16]}.json"


def kept_calibration(data: Path, model: str, identity: str) -> Calibration | None:
    """Return the calibration of a model; nothing where none was made, where the file is none, or
    where another model bears the name now."""
    try:
        told = json.loads(calibration_file(data, model).read_text("utf-8"))
        found = Calibration(**told)
        numbers = [found.bias, found.threshold, *found.weights.values()]
        is_sound = all(map(math.isfinite, numbers)) and found.way in {LINES, ALONE, TOGETHER}
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    is_its = (found.model, found.identity) == (model, identity)
    return found if is_sound and is_its and set(found.weights) <= set(FEATURES) else None


def keep_calibration(
    data: Path, register: Register, found: Calibration, *, by: str, role: str
) -> Path:
    """Keep a calibration in place of the one before, in the register first; return where. `by` is a
    pseudonym."""
    payload: dict[str, JsonValue] = {
        "status": "calibrated",
        "model": found.model,
        **{name: value for name, value in asdict(found).items() if isinstance(value, int | float)},
    }
    register.append(AuditRecord(kind=Kind.SETTINGS, actor=by, role=role, payload=payload))
    path = calibration_file(data, found.model)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(found), ensure_ascii=False, indent=1) + "\n", "utf-8")
    part.replace(path)
    return path
