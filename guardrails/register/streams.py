# SPDX-License-Identifier: EUPL-1.2
"""An export that leaves piece by piece, to a reader at the other end of a line.

    leaving(register, selection, form) ─▶ EXPORT entry, then bytes…

Nothing in clear is put on this machine's disk on the way: lines and bundles leave as they are
made; a copy of the register, which holds no key, stands in a folder of its own while it leaves,
in a .zip with the checkpoint that was made with it.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from guardrails.register.bundles import bundle_into
from guardrails.register.exports import Form, enter_export, head_of, line_of
from guardrails.register.kit import COPY, point_name
from guardrails.register.leaves import DATABASE
from guardrails.register.proof_files import proofs_into
from guardrails.register.register import Register
from guardrails.register.selection import Selection

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

AnyForm = Literal["csv", "jsonl", "bundle", "proofs", "copy"]
PIECE_BYTES = 1 << 16


def leaving(
    register: Register,
    selection: Selection,
    form: AnyForm,
    *,
    by: str,
    role: str,
    sizes: Sequence[int] = (),
) -> Iterator[bytes]:
    """Enter the export at once, then return its pieces. A copy is always whole. `sizes`: those of
    the checkpoints that its reader kept, which a bundle proves that it goes on from."""
    if form == "copy":
        return _copy(register, by=by, role=role)
    stop = enter_export(register, selection, form, by=by, role=role)
    if form == "bundle":
        return _flowing(lambda out: bundle_into(out, register, selection, stop, sizes))
    if form == "proofs":
        return _flowing(lambda out: proofs_into(out, register, selection, stop))
    return _lines(register, selection, form, stop)


def _lines(register: Register, selection: Selection, form: Form, stop: int) -> Iterator[bytes]:
    piece = head_of(form)
    for entry in register.unrecorded_entries(selection, stop=stop):
        piece += line_of(entry, form)
        if len(piece) >= PIECE_BYTES:
            yield piece.encode()
            piece = ""
    yield piece.encode()


class _Outflow(io.RawIOBase):
    """What was written since it was last taken; it cannot go back."""

    def __init__(self) -> None:
        self._pieces = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Buffer) -> int:
        self._pieces += piece
        return memoryview(piece).nbytes

    @property
    def size(self) -> int:
        return len(self._pieces)

    def take(self) -> bytes:
        taken = bytes(self._pieces)
        self._pieces.clear()
        return taken


def _flowing(into: Callable[[_Outflow], Iterable[None]]) -> Iterator[bytes]:
    out = _Outflow()
    for _ in into(out):
        if out.size >= PIECE_BYTES:
            yield out.take()
    yield out.take()


def _copy(register: Register, *, by: str, role: str) -> Iterator[bytes]:
    folder = tempfile.TemporaryDirectory(prefix="greffier-")
    path = Path(folder.name) / DATABASE
    try:
        note = register.copy_to(path, by=by, role=role)
    except BaseException:
        folder.cleanup()
        raise
    return _flowing(lambda out: _copied(out, folder, path, note))


def _copied(
    out: _Outflow, folder: tempfile.TemporaryDirectory[str], path: Path, note: str
) -> Iterator[None]:
    with (
        folder,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        archive.writestr(point_name(note), note)
        with path.open("rb") as file, archive.open(COPY, "w", force_zip64=True) as copy:
            while piece := file.read(PIECE_BYTES):
                copy.write(piece)
                yield
