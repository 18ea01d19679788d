# SPDX-License-Identifier: EUPL-1.2
"""The marks of a sound: a RIFF file says what made it, as any program reads it.

    espeak's WAV ─marked▶ fmt, data, LIST INFO (ISFT, ICMT), _PMX (XMP) ─▶ the same sound, whole

A voice that is written to a pipe cannot know its length: the sizes are put right here as well.
What is no WAV is given back as it came: a sound that plays is worth more than its mark.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from assistant.provenance import Mark
from ui.export.xmp import xmp_packet

PROGRAM = "Greffier"


def marked(wav: bytes, mark: Mark, words: str) -> bytes:
    """Return the sound with its marks; `words` say that a machine made it."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        return wav
    info = b"INFO" + _chunk(b"ISFT", PROGRAM.encode() + b"\0")
    info += _chunk(b"ICMT", f"{words} [{mark.source.uri}]".encode() + b"\0")
    packet = xmp_packet(mark, title=words, words=words, tool=PROGRAM)
    kept = b"".join(_chunk(name, content) for name, content in _chunks(wav))
    body = b"WAVE" + kept + _chunk(b"LIST", info) + _chunk(b"_PMX", packet)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def joined(sounds: Sequence[bytes]) -> bytes:
    """Return sounds of one form, one after the other, as one; nothing where one of them failed."""
    if len(sounds) < 2:
        return b"".join(sounds)
    parts = [dict(_chunks(sound)) for sound in sounds]
    forms = {part.get(b"fmt ", b"") for part in parts}
    if len(forms) != 1 or not all(part.get(b"data") for part in parts):
        return b""
    body = b"WAVE" + _chunk(b"fmt ", forms.pop())
    body += _chunk(b"data", b"".join(part[b"data"] for part in parts))
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunks(wav: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the names and contents of a RIFF file; the last one may say more than there is."""
    at = 12
    while at + 8 <= len(wav):
        name, size = wav[at : at + 4], int.from_bytes(wav[at + 4 : at + 8], "little")
        content = wav[at + 8 : at + 8 + size]
        yield name, content
        at += 8 + len(content) + len(content) % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    padding = b"\0" if len(content) % 2 else b""
    return name + struct.pack("<I", len(content)) + content + padding
