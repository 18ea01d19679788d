# SPDX-License-Identifier: EUPL-1.2
"""How many layers of a model the graphics card takes, so that nobody has to count them.

    the card's free memory, the model's size ─▶ layers: -1 all, 0 none

Memory is asked of NVIDIA's library, where there is one. A build of llama.cpp without a graphics
card takes none, whatever is there.
"""

from __future__ import annotations

import ctypes

from assistant.energy import NVML

ALL, NONE = -1, 0
LEFT_FREE = 1_000_000_000
"""Bytes that the context and the screen keep."""


class _Memory(ctypes.Structure):
    _fields_ = (
        ("total", ctypes.c_ulonglong),
        ("free", ctypes.c_ulonglong),
        ("used", ctypes.c_ulonglong),
    )


def layers_that_fit(model_bytes: int, layers: int, free_bytes: int) -> int:
    """Return how many layers of a model fit into so much memory.

    >>> layers_that_fit(5_000, 50, 10_000_000_000), layers_that_fit(5_000, 50, 0)
    (-1, 0)
    >>> layers_that_fit(4_000_000_000, 40, 3_000_000_000)
    20
    """
    room = free_bytes - LEFT_FREE
    if room >= model_bytes:
        return ALL
    return max(NONE, layers * room // model_bytes)


def free_bytes(name: str = NVML) -> int:
    """Return the free memory of the first card, 0 where there is none."""
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return 0
    card, memory = ctypes.c_void_p(), _Memory()
    if (
        library.nvmlInit_v2()
        or library.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(card))
        or library.nvmlDeviceGetMemoryInfo(card, ctypes.byref(memory))
    ):
        return 0
    return int(memory.free)
