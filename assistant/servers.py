# SPDX-License-Identifier: EUPL-1.2
"""Several servers of one model: each prompt goes to the least busy that answers.

    prompt ─▶ the least busy of those that answer ─▶ its words
                 └─ fails ─▶ left aside for a while ─▶ the next one, and so on
                                    └─ the while is over, or nobody else is left ─▶ tried again

All run the same weights, so that a prompt says the same anywhere; the caller's queue lets no more
questions through than they take together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import cast

from assistant.errors import ModelFailed, PromptTooLong
from assistant.seams import LanguageModel, Prompt, StructuredModel

REST_SECONDS = 15.0
"""How long a server that failed is left aside."""


class _SaysOtherwise(ModelFailed):
    """A server that began again does not say what the one before said."""


@dataclass(slots=True)
class _Seat:
    server: LanguageModel
    busy: int = 0
    asked: int = 0
    rests_until: float = 0.0


class ModelServers:
    """A LanguageModel behind which several stand; safe to share between threads."""

    def __init__(
        self, servers: Sequence[LanguageModel], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = servers[0].name
        self._seats = [_Seat(server) for server in servers]
        self._now = now
        self._turns = 0
        self._lock = Lock()

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        tried: list[_Seat] = []
        while True:
            with self._seat(tried) as seat:
                return seat.server.log_probability(prompt, reply)

    def write(
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        """Yield pieces of text; where a server dies under way, another begins again, and goes on
        if it says the same."""
        return self._written(
            lambda server: server.write(
                prompt, max_tokens=max_tokens, stop=stop, instead_of=instead_of
            )
        )

    @property
    def reads_several(self) -> bool:
        return all(
            isinstance(one.server, StructuredModel) and one.server.reads_several
            for one in self._seats
        )

    def write_json(
        self, prompt: Prompt, *, schema: Mapping[str, object], max_tokens: int
    ) -> Iterator[str]:
        return self._written(
            lambda server: cast(StructuredModel, server).write_json(
                prompt, schema=schema, max_tokens=max_tokens
            )
        )

    def _written(self, begin: Callable[[LanguageModel], Iterator[str]]) -> Iterator[str]:
        tried: list[_Seat] = []
        said = ""
        while True:
            with self._seat(tried) as seat:
                pieces = begin(seat.server)
                with closing(pieces):  # type: ignore[type-var]
                    for piece in _beyond(said, pieces, self.name):
                        said += piece
                        yield piece
                return

    @property
    def aside(self) -> int:
        """How many servers are left aside just now."""
        with self._lock:
            return sum(seat.rests_until > self._now() for seat in self._seats)

    def is_answering(self) -> bool:
        """Whether a server is left that did not just fail."""
        return self.aside < len(self._seats)

    @contextmanager
    def _seat(self, tried: list[_Seat]) -> Iterator[_Seat]:
        """Take the least busy server; where it fails, set it aside and let the caller go round
        again, unless all were tried."""
        with self._lock:
            left = [seat for seat in self._seats if seat not in tried]
            up = [seat for seat in left if seat.rests_until <= self._now()]
            seat = min(up or left, key=lambda seat: (seat.busy, seat.asked))
            seat.busy += 1
            seat.asked = self._turns = self._turns + 1
        tried.append(seat)
        try:
            yield seat
        except (_SaysOtherwise, PromptTooLong):
            raise
        except ModelFailed:
            seat.rests_until = self._now() + REST_SECONDS
            if len(tried) == len(self._seats):
                raise
        else:
            seat.rests_until = 0.0
        finally:
            with self._lock:
                seat.busy -= 1


def _beyond(said: str, pieces: Iterator[str], name: str) -> Iterator[str]:
    """Yield what comes after what was said already; ModelFailed where it begins otherwise."""
    told = ""
    for piece in pieces:
        before, told = len(told), told + piece
        if not (told.startswith(said) or said.startswith(told)):
            raise _SaysOtherwise("endpoint_failed", name=name)
        if len(told) > len(said):
            yield piece[max(0, len(said) - before) :]
