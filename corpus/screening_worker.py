# SPDX-License-Identifier: EUPL-1.2
"""A guard that answers in forks of itself: `python -m corpus.screening_worker SOCKET…`.

    stdin      {"roster", "known", "policies"}             one line, once
    a socket   {"documents": [[page…]…], "policy"}         one line a batch
               {"documents": [[[text, findings, doubts]…]…]} | {"failed"}

The guard is opened once, before the forks: what it knows is in memory once. Each fork answers
one socket, and ends when the other side closes it, whatever it is at.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from select import POLLRDHUP, poll
from threading import Thread

from corpus.containment import dies_first
from corpus.prepare import DocumentGuard
from corpus.screening import told
from guardrails.errors import GuardrailError
from guardrails.findings import Screened
from guardrails.guard import open_guard

MEMORY_BYTES = 2 * 1024**3


def main() -> None:
    """Open the guard that the first line describes, and answer until every socket is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    dies_first()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold documents
    settings = json.loads(sys.stdin.readline())
    answer(opened(settings), [*map(int, sys.argv[1:])])


def opened(settings: Mapping[str, object]) -> DocumentGuard:
    """Return the guard of a town, its models loaded."""
    from pathlib import Path

    policies = str(settings["policies"])
    guard = open_guard(
        roster=_names(settings, "roster"),
        known=_names(settings, "known"),
        policies=Path(policies) if policies else None,
    )
    guard.screen("Première phrase, pour que tout soit chargé.")
    return guard


def _names(settings: Mapping[str, object], key: str) -> list[str]:
    names = settings.get(key)
    return [str(name) for name in names] if isinstance(names, list) else []


def answer(guard: DocumentGuard, sockets: Sequence[int]) -> None:
    """Fork once a socket; wait for the forks."""
    # What is in memory now is shared: the collector must not write into it.
    gc.collect()
    gc.freeze()
    for mine in sockets:
        if os.fork() == 0:
            for other in {*sockets} - {mine}:
                os.close(other)
            try:
                _serve(guard, socket.socket(fileno=mine))
            finally:
                os._exit(0)  # whatever happened, a fork never goes on as its parent
    for each in sockets:
        os.close(each)
    for _ in sockets:
        os.wait()


def _serve(guard: DocumentGuard, lane: socket.socket) -> None:
    Thread(target=_end_with, args=(lane.fileno(),), daemon=True).start()
    with lane, lane.makefile("rb") as asked:
        for line in asked:
            task = json.loads(line)
            try:
                said = told(_screened(guard, task["documents"], task["policy"]))
            except GuardrailError as error:
                said = json.dumps({"failed": type(error).__name__}).encode("ascii")
            lane.sendall(said + b"\n")


def _end_with(lane: int) -> None:
    """End this fork in the middle of a batch once nobody is at the other end: raw text outlives no
    service that was killed. (The kernel's own signal follows the thread that started a process.)"""
    watch = poll()
    watch.register(lane, POLLRDHUP)
    watch.poll()
    os._exit(0)


def _screened(
    guard: DocumentGuard, documents: Sequence[Sequence[str]], policy: str | None
) -> list[list[Screened]]:
    return guard.screen_documents(documents, policy=policy)


if __name__ == "__main__":
    main()
