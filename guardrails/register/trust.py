# SPDX-License-Identifier: EUPL-1.2
"""What of a stored register may be believed: what leads to the note that its key signed.

head (signed) ─▶ root ─▶ the edge of the tree │ a row, by its inclusion proof
"""

from __future__ import annotations

import json

from guardrails.errors import RegisterTampered
from guardrails.register.leaves import Row, leaf_of
from guardrails.register.merkle import HASH_BYTES, Frontier, Node, includes, inclusion
from guardrails.register.notes import (
    Checkpoint,
    NoteMalformed,
    NoteNotSigned,
    VerifierKey,
    read_note,
)
from guardrails.register.selection import text
from guardrails.register.store import StoreReader


def key_named(public: str) -> str:
    """Return the verifier key that a KEY row names."""
    return text(json.loads(public), "key")


def node_reader(reader: StoreReader) -> Node:
    """Find nodes of the tree in the rows that completed them."""

    def node(level: int, position: int) -> bytes:
        tree = reader.tree(((position + 1) << level) - 1)
        return tree[level * HASH_BYTES : (level + 1) * HASH_BYTES]

    return node


def trusted_head(reader: StoreReader, origin: str) -> Checkpoint:
    """Return what the register signed last; RegisterTampered if that is not its signature."""
    keys = [VerifierKey.read(key_named(row.public)) for row in reader.key_rows()[-1:]]
    try:
        note = read_note(reader.head())
        note.opened_by(keys)
    except (NoteMalformed, NoteNotSigned):
        raise RegisterTampered("the register's last seal is false") from None
    if note.checkpoint.origin != origin:
        raise RegisterTampered("the register's last seal is of another register")
    return note.checkpoint


def trusted_frontier(reader: StoreReader, origin: str, size: int) -> Frontier:
    """Return the edge of the stored tree; RegisterTampered if it is not what was signed last."""
    frontier = Frontier.read(size, node_reader(reader))
    if size:
        head = trusted_head(reader, origin)
        if (head.size, head.root) != (size, frontier.root()):
            raise RegisterTampered("the register is not as it was signed last")
    return frontier


def trusted_row(reader: StoreReader, head: Checkpoint, index: int) -> Row:
    """Return a row that provably is what was sealed at this place."""
    rows = reader.rows(index, index + 1)
    if not rows or index >= head.size:
        raise RegisterTampered(f"entry {index} is missing")
    path = inclusion(index, head.size, node_reader(reader))
    if not includes(leaf_of(rows[0]), index, head.size, path, head.root):
        raise RegisterTampered(f"entry {index} was changed")
    return rows[0]
