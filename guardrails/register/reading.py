# SPDX-License-Identifier: EUPL-1.2
"""From rows back to entries: decrypted where the key is still there."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag

from guardrails.errors import RegisterTampered
from guardrails.register.keys import Keyring
from guardrails.register.leaves import Row, moment_of
from guardrails.register.puncture import KeyForgotten
from guardrails.register.records import Entry, Kind
from guardrails.register.store import StoreReader


def decrypted(keyring: Keyring, reader: StoreReader, rows: Sequence[Row]) -> list[Entry]:
    """Return the entries of rows; RegisterTampered if a payload is not the sealed one."""
    sealed = reader.sealed([row.index for row in rows])
    return [_entry(keyring, row, sealed.get(row.index)) for row in rows]


def _entry(keyring: Keyring, row: Row, sealed: bytes | None) -> Entry:
    body: dict[str, object] | None = None
    if sealed is not None:
        try:
            body = json.loads(keyring.unseal(row.key, sealed))
        except KeyForgotten:
            body = None  # an old copy of the data brought it back, without its key
        except InvalidTag:
            raise RegisterTampered(f"the payload of entry {row.index} was changed") from None
    try:
        at, kind = moment_of(row.at), Kind(row.kind)
        public = json.loads(row.public or "{}")
    except ValueError:
        raise RegisterTampered(f"entry {row.index} was changed") from None
    payload = {} if body is None else body["payload"]
    if not isinstance(payload, dict) or not isinstance(public, dict):
        raise RegisterTampered(f"entry {row.index} was changed")
    return Entry(
        index=row.index,
        at=at,
        kind=kind,
        exchange=row.exchange,
        leaf=row.leaf,
        public=public,
        erased=body is None,
        actor="" if body is None else str(body["actor"]),
        role="" if body is None else str(body["role"]),
        payload=payload,
    )
