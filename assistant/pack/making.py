# SPDX-License-Identifier: EUPL-1.2
"""Making a pack, wherever the guides can be had: an association, a département, a neighbour.

    FOLDER ─▶ its guides as they are, sorted ─▶ `.pack` (signed), then each of them ─▶ one archive

The same guides, month and key give the same bytes: names are sorted, times fixed, nothing folded.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UserError
from assistant.pack.manifest import MAX_NOTE_BYTES, NOTE, PATH, Manifest
from corpus.errors import UnreadableFile
from corpus.readers.archive import MAX_MEMBER_BYTES, MAX_MEMBERS, MAX_UNFOLDED_BYTES
from corpus.readers.kinds import Kind, kind_of
from guardrails.register.notes import read_skey, sign_text

GUIDES = frozenset({Kind.FICHE_XML, Kind.FICHE_JSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What is in a pack; `left_out` counts the files of its folder that are no guides."""

    manifest: Manifest
    left_out: int


def make(
    folder: Path, out: Path, *, name: str, month: str, licence: str, source: str, secret: str
) -> Made:
    """Write the pack of a folder, beside its place and then there; NoteMalformed for a `secret`
    that is no key, UserError for a folder without guides or with too many."""
    signer, private = read_skey(secret)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    found = dict(_guides(folder, files))
    bytes_ = sum(path.stat().st_size for path, _ in found.values())
    if not found:
        raise UserError("pack_no_guides")
    if len(found) > MAX_MEMBERS or bytes_ > MAX_UNFOLDED_BYTES - 2 * MAX_NOTE_BYTES:
        raise UserError("pack_too_large")
    guides = {inside: digest for inside, (_, digest) in found.items()}
    manifest = Manifest(name=name, month=month, licence=licence, source=source, guides=guides)
    manifest.check()
    note = sign_text(manifest.text, signer, [private])
    draft = out.with_name(f"{out.name}.part")
    try:
        with zipfile.ZipFile(draft, "w") as archive:
            archive.writestr(zipfile.ZipInfo(NOTE), note)
            for inside, (path, digest) in sorted(found.items()):
                data = path.read_bytes()
                if hashlib.sha256(data).hexdigest() != digest:
                    raise UserError("pack_changed")
                archive.writestr(zipfile.ZipInfo(inside), data)
        draft.replace(out)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    return Made(manifest=manifest, left_out=len(files) - len(found))


def _guides(folder: Path, files: list[Path]) -> Iterator[tuple[str, tuple[Path, str]]]:
    """Yield the guides of a folder by their path in it, each with its SHA-256."""
    for path in files:
        inside = path.relative_to(folder).as_posix()
        if not PATH.fullmatch(inside) or path.stat().st_size > MAX_MEMBER_BYTES:
            continue
        data = path.read_bytes()
        with suppress(UnreadableFile):
            if kind_of(inside, data) in GUIDES:
                yield inside, (path, hashlib.sha256(data).hexdigest())
