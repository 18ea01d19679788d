# SPDX-License-Identifier: EUPL-1.2
"""What breaks breaks nothing else: all that was shown is sealed, every question has an end, and it
goes on once the cause is gone. Real corpus, Chroma, register and pipeline; stand-in models."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.faults.killed import killed
from tests.faults.scenes import ON_OWN_DISK, OWN_DISK, SCENES, SLOW, played
from tests.faults.site import checked, opened, prepare
from tests.faults.table import KILLED, NAMES, kept

pytestmark = pytest.mark.real


SAID = {
    "full_while_answering": "vérifiez le disque",
    "full_while_reading": "le disque est plein",
    "read_only": "vérifiez le chemin, les droits et le disque",
    "model_fails": "greffier models list --check",
    "model_file_gone": "greffier models pull",
    "out_of_memory": "MemoryError",
}
"""Words of the sentence that a person is told, where one is."""


def can(*command: str) -> bool:
    return (
        shutil.which(command[0]) is not None
        and subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    )


def allowed(name: str, folder: Path) -> None:
    if name in ON_OWN_DISK:
        mount = ["mount", "-t", "tmpfs", "tmpfs", str(folder)]
        if not can(*OWN_DISK, *mount):
            pytest.skip("no disk of one's own can be mounted here (unshare, mount)")
    if name == "slow_disk" and not can(*SLOW, "true"):
        pytest.skip("strace cannot slow system calls down here")


@pytest.mark.parametrize("name", SCENES)
def test_a_fault_loses_nothing_and_says_what_it_is(tmp_path: Path, name: str) -> None:
    allowed(name, tmp_path)
    told = played(name, tmp_path)
    assert told["holds"]
    assert (told["lost"], told["open"]) == (0, 0)
    assert told["after"] == "answer"
    assert SAID.get(name, "") in " ".join(told["said"])
    assert not [said for said in told["said"] if "Quillebec" in said or "Traceback" in said]


@pytest.mark.parametrize("what", KILLED)
def test_twenty_kills_lose_nothing_that_was_shown(tmp_path: Path, what: str) -> None:
    _killed(tmp_path / "site", what, 20, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("what", KILLED)
def test_two_hundred_kills_lose_nothing_that_was_shown(tmp_path: Path, what: str) -> None:
    _killed(tmp_path / "site", what, 200, seed=2)


def _killed(base: Path, what: str, kills: int, seed: int) -> None:
    prepare(base)
    figures = killed(base, what, kills, seed)
    assert (figures["kills"], figures["lost"], figures["open"]) == (kills, 0, 0)
    if what != "ingestion":
        assert figures["shown"] > 4 * kills
    if what in ("answers", "model"):
        assert figures["interrupted"] > 0, "no kill came while a question was open"
    if what == "reader":
        assert figures["interrupted"] == 0, "a reader takes no question with it"


def test_the_service_outlives_its_model(tmp_path: Path) -> None:
    """One process is asked all along: each kill costs the question under way, and no other."""
    prepare(tmp_path / "site")
    figures = killed(tmp_path / "site", "model", 5, seed=3)
    assert 0 < figures["interrupted"] <= figures["kills"]


def test_what_is_lost_would_be_seen(tmp_path: Path) -> None:
    """The check that the others stand on: it sees what was never sealed."""
    prepare(tmp_path / "site")
    with opened(tmp_path / "site") as site:
        shown = site.ask().shown
    assert checked(tmp_path / "site", shown).lost == 0
    changed = [(record, kind, f"{words}!") for record, kind, words in shown if words]
    assert checked(tmp_path / "site", changed).lost == len(changed) > 0


def test_the_page_tells_each_fault_and_no_loss() -> None:
    lines = kept()
    assert len(lines) == len(KILLED) + len(NAMES)
    for line, name in zip(lines, [*KILLED.values(), *NAMES.values()], strict=True):
        fault, _, lost, unfinished, after = (cell.strip() for cell in line.split("|")[1:-1])
        assert fault == name
        assert lost.startswith("0 of ")
        assert (unfinished, "broken" in after) == ("0", False)
