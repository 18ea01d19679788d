# SPDX-License-Identifier: EUPL-1.2
"""A machine for the promises: the real program in processes of its own, nothing shared.

Its home is empty, its data, keys and temporary files lie in folders that a test can read
byte by byte; only the model files are the user's.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.weights import Weights
from corpus.weights_catalogue import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL
from guardrails.register.leaves import DATABASE

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
LIMIT_SECONDS = 900
PROGRAM = (sys.executable, "-c", "from ui.main import main; main()")

Jsonl = Sequence[Mapping[str, object]]


def missing_models() -> list[str]:
    """Return the names of the model files that this user does not have."""
    names = (DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL)
    status = {s.weights.name: s.state for s in Weights().status()}
    return [name for name in names if status[name] != "present"]


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def jsonl(self) -> list[Any]:
        assert self.code == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]


class Machine:
    """One data folder and the commands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data, self.keys = folder / "data", folder / "keys"
        self.home, self.temp, self.town = folder / "home", folder / "temp", folder / "town"
        for path in (self.home, self.temp, self.town):
            path.mkdir(parents=True)
        self.environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.home),
            "TMPDIR": str(self.temp),
            "GREFFIER_DATA": str(self.data),
            "GREFFIER_KEYS": str(self.keys),
            "GREFFIER_MODELS": str(Weights().folder),
        }

    def put(self, *names: str) -> None:
        """Copy sample documents into the town's folder, at the same place."""
        for name in names:
            target = self.town / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(SAMPLES / name, target)

    def forget_accounts(self) -> None:
        """As before the first start: the next one shows the link of the first account again."""
        for path in self.data.glob("access.db*"):
            path.unlink()

    def start(
        self, *arguments: str, before: Sequence[str] = (), **environment: str
    ) -> subprocess.Popen[bytes]:
        """Start a command and return; `before` is a program that runs it."""
        return subprocess.Popen(
            [*before, *PROGRAM, *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def __call__(
        self,
        *arguments: str,
        stdin: str | Jsonl = "",
        before: Sequence[str] = (),
        **environment: str,
    ) -> Done:
        """Run a command to its end."""
        if not isinstance(stdin, str):
            stdin = "".join(json.dumps(line) + "\n" for line in stdin)
        process = self.start(*arguments, before=before, **environment)
        with process:
            try:
                out, err = process.communicate(stdin.encode(), LIMIT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Done(process.returncode, out.decode(), err.decode())

    def kill_when(self, is_time: Callable[[], bool], *arguments: str) -> tuple[bytes, bytes]:
        """Start a command and kill it (-9) once it is time; return what it had printed."""
        process = self.start(*arguments)
        with process:
            end = time.monotonic() + LIMIT_SECONDS
            while process.poll() is None and not is_time() and time.monotonic() < end:
                time.sleep(0.005)
            was_running = process.poll() is None
            process.kill()
            printed = process.communicate()
        assert was_running, "the command ended before it could be killed"
        return printed

    def register_rows(self, kind: str) -> int:
        """Count the entries of a kind, without the program."""
        return self._count(self.data / "register" / DATABASE, f"FROM entries WHERE kind = '{kind}'")

    def is_adding(self) -> bool:
        """Whether the corpus says that a run is under way, and some of it is kept."""
        return bool(
            self._count(self.data / "passages.db", "FROM state WHERE name = 'unsettled' "
                        "AND value = '1'")
        )  # fmt: skip

    @staticmethod
    def _count(path: Path, rest: str) -> int:
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                (count,) = database.execute(f"SELECT count(*) {rest}").fetchone()
                return int(count)
        except sqlite3.Error:  # not there yet, or being made
            return 0
