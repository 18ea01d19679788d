# SPDX-License-Identifier: EUPL-1.2
"""The two acts of a comparison, in their hidden form: of the index, or of files that nobody keeps.

    a file of the index ─rights, quarantine▶ its hidden pages          ┐
    a path │ a dropped file ─contained reader▶ raw pages ─guard▶ pages ┴▶ Side

What is read of a path lives in the memory of this process and of its reader, and nowhere else:
nothing of it is indexed, kept or named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from assistant.comparing import Pages
from assistant.errors import AssistantError
from corpus.documents import Page, SourceDocument
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.filenames import hidden_name, readable_name
from corpus.prepare import DocumentGuard
from corpus.quarantine import is_waiting
from corpus.readers.pool import FileReading
from corpus.rows import StoredDocument
from corpus.structure import Structure, moved
from guardrails.injection import neutralise, neutralised_in

MOST_PAGES = 120
MOST_CHARS = 600_000
"""What is compared at once, of each act: beyond, one says which pages."""

Range = tuple[int, int] | None
"""First and last page, both included; None: all of them."""


def parse_range(written: str) -> Range:
    """Return the pages that somebody wrote; raise ValueError for anything else.

    >>> parse_range("3-7"), parse_range(" 4 "), parse_range("")
    ((3, 7), (4, 4), None)
    """
    if not written.strip():
        return None
    first, _, last = written.replace("–", "-").partition("-")
    found = int(first), int(last or first)
    if not 1 <= found[0] <= found[1]:
        raise ValueError(written)
    return found


class NotComparable(AssistantError):
    """An act cannot be compared; `facts` have its `position`, 1 or 2.

    Keys: `compare_unknown`, `compare_two_such`, `compare_unreadable` (`reason` of UnreadableFile),
    `compare_needs` (`reason` is what it waits for), `compare_scan`, `compare_waiting`,
    `compare_pages`, `compare_too_long`.
    """


class Stored(Protocol):
    """What is needed of the index: `corpus.passages.PassageStore`."""

    def documents(self) -> list[StoredDocument]: ...

    def structure(self, document: str, page: int) -> Structure | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be compared: a path, a name or an id of the index, and which pages.

    `path` is read where it is set; `name` says how its reader is to take it.
    """

    name: str
    path: Path | None = None
    pages: Range = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An act as it is compared. `document` is its id in the index, empty for a file that was only
    read; `unread` are pages of pictures that nothing could make out, `orders` how many orders to a
    machine were taken out of what is compared."""

    file: str
    pages: Pages
    label: str = ""
    document: str = ""
    collection: str = ""
    unread: tuple[int, ...] = ()
    orders: int = 0

    @property
    def hint(self) -> str:
        return f"{self.label} {readable_name(self.file)}"


@dataclass(frozen=True, slots=True)
class SideReader:
    """Reads both acts; `sees` says which collections this person may see. `guard` is opened for as
    many characters as are to be hidden, `store` only for what is in the index."""

    store: Callable[[], Stored]
    sees: Callable[[StoredDocument], bool]
    guard: Callable[[int], DocumentGuard]
    open_reading: Callable[[], AbstractContextManager[FileReading]]

    def both(self, a: Asked, b: Asked) -> tuple[Side, Side]:
        """Return both acts, or raise NotComparable or GuardrailError."""
        sources = self._read([a, b])
        screened = self._screened(sources)
        one, other = (
            self._indexed(asked, position) if source is None else _side(source, pages, position)
            for position, (asked, source, pages) in enumerate(
                zip((a, b), sources, screened, strict=True), 1
            )
        )
        return one, other

    def _read(self, both: Sequence[Asked]) -> list[SourceDocument | None]:
        """Return what the paths among both hold, read in other processes at the same time."""
        if all(asked.path is None for asked in both):
            return [None, None]
        found = list[SourceDocument | None]()
        with self.open_reading() as reading:
            due = [
                None if asked.path is None else reading.submit(asked.path, (), asked.name)
                for asked in both
            ]
            for position, (asked, waited) in enumerate(zip(both, due, strict=True), 1):
                try:
                    source = None if waited is None else waited.result()
                except UnreadableFile as error:
                    raise NotComparable(
                        "compare_unreadable", position=position, reason=error.reason
                    ) from None
                except NotYetReadable as error:
                    raise NotComparable(
                        "compare_needs", position=position, reason=error.needs
                    ) from None
                found.append(source and _chosen_of(source, asked.pages, position))
        return found

    def _screened(self, sources: Sequence[SourceDocument | None]) -> list[list[Structure]]:
        """Return the pages of each source as they are once all that is personal is hidden."""
        texts = [[*map(_harmless, s.pages), readable_name(s.name)] for s in sources if s]
        if not texts:
            return [[] for _ in sources]
        guard = self.guard(sum(len(text) for pages in texts for text in pages))
        with ThreadPoolExecutor(len(texts)) as at_once:  # each on a core, where the guard has two
            each = iter([*at_once.map(lambda pages: guard.screen_documents([pages])[0], texts)])
        found = list[list[Structure]]()
        for source in sources:
            if source is None:
                found.append([])
                continue
            *pages, name = next(each)
            kept = [
                Structure.of(text.text, moved(page.lines, page.text, text.text))
                for page, text in zip(source.pages, pages, strict=True)
            ]
            found.append([*kept, Structure.of(hidden_name(source.name, name))])
        return found

    def _indexed(self, asked: Asked, position: int) -> Side:
        document = self._document(asked.name, position)
        if is_waiting(document):
            raise NotComparable("compare_waiting", position=position)
        numbers = range(1, document.page_count + 1)
        chosen = _chosen(numbers, document.page_count, asked.pages, position)
        if len(chosen) > MOST_PAGES:
            raise _too_long(document.page_count, position)
        found = ((n, self.store().structure(document.id, n)) for n in chosen)
        pages = [(n, page) for n, page in found if page and page.text.strip()]
        if not pages:
            raise NotComparable("compare_scan", position=position)
        _bounded([page.text for _, page in pages], document.page_count, position)
        return Side(
            file=document.file,
            pages=pages,
            label=document.act.label,
            document=document.id,
            collection=document.collection,
            unread=document.waiting_pages,
            orders=neutralised_in(page.text for _, page in pages),
        )

    def _document(self, name: str, position: int) -> StoredDocument:
        """Return the document of that id, file, or end of a file's path, among those seen."""
        seen = [one for one in self.store().documents() if self.sees(one)]
        by_id = [one for one in seen if one.id == name]
        by_file = [one for one in seen if one.file == name]
        by_end = [one for one in seen if one.file.endswith(f"/{name}")]
        for found in (by_id, by_file, by_end):
            if len(found) > 1:
                raise NotComparable("compare_two_such", position=position)
            if found:
                return found[0]
        raise NotComparable("compare_unknown", position=position)


def _harmless(page: Page) -> str:
    return neutralise(page.text).text


def _side(source: SourceDocument, pages: Sequence[Structure], position: int) -> Side:
    *kept, name = pages
    _bounded([page.text for page in kept], len(kept), position)
    numbers = [page.number for page in source.pages]
    return Side(
        file=name.text,
        pages=[*zip(numbers, kept, strict=True)],
        unread=source.waiting_pages,
        orders=neutralised_in(page.text for page in kept),
    )


def _chosen_of(source: SourceDocument, wanted: Range, position: int) -> SourceDocument:
    """Return a source with the pages that were asked for: only these are hidden and compared."""
    numbers = [page.number for page in source.pages]
    if not numbers:
        raise NotComparable("compare_scan", position=position)
    last = max((*numbers, *source.waiting_pages))
    chosen = {*_chosen(numbers, last, wanted, position)}
    if not chosen:
        raise NotComparable("compare_scan", position=position)
    kept = tuple(page for page in source.pages if page.number in chosen)
    _bounded([page.text for page in kept], len(numbers), position)
    return replace(source, pages=kept)


def _chosen(numbers: Sequence[int], count: int, wanted: Range, position: int) -> list[int]:
    if wanted is None:
        return [*numbers]
    first, last = wanted
    if first > count:
        raise NotComparable("compare_pages", position=position, count=count)
    return [n for n in numbers if first <= n <= last]


def _bounded(texts: Sequence[str], count: int, position: int) -> None:
    if len(texts) > MOST_PAGES or sum(map(len, texts)) > MOST_CHARS:
        raise _too_long(count, position)


def _too_long(count: int, position: int) -> NotComparable:
    return NotComparable("compare_too_long", position=position, count=count, most=MOST_PAGES)
