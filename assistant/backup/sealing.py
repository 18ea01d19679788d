# SPDX-License-Identifier: EUPL-1.2
"""An encrypted stream in chunks: a change, a cut or another order is seen, and where it starts.

    header   magic, format, kind, salt, nonce prefix; its HMAC-SHA256
    chunks   AES-256-GCM; nonce = prefix (7), number of the chunk (4), 1 for the last one (1)

scrypt turns the passphrase into two keys, one for the header, one for the chunks. So a wrong
passphrase is told from a changed file, and the last chunk of a file that was cut does not open.
The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, 2015), as age uses it.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from assistant.backup.manifest import Kind
from assistant.errors import UserError

MAGIC = b"greffier-backup"
FORMAT = 1
SALT_BYTES, PREFIX_BYTES, MAC_BYTES, TAG_BYTES = 16, 7, 32, 16
HEADER_BYTES = len(MAGIC) + 2 + SALT_BYTES + PREFIX_BYTES
KINDS = {Kind.DATA: b"D", Kind.KEYS: b"K"}
CHUNK_BYTES = 1 << 20
SCRYPT_N = 1 << 17
"""128 MiB to try one passphrase. Fixed by the format: a file cannot ask for less, nor for more."""


class Sealer:
    """Encrypts what is written to it; nothing of it opens before `finish`."""

    def __init__(self, out: BinaryIO, kind: Kind, passphrase: str) -> None:
        salt, self._prefix = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(PREFIX_BYTES)
        header = MAGIC + bytes([FORMAT]) + KINDS[kind] + salt + self._prefix
        self._cipher, mac = _keys(passphrase, header)
        self._out, self._waiting, self._number = out, bytearray(), 0
        out.write(header + mac)

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:  # the last chunk is told apart: one is held back
            self._chunk(bytes(self._waiting[:CHUNK_BYTES]), is_last=False)
            del self._waiting[:CHUNK_BYTES]

    def finish(self) -> None:
        self._chunk(bytes(self._waiting), is_last=True)

    def _chunk(self, data: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, is_last=is_last)
        self._out.write(self._cipher.encrypt(nonce, data, None))
        self._number += 1


class Unsealer:
    """Decrypts a stream; each byte that it gives was authenticated first."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        header = source.read(HEADER_BYTES)
        kind_in(header)
        self._cipher, mac = _keys(passphrase, header)
        if not hmac.compare_digest(source.read(MAC_BYTES), mac):
            raise UserError("backup_not_opened")
        self._chunks = _opened(self._cipher, header[-PREFIX_BYTES:], source)
        self._waiting = bytearray()

    def read(self, count: int) -> bytes:
        """Return that many bytes; the file is damaged if it holds fewer."""
        while len(self._waiting) < count:
            chunk = next(self._chunks, None)
            if chunk is None:
                raise UserError("backup_changed")
            self._waiting += chunk
        data = bytes(self._waiting[:count])
        del self._waiting[:count]
        return data

    def end(self) -> None:
        """Check that nothing follows, and that the last chunk is the last that was written."""
        if self._waiting or any(self._chunks):
            raise UserError("backup_changed")


def kind_in(header: bytes) -> Kind:
    """Return what a header announces; UserError if it is none, or one of a newer version."""
    kind = next((k for k, letter in KINDS.items() if letter == header[16:17]), None)
    if not header.startswith(MAGIC) or len(header) < HEADER_BYTES:
        raise UserError("backup_not_one")
    if header[15] > FORMAT:
        raise UserError("backup_too_new")
    if kind is None:
        raise UserError("backup_changed")
    return kind


def _opened(cipher: AESGCM, prefix: bytes, source: BinaryIO) -> Iterator[bytes]:
    """Yield the chunks; the last one says so, whatever the file's end says."""
    sealed = source.read(CHUNK_BYTES + TAG_BYTES)
    number, is_last = 0, False
    while not is_last:
        following = source.read(CHUNK_BYTES + TAG_BYTES)
        is_last = not following
        try:
            yield cipher.decrypt(_nonce(prefix, number, is_last=is_last), sealed, None)
        except InvalidTag:
            raise UserError("backup_changed") from None
        sealed, number = following, number + 1


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def _keys(passphrase: str, header: bytes) -> tuple[AESGCM, bytes]:
    """Return the cipher of the chunks and the header's authenticator."""
    salt = header[-PREFIX_BYTES - SALT_BYTES : -PREFIX_BYTES]
    words = unicodedata.normalize("NFC", passphrase).encode()
    both = Scrypt(salt=salt, length=64, n=SCRYPT_N, r=8, p=1).derive(words)
    return AESGCM(both[:32]), hmac.digest(both[32:], header, "sha256")
