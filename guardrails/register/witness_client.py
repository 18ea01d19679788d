# SPDX-License-Identifier: EUPL-1.2
"""Asking one witness to cosign one checkpoint (c2sp.org/tlog-witness, `add-checkpoint`).

    submit(place, note, last, prove) ─post▶ 200: its line, checked │ 409: the size that it knows
                                     └ WitnessTroubled(trouble, size): what went wrong

What leaves is the name of the register, its size, its root, its signature, and hashes of the
tree: no entry, no word. What comes back is believed once it is verified, and never longer than
`MAX_ANSWER_BYTES`.
"""

from __future__ import annotations

import base64
import http.client
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from guardrails.errors import RegisterError
from guardrails.register.cosignatures import CosignerKey, answered
from guardrails.register.notes import NoteMalformed, NoteNotSigned, read_note

ADD = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
SIZE = re.compile(r"(0|[1-9][0-9]{0,17})\n")
MAX_ANSWER_BYTES = 1 << 16
DEADLINE_SECONDS = 15.0
TRIES = 4
Prove = Callable[[int], Sequence[bytes]]  # old size -> consistency proof to the checkpoint's


class WitnessTrouble(StrEnum):
    """What can be wrong with a witness, or between it and this register."""

    AWAY = "away"  # cannot be reached, or says that it cannot answer
    LATE = "late"  # did not answer in time
    UNKNOWN = "unknown"  # does not know this register, or the key that signs it now
    REFUSED = "refused"  # refuses what was sent as badly written
    OTHER_HISTORY = "other_history"  # says that this is not the history that it saw
    AHEAD = "ahead"  # says that it saw more entries than there are
    WENT_BACK = "went_back"  # says that it saw fewer than it cosigned
    MALFORMED = "malformed"  # answers what cannot be read
    FORGED = "forged"  # signed something else, or with another key


class WitnessTroubled(RegisterError):
    """A witness did not cosign; `size` is what it says to know, where that matters."""

    def __init__(self, trouble: WitnessTrouble, size: int = 0) -> None:
        super().__init__(trouble.value)
        self.trouble, self.size = trouble, size


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessPlace:
    """Where a witness answers (its submission prefix), and by what key it is known."""

    address: str
    key: CosignerKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    kind: str
    body: str


Post = Callable[[str, bytes], Reply]


def submit(place: WitnessPlace, note: str, last: int, prove: Prove, post: Post) -> tuple[str, int]:
    """Return the line by which the witness cosigned, and the moment that it says.

    `last` is the longest size that this register holds a cosignature of this witness for.
    """
    size, old = read_note(note).checkpoint.size, last
    for _ in range(TRIES):
        reply = post(place.address, request(old, prove(old) if old else (), note))
        if reply.status == http.client.OK:
            return _cosigned(place, note, reply)
        known = _known(reply)
        if known > size:
            raise WitnessTroubled(WitnessTrouble.AHEAD, known)
        if known < last:
            raise WitnessTroubled(WitnessTrouble.WENT_BACK, known)
        if known == old:  # it agrees on the size, and still refuses
            raise WitnessTroubled(WitnessTrouble.OTHER_HISTORY, known)
        old = known
    raise WitnessTroubled(WitnessTrouble.MALFORMED)


def request(old: int, path: Sequence[bytes], note: str) -> bytes:
    """Return the body of a request."""
    lines = [f"old {old}", *(base64.b64encode(hash_).decode() for hash_ in path), "", note]
    return "\n".join(lines).encode()


def _cosigned(place: WitnessPlace, note: str, reply: Reply) -> tuple[str, int]:
    try:
        return answered(note, reply.body, place.key)
    except NoteNotSigned:
        raise WitnessTroubled(WitnessTrouble.FORGED) from None
    except NoteMalformed:
        raise WitnessTroubled(WitnessTrouble.MALFORMED) from None


def _known(reply: Reply) -> int:
    """Return the size that the witness says to know; WitnessTroubled for any other refusal."""
    match reply.status:
        case 409 if reply.kind.partition(";")[0].strip() == SIZE_TYPE:
            if found := SIZE.fullmatch(reply.body):
                return int(found[1])
            raise WitnessTroubled(WitnessTrouble.MALFORMED)
        case 409 | 422:
            raise WitnessTroubled(WitnessTrouble.OTHER_HISTORY)
        case 403 | 404:
            raise WitnessTroubled(WitnessTrouble.UNKNOWN)
        case status if 400 <= status < 500:
            raise WitnessTroubled(WitnessTrouble.REFUSED)
        case status if status >= 500:
            raise WitnessTroubled(WitnessTrouble.AWAY)
        case _:
            raise WitnessTroubled(WitnessTrouble.MALFORMED)


def post(address: str, body: bytes) -> Reply:
    """Send a request to a witness; WitnessTroubled if it is away or late. Nothing is followed
    elsewhere, and by https a certificate must say who answers."""
    parts, end = urlsplit(address), time.monotonic() + DEADLINE_SECONDS
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=DEADLINE_SECONDS)
    try:
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        connection.request("POST", f"{parts.path.rstrip('/')}/{ADD}", body, headers)
        response = connection.getresponse()
        content = b""
        while len(content) <= MAX_ANSWER_BYTES and (piece := response.read1(4096)):
            content += piece
            if time.monotonic() > end:
                raise WitnessTroubled(WitnessTrouble.LATE)
    except TimeoutError:
        raise WitnessTroubled(WitnessTrouble.LATE) from None
    except (OSError, http.client.HTTPException, ValueError):
        raise WitnessTroubled(WitnessTrouble.AWAY) from None
    finally:
        connection.close()
    if len(content) > MAX_ANSWER_BYTES:
        raise WitnessTroubled(WitnessTrouble.MALFORMED)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise WitnessTroubled(WitnessTrouble.MALFORMED) from None
    return Reply(status=response.status, kind=response.headers.get("Content-Type", ""), body=text)
