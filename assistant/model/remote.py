# SPDX-License-Identifier: EUPL-1.2
"""The language model in a process of its own: the same words and numbers as in this one.

RemoteModel ─▶ ModelProcess ─socket▶ worker: LlamaModel
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from assistant.errors import ModelFailed
from assistant.model.process import COMMAND, PATIENCE, ModelProcess, Patience
from assistant.model.wire import Floats, Frame
from assistant.seams import Extract, Prompt, Tags

T = TypeVar("T")

TAG_SECONDS = 4.0
"""How long a question that follows another waits for the model to say what it means, before it is
searched; what rules tell of it is taken then."""


class RemoteModel:
    """A LanguageModel whose work is done elsewhere; threads may share it, it reads one prompt at a
    time. Raises ModelFailed, of which ModelInterrupted where the process ended under way."""

    def __init__(
        self,
        path: Path,
        *,
        context_tokens: int = 4096,
        threads: int = 0,
        gpu_layers: int | None = 0,
        learnt: str = "",
        watched: Sequence[int] = (),
        command: Sequence[str] = COMMAND,
        patience: Patience = PATIENCE,
    ) -> None:
        """Load a file; `learnt` is its name in the catalogue, for the probe and the selector that
        were learnt on it."""
        self.name = path.stem
        opening = {
            "path": str(path.absolute()),
            "context_tokens": context_tokens,
            "threads": threads,
            "gpu_layers": gpu_layers,
            "learnt": learnt,
            "watched": [*watched],
        }
        self.process = ModelProcess(opening, name=path.name, command=command, patience=patience)
        try:
            facts = self.process.opened()
        except BaseException:
            self.process.close()
            raise
        self._is_probed = bool(facts.get("is_probed"))
        self._is_selecting = bool(facts.get("is_selecting"))
        self.compares = bool(facts.get("is_comparing"))
        self._is_tagging = bool(facts.get("is_tagging"))
        self._is_watched = bool(facts.get("is_watched"))
        self.knows_graphics = bool(facts.get("knows_graphics"))
        self.reads_several = bool(facts.get("reads_several"))

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        if not reply:
            raise ValueError("no words to weigh")
        return self._asked("log_probability", _number, {**_said(prompt), "reply": reply})

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        wanted = {"max_tokens": max_tokens, "stop": stop, "instead_of": instead_of}
        yield from self._pieces("write", prompt, wanted)

    def write_json(
        self, prompt: Prompt, *, schema: Mapping[str, object], max_tokens: int
    ) -> Iterator[str]:
        wanted = {"max_tokens": max_tokens, "schema": dict(schema)}
        yield from self._pieces("write_json", prompt, wanted)

    def _pieces(self, do: str, prompt: Prompt, wanted: Mapping[str, object]) -> Iterator[str]:
        frames = self.process.frames(do, {**_said(prompt), **wanted})
        with closing(frames):
            for frame in frames:
                if "piece" in frame.header:
                    yield str(frame.header["piece"])

    def answerability(self, prompt: Prompt) -> float | None:
        if not self._is_probed:
            return None
        return self._asked("answerability", _number, _said(prompt))

    def line_odds(self, question: str, extracts: Sequence[Extract]) -> list[float] | None:
        if not self._is_selecting:
            return None
        given = [[extract.heading, [*extract.lines]] for extract in extracts]
        return self._asked("line_odds", _numbers, {"question": question, "extracts": given})

    def same_odds(self, asked: str, card: str) -> float | None:
        if not self.compares:
            return None
        return self._asked("same_odds", _number_if_any, {"asked": asked, "card": card})

    def tags(self, question: str, before: str) -> Tags | None:
        if not self._is_tagging:
            return None
        return self._asked("tags", _tags, {"question": question, "before": before}, TAG_SECONDS)

    def states(self, prompt: Prompt) -> Floats:
        """Outputs of the watched layers after a prompt's last token; shape (layers, width)."""
        if not self._is_watched:
            raise ValueError("no layer is watched")
        return self._asked("states", lambda frame: frame.floats, _said(prompt))

    def count_tokens(self, text: str) -> int:
        """How many tokens a text has."""
        return int(self._asked("count_tokens", _number, {"text": text}))

    def processor_seconds(self) -> float:
        """Processor time of the other process so far."""
        return self.process.processor_seconds()

    def is_answering(self) -> bool:
        """Whether the other process lives and can be asked, or is at work."""
        return self.process.answers()

    def close(self) -> None:
        """End the other process, and give its memory back."""
        self.process.close()

    def _asked(
        self,
        do: str,
        read: Callable[[Frame], T],
        given: Mapping[str, object],
        most: float | None = None,
    ) -> T:
        frames = [*self.process.frames(do, given, most=most)]
        try:
            return read(frames[-1])
        except (ValueError, TypeError, LookupError, OverflowError) as error:
            raise ModelFailed("model_error", name=self.process.name) from error


def _number(told: Frame) -> float:
    return float(told.header["done"])


def _number_if_any(told: Frame) -> float | None:
    return None if told.header["done"] is None else _number(told)


def _numbers(told: Frame) -> list[float] | None:
    odds = told.header["done"]
    return None if odds is None else [float(one) for one in odds]


def _tags(told: Frame) -> Tags | None:
    tags = told.header["done"]
    return None if tags is None else Tags(*tags)


def _said(prompt: Prompt) -> dict[str, object]:
    return {"system": prompt.system, "user": prompt.user}
