# SPDX-License-Identifier: EUPL-1.2
"""How a register names the keys that sign it: a chain from its first entry on.

    entry 0: key A ─▶ entry n: key B, signed by A ─▶ …

A checkpoint of `size` entries is signed by the key named last before `size`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guardrails.register.notes import NoteMalformed, VerifierKey, key_of

if TYPE_CHECKING:  # the verifier does without what writes
    from guardrails.register.records import JsonValue


def founding(key: VerifierKey) -> dict[str, JsonValue]:
    """What the first entry says."""
    return {"key": str(key)}


def handover(origin: str, old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> dict[str, JsonValue]:
    """What the entry of a new key says: the key, and that the old one vouches for it."""
    key = str(key_of(origin, new))
    return {"key": key, "by": base64.b64encode(old.sign(key.encode())).decode()}


class KeyForged(ValueError):
    """A key entry is not vouched for by the key before it."""


def successors(kept: Iterable[VerifierKey], statements: Iterable[str]) -> list[VerifierKey]:
    """Return the keys that were kept elsewhere, and those to which they handed over.

    `statements` are the public parts of KEY entries, the oldest first, from whoever hands them
    over: what counts is the signature in them. One that no trusted key made adds nothing.
    """
    trusted = list(kept)
    for statement in statements:
        try:
            key, voucher = _named(statement)
        except KeyForged:
            continue
        if any(key.name == k.name and k.verifies(voucher, str(key).encode()) for k in trusted):
            trusted.append(key)
    return trusted


def _named(public: str) -> tuple[VerifierKey, bytes]:
    """Return the key that a KEY entry names, and the signature that vouches for it."""
    try:
        value: Mapping[str, object] = json.loads(public)
        key = VerifierKey.read(str(value["key"]))
        return key, base64.b64decode(str(value.get("by", "")), validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, NoteMalformed):
        raise KeyForged from None


@dataclass(slots=True)
class KeyChain:
    """The keys of a register in order, each with the place of its entry."""

    keys: list[tuple[int, VerifierKey]] = field(default_factory=list)

    def add(self, index: int, public: str) -> None:
        """Take up a KEY entry; KeyForged if nothing vouches for it."""
        key, voucher = _named(public)
        if self.keys:
            before = self.keys[-1][1]
            if key.name != before.name or not before.verifies(voucher, str(key).encode()):
                raise KeyForged
        elif index != 0:
            raise KeyForged
        self.keys.append((index, key))

    @property
    def origin(self) -> str:
        """The name of the register, which its first key bears."""
        return self.keys[0][1].name if self.keys else ""

    def in_force(self, size: int) -> list[VerifierKey]:
        """The key that signs a checkpoint of `size` entries, in a list; empty if there is none."""
        return [key for index, key in self.keys if index < size][-1:]
