# SPDX-License-Identifier: EUPL-1.2
"""What a question is after another, and which words of both stay: a small network, in numpy alone.

    text_of(before, question) ─model▶ a state a token ─mean▶ a state a word ─attention▶ Tags

The earlier question stands once before and once after the one that follows, so that each word of
it was read with the other in mind. A tagger is one model's: its file lies under that model's name
in `weights.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.following.words import Word, traits, words_of
from assistant.seams import Tags

FOLDER = Path(__file__).parent
NORM = 20.0
"""The length that each state is brought to before it is read."""

PLACES = 64
"""Words further on stand at the last place."""

HEADS = 4
_SMALL = 1e-5

Floats = NDArray[np.float32]


class Kind(IntEnum):
    """What a question is after another."""

    ALONE = 0
    ADDS = 1
    REPLACES = 2
    ASKS_OF = 3


class Laid(NamedTuple):
    """What is read of two questions, and where the words stand in it, in bytes: those of the
    question that follows, then those of the earlier one."""

    text: str
    places: list[tuple[int, int]]
    question: list[Word]
    before: list[Word]


def laid(question: str, before: str) -> Laid:
    """Lay two questions out for a model."""
    head, middle = f"Question : {before}\nSuite : ", "\nQuestion reprise : "
    asked, known = words_of(question), words_of(before)
    text = f"{head}{question}{middle}{before}\n"
    starts = (len(head), len(head) + len(question) + len(middle))
    places = [
        (len(text[: start + word.start].encode()), len(text[: start + word.end].encode()))
        for start, words in zip(starts, (asked, known), strict=True)
        for word in words
    ]
    return Laid(text, places, asked, known)


def word_states(
    states: Floats, pieces: Sequence[bytes], places: Sequence[tuple[int, int]]
) -> Floats:
    """Return the mean state of each word's tokens, the last token's at the end: (words + 1, width).

    `states`: (tokens, width), `pieces`: what each token says.
    """
    ends = np.cumsum([len(piece) for piece in pieces])
    starts = ends - [len(piece) for piece in pieces]
    rows = [states[(starts < end) & (ends > start)] for start, end in places]
    means = [row.mean(0) if len(row) else states[-1] for row in rows]
    return np.stack([*means, states[-1]])


@dataclass(frozen=True, slots=True)
class Tagger:
    """Networks that read the states of `layer` (counted from 0); their outputs are averaged."""

    layer: int
    networks: tuple[Mapping[str, Floats], ...]

    @classmethod
    def of(cls, model: str) -> Tagger | None:
        """Return the tagger of a model by its name in the catalogue; nothing without one."""
        path = FOLDER / f"{model}.npz"
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as kept:
            layer, count = int(kept["layer"]), int(kept["networks"])
            arrays = {name: kept[name].astype(np.float32) for name in kept.files}
        each = (f"{number}." for number in range(count))
        networks = tuple(
            {
                name.removeprefix(own): array
                for name, array in arrays.items()
                if name.startswith(own)
            }
            for own in each
        )
        return cls(layer, networks)

    def tags(self, read: Laid, states: Floats) -> Tags:
        """Read the states of words (`word_states`)."""
        inputs = inputs_of(read, states)
        told = [_told(weights, inputs) for weights in self.networks]
        kinds, unclear, kept = (np.mean(one, axis=0) for one in zip(*told, strict=True))
        asked = len(read.question)
        return Tags(kinds.tolist(), float(unclear), kept[asked:].tolist(), kept[:asked].tolist())


class Inputs(NamedTuple):
    """`states` (words, width), the `whole`'s (width,), `traits` (words, traits), which question a
    word is of, and its place there."""

    states: Floats
    whole: Floats
    traits: Floats
    sides: NDArray[np.intp]
    places: NDArray[np.intp]


def inputs_of(read: Laid, states: Floats) -> Inputs:
    """Lay out what the network reads; `states` are those of `word_states`."""
    lengths = np.linalg.norm(states, axis=1, keepdims=True)
    states = (states * (NORM / (lengths + _SMALL))).astype(np.float32)
    asked, known = read.question, read.before
    told = [*traits(asked, known, len(asked)), *traits(known, asked, len(asked))]
    sides = np.repeat(np.arange(2), [len(asked), len(known)])
    places = np.concatenate([np.arange(len(asked)), np.arange(len(known))])
    rows = np.array(told, np.float32).reshape(len(sides), -1)
    return Inputs(states[:-1], states[-1], rows, sides, np.minimum(places, PLACES - 1))


def _told(w: Mapping[str, Floats], given: Inputs) -> tuple[Floats, Floats, Floats]:
    """Return how likely each kind is, that it is unclear, and each word stays."""
    words = (
        given.states @ w["state"] + w["state_bias"]
        + given.traits @ w["traits"] + w["traits_bias"]
        + w["sides"][given.sides] + w["places"][given.places]
    )  # fmt: skip
    whole = given.whole @ w["whole"] + w["whole_bias"]
    x = np.concatenate([whole[None], words])
    layer = 0
    while f"layer{layer}.in" in w:
        own = _only(w, f"layer{layer}.")
        x = x + _attended(own, _normed(x, own, "norm1"))
        inner = np.maximum(_normed(x, own, "norm2") @ own["up"] + own["up_bias"], 0)
        x = x + inner @ own["down"] + own["down_bias"]
        layer += 1
    kinds = x[0] @ w["kinds"] + w["kinds_bias"]
    odds = np.exp(kinds[:-1] - kinds[:-1].max())
    kept = x[1:] @ w["kept"] + w["kept_bias"]
    return odds / odds.sum(), _likely(kinds[-1]), _likely(kept)


def _only(w: Mapping[str, Floats], own: str) -> dict[str, Floats]:
    """Return the arrays whose names begin so, by the rest of their names."""
    return {name.removeprefix(own): array for name, array in w.items() if name.startswith(own)}


def _attended(w: Mapping[str, Floats], x: Floats) -> Floats:
    """Return what each row takes from all: attention of several heads."""
    rows, width = x.shape
    shape = (rows, HEADS, width // HEADS)
    three = np.split(x @ w["in"] + w["in_bias"], 3, axis=1)
    query, key, value = (one.reshape(shape).transpose(1, 0, 2) for one in three)
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(width // HEADS)
    shares = np.exp(scores - scores.max(2, keepdims=True))
    taken = (shares / shares.sum(2, keepdims=True)) @ value
    out: Floats = taken.transpose(1, 0, 2).reshape(rows, width) @ w["out"] + w["out_bias"]
    return out


def _normed(x: Floats, w: Mapping[str, Floats], name: str) -> Floats:
    centred = x - x.mean(1, keepdims=True)
    scale = np.sqrt((centred * centred).mean(1, keepdims=True) + _SMALL)
    return np.asarray(centred / scale * w[f"{name}_gain"] + w[f"{name}_bias"], np.float32)


def _likely(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float32)
