# SPDX-License-Identifier: EUPL-1.2
"""What a GGUF file that takes over the model's process gets at: its own bytes, and nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.model.process import ROOT, environment
from assistant.model.wire import Lane
from corpus.containment import Fence

TAKEN_OVER = """
import os, socket, subprocess, sys
from assistant.errors import ModelFailed
from assistant.model import worker

def attempts(path):
    secret, beside = path.with_name("key"), path.with_name("new")
    port = int(path.name.split("-")[1])
    yield "own", lambda: path.read_bytes()
    yield "read", lambda: secret.read_bytes()
    yield "list", lambda: os.listdir(path.parent)
    yield "write", lambda: beside.write_text("x")
    yield "change", lambda: path.write_text("x")
    yield "dial", lambda: socket.create_connection(("127.0.0.1", port), 2)
    yield "run", lambda: subprocess.run(["/bin/sh", "-c", "true"], check=True)
    yield "stop", lambda: os.kill(os.getppid(), 0)

class Model:
    def __init__(self, path, **given):
        done = []
        for name, attempt in attempts(path):
            try:
                attempt()
            except Exception:
                continue
            done.append(name)
        raise ModelFailed(" ".join(["did", *done]))

worker.LlamaModel = Model
worker.main()
"""


@pytest.fixture
def fenced() -> None:
    """Skip where this kernel has not both fences."""
    command = [sys.executable, "-c", "from corpus.containment import fence; print(*fence())"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="ascii", check=True)
    if {*done.stdout.split()} != {*map(str, Fence)}:
        pytest.skip("this kernel has no landlock or no seccomp")


@pytest.mark.usefixtures("fenced")
def test_a_model_file_that_takes_its_process_over_gets_at_itself_alone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        model = tmp_path / f"model-{listening.getsockname()[1]}"
        model.write_bytes(b"GGUF")
        (tmp_path / "key").write_text("secret", "utf-8")
        near, far = socket.socketpair()
        with closing(Lane(near)) as lane, far:
            asked = {"path": str(model), "learnt": "", "context_tokens": 8, "threads": 1,
                     "gpu_layers": 0, "watched": []}  # fmt: skip
            parent = str(os.getpid())
            command = [sys.executable, "-c", TAKEN_OVER, str(far.fileno()), parent]
            with subprocess.Popen(
                command, cwd=ROOT, env=environment(), pass_fds=[far.fileno()]
            ) as child:
                lane.send({"open": asked})
                answer = lane.receive(60)
                child.wait(60)
    assert answer is not None
    did = str(answer.header["failed"]).removeprefix("did ")
    assert did.split() in (["own"], ["own", "stop"])  # a signal needs landlock 6 to be refused
