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
from guardrails.register.selection import Selection
from guardrails.register.store import StoreReader


def decrypted(keyring: Keyring, reader: StoreReader, rows: Sequence[Row]) -> list[Entry]:
    """Return the entries of rows; RegisterTampered if a payload is not the sealed one."""
    sealed = reader.sealed([row.index for row in rows])
    return [_entry(keyring, row, sealed.get(row.index)) for row in rows]


class Choice:
    """A selection under way: what was found of an exchange is remembered."""

    def __init__(self, keyring: Keyring, selection: Selection) -> None:
        self._keyring, self._selection = keyring, selection
        self._exchanges: dict[str, bool] = {}

    def of(self, reader: StoreReader, rows: Sequence[Row]) -> list[Entry]:
        """Return the entries that fit; the payloads of the others are not decrypted."""
        framed = [row for row in rows if self._selection.frames(row)]
        entries = decrypted(self._keyring, reader, framed)
        return [entry for entry in entries if self._concerns(entry, reader)]

    def _concerns(self, entry: Entry, reader: StoreReader) -> bool:
        if not self._selection.needs_exchange:
            return True
        if not entry.exchange:
            return self._selection.concerns([entry])
        if entry.exchange not in self._exchanges:
            whole = decrypted(self._keyring, reader, reader.exchange(entry.exchange))
            self._exchanges[entry.exchange] = self._selection.concerns(whole)
        return self._exchanges[entry.exchange]


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
