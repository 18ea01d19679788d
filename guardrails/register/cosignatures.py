# SPDX-License-Identifier: EUPL-1.2
"""Cosignatures: a witness says that, at a moment, this was the longest tree of a log it had seen.

    cosign(checkpoint text, name, key, moment) ─▶ a signature line
    cosigned(note, keys) ─▶ {key: moment}      NoteNotSigned if one of these keys is misused

The format is c2sp.org/tlog-cosignature, of Ed25519 keys (signature type 4): eight bytes of
POSIX time, then the signature of `cosignature/v1`, `time T` and the whole note text.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from guardrails.register.notes import (
    SIGNATURE_LINE,
    NoteMalformed,
    NoteNotSigned,
    SignedText,
    key_id,
    read_signed,
    read_vkey,
    vkey,
)

COSIGNATURE = b"\x04"
TIME_BYTES, SIGNATURE_BYTES = 8, 64
MAX_TIME = 253_402_300_799  # the end of the year 9999: no calendar here goes on
MAX_ANSWER_CHARS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignerKey:
    """The public key of a witness with its name."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name, line feed, 4, public key)."""
        return key_id(self.name, COSIGNATURE, self.public)

    def __str__(self) -> str:
        return vkey(self.name, COSIGNATURE, self.public)

    @classmethod
    def read(cls, text: str) -> CosignerKey:
        """Read `name+id+base64`; NoteMalformed if it is not the key of a witness."""
        name, public = read_vkey(text, COSIGNATURE)
        return cls(name=name, public=public)

    def moment(self, text: str, signature: bytes) -> int | None:
        """Return when this key cosigned the text, in POSIX seconds; None if it did not."""
        time = int.from_bytes(signature[:TIME_BYTES])
        if len(signature) != TIME_BYTES + SIGNATURE_BYTES or time > MAX_TIME:
            return None
        try:
            public = Ed25519PublicKey.from_public_bytes(self.public)
            public.verify(signature[TIME_BYTES:], _message(text, time))
        except (InvalidSignature, ValueError):
            return None
        return time


def cosigner_of(name: str, private: Ed25519PrivateKey) -> CosignerKey:
    """Return the public side of a witness's key."""
    return CosignerKey(name=name, public=private.public_key().public_bytes_raw())


def cosign(text: str, name: str, private: Ed25519PrivateKey, time: int) -> str:
    """Return the signature line, with its line feed, of a checkpoint's text."""
    stamped = time.to_bytes(TIME_BYTES) + private.sign(_message(text, time))
    encoded = base64.b64encode(cosigner_of(name, private).id + stamped).decode()
    return f"— {name} {encoded}\n"


def cosigned(note: SignedText, keys: Iterable[CosignerKey]) -> dict[CosignerKey, int]:
    """Return which of these keys cosigned a note, and when last; NoteNotSigned if a signature
    bears the name and the id of one of them and is not its own."""
    known = {(key.name, key.id): key for key in keys}
    found: dict[CosignerKey, int] = {}
    for name, id_, signature in note.signatures:
        if (key := known.get((name, id_))) is None:
            continue
        time = key.moment(note.text, signature)
        if time is None:
            raise NoteNotSigned(name)
        found[key] = max(time, found.get(key, 0))
    return found


def answered(note: str, answer: str, key: CosignerKey) -> tuple[str, int]:
    """Return the line by which a witness cosigned a note, out of its answer, and the moment.

    NoteMalformed if the answer is not made of signature lines, NoteNotSigned if none of them is
    of this key, or one of them is false. Lines of other keys are left out.
    """
    lines = answer.splitlines(keepends=True)
    if len(answer) > MAX_ANSWER_CHARS or not lines or not all(map(_is_line, lines)):
        raise NoteMalformed("the answer is not made of signature lines")
    text = read_signed(note, max_chars=len(note)).text
    both = read_signed(f"{text}\n{answer}", max_chars=len(text) + len(answer) + 1)
    moments = cosigned(both, [key])
    if key not in moments:
        raise NoteNotSigned(key.name)
    for line, (name, id_, signature) in zip(lines, both.signatures, strict=True):
        if (name, id_) == (key.name, key.id) and key.moment(text, signature) == moments[key]:
            return line, moments[key]
    raise NoteNotSigned(key.name)


def _is_line(line: str) -> bool:
    return line.endswith("\n") and SIGNATURE_LINE.fullmatch(line[:-1]) is not None


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
