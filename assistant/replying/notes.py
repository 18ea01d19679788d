# SPDX-License-Identifier: EUPL-1.2
"""What is told of a letter beside its answers: what was not read, not taken up, taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.replying.replying import Read
from assistant.texts import Language, Texts
from assistant.understanding.questions import understand
from corpus.errors import NotYetReadable, UnreadableFile
from guardrails.errors import DetectorFailed, TextTooLong
from guardrails.findings import Screened


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that is told, by its key, and in words."""

    key: str
    text: str


def notes_of(read: Read, texts: Texts) -> list[Note]:
    """Return what an agent should know of a letter that was read."""
    return [Note(key, texts("reply", f"note_{key}", count=count)) for key, count in _told(read)]


def _told(read: Read) -> Iterator[tuple[str, int]]:
    letter = read.letter
    for key, count in (
        ("orders", letter.orders),
        ("hides_words", letter.hides_words),
        ("attached", letter.attached),
        ("unread", letter.unread),
        ("cut", letter.is_cut),
        ("more", read.more),
        ("nothing_asked", not read.questions),
    ):
        if count:
            yield key, int(count)


def unread_note(
    error: UnreadableFile | NotYetReadable | DetectorFailed | TextTooLong, texts: Texts
) -> Note:
    """Return why a letter was not read."""
    match error:
        case UnreadableFile(reason="empty"):
            return Note("empty", texts("reply", "note_empty"))
        case UnreadableFile(reason=reason):
            return _unreadable(texts("reason", reason), texts)
        case NotYetReadable(needs=needs):
            return _unreadable(texts("needs", needs), texts)
        case _:
            return Note("guard_closed", texts("reply", "note_guard_closed"))


def _unreadable(why: str, texts: Texts) -> Note:
    return Note("unreadable", texts("reply", "note_unreadable", why=why))


def language_of(questions: Sequence[str]) -> Language:
    """Return the language that a reply is written in: that of most questions, French in doubt."""
    told = [understand(Screened(question)).language for question in questions]
    return "en" if told.count("en") > len(told) / 2 else "fr"
