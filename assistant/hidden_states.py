# SPDX-License-Identifier: EUPL-1.2
"""What layers of a model hold after the last token it read, through llama.cpp's own callback.

    llama_decode ─ each tensor that was computed ─▶ the output of a watched layer? ─▶ its last row

Nothing more is computed: the library hands each tensor over as it goes. Tensors are read by the
library's functions (name, size, copy), wherever they lie; no layout of theirs is assumed here.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from contextlib import closing

import llama_cpp
import numpy as np
from llama_cpp._ggml import libggml
from llama_cpp._internals import LlamaContext
from numpy.typing import NDArray

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
