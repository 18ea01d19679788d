# SPDX-License-Identifier: EUPL-1.2
"""The older Office container (DOC, XLS, PPT, MSG, encrypted DOCX): the one door of olefile."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import olefile

from corpus.errors import UnreadableFile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How such a container starts."""

MAX_STREAM_BYTES = 100 * 1024 * 1024


class Compound:
    """The streams of a container, by name (folders with `/`)."""

    def __init__(self, container: olefile.OleFileIO) -> None:
        self._container = container
        self.names = tuple("/".join(path) for path in container.listdir())

    def exists(self, name: str) -> bool:
        return bool(self._container.exists(name))

    def read(self, name: str) -> bytes:
        """Return a stream, or nothing if there is none; raise if it is too large."""
        if not self.exists(name):
            return b""
        if self._container.get_size(name) > MAX_STREAM_BYTES:
            raise UnreadableFile("too_large")
        return bytes(self._container.openstream(name).read())


@contextmanager
def compound(data: bytes) -> Iterator[Compound]:
    """Open a container; raise UnreadableFile if it is broken."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            yield Compound(container)
    except (OSError, IndexError, ValueError) as error:
        raise UnreadableFile("broken") from error
