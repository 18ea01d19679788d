# SPDX-License-Identifier: EUPL-1.2
"""`serve` and `demo`: a port that is taken is said before anything heavy is opened."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import COMMANDS, run
from ui import commands


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_said_before_any_model_is_opened(
    command: str,
    taken: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("opened before the port was held")

    for heavy in ("open_parts", "pull_models"):
        monkeypatch.setattr(commands, heavy, opened)
    monkeypatch.setitem(COMMANDS, command, f"ui.commands:{command}")
    samples = ["--samples", str(tmp_path)] if command == "demo" else []
    code = run(["--data", str(tmp_path / "data"), command, "--port", taken, *samples])
    printed = capsys.readouterr()
    (line,) = printed.err.splitlines()
    assert (code, printed.out) == (1, "")
    assert line.startswith(f"Erreur : le port {taken} est déjà pris")
    assert not (tmp_path / "data").exists()
