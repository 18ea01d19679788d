# SPDX-License-Identifier: EUPL-1.2
"""Layers go to the graphics card by its free memory, and nowhere without one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant import llama
from assistant.errors import ModelFailed
from assistant.graphics import ALL, LEFT_FREE, NONE, free_bytes, layers_that_fit
from tests.table import each

MODEL, LAYERS = 4_000_000_000, 40


@each(
    "free, expected",
    [
        (0, NONE),
        (LEFT_FREE, NONE),
        (LEFT_FREE + MODEL // 2, LAYERS // 2),
        (LEFT_FREE + MODEL - 1, LAYERS - 1),
        (LEFT_FREE + MODEL, ALL),
    ],
    ids=["no card", "nothing to spare", "half", "all but one", "whole"],
)
def test_as_many_layers_as_there_is_room_for(free: int, expected: int) -> None:
    assert layers_that_fit(MODEL, LAYERS, free) == expected


def test_a_machine_without_the_library_has_no_card() -> None:
    assert free_bytes("libgreffier-none.so.1") == 0


@pytest.mark.parametrize(("knows", "layers"), [(True, ALL), (False, NONE)])
def test_a_build_without_graphics_gives_a_card_nothing_whatever_it_has_free(
    knows: bool, layers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[dict[str, object]] = []

    class Stop(RuntimeError):
        """Nothing is loaded."""

    def open_model(path: str, **options: object) -> SimpleNamespace:
        opened.append(options)
        if not options.get("vocab_only"):
            raise Stop
        return SimpleNamespace(model=None, close=lambda: None)

    monkeypatch.setattr(llama.llama_cpp, "Llama", open_model)
    monkeypatch.setattr(llama.llama_cpp, "llama_model_n_layer", lambda model: LAYERS)
    monkeypatch.setattr(llama.llama_cpp, "llama_supports_gpu_offload", lambda: knows)
    monkeypatch.setattr(llama, "free_bytes", lambda: 10**12)
    with pytest.raises(ModelFailed):
        llama.LlamaModel(Path(__file__), gpu_layers=None)
    assert opened[-1]["n_gpu_layers"] == layers
