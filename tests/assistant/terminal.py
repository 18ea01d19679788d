# SPDX-License-Identifier: EUPL-1.2
"""A terminal for tests: real commands, real stores, stand-ins for the libraries that are heavy."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import run
from assistant.wiring import Parts
from guardrails.findings import Screened
from guardrails.register.leaves import DATABASE
from tests.assistant.conftest import CANTEEN, LIBRARY, RESIDENT
from tests.fakes import HashEmbedder, MemoryIndex, ScriptedModel, WordGuard, plain_reader

__all__ = ["ANSWER", "RESIDENT", "Printed", "Terminal", "stand_in"]

ANSWER = "Le repas de la cantine coûte 4,20 euros pour un enfant de la commune."


class RosterGuard(WordGuard):
    """A WordGuard that takes a roster, as the command `screen` gives one."""

    def screen(
        self, text: str, *, roster: Sequence[str] | None = None, trust_placeholders: bool = False
    ) -> Screened:
        return super().screen(text, trust_placeholders=trust_placeholders)


@dataclass(frozen=True)
class Printed:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def jsonl(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Terminal:
    """Types commands: `terminal("ask", "…")`, with lines of JSON or text on stdin."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.data, self.keys = folder / "data", folder / "keys"
        self.models, self.town = folder / "models", folder / "town"
        self._capsys, self._monkeypatch = capsys, monkeypatch
        for name in ("data", "keys", "models"):
            monkeypatch.setenv(f"GREFFIER_{name.upper()}", str(folder / name))
        monkeypatch.delenv("GREFFIER_SHARES", raising=False)
        (self.town / "livres").mkdir(parents=True)
        (self.town / "cantine.txt").write_text(CANTEEN, "utf-8")
        (self.town / "livres" / "bibliotheque.txt").write_text(LIBRARY, "utf-8")

    @property
    def register(self) -> Path:
        return self.data / "register" / DATABASE

    def __call__(
        self, *arguments: str, stdin: bytes | str | Sequence[Mapping[str, object]] = b""
    ) -> Printed:
        if not isinstance(stdin, bytes | str):
            stdin = "".join(json.dumps(line) + "\n" for line in stdin)
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), "utf-8"))
        self._capsys.readouterr()
        code = run([*arguments])
        printed = self._capsys.readouterr()
        return Printed(code, printed.out, printed.err)


def stand_in(
    monkeypatch: pytest.MonkeyPatch, *, models: bool = True, guard: WordGuard | None = None
) -> None:
    """Put stand-ins where the wiring opens what is heavy; one index for all the commands."""
    shared = guard or RosterGuard(RESIDENT, trap="PIÈGE")
    index = MemoryIndex()
    monkeypatch.setattr("assistant.wiring.open_guard", lambda settings, data: shared)
    monkeypatch.setattr("assistant.wiring.open_screening", lambda settings, data, **how: shared)
    monkeypatch.setattr("assistant.commands.screen.open_guard", lambda settings, data: shared)
    for module in ("corpus", "pack", "upkeep"):  # for the rest of a process, and this one goes on
        monkeypatch.setattr(f"assistant.commands.{module}.step_back", lambda: None)
    monkeypatch.setattr(Parts, "index", property(lambda self: index))
    monkeypatch.setattr(Parts, "holds_vectors", lambda self, ids: {*ids} <= index.ids())
    if models:
        monkeypatch.setattr(Parts, "embedder_name", "hash")
        monkeypatch.setattr(Parts, "embedder", property(lambda self: HashEmbedder()))
        monkeypatch.setattr(Parts, "question_reader", property(lambda self: plain_reader))
        model = ScriptedModel(likes=["4,20"], says=ANSWER)
        monkeypatch.setattr(Parts, "model", property(lambda self: model))
