# SPDX-License-Identifier: EUPL-1.2
"""One entry's proof in one file, which other programs than this one verify as well.

    Proof(index, path, note, extra) ──text──▶ .tlog-proof ──read_proof──▶ Proof

The format is c2sp.org/tlog-proof: a line that names it, `extra` in base64, the place, the hashes
from the leaf's sibling up, an empty line, the signed checkpoint. Our `extra` is what the leaf
commits to (leaves.py): whoever hashes it has the leaf.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from guardrails.register.leaves import EXCHANGE, FORMAT, Row, leaf_data
from guardrails.register.merkle import HASH_BYTES, includes, leaf_hash
from guardrails.register.notes import MAX_NOTE_CHARS, Note, NoteMalformed, read_note

HEADER = "c2sp.org/tlog-proof@v1"
ENDING = ".tlog-proof"
MAX_HASHES = 63
MAX_EXTRA_CHARS = 1 << 20
INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A place in a log, the hashes that lead from it to the root, and what signs the root.
    `extra` is nobody's word: it counts once its hash is the leaf that the path leads from."""

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The file."""
        lines = [HEADER]
        lines += [f"extra {_encoded(self.extra)}"] if self.extra else []
        lines += [f"index {self.index}", *map(_encoded, self.path), ""]
        return "\n".join(lines) + "\n" + self.note

    @property
    def signed(self) -> Note:
        """The checkpoint, as read."""
        return read_note(self.note)

    def leads_from(self, leaf: bytes) -> bool:
        """Tell whether the path leads from this leaf to the root of the checkpoint."""
        point = self.signed.checkpoint
        return includes(leaf, self.index, point.size, self.path, point.root)

    def holds_for(self, data: bytes) -> bool:
        """Tell whether the path leads from this entry; who signed the root is another question."""
        return self.leads_from(leaf_hash(data))


def read_proof(text: str) -> Proof:
    """Read a proof; NoteMalformed if it is cut, or not one. Nothing is verified yet."""
    if len(text) > MAX_EXTRA_CHARS + MAX_NOTE_CHARS:
        raise NoteMalformed("the proof is too long")
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != HEADER or not lines:
        raise NoteMalformed("this is not a proof, or its beginning is missing")
    extra = _decoded(lines.pop(0)[6:]) if lines[0].startswith("extra ") else b""
    index = INDEX.fullmatch(lines.pop(0)) if lines else None
    path = tuple(_decoded(line) for line in lines)
    if index is None or len(path) > MAX_HASHES or any(len(hash_) != HASH_BYTES for hash_ in path):
        raise NoteMalformed("the proof holds no place, or no path of hashes")
    read_note(note)
    return Proof(index=int(index[1]), path=path, note=note, extra=extra)


def row_of(data: bytes) -> Row:
    """Return the row of what a leaf commits to; NoteMalformed if it is no entry of a register."""
    try:
        form, index, at, kind, exchange, public, key, digest, end = data.decode().split("\n")
        row = Row(
            index=int(index), at=at, kind=kind, exchange=exchange, public=public, key=int(key),
            digest=bytes.fromhex(digest),
        )  # fmt: skip
    except ValueError:
        raise NoteMalformed("the entry is not made of eight lines") from None
    is_ours = form == FORMAT and not end and EXCHANGE.fullmatch(exchange)
    if not is_ours or leaf_data(row) != data:
        raise NoteMalformed("the entry is not one of a register")
    return row


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decoded(text: str) -> bytes:
    """Read base64 that is written in the one way that the format knows."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if not value or _encoded(value) != text:
        raise NoteMalformed("a part of the proof is not base64")
    return value
