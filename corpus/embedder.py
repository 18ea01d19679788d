# SPDX-License-Identifier: EUPL-1.2
"""Text to vectors: multilingual-e5-small in ONNX Runtime, the only import of both its libraries.

    text ──prefix, tokens──▶ ids ──one run a text──▶ 384 numbers of length 1

Passages run side by side, one thread each, the longest first so that none is waited for at the
end. One text a run, on purpose. Activations become 8-bit integers with one scale for the whole
run: in a batch, a passage's vector would depend on its neighbours (cosine .998 with itself,
measured), and padding would cost more than batches gain (see `docs/decisions/embedder.md`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.errors import PassageTooLong
from corpus.seams import TokenStates, Vectors

PASSAGE: Final = "passage: "
QUERY: Final = "query: "
MARKS: Final = 2
WORD_BEGINS: Final = "\u2581"
"""What the tokeniser writes before the first piece of a word."""

QUESTIONS_KEPT: Final = 64


class OnnxEmbedder:
    """Runs a file made by `corpus.e5_graph.repack`; safe to share between threads."""

    def __init__(self, path: Path, *, threads: int = 2, adapted: bytes = b"") -> None:
        """`adapted`: what is run instead of the file's own bytes (`corpus.e5_graph.adapt`)."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        onnxruntime.disable_telemetry_events()
        self._session = onnxruntime.InferenceSession(
            adapted or str(path), options, providers=["CPUExecutionProvider"]
        )
        self._path, self._options, self._threads = path, options, threads
        self._questions = lru_cache(QUESTIONS_KEPT)(self._question)
        about = self._session.get_modelmeta().custom_metadata_map
        self._tokenizer = Tokenizer.from_str(about["tokenizer"])
        self._prefix_tokens = len(self._ids(QUERY.rstrip())) - MARKS
        self.name = path.stem
        self.max_tokens = int(about["max_tokens"])
        self.dimension = int(self._session.get_outputs()[0].shape[1])

    def count_tokens(self, text: str) -> int:
        return len(self._ids(PASSAGE + text))

    def longest_piece(self, text: str) -> int:
        pieces = (piece.lstrip(WORD_BEGINS) for piece in self._tokenizer.encode(text).tokens)
        return max((len(piece) for piece in pieces if piece.isalpha()), default=0)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        passages = [self._ids(PASSAGE + text) for text in texts]
        for ids in passages:
            if len(ids) > self.max_tokens:
                raise PassageTooLong(len(ids), self.max_tokens)
        vectors = np.empty((len(passages), self.dimension), np.float32)

        def fill(row: int) -> None:
            vectors[row] = self._run(passages[row])

        longest_first = sorted(range(len(passages)), key=lambda row: -len(passages[row]))
        with ThreadPoolExecutor(self._threads) as pool:
            for _ in pool.map(fill, longest_first):
                pass
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question; what is asked of it next needs it again, three times."""
        return self._questions(text)

    def embed_tokens(self, text: str) -> TokenStates:
        """Return what each token of a short question came to mean; the file is read anew for it, at
        the first."""
        session, name = self._with_states
        encoded = self._tokenizer.encode(QUERY + text)
        ids = encoded.ids[: self.max_tokens]
        (states,) = session.run([name], {"ids": np.array([ids], np.int64)})
        inner = slice(1 + self._prefix_tokens, len(encoded.ids) - 1)
        rows = np.asarray(states[0][inner], np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return TokenStates(rows / lengths, self._rarity[ids[inner]])

    @cached_property
    def _with_states(self) -> tuple[onnxruntime.InferenceSession, str]:
        from corpus.e5_graph import with_states

        model, name = with_states(self._path)
        providers = ["CPUExecutionProvider"]
        return onnxruntime.InferenceSession(model, self._options, providers=providers), name

    @cached_property
    def _rarity(self) -> NDArray[np.float32]:
        """How rare each piece is, as the tokeniser was taught: minus the log of its share."""
        vocabulary = json.loads(self._tokenizer.to_str())["model"]["vocab"]
        return np.maximum(0, [-score for _, score in vocabulary]).astype(np.float32)

    def _question(self, text: str) -> Vectors:
        vector = self._embedded(text)
        vector.setflags(write=False)  # whoever asks next gets the same
        return vector

    def _embedded(self, text: str) -> Vectors:
        ids = self._ids(QUERY + text)
        if len(ids) <= self.max_tokens:
            return self._run(ids)
        windows = self._windows(ids)
        mean = np.average(
            [self._run(window) for window in windows],
            axis=0,
            weights=[len(window) for window in windows],
        )
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _windows(self, ids: list[int]) -> list[list[int]]:
        """Cut a long query; each part gets the prefix and the marks of a whole one."""
        begin = 1 + self._prefix_tokens
        head, body, end = ids[:begin], ids[begin:-1], ids[-1:]
        room = self.max_tokens - len(head) - len(end)
        return [head + body[at : at + room] + end for at in range(0, len(body), room)]

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text).ids)

    def _run(self, ids: list[int]) -> NDArray[np.float32]:
        (vectors,) = self._session.run(None, {"ids": np.array([ids], np.int64)})
        return np.asarray(vectors[0], np.float32)
