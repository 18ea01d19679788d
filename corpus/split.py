# SPDX-License-Identifier: EUPL-1.2
"""A document's screened pages, cut into passages that can be quoted.

    page ─▶ lines ─▶ sections (heading, article, agenda item) ─▶ units ─▶ Piece…

Readers write one paragraph, list item or table row a line, and a blank line before a
heading. A piece never crosses a page, an article or an agenda item, never cuts a
sentence or a table row unless one alone is too long for the embedder, and knows the
heading it stands under.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.minutes import Item
from corpus.sentences import sentences, shortened

MIN_CHARS = 350
MAX_CHARS = 700
CRUMB_CHARS = 120
"""A last piece shorter than this joins the one before it."""

HEADING_CHARS = 110
LABEL_CHARS = 200

SPLIT_VERSION = "split-3"
"""Changes when the same pages would be cut otherwise."""

STRONG = re.compile(
    r"""\s*(?:
    (?:article|art\.)\s+(?:[LRD]\.?\s*)?(?:\d+|premier|1er|unique|[IVX]+)\b
    |(?:titre|chapitre|section|annexe|partie)\s+(?:[IVXLC]+|\d+)\b
    |(?:point|question|affaire|rapport|d[ée]lib[ée]ration)\s+(?:n\s?[°ºo]\s?)?\d[\w./-]*
    |\d{1,2}(?:\.\d{1,2})?\s?(?:[.)]|[-–—/])\s*(?=[A-ZÀ-Þ])
    |[IVX]{1,5}\s?[.)–—-]\s+(?=[A-ZÀ-Þ])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
NUMBERED = re.compile(r"\s*(?:\d{1,2}(?:\.\d{1,2})?|[IVX]{1,5})\s?[.)–—/-]")
VISA = re.compile(r"\s*(?:VU|Vu)\b")
GROUND = re.compile(r"\s*(?:CONSID[ÉE]RANT|Consid[ée]rant)\b")
DECIDES = re.compile(
    r"\s*(?:(?:D[ÉE]CIDE|D[ÉE]LIB[ÈE]RE|ARR[ÊE]TE|Arr[êe]te|D[ée]cide|D[ée]lib[èe]re)\b"
    r"|(?:Apr[èe]s (?:en )?avoir d[ée]lib[ée]r[ée]|Le conseil municipal,))"
)
ROW = re.compile(r"(?:[^;:]{1,80} ; )?[^;:]{1,80} : [^;]+ ; |[^;:]{1,80} : [^;]*\d[^;]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a page, by characters, and the heading it stands under.

    `item` is the rank of the agenda item that it belongs to, 0 outside of any.
    """

    page: int
    start: int
    end: int
    heading: str
    item: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    after_blank: bool


@dataclass(slots=True)
class _Section:
    """Lines under one heading; `closed` sections are items that nothing may join.

    `leads` is the heading that goes on after it: its own, or one that ends the page.
    """

    heading: str
    closed: bool
    units: list[tuple[int, int, str]]
    leads: str
    item: int = 0

    @property
    def chars(self) -> int:
        return self.units[-1][1] - self.units[0][0] if self.units else 0


def split(
    pages: Sequence[tuple[int, str]],
    *,
    label: str,
    count_tokens: Callable[[str], int],
    max_tokens: int,
    items: Sequence[Item] = (),
) -> list[Piece]:
    """Cut screened pages into pieces; `label` says which document they belong to.

    In minutes, `items` says where agenda items start: nothing else cuts or leads there.
    """
    pieces: list[Piece] = []
    heading, item = "", 0
    for number, text in pages:
        starts = {i.start: i for i in items if i.page == number}
        found = _agenda(text, heading, item, starts) if items else _sections(text, heading)
        for section in _joined(found):
            heading, item = section.leads, section.item
            shown = headline(label, section.heading)
            for start, end in _packed(section.units, text):
                for a, b in _fitted(text, start, end, shown, count_tokens, max_tokens):
                    piece = Piece(page=number, start=a, end=b, heading=shown, item=section.item)
                    pieces.append(piece)
    return pieces


def headline(label: str, heading: str) -> str:
    """Return the document's label and the section's heading on one short line."""
    if not heading or heading.lower() in label.lower():
        return shortened(label, LABEL_CHARS)
    shown = shortened(heading, HEADING_CHARS)
    return f"{shortened(label, LABEL_CHARS - len(shown))} > {shown}" if label else shown


def indexed_text(heading: str, text: str) -> str:
    """Return what the embedder reads: the heading, then the passage."""
    return f"{heading}\n{text}" if heading else text


def _lines(text: str) -> Iterator[_Line]:
    start, blank = 0, True
    for raw in text.split("\n"):
        if raw.strip():
            lead = len(raw) - len(raw.lstrip())
            end = start + len(raw.rstrip())
            yield _Line(start + lead, end, raw.strip(), blank)
        blank = not raw.strip()
        start += len(raw) + 1


def _sections(text: str, heading: str) -> Iterator[_Section]:
    section = _Section(heading, closed=False, units=[], leads=heading)
    for line in _lines(text):
        strong, weak = _is_item(line), _is_heading(line)
        if strong or weak:
            if section.units:
                yield section
            title = _title(line.text)
            bare = _reads_as_title(line.text)
            units = [(line.start, line.end, "heading")] if bare else _units(line)
            section = _Section(title, closed=strong, units=units, leads=title)
        else:
            section.units += _units(line)
    if section.units:
        yield section


def _agenda(text: str, heading: str, rank: int, starts: Mapping[int, Item]) -> Iterator[_Section]:
    """Yield a page of minutes by agenda item: inner lists and numbers do not cut it."""
    section = _Section(heading, closed=True, units=[], leads=heading, item=rank)
    title_ends = 0
    for line in _lines(text):
        item = starts.get(line.start)
        if item:
            if section.units:
                yield section
            title = _item_title(item)
            units = [(line.start, line.end, "heading")]
            section = _Section(title, closed=True, units=units, leads=title, item=item.rank)
            title_ends = item.end
        elif line.start < title_ends:
            section.units.append((line.start, line.end, "heading"))
        else:
            section.units += _units(line)
    if section.units:
        yield section


def _item_title(item: Item) -> str:
    title = f"{item.theme.strip(' :.')} – {item.title}" if item.theme else item.title
    return f"{item.number} – {title}" if item.number else f"{item.rank}. {title}"


def _is_item(line: _Line) -> bool:
    if not STRONG.match(line.text):
        return False
    # "1. Élaboration du PLU": an item's number counts only before a title of its own.
    return not NUMBERED.match(line.text) or _reads_as_title(line.text)


def _is_heading(line: _Line) -> bool:
    upper = line.text.upper() == line.text and any(c.isalpha() for c in line.text)
    return (line.after_blank or upper) and _reads_as_title(line.text) and len(line.text) > 3


def _reads_as_title(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return (
        len(text) <= HEADING_CHARS
        and text[-1] not in ".;,"
        and letters >= len(text) / 2
        and not ROW.match(text)
        and not text.startswith(("-", "–", "•", "["))
        and (text[0].isupper() or text[0].isdigit())
        and not VISA.match(text)
    )


def _title(line: str) -> str:
    """Return a heading without the sentence that an article starts on the same line."""
    if _reads_as_title(line):
        return line.rstrip(" :–-")
    marked = STRONG.match(line)
    number = marked.end() if marked else 0
    first = re.match(r"[\s.:–-]*[^.:;]{3,70}(?=[.:])", line[number:])
    return line[: number + (first.end() if first else 0)].rstrip(" :–-.")


def _units(line: _Line) -> list[tuple[int, int, str]]:
    if ROW.match(line.text):
        return [(line.start, line.end, "row")]
    group = "visa" if VISA.match(line.text) else "ground" if GROUND.match(line.text) else "text"
    if DECIDES.match(line.text):
        group = "decision"
    if line.end - line.start <= MAX_CHARS:
        return [(line.start, line.end, group)]
    return [(line.start + a, line.start + b, group) for a, b in sentences(line.text)]


def _joined(sections: Iterable[_Section]) -> list[_Section]:
    """Join a heading without text to what follows, and small open sections to each other."""
    joined: list[_Section] = []
    for section in sections:
        last = joined[-1] if joined else None
        if last and _is_bare(last) and last.item == section.item:
            last.heading = f"{last.heading} – {section.heading}"
        elif not (last and _are_small(last, section)) or _is_bare(section):
            joined.append(section)
            continue
        last.units += section.units
        last.closed = last.closed or section.closed
        last.leads = section.leads
    if len(joined) > 1 and _is_bare(joined[-1]) and not joined[-1].item:
        # A heading at the foot of a page: its text is on the next one, which it leads.
        foot = joined.pop()
        joined[-1].units += foot.units
        joined[-1].leads = foot.leads
    return joined


def _is_bare(section: _Section) -> bool:
    return all(kind == "heading" for _, _, kind in section.units)


def _are_small(last: _Section, section: _Section) -> bool:
    opened = not last.closed and not section.closed and last.item == section.item
    return opened and last.chars + section.chars < MIN_CHARS


def _packed(units: list[tuple[int, int, str]], text: str) -> list[tuple[int, int]]:
    """Pack units into stretches of MIN_CHARS to MAX_CHARS, cutting where the matter changes."""
    packed: list[tuple[int, int]] = []
    last_kind = ""
    for start, end, kind in units:
        turns = kind != last_kind and last_kind != "heading"
        if packed:
            first, until = packed[-1]
            fits = end - first <= MAX_CHARS
            if fits and not (turns and until - first >= MIN_CHARS):
                packed[-1] = (first, end)
                last_kind = kind
                continue
        packed.append((start, end))
        last_kind = kind
    if len(packed) > 1 and packed[-1][1] - packed[-1][0] < CRUMB_CHARS:
        crumb = packed.pop()
        packed[-1] = (packed[-1][0], crumb[1])
    return packed


def _fitted(
    text: str,
    start: int,
    end: int,
    heading: str,
    count_tokens: Callable[[str], int],
    max_tokens: int,
) -> Iterator[tuple[int, int]]:
    """Yield the stretch whole if the embedder can read it, else in smaller ones."""
    if count_tokens(indexed_text(heading, text[start:end])) <= max_tokens:
        yield start, end
        return
    middle = _cut(text, start, end)
    yield from _fitted(text, start, middle, heading, count_tokens, max_tokens)
    while middle < end and text[middle].isspace():
        middle += 1
    yield from _fitted(text, middle, end, heading, count_tokens, max_tokens)


def _cut(text: str, start: int, end: int) -> int:
    """Return the best place to cut near the middle: a sentence's end, a space, or the middle."""
    middle = (start + end) // 2
    ends = [start + b for _, b in sentences(text[start:end])][:-1]
    if ends:
        return min(ends, key=lambda place: abs(place - middle))
    space = text.rfind(" ", start + 1, middle)
    return space if space > start else middle
