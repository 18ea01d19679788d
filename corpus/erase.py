# SPDX-License-Identifier: EUPL-1.2
"""Taking a document out for good, and looking whether anything of it is left.

    remove rows (overwritten) ─▶ remove vectors, rebuild their folder ─▶ vacuum, empty the WAL
      ─▶ read every byte of the data folder for its lines, its name and its vectors

A line that a surviving document holds too (a letterhead) is no trace and is not looked for.
What the search found is in the ErasureProof: the caller seals it in the register.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from corpus.passages import PassageStore
from corpus.seams import VectorIndex, Vectors

MIN_TRACE_CHARS = 24
TRACE_CHARS = 60
MAX_TRACES = 400
VECTOR_BYTES = 64


class ErasableIndex(VectorIndex, Protocol):
    """A VectorIndex that can give its vectors and forget deleted ones."""

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]: ...

    def rebuild(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureProof:
    """What was erased and how it was looked for; `remains` counts files with a trace of it."""

    documents: tuple[str, ...]
    passages: int
    traces: int
    vectors: int
    files: int
    bytes: int
    remains: int
    when: str

    @property
    def is_clean(self) -> bool:
        return self.remains == 0


def erase(
    store: PassageStore, index: ErasableIndex, documents: Sequence[str], folder: Path
) -> ErasureProof:
    """Erase documents by id and search the data folder for what should be gone."""
    known = [d for d in documents if store.document(d) is not None]
    with store.sole_writer():
        store.set_state("unsettled", "1")
        lines = set(_lines(store, known))
        ids = [p.id for d in known for p in store.passages_of(d)]
        vectors = index.vectors(ids)
        store.remove(known)
        index.remove(ids)
        index.rebuild()
        store.set_state("unsettled", "")
        store.purge()
        traces = [line.encode() for line in sorted(lines) if not store.holds(line)][:MAX_TRACES]
        rows = [row.tobytes()[:VECTOR_BYTES] for row in vectors.values()]
        kept = {v.tobytes()[:VECTOR_BYTES] for v in index.vectors(sorted(index.ids())).values()}
        rows = [row for row in rows if row not in kept]
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        remains = sum(_holds_any(path, [*traces, *rows]) for path in files)
    return ErasureProof(
        documents=tuple(known),
        passages=len(ids),
        traces=len(traces),
        vectors=len(rows),
        files=len(files),
        bytes=sum(path.stat().st_size for path in files),
        remains=remains,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _lines(store: PassageStore, documents: Sequence[str]) -> Iterator[str]:
    """Yield what would betray a document: the start of each long line, and its name."""
    for document in documents:
        found = store.document(document)
        if found and len(found.file) >= MIN_TRACE_CHARS // 2:
            yield found.file
        for _, text in store.pages(document):
            for line in text.split("\n"):
                if len(line) >= MIN_TRACE_CHARS:
                    yield line[:TRACE_CHARS]


def _holds_any(path: Path, traces: Sequence[bytes]) -> bool:
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(data.find(trace) >= 0 for trace in traces)
