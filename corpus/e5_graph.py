# SPDX-License-Identifier: EUPL-1.2
"""Repacking multilingual-e5-small into one ONNX file: 4-bit words, 8-bit layers, its own tokeniser.

    ids ─▶ words + positions ─▶ 12 × (attention, feed-forward) ─▶ mean ─▶ length 1 ─▶ vectors

- The word table keeps the 4 bits of its source, exactly: two codes a byte and a scale for 32.
- The layers' matrices become 8-bit integers, one scale a column, of 7 bits so that pairs of
  products never overflow 16 bits on processors without VNNI; activations are quantised as they
  come. Only operators of the ONNX standard.
- The tokeniser travels inside the file, as metadata, so that one hash covers all.

The bytes depend on the source alone: no version, no date, no library's own quantiser. That is why
`weights.toml` can hold their SHA-256. `onnx` is imported only here: to repack, and to add to what
was repacked (`adapt`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from corpus import e5_additions
from corpus.e5 import BLOCK, E5File, Vocabulary
from corpus.e5_additions import Factors

OPSET: Final = 21
IR_VERSION: Final = 10
WEIGHT_PEAK: Final = 64


def repack(source: Path, target: Path, additions: Path | None = None) -> None:
    """Write the ONNX file made of an E5S1 file's weights, and of what training added to them."""
    e5 = E5File(source, e5_additions.read(additions) if additions else {})
    graph = _Graph()
    ids = "ids"
    keep = graph.add("Not", graph.add("Equal", ids, graph.whole(e5.vocabulary.pad)))
    state = _embeddings(graph, e5, ids)
    mask = _mask(graph, keep)
    for layer in range(e5.layers):
        state = _layer(graph, e5, f"l{layer}.", state, mask)
    _mean(graph, state, keep)
    onnx.save(graph.model(e5), str(target))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """A repacked file that also tells what lies within, and its upper layers with more added.

    `whole` gives beside its vectors the state of each token (`tokens`) and the state under the
    upper layers (`below`); `upper` makes vectors of the ids and of that state, or states of tokens.
    Both are empty where nothing is added.
    """

    whole: bytes
    tokens: str
    below: str
    upper: bytes


def part(repacked: Path, additions: Mapping[str, Factors], *, by_token: bool = False) -> Parted:
    """Part a repacked file under the lowest layer to which something is added (`l6.q`).
    `by_token`: the upper layers give the states of tokens in place of vectors."""
    model = onnx.load(str(repacked))
    (weighed,) = (node for node in model.graph.node if node.output[0] in _summed(model))
    tokens = weighed.input[0]
    below = _under(model.graph, additions) if additions else ""
    vectors = [*model.graph.output]
    model.graph.output.extend(_float(name) for name in (tokens, below) if name)
    whole = bytes(model.SerializeToString())
    if not additions:
        return Parted(whole=whole, tokens=tokens, below="", upper=b"")
    _add(model.graph, additions)
    del model.graph.output[:], model.metadata_props[:]
    model.graph.output.extend([_float(tokens)] if by_token else vectors)
    model.graph.input.append(_float(below))
    _keep_above(model.graph, {below})
    return Parted(whole=whole, tokens=tokens, below=below, upper=bytes(model.SerializeToString()))


def _float(name: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, None)


def _add(graph: onnx.GraphProto, additions: Mapping[str, Factors]) -> None:
    """Add to matrices, and round them again."""
    constants = {one.name: one for one in graph.initializer}
    for name, factors in additions.items():
        weights, scale = constants[f"{name}.w"], constants[f"{name}.scale"]
        plain = numpy_helper.to_array(weights) * numpy_helper.to_array(scale)
        integers, steps = _rounded(plain + factors.product().T)
        weights.CopyFrom(numpy_helper.from_array(integers, weights.name))
        scale.CopyFrom(numpy_helper.from_array(steps, scale.name))


def _under(graph: onnx.GraphProto, additions: Mapping[str, Factors]) -> str:
    """The state that goes into the lowest layer to which something is added."""
    lowest = min(int(name[1:].partition(".")[0]) for name in additions)
    last = f"l{lowest - 1}.oln.w" if lowest else "emb.ln.w"
    for node in graph.node:
        if last in node.input:
            return str(node.output[0])
    raise KeyError(last)


def _keep_above(graph: onnx.GraphProto, given: Collection[str]) -> None:
    """Leave what is computed only to make states that are given."""
    wanted = {one.name for one in graph.output}
    kept = list[onnx.NodeProto]()
    for node in reversed(graph.node):
        if wanted & ({*node.output} - {*given}):
            kept.append(node)
            wanted |= {*node.input} - {*given}
    constants = [one for one in graph.initializer if one.name in wanted]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(constants)


def _summed(model: onnx.ModelProto) -> set[str]:
    """The product of tokens and their mask, of which the mean is made."""
    makers = {node.output[0]: node for node in model.graph.node}
    mean = makers[makers[model.graph.node[-1].input[0]].input[0]]
    return {mean.input[0]}


def tokenizer_json(vocabulary: Vocabulary) -> str:
    """The tokeniser as the library `tokenizers` reads it.

    Nmt and NFKC give, for each of Unicode's characters but two rare ones, what the source's own
    table gives. No special token is declared: a text that holds `</s>` gains no power by it.
    """
    begin, end = (vocabulary.pieces[i][0] for i in (vocabulary.begin, vocabulary.end))
    marks = {begin: vocabulary.begin, end: vocabulary.end}
    spaces = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
    steps = [{"type": "Nmt"}, {"type": "NFKC"}, spaces]
    description: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": steps},
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": "▁",
            "prepend_scheme": "always",
            "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": begin, "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": end, "type_id": 0}},
            ],
            "pair": [
                {"Sequence": {"id": "A", "type_id": 0}},
                {"Sequence": {"id": "B", "type_id": 1}},
            ],
            "special_tokens": {
                mark: {"id": mark, "ids": [number], "tokens": [mark]}
                for mark, number in marks.items()
            },
        },
        "decoder": None,
        "model": {
            "type": "Unigram",
            "unk_id": vocabulary.unknown,
            "vocab": [list(piece) for piece in vocabulary.pieces],
            "byte_fallback": False,
        },
    }
    return json.dumps(description, ensure_ascii=False, separators=(",", ":"))


class _Graph:
    """Nodes and constants as they are added; each result is known by its name."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one result; return the result's name."""
        return self.add_all(operator, inputs, 1, **attributes)[0]

    def add_all(
        self, operator: str, inputs: tuple[str, ...], results: int, **attributes: Any
    ) -> tuple[str, ...]:
        """Add a node with several results; return their names."""
        number = len(self._nodes)
        names = tuple(f"n{number}.{result}" for result in range(results))
        self._nodes.append(helper.make_node(operator, inputs, names, **attributes))
        return names

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Keep an array under a name, once."""
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def whole(self, *values: int) -> str:
        """A constant of 64-bit integers: one number, or a list."""
        name = "whole." + ".".join(map(str, values))
        return self.constant(name, np.array(values if len(values) > 1 else values[0], np.int64))

    def axes(self, *values: int) -> str:
        """A list of axes, be it of one."""
        return self.constant("axes." + ".".join(map(str, values)), np.array(values, np.int64))

    def real(self, value: float) -> str:
        """A constant number."""
        return self.constant(f"real.{value}", np.array(value, np.float32))

    def model(self, e5: E5File) -> onnx.ModelProto:
        """The finished model, with its tokeniser and its limits as metadata."""
        self._nodes[-1].output[0] = "vectors"
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "tokens"])
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", e5.hidden])
        graph = helper.make_graph(
            self._nodes, "e5", [ids], [vectors], list(self._constants.values())
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        for key, value in (
            ("max_tokens", str(e5.positions)),
            ("tokenizer", tokenizer_json(e5.vocabulary)),
        ):
            model.metadata_props.add(key=key, value=value)
        return model


def _embeddings(graph: _Graph, e5: E5File, ids: str) -> str:
    """Words out of their 4 bits, plus positions from 0, plus the one kind of text there is."""
    words = e5.blocks("emb.word", e5.rows)
    blocks = e5.hidden // BLOCK
    pairs = graph.add("Gather", graph.constant("words", words.packed()), ids)
    low = graph.add("BitwiseAnd", pairs, graph.constant("low", np.array(0x0F, np.uint8)))
    four = graph.constant("four", np.array(4, np.uint8))
    high = graph.add("BitShift", pairs, four, direction="RIGHT")
    last = graph.axes(-1)
    both = graph.add(
        "Concat", graph.add("Unsqueeze", low, last), graph.add("Unsqueeze", high, last), axis=-1
    )
    codes = graph.add("Reshape", both, graph.whole(0, 0, blocks, BLOCK))
    centred = graph.add("Sub", graph.add("Cast", codes, to=TensorProto.FLOAT), graph.real(8))
    half = graph.constant("words.scale", words.scales.astype(np.float16)[..., None])
    scales = graph.add("Cast", graph.add("Gather", half, ids), to=TensorProto.FLOAT)
    whole = graph.add("Mul", centred, scales)
    embedded = graph.add("Reshape", whole, graph.whole(0, 0, e5.hidden))
    places = e5.floats("emb.pos").reshape(-1, e5.hidden) + e5.floats("emb.type")[: e5.hidden]
    count = graph.add("Slice", graph.add("Shape", ids), graph.axes(1), graph.axes(2))
    place = graph.add(
        "Slice", graph.constant("places", places), graph.axes(0), count, graph.axes(0)
    )
    return _normal(graph, e5, "emb.ln", graph.add("Add", embedded, place))


def _mask(graph: _Graph, keep: str) -> str:
    """Nothing where a token is, a very low score where there is only padding."""
    padded = graph.add("Cast", graph.add("Not", keep), to=TensorProto.FLOAT)
    return graph.add("Mul", graph.add("Unsqueeze", padded, graph.axes(1, 2)), graph.real(-1e9))


def _normal(graph: _Graph, e5: E5File, name: str, state: str) -> str:
    weight = graph.constant(f"{name}.w", e5.floats(f"{name}.w"))
    bias = graph.constant(f"{name}.b", e5.floats(f"{name}.b"))
    return graph.add("LayerNormalization", state, weight, bias, axis=-1, epsilon=e5.epsilon)


def _quantised(graph: _Graph, state: str) -> tuple[str, ...]:
    """8-bit activations, their scale and their zero."""
    return graph.add_all("DynamicQuantizeLinear", (state,), 3)


def _rounded(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix as 8-bit integers, and the scale of each column."""
    scale = (np.abs(matrix).max(axis=0) / WEIGHT_PEAK).astype(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


def _product(graph: _Graph, e5: E5File, name: str, rows: int, quantised: tuple[str, ...]) -> str:
    """Multiply by a matrix of the source, as 8-bit integers, and add its bias."""
    integers, scale = _rounded(e5.matrix(name, rows).T)
    values, value_scale, zero = quantised
    weights = graph.constant(f"{name}.w", integers)
    zeros = graph.constant("zeros", np.array(0, np.int8))
    total = graph.add("MatMulInteger", values, weights, zero, zeros)
    factor = graph.add("Mul", value_scale, graph.constant(f"{name}.scale", scale))
    result = graph.add("Mul", graph.add("Cast", total, to=TensorProto.FLOAT), factor)
    return graph.add("Add", result, graph.constant(f"{name}.b", e5.floats(f"{name}.b")))


def _attention(graph: _Graph, e5: E5File, name: str, state: str, mask: str) -> str:
    size = e5.hidden // e5.heads
    split = graph.whole(0, 0, e5.heads, size)
    quantised = _quantised(graph, state)
    query, key, value = (
        graph.add("Reshape", _product(graph, e5, f"{name}{part}", e5.hidden, quantised), split)
        for part in "qkv"
    )
    query = graph.add("Transpose", query, perm=[0, 2, 1, 3])
    key = graph.add("Transpose", key, perm=[0, 2, 3, 1])
    value = graph.add("Transpose", value, perm=[0, 2, 1, 3])
    near = graph.add("Mul", graph.add("MatMul", query, key), graph.real(size**-0.5))
    share = graph.add("Softmax", graph.add("Add", near, mask), axis=-1)
    heads = graph.add("Transpose", graph.add("MatMul", share, value), perm=[0, 2, 1, 3])
    return graph.add("Reshape", heads, graph.whole(0, 0, e5.hidden))


def _layer(graph: _Graph, e5: E5File, name: str, state: str, mask: str) -> str:
    attended = _quantised(graph, _attention(graph, e5, name, state, mask))
    attention = _product(graph, e5, f"{name}ao", e5.hidden, attended)
    state = _normal(graph, e5, f"{name}aln", graph.add("Add", state, attention))
    inner = _product(graph, e5, f"{name}fi", e5.inner, _quantised(graph, state))
    active = _quantised(graph, graph.add("Gelu", inner))
    outer = _product(graph, e5, f"{name}fo", e5.hidden, active)
    return _normal(graph, e5, f"{name}oln", graph.add("Add", state, outer))


def _mean(graph: _Graph, state: str, keep: str) -> None:
    """The mean of the tokens that are there, brought to length 1."""
    weight = graph.add("Cast", keep, to=TensorProto.FLOAT)
    column = graph.add("Unsqueeze", weight, graph.axes(2))
    total = graph.add("ReduceSum", graph.add("Mul", state, column), graph.axes(1), keepdims=0)
    count = graph.add("ReduceSum", column, graph.axes(1), keepdims=0)
    graph.add("LpNormalization", graph.add("Div", total, count), axis=-1, p=2)


if __name__ == "__main__":
    repack(*map(Path, sys.argv[1:]))
