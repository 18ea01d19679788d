# SPDX-License-Identifier: EUPL-1.2
"""The file that a document was read from, found again, and shown only if nothing speaks against it.

    StoredDocument ─keyed paths▶ a file of the folders ─keyed SHA-256▶ the very same bytes

The corpus keeps no path: the town says where its originals are, and each path there is hashed
again to see which document it is. A file that changed since it was read is not shown: nobody
looked for what is in it now.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Lock

from corpus.errors import UnreadableFile
from corpus.opaque import Opaque
from corpus.passages import PassageStore
from corpus.quarantine import Decision, decisions, is_waiting
from corpus.readers import read_bytes
from corpus.readers.pdf_picture import Highlight, drawn
from corpus.readers.pool import ReadingPool
from corpus.reading import OpenReading
from corpus.rows import StoredDocument
from corpus.walk import FoundFile, walk
from guardrails.findings import Screened
from guardrails.special import is_somebodys

PDF = "application/pdf"
ONE_READER = partial(ReadingPool, 1)
LOOKED_SECONDS = 60.0
"""How long what was found in the folders is believed before they are looked through again."""


class Originals:
    """The originals under some folders; `key` is the corpus's own."""

    def __init__(
        self,
        store: PassageStore,
        folders: Sequence[Path],
        *,
        key: bytes,
        clock: Callable[[], float] = time.monotonic,
        open_reading: OpenReading = ONE_READER,
    ) -> None:
        self._store = store
        self._folders = tuple(folders)
        self._key = key
        self._clock = clock
        self._open_reading = open_reading
        self._lock = Lock()
        self._found: dict[str, dict[str, FoundFile]] = {}
        self._looked: dict[str, float] = {}

    def may_show(self, document: StoredDocument, page: int) -> bool:
        """Whether a page may be drawn at all: read, screened, and of no quarantine, past or now."""
        if document.media_type != PDF or is_waiting(document) or page in document.waiting_pages:
            return False
        if decisions(self._store).get(document.id, Decision.KEEP) is not Decision.KEEP:
            return False
        pages = dict(self._store.pages(document.id))
        texts = [Screened(text) for _, text in sorted(pages.items())]
        numbers = sorted(pages)
        if page not in pages or is_somebodys(texts):
            return False
        told = {c.page for c in self._store.concerns(document.id)}
        return numbers.index(page) not in told

    def may_hand_over(self, document: StoredDocument) -> bool:
        """Whether the whole file may be taken away: read whole, and of no quarantine, past or now,
        on any of its pages."""
        if is_waiting(document) or document.waiting_pages:
            return False
        if decisions(self._store).get(document.id, Decision.KEEP) is not Decision.KEEP:
            return False
        texts = [Screened(text) for _, text in sorted(self._store.pages(document.id))]
        return not (is_somebodys(texts) or self._store.concerns(document.id))

    def picture(self, document: StoredDocument, page: int, start: int, end: int) -> bytes | None:
        """Return a page drawn as PNG, `start` to `end` of its hidden text highlighted.

        None if it may not be shown, or if the very file that was read cannot be found.
        """
        if not self.may_show(document, page):
            return None
        data = self.read(document)
        if data is None:
            return None
        scan = self._store.scan(document.id, page)
        text = self._store.page(document.id, page) or ""
        boxes = scan.boxes if scan else None
        return drawn(data, page, Highlight(text=text, start=start, end=end, boxes=boxes))

    def read(self, document: StoredDocument) -> bytes | None:
        """Return the bytes that this document was read from, None if they are gone or changed."""
        opaque = Opaque(self._key, document.declared or document.collection)
        paths = [seen.path for seen in self._store.files() if seen.document == document.id]
        for path in paths:
            found = self._look(opaque, path)
            data = self._bytes(found) if found else None
            if data and opaque.document(hashlib.sha256(data).hexdigest()) == document.id:
                return data
        return None

    def _look(self, opaque: Opaque, path: str) -> FoundFile | None:
        """Return the file of a keyed path, looking through the folders if it is not known yet."""
        with self._lock:
            known = self._found.get(opaque.collection, {})
            is_stale = self._looked.get(opaque.collection, -1e9) + LOOKED_SECONDS < self._clock()
            if path not in known and is_stale:
                here = [folder for folder in self._folders if folder.is_dir()]
                with self._open_reading() as reading:
                    known = {opaque.path(found.path): found for found in walk(here, reading)}
                self._found[opaque.collection] = known
                self._looked[opaque.collection] = self._clock()
            return known.get(path)

    def _bytes(self, found: FoundFile) -> bytes | None:
        """Return the bytes of a file; what is in an archive is unfolded in another process."""
        if found.reason:
            return None
        try:
            if not found.inside:
                return read_bytes(found.file)
            with self._open_reading() as reading:
                return reading.take(found.file, found.inside)
        except UnreadableFile:
            return None
