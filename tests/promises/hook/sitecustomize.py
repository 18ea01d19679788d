# SPDX-License-Identifier: EUPL-1.2
"""Loaded by every Python that a test starts with this folder in its path: notes who is
dialled beyond this machine, and refuses."""

from __future__ import annotations

import ipaddress
import os
import sys

DIALLING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKING_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


def is_here(host: str) -> bool:
    if host in ("", "localhost", "None"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def note(event: str, arguments: tuple[object, ...]) -> None:
    if event in DIALLING and len(arguments) > 1 and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
    elif event in LOOKING_UP:
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else str(arguments[0])
    else:
        return
    if not is_here(host):
        with open(os.environ["DIALLED"], "a", encoding="utf-8") as log:
            log.write(f"{host}\n")
        raise PermissionError(f"dialled: {host}")


sys.addaudithook(note)
