# SPDX-License-Identifier: EUPL-1.2
"""The units, read by systemd itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = ("greffier.service", "greffier-backup.service")
WITNESS = "greffier-witness.service"
MOST_EXPOSED = 20
"""In tenths: systemd counts from 0 (closed) to 100; a service without any rule has 96."""

pytestmark = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not installed here"
)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units in a folder, their program replaced by one that is here."""
    for path in DEPLOY.glob("greffier*.*"):
        text = path.read_text("utf-8").replace("/opt/greffier/bin/greffier", "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    return tmp_path


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments], capture_output=True, encoding="utf-8", timeout=120
    )


@pytest.mark.parametrize("name", [*SERVICES, WITNESS, "greffier-backup.timer"])
def test_systemd_finds_nothing_to_say(units: Path, name: str) -> None:
    done = analyze("verify", "--man=no", "--recursive-errors=no", str(units / name))
    assert (done.returncode, done.stderr) == (0, "")


def test_it_would_say_what_is_misspelt(units: Path) -> None:
    path = units / SERVICES[0]
    path.write_text(path.read_text("utf-8").replace("ProtectHome=", "ProtectHouse="), "utf-8")
    done = analyze("verify", "--man=no", "--recursive-errors=no", str(path))
    assert "ProtectHouse" in done.stderr


@pytest.mark.parametrize("name", [*SERVICES, WITNESS])
def test_little_is_left_open(units: Path, name: str) -> None:
    threshold = f"--threshold={MOST_EXPOSED}"
    done = analyze("security", "--offline=true", "--no-pager", threshold, str(units / name))
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize("name", SERVICES)
def test_keys_are_never_with_the_data_and_nothing_is_dumped(name: str) -> None:
    unit = (DEPLOY / name).read_text("utf-8")
    told = dict(re.findall(r"^Environment=(\w+)=(.*)$", unit, re.MULTILINE))
    data, keys = Path(told["GREFFIER_DATA"]), Path(told["GREFFIER_KEYS"])
    assert not keys.is_relative_to(data) and not data.is_relative_to(keys)
    assert "\nLimitCORE=0\n" in unit and "\nUser=greffier\n" in unit


def test_a_reader_may_close_itself_in_and_may_die_alone() -> None:
    unit = (DEPLOY / SERVICES[0]).read_text("utf-8")
    assert "\nOOMPolicy=continue\n" in unit
    assert re.search(r"^MemoryMax=\d+%$", unit, re.MULTILINE)
    assert "LoadCredential=register-passphrase:" in unit
    allowed: set[str] = set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE):
        named = calls_of(line.removeprefix("~").split())
        allowed = allowed - named if line.startswith("~") else allowed | named
    needed = {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "prctl"}
    assert needed | {"prlimit64", "memfd_create", "socketpair", "sendmsg"} <= allowed


def calls_of(names: list[str]) -> set[str]:
    """Return the calls of some sets, with those of the sets in them."""
    found: set[str] = set()
    for name in names:
        if name.startswith("@"):
            lines = analyze("syscall-filter", name).stdout.splitlines()[1:]
            found |= calls_of([n for line in lines if (n := line.strip()) and n[0] != "#"])
        else:
            found.add(name)
    return found


def test_the_kernel_refuses_what_would_leave_the_machine() -> None:
    assert "\nIPAddressDeny=any\nIPAddressAllow=localhost\n" in (DEPLOY / SERVICES[0]).read_text()
    assert "\nPrivateNetwork=yes\n" in (DEPLOY / SERVICES[1]).read_text("utf-8")


def test_a_witness_is_heard_on_this_machine_alone_and_its_file_is_where_it_is_made() -> None:
    unit = (DEPLOY / WITNESS).read_text("utf-8")
    assert "\nIPAddressDeny=any\nIPAddressAllow=localhost\n" in unit
    folder = re.findall(r"--folder (\S+)", unit)
    assert len({*folder}) == 1 and f"ConditionPathExists={folder[0]}/witness.sqlite3" in unit
    assert "--host 127.0.0.1" in unit and f"StateDirectory={Path(folder[0]).name}" in unit


def test_the_service_may_give_way_and_nothing_else_of_resources() -> None:
    """Later lines are laid over earlier ones: what is let through stands after what is barred."""
    lines = re.findall(r"^SystemCallFilter=(.*)$", (DEPLOY / SERVICES[0]).read_text(), re.M)
    assert lines[-1] == "setpriority sched_setscheduler ioprio_set"
    assert "@resources" in lines[-2] and lines[-2].startswith("~")


def test_the_service_is_watched_and_its_model_may_go_first() -> None:
    """What the program says (`ui/notify.py`) is what the unit waits for."""
    unit = (DEPLOY / SERVICES[0]).read_text("utf-8")
    told = dict(re.findall(r"^(\w+)=(\w+)$", unit, re.MULTILINE))
    assert (told["Type"], told["OOMPolicy"]) == ("notify", "continue")
    assert int(told["WatchdogSec"]) >= 30
    assert int(told["TimeoutStartSec"]) >= 300
    assert "NotifyAccess" not in told  # the main process alone is heard
