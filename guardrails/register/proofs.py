# SPDX-License-Identifier: EUPL-1.2
"""Proofs that can be handed over with the checkpoint that they lead to."""

from __future__ import annotations

from dataclasses import dataclass

from guardrails.register.merkle import extends, includes
from guardrails.register.notes import Checkpoint


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
