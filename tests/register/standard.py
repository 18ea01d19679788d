# SPDX-License-Identifier: EUPL-1.2
"""A verifier and a log written from the texts of the standards alone; it imports nothing of ours.

c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-witness; RFC 6962, 2.1.
Recursive where ours is iterative, so that a slip in one is not the slip of the other.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + public)[:4]


def vkey(name: str, kind: int, public: bytes) -> str:
    return f"{name}+{key_id(name, kind, public).hex()}+{encoded(bytes([kind]) + public)}"


def parsed_vkey(text: str) -> tuple[str, int, bytes]:
    name, id_, rest = text.split("+", 2)
    raw = base64.b64decode(rest)
    assert key_id(name, raw[0], raw[1:]).hex() == id_
    return name, raw[0], raw[1:]


def opened(note: bytes, key: str) -> tuple[bytes, int]:
    """Return the text of a note that this key signed or cosigned, and the time of a cosignature.

    ValueError if it did not sign; InvalidSignature if a signature of its name and id is false.
    """
    name, kind, public = parsed_vkey(key)
    text, _, signatures = note.rpartition(b"\n\n")
    text += b"\n"
    for line in signatures.decode().splitlines():
        dash, signer, blob = line.split(" ")
        raw = base64.b64decode(blob)
        if (dash, signer, raw[:4]) != ("—", name, key_id(name, kind, public)):
            continue
        time, message, signature = 0, text, raw[4:]
        if kind == 4:
            time, signature = int.from_bytes(raw[4:12], "big"), raw[12:]
            message = f"cosignature/v1\ntime {time}\n".encode() + text
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        return text, time
    raise ValueError("this key did not sign")


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root to which an audit path leads (RFC 6962, 2.1.1), read from its last node."""
    if size == 1:
        if path or index:
            raise ValueError("the path is too long")
        return leaf
    half = 1
    while half * 2 < size:
        half *= 2
    if not path:
        raise ValueError("the path is too short")
    rest, sibling = path[:-1], path[-1]
    if index < half:
        return sha256(b"\x01" + root_from(leaf, index, half, rest) + sibling)
    return sha256(b"\x01" + sibling + root_from(leaf, index - half, size - half, rest))


def proven(proof: str, key: str) -> tuple[int, bytes]:
    """Return the place and the entry of a proof whose checkpoint this key signed; the entry stands
    in `extra`. ValueError if it does not hold."""
    head, _, note = proof.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra "):
        raise ValueError("not a proof that carries its entry")
    entry = base64.b64decode(lines[1][6:])
    index = int(lines[2].removeprefix("index "))
    text, _ = opened(note.encode(), key)
    origin, size, root = text.decode().splitlines()[:3]
    if origin != parsed_vkey(key)[0]:
        raise ValueError("another log")
    path = [base64.b64decode(line) for line in lines[3:]]
    if encoded(root_from(sha256(b"\x00" + entry), index, int(size), path)) != root:
        raise ValueError("the path does not lead to the root")
    return index, entry


def tree_hash(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + tree_hash(leaves[:half]) + tree_hash(leaves[half:]))


def consistency(old: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    """PROOF(old, D) of RFC 6962, 2.1.2."""
    if old == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    if old <= half:
        return [*consistency(old, leaves[:half], whole=whole), tree_hash(leaves[half:])]
    return [*consistency(old - half, leaves[half:], whole=False), tree_hash(leaves[:half])]


@dataclass
class Log:
    """A log of somebody else's."""

    origin: str
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    leaves: list[bytes] = field(default_factory=list)

    @property
    def key(self) -> str:
        return vkey(self.origin, 1, self.private.public_key().public_bytes_raw())

    def add(self, *entries: bytes) -> None:
        self.leaves += [sha256(b"\x00" + entry) for entry in entries]

    def checkpoint(self, size: int | None = None) -> str:
        leaves = self.leaves[:size]
        text = f"{self.origin}\n{len(leaves)}\n{encoded(tree_hash(leaves))}\n"
        public = self.private.public_key().public_bytes_raw()
        signed = key_id(self.origin, 1, public) + self.private.sign(text.encode())
        return f"{text}\n— {self.origin} {encoded(signed)}\n"

    def request(
        self, old: int, size: int | None = None, *, proof: list[bytes] | None = None
    ) -> bytes:
        """The body of `add-checkpoint`."""
        leaves = self.leaves[:size]
        path = consistency(old, leaves) if proof is None and old else proof or []
        lines = [f"old {old}", *map(encoded, path), "", self.checkpoint(size)]
        return "\n".join(lines).encode()
