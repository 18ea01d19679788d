# SPDX-License-Identifier: EUPL-1.2
"""The older Office container, written from its streams: for the town's Outlook message and its
Word 97 document."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime

SECTOR = 512
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NO_STREAM = 0xFFFFFFFF
MINI_LIMIT = 4_096
TEXT_AT, FRENCH = 0x400, 0x040C


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE container of these streams (`folder/name`), each 4,096 bytes at least, so
    that none needs the small sectors."""
    tree: list[tuple[str, int, bytes]] = [("Root Entry", 5, b"")]
    children: dict[int, list[int]] = {0: []}
    folders: dict[str, int] = {"": 0}
    for path, data in sorted(streams.items()):
        folder, _, name = path.rpartition("/")
        if folder not in folders:
            folders[folder] = len(tree)
            children[0].append(len(tree))
            children[len(tree)] = []
            tree.append((folder, 1, b""))
        children[folders[folder]].append(len(tree))
        tree.append((name, 2, data.ljust(MINI_LIMIT, b"\x00")))

    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        first = len(sectors)
        blocks = [data[i : i + SECTOR].ljust(SECTOR, b"\x00") for i in range(0, len(data), SECTOR)]
        sectors.extend(blocks)
        fat.extend(range(first + 1, first + len(blocks)))
        fat.append(END)
        return first

    starts = [put(data) if kind == 2 else END for _, kind, data in tree]
    directory = b""
    for index, (name, kind, data) in enumerate(tree):
        # Siblings as a list that leans to the right: readers walk it as a tree.
        family = next((c for c in children.values() if index in c), [])
        place = family.index(index) if family else -1
        right = family[place + 1] if 0 <= place < len(family) - 1 else NO_STREAM
        child = children.get(index) or [NO_STREAM]
        wide = name.encode("utf-16-le") + b"\x00\x00"
        directory += struct.pack(
            "<64sHBBIII16sI16sIQ",
            *(wide, len(wide), kind, 1, NO_STREAM, right, child[0], b"", 0, b""),
            *(starts[index], len(data)),
        )
    directory_start = put(directory)
    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * SECTOR:
        fat_sectors += 1
    first_fat = len(sectors)
    fat += [FAT_SECTOR] * fat_sectors
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * SECTOR, b"\xff")
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b""),
        *(0, fat_sectors, directory_start, 0, MINI_LIMIT, END, 0, END, 0),
    )
    difat = [first_fat + i for i in range(fat_sectors)] + [FREE] * (109 - fat_sectors)
    return head + struct.pack("<109I", *difat) + b"".join(sectors) + table


FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
SENT = datetime(2025, 4, 3, 17, 42, 11, tzinfo=UTC)


def message(
    *,
    subject: str,
    body: str,
    attachments: Mapping[str, bytes] | None = None,
    sender: str = "Service voirie",
    sent: datetime = SENT,
) -> bytes:
    """Return an Outlook message to the town hall."""
    ticks = round((sent - FILETIME_EPOCH).total_seconds()) * 10**7
    table = b"\x00" * 32 + struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
    streams = {
        "__properties_version1.0": table,
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_0C1A001F": sender.encode("utf-16-le"),
        "__substg1.0_0E04001F": "Mairie".encode("utf-16-le"),
        "__substg1.0_1000001F": body.encode("utf-16-le"),
    }
    for number, (name, data) in enumerate((attachments or {}).items()):
        folder = f"__attach_version1.0_#{number:08X}"
        streams[f"{folder}/__substg1.0_3707001F"] = name.encode("utf-16-le")
        streams[f"{folder}/__substg1.0_37010102"] = data
    return compound(streams)


def old_word(text: str) -> bytes:
    """Return a Word 97 document of plain paragraphs: a header, the text, one piece that says
    where it stands."""
    body = text.replace("\n", "\r").encode("cp1252")
    header = bytearray(TEXT_AT)
    in_first_table = 0x0200
    struct.pack_into("<HHHHHHHL", header, 0, 0xA5EC, 0xC1, 0, FRENCH, 0, in_first_table, 0xBF, 0)
    struct.pack_into("<LL", header, 0x18, TEXT_AT, TEXT_AT + len(body))
    for place, size in ((0x20, 14), (0x3E, 22), (0x98, 93)):
        struct.pack_into("<H", header, place, size)
    struct.pack_into("<L", header, 0x40, TEXT_AT + len(body))
    struct.pack_into("<L", header, 0x4C, len(body))
    one_byte_a_letter = 2 * TEXT_AT | 0x40000000
    piece = struct.pack("<LLHLH", 0, len(body), 0, one_byte_a_letter, 0)
    pieces = b"\x02" + struct.pack("<L", len(piece)) + piece
    struct.pack_into("<LL", header, 0x1A2, 0, len(pieces))
    return compound({"1Table": pieces, "WordDocument": bytes(header) + body})
