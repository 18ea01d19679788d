# SPDX-License-Identifier: EUPL-1.2
"""The system programs that some formats need: whether they are there, and how they are run.

    Tesseract with French   scanned pages, pictures
    antiword                DOC

A program reads from its standard input or from a file in memory, and answers on its standard
output: nothing that a document says is ever written to a disk.
"""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache

from corpus.errors import UnreadableFile
from corpus.processes import surroundings


class Need(StrEnum):
    """What a file waits for (words, and how to install it: `texts/`)."""

    OCR = "ocr"
    DOC = "doc_reader"
    PPT = "slides_converter"
    CLEARER_SCAN = "clearer_scan"


PROGRAMS = ("tesseract", "antiword", "setpriv")
"""All that a reading process may start; the last one lets the others die with it."""

PATIENCE = 30
"""A program that waits instead of working is stopped after so many times what it may work."""


class Overtime(Exception):
    """A program did not answer in its time."""


class Crashed(UnreadableFile):
    """A program ended with a fault of its own."""


@cache
def is_there(need: str) -> bool:
    """Say whether what a file waits for is on this machine now."""
    if need == Need.OCR:
        return shutil.which("tesseract") is not None and "fra" in _languages()
    if need == Need.DOC:
        return shutil.which("antiword") is not None
    return False


def _languages() -> list[str]:
    try:
        listed = subprocess.run(
            ["tesseract", "--list-langs"],
            capture_output=True,
            timeout=20 * PATIENCE,
            env=surroundings(),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return listed.stdout.decode("utf-8", "replace").split()


def run(
    command: Sequence[str],
    given: bytes,
    *,
    seconds: int,
    files: Sequence[int] = (),
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run a program on bytes and return its answer; raise Overtime, Crashed or UnreadableFile.

    `seconds` of processor time, so that a busy machine does not make a page unreadable.
    """
    pipe = subprocess.PIPE

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))

    try:
        with subprocess.Popen(
            [*_mortal(), *command],
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,  # it may quote the document
            pass_fds=files,
            env={**surroundings(), **(environment or {})},
            # A process that is closed in sets limits of its own alone; it has one thread.
            preexec_fn=limited,
        ) as program:
            try:
                said, _ = program.communicate(given, timeout=PATIENCE * seconds)
            except BaseException as error:
                program.kill()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise Overtime from error
                raise
    except OSError as error:
        raise UnreadableFile("broken") from error
    if program.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Overtime
    if program.returncode < 0:
        raise Crashed("broken")
    if program.returncode != 0:
        raise UnreadableFile("broken")
    return said


@cache
def _mortal() -> tuple[str, ...]:
    """Return what lets a program die with the thread that waits for it, where that is at hand."""
    command = ("setpriv", "--pdeathsig", "KILL", "--")
    try:
        tried = subprocess.run(
            [*command, "setpriv", "--version"],
            capture_output=True,
            timeout=20 * PATIENCE,
            env=surroundings(),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()
