# SPDX-License-Identifier: EUPL-1.2
"""Who may use the processor: reading documents gives way, and who holds a lock is not starved."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.comparing import compare_pages
from corpus.cores import (
    AFTER_OTHERS,
    GLANCE_SECONDS,
    LAST,
    Company,
    Courtesy,
    Used,
    step_back,
    to_background,
    used,
)
from corpus.documents import Page, SourceDocument
from corpus.dropped import Dropped
from corpus.errors import UnreadableFile
from corpus.known_vectors import AT_ONCE, embedded
from corpus.quarantine import Decision, Quarantine
from corpus.readers.pool import ReadingPool
from corpus.screening import ScreeningPool
from corpus.seams import Vectors
from corpus.structure import Structure
from guardrails.errors import DetectorFailed
from tests.assistant.conftest import Opener, open_assistant, register
from tests.corpus.conftest import KEY, Town
from tests.fakes import HashEmbedder, ScriptedModel, WordGuard

__all__ = ["open_assistant", "register"]

ROOT = Path(__file__).parents[2]
TELLS = """
import os, subprocess, sys
WHO = "import os; print(os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0))"
def told():
    return subprocess.run([sys.executable, "-c", WHO], capture_output=True).stdout.decode().strip()
"""
READS = (
    TELLS
    + """
import corpus.readers as readers
from corpus.errors import UnreadableFile
from corpus.readers import worker
from corpus.readers.kinds import Kind

def read(data):
    raise UnreadableFile(told())

readers.READERS[Kind.TEXT] = read
worker.contain = lambda programs: None  # the program that tells is none of those it may start
worker.main()
"""
)


def how_it_reads(folder: Path, *, in_background: bool) -> tuple[int, int]:
    """Return policy and priority of a program that a reader starts, as OCR is."""
    script, file = folder / "reads.py", folder / "a.txt"
    script.write_text(READS, "utf-8")
    file.write_text("Le conseil approuve.", "utf-8")
    command = (sys.executable, str(script))
    with (
        ReadingPool(1, command=command, in_background=in_background) as pool,
        pytest.raises(UnreadableFile) as told,
    ):
        pool.submit(file, (), "a.txt").result()
    policy, priority = map(int, told.value.reason.split())
    return policy, priority


def test_readers_and_their_programs_run_on_what_is_left(tmp_path: Path) -> None:
    assert how_it_reads(tmp_path, in_background=True) == (os.SCHED_IDLE, LAST)


def test_a_file_that_somebody_waits_for_is_read_like_anything_else(tmp_path: Path) -> None:
    mine = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)
    assert how_it_reads(tmp_path, in_background=False) == mine


def how_it_screens(folder: Path, *, in_background: bool) -> str:
    """Return policy and priority of the process that screens."""
    note = folder / "told"
    script = TELLS + (
        "import socket\n"
        "lane = socket.socket(fileno=int(sys.argv[1]))\n"
        "lane.recv(10)\n"
        f"open({str(note)!r}, 'w').write(told())\n"
    )
    with (
        ScreeningPool(
            lanes=1, command=(sys.executable, "-c", script), in_background=in_background
        ) as pool,
        pytest.raises(DetectorFailed),
    ):
        pool.screen_documents([["Le conseil approuve."]])
    return note.read_text("utf-8")


def test_the_guard_of_pages_runs_on_what_is_left(tmp_path: Path) -> None:
    assert how_it_screens(tmp_path, in_background=True) == f"{os.SCHED_IDLE} {LAST}"


def test_a_letter_that_somebody_waits_for_is_screened_like_anything_else(tmp_path: Path) -> None:
    mine = os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)
    assert how_it_screens(tmp_path, in_background=False) == "{} {}".format(*mine)


def test_where_the_system_refuses_the_work_is_done_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    before = os.sched_getscheduler(0)
    with ThreadPoolExecutor(1, initializer=to_background) as thread:  # no way back for this one
        assert thread.submit(os.sched_getscheduler, 0).result() == before


@pytest.mark.parametrize("words", [("add",), ("watch",)], ids=" ".join)
def test_a_command_that_reads_documents_steps_back_before_it_opens_anything(
    words: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Opened(Exception):
        pass

    done: list[str] = []

    def opened(*_: object, **__: object) -> None:
        raise Opened

    for module in ("assistant.commands.corpus", "assistant.commands.upkeep"):
        monkeypatch.setattr(f"{module}.step_back", lambda: done.append("stepped back"))
        monkeypatch.setattr(f"{module}.open_parts", opened)
    with pytest.raises(Opened):
        run(["--data", str(tmp_path), "corpus", *words, str(tmp_path)])
    assert done == ["stepped back"]


def test_stepping_back_leaves_a_tenth_of_a_core() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import os; from corpus.cores import step_back; step_back(); "
         "print(os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0))"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    policy, priority = map(int, told.stdout.split())
    assert policy == os.SCHED_OTHER  # never idle: it holds locks
    assert priority == max(AFTER_OTHERS, os.getpriority(os.PRIO_PROCESS, 0))


def test_a_command_that_is_run_in_a_test_leaves_the_priority_of_all_tests() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    step_back()
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_work_waits_while_a_question_is_read_but_not_for_ever() -> None:
    courtesy = Courtesy()
    assert courtesy.after_you(60) < 30
    with courtesy.answering():
        assert courtesy.after_you(0.05) >= 0.05
        with courtesy.answering():
            pass
        assert courtesy.after_you(0.05) >= 0.05  # the other one is still read
        thread = threading.Thread(target=courtesy.after_you, args=(60,))
        thread.start()
    thread.join(30)
    assert not thread.is_alive()


def test_embedding_lets_questions_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[int] = []
    monkeypatch.setattr("corpus.known_vectors.after_you", lambda: passed.append(1))
    texts = [f"Article {number}" for number in range(2 * AT_ONCE + 1)]
    embedder = HashEmbedder()

    rows = embedded(embedder, texts, {})

    assert len(passed) == 3
    assert (rows == embedder.embed_passages(texts)).all()


class Counting(HashEmbedder):
    """Notes how many texts it is given at once."""

    def __init__(self) -> None:
        self.at_once = list[int]()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.at_once.append(len(texts))
        return super().embed_passages(texts)


def test_a_file_that_was_dropped_lets_questions_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    passed, embedder = list[int](), Counting()
    monkeypatch.setattr("corpus.known_vectors.after_you", lambda: passed.append(1))

    texts = [f"Article {number}. " + "mot " * 300 for number in range(1, 40)]
    source = SourceDocument(
        id="a" * 64,
        name="long.txt",
        media_type="text/plain",
        pages=tuple(Page(number=number, text=text) for number, text in enumerate(texts, start=1)),
    )
    dropped = Dropped(WordGuard("Zuliani"), embedder)
    ready = dropped.take(source, "long.txt")
    dropped.close()
    assert len(ready.passages) > AT_ONCE
    assert max(embedder.at_once) <= AT_ONCE
    assert len(passed) == len(embedder.at_once)


def test_two_acts_that_are_compared_let_questions_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    passed, embedder = list[int](), Counting()
    monkeypatch.setattr("corpus.known_vectors.after_you", lambda: passed.append(1))

    first, second = (
        "\n\n".join(f"Article {n}. La salle {n} est {what} aux habitants." for n in range(1, 40))
        for what in ("ouverte", "prêtée")
    )
    compare_pages([(1, Structure.of(first))], [(1, Structure.of(second))], embedder=embedder)
    assert sum(embedder.at_once) > AT_ONCE
    assert max(embedder.at_once) <= AT_ONCE
    assert len(passed) == len(embedder.at_once)


def test_a_paper_that_is_decided_on_lets_questions_pass(tmp_path: Path) -> None:
    embedder = Counting()
    (tmp_path / "town").mkdir()
    (tmp_path / "data").mkdir()
    town = Town(tmp_path / "town", tmp_path / "data", embedder=embedder)
    written = "\n\n".join(f"{n}. Zuliani perçoit le RSA. " + "mot " * 300 for n in range(40))
    town.write("lettre.txt", f"Je soussigné Zuliani vous écris.\n\n{written}")
    town.add()
    (document,) = town.store.documents()
    embedder.at_once.clear()
    Quarantine(town.store, town.index, town.embedder, key=KEY).decide(document.id, Decision.KEEP)
    town.store.close()
    assert sum(embedder.at_once) > AT_ONCE
    assert max(embedder.at_once) <= AT_ONCE


def test_while_the_model_reads_a_question_others_know(
    open_assistant: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    courtesy, waited = Courtesy(), list[bool]()
    monkeypatch.setattr("assistant.pipeline.answering", courtesy.answering)

    class Model(ScriptedModel):
        def log_probability(self, prompt, reply):  # type: ignore[no-untyped-def]
            waited.append(courtesy.after_you(0.01) >= 0.01)
            return super().log_probability(prompt, reply)

    open_assistant(Model(["4,20"], "Le repas coûte 4,20 euros.")).ask("Prix du repas ?")
    assert waited and all(waited)
    assert courtesy.after_you(60) < 30


@pytest.mark.parametrize("chosen", ["", "active"])
def test_threads_of_the_model_sleep_while_they_wait(chosen: str) -> None:
    """Told before OpenMP is loaded, unless whoever runs the program chose otherwise."""
    environment = {n: v for n, v in os.environ.items() if n != "OMP_WAIT_POLICY"}
    environment |= {"OMP_DISPLAY_ENV": "true"} | ({"OMP_WAIT_POLICY": chosen} if chosen else {})
    told = subprocess.run(
        [sys.executable, "-c", "import assistant.llama"],
        cwd=ROOT,
        env=environment,
        capture_output=True, check=True,
    )  # fmt: skip
    policy = (chosen or "passive").upper()
    assert f"OMP_WAIT_POLICY = '{policy}'".encode() in told.stderr


def test_a_session_of_its_own_comes_last_as_a_whole() -> None:
    place = Path("/proc/self/autogroup")
    if not place.exists() or not place.read_text("ascii").strip():
        pytest.skip("this kernel does not group programs by session")
    own = place.read_text("ascii")
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as alone:
        to_background(alone.pid)
        told = Path(f"/proc/{alone.pid}/autogroup").read_text("ascii")
        alone.kill()
    assert told.split()[-1] == str(LAST)
    with subprocess.Popen(["sleep", "60"]) as beside:  # of this session: it keeps its share
        to_background(beside.pid)
        beside.kill()
    assert place.read_text("ascii") == own


class Machine:
    """Cores that this process and others keep busy, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = self.others = self.own = 0.0
        self.is_telling = True
        self.slept = list[float]()

    def run(self, seconds: float, *, others: float, own: float = 0.0) -> None:
        """Let time pass; `others` and `own` are cores that are kept busy meanwhile."""
        self.now += seconds
        self.others += others * seconds
        self.own += own * seconds

    def look(self) -> Used | None:
        return Used(self.others + self.own, self.own) if self.is_telling else None

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.run(seconds, others=1.0)

    def company(self) -> Company:
        return Company(self.look, lambda: self.now, self.sleep)


class TestCompany:
    @pytest.mark.parametrize(
        ("others", "own", "left"),
        [
            (0.0, 2.0, 2),  # alone
            (0.3, 1.7, 2),  # the screens, now and then
            (0.65, 1.35, 1),  # a program that shares a core with one of two threads
            (1.0, 1.0, 1),
            (5.0, 0.5, 1),  # never none
        ],
    )
    def test_threads_leave_a_core_that_somebody_else_keeps(
        self, others: float, own: float, left: int
    ) -> None:
        machine = Machine()
        company = machine.company()
        machine.run(2, others=others, own=own)
        assert company.cores_left(2) == left

    def test_of_many_cores_only_those_that_are_kept_are_left(self) -> None:
        machine = Machine()
        company = machine.company()
        machine.run(2, others=3.2, own=12.8)
        assert company.cores_left(16) == 13

    def test_they_come_back_when_the_others_end(self) -> None:
        machine = Machine()
        company = machine.company()
        machine.run(2, others=1.0, own=1.0)
        assert company.cores_left(2) == 1
        machine.run(0.1, others=0.0, own=1.0)
        assert company.cores_left(2) == 1  # what was seen holds for a moment
        machine.run(1, others=0.0, own=1.0)
        assert company.cores_left(2) == 2

    def test_after_a_pause_it_is_looked_anew(self) -> None:
        machine = Machine()
        company = machine.company()
        machine.run(600, others=0.0)
        assert company.cores_left(2) == 1  # somebody has come since
        assert machine.slept == [GLANCE_SECONDS]

    def test_where_the_system_does_not_tell_all_cores_are_used(self) -> None:
        machine = Machine()
        machine.is_telling = False
        company = machine.company()
        machine.run(2, others=1.0)
        assert company.cores_left(2) == 2

    def test_what_is_in_the_background_is_not_counted(self, tmp_path: Path) -> None:
        stat = tmp_path / "stat"
        core = min(os.sched_getaffinity(0))
        stat.write_text(f"cpu 0 0 0\ncpu{core} 300 9000 100 50\ncpu{9999} 800 0 0 0\n", "ascii")
        told = used(stat)
        assert told is not None
        assert told.everybody == 400 / os.sysconf("SC_CLK_TCK")

    @pytest.mark.parametrize("text", ["", "cpu0 a b c", "cpu0"])
    def test_a_system_that_tells_otherwise_tells_nothing_of_others(
        self, tmp_path: Path, text: str
    ) -> None:
        stat = tmp_path / "stat"
        stat.write_text(text, "ascii")
        told = used(stat)
        assert told is None or told.everybody == 0.0

    def test_this_machine_tells(self) -> None:
        told = used()
        assert told is not None
        assert told.everybody > 0
        assert told.own > 0
