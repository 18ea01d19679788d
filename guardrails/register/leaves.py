# SPDX-License-Identifier: EUPL-1.2
"""One line of the register as the tree sees it, and the words of its file format.

    Row ──leaf_data──▶ eight lines of text ──leaf_hash──▶ the leaf

Leaf data is plain text so that a person can write it down and hash it with
`sha256sum`. It holds no personal data: who asked and what was said are in the
sealed payload, of which the leaf knows only the SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from guardrails.register.merkle import HASH_BYTES, leaf_hash

FORMAT = "greffier-register/1"
SCHEMA_VERSION = 1
APPLICATION_ID = 0x47524546  # "GREF"
DATABASE = "register.sqlite3"
EXCHANGE = re.compile(r"[0-9A-Za-z_-]{0,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the register without its payload.

    `public` is canonical JSON that the register itself writes (numbers, keys,
    never words of a person); `key` is the number of the payload's key; `digest`
    is the SHA-256 of the sealed payload; `tree` is the leaf, then each node that
    it completes, 32 bytes each.
    """

    index: int
    at: str
    kind: str
    exchange: str
    public: str
    key: int
    digest: bytes
    tree: bytes = b""

    @property
    def leaf(self) -> bytes:
        """The leaf as stored, which is the leaf as computed unless the row was changed."""
        return self.tree[:HASH_BYTES]


def leaf_data(row: Row) -> bytes:
    """Return the text that the leaf commits to.

    >>> row = Row(index=2, at="2026-01-02T03:04:05.000000Z", kind="outcome", exchange="a1",
    ...           public="", key=2, digest=bytes(32))
    >>> print(leaf_data(row).decode(), end="")
    greffier-register/1
    2
    2026-01-02T03:04:05.000000Z
    outcome
    a1
    <BLANKLINE>
    2
    0000000000000000000000000000000000000000000000000000000000000000
    """
    lines = (
        FORMAT, str(row.index), row.at, row.kind, row.exchange, row.public, str(row.key),
        row.digest.hex(),
    )  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def leaf_of(row: Row) -> bytes:
    """Return the leaf that the row ought to have."""
    return leaf_hash(leaf_data(row))


def digest_of(sealed: bytes) -> bytes:
    """Return the SHA-256 of a sealed payload."""
    return hashlib.sha256(sealed).digest()


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def stamp(moment: datetime) -> str:
    """Return a moment as the register writes it: UTC, microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    """Read a moment back; ValueError if it is not written as the register writes it."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if stamp(moment) != text:
        raise ValueError(f"not a moment of the register: {text!r}")
    return moment
