# SPDX-License-Identifier: EUPL-1.2
"""Many people at once on one machine: the real service and models, Locust on loopback.

    python -m benchmarks.load [--people 50] [--seconds 600] [--wait 60] [--data DIR] [--json FILE]
                              [--write-docs]

Afterwards the register is opened: every reply that somebody heard must be in it as it was heard.
`busy` replies are the sealed extracts given at the deadline. Prints a table and one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from socket import AF_INET, socket
from threading import Event, Thread
from typing import Any

from assistant.settings import Settings
from assistant.wiring import open_parts
from corpus.folder import read_key
from guardrails.register import Kind

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- load:begin -->", "<!-- load:end -->"
PROGRAM = (sys.executable, "-c", "from ui.main import main; main()")
START_SECONDS = 300
LAST_REPLIES_SECONDS = 150
"""How long the last questions are waited for."""

Note = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured. `lost`: heard, and not in the register as it was heard; `unheard`: in the
    register, and nobody heard how it ended. Seconds but where the name says otherwise."""

    machine: str
    people: int
    seconds: int
    wait_seconds: int
    asked: int
    answers: int
    refusals: int
    extracts_at_deadline: int
    searches: int
    errors: dict[str, int]
    lost: int
    unheard: int
    holds: bool
    entries: int
    search_p50: float
    search_p95: float
    sources_p50: float
    sources_p95: float
    outcome_p50: float
    outcome_p95: float
    answered_each_least: int
    answered_each_most: int
    replies_each_least: int
    replies_each_most: int
    fairness: float
    memory_start_mb: int
    memory_half_mb: int
    memory_end_mb: int
    stop_seconds: float


def prepare(data: Path, keys: Path, people: int, wait: int) -> list[str]:
    """Read the sample town once, and make a key for everybody."""
    environment = {**os.environ, "GREFFIER_DATA": str(data), "GREFFIER_KEYS": str(keys)}
    command = [*PROGRAM, "demo", "--no-serve", "--samples", str(SAMPLES)]
    subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    path = data / "greffier.toml"
    kept = path.read_text("utf-8").partition("\n[service]\n")[0]
    path.write_text(f"{kept}\n[service]\nwait_seconds = {wait}\n", "utf-8")

    from ui.access import open_access
    from ui.access.clerk import Clerk
    from ui.access.person import Person, Role

    settings = Settings.read(path)
    with open_parts(data, keys, settings) as parts:
        secret = read_key(parts.keys, "access")
        with open_access(data, secret, settings.access, parts.register) as desk:
            clerk, run = Clerk(desk, Person("load", Role.ADMIN)), time.time_ns()
            made = [clerk.make_key(f"agent-{run}-{n}", Role.AGENT) for n in range(people)]
    return [secret for _, secret in made]


@contextmanager
def served(data: Path, keys: Path, port: int, stopped: list[float]) -> Iterator[int]:
    """Serve in a process of its own; give its number. Stopped as a service manager does."""
    environment = {**os.environ, "GREFFIER_DATA": str(data), "GREFFIER_KEYS": str(keys)}
    command = [*PROGRAM, "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_ready(port, process)
            yield process.pid
        finally:
            began = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
            stopped.append(time.perf_counter() - began)


def _wait_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the service did not start")


def people_ask(folder: Path, port: int, secrets: Sequence[str], seconds: int) -> list[Note]:
    """Let Locust ask; return what each person noted."""
    keys, notes = folder / "keys.txt", folder / "notes.jsonl"
    keys.write_text("\n".join(secrets), "utf-8")
    keys.chmod(0o600)
    environment = {
        **os.environ,
        "LOAD_KEYS": str(keys),
        "LOAD_NOTES": str(notes),
        "LOAD_QUESTIONS": str(SAMPLES / "questions.toml"),
    }
    command = [sys.executable, "-m", "locust", "--headless", "--only-summary", "--skip-log"]
    command += ["-f", str(ROOT / "benchmarks" / "load_people.py")]
    command += ["--host", f"http://127.0.0.1:{port}", "-u", str(len(secrets))]
    command += ["-r", str(len(secrets)), "-t", f"{seconds}s", "-s", str(LAST_REPLIES_SECONDS)]
    subprocess.run(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    return [json.loads(line) for line in notes.read_text("utf-8").splitlines()]


class Memory(Thread):
    """Looks at the memory of a service and of the processes that it started, each second."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self.seen: list[int] = []
        self.done = Event()

    def run(self) -> None:
        while not self.done.wait(1):
            try:
                tasks = Path(f"/proc/{self._process}/task").glob("*/children")
                others = [int(one) for task in tasks for one in task.read_text("ascii").split()]
                self.seen.append(sum(map(_megabytes, (self._process, *others))))
            except OSError:
                return


def _megabytes(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) // 1024 for line in lines if line[:6] == "VmRSS:")


def sealed(data: Path, keys: Path, began: float) -> tuple[bool, dict[str, Note], int]:
    """Return whether the register holds, how each exchange of this run ended there, its size."""
    with open_parts(data, keys, Settings.read(data / "greffier.toml")) as parts:
        register = parts.register
        found: dict[str, Note] = {}
        for entry in register.entries(by="benchmark", role="auditor"):
            if entry.exchange and entry.kind is Kind.INTENT and entry.at.timestamp() >= began:
                found[entry.exchange] = {"sentences": 0}
            elif entry.exchange in found and entry.kind is Kind.SENTENCE:
                found[entry.exchange]["sentences"] += 1
            elif entry.exchange in found and entry.kind is Kind.OUTCOME:
                found[entry.exchange] |= entry.payload or {}
        return register.verify().holds, found, register.size()


def lost(note: Note, ends: dict[str, Note]) -> bool:
    """Whether what somebody heard is not in the register as it was heard."""
    end = ends.get(note.get("record", ""))
    if end is None:
        return True
    heard = {"status": note["status"], "reason": note["reason"] or ""}
    kept = {"status": end.get("status"), "reason": end.get("reason") or ""}
    return heard != kept or note.get("sentences", 0) > end["sentences"]


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else 0.0


def even(counts: Sequence[int]) -> float:
    """Jain's index: 1 where everybody has as much, 1/n where one has it all."""
    squares = len(counts) * sum(count * count for count in counts)
    return round(sum(counts) ** 2 / squares, 3) if squares else 0.0


def measure(data: Path, keys: Path, people: int, seconds: int, wait: int) -> Figures:
    """Run it all once."""
    secrets = prepare(data, keys, people, wait)
    with socket(AF_INET) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began, stopped = time.time(), list[float]()
    with tempfile.TemporaryDirectory() as folder, served(data, keys, port, stopped) as process:
        memory = Memory(process)
        memory.start()
        notes = people_ask(Path(folder), port, secrets, seconds)
        memory.done.set()
    holds, ends, entries = sealed(data, keys, began)
    asks = [note for note in notes if note["kind"] == "ask"]
    heard = [note for note in asks if "status" in note]
    searches = [n["seconds"] for n in notes if n["kind"] == "search" and "error" not in n]
    busy = [note for note in heard if note["reason"] == "busy"]
    answered = Counter(note["who"] for note in heard if note["reason"] != "busy")
    replied = Counter(note["who"] for note in heard)
    shares = [answered[who] for who in range(people)]
    replies = [replied[who] for who in range(people)]
    records = {note["record"] for note in heard}
    return Figures(
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        people=people,
        seconds=seconds,
        wait_seconds=wait,
        asked=len(asks),
        answers=sum(note["status"] == "answer" for note in heard),
        refusals=sum(note["status"] == "refusal" for note in heard) - len(busy),
        extracts_at_deadline=len(busy),
        searches=len(searches),
        errors=dict(Counter(note["error"] for note in notes if "error" in note)),
        lost=sum(lost(note, ends) for note in heard),
        unheard=len(ends.keys() - records),
        holds=holds,
        entries=entries,
        search_p50=percentile(searches, 0.5),
        search_p95=percentile(searches, 0.95),
        sources_p50=percentile([n["sources"] for n in heard if "sources" in n], 0.5),
        sources_p95=percentile([n["sources"] for n in heard if "sources" in n], 0.95),
        outcome_p50=percentile([note["seconds"] for note in heard], 0.5),
        outcome_p95=percentile([note["seconds"] for note in heard], 0.95),
        answered_each_least=min(shares),
        answered_each_most=max(shares),
        replies_each_least=min(replies),
        replies_each_most=max(replies),
        fairness=even(replies),
        memory_start_mb=memory.seen[0] if memory.seen else 0,
        memory_half_mb=int(statistics.median(memory.seen[len(memory.seen) // 2 :][:20] or [0])),
        memory_end_mb=memory.seen[-1] if memory.seen else 0,
        stop_seconds=round(stopped[0], 1),
    )


def table(figures: Figures) -> str:
    """Return the figures as a table of the documentation."""
    rows = [
        f"| {name.replace('_', ' ')} | {json.dumps(value) if isinstance(value, dict) else value} |"
        for name, value in asdict(figures).items()
    ]
    return "\n".join(("| | |", "|---|---|", *rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--wait", type=int, default=60)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write-docs", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        base = asked.data or Path(folder)
        figures = measure(base / "data", base / "keys", asked.people, asked.seconds, asked.wait)
    print(table(figures))
    print(json.dumps(asdict(figures)))
    if asked.json:
        asked.json.write_text(json.dumps(asdict(figures), indent=1) + "\n", "utf-8")
    if asked.write_docs:
        head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        _, _, tail = rest.partition(END)
        PAGE.write_text(f"{head}{BEGIN}\n{table(figures)}\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    main()
