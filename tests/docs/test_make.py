# SPDX-License-Identifier: EUPL-1.2
"""What `make demo` says while somebody waits for it the first time, read from its own plan."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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
