# SPDX-License-Identifier: EUPL-1.2
"""A program that nobody starts again does so itself; one that a service manager watches ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.queue import UnderWay
from ui.restarting import Restarting, is_able, is_managed

ROOT = Path(__file__).parents[2]
AGAIN = """
import os, sys
from assistant.queue import UnderWay
from ui.restarting import Restarting
print(sys.argv[1:], flush=True)
if "SECOND" not in os.environ:
    os.environ["SECOND"] = "1"
    managed = sys.argv[1] == "managed"
    Restarting(under_way=UnderWay(), is_managed=managed, is_asked=True).again()
"""


@pytest.mark.parametrize(("how", "times"), [("alone", 2), ("managed", 1)])
def test_a_program_puts_itself_in_its_own_place(tmp_path: Path, how: str, times: int) -> None:
    program = tmp_path / "program.py"
    program.write_text(AGAIN, "utf-8")
    done = subprocess.run(
        [sys.executable, str(program), how, "--port", "7860"],
        capture_output=True, encoding="utf-8", check=True, cwd=ROOT, timeout=120,
        env={name: value for name, value in os.environ.items() if name != "SECOND"}
        | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout.splitlines() == [str([how, "--port", "7860"])] * times


def test_nothing_starts_again_that_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "execv", lambda *args: pytest.fail("it was not asked"))
    Restarting(under_way=UnderWay()).again()


def test_a_passphrase_in_the_environment_needs_a_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.delenv("GREFFIER_REGISTER_PASSPHRASE", raising=False)
    assert (is_managed(), is_able()) == (False, True)
    monkeypatch.setenv("GREFFIER_REGISTER_PASSPHRASE", "six mots tirés au sort hier")
    assert not is_able()
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/notify")
    assert is_managed() and is_able()


def test_a_wait_for_the_last_question_is_bounded() -> None:
    under_way = UnderWay()
    with under_way.one():
        assert not under_way.wait_for_none(0.01)
    assert under_way.wait_for_none(0.01)
