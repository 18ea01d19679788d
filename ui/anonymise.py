# SPDX-License-Identifier: EUPL-1.2
"""A text or a document in, its hidden version out, and nothing kept of either.

    upload ─memory▶ a file without a name ─readers, a process of its own▶ pages
           ─guard▶ Masked(pages, what was hidden by kind) ─▶ DOCX │ ODT │ PDF │ TXT

The name of the file tells of people too: only its ending is used, and only to know its kind.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import gettempdir
from typing import Protocol

from corpus.dropped import fleeting
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers import ENDINGS
from corpus.readers.pool import FileReading
from guardrails.findings import Entity, Screened
from guardrails.special import concerns

MAX_TEXT_CHARS = 300_000
LEFT_BY_EARLIER = "greffier-masquer-*"
"""Folders that earlier versions wrote; a process that was killed left its document there."""


class MaskingFailed(Exception):
    """Nothing could be hidden; `key` names the words that say why, without the document's."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


class DocumentGuard(Protocol):
    """What hides: the pages of a document are looked at together."""

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """The hidden version. `pages` are (number, text); `doubts` counts what was almost hidden;
    `unread` are pages of pictures that nothing could make out: they are left out."""

    pages: tuple[tuple[int, str], ...]
    hidden: tuple[tuple[Entity, int], ...]
    doubts: int = 0
    unread: tuple[int, ...] = ()
    is_sensitive: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(text for _, text in self.pages)

    @property
    def count(self) -> int:
        return sum(count for _, count in self.hidden)


def mask_text(guard: DocumentGuard, text: str) -> Masked:
    """Hide the personal data of a text; raise MaskingFailed or GuardrailError."""
    if not text.strip():
        raise MaskingFailed("mask_empty")
    return _masked(guard, [(1, text)], ())


def mask_file(
    guard: DocumentGuard,
    data: bytes,
    name: str,
    open_reading: Callable[[], AbstractContextManager[FileReading]],
) -> Masked:
    """Hide the personal data of a document; raise MaskingFailed or GuardrailError."""
    if not data:
        raise MaskingFailed("mask_empty")
    ending = ending_of(name)
    try:
        with fleeting(data) as path, open_reading() as reading:
            source = reading.submit(path, (), f"document{ending}").result()
    except UnreadableFile as error:
        raise MaskingFailed(f"unreadable_{error.reason}") from None
    except NotYetReadable:
        raise MaskingFailed("unreadable_needs") from None
    pages = [(page.number, page.text) for page in source.pages]
    if not pages:
        raise MaskingFailed("unreadable_picture")
    return _masked(guard, pages, source.waiting_pages)


def ending_of(name: str) -> str:
    """Return a file's ending if it is one that we know: nothing else of its name is used.

    >>> ending_of("Courrier de Mme Vautrin.PDF"), ending_of("x.exe"), ending_of("../../a.Dupont")
    ('.pdf', '', '')
    """
    ending = PurePath(name.replace("\\", "/")).suffix.lower()
    return ending if ending in ENDINGS else ""


def _masked(
    guard: DocumentGuard, pages: Sequence[tuple[int, str]], unread: tuple[int, ...]
) -> Masked:
    chars = sum(len(text) for _, text in pages)
    if chars > MAX_TEXT_CHARS:
        raise MaskingFailed("mask_too_long", chars=chars, max_chars=MAX_TEXT_CHARS)
    [screened] = guard.screen_documents([[text for _, text in pages]])
    counts = Counter(finding.entity for page in screened for finding in page.findings)
    return Masked(
        pages=tuple((n, page.text) for (n, _), page in zip(pages, screened, strict=True)),
        hidden=tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
        doubts=sum(len(page.doubts) for page in screened),
        unread=unread,
        is_sensitive=bool(concerns(screened)),
    )


def sweep() -> None:
    """Remove what an earlier version left behind; called when the application starts."""
    for folder in Path(gettempdir()).glob(LEFT_BY_EARLIER):
        shutil.rmtree(folder, ignore_errors=True)
