# SPDX-License-Identifier: EUPL-1.2
"""Web pages: the text that a visitor reads, without scripts and menus.

Parts that a style hides (not shown, white, of no size) are left out and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.readers.layout import Block, Flag, Kind, Reading, one_page, table_blocks
from corpus.readers.text import decode

DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)
HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0\d*)?\s*(?:;|$)"
    r"|font-size\s*:\s*[01](?:\.\d+)?\s*(?:px|pt|em|%)?\s*(?:;|$)"
    r"|text-indent\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
WHITE_STYLE = re.compile(
    r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b"
    r"|rgba?\(\s*255\s*,\s*255\s*,\s*255)",
    re.IGNORECASE,
)
GROUND = re.compile(r"background", re.IGNORECASE)
COOKIES = re.compile(r"cookie|breadcrumb|fil-ariane|skip-link|share", re.IGNORECASE)

NOISE = frozenset(
    {"script", "style", "noscript", "template", "iframe", "svg", "canvas", "nav", "button"}
    | {"select", "option", "input", "textarea", "object", "embed", "audio", "video", "head"}
    | {"dialog", "-comment"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "legend", "caption", "dt"})
BLOCKS = HEADINGS | frozenset(
    {"p", "div", "li", "ul", "ol", "dl", "dd", "section", "article", "main", "header", "footer"}
    | {"aside", "address", "blockquote", "pre", "figure", "figcaption", "details", "fieldset"}
    | {"form", "hr", "table", "body"}
)


def read_html(data: bytes) -> Reading:
    """Read a web page as one page."""
    declared = DECLARED.search(data[:4_096])
    tree = LexborHTMLParser(decode(data, declared.group(1).decode("ascii") if declared else ""))
    root = tree.css_first("main") or tree.css_first("[role=main]") or tree.body
    blocks = list(_blocks(root)) if root is not None else []
    title = tree.css_first("title")
    if title is not None and not any(b.kind is Kind.HEADING for b in blocks[:2]):
        blocks.insert(0, Block(title.text(), Kind.HEADING))
    return one_page(blocks, {Flag.HIDDEN_TEXT} if _hides_words(root) else set())


def _hides_words(root: LexborNode | None) -> bool:
    """Say whether a style hides words; `hidden` and menus are a page's own ways."""
    styled = root.css("[style]") if root is not None else []
    return any(_is_hidden(node) and node.text(deep=True).strip() for node in styled)


def _blocks(node: LexborNode) -> Iterator[Block]:
    """Yield the node's blocks; words that stand between blocks are a paragraph of their own."""
    kind = Kind.HEADING if node.tag in HEADINGS else Kind.LINE
    said = "- " if node.tag == "li" else ""
    for child in node.iter(include_text=True):
        if child.is_text_node:
            said += child.text_content or ""
        elif _is_noise(child):
            continue
        elif child.tag == "br":
            yield Block(said, kind)
            said = ""
        elif child.tag == "table" or _holds_blocks(child):
            if said.strip(" -\n\t"):
                yield Block(said, kind)
            said = ""
            yield from _table(child) if child.tag == "table" else _blocks(child)
        else:
            said += "".join(_inline(child))
    if said.strip(" -\n\t"):
        yield Block(said, kind)


def _inline(node: LexborNode) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.is_text_node:
            yield child.text_content or ""
        elif child.tag == "br":
            yield " "
        elif not _is_noise(child):
            yield from _inline(child)


def _holds_blocks(node: LexborNode) -> bool:
    return node.tag in BLOCKS or any(_holds_blocks(child) for child in node.iter())


def _is_hidden(node: LexborNode) -> bool:
    style = node.attributes.get("style") or ""
    if HIDDEN_STYLE.search(style):
        return True
    return bool(WHITE_STYLE.search(style)) and not _has_ground(node)


def _has_ground(node: LexborNode | None) -> bool:
    """Say whether something else than white may lie behind a node."""
    while node is not None and node.tag not in ("body", "-undef"):
        values = node.attributes
        if GROUND.search(values.get("style") or "") or "bgcolor" in values or values.get("class"):
            return True
        node = node.parent
    return False


def _is_noise(node: LexborNode) -> bool:
    if node.tag in NOISE:
        return True
    values = node.attributes
    if "hidden" in values or values.get("aria-hidden") == "true":
        return True
    if _is_hidden(node):
        return True
    if node.tag in ("header", "footer") and node.parent is not None and node.parent.tag == "body":
        return True
    return bool(COOKIES.search(f"{values.get('class') or ''} {values.get('id') or ''}"))


def _table(table: LexborNode) -> Iterator[Block]:
    rows: list[list[str]] = []
    header = False
    caption = table.css_first("caption")
    if caption is not None:
        yield Block("".join(_inline(caption)), Kind.HEADING)
    for row in table.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
        if not rows:
            header = len(cells) > 1 and all(cell.tag == "th" for cell in cells)
        texts: list[str] = []
        for cell in cells:
            wide = cell.attributes.get("colspan") or "1"
            texts.append(" ".join("".join(_inline(cell)).split()))
            texts += [""] * (min(int(wide), 64) - 1 if wide.isdigit() else 0)
        rows.append(texts)
    if table.css_first("table table") is not None:
        # A table around tables only places things on the screen.
        yield from (Block(text) for row in rows for text in row)
    else:
        yield from table_blocks(rows, named=header)
