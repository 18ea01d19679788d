# SPDX-License-Identifier: EUPL-1.2
"""A passage as a list of passages shows it: short, around the line that matters, which is marked.

    Passage, Span…, Forms ─▶ the lines beside the first of them, as many as a glance takes ─▶ HTML

Rows and items are kept whole and drawn as what they are; a line of words is cut between two words.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers import Citation, Span
from corpus.documents import Passage
from corpus.french import Forms, found_words
from corpus.structure import Kind, Structure, Words
from ui.drawn import Pen

EXCERPT_CHARS = 260
BEFORE_CHARS = EXCERPT_CHARS // 3
"""How much of it may stand before the line that matters."""

CUT = "…"


def excerpt(passage: Passage, *spans: Span, sought: Forms = frozenset()) -> str:
    """Return a passage as HTML around the first of `spans` (characters of its page, each marked);
    from the first word that was `sought` where none lies in it, else from its beginning."""
    page, begin = passage.structure, passage.start
    if page is None:
        page, begin = Structure.of(passage.text.text), 0
        spans = tuple((a - passage.start, b - passage.start) for a, b in spans)
    whole = begin, min(len(page.text), begin + len(passage.text.text))
    told = [(max(a, begin), min(b, whole[1])) for a, b in spans if a < whole[1] and b > begin]
    told = [_whole_row(page, span) for span in told]
    words = [(begin + a, begin + b) for a, b in found_words(page.text[slice(*whole)], sought)]
    at = words[0][0] if words else begin
    line, most = (told[0], BEFORE_CHARS) if told else ((at, at), 0)
    pen = Pen(page.text, told, heading="p", anchor="", words=words)
    return "".join(_drawn(page, pen, _window(page, whole, line, most), whole, line))


def within(passage: Passage, citation: Citation) -> bool:
    """Whether a citation stands in a passage."""
    is_there = (citation.document, citation.page) == (passage.document, passage.page)
    return is_there and passage.start <= citation.start < passage.end


def _window(page: Structure, whole: Span, line: Span, most: int) -> Span:
    """Return from where to where the page is shown: the line, then what follows it, then what
    stands before, `most` characters if as much follows, in words."""
    start, end = line[0], min(line[1], line[0] + EXCERPT_CHARS)
    room = EXCERPT_CHARS - (end - start)
    before = min(start - whole[0], most, room)
    after = min(whole[1] - end, room - before)
    before = min(start - whole[0], room - after)  # what is not needed behind it
    return _at_word(page.text, start - before, whole[0]), _to_word(page.text, end + after, whole[1])


def _at_word(text: str, place: int, least: int) -> int:
    """Return where the next word begins, unless the passage itself does."""
    while least < place < len(text) and not text[place - 1].isspace():
        place += 1
    return place


def _to_word(text: str, place: int, most: int) -> int:
    """Return where the last whole word ends, unless the passage itself does."""
    while 0 < place < most and not text[place].isspace():
        place -= 1
    return place


def _whole_row(page: Structure, span: Span) -> Span:
    """Return a row of a table whole, where a full stop had cut it."""
    row = page.row(span[0])
    return (row.start, row.end) if row else span


def _drawn(page: Structure, pen: Pen, shown: Span, whole: Span, line: Span) -> Iterator[str]:
    lines = [
        one
        for one in (page.lines[place] for place in page.places(*shown))
        if not (one.kind is Kind.ITEM or page.cells(one))
        or (shown[0] <= one.start and one.end <= shown[1])
        or (one.start <= line[0] < one.end)
    ]
    for part in page.parts_of(lines):
        yield _words(pen, part, shown, whole) if isinstance(part, Words) else pen.part(part)


def _words(pen: Pen, part: Words, shown: Span, whole: Span) -> str:
    start, end = max(part.start, shown[0]), min(part.end, shown[1])
    before = f"{CUT} " if start > max(part.start, whole[0]) else ""
    after = f" {CUT}" if end < min(part.end, whole[1]) else ""
    return f"<p>{before}{pen.words(start, end)}{after}</p>"
