# SPDX-License-Identifier: EUPL-1.2
"""A letter that was received: read, hidden at once, its orders to the machine taken out.

    text or file ─contained readers▶ pages ─neutralise▶ ─guard, structure▶ Letter

Nothing of it is kept: a Letter lives as long as its reply is made. A guard that cannot examine all
of it stays shut: there is no Letter then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as TooSlow
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from assistant.replying.anatomy import Anatomy, Role, anatomy
from assistant.replying.frames import frame_in
from assistant.replying.tongues import settled
from corpus.documents import Page, SourceDocument
from corpus.dropped import fleeting
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers import ENDINGS
from corpus.readers.layout import Flag
from corpus.readers.pool import LetterReading
from guardrails.errors import TextTooLong
from guardrails.findings import Screened
from guardrails.injection import REPLACEMENT, Disguise, Neutralised, Report, neutralise
from guardrails.redaction import redacted
from guardrails.spans import in_place_of, merged

MAX_CHARS = 60_000
"""Some thirty pages: a longer one is read at both its ends, where letters say what they want."""

READ_SECONDS = 120.0
"""By the clock, for one file: somebody waits for it."""

_MARKED_UP = re.compile(r"\s*(?:<!doctype\s+html|<html\b|<(?:body|div|p|table|span)\b)", re.I)
_TRANSMITTED = re.compile(
    r"(?:^(?:received|message-id|mime-version|content-type|return-path|from|to|subject|date|x-[\w-]+)"
    r":[^\n]*\n(?:[ \t][^\n]*\n)*){2,}",
    re.IGNORECASE | re.MULTILINE,
)
_ENCODED = re.compile(
    r"^(?:mime-version|content-type|content-transfer-encoding|message-id)\s?:", re.I | re.M
)

_OFFICE = re.compile(r"(?:à l'attention du )?service\s(?:de|du|des|d')", re.IGNORECASE)
"""« Service du cimetière » above a letter says what it is about, where no subject line does."""

OpenReading = Callable[[], AbstractContextManager[LetterReading]]


class LetterGuard(Protocol):
    """What hides: the pages of a letter are looked at together."""

    def screen_documents(
        self, documents: Sequence[Sequence[str]], *, policy: str | None = None
    ) -> list[list[Screened]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A letter as it was read: raw, never kept. `attached_from`: the first line of what came with
    it, which is told and not read; `unread`: pages of pictures that nothing could make out."""

    text: str
    attached_from: int | None = None
    attached: int = 0
    unread: int = 0
    flags: frozenset[str] = frozenset()
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter in its hidden form. `lines` and `roles` belong together; `orders` counts what gave
    orders to a machine. `sender` is raw, for the page of whoever answers, and for nothing else."""

    text: str
    roles: tuple[Role, ...]
    subject: str = ""
    sender: str = ""
    hidden: int = 0
    orders: int = 0
    attached: int = 0
    unread: int = 0
    hides_words: bool = False
    is_cut: bool = False

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def body(self) -> list[str]:
        """The lines that may ask something; others are empty lines."""
        told = zip(self.lines, self.roles, strict=True)
        return [line if role is Role.BODY else "" for line, role in told]


def received_text(text: str, open_reading: OpenReading) -> Received:
    """Read what was pasted; a web page or a mail as it was sent goes through its reader. Raises
    UnreadableFile."""
    if not text.strip():
        raise UnreadableFile("empty")
    if _MARKED_UP.match(text):
        return received_file(text.encode(), "letter.html", open_reading)
    if _TRANSMITTED.match(text.lstrip()) and _ENCODED.search(text[:20_000]):
        return received_file(text.lstrip().encode(), "letter.eml", open_reading)
    return _received(SourceDocument(id="", name="", media_type="", pages=(_page(text),)))


def received_file(data: bytes, name: str, open_reading: OpenReading) -> Received:
    """Read a file in a process of its own; only the ending of its name is used. Raises
    UnreadableFile or NotYetReadable."""
    if not data.strip():
        raise UnreadableFile("empty")
    ending = PurePath(name.replace("\\", "/")).suffix.lower()
    with fleeting(data) as path, open_reading() as reading:
        known = ending if ending in ENDINGS else ""
        try:
            source = reading.submit_letter(path, f"letter{known}").result(READ_SECONDS)
        except TooSlow:
            raise UnreadableFile("too_slow") from None
    if not source.pages:
        raise NotYetReadable(source.needs) if source.needs else UnreadableFile("empty")
    return _received(source)


def _page(text: str) -> Page:
    return Page(number=1, text=text.replace("\r\n", "\n").replace("\r", "\n"))


def _received(source: SourceDocument) -> Received:
    text = "\n\n".join(page.text for page in source.pages)
    lines = text.split("\n")
    is_mail = source.media_type in {"message/rfc822", "application/vnd.ms-outlook"}
    came = [n for n, line in enumerate(lines) if is_mail and line.startswith("Pièce jointe :")]
    lines, is_cut = shortened(lines[: came[0]] if came else lines)
    names = [
        lines_ for lines_ in text.split("\n") if is_mail and lines_.startswith("Pièce jointe :")
    ]
    return Received(
        text="\n".join([*lines, *names]),
        attached_from=len(lines) if names else None,
        attached=len(names),
        unread=len(source.waiting_pages),
        flags=frozenset(source.flags),
        is_cut=is_cut,
    )


def shortened(lines: Sequence[str]) -> tuple[list[str], bool]:
    """Return the lines, of too many those at both ends; and whether some were left out."""
    half, chars, first = MAX_CHARS // 2, 0, list[str]()
    if sum(len(line) + 1 for line in lines) <= MAX_CHARS:
        return [*lines], False
    for line in lines:
        chars += len(line) + 1
        if chars > half:
            break
        first.append(line)
    chars, last = 0, list[str]()
    for line in reversed(lines[len(first) :]):
        chars += len(line) + 1
        if chars > half:
            break
        last.append(line)
    return [*first, "", *reversed(last)], True


def hidden(received: Received, guard: LetterGuard) -> Letter:
    """Hide what is personal in a letter; raise GuardrailError where not all of it was examined."""
    plain = without_orders(received.text)
    if not plain.text.strip():
        raise UnreadableFile("empty")
    if len(plain.text) > 2 * MAX_CHARS:  # one line without an end
        raise TextTooLong(len(plain.text), 2 * MAX_CHARS)
    [[screened]] = guard.screen_documents([[plain.text]])
    told = anatomy(plain.text, received.attached_from)
    findings = merged([*settled(plain.text, screened.findings), *told.hidden])
    [masked] = redacted([plain.text], [findings], trusted=False)
    return Letter(
        text=masked.text,
        roles=told.roles,
        subject=_subject(masked.text, told),
        sender=told.sender,
        hidden=len(findings),
        orders=len(plain.reports),
        attached=received.attached,
        unread=received.unread,
        hides_words=Flag.HIDDEN_TEXT in received.flags,
        is_cut=received.is_cut,
    )


def without_orders(text: str) -> Neutralised:
    """Return a letter without its orders to a machine. « Please tell me how to enrol » is none:
    what it asks for, by itself, orders nothing."""
    reports = tuple(r for r in neutralise(text).reports if not _only_asks(text[r.start : r.end], r))
    pieces, position = list[str](), 0
    for report in reports:
        words = text[report.start : report.end]
        pieces += [text[position : report.start], in_place_of(words, REPLACEMENT)]
        position = report.end
    return Neutralised("".join([*pieces, text[position:]]), reports)


def _only_asks(words: str, report: Report) -> bool:
    framed = frame_in(words) if report.disguise is Disguise.VISIBLE else None
    return framed is not None and not neutralise(framed.asked).reports


def _subject(masked: str, told: Anatomy) -> str:
    lines = masked.split("\n")
    if told.subject is not None:
        return lines[told.subject].partition(":")[2].strip()
    above = (line.strip() for line, role in zip(lines, told.roles, strict=True) if _heads(role))
    return next((line for line in above if _OFFICE.match(line)), "")


def _heads(role: Role) -> bool:
    return role is Role.LETTERHEAD
