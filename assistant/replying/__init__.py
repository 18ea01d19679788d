# SPDX-License-Identifier: EUPL-1.2
"""Help with a letter: hidden at once, its questions one for one, their answers, a draft.

Replying.read_text │ read_file ─▶ Read(letter, questions)
Replying.parts(questions)      ─▶ Part(asks, outcome, rule)…
draft(parts)                   ─▶ the reply, with its blanks
"""

from assistant.replying.asking import Asks
from assistant.replying.draft import draft, file_in_words
from assistant.replying.letter import Letter
from assistant.replying.notes import Note, language_of, notes_of, unread_note
from assistant.replying.replying import LetterReader, Part, Read, answered

__all__ = [
    "Asks",
    "Letter",
    "LetterReader",
    "Note",
    "Part",
    "Read",
    "answered",
    "draft",
    "file_in_words",
    "language_of",
    "notes_of",
    "unread_note",
]
