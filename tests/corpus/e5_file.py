# SPDX-License-Identifier: EUPL-1.2
"""A tiny E5S1 file with weights of our own, and what its encoder should answer, in plain numpy."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

HIDDEN, HEADS, LAYERS, INNER, POSITIONS, BLOCK = 32, 2, 2, 64, 16, 32
EPSILON = 1e-12
LETTERS = "aàbcdeéèfghijlmnoprstuvz€'’.,:😀"
PIECES = (
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁", -3.0),
    ("▁passage", -4.0),
    ("▁query", -4.0),
    ("▁la", -3.5),
    ("cantine", -6.0),
    ("▁mairie", -5.0),
    *((letter, -8.0 - number / 100) for number, letter in enumerate(LETTERS)),
)


@dataclass(slots=True)
class TinyE5:
    """Random weights, the same each time, kept both as Q4_0 blocks and as plain numbers."""

    plain: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    stored: dict[str, tuple[int, int, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        random = np.random.default_rng(384)
        self._blocks("emb.word", random.normal(0, 1, (len(PIECES), HIDDEN)))
        self._floats("emb.pos", random.normal(0, 0.3, (POSITIONS, HIDDEN)))
        self._floats("emb.type", random.normal(0, 0.3, (2, HIDDEN)))
        self._normal("emb.ln", random)
        for layer in range(LAYERS):
            for part, rows, columns in (
                *((name, HIDDEN, HIDDEN) for name in ("q", "k", "v", "ao")),
                ("fi", INNER, HIDDEN),
                ("fo", HIDDEN, INNER),
            ):
                self._blocks(f"l{layer}.{part}.w", random.normal(0, 0.3, (rows, columns)))
                middle = -1.0 if part == "fi" else 0.0  # where GELU is neither 0 nor the identity
                self._floats(f"l{layer}.{part}.b", random.normal(middle, 0.1, rows))
            self._normal(f"l{layer}.aln", random)
            self._normal(f"l{layer}.oln", random)

    def _normal(self, name: str, random: np.random.Generator) -> None:
        self._floats(f"{name}.w", random.normal(1, 0.1, HIDDEN))
        self._floats(f"{name}.b", random.normal(0, 0.1, HIDDEN))

    def _floats(self, name: str, value: NDArray[np.float64]) -> None:
        self.plain[name] = value.astype(np.float32)
        self.stored[name] = (0, value.size, self.plain[name].tobytes())

    def _blocks(self, name: str, value: NDArray[np.float64]) -> None:
        blocks = value.reshape(-1, BLOCK)
        scales = (np.abs(blocks).max(axis=1) / 7).astype(np.float16)
        codes = np.clip(np.rint(blocks / scales[:, None]) + 8, 0, 15).astype(np.uint8)
        self.plain[name] = (
            (codes.astype(np.float32) - 8) * scales[:, None].astype(np.float32)
        ).reshape(value.shape)
        nibbles = codes[:, :16] | (codes[:, 16:] << 4)
        raw = np.concatenate([scales.view(np.uint8).reshape(-1, 2), nibbles], axis=1)
        self.stored[name] = (1, value.size, raw.tobytes())

    def to_bytes(self) -> bytes:
        """The whole file."""
        words = [piece.encode() for piece, _ in PIECES]
        offsets = np.cumsum([0, *map(len, words)]).astype("<u4")
        shape = (HIDDEN, LAYERS, HEADS, INNER, len(PIECES), POSITIONS, 2)
        head = b"E5S1" + struct.pack("<I7ifi", 1, *shape, EPSILON, BLOCK)
        head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1]))
        head += offsets.tobytes() + np.array([s for _, s in PIECES], "<f4").tobytes()
        head += b"".join(words) + struct.pack("<iI", 0, 0) + struct.pack("<i", len(self.stored))
        at = len(head) + sum(2 + len(name) + 21 for name in self.stored)
        body = b""
        for name, (kind, count, raw) in self.stored.items():
            head += struct.pack("<H", len(name)) + name.encode()
            head += struct.pack("<BIQQ", kind, count, at + len(body), len(raw))
            body += raw
        return head + body

    def encode(self, ids: list[int]) -> NDArray[np.float32]:
        """What the encoder answers for these tokens, in full precision."""
        w = self.plain
        state = w["emb.word"][ids] + w["emb.pos"][: len(ids)] + w["emb.type"][0]
        state = self._normalised("emb.ln", state)
        for layer in range(LAYERS):
            state = self._layer(f"l{layer}.", state)
        mean = state.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _layer(self, name: str, state: NDArray[np.float32]) -> NDArray[np.float32]:
        query, key, value = (
            self._product(f"{name}{part}", state).reshape(len(state), HEADS, -1).transpose(1, 0, 2)
            for part in "qkv"
        )
        near = query @ key.transpose(0, 2, 1) / math.sqrt(HIDDEN // HEADS)
        share = np.exp(near - near.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        heads = (share @ value).transpose(1, 0, 2).reshape(len(state), HIDDEN)
        state = self._normalised(f"{name}aln", state + self._product(f"{name}ao", heads))
        inner = self._product(f"{name}fi", state)
        active = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        return self._normalised(f"{name}oln", state + self._product(f"{name}fo", active))

    def _product(self, name: str, state: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(state @ self.plain[f"{name}.w"].T + self.plain[f"{name}.b"], np.float32)

    def _normalised(self, name: str, state: NDArray[np.float32]) -> NDArray[np.float32]:
        centred = state - state.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
        scaled = centred / deviation * self.plain[f"{name}.w"]
        return np.asarray(scaled + self.plain[f"{name}.b"], np.float32)
