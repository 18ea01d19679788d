# SPDX-License-Identifier: EUPL-1.2
"""A page's lines, gathered into sections: what stands under one heading, article or agenda item.

    page ─▶ lines ─▶ Section(heading, units)…

A unit is what a passage never cuts: a row, a sentence, a line. Its kind (heading, visa, ground,
decision, row, text) says where the matter changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.minutes import Item
from corpus.sentences import sentences

MIN_CHARS = 350
MAX_CHARS = 700
HEADING_CHARS = 110

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


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    after_blank: bool


@dataclass(slots=True)
class Section:
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


def _lines(text: str) -> Iterator[_Line]:
    start, blank = 0, True
    for raw in text.split("\n"):
        if raw.strip():
            lead = len(raw) - len(raw.lstrip())
            end = start + len(raw.rstrip())
            yield _Line(start + lead, end, raw.strip(), blank)
        blank = not raw.strip()
        start += len(raw) + 1


def sections(text: str, heading: str) -> Iterator[Section]:
    section = Section(heading, closed=False, units=[], leads=heading)
    for line in _lines(text):
        strong, weak = _is_item(line), _is_heading(line)
        if strong or weak:
            if section.units:
                yield section
            title = _title(line.text)
            bare = _reads_as_title(line.text)
            units = [(line.start, line.end, "heading")] if bare else _units(line)
            section = Section(title, closed=strong, units=units, leads=title)
        else:
            section.units += _units(line)
    if section.units:
        yield section


def agenda(text: str, heading: str, rank: int, starts: Mapping[int, Item]) -> Iterator[Section]:
    """Yield a page of minutes by agenda item: inner lists and numbers do not cut it."""
    section = Section(heading, closed=True, units=[], leads=heading, item=rank)
    title_ends = 0
    for line in _lines(text):
        item = starts.get(line.start)
        if item:
            if section.units:
                yield section
            title = _item_title(item)
            units = [(line.start, line.end, "heading")]
            section = Section(title, closed=True, units=units, leads=title, item=item.rank)
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


def is_heading(text: str, *, after_blank: bool) -> bool:
    """Whether a line reads as a heading by its words alone: what no reader had a sign for."""
    line = _Line(0, len(text), text, after_blank)
    return _reads_as_title(text) and (_is_item(line) or _is_heading(line))


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


def joined(found: Iterable[Section]) -> list[Section]:
    """Join a heading without text to what follows, and small open sections to each other."""
    kept: list[Section] = []
    for section in found:
        last = kept[-1] if kept else None
        if last and _is_bare(last) and last.item == section.item:
            last.heading = f"{last.heading} – {section.heading}"
        elif not (last and _are_small(last, section)) or _is_bare(section):
            kept.append(section)
            continue
        last.units += section.units
        last.closed = last.closed or section.closed
        last.leads = section.leads
    if len(kept) > 1 and _is_bare(kept[-1]) and not kept[-1].item:
        # A heading at the foot of a page: its text is on the next one, which it leads.
        foot = kept.pop()
        kept[-1].units += foot.units
        kept[-1].leads = foot.leads
    return kept


def _is_bare(section: Section) -> bool:
    return all(kind == "heading" for _, _, kind in section.units)


def _are_small(last: Section, section: Section) -> bool:
    opened = not last.closed and not section.closed and last.item == section.item
    return opened and last.chars + section.chars < MIN_CHARS
