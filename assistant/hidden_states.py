# SPDX-License-Identifier: EUPL-1.2
"""What layers of a model hold after the tokens it read, through llama.cpp's own callback.

    llama_decode ─ each tensor that was computed ─▶ the output of a watched layer? ─▶ its rows

Nothing more is computed: the library hands each tensor over as it goes. Tensors are read by the
library's functions (name, size, copy), wherever they lie; no layout of theirs is assumed here.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp._ggml import libggml
from llama_cpp._internals import LlamaContext
from numpy.typing import NDArray

from assistant.own_thread import computed

_name = libggml.ggml_get_name
_name.argtypes, _name.restype = (ctypes.c_void_p,), ctypes.c_char_p
_elements = libggml.ggml_nelements
_elements.argtypes, _elements.restype = (ctypes.c_void_p,), ctypes.c_int64
_copy = libggml.ggml_backend_tensor_get
_copy.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t)
_copy.restype = None

FLOAT_BYTES = 4


class HiddenStates:
    """The last row that each watched layer put out: `rows` has shape (layers, width)."""

    def __init__(self, llama: llama_cpp.Llama, layers: Sequence[int]) -> None:
        """Watch layers (counted from 0) of a model that was just loaded."""
        self.rows: NDArray[np.float32] = np.zeros((len(layers), llama.n_embd()), np.float32)
        self._places = {f"l_out-{layer}".encode(): place for place, layer in enumerate(layers)}
        self._watched = llama_cpp.ggml_backend_sched_eval_callback(self._watch)
        llama.context_params.cb_eval = self._watched
        # The library's class takes no callback: its context is made again with one.
        llama._ctx.close()  # type: ignore[no-untyped-call]
        llama._ctx = llama._stack.enter_context(
            closing(LlamaContext(model=llama._model, params=llama.context_params, verbose=False))
        )

    def _watch(self, tensor: int, is_asked: bool, _: object) -> bool:
        """Say whether a tensor is wanted, then take its last row; True goes on."""
        place = self._places.get(_name(tensor))
        if place is None:
            return not is_asked
        if not is_asked:
            row = self.rows[place]
            before = (_elements(tensor) - row.size) * FLOAT_BYTES
            _copy(tensor, row.ctypes.data, before, row.nbytes)
        return True


class TokenStates:
    """What one layer puts out for each token, of a model as it is or with low-rank additions.

    It has a context of its own beside the model's, which it shares the weights with, and ends with
    the model; where that lies on one device, the layers behind are not computed.
    """

    def __init__(
        self, llama: llama_cpp.Llama, adapters: Sequence[Path], *, max_tokens: int, threads: int
    ) -> None:
        """Raise OSError where additions cannot be read, or are of another model; its argument is
        their name."""
        self.max_tokens = max_tokens
        self._width = llama.n_embd()
        self._name = b""
        self._rows: list[NDArray[np.float32]] = []
        self._watched = llama_cpp.ggml_backend_sched_eval_callback(self._watch)
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = params.n_batch = max_tokens
        params.n_threads = params.n_threads_batch = threads
        params.cb_eval = self._watched
        context = llama_cpp.llama_init_from_model(llama.model, params)
        if not context:
            raise OSError("")
        llama._stack.callback(llama_cpp.llama_free, context)
        self.context = context
        self._additions = dict[Path, Any]()
        for adapter in adapters:
            with _hushed():  # it warns of each matrix that stays in plain memory
                added = llama_cpp.llama_adapter_lora_init(llama.model, bytes(adapter))
            if not added:
                raise OSError(adapter.name)
            self._additions[adapter] = added
        self._has: Path | None = None

    def __call__(
        self, tokens: Sequence[int], layer: int, *, adapter: Path | None = None
    ) -> NDArray[np.float32]:
        """Return what a layer (counted from 0) puts out after each token, with the additions of
        `adapter` or as the model is; shape (tokens, width). Raise OSError for none."""
        self._name = f"l_out-{layer}".encode()
        self._add(adapter)
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self.context), True)
        self._rows.clear()
        batch = llama_cpp.llama_batch_init(len(tokens), 0, 1)
        try:
            batch.n_tokens = len(tokens)
            for place, token in enumerate(tokens):
                batch.token[place], batch.pos[place] = token, place
                batch.n_seq_id[place], batch.seq_id[place][0] = 1, 0
                batch.logits[place] = place == len(tokens) - 1
            if computed(llama_cpp.llama_decode, self.context, batch) != 0:
                raise OSError("not decoded")
        finally:
            llama_cpp.llama_batch_free(batch)
        if sum(map(len, self._rows)) != len(tokens):
            raise OSError("not all states were seen")
        return np.concatenate(self._rows)

    def _add(self, adapter: Path | None) -> None:
        """Have these additions and no others; nothing for the model as it is."""
        if adapter == self._has:
            return
        added = [self._additions[adapter]] if adapter else []
        adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(*added)
        scales = (ctypes.c_float * 1)(1.0)
        if llama_cpp.llama_set_adapters_lora(self.context, adapters, len(added), scales):
            raise OSError("not added")
        self._has = adapter

    def _watch(self, tensor: int, is_asked: bool, _: object) -> bool:
        """Say whether a tensor is wanted, then take all its rows; False ends the computing."""
        if _name(tensor) != self._name:
            return not is_asked
        if is_asked:
            return True
        rows = np.empty((_elements(tensor) // self._width, self._width), np.float32)
        _copy(tensor, rows.ctypes.data, 0, rows.nbytes)
        self._rows.append(rows)
        return False


@contextmanager
def _hushed() -> Iterator[None]:
    """Let the library say nothing for a while."""
    logger = logging.getLogger("llama-cpp-python")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
