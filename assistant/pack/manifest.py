# SPDX-License-Identifier: EUPL-1.2
"""What a pack says of itself: a signed note, first in its archive.

    greffier/pack/v1
    {"count":2,"licence":"…","month":"2026-11","name":"service-public","source":"…"}
    SHA-256  F1342.json
    SHA-256  F14929.json

    — key's name and signature      (c2sp.org/signed-note)

opened(archive, keys) ─▶ Manifest, Signer │ UserError: why not
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.errors import UserError
from corpus.readers.archive import MAX_MEMBERS, MAX_UNFOLDED_BYTES
from guardrails.register.leaves import canonical
from guardrails.register.notes import NoteMalformed, NoteNotSigned, VerifierKey, read_signed

FORM = "greffier/pack/v1"
NOTE = ".pack"
"""Its name in the archive: what reads the guides leaves names that begin so alone."""

MAX_NOTE_BYTES = 8_000_000
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
WORDS = re.compile(r"[^\x00-\x1f\x7f]{1,200}")
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]*"
PATH = re.compile(rf"(?=.{{1,200}}$)(?:{_PART}/)*{_PART}\.(?:xml|json)")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_HEADER = struct.Struct("<4s5H3I2H")
"""How a member of a ZIP begins: signature, version, flags, method, time, date, CRC, sizes, how long
what follows is: its name, and more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A pack's name, month (`2026-11`), licence, source, and the SHA-256 of each guide by path."""

    name: str
    month: str
    licence: str
    source: str
    guides: Mapping[str, str]

    @property
    def text(self) -> str:
        """What is signed."""
        said = {
            "name": self.name, "month": self.month, "licence": self.licence,
            "source": self.source, "count": len(self.guides),
        }  # fmt: skip
        lines = (f"{digest}  {path}" for path, digest in sorted(self.guides.items()))
        return "\n".join((FORM, canonical(said), *lines)) + "\n"

    @property
    def file(self) -> str:
        """How its archive is called where it is looked for."""
        return f"{self.name}-{self.month}.zip"

    @classmethod
    def read(cls, text: str) -> Manifest:
        """Read what was signed; UserError for what no pack says, whoever signed it."""
        form, _, rest = text.partition("\n")
        about, _, lines = rest.partition("\n")
        found = [_LINE.fullmatch(line) for line in lines.split("\n")[:-1]]
        if form != FORM:
            raise UserError("pack_none")
        if len(found) > MAX_MEMBERS:
            raise UserError("pack_too_large")
        guides = {line[2]: line[1] for line in found if line}
        if not all(PATH.fullmatch(path) for path in guides):
            raise UserError("pack_path")
        try:
            said = json.loads(about)
            count = said.pop("count")
            manifest = cls(guides=guides, **said)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UserError("pack_manifest") from error
        if not guides or not count == len(found) == len(guides) or manifest.text != text:
            raise UserError("pack_manifest")
        manifest.check()
        return manifest

    def check(self) -> None:
        """Raise UserError for a name, a month or words that no pack has."""
        for value, form in (
            (self.name, NAME), (self.month, MONTH), (self.licence, WORDS), (self.source, WORDS),
        ):  # fmt: skip
            if not isinstance(value, str) or not form.fullmatch(value):
                raise UserError("pack_manifest")


def opened(archive: Path, keys: Sequence[VerifierKey]) -> tuple[Manifest, VerifierKey]:
    """Return what a pack says, and which of the keys signed it; nothing else of it is read.

    UserError: it is no pack, it is too large, no key of ours signed it, a signature is false.
    """
    with archive.open("rb") as file:
        note = _note(file)
    try:
        signed = read_signed(note, max_chars=MAX_NOTE_BYTES)
    except NoteMalformed as error:
        raise UserError("pack_unsigned") from error
    known = {(key.name, key.id) for key in keys}
    if not any((name, id_) in known for name, id_, _ in signed.signatures):
        raise UserError("pack_other_key")
    try:
        signer = signed.opened_by(keys)
    except NoteNotSigned as error:
        raise UserError("pack_false") from error
    return Manifest.read(signed.text), signer


def _note(file: BinaryIO) -> str:
    if file.seek(0, 2) > MAX_UNFOLDED_BYTES:
        raise UserError("pack_too_large")
    file.seek(0)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size:
        raise UserError("pack_none")
    start, _, _, method, _, _, _, size, _, name_bytes, more_bytes = _HEADER.unpack(head)
    name = file.read(name_bytes)
    if start != b"PK\x03\x04" or name != NOTE.encode() or method:
        raise UserError("pack_none")
    file.seek(more_bytes, 1)
    data = file.read(size) if size <= MAX_NOTE_BYTES else b""
    if not data or len(data) < size:
        raise UserError("pack_broken")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UserError("pack_unsigned") from error


def fingerprint(key: VerifierKey) -> str:
    """Return what a key is known by in the register: SHA-256 of its public side."""
    return hashlib.sha256(key.public).hexdigest()
