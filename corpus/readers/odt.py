# SPDX-License-Identifier: EUPL-1.2
"""OpenDocument texts (ODT), read from their XML.

Read: headings, paragraphs, lists, tables, frames, footnotes, headers and footers. Apart,
screened and flagged: tracked deletions, comments, hidden text. Left out: tables of contents.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.readers.layout import Block, Flag, Kind, Reading, one_page, table_blocks
from corpus.readers.package import Package, parse_xml

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
MANIFEST = "META-INF/manifest.xml"
"""OpenOffice once declared its type there, as nobody does in the text itself."""

MAX_REPEATS = 64

UNSEEN = frozenset(
    {
        TEXT + name
        for name in ("tracked-changes", "table-of-content", "hidden-text", "note-citation")
    }
    | {OFFICE + "annotation", OFFICE + "annotation-end", OFFICE + "forms"}
)
APART = (
    TEXT + "changed-region",
    OFFICE + "annotation",
    TEXT + "hidden-text",
    TEXT + "hidden-paragraph",
)
SIDES = frozenset(STYLE + name for name in ("header", "footer", "header-first", "footer-first"))


def read_odt(data: bytes) -> Reading:
    """Read an ODT as one page, its headers and footers after the text."""
    package = open_document(data)
    content = package.xml("content.xml")
    body = content.find(f"{OFFICE}body")
    read = list(blocks(body)) if body is not None else []
    if "styles.xml" in package.names:
        said = {block.text.strip() for block in read}
        sides = [
            block for element in package.xml("styles.xml").iter(*SIDES) for block in blocks(element)
        ]
        read += [b for b in dict.fromkeys(sides) if b.text.strip() not in said]
    return one_page(read, document_flags(package, content), document_unseen(content))


def document_flags(package: Package, content: etree._Element) -> set[Flag]:
    """Return what an OpenDocument file holds that its reader does not see."""
    signs = (
        (Flag.TRACKED_CHANGES, TEXT + "changed-region"),
        (Flag.COMMENTS, OFFICE + "annotation"),
        (Flag.HIDDEN_TEXT, TEXT + "hidden-text"),
        (Flag.HIDDEN_TEXT, TEXT + "hidden-paragraph"),
    )
    flags = {flag for flag, tag in signs if content.find(f".//{tag}") is not None}
    if any(_is_hidden_row(row) for row in content.iter(TABLE + "table-row")):
        flags.add(Flag.HIDDEN_TEXT)
    if any(name.startswith(("Basic/", "Scripts/")) for name in package.names):
        flags.add(Flag.MACROS)
    return flags


def document_unseen(content: etree._Element) -> Iterator[str]:
    """Yield what an OpenDocument file holds that its reader does not see."""
    for element in content.iter(*APART, TEXT + "section", TEXT + "p", TABLE + "table-row"):
        is_away = element.get(TEXT + "display") == "none" or _is_hidden_row(element)
        if element.tag in APART or is_away:
            # Who commented, and when, is in every comment: no news.
            paragraphs = [*element.iter(TEXT + "p", TEXT + "h")] or [element]
            yield " ".join(" ".join("".join(p.itertext()).split()) for p in paragraphs)


def _is_hidden_row(element: etree._Element) -> bool:
    is_shown = element.get(TABLE + "visibility", "visible") == "visible"
    return not is_shown and any(text.strip() for text in element.itertext())


def open_document(data: bytes) -> Package:
    """Return the package of an OpenDocument file; raise if it is encrypted or broken."""
    package = Package(data)
    if "content.xml" not in package.names:
        raise UnreadableFile("broken")
    if MANIFEST in package.names:
        manifest = parse_xml(package.read(MANIFEST))
        if any(str(element.tag).endswith("encryption-data") for element in manifest.iter()):
            raise UnreadableFile("encrypted")
    return package


def blocks(root: etree._Element) -> Iterator[Block]:
    """Yield the paragraphs, headings and table rows under an element, in their order."""
    for child in root:
        if child.tag in UNSEEN or child.get(TEXT + "display") == "none":
            continue
        if child.tag in (TEXT + "h", TEXT + "p"):
            aside: list[etree._Element] = []
            text = "".join(_text(child, aside))
            listed = root.tag == TEXT + "list-item" and child.tag == TEXT + "p"
            kind, level = Kind.ITEM if listed else Kind.LINE, 0
            if child.tag == TEXT + "h":
                kind, level = Kind.HEADING, int(child.get(TEXT + "outline-level") or 1)
            elif listed:
                level = sum(1 for _ in child.iterancestors(TEXT + "list"))
            if text.strip():
                yield Block(f"- {text}" if listed else text, kind, level)
            for element in aside:
                yield from blocks(element)
        elif child.tag == TABLE + "table":
            yield from table_blocks(table_rows(child), headers=1 if _names_columns(child) else None)
        else:
            yield from blocks(child)


def _text(element: etree._Element, aside: list[etree._Element]) -> Iterator[str]:
    """Yield the words of a paragraph; footnotes and frames are put aside, they are blocks."""
    yield element.text or ""
    for child in element:
        if child.tag in (TEXT + "s", TEXT + "tab", TEXT + "line-break"):
            yield " "
        elif child.tag in (TEXT + "note-body", DRAW + "text-box"):
            aside.append(child)
        elif isinstance(child.tag, str) and child.tag not in UNSEEN:
            yield from _text(child, aside)
        yield child.tail or ""


def _names_columns(table: etree._Element) -> bool:
    return table.find(TABLE + "table-header-rows") is not None


def table_rows(table: etree._Element) -> list[list[str]]:
    """Return the cells of each row that is seen, as text; what goes down is said in each row."""
    rows: list[list[str]] = []
    below: dict[int, tuple[str, int]] = {}  # by column, with the rows that it still takes
    for row in table.iter(TABLE + "table-row"):
        if row.get(TABLE + "visibility", "visible") != "visible":
            continue
        cells: list[str] = []
        for cell in row:
            if cell.tag not in (TABLE + "table-cell", TABLE + "covered-table-cell"):
                continue
            times = min(int(cell.get(TABLE + "number-columns-repeated", "1")), MAX_REPEATS)
            text = " ".join(block.text for block in blocks(cell))
            tall = int(cell.get(TABLE + "number-rows-spanned", "1"))
            held, left = below.pop(len(cells), ("", 0))
            if left and cell.tag == TABLE + "covered-table-cell":
                text = text or held
                below |= {len(cells): (held, left - 1)} if left > 1 else {}
            elif tall > 1 and cell.get(TABLE + "number-columns-spanned", "1") == "1":
                below[len(cells)] = (text, tall - 1)
            cells += [text] * times if text else [""] * times
        rows.append(cells)
    return rows
