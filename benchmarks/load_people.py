# SPDX-License-Identifier: EUPL-1.2
"""People who ask, for Locust: each with a key of their own, a question, a moment to read, another.

    locust --headless -f benchmarks/load_people.py …      started by benchmarks/load.py

Each reply is one line of JSON in $LOAD_NOTES: who, how long, how it ended, which record; no word
of a question or an answer.
"""

from __future__ import annotations

import json
import os
import random
import time
import tomllib
from itertools import count
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task

KEYS = Path(os.environ["LOAD_KEYS"]).read_text("utf-8").split()
NOTES = Path(os.environ["LOAD_NOTES"])
QUESTIONS = [
    asked["question"]
    for asked in tomllib.loads(Path(os.environ["LOAD_QUESTIONS"]).read_text("utf-8"))["question"]
]
NUMBERS = count()
PATIENCE_SECONDS = 300


class Somebody(HttpUser):
    """An agent of the town hall."""

    wait_time = between(2, 8)

    def on_start(self) -> None:
        self.number = next(NUMBERS)
        self.chance = random.Random(self.number)
        key = KEYS[self.number % len(KEYS)]
        self.client.headers["Authorization"] = f"Bearer {key}"

    @task(4)
    def ask(self) -> None:
        """Ask, and hear the answer as it comes."""
        body = {"question": self.chance.choice(QUESTIONS), "stream": True}
        began, note = time.perf_counter(), {"kind": "ask"}
        with self.client.post(
            "/api/ask", json=body, stream=True, catch_response=True, timeout=PATIENCE_SECONDS
        ) as reply:
            if reply.status_code != 200:
                note["error"] = f"{reply.status_code} {self._code(reply)}"
                reply.failure(note["error"])
            else:
                note |= self._heard(reply, began)
                if "error" in note:
                    reply.failure(note["error"])
        self._note(note, began)

    @task(1)
    def search(self) -> None:
        """Look for passages."""
        began, note = time.perf_counter(), {"kind": "search"}
        body = {"question": self.chance.choice(QUESTIONS)}
        with self.client.post("/api/search", json=body, catch_response=True, timeout=60) as reply:
            if reply.status_code != 200:
                note["error"] = f"{reply.status_code} {self._code(reply)}"
                reply.failure(note["error"])
        self._note(note, began)

    def _heard(self, reply: Any, began: float) -> dict[str, Any]:
        note: dict[str, Any] = {}
        event = ""
        for line in reply.iter_lines(decode_unicode=True):
            name, _, rest = (line or "").partition(": ")
            if name == "event":
                event = rest
            elif name == "data" and event == "sources":
                note["sources"] = time.perf_counter() - began
                note["record"] = json.loads(rest)["record"]
            elif name == "data" and event == "sentence":
                note["sentences"] = note.get("sentences", 0) + 1
            elif name == "data" and event == "outcome":
                told = json.loads(rest)
                note |= {name: told[name] for name in ("status", "reason", "record")}
            elif name == "data" and event == "error":
                note["error"] = json.loads(rest)["code"]
        if "status" not in note and "error" not in note:
            note["error"] = "cut"
        return note

    @staticmethod
    def _code(reply: Any) -> str:
        try:
            return str(reply.json()["error"]["code"])
        except (ValueError, KeyError, TypeError):
            return ""

    def _note(self, note: dict[str, Any], began: float) -> None:
        note |= {"who": self.number, "seconds": time.perf_counter() - began}
        with NOTES.open("a", encoding="utf-8") as file:
            file.write(json.dumps(note) + "\n")
