# SPDX-License-Identifier: EUPL-1.2
"""What `make demo` says while somebody waits for it the first time, read from its own plan."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.table import each

ROOT = Path(__file__).parents[2]


PATIENCE_SECONDS = 300


def plan(tmp_path: Path) -> list[str]:
    """Return what `make demo` would run on a machine that has nothing yet, line by line."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    command = ["make", "-n", "--no-print-directory", f"VENV={tmp_path / 'venv'}", "demo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line.strip() for line in done.stdout.replace("\\\n", " ").splitlines()]


def test_before_llama_cpp_is_built_it_is_said_and_for_how_long(tmp_path: Path) -> None:
    lines = plan(tmp_path)
    (built,) = [
        n
        for n, line in enumerate(lines)
        if "pip install" in line and "-r requirements.lock" in line
    ]
    assert "\nllama-cpp-python==" in (ROOT / "requirements.lock").read_text("utf-8")
    said = lines[built - 1]
    assert said.startswith("echo ")
    assert "llama.cpp se compile" in said
    assert re.search(r"environ \d+ minutes sur \d cœurs", said)


def test_nothing_is_waited_for_in_silence(tmp_path: Path) -> None:
    """Whatever is fetched or built stands after words of its own; the demonstration comes last."""
    lines = plan(tmp_path)
    silent = re.compile(r"pip install -q.* -r ")
    for number, line in enumerate(lines):
        if silent.search(line):
            before = lines[:number]
            last_words = max(n for n, one in enumerate(before) if one.startswith("echo "))
            assert not [one for one in before[last_words:] if silent.search(one)], line
    assert lines[-1].endswith("greffier demo")


@pytest.fixture
def slow(tmp_path: Path) -> list[str]:
    """The command that installs with a pip that ends, with code 7, once the log says « depuis »."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    binaries = tmp_path / "venv" / "bin"
    binaries.mkdir(parents=True)
    log = tmp_path / "log"
    until = f"until grep -q depuis {log}; do sleep .05; done"
    pip = f'#!/bin/sh\ncase "$*" in *" -r requirements.lock") {until}; $AFTER; exit 7;; esac\n'
    for name, script in (("python", "#!/bin/sh\n"), ("pip", pip)):
        (binaries / name).write_text(script, "utf-8")
        (binaries / name).chmod(0o755)
    # a job in the background ignores SIGINT, and so would what it starts
    return [
        "env",
        "--default-signal=INT",
        "make",
        f"VENV={tmp_path / 'venv'}",
        "TELL_EVERY=1",
        "setup",
    ]


def began(command: list[str], log: Path, **env: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True,
            env=os.environ | {"AFTER": "true"} | env,
        )  # fmt: skip


def all_gone(group: int) -> bool:
    """Wait until nothing of a process group is left."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_while_it_is_built_one_hears_for_how_long_and_a_failure_stays_one(
    slow: list[str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    made = began(slow, log)
    assert made.wait(PATIENCE_SECONDS) == 2  # pip failed, so make did
    assert re.search(r"^Greffier : toujours en cours, depuis 0 min 1 s$", log.read_text(), re.M)
    assert "Error 7" in log.read_text() or "Erreur 7" in log.read_text()
    assert not (tmp_path / "venv" / ".installed").exists()
    assert all_gone(made.pid)


@each("how", [signal.SIGINT, signal.SIGTERM])
def test_who_interrupts_is_told_nothing_more(
    how: signal.Signals, slow: list[str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    made = began(slow, log, AFTER="sleep 600")
    end = time.monotonic() + PATIENCE_SECONDS
    while "depuis" not in log.read_text() and time.monotonic() < end:
        time.sleep(0.05)
    os.killpg(made.pid, how)
    assert made.wait(PATIENCE_SECONDS) != 0
    assert all_gone(made.pid)


@each("page", ["README.md", "README.fr.md", "docs/fr/administrateur.md"])
def test_what_the_tour_calls_is_found_by_who_followed_it(page: str, tmp_path: Path) -> None:
    """On a machine where nothing but `make demo` put `greffier` anywhere, in the clone's folder."""
    assert plan(tmp_path)[-1].endswith("venv/bin/greffier demo")
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.M | re.S)
    tour = next(block for block in blocks if re.search(r"^\S*greffier ", block, re.M))
    clone = tmp_path / page.replace("/", "-")
    venv = ["python3", "-m", "venv", "--without-pip", str(clone / ".venv")]
    subprocess.run(venv, check=True)
    (clone / ".venv" / "bin" / "greffier").write_text("#!/bin/sh\n", "utf-8")
    (clone / ".venv" / "bin" / "greffier").chmod(0o755)
    walked = "".join(
        f"command -v {line.split()[0]} >/dev/null || echo {line.split()[0]}\n{line}\n"
        for line in tour.splitlines()
    )
    done = subprocess.run(
        ["sh", "-c", walked], cwd=clone, env={"PATH": "/usr/bin:/bin", "HOME": str(clone)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")
