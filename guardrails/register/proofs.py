# SPDX-License-Identifier: EUPL-1.2
"""Proofs that can be handed over with the checkpoint that they lead to."""

from __future__ import annotations

from dataclasses import dataclass

from guardrails.errors import RecordInvalid
from guardrails.register.merkle import Frontier, consistency, extends, includes, inclusion
from guardrails.register.notes import Checkpoint
from guardrails.register.store import StoreReader, length
from guardrails.register.trust import node_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """A leaf, its place, and the hashes that lead from it to the checkpoint's root."""

    leaf: bytes
    index: int
    checkpoint: Checkpoint
    path: tuple[bytes, ...]

    def holds(self) -> bool:
        """Tell whether the path leads to the root."""
        point = self.checkpoint
        return includes(self.leaf, self.index, point.size, self.path, point.root)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyProof:
    """Two checkpoints and the hashes which show that the old one begins the new one."""

    old: Checkpoint
    new: Checkpoint
    path: tuple[bytes, ...]

    def holds(self) -> bool:
        """Tell whether nothing was changed between the two."""
        old, new = self.old, self.new
        return old.origin == new.origin and extends(
            old.size, new.size, old.root, new.root, self.path
        )


def prove_inclusion(
    reader: StoreReader, origin: str, index: int, size: int | None
) -> InclusionProof:
    """Return the proof that an entry is in the register as of `size` entries, or now."""
    now = length(reader)
    size = now if size is None else size
    if not 0 <= index < size <= now:
        raise RecordInvalid(f"no entry {index} in a register of {size}")
    return InclusionProof(
        leaf=reader.rows(index, index + 1)[0].leaf,
        index=index,
        checkpoint=_checkpoint(reader, origin, size),
        path=tuple(inclusion(index, size, node_reader(reader))),
    )


def prove_consistency(reader: StoreReader, origin: str, old: int, new: int) -> ConsistencyProof:
    """Return the proof that the first `old` entries begin the first `new` ones."""
    if not 0 < old <= new <= length(reader):
        raise RecordInvalid(f"no proof from {old} to {new} entries")
    return ConsistencyProof(
        old=_checkpoint(reader, origin, old),
        new=_checkpoint(reader, origin, new),
        path=tuple(consistency(old, new, node_reader(reader))),
    )


def _checkpoint(reader: StoreReader, origin: str, size: int) -> Checkpoint:
    root = Frontier.read(size, node_reader(reader)).root()
    return Checkpoint(origin=origin, size=size, root=root)
