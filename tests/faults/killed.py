# SPDX-License-Identifier: EUPL-1.2
"""Processes that ask, or read documents, until they are killed (-9) at any moment; again and again.

    python -m tests.faults.killed answers│ingestion BASE      the process that is killed
    python -m tests.faults.killed model BASE KILLS SEED       the service, whose model is killed
    python -m tests.faults.killed reader BASE KILLS SEED      the service, whose reader is killed
    killed(base, "answers", kills, seed) ─▶ figures           who kills it, and looks afterwards

What is shown is noted in a file after it was yielded: whatever is noted must be in the register.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from itertools import count
from pathlib import Path
from threading import Event, Thread

from assistant.errors import ModelInterrupted
from assistant.model.remote import RemoteModel
from corpus.folder import read_key
from corpus.ingest import Ingestion
from corpus.readers.pool import ReadingPool
from tests.fakes import MemoryIndex
from tests.faults.site import CANTEEN, Checked, Shown, SlowModel, checked, opened
from tests.model_child import COMMAND, PACED

ROOT = Path(__file__).parents[2]
ASKING = 4
PATIENCE_SECONDS = 60.0
MOST_LINES = 25
"""How many more lines a process notes, at most, before it is killed."""


def answers(base: Path) -> None:
    """Four people ask for ever."""
    notes = _notes(base)
    with opened(base) as site:
        site.parts.model = SlowModel(0.002)
        site.parts.index = MemoryIndex()  # Chroma takes longer to load than there is to live
        assistant = site.parts.assistant
        assert assistant is not None

        def ask(actor: str) -> None:
            while True:
                for _, shown in site.steps(actor):
                    os.write(notes, (json.dumps(shown) + "\n").encode())

        people = [Thread(target=ask, args=(f"agent-{n}",), daemon=True) for n in range(ASKING)]
        for person in people:
            person.start()
        for person in people:
            person.join()


def ingestion(base: Path) -> None:
    """Read a folder for ever, of which one file changes, one comes and one goes each time."""
    notes, town = _notes(base), base / "town"
    with opened(base) as site:
        for turn in count():
            (town / "cantine.txt").write_text(
                f"{CANTEEN}\n\nÉdition {os.getpid()}-{turn}.", "utf-8"
            )
            (town / f"avis-{turn % 3}.txt").write_text(f"Avis {os.getpid()}-{turn}.", "utf-8")
            (town / f"avis-{(turn + 1) % 3}.txt").unlink(missing_ok=True)
            report = site.parts.ingestion.add([town], prune=True)
            os.write(notes, (json.dumps(["", "", str(report.passages)]) + "\n").encode())


def model(base: Path, kills: int, seed: int) -> dict[str, int]:
    """Four people ask one service, of which the model's process is killed so many times."""
    chance, shown, is_over = random.Random(seed), list[Shown](), Event()
    with opened(base) as site:
        remote = RemoteModel(Path("scripted.gguf"), learnt=PACED, command=COMMAND)
        site.parts.closing.callback(remote.close)
        site.parts.model = remote
        assert site.parts.assistant is not None

        def ask(actor: str) -> None:
            while not is_over.is_set():
                with suppress(ModelInterrupted):
                    for _, one in site.steps(actor):
                        shown.append(one)

        people = [Thread(target=ask, args=(f"agent-{n}",), daemon=True) for n in range(ASKING)]
        for person in people:
            person.start()
        last = 0
        for _ in range(kills):
            wanted = len(shown) + chance.randrange(MOST_LINES)
            end = time.monotonic() + PATIENCE_SECONDS
            while (pid := remote.process.pid) in (0, last) or len(shown) < wanted:
                assert time.monotonic() < end, "the model did not come back"
                time.sleep(0.003)
            time.sleep(chance.uniform(0.0, 0.02))
            os.kill(pid, signal.SIGKILL)
            last = pid
        is_over.set()
        for person in people:
            person.join()
        reply = site.ask()
        assert reply.outcome == "answer", reply
    return _figures(kills, len(shown), checked(base, shown))


def reader(base: Path, kills: int, seed: int) -> dict[str, int]:
    """Four people ask one service that reads a folder beside, of which the reader is killed so
    many times; a file that was given up with two of them is read once it is another."""
    chance, shown, is_over, town = random.Random(seed), list[Shown](), Event(), base / "town"
    with opened(base) as site, ReadingPool(1, in_background=False) as pool:
        site.parts.model, site.parts.index = SlowModel(0.002), MemoryIndex()
        parts = site.parts
        reading = Ingestion(
            parts.store,
            parts.index,
            parts.embedder,
            parts.guard,
            key=read_key(parts.keys, "corpus"),
            rules=parts.rules,
            open_reading=lambda: nullcontext(pool),
        )
        assert site.parts.assistant is not None

        def ask(actor: str) -> None:
            while not is_over.is_set():
                for _, one in site.steps(actor):
                    shown.append(one)

        def read() -> None:
            for turn in count():
                (town / "avis.txt").write_text(f"Avis {turn} de la commune.", "utf-8")
                reading.add([town])
                if is_over.is_set():
                    return

        people = [Thread(target=ask, args=(f"agent-{n}",), daemon=True) for n in range(ASKING)]
        people.append(Thread(target=read, daemon=True))
        for person in people:
            person.start()
        last, (worker,) = 0, pool._workers
        for _ in range(kills):
            wanted = len(shown) + chance.randrange(MOST_LINES)
            end = time.monotonic() + PATIENCE_SECONDS
            while (
                (process := worker._process) is None or process.pid == last or (len(shown) < wanted)
            ):
                assert time.monotonic() < end, "no reader came back"
                time.sleep(0.003)
            time.sleep(chance.uniform(0.0, 0.2))
            process.kill()
            last = process.pid
        is_over.set()
        for person in people:
            person.join()
        # One that took two readers with it is not tried again until it is another file.
        (town / "avis.txt").write_text("Le dernier avis de la commune.", "utf-8")
        report = reading.add([town])
        assert (report.added + report.updated, report.failed) == (1, ()), report
        assert site.ask().outcome == "answer"
    return _figures(kills, len(shown), checked(base, shown))


WITHIN = {"model": model, "reader": reader}
"""What is killed while the service that it works for stays up."""


def killed(base: Path, what: str, kills: int, seed: int) -> dict[str, int]:
    """Kill so many processes, one after the other; return the figures."""
    if what in WITHIN:
        command = [sys.executable, "-m", "tests.faults.killed", what, str(base)]
        done = subprocess.run(
            [*command, str(kills), str(seed)], cwd=ROOT, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return dict(json.loads(done.stdout.splitlines()[-1]))
    chance = random.Random(seed)
    for _ in range(kills):
        wanted = _lines(base) + chance.randrange(MOST_LINES if what == "answers" else 3)
        command = [sys.executable, "-m", "tests.faults.killed", what, str(base)]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
        end = time.monotonic() + PATIENCE_SECONDS
        while _lines(base) < wanted and process.poll() is None and time.monotonic() < end:
            time.sleep(0.003)
        time.sleep(chance.uniform(0.0, 0.4 if what == "ingestion" else 0.02))
        process.kill()
        _, said = process.communicate()
        assert process.returncode == -signal.SIGKILL, said.decode()[-2000:]
    shown = [_shown(line) for line in _text(base).splitlines()]
    return _figures(kills, len(shown), checked(base, [one for one in shown if one[0]]))


def _figures(kills: int, shown: int, found: Checked) -> dict[str, int]:
    assert found.holds
    return {
        "kills": kills,
        "shown": shown,
        "lost": found.lost,
        "open": found.open,
        "interrupted": found.interrupted,
    }


def _shown(line: str) -> Shown:
    record, kind, words = json.loads(line)
    return (record, kind, words)


def _notes(base: Path) -> int:
    return os.open(base / "shown.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def _text(base: Path) -> str:
    path = base / "shown.jsonl"
    return path.read_text("utf-8") if path.exists() else ""


def _lines(base: Path) -> int:
    return _text(base).count("\n")


if __name__ == "__main__":
    base = Path(sys.argv[2])
    if within := WITHIN.get(sys.argv[1]):
        sys.stdout.write(json.dumps(within(base, *map(int, sys.argv[3:]))) + "\n")
    else:
        {"answers": answers, "ingestion": ingestion}[sys.argv[1]](base)
