# SPDX-License-Identifier: EUPL-1.2
"""Files that somebody drops for a moment: read, hidden, searched, and nothing of them kept.

    path, or bytes in memory ─readers, a process of their own▶ SourceDocument
       ─guard▶ hidden pages ─▶ Prepared            what `summary` looks at
                            ─split, embed▶ Dropped  what `ask --with` searches, in memory

Ids are of a key that is thrown away, and begin with `DROPPED`: whoever meets one in the register
knows that it is no document of the town. Somebody's own file (a case, a letter about health) is
refused as the index would; sentences that tell of somebody's private life are taken out.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from corpus.database import Database
from corpus.documents import DROPPED, SourceDocument
from corpus.errors import NotTaken, NotYetReadable, UnreadableFile
from corpus.kept import forget_kept
from corpus.known_vectors import embedded
from corpus.memory_vectors import MemoryIndex
from corpus.opaque import Opaque
from corpus.passages import PassageStore, SeenFile
from corpus.prepare import DocumentGuard, Item, Prepared, cut, described, named
from corpus.readers.pool import FileReading
from corpus.seams import Embedder
from corpus.walk import FoundFile
from guardrails.errors import GuardrailError
from guardrails.special import concerns, is_somebodys, without

COLLECTION = "fichier-depose"
"""Their collection: none of the town's, so that no rights on those let them out."""

MOST_CHARS = 600_000
MOST_FILES = 10
OpenReading = Callable[[], AbstractContextManager[FileReading]]


def read_dropped(
    path: Path, *, name: str, guard: DocumentGuard, open_reading: OpenReading
) -> Prepared:
    """Read a file and hide what it holds of persons; raise NotTaken. No passage is cut."""
    with open_reading() as reading:
        source = read_of(reading.submit(path, (), name))
    return hidden(source, name, guard, Opaque(secrets.token_bytes(32), COLLECTION))


def read_of(read: Future[SourceDocument]) -> SourceDocument:
    """Return what was read of a file; raise NotTaken."""
    try:
        source = read.result()
    except UnreadableFile as error:
        raise NotTaken(error.reason) from None
    except NotYetReadable as error:
        raise NotTaken(f"needs_{error.needs}") from None
    if not any(page.text.strip() for page in source.pages):
        raise NotTaken("nothing")
    if sum(len(page.text) for page in source.pages) > MOST_CHARS:
        raise NotTaken("too_long")
    return source


def hidden(source: SourceDocument, name: str, guard: DocumentGuard, opaque: Opaque) -> Prepared:
    """Return the hidden pages of a file under its hidden name; raise NotTaken."""
    identifier = DROPPED + opaque.document(source.id)
    seen = SeenFile(
        path=identifier,
        root="",
        collection=COLLECTION,
        name="",
        stamp="",
        recipe="",
        document=identifier,
    )
    found = FoundFile(path=Path(name), root=Path(name), name=name)
    item = Item(found=found, seen=seen, source=source)
    try:
        [screened] = guard.screen_documents([item.texts])
    except GuardrailError:
        raise NotTaken("guard_closed") from None
    item, shown = item.after(screened)
    told = concerns(shown)
    if told and is_somebodys(shown):
        raise NotTaken("somebodys")
    item = named(item, shown, "")
    return described(item.source or source, item.seen, without(shown, told), opaque)


class Dropped:
    """The files of one conversation: text, words and vectors in memory, gone with `close` or with
    the process, however that ends."""

    def __init__(self, guard: DocumentGuard, embedder: Embedder) -> None:
        self._guard = guard
        self._embedder = embedder
        self._opaque = Opaque(secrets.token_bytes(32), COLLECTION)
        self.store = PassageStore(Database(None, in_memory=True))
        self.index = MemoryIndex()

    def take(self, source: SourceDocument, name: str) -> Prepared:
        """Hide, split and embed a file that was read, questions passing in between; return what is
        held of it. Raise NotTaken."""
        ready = cut(hidden(source, name, self._guard, self._opaque), self._embedder, self._opaque)
        texts = list(ready.indexed_texts)
        ids = [identifier for identifier, _ in ready.passages]
        if ids:
            self.index.add(ids, embedded(self._embedder, texts, {}), ready.fields)
        self.store.put(ready.document, ready.pages, ready.passages, seen=ready.seen)
        return ready

    def close(self) -> None:
        """Forget all of it, what was made of its sentences for whoever asks next as well."""
        forget_kept()
        self.store.close()
        self.index = MemoryIndex()


def check_count(files: Sequence[object]) -> None:
    """Raise NotTaken for more files than one conversation may have."""
    if len(files) > MOST_FILES:
        raise NotTaken("too_many")


@contextmanager
def fleeting(data: bytes) -> Iterator[Path]:
    """Lend bytes as a file in memory that has no name: it ends with the process, however."""
    file = os.memfd_create("document")
    try:
        with os.fdopen(os.dup(file), "wb") as copy:
            copy.write(data)
        yield Path(f"/proc/self/fd/{file}")
    finally:
        os.close(file)
