# SPDX-License-Identifier: EUPL-1.2
"""A model behind an OpenAI-compatible address: llama-server, vLLM, an administration's own.

    Prompt ─▶ POST /chat/completions, temperature 0 ─▶ pieces of text │ odds of the first token
             (JSON: under a schema, or what a server takes that knows none)

Only hidden text is sent (a Prompt cannot hold any other), to the one address that the settings
name: no proxy of the environment is followed, no redirection either. Such a server tells the odds
of its own first tokens, not of a whole reply that we choose: a reply is weighed by its first word.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping

import httpx2

from assistant.errors import ModelFailed, OddsUnknown, PromptTooLong
from assistant.seams import Prompt

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0
LIKELIEST = 20
"""How many of the likeliest first tokens are asked for: the most that the interface gives."""

ODDS: dict[str, object] = {"logprobs": True, "top_logprobs": LIKELIEST}
REFUSED = frozenset({400, 422, 501})
"""What servers say that know no such field."""

WAYS_TO_JSON = ("json_schema", "json_object", "")
"""The forms of a reply that are asked for, until a server takes one: under a schema, any JSON, none
(the prompt says in words what is wanted)."""

_BROKEN = (
    httpx2.HTTPError, ValueError, LookupError, TypeError, AttributeError, RecursionError
)  # fmt: skip
"""What a server that fails, or says something else than it should, makes of a call."""

_DATA, _DONE = "data:", "[DONE]"


class _Refused(Exception):
    """A server does not take what is asked in this form."""


class EndpointModel:
    """Sends each prompt to a server; the caller's queue keeps its order.

    `key` is the server's secret, if it has one: it goes into one header and nowhere else.
    """

    def __init__(self, address: str, *, model: str, key: str = "") -> None:
        self.name = model
        self._tells_nothing = False
        self._ways: tuple[str, ...] = WAYS_TO_JSON
        self._client = httpx2.Client(
            base_url=address.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            # llama-server closes a connection after a stream, at times as the next question leaves
            limits=httpx2.Limits(max_keepalive_connections=0),
            trust_env=False,
            follow_redirects=False,
        )

    def log_probability(self, prompt: Prompt, reply: str) -> float:
        """Weigh a reply by its first word: by the likeliest first token that begins it; where
        none does, by what the likeliest leave over. OddsUnknown where the server answers without
        odds, or refuses to be asked for them and answers otherwise."""
        asked = self._asked(prompt, max_tokens=1)
        if not reply.strip():
            raise ValueError("no words to weigh")
        odds = None if self._tells_nothing else self._odds(asked)
        if odds is None:
            self._tells_nothing = True
            raise OddsUnknown(self.name)
        begins = [
            odd for token, odd in odds.items() if token.strip() and reply.startswith(token.strip())
        ]
        left = 1.0 - sum(map(math.exp, odds.values()))
        return min(0.0, max(begins, default=math.log(max(left, 1e-9))))

    def _odds(self, asked: dict[str, object]) -> dict[str, float] | None:
        """Return the odds of the first token; nothing of a server that answers without any."""
        try:
            response = self._client.post("chat/completions", json=asked | ODDS)
            if response.status_code in REFUSED:
                self._client.post("chat/completions", json=asked).raise_for_status()
                return None
            told = response.raise_for_status().json()["choices"][0]
            if "message" in told and not told.get("logprobs"):
                return None
            first = told["logprobs"]["content"][0]["top_logprobs"]
            return {str(one["token"]): float(one["logprob"]) for one in first}
        except _BROKEN as error:
            raise ModelFailed("endpoint_failed", name=self.name) from error

    def write(  # `instead_of` cannot be asked of such a server without knowing its tokens
        self, prompt: Prompt, *, max_tokens: int, stop: str, instead_of: str = ""
    ) -> Iterator[str]:
        asked = self._asked(prompt, max_tokens=max_tokens) | {"stream": True}
        if stop:
            asked["stop"] = [stop]
        yield from self._streamed(asked)

    @property
    def reads_several(self) -> bool:
        """Whoever runs a server chose its model: how large it is, it does not tell."""
        return True

    def write_json(
        self, prompt: Prompt, *, schema: Mapping[str, object], max_tokens: int
    ) -> Iterator[str]:
        asked = self._asked(prompt, max_tokens=max_tokens) | {"stream": True}
        for place, way in enumerate(self._ways):
            form = {"response_format": _form(way, schema)} if way else {}
            try:
                yield from self._streamed(asked | form, may_be_refused=True)
            except _Refused:
                continue
            self._ways = self._ways[place:]
            return
        # asked for no form at all: it is the prompt that it does not take
        raise PromptTooLong("endpoint_failed", name=self.name)

    def _streamed(
        self, asked: Mapping[str, object], *, may_be_refused: bool = False
    ) -> Iterator[str]:
        try:
            with self._client.stream("POST", "chat/completions", json=asked) as response:
                if may_be_refused and response.status_code in REFUSED:
                    raise _Refused
                response.raise_for_status()
                for line in response.iter_lines():
                    if line.startswith(_DATA) and (told := line[len(_DATA) :].strip()) != _DONE:
                        yield from _piece(told)
        except _BROKEN as error:
            raise ModelFailed("endpoint_failed", name=self.name) from error

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _asked(self, prompt: Prompt, *, max_tokens: int) -> dict[str, object]:
        return {
            "model": self.name,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "temperature": 0,
            "seed": 0,
            "max_tokens": max_tokens,
        }


def _form(way: str, schema: Mapping[str, object]) -> dict[str, object]:
    if way == "json_object":
        return {"type": way}
    return {"type": way, "json_schema": {"name": "reply", "strict": True, "schema": schema}}


def _piece(told: str) -> Iterator[str]:
    """Yield the words of one event, if it holds any."""
    choices = json.loads(told)["choices"]
    piece = choices[0].get("delta", {}).get("content") if choices else None
    if piece:
        yield str(piece)
