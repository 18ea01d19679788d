# SPDX-License-Identifier: EUPL-1.2
"""Taking a document out for good, and looking whether anything of it is left.

    remove rows (overwritten) ─▶ remove vectors, rebuild their folder ─▶ vacuum, empty the WAL
      ─▶ read every byte of the data folder for its lines, its name and its vectors
      ─▶ ask the full-text index for the words that only it held

Text that stands in a database elsewhere is deleted and its tables are written anew; what that
server's log and freed blocks hold is its administrator's, and no part of the proof.

A line that a surviving document holds too (a letterhead) is no trace and is not looked for.
What the search found is in the ErasureProof: the caller seals it in the register. Killed on
the way, the next run of any command that writes finishes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus.french import terms
from corpus.passages import PassageStore
from corpus.repair import ErasableIndex, finish_erasing
from corpus.sorting import forget_what_opened
from corpus.standing import settle
from corpus.traces import count_files_that_hold

MIN_TRACE_CHARS = 24
TRACE_CHARS = 60
VECTOR_BYTES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureProof:
    """What was erased and how it was looked for.

    `traces`, `words` and `vectors` count what was looked for; `remains` counts the files, and
    the words of the index, where something of it is left, or that could not be looked at.
    """

    documents: tuple[str, ...]
    passages: int
    traces: int
    words: int
    vectors: int
    files: int
    bytes: int
    remains: int
    when: str

    @property
    def is_clean(self) -> bool:
        return self.remains == 0


REBUILDS = 5
"""Chroma writes parts of its memory that it never filled, with bytes of an erased vector about once
in ten (`length.bin`). A new generation is then made and looked at again."""


def erase(
    store: PassageStore, index: ErasableIndex, documents: Sequence[str], folder: Path
) -> ErasureProof:
    """Erase documents by id and search the data folder for what should be gone."""
    known = [d for d in documents if store.document(d) is not None]
    with store.sole_writer():
        unsettled = store.state("unsettled")  # of a run that was cut short: it stays so
        store.set_state("unsettled", "1")
        store.set_state("erasing", "1")
        lines = set(_lines(store, known))
        words = set(_words(store, known))
        ids = [p.id for d in known for p in store.passages_of(d)]
        vectors = index.vectors(ids)
        forget_what_opened(store, [d for i in known if (d := store.document(i)) is not None])
        store.remove(known)
        index.remove(ids)
        index.remove(sorted(index.ids() - store.passage_ids()))  # of a removal cut short here
        settle(store)
        finish_erasing(store, index)
        store.set_state("unsettled", unsettled)
        traces = [line.encode() for line in lines if not store.holds(line)]
        rows = [row.tobytes()[:VECTOR_BYTES] for row in vectors.values()]
        kept = {v.tobytes()[:VECTOR_BYTES] for v in index.vectors(sorted(index.ids())).values()}
        rows = [row for row in rows if row not in kept]
        files, held = _looked_at(folder, [*traces, *rows])
        for _ in range(REBUILDS):
            if not held:
                break
            index.rebuild()
            files, held = _looked_at(folder, [*traces, *rows])
        remains = held + len(store.known(words))
    return ErasureProof(
        documents=tuple(known),
        passages=len(ids),
        traces=len(traces),
        words=len(words),
        vectors=len(rows),
        files=len(files),
        bytes=sum(path.stat().st_size for path in files),
        remains=remains,
        when=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _looked_at(folder: Path, strings: Sequence[bytes]) -> tuple[list[Path], int]:
    """Return the files of a folder, and how many of them hold any of the strings."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return files, count_files_that_hold(strings, files)


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


def _words(store: PassageStore, documents: Sequence[str]) -> Iterator[str]:
    """Yield the terms of the full-text index that no other document holds."""
    passages = [p for document in documents for p in store.passages_of(document)]
    held = Counter(term for p in passages for term in {*terms(p.text.text), *terms(p.heading)})
    everywhere = store.vocabulary()
    yield from (term for term, count in held.items() if everywhere.get(term, 0) <= count)
