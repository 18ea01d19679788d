# SPDX-License-Identifier: EUPL-1.2
"""The Containerfile's steps, one by one, in a Debian tree: no container engine is needed to know
that they work. The bundle is one of small stand-ins; what follows the installation is cut off
from any network."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.bundle import archive as bundles
from assistant.bundle.archive import described, write_archive
from assistant.bundle.wheel import read_wheel
from tests.assistant.packages import make_wheel

DEPLOY = Path(__file__).parents[2] / "deploy"
SUITE = "trixie"
PYTHON = "3.13"

pytestmark = [
    pytest.mark.real,
    pytest.mark.long,
    pytest.mark.skipif(
        shutil.which("mmdebstrap") is None or os.geteuid() != 0,
        reason="needs mmdebstrap and root",
    ),
]


@dataclass
class Image:
    """A tree in which the steps of a Containerfile are carried out."""

    tree: Path
    context: Path
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    entrypoint: list[str] = field(default_factory=list)

    def carry_out(self, step: str) -> None:
        word, _, rest = step.partition(" ")
        match word:
            case "COPY":
                source, target = rest.split()
                shutil.copyfile(self.context / source, self.tree / target.lstrip("/"))
            case "RUN":
                is_apt = "apt-get" in rest
                done = self.run("sh", "-ec", rest, is_cut=not is_apt)
                assert done.returncode == 0, f"{rest}\n{done.stderr[-2000:]}"
            case "ENV":
                self.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
            case "USER":
                self.user = rest
            case "ENTRYPOINT":
                self.entrypoint = json.loads(rest)
            case _:
                assert word in {"ARG", "FROM", "VOLUME", "EXPOSE", "CMD"}, step

    def run(self, *command: str, is_cut: bool = True) -> subprocess.CompletedProcess[str]:
        cut = ["unshare", "--net"] if is_cut else []
        who = [f"--userspec={self.user}:{self.user}"] if self.user != "root" else []
        return subprocess.run(
            [*cut, "chroot", *who, str(self.tree), *command],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive",
                 **{k: v for k, v in os.environ.items() if k.lower().endswith("_proxy")},
                 **self.environment},
            capture_output=True, encoding="utf-8", timeout=1200,
        )  # fmt: skip


def steps(text: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", text)
    return [line for line in joined.splitlines() if line and not line.startswith("#")]


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Image]:
    tree, context = tmp_path / "tree", tmp_path / "context"
    context.mkdir()
    subprocess.run(
        ["mmdebstrap", "--variant=minbase", "--quiet", SUITE, str(tree)],
        check=True, timeout=1200, capture_output=True,
    )  # fmt: skip
    for name in ("etc/resolv.conf", "etc/apt/apt.conf.d", "etc/hosts"):
        given = Path("/") / name
        if given.is_dir():
            shutil.copytree(given, tree / name, dirs_exist_ok=True)
        elif given.exists():
            shutil.copyfile(given, tree / name)
    monkeypatch.setattr(bundles, "described", lambda *facts: described(*facts) | {"python": PYTHON})
    wheels = [read_wheel(program(context)), read_wheel(make_wheel(context, "alpha", "1.0"))]
    deploy = [path for path in DEPLOY.iterdir() if path.is_file()]
    write_archive(context / "greffier.tar", "1.0", wheels, [], deploy)
    yield Image(tree, context)
    shutil.rmtree(tree, ignore_errors=True)


def program(folder: Path) -> Path:
    """A wheel with a command `greffier`, which says who runs it and writes where it may."""
    path = make_wheel(folder, "greffier", "1.0", ["alpha"], licence="EUPL-1.2")
    with zipfile.ZipFile(path, "a") as wheel:
        wheel.writestr(
            "greffier-1.0.dist-info/entry_points.txt",
            "[console_scripts]\ngreffier = stand_in:main\n",
        )
        wheel.writestr(
            "stand_in.py",
            "import getpass, os, pathlib, sys, alpha\n"
            "def main():\n"
            "    if '--help' in sys.argv: return\n"
            "    for name in ('GREFFIER_DATA', 'GREFFIER_KEYS'):\n"
            "        pathlib.Path(os.environ[name], 'written').touch()\n"
            "    print(getpass.getuser(), os.environ['GREFFIER_MODELS'], *sys.argv[1:])\n",
        )
    return path


def test_the_steps_make_a_tree_whose_service_runs_as_its_own_user(image: Image) -> None:
    for step in steps((DEPLOY / "Containerfile").read_text("utf-8")):
        image.carry_out(step)
    said = image.run(*image.entrypoint, "serve")
    assert said.stdout == "greffier /opt/greffier/models serve\n", said.stderr
    for name in ("greffier/data", "greffier-keys"):
        folder = image.tree / "var" / "lib" / name
        assert (folder / "written").stat().st_uid == folder.stat().st_uid != 0
        assert folder.stat().st_mode & 0o077 == 0
    assert not [*(image.tree / "tmp").iterdir()]
    assert image.run("sh", "-c", "echo > /opt/greffier/bin/greffier").returncode != 0
    image.user = "root"
    tesseract = image.run("tesseract", "--list-langs").stdout
    assert "fra" in tesseract.split()
    for name in ("greffier.service", "greffier-backup.timer", "greffier-witness.service"):
        assert (image.tree / "etc/systemd/system" / name).is_file()
