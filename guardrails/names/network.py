# SPDX-License-Identifier: EUPL-1.2
"""The arithmetic of the learned layer: a small network, in numpy alone.

    kinds of token ─tables, facts, word vector─▶ 1 vector a kind ─▶ convolutions ─▶ doubts a token

Convolutions see a token with those 1, 1, 2, 4 and 8 places away, so up to 16 on each side. The
weights are `learned.npz`; a file that is missing, or whose SHA-256 is not the one that
`learned.toml` tells, is an error: the guard does not open.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guardrails.errors import DetectorFailed
from guardrails.names.lexicons import FOLDER
from guardrails.names.traits import FACTS, MOST_TRIGRAMS, Traits

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

REACHES = (1, 1, 2, 4, 8)
PAD = 16
"""Empty places between two texts, as many as the network sees: none reads another."""

OUTPUTS = (
    "PERSON", "ADDRESS", "BIRTH_DATE", "BIRTH_PLACE",
    "NUMBER", "PARCEL", "PLATE", "PHONE", "SECRET",
)  # fmt: skip
"""What the network tells of each token: whether it is part of one, independently of the others."""

VECTOR = 300
DATA = "learned.npz"
_SMALL = 1e-5


@dataclass(frozen=True, slots=True)
class Inputs:
    """The traits of some kinds of token as arrays, one row a kind."""

    whole: Ints
    affixes: Ints
    trigrams: Ints
    shares: Floats  # 1 / the number of trigrams, 0 where there is none
    facts: Floats
    vectors: Floats


def inputs_of(each: Sequence[Traits], vectors: Floats) -> Inputs:
    """Lay traits out as arrays; `vectors`: a row for each of them."""
    trigrams = np.zeros((len(each), MOST_TRIGRAMS), np.intp)
    shares = np.zeros((len(each), MOST_TRIGRAMS), np.float32)
    facts = np.zeros((len(each), FACTS), np.float32)
    for row, traits in enumerate(each):
        count = len(traits.trigrams)
        trigrams[row, :count] = traits.trigrams
        shares[row, :count] = 1 / count
        facts[row, list(traits.facts)] = 1
    whole = np.array([traits.whole for traits in each], np.intp)
    affixes = np.array([traits.affixes for traits in each], np.intp).reshape(len(each), 5)
    return Inputs(whole, affixes, trigrams, shares, facts, vectors)


class Network:
    """One trained network: kinds of token to vectors, vectors in order to a score each."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._weights = weights
        self.width = weights["embed_bias"].shape[0]

    def embedded(self, inputs: Inputs) -> Floats:
        """Return one vector for each kind of token."""
        w = self._weights
        seen = np.concatenate(
            [
                w["whole"][inputs.whole],
                w["affixes"][inputs.affixes].mean(1),
                np.einsum("ijk,ij->ik", w["trigrams"][inputs.trigrams], inputs.shares),
                inputs.facts,
                inputs.vectors,
            ],
            axis=1,
        )
        return normed(np.maximum(seen @ w["embed"] + w["embed_bias"], 0))[0]

    def scores(self, vectors: Floats, is_token: Floats) -> Floats:
        """Return the log-odds that each place is part of each of OUTPUTS: (places, outputs).

        `vectors`: (places, width); `is_token`: (places, 1), 0 in the pads.
        """
        w, width = self._weights, self.width
        x: Floats = vectors * is_token
        for layer, reach in enumerate(REACHES):
            weights = w[f"layer{layer}"]
            z = x @ weights[width : 2 * width] + w[f"layer{layer}_bias"]
            z[reach:] += (x @ weights[:width])[:-reach]
            z[:-reach] += (x @ weights[2 * width :])[reach:]
            seen = normed(np.maximum(z, 0))[0] * w[f"layer{layer}_gain"]
            x = ((x + seen) * is_token).astype(np.float32, copy=False)
        scores: Floats = x @ w["out"] + w["out_bias"]
        return scores


def normed(x: Floats) -> tuple[Floats, Floats]:
    """Return each row with mean 0 and variance 1, and what it was multiplied by."""
    centred = x - x.mean(1, keepdims=True)
    scale = 1 / np.sqrt((centred * centred).mean(1, keepdims=True) + np.float32(_SMALL))
    return centred * scale, scale


def read_networks(folder: Path = FOLDER) -> tuple[Network, ...]:
    """Return the trained networks, or raise DetectorFailed."""
    try:
        told: dict[str, Any] = tomllib.loads((folder / "learned.toml").read_text("utf-8"))
        content = (folder / DATA).read_bytes()
        sound = sha256(content).hexdigest() == told["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise DetectorFailed(DATA) from error
    if not sound:
        raise DetectorFailed(DATA)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
    members = sorted({name.split(".", 1)[0] for name in weights})
    outs = [weights.get(f"{member}.out") for member in members]
    if not outs or any(out is None or out.shape[1] != len(OUTPUTS) for out in outs):
        raise DetectorFailed(DATA)  # of another make: its first output alone may look right
    return tuple(
        Network({n.split(".", 1)[1]: a for n, a in weights.items() if n.startswith(f"{member}.")})
        for member in members
    )
