# SPDX-License-Identifier: EUPL-1.2
"""The thread in which llama.cpp computes, and nobody else.

Processors that multiply by tiles (AMX) keep the tiles' shape by thread. llama.cpp sets it once a
thread, ONNX Runtime sets another: in a thread where both compute, the model's words are noise from
then on. See docs/decisions/model-process.md.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Its thread starts with the first computation: what the process gave up by then, it has not either.
_OWN = ThreadPoolExecutor(1, thread_name_prefix="llama")


def computed(compute: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a function of the library does in that thread; what it raises is raised."""
    return _OWN.submit(compute, *args, **kwargs).result()
