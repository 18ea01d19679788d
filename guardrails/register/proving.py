# SPDX-License-Identifier: EUPL-1.2
"""Verifying a bundle, with nothing but the bundle (see bundles.py for what is in it).

    keys kept elsewhere ─handovers─▶ trusted keys
      ─▶ manifest signed ─▶ files unchanged ─▶ checkpoint signed
      ─▶ checkpoints kept elsewhere: the same root, or a consistency proof
      ─▶ each entry: leaf, path, payload

Nothing that the bundle says of itself makes it authentic: anybody can sign one with a key of
their own. That takes a key that was kept, or a kept checkpoint that covers every entry.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guardrails.register.audit import Broken, quorum_of
from guardrails.register.leaves import Row, canonical, digest_of, leaf_of
from guardrails.register.merkle import extends, includes
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
from guardrails.register.rotation import successors
from guardrails.register.trust_policy import TrustPolicy
from guardrails.register.verdicts import UNCOMPARED, Remark, Trouble, Verdict

BUNDLE = "greffier-bundle/2"
FILES = {
    "greffier-bundle/1": ("entries.jsonl", "checkpoint.txt", "keys.txt", "LISEZMOI.txt"),
    BUNDLE: (
        "entries.jsonl", "checkpoint.txt", "keys.txt", "handovers.jsonl", "consistency.jsonl",
        "LISEZMOI.txt",
    ),
}  # fmt: skip
MANIFEST = "manifest.txt"
NONCE_BYTES = 12
MAX_TEXT_BYTES = 1 << 20
MAX_LINE_BYTES = 8 << 20
PROVEN = {"index", "at", "kind", "exchange", "public", "key", "digest", "path"}
READABLE = PROVEN | {"sealed", "secret", "payload"}


def verify_bundle(
    path: Path,
    *,
    notes: Sequence[str] = (),
    keys: Sequence[str] = (),
    policy: TrustPolicy | None = None,
) -> Verdict:
    """Verify a bundle against public keys, checkpoints and a policy that were kept elsewhere."""
    kept_keys = [*map(VerifierKey.read, keys), *(policy.logs if policy else ())]
    kept = [read_note(note) for note in notes]
    count, last = 0, -1
    try:
        with zipfile.ZipFile(path) as bundle:
            own = [VerifierKey.read(k) for k in _text(bundle, "keys.txt").splitlines()]
            handovers = _lines(bundle, "handovers.jsonl")
            signers = _Signers(own, successors(kept_keys, handovers) if kept_keys else own)
            origin = _check_files(bundle, signers)
            note = _checkpoint(bundle, signers, origin)
            point, seen = note.checkpoint, quorum_of(policy, [note])[1] if policy else {}
            compared = _compare(bundle, point, kept, [*own, *signers.trusted])
            with bundle.open("entries.jsonl") as lines:
                while line := lines.readline(MAX_LINE_BYTES):
                    last = _check_entry(line, point, last)
                    count += 1
        is_covered = count > 0 and last < max(compared, default=0)
        uncompared = len(kept) - len(compared)
        remarks = (
            Remark(name=UNCOMPARED, n=uncompared),
            Remark(
                name="witnessed", n=len(seen), index=point.size, at=max(seen.values(), default=0)
            ),
        )
        return Verdict(
            size=count, origin=origin, kept=len(compared) or len(kept_keys),
            anchor=point.size, is_bundle=True,
            is_authenticated=bool(kept_keys or seen) or is_covered,
            remarks=tuple(remark for remark in remarks if remark.n),
        )  # fmt: skip
    except (zipfile.BadZipFile, NoteMalformed, KeyError, OSError, UnicodeDecodeError) as error:
        broken = Broken(Trouble.UNREADABLE, note=type(error).__name__)
    except Broken as error:
        broken = error
    return Verdict(
        size=count, trouble=broken.trouble, index=broken.index, other=broken.other,
        note=broken.note, is_bundle=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Signers:
    """The keys that the bundle names, and those of which a signature counts."""

    own: Sequence[VerifierKey]
    trusted: Sequence[VerifierKey]

    def check(self, signed: SignedText, name: str, *, origin: str) -> None:
        """Refuse what no trusted key signed, or one that bears another name than the origin."""
        for keys in (self.trusted, self.own):
            try:
                signer = signed.opened_by(keys)
            except NoteNotSigned:
                continue
            if keys is not self.trusted:
                raise Broken(Trouble.OTHER_KEY)
            if signer.name == origin:
                return
        raise Broken(Trouble.BUNDLE_CHANGED, note=name)


def _check_files(bundle: zipfile.ZipFile, signers: _Signers) -> str:
    """Return the origin of the register, once every file is what the manifest says."""
    manifest = read_signed(_text(bundle, MANIFEST), max_chars=MAX_TEXT_BYTES)
    head, origin, *lines = [*manifest.text.splitlines(), ""]
    signers.check(manifest, MANIFEST, origin=origin)
    wanted = {line[66:]: line[:64] for line in lines if line}
    names = sorted(bundle.namelist())  # a name that comes twice is read one way here, another there
    known = FILES.get(head, ())
    if names != sorted([*known, MANIFEST]) or set(wanted) != set(known):
        raise Broken(Trouble.BUNDLE_CHANGED, note=MANIFEST)
    for name in known:
        digest = hashlib.sha256()
        with bundle.open(name) as file:
            while chunk := file.read(1 << 16):
                digest.update(chunk)
        if digest.hexdigest() != wanted[name]:
            raise Broken(Trouble.BUNDLE_CHANGED, note=name)
    return origin


def _checkpoint(bundle: zipfile.ZipFile, signers: _Signers, origin: str) -> Note:
    note = read_note(_text(bundle, "checkpoint.txt"))
    signers.check(note, "checkpoint.txt", origin=origin)
    if note.checkpoint.origin != origin:
        raise Broken(Trouble.BUNDLE_CHANGED, note="checkpoint.txt")
    return note


def _compare(
    bundle: zipfile.ZipFile, point: Checkpoint, kept: Sequence[Note], keys: Sequence[VerifierKey]
) -> list[int]:
    """Return the sizes of the kept checkpoints with which the bundle's own provably agrees."""
    paths = dict(_consistency(bundle))
    compared: list[int] = []
    for note in kept:
        other = note.checkpoint
        if other.origin != point.origin:
            raise Broken(Trouble.OTHER_REGISTER, note=other.origin)
        try:
            note.opened_by(keys)
        except NoteNotSigned:
            raise Broken(Trouble.CHECKPOINT_FORGED, other=other.size) from None
        path = [] if other.size == point.size else paths.get(other.size)
        if path is None:
            continue
        if not extends(other.size, point.size, other.root, point.root, path):
            raise Broken(Trouble.FORKED, other=min(other.size, point.size) - 1)
        compared.append(other.size)
    return compared


def _consistency(bundle: zipfile.ZipFile) -> Iterator[tuple[int, list[bytes]]]:
    for line in _lines(bundle, "consistency.jsonl"):
        try:
            value = json.loads(line)
            yield int(value["size"]), [bytes.fromhex(hash_) for hash_ in value["path"]]
        except (ValueError, KeyError, TypeError) as error:
            raise Broken(Trouble.UNREADABLE, note=type(error).__name__) from error


def _check_entry(line: bytes, point: Checkpoint, last: int) -> int:
    """Return the place of the entry, which must come after the last one."""
    try:
        value = json.loads(line)
        if canonical(value) + "\n" != line.decode():  # another reader might read another value
            raise Broken(Trouble.UNREADABLE, note="entries.jsonl")
        row = Row(
            index=int(value["index"]), at=str(value["at"]), kind=str(value["kind"]),
            exchange=str(value["exchange"]), public=str(value["public"]), key=int(value["key"]),
            digest=bytes.fromhex(value["digest"]),
        )  # fmt: skip
        if row.index <= last:
            raise Broken(Trouble.BUNDLE_REPEATED, index=row.index)
        path = [bytes.fromhex(hash_) for hash_ in value["path"]]
        if not includes(leaf_of(row), row.index, point.size, path, point.root):
            raise Broken(Trouble.ENTRY_CHANGED, index=row.index)
        if set(value) != PROVEN:
            if set(value) != READABLE:  # words without what was sealed: nothing proves them
                raise Broken(Trouble.PAYLOAD_CHANGED, index=row.index)
            check_payload(value, row, point.origin)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Broken(Trouble.UNREADABLE, note=type(error).__name__) from error
    return row.index


def check_payload(value: dict[str, str], row: Row, origin: str) -> None:
    """Refuse a payload that is not what this row sealed, or that its key does not open."""
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


def _lines(bundle: zipfile.ZipFile, name: str) -> list[str]:
    """Return the lines of a file that bundles of the first form do not hold."""
    return _text(bundle, name).splitlines() if name in bundle.namelist() else []


def _text(bundle: zipfile.ZipFile, name: str) -> str:
    with bundle.open(name) as file:
        content = file.read(MAX_TEXT_BYTES + 1)
    if len(content) > MAX_TEXT_BYTES:
        raise Broken(Trouble.UNREADABLE, note=f"{name} is too large")
    return content.decode()
