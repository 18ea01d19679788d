# SPDX-License-Identifier: EUPL-1.2
"""The model's side of the lane: one question after the other, for as long as somebody asks.

    {"open": …}                        ─▶ {"ready": …} │ {"failed": key}
    {"id", "do": "write", …}           ─▶ {"id", "piece"}… {"id", "done"}    (as "write_json")
    {"id", "do": "states", …}          ─▶ {"id", "done"} and its numbers
    {"cancel": id}                     ─▶ {"id", "stopped"}, before the next step of the reading

While it works it says now and then that it is alive ({"id", "beat"}). It ends when the other end of
the lane does, in the middle of a word if need be.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Protocol, cast

from assistant.errors import ModelFailed
from assistant.leaving import Gone
from assistant.model.wire import Floats, Header, Lane
from assistant.seams import (
    ComparingModel,
    Extract,
    LanguageModel,
    ProbedModel,
    Prompt,
    SelectingModel,
    StructuredModel,
    TaggingModel,
)

BEAT_SECONDS = 1.0
LOOK_SECONDS = 0.05
"""How often it is looked whether the question was called off: a look costs a system call."""


class StatefulModel(Protocol):
    """A model that shows what its watched layers hold, and counts in its own tokens."""

    def states(self, prompt: Prompt) -> Floats: ...

    def count_tokens(self, text: str) -> int: ...


class Pulse:
    """Called again and again while the model works: tells that it lives, hears that it may stop."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._asked = 0
        self._is_stopped = False
        self._looked = self._beat = 0.0

    def begin(self, asked: int) -> None:
        """Work on a question from now on."""
        self._asked, self._is_stopped = asked, False
        self._beat = time.monotonic()

    def __call__(self) -> bool:
        """Say whether the work is called off; never returns once nobody is there any more."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS or self._is_stopped:
            return self._is_stopped
        self._looked = now
        try:
            while frame := self._lane.receive(0):
                self._is_stopped |= frame.header.get("cancel") == self._asked
            if now - self._beat >= BEAT_SECONDS:
                self._beat = now
                self._lane.send({"id": self._asked, "beat": True})
        except (EOFError, OSError):
            os._exit(0)  # called by the library: nothing can be raised through it
        return self._is_stopped


Opener = Callable[[Header, Pulse], tuple[LanguageModel, Header]]
"""Loads what the first message describes; returns it with what is told of it."""


def serve(lane: Lane, opened: Opener) -> None:
    """Load the model and answer until the other end hangs up."""
    pulse = Pulse(lane)
    try:
        first = lane.receive()
        assert first is not None
        try:
            model, facts = opened(first.header["open"], pulse)
        except ModelFailed as error:
            lane.send({"failed": error.key})
            return
        lane.send({"ready": facts})
        while frame := lane.receive():
            if "do" in frame.header:  # else a question called off, which had ended by itself
                _answer(lane, model, frame.header, pulse)
    except (EOFError, OSError):
        return


def _answer(lane: Lane, model: LanguageModel, asked: Header, pulse: Pulse) -> None:
    number = asked["id"]
    pulse.begin(number)
    try:
        for header, floats in _said(model, asked, pulse):
            lane.send({"id": number, **header}, floats)
    except Gone:
        lane.send({"id": number, "stopped": True})
    except ModelFailed as error:
        lane.send({"id": number, "failed": error.key, "facts": error.facts})
    except (EOFError, OSError):
        raise
    except Exception:  # noqa: BLE001  whatever a library may raise: the words of the question stay here
        lane.send({"id": number, "failed": "model_error"})


def _said(
    model: LanguageModel, asked: Header, pulse: Pulse
) -> Iterator[tuple[Header, Floats | None]]:
    """Yield what there is to send, the end last."""
    value: object = None
    match asked["do"]:
        case "log_probability":
            value = model.log_probability(_prompt(asked), asked["reply"])
        case "write" | "write_json":
            pieces = _pieces(model, asked)
            with closing(cast(Generator[str, None, None], pieces)):
                for piece in pieces:
                    yield {"piece": piece}, None
                    if pulse():
                        raise Gone
        case "answerability":
            value = cast(ProbedModel, model).answerability(_prompt(asked))
        case "line_odds":
            extracts = [Extract(heading, tuple(lines)) for heading, lines in asked["extracts"]]
            value = cast(SelectingModel, model).line_odds(asked["question"], extracts)
        case "same_odds":
            value = cast(ComparingModel, model).same_odds(asked["asked"], asked["card"])
        case "tags":
            value = cast(TaggingModel, model).tags(asked["question"], asked["before"])
        case "states":
            yield {"done": None}, cast(StatefulModel, model).states(_prompt(asked))
            return
        case "count_tokens":
            value = cast(StatefulModel, model).count_tokens(asked["text"])
        case "ping":
            pass
        case other:
            raise ValueError(f"asked for {other}")
    yield {"done": value}, None


def _pieces(model: LanguageModel, asked: Header) -> Iterator[str]:
    prompt, most = _prompt(asked), asked["max_tokens"]
    if asked["do"] == "write_json":
        held = cast(StructuredModel, model)
        return held.write_json(prompt, schema=asked["schema"], max_tokens=most)
    return model.write(prompt, max_tokens=most, stop=asked["stop"], instead_of=asked["instead_of"])


def _prompt(asked: Header) -> Prompt:
    return Prompt(system=asked["system"], user=asked["user"])
