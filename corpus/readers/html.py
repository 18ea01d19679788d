# SPDX-License-Identifier: EUPL-1.2
"""Web pages: the text that a visitor reads, without scripts and menus.

Parts that a style hides (not shown, white, of no size) are left out and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.readers.grid import Cell, grid_blocks
from corpus.readers.layout import CAPTION, PRINTED, Block, Flag, Kind, Reading, one_page
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
NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
NO_SIZE = re.compile(
    r"(?:font-size|line-height|max-height|max-width)\s*:\s*[01](?:px|pt)?\s*(?:!important\s*)?(?:;|$)"
    r"|opacity\s*:\s*0\s*(?:;|$)",
    re.IGNORECASE,
)
AT_RULE = re.compile(r"@[^{};]{0,200}\{(?:[^{}]{0,2000}\{[^{}]{0,2000}\}){0,200}[^{}]{0,2000}\}")
RULE = re.compile(r"(?P<of>[^{}]{1,300})\{(?P<style>[^{}]{1,2000})\}")
SIMPLE = re.compile(r"(?:^|(?<=,))\s*([a-zA-Z]*[.#][\w-]+)\s*(?=,|$)")
MOST_RULES = 500
"""Rules of a style sheet that are read, and names of one element: « .preheader »."""

GROUND = re.compile(r"background", re.IGNORECASE)
COOKIES = re.compile(r"cookie|breadcrumb|fil-ariane|skip-link|share", re.IGNORECASE)

NOISE = frozenset(
    {"script", "style", "noscript", "template", "iframe", "svg", "canvas", "nav", "button"}
    | {"select", "option", "input", "textarea", "object", "embed", "audio", "video", "head"}
    | {"dialog", "-comment"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "legend", "caption", "dt"})
LEVELS = {"caption": CAPTION}
BLOCKS = HEADINGS | frozenset(
    {"p", "div", "li", "ul", "ol", "dl", "dd", "section", "article", "main", "header", "footer"}
    | {"aside", "address", "blockquote", "pre", "figure", "figcaption", "details", "fieldset"}
    | {"form", "hr", "table", "body"}
)


def read_html(data: bytes) -> Reading:
    """Read a web page as one page."""
    declared = DECLARED.search(data[:4_096])
    tree = LexborHTMLParser(decode(data, declared.group(1).decode("ascii") if declared else ""))
    _style_for_good(tree)
    root = tree.css_first("main") or tree.css_first("[role=main]") or tree.body
    blocks = list(_blocks(root)) if root is not None else []
    title = tree.css_first("title")
    if title is not None and not any(b.kind is Kind.HEADING for b in blocks[:2]):
        blocks.insert(0, Block(title.text(), Kind.HEADING, 1))
    return one_page(blocks, {Flag.HIDDEN_TEXT} if _hides_words(root) else set())


def _style_for_good(tree: LexborHTMLParser) -> None:
    """Give elements the style of the page's sheets where it hides them twice (not shown, and white
    or of no size): the words before a mail that only its list shows. One way alone hides what a
    click opens, too."""
    for sheet in tree.css("style"):
        for rule in islice(RULE.finditer(AT_RULE.sub("", sheet.text())), MOST_RULES):
            style = rule["style"]
            if not NOT_SHOWN.search(style) or not (
                NO_SIZE.search(style) or WHITE_STYLE.search(style)
            ):
                continue
            for name in SIMPLE.findall(rule["of"]):
                for node in tree.css(name):
                    node.attrs["style"] = f"{node.attributes.get('style') or ''};{style}"


def html_part(source: str) -> tuple[list[Block], bool]:
    """Return the blocks of a piece of HTML, and whether a style hides words in it."""
    root = LexborHTMLParser(source).body
    return (list(_blocks(root)), _hides_words(root)) if root is not None else ([], False)


def is_unseen(tag: str, *, by_style: bool = False) -> bool:
    """Say whether an element, of which this is the first tag, is not seen, or not by its style."""
    root = LexborHTMLParser(f"<body>{tag}").body
    child = root.child if root is not None else None
    return child is not None and (_is_hidden(child) if by_style else _is_noise(child))


def _hides_words(root: LexborNode | None) -> bool:
    """Say whether a style hides words; `hidden` and menus are a page's own ways."""
    styled = root.css("[style]") if root is not None else []
    return any(_is_hidden(node) and node.text(deep=True).strip() for node in styled)


def _blocks(node: LexborNode) -> Iterator[Block]:
    """Yield the node's blocks; words that stand between blocks are a paragraph of their own."""
    kind, level = _kind(node)
    said = "- " if node.tag == "li" else ""
    for child in node.iter(include_text=True):
        if child.is_text_node:
            said += child.text_content or ""
        elif _is_noise(child):
            continue
        elif child.tag == "br":
            yield Block(said, kind, level)
            said = ""
        elif child.tag == "table" or _holds_blocks(child):
            if said.strip(" -\n\t"):
                yield Block(said, kind, level)
            said = ""
            yield from _table(child) if child.tag == "table" else _blocks(child)
        else:
            said += "".join(_inline(child))
    if said.strip(" -\n\t"):
        yield Block(said, kind, level)


def _kind(node: LexborNode) -> tuple[Kind, int]:
    """Return what the words of an element are, and how deep they stand."""
    if node.tag in HEADINGS:
        is_ranked = node.tag[0] == "h"
        return Kind.HEADING, int(node.tag[1]) if is_ranked else LEVELS.get(node.tag, PRINTED)
    lists, item = 0, False
    over: LexborNode | None = node
    while over is not None and over.tag not in ("body", "td", "th"):
        item = item or over.tag == "li"
        lists += over.tag in ("ul", "ol")
        over = over.parent
    return (Kind.ITEM, lists) if item else (Kind.LINE, 0)


def _inline(node: LexborNode) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.is_text_node:
            yield child.text_content or ""
        elif child.tag == "br":
            yield " "
        elif not _is_noise(child):
            around = " " if child.tag in BLOCKS else ""
            yield around
            yield from _inline(child)
            yield around


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
    caption = table.css_first("caption")
    if caption is not None and not _is_noise(caption):
        yield Block("".join(_inline(caption)), Kind.HEADING, CAPTION)
    rows = [cells for row in _rows(table) if (cells := _cells(row))]
    if _only_places(table, rows):
        yield from (block for row in rows for cell in row for block in _blocks(cell))
        return
    read = [
        [Cell(_cell_text(c), _span(c, "colspan"), _span(c, "rowspan")) for c in row] for row in rows
    ]
    yield from grid_blocks(read, headers=_headers(rows))


def _rows(table: LexborNode) -> list[LexborNode]:
    """Return a table's own rows, its foot last: old pages write it first."""
    parts = [part for part in table.iter() if not _is_noise(part)]
    parts.sort(key=lambda part: part.tag == "tfoot")
    return [
        row
        for part in parts
        for row in ([part] if part.tag == "tr" else part.iter())
        if row.tag == "tr" and not _is_noise(row)
    ]


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in ("td", "th") and not _is_noise(cell)]


def _cell_text(cell: LexborNode) -> str:
    return " ".join("".join(_inline(cell)).split())


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "").strip()
    if not re.fullmatch(r"[0-9]{1,5}", value):
        return 1
    # None at all means: down to the end.
    return int(value) or (100_000 if name == "rowspan" else 1)


def _only_places(table: LexborNode, rows: Sequence[Sequence[LexborNode]]) -> bool:
    """Say whether a table only places things on the screen."""
    if table.attributes.get("role") in ("presentation", "none"):
        return True
    if all(len(row) == 1 for row in rows):
        return True
    if any(cell.css_first("table") is not None for row in rows for cell in row):
        return True
    return len(rows) == 1 and any(
        sum(child.tag in BLOCKS for child in cell.iter()) > 1 for cell in rows[0]
    )


def _headers(rows: Sequence[Sequence[LexborNode]]) -> int | None:
    """Return how many first rows name the columns, their titles counted; None if none is known."""
    count = named = 0
    for row in rows:
        said = [cell for cell in row if _cell_text(cell)]
        is_head = len(row) > 1 and all(cell.tag == "th" for cell in said)
        part = row[0].parent.parent if row[0].parent is not None else None
        in_head = len(row) > 1 and part is not None and part.tag == "thead"
        is_title = len(row) == 1 and not named
        if not is_head and not in_head and not is_title:
            break
        count += 1
        named += not is_title
    if named:
        return count if count < len(rows) else 1
    pairs = [row for row in rows if len(row) > 1]
    if all(len(row) == 2 and row[0].tag == "th" and row[1].tag == "td" for row in pairs):
        return 0
    bold = [all(map(_is_bold, row)) for row in pairs[:2]]
    return 1 if bold == [True, False] and len(rows[0]) > 1 else None


def _is_bold(cell: LexborNode) -> bool:
    text = _cell_text(cell)
    strong = cell.css_first("b, strong")
    return not text or (strong is not None and _cell_text(strong) == text)
