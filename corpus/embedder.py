# SPDX-License-Identifier: EUPL-1.2
"""Text to vectors: multilingual-e5-small in ONNX Runtime, the only import of both its libraries.

    text ──prefix, tokens──▶ ids ──one run a text──▶ 384 numbers of length 1

Passages run side by side, one thread each, the longest first so that none is waited for at the
end. One text a run, on purpose. Activations become 8-bit integers with one scale for the whole
run: in a batch, a passage's vector would depend on its neighbours (cosine .998 with itself,
measured), and padding would cost more than batches gain (see `docs/decisions/embedder.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from corpus import e5_additions
from corpus.e5_additions import Factors
from corpus.errors import PassageTooLong
from corpus.seams import TokenReading, TokenStates, Vectors

PASSAGE: Final = "passage: "
QUERY: Final = "query: "
MARKS: Final = 2
QUESTIONS: Final = Path(__file__).with_name("questions")
"""What was taught of asking, by the embedder's name: `benchmarks/question_training.py` made it."""

COMPARED: Final = Path(__file__).with_name("compared")
"""The same of comparing two questions: `benchmarks/cards_training.py` made it."""

WORD_BEGINS: Final = "\u2581"
"""What the tokeniser writes before the first piece of a word."""

QUESTIONS_KEPT: Final = 64


class _Inner(NamedTuple):
    """Names of what lies within the file, and the layers above `below` as questions have them."""

    tokens: str
    below: str
    upper: onnxruntime.InferenceSession | None


class _Layers(NamedTuple):
    """The layers up to the state `below`, and those above it with something added."""

    lower: onnxruntime.InferenceSession
    below: str
    upper: onnxruntime.InferenceSession

    def states(self, ids: list[int]) -> Vectors:
        """Return what each token came to mean, shape (tokens, width)."""
        given = {"ids": np.array([ids], np.int64)}
        (below,) = self.lower.run([self.below], given)
        (states,) = self.upper.run(None, given | {self.below: below})
        return np.asarray(states[0], np.float32)


def spans_after(prefix: str, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where tokens stand in the text after a prefix; empty for those of the prefix. The
    first of the text begins with the prefix's last space.

    >>> spans_after("query: ", [(0, 0), (0, 5), (5, 6), (6, 13), (13, 14), (0, 0)])
    [(0, 0), (0, 0), (0, 0), (0, 6), (6, 7), (0, 0)]
    """
    return [(max(0, start - len(prefix)), max(0, end - len(prefix))) for start, end in offsets]


class Taught:
    """An embedder's words and lower layers under upper ones that were taught something else."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int, layers: _Layers) -> None:
        self._tokenizer, self._max_tokens, self._layers = tokenizer, max_tokens, layers

    def embed_query(self, text: str) -> Vectors:
        """Return the mean of a short text's tokens, of whatever length; a long one is cut."""
        return self.read(text).mean

    def read(self, text: str) -> TokenReading:
        """Return what a short text and each of its tokens came to mean; a long one is cut."""
        encoded = self._tokenizer.encode(QUERY + text)
        states = self._layers.states(encoded.ids[: self._max_tokens])
        spans = spans_after(QUERY, encoded.offsets)
        of_text = [place for place in range(len(states)) if spans[place][1] > spans[place][0]]
        mean = np.asarray(states.mean(axis=0), np.float32)
        return TokenReading(mean, states[of_text], [spans[place] for place in of_text])


class OnnxEmbedder:
    """Runs a file made by `corpus.e5_graph.repack`; safe to share between threads."""

    def __init__(self, path: Path, *, threads: int = 2) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        onnxruntime.disable_telemetry_events()
        self._path, self._options, self._threads = path, options, threads
        self._session = self._opened(str(path))
        self._vectors = self._session.get_outputs()[0].name
        self._queries = lru_cache(QUESTIONS_KEPT)(self._query)
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
        return self._queries(text)

    def embed_question(self, text: str) -> Vectors:
        """Return the vector of a question as the embedder of questions has it: near what answers,
        in whatever words it is asked. That one is made of the file at the first; where nothing was
        taught, it is the embedder."""
        return self._questions(text)

    def embed_tokens(self, text: str) -> TokenStates:
        """Return what each token of a short question came to mean where questions are compared; the
        file is read anew for it, at the first."""
        encoded = self._tokenizer.encode(QUERY + text)
        ids = encoded.ids[: self.max_tokens]
        if self._compared is None:
            tokens = self._inner.tokens  # which gives the session an output for them
            (states,) = self._session.run([tokens], {"ids": np.array([ids], np.int64)})
            rows = np.asarray(states[0], np.float32)
        else:
            rows = self._compared.states(ids)
        body = rows[1 + self._prefix_tokens : len(encoded.ids) - 1]
        mean = rows.mean(axis=0)
        lengths = np.linalg.norm(body, axis=1, keepdims=True)
        return TokenStates(body / lengths, mean / np.linalg.norm(mean))

    @cached_property
    def _inner(self) -> _Inner:
        """What lies within the file, and what was taught of asking above it. The file is opened
        anew for that, in place of the one that tells vectors only."""
        from corpus.e5_graph import part

        taught = QUESTIONS / f"{self.name}.npz"
        parted = part(self._path, e5_additions.read(taught) if taught.exists() else {})
        self._session = self._opened(parted.whole)
        upper = self._opened(parted.upper) if parted.upper else None
        return _Inner(parted.tokens, parted.below, upper)

    @cached_property
    def _compared(self) -> _Layers | None:
        """What was taught of comparing; made only once something is compared."""
        taught = COMPARED / f"{self.name}.npz"
        return self._above(e5_additions.read(taught)) if taught.exists() else None

    def taught(self, additions: Mapping[str, Factors]) -> Taught:
        """Return what embeds with this added to its matrices. Raise KeyError where the file has no
        matrix of a name."""
        return Taught(self._tokenizer, self.max_tokens, self._above(additions))

    def _above(self, additions: Mapping[str, Factors]) -> _Layers:
        """Return the layers with something added; those under it are the session's own where what
        was taught of asking begins at the same."""
        from corpus.e5_graph import part

        parted = part(self._path, additions, by_token=True)
        is_shared = parted.below == self._inner.below
        lower = self._session if is_shared else self._opened(parted.whole)
        return _Layers(lower, parted.below, self._opened(parted.upper))

    def _opened(self, model: bytes | str) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(
            model, self._options, providers=["CPUExecutionProvider"]
        )

    def _query(self, text: str) -> Vectors:
        return self._embedded(text, self._run)

    def _question(self, text: str) -> Vectors:
        inner = self._inner
        return self._embedded(text, self._run_as_question if inner.upper else self._run)

    def _embedded(self, text: str, run: Callable[[list[int]], Vectors]) -> Vectors:
        ids = self._ids(QUERY + text)
        windows = [ids] if len(ids) <= self.max_tokens else self._windows(ids)
        each = [run(window) for window in windows]
        mean = np.average(each, axis=0, weights=[len(window) for window in windows])
        vector = each[0] if len(each) == 1 else np.asarray(mean / np.linalg.norm(mean), np.float32)
        vector.setflags(write=False)  # whoever asks next gets the same
        return vector

    def _windows(self, ids: list[int]) -> list[list[int]]:
        """Cut a long query; each part gets the prefix and the marks of a whole one."""
        begin = 1 + self._prefix_tokens
        head, body, end = ids[:begin], ids[begin:-1], ids[-1:]
        room = self.max_tokens - len(head) - len(end)
        return [head + body[at : at + room] + end for at in range(0, len(body), room)]

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text).ids)

    def _run(self, ids: list[int]) -> Vectors:
        (vectors,) = self._session.run([self._vectors], {"ids": np.array([ids], np.int64)})
        return np.asarray(vectors[0], np.float32)

    def _run_as_question(self, ids: list[int]) -> Vectors:
        inner, given = self._inner, {"ids": np.array([ids], np.int64)}
        assert inner.upper is not None
        (below,) = self._session.run([inner.below], given)
        (vectors,) = inner.upper.run(None, given | {inner.below: below})
        return np.asarray(vectors[0], np.float32)
