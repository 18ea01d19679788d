# SPDX-License-Identifier: EUPL-1.2
"""Where a running service of this user answers others than this machine.

    /proc/PID/cmdline (greffier … serve│demo) ─▶ its sockets ─▶ /proc/PID/net/tcp ─▶ "0.0.0.0:7860"

Read from the kernel's own tables: a setting only says what was meant.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
LISTENS = "0A"
SERVES = {"serve", "demo"}


def exposed(proc: Path = PROC) -> list[str]:
    """Return the addresses, each once, at which others are answered; nothing where the kernel
    shows nothing."""
    found = {place for folder in _services(proc) for place in _listening(folder)}
    return sorted(f"{host}:{port}" for host, port in found if not _is_local(host))


def _services(proc: Path) -> Iterator[Path]:
    for folder in proc.glob("[0-9]*"):
        with suppress(OSError):
            words = folder.joinpath("cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            if SERVES & {*words} and any("greffier" in word or "ui.main" in word for word in words):
                yield folder


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
