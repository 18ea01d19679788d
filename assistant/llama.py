# SPDX-License-Identifier: EUPL-1.2
"""A GGUF model on this machine: with `hidden_states.py` and `held_words.py`, all of llama_cpp.

    Prompt ─▶ tokens ─▶ what the last prompt shares stays in the cache ─▶ the rest is evaluated

Weighing a reply reads it in one pass, without writing it: a few hundredths of a second.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from assistant.chat_form import chat_form
from assistant.errors import ModelFailed, PromptTooLong
from assistant.following.reading import Laid, Tagger, laid, word_states
from assistant.graphics import NONE, free_bytes, layers_that_fit
from assistant.held_words import HeldWords
from assistant.hidden_states import HiddenStates, TokenStates
from assistant.leaving import Gone
from assistant.own_thread import computed
from assistant.probe import Probe
from assistant.seams import Extract, Prompt, Tags
from assistant.selector import Selector, compared_tokens, tokens_and_marks
from corpus.cores import Company

BATCH_TOKENS = 512
SELECTED_TOKENS = 2048
"""Of all lines that are read at once, with their question: some 600 as a rule."""

REPLY_TOKENS = 64
"""Of the context, kept free for what is said after a prompt."""


MANY_WEIGHTS = 3_000_000_000
"""From so many on a model is tried with several passages at once; smaller ones mix them up."""


class LlamaModel:
    """Runs one prompt at a time; the caller's queue keeps others away."""

    def __init__(
        self,
        path: Path,
        *,
        context_tokens: int = 4096,
        threads: int = 0,
        gpu_layers: int | None = 0,
        probe: Probe | None = None,
        selector: Selector | None = None,
        comparer: Selector | None = None,
        tagger: Tagger | None = None,
        watched: Sequence[int] = (),
        pulse: Callable[[], bool] | None = None,
    ) -> None:
        """Load a file; `gpu_layers` None: as many as the graphics card takes. `watched` are the
        layers whose states are asked for, that of the probe where nothing is said. `pulse` is
        called again and again within a computation; where it says True, that ends in Gone."""
        self._threads = self._most_threads = threads or len(os.sched_getaffinity(0))
        self._company = Company()
        self.name = path.stem
        try:
            self._llama = llama_cpp.Llama(
                str(path),
                n_ctx=context_tokens,
                n_batch=BATCH_TOKENS,
                n_threads=self._threads,
                n_threads_batch=self._threads,
                n_gpu_layers=_fitting(path) if gpu_layers is None else gpu_layers,
                verbose=False,
            )
        except (ValueError, RuntimeError, OSError) as error:
            raise ModelFailed("model_failed", name=path.name) from error
        self._context_tokens = context_tokens
        self._probe = probe
        layers = watched or ([probe.layer] if probe else ())
        self._hidden = HiddenStates(self._llama, layers) if layers else None
        self._selector, self._comparer = selector, comparer
        self._tagger = tagger
        additions = [one.adapter for one in (selector, comparer) if one]
        self._read = self._reader(additions) if additions or tagger else None
        self._form = self._chat_form()
        self._pulse, self._is_stopped = pulse, False
        self._beat = llama_cpp.ggml_abort_callback(self._beats)
        if pulse:
            for context in self._contexts():
                llama_cpp.llama_set_abort_callback(context, self._beat, None)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        if not reply:
            raise ValueError("no words to weigh")
        with self._computing():
            said = self._prompt_tokens(prompt)
            words = self._tokens(reply)[: self._context_tokens - len(said) - 1]
            first = self._logits(said)
            total = _log_odds(first, words[0])
            for scores, word in zip(self._next_logits(words[:-1]), words[1:], strict=True):
                total += _log_odds(scores, word)
            return total

    def answerability(self, prompt: Prompt) -> float | None:
        return None if self._probe is None else self._probe(self.states(prompt)[0])

    def states(self, prompt: Prompt) -> NDArray[np.float32]:
        """Outputs of the watched layers after a prompt's last token; shape (layers, width)."""
        if self._hidden is None:
            raise ValueError("no layer is watched")
        with self._computing():
            self._logits(self._prompt_tokens(prompt))
            return self._hidden.rows.copy()

    def count_tokens(self, text: str) -> int:
        """How many tokens a text has."""
        with self._computing():
            return len(self._tokens(text))

    def line_odds(self, question: str, extracts: Sequence[Extract]) -> list[float] | None:
        if self._selector is None or self._read is None:
            return None
        with self._computing():
            read = tokens_and_marks(question, extracts, self._tokens)
            return self._odds(self._selector, self._read, *read)

    @property
    def compares(self) -> bool:
        return self._comparer is not None

    def same_odds(self, asked: str, card: str) -> float | None:
        if self._comparer is None or self._read is None:
            return None
        with self._computing():
            read = compared_tokens(asked, card, self._tokens)
            odds = self._odds(self._comparer, self._read, *read)
            return odds[0] if odds else None

    def tags(self, question: str, before: str) -> Tags | None:
        if self._tagger is None:
            return None
        read = laid(question, before)
        states = self.word_states(read, self._tagger.layer)
        return None if states is None else self._tagger.tags(read, states)

    def word_states(self, read: Laid, layer: int) -> NDArray[np.float32] | None:
        """What a layer puts out for each word that is looked at, and at the end: shape
        (words + 1, width); None for a text that is too long."""
        if self._read is None:
            raise ValueError("no token is watched")
        with self._computing():
            tokens = self._tokens(read.text)
            if len(tokens) > self._read.max_tokens:
                return None
            self._share_cores()
            pieces = [self._llama.detokenize([token]) for token in tokens]
            states = self._read(tokens, layer)
            return word_states(states, pieces, read.places)

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        with self._computing():
            barred = self._tokens(instead_of)[:1]

            def likeliest(scores: NDArray[np.float32]) -> int:
                nonlocal barred
                first, barred = barred, []
                return _likeliest(scores, first)

            yield from self._written(self._prompt_tokens(prompt), max_tokens, stop, likeliest)

    @property
    def reads_several(self) -> bool:
        return int(llama_cpp.llama_model_n_params(self._llama.model)) >= MANY_WEIGHTS

    def write_json(
        self, prompt: Prompt, *, schema: Mapping[str, object], max_tokens: int
    ) -> Iterator[str]:
        with self._computing(), closing(HeldWords(self._vocabulary, schema)) as held:
            said = self._prompt_tokens(prompt)
            yield from self._written(said, max_tokens, "", held.likeliest)

    def close(self) -> None:
        """Give the memory back."""
        self._llama.close()

    def _written(
        self,
        said: list[int],
        max_tokens: int,
        stop: str,
        likeliest: Callable[[NDArray[np.float32]], int],
    ) -> Iterator[str]:
        pending, seen = b"", ""
        for _ in range(min(max_tokens, self._context_tokens - len(said) - 1)):
            token = likeliest(self._logits(said))
            if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                break
            said.append(token)
            pending += self._llama.detokenize([token])
            try:
                piece = pending.decode("utf-8")
            except UnicodeDecodeError:  # a letter whose bytes are not all there yet
                continue
            pending = b""
            seen += piece
            if stop and stop in seen:
                kept = piece[: len(piece) - (len(seen) - seen.index(stop))]
                if kept:
                    yield kept
                return
            yield piece

    @contextmanager
    def _computing(self) -> Iterator[None]:
        """Whatever the library raises in this block is ModelFailed; Gone where it was stopped."""
        self._is_stopped = False
        try:
            yield
        except (RuntimeError, ValueError, OSError, MemoryError, AssertionError) as error:
            if self._is_stopped:
                raise Gone from error
            raise ModelFailed("model_error", name=self.name) from error

    def _beats(self, _: object) -> bool:
        """Say whether the library is to stop; called by it between two operations."""
        self._is_stopped = self._is_stopped or (self._pulse is not None and self._pulse())
        return self._is_stopped

    def _reader(self, additions: Sequence[Path]) -> TokenStates:
        try:
            return TokenStates(
                self._llama, additions, max_tokens=SELECTED_TOKENS, threads=self._threads
            )
        except OSError as error:
            self._llama.close()
            raise ModelFailed("model_failed", name=str(error) or self.name) from error

    def _odds(
        self, by: Selector, read: TokenStates, tokens: Sequence[int], marks: Sequence[int]
    ) -> list[float] | None:
        """Log-odds at the marks; None for a question or a line of a thousand tokens: those are
        read the other way."""
        self._share_cores()
        if len(tokens) > read.max_tokens:
            return None
        return by.odds(read(tokens, by.layer, adapter=by.adapter)[marks])

    def _tokens(self, text: str) -> list[int]:
        # half a character, which no UTF-8 can hold, is read as a question mark
        tokens: list[int] = self._llama.tokenize(text.encode("utf-8", "replace"), add_bos=False)
        return tokens

    def _prompt_tokens(self, prompt: Prompt) -> list[int]:
        """The prompt in the model's own chat form, source text never read as marks; PromptTooLong
        where it leaves no room for a reply."""
        before, between, after = self._form
        tokens = [
            *before, *self._tokens(prompt.system), *between, *self._tokens(prompt.user), *after
        ]  # fmt: skip
        most = self._context_tokens - REPLY_TOKENS
        if len(tokens) > most:
            raise PromptTooLong("prompt_too_long", tokens=len(tokens), max_tokens=most)
        return tokens

    def _chat_form(self) -> tuple[list[int], ...]:
        """The pieces of the chat form, the only ones that are tokenised with special marks."""
        told = self._llama.metadata
        bos, eos = (
            self._llama.detokenize([token], special=True).decode("utf-8", "replace")
            if token >= 0
            else ""
            for token in (self._llama.token_bos(), self._llama.token_eos())
        )
        form = chat_form(told.get("tokenizer.chat_template", ""), bos=bos, eos=eos)
        return tuple(self._marks(piece) for piece in form)

    def _marks(self, text: str) -> list[int]:
        tokens: list[int] = self._llama.tokenize(text.encode(), add_bos=False, special=True)
        return tokens

    def _logits(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Scores of the next token; shape (vocabulary,). Evaluates only what is new."""
        known = self._llama.input_ids[: self._llama.n_tokens]
        same = 0
        for old, new in zip(known, tokens, strict=False):
            if old != new:
                break
            same += 1
        same = min(same, len(tokens) - 1)
        self._share_cores()
        self._llama.n_tokens = same
        computed(self._llama.eval, list(tokens[same:]))
        pointer = llama_cpp.llama_get_logits_ith(self._llama.ctx, -1)
        scores: NDArray[np.float32] = np.ctypeslib.as_array(pointer, shape=(self._llama.n_vocab(),))
        return scores

    def _share_cores(self) -> None:
        """Compute on the cores that nobody else keeps busy, from now on."""
        threads = self._company.cores_left(self._most_threads)
        if threads != self._threads:
            self._threads = threads
            for context in self._contexts():
                llama_cpp.llama_set_n_threads(context, threads, threads)

    def _contexts(self) -> Iterator[int]:
        yield self._llama.ctx
        if self._read:
            yield self._read.context

    def _next_logits(self, words: Sequence[int]) -> Iterator[NDArray[np.float32]]:
        """Scores after each of the words, which follow what was evaluated last.

        One pass over all of them. The library's own count is left where it was, so that the
        words are dropped from the cache by the next prompt.
        """
        if not words:
            return
        start = self._llama.n_tokens
        batch = llama_cpp.llama_batch_init(len(words), 0, 1)
        try:
            batch.n_tokens = len(words)
            for place, word in enumerate(words):
                batch.token[place], batch.pos[place] = word, start + place
                batch.n_seq_id[place], batch.seq_id[place][0] = 1, 0
                batch.logits[place] = 1
            if computed(llama_cpp.llama_decode, self._llama.ctx, batch) != 0:
                raise RuntimeError("not decoded")
        finally:
            llama_cpp.llama_batch_free(batch)
        shape = (self._llama.n_vocab(),)
        for place in range(len(words)):
            pointer = llama_cpp.llama_get_logits_ith(self._llama.ctx, place)
            yield np.ctypeslib.as_array(pointer, shape=shape)


def knows_graphics() -> bool:
    """Whether this build of llama.cpp works with a graphics card at all."""
    return bool(llama_cpp.llama_supports_gpu_offload())


def _fitting(path: Path) -> int:
    """How many layers of a file go to the graphics card."""
    if not knows_graphics():
        return NONE
    head = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
    layers = llama_cpp.llama_model_n_layer(head.model)
    head.close()
    return layers_that_fit(path.stat().st_size, layers, free_bytes())


def _likeliest(scores: NDArray[np.float32], barred: Sequence[int]) -> int:
    """The token with the best score, but those that are barred."""
    if barred:
        scores = scores.copy()  # the library's own memory
        scores[list(barred)] = -np.inf
    return int(scores.argmax())


def _log_odds(scores: NDArray[np.float32], token: int) -> float:
    """Natural logarithm of a token's probability."""
    peak = float(scores.max())
    return float(scores[token]) - peak - float(np.log(np.exp(scores - peak).sum()))
