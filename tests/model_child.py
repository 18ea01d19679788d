# SPDX-License-Identifier: EUPL-1.2
"""A model's process without a model: the real lane and serving, a stand-in that may go wrong.

    python -m tests.model_child SOCKET PARENT      started as the worker is (`COMMAND`)

A word in the prompt says what goes wrong; `learnt` what goes wrong at the start.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from assistant.errors import ModelFailed, PromptTooLong
from assistant.leaving import Gone
from assistant.model.serving import Pulse, serve
from assistant.model.settling import settle
from assistant.model.wire import HEAD, Floats, Header, Lane
from assistant.seams import Extract, LanguageModel, Prompt
from tests.fakes import SeveralModel

COMMAND = (sys.executable, "-P", "-m", "tests.model_child")
DIES, SLEEPS, SPINS, SLOW, DEAF = "#meurt#", "#muet#", "#boucle#", "#lent#", "#sourd#"
BREAKS, TOO_LONG, BABBLES, LIES = "#casse#", "#trop#", "#charabia#", "#ment#"
TELLS, MISSES, STRANGE = "#répète#", "#manque#", "#étrange#"
NESTS, ENDLESS, IMMENSE, CHATTERS_LOADING = "#poupées#", "#infini#", "#immense#", "#bavard#"
NEVER_LOADS, DIES_LOADING, PROBED, PACED = "#absent#", "#mort-né#", "petit", "lent"
PACE_SECONDS = 0.004


class Fragile(SeveralModel):
    """Does what its prompt says."""

    def __init__(self, pulse: Pulse, lane: Lane, pace: float) -> None:
        super().__init__(["4,20"], "Le repas coûte 4,20 euros pour un enfant de la commune.")
        self._pulse, self._lane, self._pace = pulse, lane, pace

    def before(self, text: str) -> None:
        time.sleep(self._pace)
        if DIES in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if SLEEPS in text:
            time.sleep(3600)
        while SPINS in text:
            pass
        while SLOW in text:
            time.sleep(0.01)
            if self._pulse():
                raise Gone
        while DEAF in text:
            time.sleep(0.01)
            self._pulse()
        if BREAKS in text:
            raise RuntimeError(f"llama_decode returned 1 for {text}")
        if TOO_LONG in text:
            raise PromptTooLong("prompt_too_long", tokens=9000, max_tokens=4032)
        if BABBLES in text:
            self._lane._end.sendall(b"\xff" * 64)
        if LIES in text:
            self._lane._end.sendall(b"\0\0\0\2\0\0\0\0[]")
        if NESTS in text:
            self._lane._end.sendall(HEAD.pack(1 << 20, 0) + b"[" * (1 << 20))
        if ENDLESS in text:
            facts = {"tokens": float("inf"), "max_tokens": 1}
            told = {"failed": "prompt_too_long", "facts": facts}
            self._lane.send({"id": self._pulse._asked, **told})
        if IMMENSE in text:
            self._lane.send({"id": self._pulse._asked, "done": 10**400, "shape": [10**400]})
        if TELLS in text:  # the words of the question, as a failure, of this very question
            number = self._pulse._asked
            self._lane.send({"id": number, "failed": text, "facts": {"name": text}})
        if MISSES in text:
            self._lane.send({"id": self._pulse._asked, "failed": "prompt_too_long", "facts": 3})
        if STRANGE in text:
            self._lane.send({"id": self._pulse._asked, "done": ["a"], "shape": "?"})

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        self.before(prompt.user)
        return super().log_probability(prompt, reply)

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        for piece in super().write(prompt, max_tokens=max_tokens, stop=stop, instead_of=instead_of):
            yield piece
            self.before(prompt.user)

    def write_json(
        self, prompt: Prompt, *, schema: Mapping[str, object], max_tokens: int
    ) -> Iterator[str]:
        for piece in super().write_json(prompt, schema=schema, max_tokens=max_tokens):
            yield piece
            self.before(prompt.user)

    def answerability(self, prompt: Prompt) -> float:
        self.before(prompt.user)
        return 1 / 3

    def line_odds(self, question: str, extracts: Sequence[Extract]) -> list[float] | None:
        self.before(question)
        return [1 / (1 + len(line)) for extract in extracts for line in extract.lines]

    def same_odds(self, asked: str, card: str) -> float | None:
        self.before(asked)
        return None if asked == card else len(asked) - len(card) / 3

    def states(self, prompt: Prompt) -> Floats:
        self.before(prompt.user)
        return np.arange(6, dtype=np.float32).reshape(2, 3) / 7

    def count_tokens(self, text: str) -> int:
        return len(text)


def main() -> None:
    settle(parent=int(sys.argv[2]))
    lane = Lane(socket.socket(fileno=int(sys.argv[1])))

    def opened(told: Header, pulse: Pulse) -> tuple[LanguageModel, Header]:
        if told["learnt"] == NEVER_LOADS:
            raise ModelFailed("model_failed", name="scripted.gguf")
        if told["learnt"] == DIES_LOADING:
            os.kill(os.getpid(), signal.SIGKILL)
        if told["learnt"] == CHATTERS_LOADING:
            lane.send({"id": 0})
        is_probed = told["learnt"] == PROBED
        facts = {
            "is_probed": is_probed,
            "is_selecting": is_probed,
            "is_comparing": is_probed,
            "is_watched": True,
            "reads_several": True,
            "knows_graphics": False,
        }
        return Fragile(pulse, lane, PACE_SECONDS if told["learnt"] == PACED else 0.0), facts

    serve(lane, opened)


if __name__ == "__main__":
    main()
