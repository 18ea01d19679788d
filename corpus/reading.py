# SPDX-License-Identifier: EUPL-1.2
"""Files read a little ahead of those that are screened and embedded, and given in their order.

    Item ─hash─▶ known? ─▶ as it is
                   └─no──▶ submitted ─▶ … ─▶ Item with its source, or its reason

A content is read once, under however many names it stands. What is in an archive is unfolded by the
reading processes alone, and hashed in one go.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from corpus.documents import SourceDocument
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.opaque import Opaque
from corpus.prepare import Item
from corpus.readers import MAX_BYTES
from corpus.readers.pool import FileReading
from corpus.walk import FoundFile

AHEAD = 8
"""How many files may be read before the first of them is asked for: bounds what is held. A reading
that has many `lanes` gets two for each."""

OpenReading = Callable[[], AbstractContextManager[FileReading]]

_Due = tuple[Item, str, Future[SourceDocument] | None]


class ReadAhead:
    """Reads the files of one run; `known` holds the documents that need no reading."""

    def __init__(self, reading: FileReading, opaque: Opaque, known: set[str]) -> None:
        self._reading = reading
        self._opaque = opaque
        self._known = known
        self._under_way: dict[str, Future[SourceDocument]] = {}

    def read(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield each item, read or with what kept it from being read, in the order given."""
        due: deque[_Due] = deque()
        for item, content in self._hashed(items):
            due.append(self._sent(item, content))
            if len(due) > max(AHEAD, 2 * int(getattr(self._reading, "lanes", 0))):
                yield self._done(*due.popleft())
        while due:
            yield self._done(*due.popleft())

    def _hashed(self, items: Iterable[Item]) -> Iterator[tuple[Item, str]]:
        """Yield each item with the SHA-256 of what it holds, or with why it has none."""
        for archive, some in groupby(items, lambda item: item.found.archive):
            if archive is None:
                yield from map(_hashed_file, some)
            else:
                yield from self._hashed_members(archive, [*some])

    def _hashed_members(self, archive: Path, items: list[Item]) -> Iterator[tuple[Item, str]]:
        wanted = [item.found.inside for item in items if not item.found.reason]
        try:
            digests = iter(self._reading.digests(archive, wanted) if wanted else ())
        except UnreadableFile as error:
            yield from ((_refused(item, error), "") for item in items)
            return
        for item in items:
            digest = "" if item.found.reason else next(digests)
            if isinstance(digest, UnreadableFile):
                yield _refused(item, digest), ""
            else:
                yield item, digest

    def _sent(self, item: Item, content: str) -> _Due:
        found = item.found
        if not content:
            return item, "", None
        document = self._opaque.document(content)
        if document in self._known:
            return replace(item, seen=replace(item.seen, document=document)), "", None
        future = self._under_way.get(document)
        if future is None:
            future = self._reading.submit(found.file, found.inside, found.name)
            self._under_way[document] = future
        return item, content, future

    def _done(self, item: Item, content: str, future: Future[SourceDocument] | None) -> Item:
        if future is None:
            return item
        document = self._opaque.document(content)
        try:
            source = _unchanged(future.result(), content)
        except UnreadableFile as error:
            return replace(item, seen=replace(item.seen, reason=error.reason))
        except NotYetReadable as error:
            return replace(item, seen=replace(item.seen, needs=error.needs))
        finally:
            self._under_way.pop(document, None)
        seen = replace(item.seen, document=document)
        if document in self._known:  # a copy of the one before
            return replace(item, seen=seen)
        self._known.add(document)
        return replace(item, seen=replace(seen, needs=source.needs), source=source)


def _unchanged(source: SourceDocument, content: str) -> SourceDocument:
    """Return the source, or raise if the file changed between its hash and its reading."""
    if source.id != content:
        raise UnreadableFile("no_access")
    return source


def _hashed_file(item: Item) -> tuple[Item, str]:
    if item.found.reason:
        return item, ""
    try:
        return item, content_of(item.found)
    except UnreadableFile as error:
        return _refused(item, error), ""


def _refused(item: Item, error: UnreadableFile) -> Item:
    return replace(item, seen=replace(item.seen, reason=item.seen.reason or error.reason))


def content_of(found: FoundFile) -> str:
    """Return the SHA-256 of a file's bytes; raise UnreadableFile if it is too large or away."""
    try:
        if found.path.stat().st_size > MAX_BYTES:
            raise UnreadableFile("too_large")
        with found.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile("no_access") from error
