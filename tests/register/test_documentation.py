# SPDX-License-Identifier: EUPL-1.2
"""What docs/register.md tells a person to compute is what they will find."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from guardrails.register import inspection
from guardrails.register.anomalies import THRESHOLDS, Sign
from guardrails.register.keys import PSEUDONYM_MONTHS
from guardrails.register.kit import VERIFIER
from guardrails.register.sequencer import CLOCK_TOLERANCE
from tests.register.attack_table import PAGE
from tests.register.paper import rows, worked

REGISTER = Path(inspection.__file__).parent


def paper() -> str:
    return PAGE.read_text("utf-8").split("<!-- paper -->")[1].split("<!-- end paper -->")[0]


def test_the_three_entries_hash_as_the_page_says() -> None:
    texts = re.findall(r"```\n(.*?)```", paper(), re.DOTALL)
    hashes = [bytes.fromhex(found) for found in re.findall(r"`([0-9a-f]{64})`", paper())]
    first, second, third = (hashlib.sha256(b"\x00" + text.encode()).digest() for text in texts)
    node = hashlib.sha256(b"\x01" + first + second).digest()
    root = hashlib.sha256(b"\x01" + node + third).digest()
    assert hashes == [first, second, third, node, root]


def test_the_three_entries_are_what_the_register_would_write() -> None:
    assert len(rows()) == 3
    for found in re.findall(r"[0-9a-f]{64}", paper()):
        assert found in worked()


def test_the_shell_commands_of_the_page_give_its_hashes(tmp_path: Path) -> None:
    if not (shutil.which("sha256sum") and shutil.which("xxd") and shutil.which("bash")):
        pytest.skip("sha256sum, xxd and bash are not all installed")
    texts = re.findall(r"```\n(.*?)```", paper(), re.DOTALL)
    for place, text in enumerate(texts):
        (tmp_path / f"{place}.txt").write_text(text, "utf-8")
    hashes = re.findall(r"`([0-9a-f]{64})`", paper())
    noted = dict(zip(("F0", "F1", "F2", "N"), hashes, strict=False)) | {"PATH": os.environ["PATH"]}
    commands = re.findall(r"^\{.*?sha256sum", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(commands) == 6  # three in each language
    for command, expected in zip(commands, (hashes[0], hashes[3], hashes[4]) * 2, strict=True):
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=noted, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        assert done.stdout.split()[0] == expected, command


def test_the_page_says_what_an_auditor_has_to_read_and_how_much_it_is() -> None:
    page = PAGE.read_text("utf-8")
    lines = 0
    for name in VERIFIER:
        assert page.count(f"`{name}.py`") == 2, name  # in French and in English
        lines += len((REGISTER / f"{name}.py").read_text("utf-8").splitlines())
    assert f"environ {round(lines, -2):_} lignes".replace("_", " ") in page
    assert f"about\n{round(lines, -2):,} lines" in page


def test_the_page_states_the_thresholds_that_the_code_has() -> None:
    page = PAGE.read_text("utf-8")
    burst, refusals, fishing = (THRESHOLDS[sign] for sign in Sign)
    assert f"bursts ({burst.count} questions in {burst.window.seconds // 60} minutes)" in page
    assert f"({refusals.count} in {refusals.window.seconds // 60} minutes)" in page
    assert (fishing.count, fishing.window.seconds) == (4, 3600)
    assert f"kept {PSEUDONYM_MONTHS} months" in page
    assert f"beyond {CLOCK_TOLERANCE.seconds} s" in page
