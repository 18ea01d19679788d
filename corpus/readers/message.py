# SPDX-License-Identifier: EUPL-1.2
"""E-mail messages (EML): who, when, about what, the text, and attachments that can be read."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage, MIMEPart

from corpus.acts import date_in_words
from corpus.errors import NotYetReadable, UnreadableFile
from corpus.readers.html import read_html
from corpus.readers.layout import Reading, clean
from corpus.readers.text import read_text

HEADERS = (("Subject", "Objet"), ("From", "De"), ("To", "À"), ("Cc", "Copie"), ("Date", "Date"))

ReadPart = Callable[[bytes, str], Reading]


def read_message(data: bytes, read_part: ReadPart) -> Reading:
    """Read a message as one page; `read_part` reads an attachment by its name."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not any(message[name] for name, _ in HEADERS):
        raise UnreadableFile("broken")
    lines = [f"{word} : {_shown(message, name)}" for name, word in HEADERS if message[name]]
    needs: set[str] = set()
    body = message.get_body(("plain", "html"))
    if body is not None:
        reader = read_html if body.get_content_subtype() == "html" else read_text
        lines += _texts(reader(_bytes(body)))
    for part in message.iter_attachments():
        name = part.get_filename() or ""
        lines.append(f"\nPièce jointe : {name}".rstrip(" :"))
        try:
            reading = read_part(_bytes(part), name)
        except NotYetReadable as waits:
            needs.add(waits.needs)
        except UnreadableFile:
            continue  # the message is worth reading without it
        else:
            lines += _texts(reading)
            needs.update({reading.needs} - {""})
    text = clean("\n".join(lines))
    return Reading(((1, text),), needs=min(needs, default=""))


def _shown(message: EmailMessage, name: str) -> str:
    """Return a header as a reader reads it, the date in French."""
    header = message[name]
    moment = getattr(header, "datetime", None)
    if isinstance(moment, datetime):
        return f"{date_in_words(moment.date().isoformat())} à {moment:%H} h {moment:%M}"
    return str(header)


def _texts(reading: Reading) -> Iterator[str]:
    return (text for _, text in reading.pages)


def _bytes(part: MIMEPart) -> bytes:
    """Return a part's bytes, texts in UTF-8."""
    content = part.get_content()
    if isinstance(content, str):
        return content.encode("utf-8", "replace")
    return content if isinstance(content, bytes) else bytes(part)
