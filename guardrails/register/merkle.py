# SPDX-License-Identifier: EUPL-1.2
"""The hash tree of RFC 9162, section 2.1: leaves, root, proofs.

    leaf data ──leaf_hash──▶ leaf ──Frontier.append──▶ the nodes that it completes
                                                         │
    root, inclusion, consistency ◀──node(level, position)┘

A node covers 2**level leaves, the first of which is position * 2**level. Only
complete nodes are stored: the ragged right edge is computed when asked.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence

HASH_BYTES = 32
Node = Callable[[int, int], bytes]  # (level, position) -> hash


def leaf_hash(data: bytes) -> bytes:
    """Return SHA-256 of a zero byte and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256 of a one byte and the two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY_ROOT = hashlib.sha256(b"").digest()


class Frontier:
    """The right edge of a growing tree: one complete node for each one bit of its size."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)  # from the widest to the narrowest
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"{size.bit_count()} peaks expected for {size} leaves")

    @classmethod
    def read(cls, size: int, node: Node) -> Frontier:
        """Take the edge of a tree that is already stored."""
        return cls(size, (node(level, position) for level, position in peaks_of(size)))

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf; return it and each node that it completes, from the bottom up."""
        completed = [leaf]
        rest = self.size
        while rest & 1:
            completed.append(node_hash(self.peaks.pop(), completed[-1]))
            rest >>= 1
        self.peaks.append(completed[-1])
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the hash of the whole tree."""
        return _fold(self.peaks)

    def copy(self) -> Frontier:
        """Return a frontier that grows on its own."""
        return Frontier(self.size, self.peaks)


def peaks_of(size: int) -> list[tuple[int, int]]:
    """Return (level, position) of each complete node at the edge, the widest first."""
    peaks, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            peaks.append((level, start >> level))
            start += 1 << level
    return peaks


def root(size: int, node: Node) -> bytes:
    """Return the root of the first `size` leaves."""
    return _fold([node(level, position) for level, position in peaks_of(size)])


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Return the proof that leaf `index` is in the tree of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"no entry {index} in a tree of {size}")
    proof: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            proof.append(_range_hash(middle, stop, node))
            stop = middle
        else:
            proof.append(_range_hash(start, middle, node))
            start = middle
    return proof[::-1]


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is the beginning of that of `new`."""
    if not 0 < old <= new:
        raise ValueError(f"no proof from {old} to {new} entries")
    proof: list[bytes] = []
    start, stop = 0, new
    while old != stop:
        middle = start + _split(stop - start)
        if old <= middle:
            proof.append(_range_hash(middle, stop, node))
            stop = middle
        else:
            proof.append(_range_hash(start, middle, node))
            start = middle
    if start:  # the old tree is not a node that the verifier already holds
        proof.append(_range_hash(start, stop, node))
    return proof[::-1]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_: bytes) -> bool:
    """Tell whether the proof shows the leaf at `index` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        if not last:
            return False
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            computed = node_hash(computed, sibling)
        position >>= 1
        last >>= 1
    return not last and hmac.compare_digest(computed, root_)


def extends(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the proof shows that `old` leaves begin `new` leaves (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and hmac.compare_digest(old_root, new_root)
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position >>= 1
        last >>= 1
    first = second = path[0]
    for sibling in path[1:]:
        if not last:
            return False
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            second = node_hash(second, sibling)
        position >>= 1
        last >>= 1
    return (
        not last and hmac.compare_digest(first, old_root) and hmac.compare_digest(second, new_root)
    )


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(start: int, stop: int, node: Node) -> bytes:
    """Hash of leaves start to stop, where start is a multiple of the power of two above."""
    return _fold([node(level, position) for level, position in _cover(start, stop)])


def _cover(start: int, stop: int) -> list[tuple[int, int]]:
    nodes = []
    for level, position in peaks_of(stop - start):
        nodes.append((level, (start >> level) + position))
    return nodes


def _fold(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    computed = peaks[-1]
    for peak in reversed(peaks[:-1]):
        computed = node_hash(peak, computed)
    return computed
