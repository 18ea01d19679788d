# SPDX-License-Identifier: EUPL-1.2
"""What a small model knows of an excerpt without saying it: a linear probe on one hidden state.

    excerpt, question ─model▶ state of a layer after the last token ─▶ log-odds that it answers

A model that is asked to say « Je ne sais pas » says it too often or not at all; half way up its
layers, whether the text before it holds the answer stands almost in the open. `benchmarks/probe.py`
learns the weights from public questions and prints how well they tell. A probe is one model's: its
file lies beside this module under that model's name in `weights.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).with_name("probes")


@dataclass(frozen=True, slots=True)
class Probe:
    """Log-odds from the output of `layer` (counted from 0); `weights` has shape (width,)."""

    layer: int
    weights: NDArray[np.float32]
    bias: float

    def __call__(self, state: NDArray[np.float32]) -> float:
        return float(state @ self.weights) + self.bias

    @classmethod
    def of(cls, model: str) -> Probe | None:
        """Return the probe of a model by its name in the catalogue; nothing without one."""
        path = FOLDER / f"{model}.npz"
        return cls.read(path) if path.exists() else None

    @classmethod
    def read(cls, path: Path) -> Probe:
        with np.load(path, allow_pickle=False) as kept:
            return cls(int(kept["layer"]), kept["weights"], float(kept["bias"]))

    def write(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        np.savez(path, layer=self.layer, weights=self.weights, bias=self.bias)
