# SPDX-License-Identifier: EUPL-1.2
"""Verifying a bundle, with nothing but the bundle (see bundles.py for what is in it).

manifest signed ─▶ files unchanged ─▶ checkpoint signed ─▶ each entry: leaf, path, payload
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Sequence, Set
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guardrails.register.audit import Broken
from guardrails.register.leaves import Row, canonical, digest_of, leaf_of
from guardrails.register.merkle import includes
from guardrails.register.notes import (
    Checkpoint,
    Note,
    NoteMalformed,
    NoteNotSigned,
    SignedText,
    VerifierKey,
    read_note,
    read_signed,
)
from guardrails.register.verdicts import Trouble, Verdict

BUNDLE = "greffier-bundle/1"
FILES = ("entries.jsonl", "checkpoint.txt", "keys.txt", "LISEZMOI.txt")
MANIFEST = "manifest.txt"
NONCE_BYTES = 12
MAX_TEXT_BYTES = 1 << 20
MAX_LINE_BYTES = 8 << 20


def verify_bundle(path: Path, *, notes: Sequence[str] = (), keys: Sequence[str] = ()) -> Verdict:
    """Verify a bundle against public keys, and checkpoints of the same size, kept elsewhere."""
    kept_keys = {str(VerifierKey.read(key)) for key in keys}
    kept = [read_note(note) for note in notes]
    count = 0
    try:
        with zipfile.ZipFile(path) as bundle:
            own_keys = [VerifierKey.read(k) for k in _text(bundle, "keys.txt").splitlines()]
            _check_files(bundle, own_keys, kept_keys)
            note = read_note(_text(bundle, "checkpoint.txt"))
            _signed(note, own_keys, Trouble.CHECKPOINT_FORGED)
            _check_kept(note.checkpoint, kept, own_keys)
            with bundle.open("entries.jsonl") as lines:
                while line := lines.readline(MAX_LINE_BYTES):
                    _check_entry(line, note.checkpoint)
                    count += 1
        return Verdict(
            size=count, origin=note.checkpoint.origin, kept=len(kept) or len(kept_keys),
            anchor=note.checkpoint.size, is_bundle=True,
        )  # fmt: skip
    except (zipfile.BadZipFile, NoteMalformed, KeyError, OSError, UnicodeDecodeError) as error:
        broken = Broken(Trouble.UNREADABLE, note=type(error).__name__)
    except Broken as error:
        broken = error
    return Verdict(
        size=count, trouble=broken.trouble, index=broken.index, other=broken.other,
        note=broken.note, is_bundle=True,
    )  # fmt: skip


def _check_files(bundle: zipfile.ZipFile, keys: Sequence[VerifierKey], kept_keys: Set[str]) -> None:
    if kept_keys and kept_keys.isdisjoint(str(key) for key in keys):
        raise Broken(Trouble.OTHER_KEY)
    manifest = read_signed(_text(bundle, MANIFEST), max_chars=MAX_TEXT_BYTES)
    _signed(manifest, keys, Trouble.BUNDLE_CHANGED)
    head, _, *lines = manifest.text.splitlines()
    wanted = {line[66:]: line[:64] for line in lines}
    names = set(bundle.namelist()) - {MANIFEST}
    if head != BUNDLE or names != set(FILES) or set(wanted) != set(FILES):
        raise Broken(Trouble.BUNDLE_CHANGED, note=MANIFEST)
    for name in FILES:
        digest = hashlib.sha256()
        with bundle.open(name) as file:
            while chunk := file.read(1 << 16):
                digest.update(chunk)
        if digest.hexdigest() != wanted[name]:
            raise Broken(Trouble.BUNDLE_CHANGED, note=name)


def _check_kept(point: Checkpoint, kept: Sequence[Note], keys: Sequence[VerifierKey]) -> None:
    for note in kept:
        other = note.checkpoint
        if other.origin != point.origin:
            raise Broken(Trouble.OTHER_REGISTER, note=other.origin)
        _signed(note, keys, Trouble.CHECKPOINT_FORGED)
        if other.size == point.size and other.root != point.root:
            raise Broken(Trouble.FORKED, other=point.size - 1)


def _check_entry(line: bytes, point: Checkpoint) -> None:
    try:
        value = json.loads(line)
        row = Row(
            index=int(value["index"]), at=str(value["at"]), kind=str(value["kind"]),
            exchange=str(value["exchange"]), public=str(value["public"]), key=int(value["key"]),
            digest=bytes.fromhex(value["digest"]),
        )  # fmt: skip
        path = [bytes.fromhex(hash_) for hash_ in value["path"]]
        if not includes(leaf_of(row), row.index, point.size, path, point.root):
            raise Broken(Trouble.ENTRY_CHANGED, index=row.index)
        if "sealed" in value:
            _check_payload(value, row, point.origin)
    except (ValueError, KeyError, TypeError) as error:
        raise Broken(Trouble.UNREADABLE, note=type(error).__name__) from error


def _check_payload(value: dict[str, str], row: Row, origin: str) -> None:
    sealed = base64.b64decode(value["sealed"], validate=True)
    if digest_of(sealed) != row.digest:
        raise Broken(Trouble.PAYLOAD_CHANGED, index=row.index)
    try:
        text = AESGCM(bytes.fromhex(value["secret"])).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], f"{origin}\n{row.key}".encode()
        )
    except InvalidTag:
        raise Broken(Trouble.PAYLOAD_CHANGED, index=row.index) from None
    if text.decode() != canonical(value["payload"]):
        raise Broken(Trouble.PAYLOAD_CHANGED, index=row.index)


def _signed(signed: SignedText, keys: Sequence[VerifierKey], trouble: Trouble) -> None:
    try:
        signed.opened_by(keys)
    except NoteNotSigned:
        raise Broken(trouble, note="manifest.txt") from None


def _text(bundle: zipfile.ZipFile, name: str) -> str:
    with bundle.open(name) as file:
        content = file.read(MAX_TEXT_BYTES + 1)
    if len(content) > MAX_TEXT_BYTES:
        raise Broken(Trouble.UNREADABLE, note=f"{name} is too large")
    return content.decode()
