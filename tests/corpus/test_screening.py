# SPDX-License-Identifier: EUPL-1.2
"""The guard in processes of its own: the same answers, and shut whatever happens to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.screening import ScreeningPool
from guardrails.errors import DetectorFailed
from guardrails.findings import Entity, Finding
from guardrails.guard import open_guard
from tests.fakes import WordGuard

STAND_IN = """
import json, os, signal, sys, time
from corpus.screening_worker import answer
from guardrails.errors import TextTooLong
from tests.fakes import WordGuard

class Guard(WordGuard):
    def screen_documents(self, documents, *, policy=None):
        text = documents[0][0]
        if "#mort#" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "#muet#" in text:
            time.sleep(60)
        if "#long#" in text:
            raise TextTooLong(2, 1)
        return super().screen_documents(documents, policy=policy)

roster = json.loads(sys.stdin.readline())["roster"]
answer(Guard(*roster, trap="#piège#"), [*map(int, sys.argv[1:])])
"""
PAGES = [["Madame Zuliani écrit.", "Zuliani, \ud800 page 2"], ["Rien."]]


@pytest.fixture
def pool() -> Iterator[ScreeningPool]:
    command = (sys.executable, "-c", STAND_IN)
    with ScreeningPool(roster=["Zuliani"], lanes=2, command=command, patience=20.0) as pool:
        yield pool


def leader_of(pool: ScreeningPool) -> str:
    assert pool._crew is not None
    return str(pool._crew._process.pid)


def processes(leader: str) -> list[Path]:
    """Return the folders of /proc of the processes of a group that run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, group, *_ = (folder / "stat").read_text("utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if group == leader and state != "Z":
            found.append(folder)
    return found


def test_it_answers_as_the_guard_does(pool: ScreeningPool) -> None:
    assert pool.screen_documents(PAGES) == WordGuard("Zuliani").screen_documents(PAGES)
    ((first, _), _) = pool.screen_documents(PAGES)
    assert first.findings == (Finding(7, 14, Entity.PERSON, "word"),)


def test_several_batches_are_under_way_at_once(pool: ScreeningPool) -> None:
    with ThreadPoolExecutor(6) as threads:
        texts = [[[f"Zuliani {n}"]] for n in range(30)]
        answers = list(threads.map(pool.screen_documents, texts))
    assert [a[0][0].text for a in answers] == [f"[PERSONNE_1] {n}" for n in range(30)]
    assert len(processes(leader_of(pool))) == 3  # the opened guard and its two forks


@pytest.mark.parametrize("trap", ["#mort#", "#piège#", "#long#"])
def test_what_it_cannot_look_at_is_not_cleared_and_the_next_is(
    pool: ScreeningPool, trap: str
) -> None:
    with pytest.raises(DetectorFailed):
        pool.screen_documents([[trap]])
    assert pool.screen_documents([["Zuliani"]])[0][0].text == "[PERSONNE_1]"


def test_a_guard_that_gives_no_answer_is_shut(pool: ScreeningPool) -> None:
    pool._patience = 0.5
    with pytest.raises(DetectorFailed):
        pool.screen_documents([["#muet#"]])
    pool._patience = 20.0
    assert pool.screen_documents([["Zuliani"]])[0][0].text == "[PERSONNE_1]"


def test_who_waits_for_a_lane_is_not_forgotten_when_the_guard_dies(pool: ScreeningPool) -> None:
    pool._patience = 2.0
    with ThreadPoolExecutor(5) as threads:
        under_way = [threads.submit(pool.screen_documents, [["#muet#"]]) for _ in range(5)]
        errors = [future.exception(timeout=30) for future in under_way]
    assert all(isinstance(error, DetectorFailed) for error in errors)


def test_nothing_is_left_running_and_no_name_is_on_a_command_line(pool: ScreeningPool) -> None:
    pool.screen_documents(PAGES)
    leader = leader_of(pool)
    assert all(b"Zuliani" not in (p / "cmdline").read_bytes() for p in processes(leader))
    pool.__exit__(None, None, None)
    deadline = time.monotonic() + 20
    while processes(leader) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes(leader) == []


SERVICE = """
import sys, threading, time
from corpus.screening import ScreeningPool

command = [sys.executable, "-c", sys.argv[1]]
pool = ScreeningPool(lanes=2, command=command, in_background=False)
pool.screen_documents([["Rien."]])
for text in ("#muet# un", "#muet# deux"):
    threading.Thread(target=pool.screen_documents, args=([[text]],), daemon=True).start()
time.sleep(0.2)
print(pool._crew.pid, flush=True)
time.sleep(60)
"""


def test_raw_text_outlives_no_service_that_is_killed() -> None:
    command = [sys.executable, "-c", SERVICE, STAND_IN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        leader = service.stdout.readline().strip()
        assert len(processes(leader)) == 3
        service.kill()
    end = time.monotonic() + 30
    while processes(leader) and time.monotonic() < end:
        time.sleep(0.05)
    left = processes(leader)
    for folder in left:
        os.kill(int(folder.name), signal.SIGKILL)
    assert not left


def test_an_answer_for_other_documents_is_not_taken(tmp_path: Path) -> None:
    other = STAND_IN.replace(
        "documents, policy=policy)\n\nroster", "[['a']], policy=None)\n\nroster"
    )
    assert other != STAND_IN
    with (
        ScreeningPool(lanes=1, command=(sys.executable, "-c", other)) as pool,
        pytest.raises(DetectorFailed),
    ):
        pool.screen_documents(PAGES)


@pytest.mark.real
def test_the_real_guard_answers_the_same_in_its_processes() -> None:
    texts = [
        ["Mme Hélène Vasseur, née le 3 mars 1951, habite 12 rue des Lilas à Vannes."],
        ["Le maire signe.", "Fait à Vannes, M. Bernard Couderc, adjoint au maire."],
    ]
    with ScreeningPool(roster=["Bernard Couderc"], lanes=2) as pool:
        mine = pool.screen_documents(texts, policy="plu")
    guard = open_guard(roster=["Bernard Couderc"])
    theirs = guard.screen_documents(texts, policy="plu")
    assert mine == theirs
    assert [s.doubts for d in mine for s in d] == [s.doubts for d in theirs for s in d]
