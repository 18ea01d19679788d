# SPDX-License-Identifier: EUPL-1.2
"""Holds what a local model writes to a JSON schema, token by token; a door to llama_cpp.

schema ─▶ grammar;  scores ─▶ the likeliest token, if the grammar takes it, else the likeliest
                              of those that it takes
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp.llama_grammar import json_schema_to_gbnf
from numpy.typing import NDArray

_TOKEN = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
"""As `llama_token_data` lies in memory."""


class HeldWords:
    """What was written so far under a schema; used for one reply, then closed."""

    def __init__(self, vocabulary: Any, schema: Mapping[str, object]) -> None:
        grammar = json_schema_to_gbnf(json.dumps(schema))
        # the library's own rule lets a line end stand in a string, which is no JSON
        grammar = grammar.replace(r'[^"\\]', r'[^"\\\x00-\x1F]')
        self._sampler = llama_cpp.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
        if not self._sampler:
            raise ValueError("a schema that makes no grammar")

    def likeliest(self, scores: NDArray[np.float32]) -> int:
        """Return the token that comes next; `scores` has shape (vocabulary,)."""
        token = int(scores.argmax())
        if not np.isfinite(self._under(np.array([token]), scores)[0]):
            token = int(self._under(np.arange(len(scores)), scores).argmax())
        llama_cpp.llama_sampler_accept(self._sampler, token)
        return token

    def close(self) -> None:
        """Give the memory back."""
        llama_cpp.llama_sampler_free(self._sampler)

    def _under(self, tokens: NDArray[np.int64], scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the scores of some tokens, -inf where the grammar does not take one."""
        told = np.zeros(len(tokens), _TOKEN)
        told["id"], told["logit"] = tokens, scores[tokens]
        data = told.ctypes.data_as(llama_cpp.llama_token_data_p)
        array = llama_cpp.llama_token_data_array(data, len(told), -1, False)
        llama_cpp.llama_sampler_apply(self._sampler, array)
        kept: NDArray[np.float32] = told["logit"]
        return kept
