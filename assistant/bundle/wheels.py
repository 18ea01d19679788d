# SPDX-License-Identifier: EUPL-1.2
"""All the wheels that Greffier needs here, and none that it does not.

    Greffier's own wheel ─needs▶ names ─lock▶ pip download, by hash ─needs▶ names … ─▶ Wheel…

The lock holds the tools of developers too; what is taken follows from the packages' own words. A
package that comes as source only (llama.cpp) is built for any processor with AVX2: built as it
comes, it would ask for the very processor of this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.utils import canonicalize_name

from assistant.bundle.lock import Pin
from assistant.bundle.wheel import Wheel, read_wheel
from assistant.errors import UserError
from corpus.processes import without_secrets

PORTABLE = "-DGGML_NATIVE=OFF"
LEFT_OUT = "-DLLAVA_BUILD=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TOOLS=OFF"
"""What llama.cpp builds and is not used, as in the Makefile."""

Told = Callable[[int], object]
"""Called with how many packages there are so far."""


class Pip:
    """The package client of this machine, with its own configuration; `given`: a folder that holds
    the packages instead of any index."""

    def __init__(self, folder: Path, given: Path | None = None) -> None:
        self._folder = folder
        self._from = ["--no-index", "--find-links", str(given)] if given else []

    def build(self, source: Path) -> Path:
        """Build one wheel from sources, in place or packed."""
        with TemporaryDirectory(dir=self._folder) as made:
            # without its cache: what is there was built for this very processor
            options = ["--no-deps", "--no-build-isolation", "--no-cache-dir", "--no-index"]
            self._run("wheel", *options, "--wheel-dir", made, str(source))
            (built,) = Path(made).glob("*.whl")
            return built.replace(self._folder / built.name)

    def fetch(self, pins: Iterable[Pin]) -> list[Path]:
        """Fetch what is pinned, none of it by name alone, and build what is not a wheel."""
        with TemporaryDirectory(dir=self._folder) as name:
            fetched, asked = Path(name) / "fetched", Path(name) / "asked.txt"
            asked.write_text("".join(f"{pin.line}\n" for pin in pins), "utf-8")
            options = ["--no-deps", "--require-hashes", "--no-build-isolation", *self._from]
            self._run("download", *options, "--dest", str(fetched), "--requirement", str(asked))
            return [self._wheel(path) for path in sorted(fetched.iterdir())]

    def _wheel(self, path: Path) -> Path:
        return path.replace(self._folder / path.name) if path.suffix == ".whl" else self.build(path)

    def _run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "pip", arguments[0], "--no-input", "--quiet"]
        command += ["--disable-pip-version-check", *arguments[1:]]
        done = subprocess.run(
            command,
            env=_environment(without_secrets(os.environ)),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            raise UserError("bundle_pip", detail=(lines or ["pip"])[-1][:200])


def gather(
    source: Path, pins: Mapping[str, Pin], pip: Pip, told: Told = lambda count: None
) -> list[Wheel]:
    """Return Greffier's wheel and all that it needs here, by name; UserError."""
    own = read_wheel(pip.build(source))
    wheels: dict[str, Wheel] = {own.name: own}
    todo: set[tuple[str, frozenset[str]]] = {(own.name, frozenset())}
    seen: set[tuple[str, frozenset[str]]] = set()
    while todo:
        missing = sorted({name for name, _ in todo} - wheels.keys())
        for wheel in _fetched(missing, pins, pip):
            wheels[wheel.name] = wheel
        told(len(wheels))
        seen |= todo
        todo = {
            (str(canonicalize_name(need.name)), frozenset(need.extras))
            for name, extras in todo
            for need in wheels[name].wants(extras)
        } - seen
    return sorted(wheels.values(), key=lambda wheel: wheel.name)


def _fetched(names: Sequence[str], pins: Mapping[str, Pin], pip: Pip) -> list[Wheel]:
    for name in names:
        if name not in pins:
            raise UserError("bundle_not_locked", name=name)
    wheels = [read_wheel(path) for path in pip.fetch(pins[name] for name in names)] if names else []
    for wheel in wheels:
        if wheel.version != pins[wheel.name].version:
            raise UserError("bundle_not_locked", name=wheel.name)
    return wheels


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    options = given.get("CMAKE_ARGS", LEFT_OUT)
    return {**given, "CMAKE_ARGS": f"{options} {PORTABLE}"}
