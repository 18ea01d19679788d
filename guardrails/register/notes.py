# SPDX-License-Identifier: EUPL-1.2
"""Signed checkpoints: C2SP signed notes whose text is a tree's origin, size and root.

    Checkpoint(origin, size, root) ──sign──▶ note text ──read_note──▶ Note
                                                 │
                                  opened_by(verifier keys) ──▶ the key that signed

A note is text, an empty line, then lines `— name base64(key id, signature)`.
The formats are those of c2sp.org/signed-note and c2sp.org/tlog-checkpoint, so
that other programs than this one can read them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from guardrails.errors import RegisterError
from guardrails.register.merkle import HASH_BYTES

ED25519 = b"\x01"
MAX_NOTE_CHARS = 100_000
MAX_SIGNATURES = 100
SECRET = "PRIVATE+KEY+"
NAME = re.compile(r"[^\s+]+")
SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")


ORIGIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~-]+)*")
MAX_ORIGIN_CHARS = 255


class NoteMalformed(RegisterError):
    """A checkpoint or a key is not written as the format asks."""


class NoteNotSigned(RegisterError):
    """No known key signed this checkpoint, or a signature is false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with its name; its text form can be printed and kept."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name, line feed, 1, public key)."""
        return key_id(self.name, ED25519, self.public)

    def __str__(self) -> str:
        return vkey(self.name, ED25519, self.public)

    @classmethod
    def read(cls, text: str) -> VerifierKey:
        """Read `name+id+base64`; NoteMalformed if the id is not that of the key."""
        name, public = read_vkey(text, ED25519)
        return cls(name=name, public=public)

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Tell whether this key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How long a register was, and the root of its tree then."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedText:
    """A signed note as read, with signatures not yet checked: (name, key id, signature)."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def opened_by(self, keys: Iterable[VerifierKey]) -> VerifierKey:
        """Return the first known key that signed; NoteNotSigned if none did or one is false."""
        known = {(key.name, key.id): key for key in keys}
        signer = None
        for name, id_, signature in self.signatures:
            key = known.get((name, id_))
            if key is None:
                continue
            if not key.verifies(signature, self.text.encode()):
                raise NoteNotSigned(f"the signature of key {id_.hex()} on the checkpoint is false")
            signer = signer or key
        if signer is None:
            raise NoteNotSigned("the checkpoint is signed by no key of this register")
        return signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(SignedText):
    """A checkpoint as read, with signatures not yet checked."""

    checkpoint: Checkpoint


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """Return the four bytes by which a signature tells its key: of a name, of a kind."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def vkey(name: str, kind: bytes, public: bytes) -> str:
    """Return a public key as text, `name+id+base64`."""
    encoded = base64.b64encode(kind + public).decode()
    return f"{name}+{key_id(name, kind, public).hex()}+{encoded}"


def read_vkey(text: str, kind: bytes) -> tuple[str, bytes]:
    """Return name and public key of an Ed25519 key of that kind; NoteMalformed if it is none."""
    name, _, rest = text.strip().partition("+")
    id_text, _, encoded = rest.partition("+")
    raw = _decoded(encoded)
    if not NAME.fullmatch(name) or raw[:1] != kind or len(raw) != 33:
        raise NoteMalformed("this is not an Ed25519 verifier key (name+id+base64) of this use")
    if key_id(name, kind, raw[1:]).hex() != id_text:
        raise NoteMalformed("the verifier key does not match its own id: mistyped?")
    return name, raw[1:]


def skey(name: str, private: Ed25519PrivateKey) -> str:
    """Return a private key as text, as programs that sign notes keep it in a file."""
    id_ = key_of(name, private).id.hex()
    encoded = base64.b64encode(ED25519 + private.private_bytes_raw()).decode()
    return f"{SECRET}{name}+{id_}+{encoded}"


def read_skey(text: str) -> tuple[str, Ed25519PrivateKey]:
    """Return the name and the key of such a text; NoteMalformed if it is none."""
    name, _, rest = text.strip().removeprefix(SECRET).partition("+")
    id_text, _, encoded = rest.partition("+")
    raw = _decoded(encoded)
    if not text.startswith(SECRET) or not is_origin(name) or raw[:1] != ED25519 or len(raw) != 33:
        raise NoteMalformed("this is not a private key for signing notes")
    private = Ed25519PrivateKey.from_private_bytes(raw[1:])
    if key_of(name, private).id.hex() != id_text:
        raise NoteMalformed("the private key does not match its own id: cut short?")
    return name, private


def is_origin(text: str) -> bool:
    """Whether a register may be called so: a URL without scheme, in plain characters, which are
    also those of a key's name.

    >>> is_origin("registre.mairie.example/greffier"), is_origin("https://mairie.example")
    (True, False)
    """
    return len(text) <= MAX_ORIGIN_CHARS and ORIGIN.fullmatch(text) is not None


def key_of(name: str, private: Ed25519PrivateKey) -> VerifierKey:
    """Return the public side of a private key."""
    return VerifierKey(name=name, public=private.public_key().public_bytes_raw())


def sign(checkpoint: Checkpoint, privates: Iterable[Ed25519PrivateKey]) -> str:
    """Return the signed note of a checkpoint, one signature line a key."""
    return sign_text(checkpoint.text, checkpoint.origin, privates)


def sign_text(text: str, name: str, privates: Iterable[Ed25519PrivateKey]) -> str:
    """Return text that ends with a line feed as a signed note."""
    lines = []
    for private in privates:
        key = key_of(name, private)
        signature = base64.b64encode(key.id + private.sign(text.encode())).decode()
        lines.append(f"— {key.name} {signature}\n")
    return text + "\n" + "".join(lines)


def read_note(note: str) -> Note:
    """Read a signed checkpoint; NoteMalformed if it is not one. Signatures are not checked."""
    signed = read_signed(note, max_chars=MAX_NOTE_CHARS)
    return Note(checkpoint=_checkpoint(signed.text), text=signed.text, signatures=signed.signatures)


def read_signed(note: str, *, max_chars: int) -> SignedText:
    """Take a signed note apart; NoteMalformed if it is not one. Signatures are not checked."""
    if any(letter < " " and letter != "\n" for letter in note):
        raise NoteMalformed("a signed note holds no control characters")
    text, gap, signed = note.rpartition("\n\n")
    lines = signed.split("\n")
    if not gap or len(note) > max_chars or lines.pop() or not 0 < len(lines) <= MAX_SIGNATURES:
        raise NoteMalformed("this is not a signed checkpoint")
    signatures = []
    for line in lines:
        match = SIGNATURE_LINE.fullmatch(line)
        raw = _decoded(match[2]) if match else b""
        if match is None or len(raw) < 5:
            raise NoteMalformed("a signature line of the checkpoint is malformed")
        signatures.append((match[1], raw[:4], raw[4:]))
    return SignedText(text=text + "\n", signatures=tuple(signatures))


def _checkpoint(text: str) -> Checkpoint:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines) or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise NoteMalformed("the checkpoint does not hold an origin, a size and a root")
    root = _decoded(lines[2])
    if len(root) != HASH_BYTES:
        raise NoteMalformed("the root of the checkpoint is not a SHA-256")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def _decoded(text: str) -> bytes:
    """Read base64 that is written in its one way, so that two texts are never one note."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteMalformed("a part of the checkpoint or key is not base64") from None
    if base64.b64encode(value).decode() != text:
        raise NoteMalformed("a part of the checkpoint or key is not base64 as it is to be written")
    return value
