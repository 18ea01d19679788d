# SPDX-License-Identifier: EUPL-1.2
"""Running services of this user: where they answer others than this machine, what they hold.

    /proc/PID/cmdline (greffier … serve│demo) ─▶ its sockets ─▶ /proc/PID/net/tcp ─▶ "0.0.0.0:7860"
                                         └▶ /proc/PID/status ─▶ bytes, with its model's process

Read from the kernel's own tables: a setting only says what was meant. A program is known by what
it runs, not by the folder that it or its interpreter lies in.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from corpus.machine import anonymous_bytes

PROC = Path("/proc")
LISTENS = "0A"
SCRIPT, MODULE, WORKER = "greffier", "ui.main", "assistant.model.worker"
SERVES = {"serve", "demo"}
VALUED_OPTIONS = {"-W", "-X"}
"""Options of Python that are followed by a value of their own."""


def exposed(proc: Path = PROC) -> list[str]:
    """Return the addresses, each once, at which others are answered; nothing where the kernel
    shows nothing."""
    found = {place for folder in _services(proc) for place in _listening(folder)}
    return sorted(f"{host}:{port}" for host, port in found if not _is_local(host))


def held_bytes(proc: Path = PROC) -> int:
    """Return the memory that running services and their models' processes hold, less the files
    that they have mapped; 0 where the kernel shows nothing."""
    programs = _programs(proc)
    ours = (folder for folder, run in programs if _is_service(*run) or run[0] == WORKER)
    return sum(anonymous_bytes(folder / "status") for folder in ours)


def _services(proc: Path) -> Iterator[Path]:
    return (folder for folder, run in _programs(proc) if _is_service(*run))


def _is_service(program: str, arguments: Sequence[str]) -> bool:
    return program in {SCRIPT, MODULE} and bool(SERVES & {*arguments})


def _programs(proc: Path) -> Iterator[tuple[Path, tuple[str, Sequence[str]]]]:
    """Yield the folder of each process, and what it runs."""
    for folder in proc.glob("[0-9]*"):
        with suppress(OSError):
            words = folder.joinpath("cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            yield folder, _run(words)


def _run(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Return what a command line runs (a module, or a file's bare name) and its arguments.

    >>> _run(["/srv/greffier/.venv/bin/python", "/opt/other/service", "serve"])
    ('service', ['serve'])
    >>> _run(["python3.12", "-X", "utf8", "-I", "-m", "ui.main", "serve"])
    ('ui.main', ['serve'])
    >>> _run(["/usr/bin/python3", "-c", "run()", "greffier", "serve"])
    ('', ['greffier', 'serve'])
    >>> _run(["/opt/greffier/bin/greffier", "demo"])
    ('greffier', ['demo'])
    """
    interpreter, *others = words
    if not Path(interpreter).name.startswith("python"):
        return Path(interpreter).name, others
    rest = iter(others)
    for word in rest:
        if word in VALUED_OPTIONS:
            next(rest, None)
        elif word == "-m":
            return next(rest, ""), [*rest]
        elif word == "-c":
            next(rest, None)
            return "", [*rest]
        elif not word.startswith("-"):
            return Path(word).name, [*rest]
    return "", []


def _listening(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield host and port of each socket of a process that waits for connections."""
    sockets = set()
    with suppress(OSError):
        for handle in folder.joinpath("fd").iterdir():
            with suppress(OSError):
                sockets.add(os.readlink(handle).removeprefix("socket:[").removesuffix("]"))
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in folder.joinpath("net", table).read_text("ascii").splitlines()[1:]:
                columns = line.split()
                if columns[3] == LISTENS and columns[9] in sockets:
                    host, port = columns[1].split(":")
                    yield _host(host), int(port, 16)


def _host(written: str) -> str:
    """Return an address that the kernel writes in words of its own byte order.

    >>> _host("0100007F"), _host("00000000000000000000000001000000")
    ('127.0.0.1', '::1')
    """
    words = [bytes.fromhex(written[at : at + 8])[::-1] for at in range(0, len(written), 8)]
    return str(ipaddress.ip_address(b"".join(words)))


def _is_local(host: str) -> bool:
    address = ipaddress.ip_address(host)
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
