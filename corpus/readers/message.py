# SPDX-License-Identifier: EUPL-1.2
"""E-mail messages (EML): who, when, about what, the text, and attachments that can be read."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart

from corpus.acts import date_in_words
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers.html import read_html
from corpus.readers.layout import (
    SPACES,
    Block,
    Flag,
    Kind,
    Laid,
    Reading,
    clean,
    laid_pages,
    outlined,
)
from corpus.readers.text import read_text
from corpus.structure import joined

HEADERS = (("Subject", "Objet"), ("From", "De"), ("To", "À"), ("Cc", "Copie"), ("Date", "Date"))

ReadPart = Callable[[bytes, str], Reading]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; `data` is none for what cannot be taken out."""

    name: str
    data: bytes | None


def read_message(data: bytes, read_part: ReadPart, *, is_guessed: bool = False) -> Reading:
    """Read a message as one page; `read_part` reads an attachment by its name. `is_guessed`: a text
    that does not tell its encoding has that of its bytes, and not ASCII alone."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not any(message[name] for name, _ in HEADERS):
        raise UnreadableFile("broken")
    lines = [f"{word} : {_shown(message, name)}" for name, word in HEADERS if message[name]]
    text = None
    body = message.get_body(("plain", "html"))
    if body is not None:
        reader = read_html if body.get_content_subtype() == "html" else read_text
        is_untold = is_guessed and body.get_content_charset() is None
        text = reader(_raw(body) if is_untold else _bytes(body))
    attachments = [
        Attachment(part.get_filename() or "", _bytes(part)) for part in message.iter_attachments()
    ]
    return told(lines, text, attachments, read_part)


def told(
    lines: Sequence[str],
    body: Reading | None,
    attachments: Iterable[Attachment],
    read_part: ReadPart,
) -> Reading:
    """Return a message as one page: headers, text, then each attachment under its name."""
    said: list[Laid] = [(SPACES.sub(" ", clean(line)), ()) for line in lines]
    said += _pages(body) if body else ()
    needs: set[str] = set()
    flags = set(body.flags) if body else set()
    unseen: list[str] = [*body.unseen] if body else []
    for attachment in attachments:
        title = SPACES.sub(" ", clean(f"\nPièce jointe : {attachment.name}".rstrip(" :")))
        said.append((title, outlined(title, [Block(title, Kind.HEADING)])))
        if attachment.data is None:
            flags.add(Flag.LEFT_OUT)
            continue
        try:
            reading = read_part(attachment.data, attachment.name)
        except NotYetReadable as waits:
            needs.add(waits.needs)
        except UnreadableFile:
            flags.add(Flag.LEFT_OUT)  # the message is worth reading without it
        else:
            said += _pages(reading)
            needs.update({reading.needs} - {""})
            flags |= reading.flags
            unseen += reading.unseen
    return Reading(
        *laid_pages({1: joined(said)}),
        needs=min(needs, default=""),
        flags=frozenset(flags),
        unseen=tuple(unseen),
    )


def _shown(message: EmailMessage, name: str) -> str:
    """Return a header as a reader reads it, the date in French."""
    header = message[name]
    moment = getattr(header, "datetime", None)
    if isinstance(moment, datetime):
        return f"{date_in_words(moment.date().isoformat())} à {moment:%H} h {moment:%M}"
    return str(header)


def _pages(reading: Reading) -> Iterator[Laid]:
    return ((text, reading.lines.get(number, ())) for number, text in reading.pages)


def _bytes(part: MIMEPart) -> bytes:
    """Return a part's bytes, texts in UTF-8."""
    content = part.get_content()
    if isinstance(content, str):
        return content.encode("utf-8", "replace")
    return content if isinstance(content, bytes) else bytes(part)


def _raw(part: MIMEPart) -> bytes:
    """Return a part's bytes as they are, out of their transfer encoding."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
