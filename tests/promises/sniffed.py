# SPDX-License-Identifier: EUPL-1.2
"""Runs a command on a network that seems to lead outside, and prints what tried to leave.

    unshare --user --map-root-user --net python sniffed.py COMMAND… ─▶ {"left": […], "code", "out"}

Loopback is up; the default route goes through one end of a cable, at whose other end everything is
counted and nothing answers. With no route at all a packet would be refused before it was seen.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import struct
import subprocess
import sys
import threading
import time

INSIDE, OUTSIDE = "inside", "outside"
CABLE = (
    "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1",
    "ip link set lo up",
    f"ip link add {INSIDE} type veth peer name {OUTSIDE}",
    f"ip link set {INSIDE} up",
    f"ip link set {OUTSIDE} up",
    f"ip address add 192.0.2.2/24 dev {INSIDE}",
    f"ip neighbour add 192.0.2.1 lladdr 02:00:00:00:00:01 dev {INSIDE}",
    "ip route add default via 192.0.2.1",
)
ETH_P_ALL = 3
LATE_SECONDS = 0.5


def told(frame: bytes) -> str:
    """Say where a frame was going."""
    (kind,) = struct.unpack("!H", frame[12:14])
    if kind != 0x0800:
        return f"frame of type {kind:#06x}"
    header = (frame[14] & 15) * 4
    target = ipaddress.ip_address(frame[30:34])
    port = struct.unpack("!H", frame[14 + header + 2 : 14 + header + 4])[0]
    return f"{target}:{port} (protocol {frame[23]})"


def main(*command: str) -> None:
    for line in CABLE:
        subprocess.run(line.split(), check=True)
    left: list[str] = []
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as tap:
        tap.bind((OUTSIDE, 0))

        def count() -> None:
            while frame := tap.recv(65_535):
                left.append(told(frame))

        threading.Thread(target=count, daemon=True).start()
        done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
        time.sleep(LATE_SECONDS)
        print(json.dumps({"left": left, "code": done.returncode, "out": done.stdout}), flush=True)
        sys.stdout.flush()
        sys.exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
