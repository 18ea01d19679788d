# SPDX-License-Identifier: EUPL-1.2
"""The embedder as PyTorch computes it, with low-rank additions that can learn.

    E5S1 file ─▶ Encoder(ids) ─▶ vectors (batch, 384)     additions ─▶ corpus.e5_additions.Factors

PyTorch is no dependency of the product: `pip install torch` beside it, to train only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from corpus.e5 import NOTHING, E5File
from corpus.e5_additions import Factors

RANK = 16
PARTS = ("q", "k", "v", "ao", "fi", "fo")

Tensor = Any


class Encoder:
    """`additions` holds two factors by the name of a matrix: (rank, columns), (rows, rank)."""

    def __init__(
        self,
        path: Path,
        seed: int,
        *,
        known: Mapping[str, Factors] = NOTHING,
        first_layer: int = 0,
        rank: int = RANK,
    ) -> None:
        """`known`: what was learnt before and stays; only layers from `first_layer` on learn."""
        torch.manual_seed(seed)
        self._e5 = e5 = E5File(path, known)
        self._learns, self._rank = range(first_layer, e5.layers), rank
        self.pad = e5.vocabulary.pad
        words = e5.blocks("emb.word", e5.rows)
        table = ((words.codes.astype(np.float32) - 8) * words.scales[..., None]).reshape(
            e5.rows, -1
        )
        self._words = torch.tensor(table).to(torch.bfloat16)
        places = e5.floats("emb.pos").reshape(-1, e5.hidden) + e5.floats("emb.type")[: e5.hidden]
        self._places = torch.tensor(places)
        self._plain: dict[str, Tensor] = {}
        self.additions: dict[str, tuple[Tensor, Tensor]] = {}
        for layer in range(e5.layers):
            for part in PARTS:
                self._read(layer, part, e5.inner if part == "fi" else e5.hidden)

    def _read(self, layer: int, part: str, rows: int) -> None:
        name = f"l{layer}.{part}"
        matrix = torch.tensor(self._e5.matrix(name, rows)).to(torch.bfloat16)
        self._plain[name] = matrix
        if layer not in self._learns:
            return
        columns = matrix.shape[1]
        before = (torch.randn(self._rank, columns) / math.sqrt(columns)).requires_grad_()
        self.additions[name] = (before, torch.zeros(rows, self._rank, requires_grad=True))

    def parameters(self) -> list[Tensor]:
        return [factor for pair in self.additions.values() for factor in pair]

    def factors(self) -> dict[str, Factors]:
        """Return what was learnt, in whole numbers."""
        return {
            name: Factors.of(before.detach().numpy(), after.detach().numpy())
            for name, (before, after) in self.additions.items()
        }

    def __call__(self, ids: Tensor) -> Tensor:
        """Embed texts: `ids` (batch, tokens), padded; in half precision but for the sums."""
        return functional.normalize(self.upper(self.lower(ids), ids != self.pad), dim=-1)

    def lower(self, ids: Tensor) -> Tensor:
        """The state (batch, tokens, 384) under the first layer that learns."""
        keep = ids != self.pad
        state = self._words[ids].float() + self._places[: ids.shape[1]]
        state = self._normal(state, "emb.ln").to(torch.bfloat16)
        for layer in range(self._learns.start):
            state = self._layer(state, f"l{layer}.", keep[:, None, None, :])
        return state

    def upper(self, state: Tensor, keep: Tensor) -> Tensor:
        """The mean of the tokens to `keep`, of whatever length it has, from such a state."""
        return self.mean(self.above(state, keep), keep)

    def above(self, state: Tensor, keep: Tensor) -> Tensor:
        """What each token came to mean (batch, tokens, 384), from such a state."""
        for layer in self._learns:
            state = self._layer(state, f"l{layer}.", keep[:, None, None, :])
        return state.float()

    def mean(self, state: Tensor, keep: Tensor) -> Tensor:
        """The mean (batch, 384) of the tokens to `keep`."""
        return (state * keep[..., None]).sum(1) / keep.sum(1, keepdim=True)

    def _product(self, state: Tensor, name: str) -> Tensor:
        bias = torch.tensor(self._e5.floats(f"{name}.b"))
        kind = state.dtype
        plain = functional.linear(state, self._plain[name].to(kind), bias.to(kind))
        if name not in self.additions:
            return plain
        before, after = self.additions[name]
        added = functional.linear(functional.linear(state, before.to(kind)), after.to(kind))
        return plain + added

    def _normal(self, state: Tensor, name: str) -> Tensor:
        weight, bias = (torch.tensor(self._e5.floats(f"{name}.{part}")) for part in "wb")
        normed = functional.layer_norm(
            state.float(), (self._e5.hidden,), weight, bias, self._e5.epsilon
        )
        return normed.to(state.dtype)

    def _layer(self, state: Tensor, name: str, mask: Tensor) -> Tensor:
        batch, tokens, width = state.shape
        query, key, value = (
            self._product(state, f"{name}{part}")
            .view(batch, tokens, self._e5.heads, -1)
            .transpose(1, 2)
            for part in "qkv"
        )
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = self._product(seen.transpose(1, 2).reshape(batch, tokens, width), f"{name}ao")
        state = self._normal(state + attended, f"{name}aln")
        inner = functional.gelu(self._product(state, f"{name}fi"))
        return self._normal(state + self._product(inner, f"{name}fo"), f"{name}oln")
