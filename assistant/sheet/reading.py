# SPDX-License-Identifier: EUPL-1.2
"""A question as the sheet reads it: what is asked, in which language, which words name whose it is.

    question ─taught embedder─┬─ mean ────▶ chance of each fact, and of each language
                              └─ tokens ──▶ which of them name a body, a place or a person

Learnt from invented questions in six languages (`benchmarks/sheet_training.py`), at a low rank on
the embedder's upper layers. It knows meanings, not names: whose telephone it is, the words that it
points out must tell (`asked.py`). What was measured: `docs/decisions/sheet.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from assistant.sheet.facts import Fact
from assistant.understanding.emergencies import Head
from corpus import e5_additions
from corpus.e5_additions import Factors
from corpus.seams import Embedder, TeachableEmbedder, TokenReader

FOLDER = Path(__file__).parents[1] / "probes"
VERSION = 1

Vector = NDArray[np.float32]


class Asking(NamedTuple):
    """What a question asks: the chance of none and of each `Fact`, of each `Tongue`, and where the
    text names whose it is, in spans (start, end)."""

    facts: Vector
    languages: Vector
    named: Sequence[tuple[int, int]]

    def surely(self, sure: float) -> Fact | None:
        """Return the fact that is asked, if its chance is `sure` or more."""
        best = int(self.facts.argmax())
        return [*Fact][best - 1] if best and self.facts[best] >= sure else None


class ReadQuestion(Protocol):
    """The seam: a text to what it asks; `sure` is the chance from which a fact is."""

    @property
    def sure(self) -> float: ...

    def __call__(self, text: str) -> Asking: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """What training leaves: additions to the embedder's matrices, and three heads. The threshold of
    `fact` is the chance from which a question is answered, that of `body` the one from which a word
    names somebody."""

    additions: Mapping[str, Factors]
    fact: Head
    language: Head
    body: Head

    @classmethod
    def read(cls, embedder: str) -> Self | None:
        """Read what was learnt for an embedder; None where nothing was."""
        path = _path(embedder)
        return cls.load(path) if path.exists() else None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file of `save`; raise ValueError for one that knows other facts."""
        with np.load(path, allow_pickle=False) as kept:
            if int(kept["version"]) != VERSION or [*kept["facts"]] != [*Fact]:
                raise ValueError(f"what reads the sheet's questions is of another version: {path}")

            def head(name: str, hidden: tuple[Vector, Vector] | None = None) -> Head:
                weights, bias = (kept[f"{name}.{part}"].astype(np.float32) for part in PARTS)
                return Head(weights, bias, float(kept[f"{name}.threshold"]), hidden)

            weights, bias = (kept[f"hidden.{part}"].astype(np.float32) for part in PARTS)
            return cls(
                additions=e5_additions.of(kept),
                fact=head("fact", (weights, bias)),
                language=head("language"),
                body=head("body"),
            )

    def save(self, path: Path) -> None:
        """Write it; the head of facts has a hidden layer."""
        arrays = dict[str, NDArray[np.generic]]()
        for name in ("fact", "language", "body"):
            head: Head = getattr(self, name)
            arrays |= {f"{name}.weights": head.weights, f"{name}.bias": head.bias}
            arrays[f"{name}.threshold"] = np.array(head.threshold)
        assert self.fact.hidden is not None
        arrays |= zip((f"hidden.{part}" for part in PARTS), self.fact.hidden, strict=True)
        np.savez_compressed(
            path,
            allow_pickle=False,
            version=np.array(VERSION),
            facts=np.array([*Fact]),
            **e5_additions.arrays(self.additions),
            **arrays,
        )

    def write(self, embedder: str) -> None:
        """Keep it for the product."""
        self.save(_path(embedder))

    def sure_from(self, fact: float, body: float) -> Self:
        """Return it with other thresholds."""
        return replace(
            self,
            fact=replace(self.fact, threshold=fact),
            body=replace(self.body, threshold=body),
        )

    def opened(self, embedder: Embedder) -> Reader:
        """Return what reads above an embedder; raise TypeError for one that cannot be taught."""
        if not isinstance(embedder, TeachableEmbedder):
            raise TypeError(f"{type(embedder).__name__} cannot be taught")
        return Reader(embedder.taught(self.additions), self)


PARTS = ("weights", "bias")


class Reader:
    """Reads questions, in any language that the embedder reads."""

    def __init__(self, embedder: TokenReader, learnt: Artefact) -> None:
        self._embedder, self._learnt = embedder, learnt
        self.sure = learnt.fact.threshold

    def __call__(self, text: str) -> Asking:
        """Return what a text asks."""
        found, body = self._embedder.read(text), self._learnt.body
        chances = 1 / (1 + np.exp(-(found.states @ body.weights[0] + body.bias[0])))
        return Asking(
            self._learnt.fact(found.mean),
            self._learnt.language(found.mean),
            [span for span, one in zip(found.spans, chances, strict=True) if one >= body.threshold],
        )


def _path(embedder: str) -> Path:
    return FOLDER / f"sheet-{embedder}.npz"
