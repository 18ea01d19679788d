# SPDX-License-Identifier: EUPL-1.2
"""The default language model's lower layers as PyTorch computes them, with additions that learn.

    GGUF file ─▶ Reader(tokens) ─▶ states (batch, tokens, width)     additions ─▶ a GGUF adapter

Qwen2's form: root mean squares, rotary places, queries in groups. Neither PyTorch nor gguf is a
dependency of the product: `pip install torch gguf` beside it, to train only.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader, GGUFWriter
from gguf.quants import dequantize
from torch.nn import functional

PARTS = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
WITH_BIAS = ("attn_q", "attn_k", "attn_v")

Tensor = Any


class Reader:
    """The first `layers` of a model; those from `first` on have additions of some rank.

    `additions` holds two factors by the name of a matrix: (rank, columns), (rows, rank).
    """

    def __init__(self, path: Path, *, layers: int, first: int, rank: int, seed: int) -> None:
        torch.manual_seed(seed)
        self._file = GGUFReader(str(path))
        self._tensors = {tensor.name: tensor for tensor in self._file.tensors}
        self.layers, self._first, self._rank = layers, first, rank
        self.width = self._number("embedding_length")
        self._heads = self._number("attention.head_count")
        self._groups = self._number("attention.head_count_kv")
        self._epsilon = self._real("attention.layer_norm_rms_epsilon")
        self._theta = self._real("rope.freq_base")
        self._words = self._read("token_embd.weight")
        self._plain = dict[str, Tensor]()
        self.additions = dict[str, tuple[Tensor, Tensor]]()
        for layer in range(layers):
            for part in PARTS:
                self._open(f"blk.{layer}.{part}", adds=layer >= first)
            for norm in ("attn_norm", "ffn_norm"):
                name = f"blk.{layer}.{norm}.weight"
                self._plain[name] = self._read(name).float()

    def parameters(self) -> list[Tensor]:
        return [factor for pair in self.additions.values() for factor in pair]

    def __call__(
        self, tokens: Tensor, *, places: Tensor | None = None, sees: Tensor | None = None
    ) -> Tensor:
        """Return the last layer's outputs; rows are padded at their end, with anything.

        `places` (batch, tokens) is where each token stands, and `sees` (batch, tokens, tokens)
        which others it sees, where rows are no plain texts; each sees itself.
        """
        length, size = tokens.shape[1], self.width // self._heads
        steps = self._theta ** (-torch.arange(0, size, 2) / size)
        places = torch.arange(length)[None] if places is None else places
        angles = places[:, None, :, None] * steps.repeat(2)
        turn = angles.cos().bfloat16(), angles.sin().bfloat16()
        sees = None if sees is None else sees[:, None]
        with torch.no_grad():
            states = self._words[tokens]
            for layer in range(self._first):
                states = self._layer(layer, states, turn, sees)
        for layer in range(self._first, self.layers):
            states = self._layer(layer, states, turn, sees)
        return states

    def write_adapter(self, path: Path) -> None:
        """Write the additions as llama.cpp reads them, in half precision."""
        writer = GGUFWriter(str(path), "qwen2")
        writer.add_string("general.type", "adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", float(self._rank))
        for name, factors in self.additions.items():
            for letter, factor in zip("ab", factors, strict=True):
                half = factor.detach().numpy().astype(np.float16)
                writer.add_tensor(f"{name}.weight.lora_{letter}", half)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    def read_adapter(self, path: Path) -> None:
        """Go on from additions that were written before, of the same layers and rank."""
        for tensor in GGUFReader(str(path)).tensors:
            name, _, letter = tensor.name.rpartition(".weight.lora_")
            factor = self.additions[name]["ab".index(letter)]
            factor.data.copy_(torch.tensor(np.array(tensor.data, dtype=np.float32)))

    def _layer(
        self, layer: int, states: Tensor, turn: tuple[Tensor, Tensor], sees: Tensor | None
    ) -> Tensor:
        name = f"blk.{layer}."
        batch, length, _ = states.shape
        seen = self._norm(name + "attn_norm", states)

        def heads(part: str, count: int) -> Tensor:
            rows = self._times(name + part, seen)
            return rows.view(batch, length, count, -1).transpose(1, 2)

        queries = _turned(heads("attn_q", self._heads), *turn)
        keys = _turned(heads("attn_k", self._groups), *turn)
        each = self._heads // self._groups
        held = functional.scaled_dot_product_attention(
            queries,
            keys.repeat_interleave(each, 1),
            heads("attn_v", self._groups).repeat_interleave(each, 1),
            attn_mask=sees,
            is_causal=sees is None,
        )
        mixed = held.transpose(1, 2).reshape(batch, length, self.width)
        states = states + self._times(name + "attn_output", mixed)
        seen = self._norm(name + "ffn_norm", states)
        gated = functional.silu(self._times(name + "ffn_gate", seen))
        return states + self._times(name + "ffn_down", gated * self._times(name + "ffn_up", seen))

    def _norm(self, name: str, states: Tensor) -> Tensor:
        weight = self._plain[name + ".weight"]
        whole = functional.rms_norm(states.float(), (self.width,), weight, self._epsilon)
        return whole.to(states.dtype)

    def _times(self, name: str, states: Tensor) -> Tensor:
        out = functional.linear(states, self._plain[name], self._plain.get(name + ".bias"))
        if name not in self.additions:
            return out
        before, after = (factor.to(states.dtype) for factor in self.additions[name])
        return out + functional.linear(functional.linear(states, before), after)

    def _open(self, name: str, *, adds: bool) -> None:
        matrix = self._plain[name] = self._read(name + ".weight")
        if name.rpartition(".")[2] in WITH_BIAS:
            self._plain[name + ".bias"] = self._read(name + ".bias")
        if adds:
            rows, columns = matrix.shape
            before = (torch.randn(self._rank, columns) / math.sqrt(columns)).requires_grad_()
            self.additions[name] = (before, torch.zeros(rows, self._rank, requires_grad=True))

    def _read(self, name: str) -> Tensor:
        tensor = self._tensors[name]
        return torch.tensor(dequantize(tensor.data, tensor.tensor_type)).to(torch.bfloat16)

    def _number(self, key: str) -> int:
        return int(self._real(key))

    def _real(self, key: str) -> float:
        return float(self._file.fields[f"qwen2.{key}"].parts[-1][0])


def _turned(rows: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Rows of each head, turned by their place."""
    first, second = rows.chunk(2, -1)
    return rows * cosines + torch.cat([-second, first], -1) * sines
