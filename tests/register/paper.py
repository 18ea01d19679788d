# SPDX-License-Identifier: EUPL-1.2
"""The three entries of docs/register.md that a person can verify with a pencil and sha256sum.

python -m tests.register.paper      prints them
"""

from __future__ import annotations

from guardrails.register.leaves import Row, digest_of, leaf_data, leaf_hash
from guardrails.register.merkle import Frontier

MOMENTS = ("09:00:00", "09:00:01", "09:00:04")
KINDS = ("intent", "sentence", "outcome")
SEALED = (b"un", b"deux", b"trois")  # stand for the sealed payloads


def rows() -> list[Row]:
    """Return the three entries."""
    return [
        Row(
            index=place,
            at=f"2026-03-02T{MOMENTS[place]}.000000Z",
            kind=KINDS[place],
            exchange="e1",
            public="",
            key=place,
            digest=digest_of(SEALED[place]),
        )
        for place in range(3)
    ]


def worked() -> str:
    """Return the entries, their leaves, the node above the first two, and the root."""
    frontier, parts = Frontier(), []
    for row in rows():
        leaf, *above = frontier.append(leaf_hash(leaf_data(row)))
        parts.append(f"entry {row.index}\n\n{leaf_data(row).decode()}\nleaf {leaf.hex()}\n")
        parts += [f"node {node.hex()}\n" for node in above]
    return "\n".join(parts) + f"\nroot {frontier.root().hex()}\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(worked())
