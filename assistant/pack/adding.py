# SPDX-License-Identifier: EUPL-1.2
"""Adding a pack: last month's guides give way to this month's, in a collection of their own.

    signed by a key of ours? newer? ─▶ copied beside the data ─▶ every hash ─▶ read as any file
      ─▶ the copy goes ─▶ guides that are gone are erased, with their proof ─▶ the month is in

Until then the corpus knows that two months stand side by side (`corpus.packs.Standing`), and every
quote says so. Killed anywhere, the same call goes on: what is in is not read again.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.backup.scratch import scratch_folder
from assistant.errors import UserError
from assistant.operations import Incoming, ingest, remove
from assistant.pack.manifest import MONTH, Manifest, fingerprint, opened
from assistant.wiring import Parts
from corpus.errors import UnreadableFile
from corpus.folder import read_key
from corpus.ingest import IngestReport, Progress
from corpus.opaque import Opaque
from corpus.packs import Standing, collection_of_pack
from corpus.readers.archive import Budget
from corpus.readers.pool import ReadingPool
from guardrails.register.notes import VerifierKey
from guardrails.register.records import JsonValue

FOLDER = "packs"
"""Where a pack lies while it is added, in the data folder."""

SPARE_BYTES = 64_000_000
"""Room that is left free on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of a pack; `removed` counts the guides that were in the pack before it and are
    not in this one, `remains` what the search for them found of them still."""

    manifest: Manifest
    signer: VerifierKey
    before: str
    report: IngestReport
    removed: int
    remains: int


def add_pack(
    parts: Parts,
    file: Path,
    *,
    keys: Sequence[VerifierKey],
    again: bool = False,
    progress: Progress | None = None,
    by: str = "",
    role: str = "",
) -> Added:
    """Add a pack that one of the keys signed; UserError says why not, and nothing is changed."""
    manifest, signer = opened(file, keys)
    collection = collection_of_pack(manifest.name)
    standing = Standing.read(parts.store.state(collection))
    if manifest.month < standing.newest and not again:
        raise UserError("pack_older", month=manifest.month, held=standing.newest)
    facts: dict[str, JsonValue] = {
        "name": manifest.name, "month": manifest.month, "before": standing.month,
        "key": fingerprint(signer), "guides": len(manifest.guides),
    }  # fmt: skip

    def begin() -> None:
        parts.store.set_state(collection, str(standing.towards(manifest.month)))

    with _beside(parts.folder.path / FOLDER / manifest.name) as place:
        copy = place / f"{manifest.name}.zip"
        _copied(file, copy)
        _check(copy, manifest, keys)
        report = ingest(
            parts, [place], collection=collection, progress=progress, by=by, role=role,
            pack=Incoming(facts, begin),
        )  # fmt: skip
    opaque = Opaque(read_key(parts.keys, "corpus"), collection)
    kept = {opaque.document(digest) for digest in manifest.guides.values()}
    gone = [d.id for d in parts.store.documents() if d.declared == collection and d.id not in kept]
    remains = 0
    if gone:
        begin()
        remains = remove(parts, gone, by=by, role=role)[0].remains
    parts.store.set_state(collection, str(Standing(month=manifest.month)))
    return Added(
        manifest=manifest, signer=signer, before=standing.month, report=report,
        removed=len(gone), remains=remains,
    )  # fmt: skip


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """Make the folder where a pack lies while it is added; none is left in the end."""
    try:
        with scratch_folder(place, busy="pack_busy"):
            yield place
    finally:
        with suppress(OSError):  # another pack is being added, or none could be
            place.parent.rmdir()


def newest_in(shares: Sequence[Path], name: str) -> Path:
    """Return the newest pack of a name in folders, by the name of its file; UserError if there is
    none."""
    form = re.compile(rf"{re.escape(name)}-({MONTH.pattern})\.zip")
    found = [
        (match[1], -position, path)
        for position, share in enumerate(shares)
        if share.is_dir()
        for path in share.iterdir()
        if (match := form.fullmatch(path.name))
    ]
    if not found:
        raise UserError("pack_not_shared", name=name)
    return max(found)[2]


def _copied(file: Path, copy: Path) -> None:
    """Copy a pack to where nobody else writes; OSError, as of a full disk, where it has no room."""
    if shutil.disk_usage(copy.parent).free < file.stat().st_size + SPARE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    shutil.copyfile(file, copy)


def _check(copy: Path, manifest: Manifest, keys: Sequence[VerifierKey]) -> None:
    """Raise UserError unless the archive holds what was signed, all of it and no more; what it
    holds is unfolded in a reading process, within the limits of any archive."""
    if opened(copy, keys)[0] != manifest:
        raise UserError("pack_changed")
    try:
        with ReadingPool(1) as reading:
            members = reading.members(copy, Budget())
            if any(member.reason for member in members):
                raise UserError("pack_member")
            if {member.name for member in members} != set(manifest.guides):
                raise UserError("pack_member")
            found = reading.digests(copy, [member.inside for member in members])
    except UnreadableFile as error:
        key = "pack_too_large" if error.reason == "too_large" else "pack_broken"
        raise UserError(key) from error
    for member, digest in zip(members, found, strict=True):
        if digest != manifest.guides[member.name]:
            raise UserError("pack_hash", file=member.name)
