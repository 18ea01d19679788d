# SPDX-License-Identifier: EUPL-1.2
"""A bundle of a small stand-in, made by the real command and installed with the network cut."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.assistant.packages import make_town, make_wheel
from tests.promises.machine import PROGRAM, ROOT
from tests.promises.test_no_network import can, shell

pytestmark = pytest.mark.real

IS_CUT = can(*shell("true"))
needs_namespace = pytest.mark.skipif(not IS_CUT, reason="no network namespace can be made here")


def make(folder: Path, source: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `greffier bundle` on the stand-in."""
    file = folder / "bundle.tar"
    packages = source.parent / "packages"
    command = ["--lang", "fr", "bundle", str(file), "--source", str(source)]
    return subprocess.run(
        [*PROGRAM, *command, "--packages", str(packages), "--no-models", "--json", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GREFFIER_DATA": str(folder / "data")},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )


def unpacked(file: Path, place: Path) -> Path:
    with tarfile.open(file) as archive:
        archive.extractall(place, filter="data")
    (top,) = place.iterdir()
    return top


def install(
    top: Path, prefix: Path, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    command = [*(before or shell()), "sh", str(top / "install.sh"), str(prefix)]
    return subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], "LANG": "fr_FR.UTF-8", "PYTHON": base_python()},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )


def base_python() -> str:
    """The interpreter that this environment was made from."""
    return os.path.realpath(sys.executable)


def said(prefix: Path) -> str:
    command = [str(prefix / "bin" / "greffier")]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    done = make(folder, make_town(folder))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["packages"] == 4  # greffier, alpha, beta, gamma: not what only tests need
    assert told["bytes"] == (folder / "bundle.tar").stat().st_size
    return folder / "bundle.tar"


def test_the_name_is_not_found_when_the_network_is_cut() -> None:
    """What the tests below stand on."""
    if IS_CUT:
        routes = subprocess.run(shell("ip", "route"), capture_output=True, check=True).stdout
        assert routes.strip() == b""


@needs_namespace
def test_it_installs_without_a_network_is_mended_upgraded_and_gone_back_from(
    bundle: Path, tmp_path: Path
) -> None:
    """One life of an installation, in its order: each step stands on the one before."""
    top, prefix = unpacked(bundle, tmp_path / "media"), tmp_path / "opt"
    done = install(top, prefix)
    assert done.returncode == 0, done.stderr
    assert said(prefix) == f"1.0 alpha beta gamma {prefix / 'models'}"
    first = (prefix / "current").resolve()

    made = (first / "complete").stat().st_mtime_ns
    assert install(top, prefix).returncode == 0
    assert (first / "complete").stat().st_mtime_ns == made, "a second time changes nothing"

    (first / "complete").unlink()  # as a power cut leaves it
    shutil.rmtree(first / "lib")
    assert install(top, prefix).returncode == 0
    assert said(prefix).startswith("1.0 ")

    newer = tmp_path / "newer"
    newer.mkdir()
    assert make(newer, make_town(newer, "2.0")).returncode == 0
    assert install(unpacked(newer / "bundle.tar", tmp_path / "second"), prefix).returncode == 0
    assert said(prefix).startswith("2.0 ")

    (prefix / "current").unlink()
    (prefix / "current").symlink_to(first)
    assert said(prefix).startswith("1.0 ")


def a_byte(top: Path) -> None:
    (wheel,) = (top / "wheels").glob("alpha-*")
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"!")


def a_wheel(top: Path) -> None:
    make_wheel(top / "wheels", "omega", "1.0")


def a_line(top: Path) -> None:
    manifest = top / "MANIFEST.sha256"
    manifest.write_text("".join(manifest.read_text().splitlines(keepends=True)[1:]))


def a_link(top: Path) -> None:
    """What no list of files shows: pip follows it to a wheel that stands elsewhere."""
    elsewhere = top.parent.parent / "elsewhere"
    elsewhere.mkdir()
    make_wheel(elsewhere, "omega", "1.0")
    (wheel,) = elsewhere.iterdir()
    (top / "wheels" / wheel.name).symlink_to(wheel)


def a_link_in_its_place(top: Path) -> None:
    """Its hash is right as long as nobody changes what it leads to."""
    (wheel,) = (top / "wheels").glob("alpha-*")
    wheel.rename(top.parent.parent / wheel.name)
    wheel.symlink_to(top.parent.parent / wheel.name)


def a_pipe(top: Path) -> None:
    os.mkfifo(top / "wheels" / "pipe")


def another_python(top: Path) -> None:
    about = json.loads((top / "bundle.json").read_text("utf-8"))
    (top / "bundle.json").write_text(json.dumps({**about, "python": "3.7"}), "utf-8")
    command = "sha256sum bundle.json"
    new = subprocess.run(command, shell=True, cwd=top, capture_output=True, text=True).stdout
    manifest = top / "MANIFEST.sha256"
    lines = [ln for ln in manifest.read_text().splitlines() if not ln.endswith(" bundle.json")]
    manifest.write_text("\n".join([*lines, new.strip()]) + "\n")


@pytest.mark.parametrize(
    "change", [a_byte, a_wheel, a_line, a_link, a_link_in_its_place, a_pipe, another_python]
)
def test_what_was_changed_is_not_installed(bundle: Path, tmp_path: Path, change: object) -> None:
    top, prefix = unpacked(bundle, tmp_path / "media"), tmp_path / "opt"
    assert callable(change)
    change(top)
    done = install(top, prefix, before=("env",))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("greffier : ")
    assert not prefix.exists()


def test_a_package_of_another_hash_stops_the_bundle(tmp_path: Path) -> None:
    source = make_town(tmp_path)
    make_wheel(tmp_path / "packages", "beta", "1.0", licence="Apache-2.0")
    done = make(tmp_path, source)
    assert done.returncode == 1
    assert "les paquets Python ne viennent pas" in done.stderr
    assert not [*tmp_path.glob("bundle.tar*")] and not [*tmp_path.glob(".greffier-bundle-*")]


def test_a_package_that_is_not_locked_stops_the_bundle(tmp_path: Path) -> None:
    done = make(tmp_path, make_town(tmp_path, needs=["alpha[more]", "delta"]))
    assert done.returncode == 1
    assert "delta" in done.stderr


def test_a_bundle_that_is_there_is_not_replaced(bundle: Path) -> None:
    done = make(bundle.parent, bundle.parent / "source")
    assert done.returncode == 1
