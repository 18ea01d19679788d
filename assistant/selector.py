# SPDX-License-Identifier: EUPL-1.2
"""Which line answers, as a small model knows once it has learnt to look: all lines read at once.

    question, Extract… ─one text▶ the state after each line ─▶ log-odds that it answers

What a model of 1.5 billion weights holds half way up its layers tells an excerpt that answers from
one that does not; it tells lines apart badly. Low-rank additions to its own matrices, learnt from
invented papers and public questions (`benchmarks/selector_training.py`), mend that, and let the
lines of several excerpts be compared in one reading, without a word being written. A selector is
one model's: its files lie under that model's name in `weights.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.seams import Extract

FOLDER = Path(__file__).with_name("selectors")
SAME = "same"
"""Of the folder: what was taught when two questions are one, in the same form."""

QUESTION, HEADING = "Question : ", "# "
COMPARED_HEADING = "Question validée"
NORM = 8.0
"""The length that each state is brought to before it is read."""

SHORTEST = 1e-6

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Selector:
    """Reads the outputs of `layer` (counted from 0), computed with the low-rank additions of
    `adapter` (a GGUF file); `weights` has shape (width,)."""

    adapter: Path
    layer: int
    weights: Floats
    bias: float

    def odds(self, states: Floats) -> list[float]:
        """Read states of shape (lines, width)."""
        lengths = np.maximum(np.linalg.norm(states, axis=1), SHORTEST)
        odds: list[float] = (states @ self.weights * NORM / lengths + self.bias).tolist()
        return odds

    @classmethod
    def of(cls, model: str, kind: str = "") -> Selector | None:
        """Return the selector of a model by its name in the catalogue, or what was taught it of
        another `kind`; nothing without one."""
        path = FOLDER / kind / f"{model}.npz"
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as kept:
            layer, weights, bias = int(kept["layer"]), kept["weights"], float(kept["bias"])
        return cls(path.with_suffix(".gguf"), layer, weights, bias)


def pieces(question: str, extracts: Sequence[Extract]) -> Iterator[tuple[str, bool]]:
    """Yield what is read, a line each, and whether the state after it is looked at.

    >>> [text for text, is_read in pieces("Prix ?", [Extract("Cantine", ("Repas : 4 €",))])]
    ['Question : Prix ?', '', '# Cantine', 'Repas : 4 €']
    """
    yield QUESTION + question, False
    for extract in extracts:
        yield "", False
        yield HEADING + extract.heading, False
        for line in extract.lines:
            yield line, True


def compared_tokens(
    asked: str, card: str, tokens: Callable[[str], list[int]]
) -> tuple[list[int], list[int]]:
    """Return a question above what a validated answer says, as `tokens_and_marks`."""
    line = Extract(COMPARED_HEADING, (" ".join(card.split()),))
    return tokens_and_marks(asked, [line], tokens)


def tokens_and_marks(
    question: str, extracts: Sequence[Extract], tokens: Callable[[str], list[int]]
) -> tuple[list[int], list[int]]:
    """Return what is read in a model's own tokens, and the place of the last of each line: its
    state is that of the line."""
    newline = tokens("\n")
    read, marks = list[int](), list[int]()
    for text, is_read in pieces(question, extracts):
        read += [*tokens(text), *newline]
        if is_read:
            marks.append(len(read) - 1)
    return read, marks
