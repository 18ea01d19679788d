# SPDX-License-Identifier: EUPL-1.2
"""Files that an administrator sends: put down, read by the same run as `corpus add`, gone.

    upload ─▶ DATA/deposit/<collection>/… ─ingestion─▶ report, file by file ─▶ folder emptied

Each collection has one folder, always the same, so that a file sent again replaces what it was.
What a run that was cut short left there goes when the next one begins.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from assistant.operations import ingest
from assistant.wiring import Parts
from corpus.folder import read_key
from corpus.opaque import Opaque
from corpus.readers.pool import ReadingPool
from corpus.report import IngestReport
from corpus.rows import SeenFile
from corpus.walk import walk
from ui.admin.jobs import Progress

FOLDER = "deposit"
MAX_FILES = 1_000
MAX_NAME_BYTES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of one file, by its hidden name; `reason` or `needs` is set if it is not in.

    `flags`: what its reader saw there that a person should look at.
    """

    file: str
    document: str
    pages: int
    reason: str
    needs: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What a run did, and what became of each file."""

    report: IngestReport
    files: tuple[FileResult, ...]
    collection: str


def place(data: Path, collection: str) -> Path:
    """Return the folder for what is sent to a collection, whatever signs its name has."""
    return data / FOLDER / sha256(collection.encode()).hexdigest()[:16]


def emptied(data: Path, collection: str) -> Path:
    """Return that folder, empty."""
    folder = place(data, collection)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def clear(data: Path) -> None:
    """Delete whatever was sent."""
    shutil.rmtree(data / FOLDER, ignore_errors=True)


def put(folder: Path, name: str, content: BinaryIO) -> bool:
    """Write one file under the folder; False for a name that says nothing.

    A browser gives the path in the chosen folder as the name; nothing in it leads out.
    """
    inside = safe_name(name)
    if inside is None:
        return False
    target = folder / inside
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        return False  # the same name twice in one sending
    return True


def safe_name(name: str) -> PurePosixPath | None:
    """Return where a file goes in the folder, None if nowhere.

    >>> safe_name("../../etc/<b>passwd</b>")
    PurePosixPath('etc/<b>passwd</b>')
    >>> safe_name("C:\\\\Mairie\\\\note.pdf"), safe_name("..")
    (PurePosixPath('Mairie/note.pdf'), None)
    """
    parts = [_part(part) for part in name.replace("\\", "/").split("/")]
    kept = [part for part in parts if part.strip(". ") and not part.endswith(":")]
    return PurePosixPath(*kept) if kept else None


def _part(part: str) -> str:
    visible = "".join(c for c in part if c.isprintable())
    stem, dot, end = visible.rpartition(".")
    while len(visible.encode()) > MAX_NAME_BYTES and stem:
        stem = stem[:-1]
        visible = f"{stem}{dot}{end}"
    return visible[:MAX_NAME_BYTES]


def add(
    parts: Parts,
    paths: Sequence[Path],
    *,
    collection: str,
    prune: bool,
    by: str,
    progress: Progress,
) -> Added:
    """Read what is there, enter the run in the register, say what became of each file."""
    report = ingest(
        parts, paths, collection=collection, prune=prune, progress=progress, by=by, role="admin"
    )
    files = _results(parts, paths, collection, {one.file: one.flags for one in report.flagged})
    return Added(report=report, files=tuple(files), collection=collection)


def _results(
    parts: Parts, paths: Sequence[Path], collection: str, flags: Mapping[str, tuple[str, ...]]
) -> list[FileResult]:
    opaque = Opaque(read_key(parts.keys, "corpus"), collection)
    with ReadingPool(1) as reading:
        here = {opaque.path(found.path) for found in walk(paths, reading)}
    seen = [file for file in parts.store.files() if file.path in here]
    results = [_result(parts, file, flags.get(file.name, ())) for file in seen]
    return sorted(results, key=lambda r: (not _fails(r), not r.flags, r.file))


def _fails(result: FileResult) -> bool:
    return bool(result.reason or result.needs)


def _result(parts: Parts, seen: SeenFile, flags: tuple[str, ...]) -> FileResult:
    document = parts.store.document(seen.document) if seen.document else None
    return FileResult(
        file=seen.name,
        document=seen.document,
        pages=document.page_count if document else 0,
        reason=seen.reason,
        needs=seen.needs,
        flags=flags,
    )
