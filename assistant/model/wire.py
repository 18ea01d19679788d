# SPDX-License-Identifier: EUPL-1.2
"""What goes between the service and the process of its model, in both directions.

    ┌ length of the header ┬ length of the body ┬ header ┬ body ┐
    └ 4 bytes, big-endian  ┴ 4 bytes            ┴ JSON   ┴ float32, row after row

Texts and single numbers are in the header: JSON gives a float back as it was, to the last bit.
Nothing that is read here can name code: a process that went astray can lie, not run anything.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

HEAD = struct.Struct("!II")
MAX_HEADER_BYTES = 1 << 22
MAX_BODY_BYTES = 1 << 28
SEND_SECONDS = 10.0
CHUNK_BYTES = 1 << 16

Header = dict[str, Any]
Floats = NDArray[np.float32]


class Frame(NamedTuple):
    """One message."""

    header: Header
    body: bytes

    @property
    def floats(self) -> Floats:
        """The numbers of the body in the shape that the header says; ValueError if they differ."""
        return np.frombuffer(self.body, np.float32).reshape(self.header["shape"]).copy()


class Lane:
    """One end of a pair of sockets; one thread at a time reads, one at a time sends."""

    def __init__(self, end: socket.socket) -> None:
        end.settimeout(SEND_SECONDS)
        self._end = end
        self._use = Lock()  # a number that is closed may be another file's at once
        self._unread = bytearray()
        self._coming = select.poll()
        self._coming.register(end, select.POLLIN)
        self._leaving = select.poll()
        self._leaving.register(end, 0)  # a hang-up is always told

    def send(self, header: Mapping[str, object], floats: Floats | None = None) -> None:
        """Send one message; raise OSError where nobody takes it."""
        if floats is not None:
            header = {**header, "shape": floats.shape}
        body = b"" if floats is None else np.ascontiguousarray(floats, np.float32).tobytes()
        text = json.dumps(header).encode("ascii")
        with self._use:
            self._end.sendall(HEAD.pack(len(text), len(body)) + text + body)

    def receive(self, seconds: float | None = None) -> Frame | None:
        """Return the next message, None where it is not there in time (None: wait for it); raise
        EOFError where the other end is closed, ValueError for what is no message."""
        end = None if seconds is None else time.monotonic() + seconds
        with self._use:
            while (frame := self._cut()) is None:
                left = None if end is None else max(0.0, end - time.monotonic()) * 1000
                if not self._coming.poll(left):
                    return None
                data = self._end.recv(CHUNK_BYTES)
                if not data:
                    raise EOFError
                self._unread += data
            return frame

    def is_closed(self, seconds: float) -> bool:
        """Whether the other end goes away within so many seconds; nothing is read."""
        return bool(self._leaving.poll(seconds * 1000))

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)  # wakes who waits for it
        with self._use:
            self._end.close()

    def _cut(self) -> Frame | None:
        """Take the first message off what was read, if all of it is there."""
        if len(self._unread) < HEAD.size:
            return None
        header, body = HEAD.unpack_from(self._unread)
        if header > MAX_HEADER_BYTES or body > MAX_BODY_BYTES:
            raise ValueError("a message that is too long")
        start, end = HEAD.size + header, HEAD.size + header + body
        if len(self._unread) < end:
            return None
        try:
            told = json.loads(self._unread[HEAD.size : start])
        except RecursionError as error:
            raise ValueError("a header of headers of headers") from error
        if not isinstance(told, dict):
            raise ValueError("no header")  # noqa: TRY004 (what is no message is a ValueError)
        frame = Frame(told, bytes(self._unread[start:end]))
        del self._unread[:end]
        return frame
