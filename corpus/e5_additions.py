# SPDX-License-Identifier: EUPL-1.2
"""What training on French questions added to the embedder's matrices, at a low rank (LoRA).

    matrix of the source + (after @ before) * scale ─▶ matrix that is repacked

Both factors are whole numbers, so that their product is the same on every machine whatever order
it is summed in: the repacked file is known by its SHA-256. `benchmarks/embedder_training.py` makes
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

PEAK: Final = 32_767
BEFORE, AFTER, SCALE = "before", "after", "scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """`before` has shape (rank, columns), `after` (rows, rank), both of 16 bits."""

    before: NDArray[np.int16]
    after: NDArray[np.int16]
    scale: float

    @classmethod
    def of(cls, before: NDArray[np.float32], after: NDArray[np.float32]) -> Factors:
        """Round two factors to whole numbers."""
        steps = [float(np.abs(one).max()) / PEAK or 1.0 for one in (before, after)]
        rounded = [
            np.rint(one / step).astype(np.int16)
            for one, step in zip((before, after), steps, strict=True)
        ]
        return cls(before=rounded[0], after=rounded[1], scale=steps[0] * steps[1])

    def product(self) -> NDArray[np.float32]:
        """What is added to the matrix: exact sums of whole numbers, then one product each."""
        whole = self.after.astype(np.float64) @ self.before.astype(np.float64)
        return np.asarray(whole * self.scale, np.float32)


def read(path: Path) -> dict[str, Factors]:
    """Return the factors of each matrix by its name in the source, such as `l0.q`."""
    with np.load(path, allow_pickle=False) as kept:
        return of(kept)


def of(kept: Mapping[str, NDArray[np.generic]]) -> dict[str, Factors]:
    """Return the factors among the arrays of a file; raise KeyError where one is missing."""
    ends = f".{BEFORE}"
    return {
        (name := each.removesuffix(ends)): Factors(
            before=np.asarray(kept[each], np.int16),
            after=np.asarray(kept[f"{name}.{AFTER}"], np.int16),
            scale=float(np.asarray(kept[f"{name}.{SCALE}"], np.float64)),
        )
        for each in kept
        if each.endswith(ends)
    }


def arrays(factors: Mapping[str, Factors]) -> dict[str, NDArray[np.generic]]:
    """Return factors as the arrays of a file."""
    found: dict[str, NDArray[np.generic]] = {}
    for name, one in sorted(factors.items()):
        found[f"{name}.{BEFORE}"] = one.before
        found[f"{name}.{AFTER}"] = one.after
        found[f"{name}.{SCALE}"] = np.array(one.scale)
    return found


def write(path: Path, factors: Mapping[str, Factors]) -> None:
    np.savez_compressed(path, allow_pickle=False, **arrays(factors))
