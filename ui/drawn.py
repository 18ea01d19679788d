# SPDX-License-Identifier: EUPL-1.2
"""What a page or a quote is drawn as: words, a list, a table; never the line that a row is kept in.

    Structure, span ─page_html▶ the page, its quote in a mark            source panel, simple page
    Citation… ─quoted▶ Quoted(citations, parts) ─quote_html▶ HTML         both answers' quotes
                                               └─ cells, entries ▶ files   ui/agent/taken.py

Rows of one table that are quoted one after another are one table, each with its number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.answers import Author, Citation, Sentence, Span
from corpus.french import Forms, found_words
from corpus.structure import (
    Items,
    Kind,
    Line,
    Part,
    Row,
    Structure,
    Table,
    Words,
    says_little,
    words_of,
)
from guardrails.placeholders import PLACEHOLDER

PageOf = Callable[[str, int], Structure | None]
"""Gives a page of a document, by its id and number, as it is kept."""


def no_page(document: str, page: int) -> None:
    """Know no page: quotes are drawn by what their words tell."""


def marked(text: str) -> str:
    """Return a text of anybody as HTML that shows it and nothing else, placeholders set apart.

    >>> marked("<b>[PERSONNE_1]</b>")
    '&lt;b&gt;<span class="placeholder">[PERSONNE_1]</span>&lt;/b&gt;'
    """
    return PLACEHOLDER.sub(
        lambda match: f'<span class="placeholder">{match[0]}</span>', escape(text)
    )


# -- a page


def page_html(page: Structure, *spans: Span, sought: Forms = frozenset()) -> str:
    """Return a page as HTML, with stretches in marks, the first of which is `#quote`, and the words
    that were looked for in lighter ones.

    >>> page_html(Structure.of("Le repas coûte 3 €."), (3, 8))
    '<p>Le <mark id="quote" tabindex="-1">repas</mark> coûte 3 €.</p>'
    """
    pen = Pen(page.text, spans, words=found_words(page.text, sought))
    return "".join(pen.part(part) for part in page.parts(0, len(page.text)))


class Pen:
    """Writes stretches of a text, some of it in marks, words that were found in lighter ones;
    `numbers` stand before the lines that begin at a place."""

    def __init__(
        self,
        text: str,
        spans: Sequence[Span] = (),
        numbers: Mapping[int, int] | None = None,
        heading: str = "h3",
        anchor: str = ' id="quote" tabindex="-1"',
        words: Sequence[Span] = (),
    ) -> None:
        self._text, self._heading = text, heading
        self._spans = sorted((a, b) for a, b in spans if 0 <= a < b <= len(text))
        self._numbers = numbers or {}
        self._anchor = anchor
        self._found = words

    def part(self, part: Part, title: str = "") -> str:
        match part:
            case Words(start, end, is_heading):
                tag = self._heading if is_heading else "p"
                return f"<{tag}>{self.words(start, end)}</{tag}>"
            case Items():
                over = f"<p>{title}</p>" if title else ""
                return over + self._list(part)
            case Table():
                return self._table(part, title)

    def words(self, start: int, end: int) -> str:
        """Return a stretch, what is to be marked of it in marks."""
        html, done = "", start
        for begin, until in self._spans:
            first, last = max(done, begin), min(end, until)
            if self._text[first:last].strip():
                name, self._anchor = self._anchor, ""
                shown = self._inked(first, last)
                html += f"{self._inked(done, first)}<mark{name}>{shown}</mark>"
                done = last
        return html + self._inked(done, end)

    def _inked(self, start: int, end: int) -> str:
        """Return a stretch with the words that were found in it."""
        html, done = "", start
        for begin, until in self._found:
            first, last = max(done, begin), min(end, until)
            if first < last:
                word = marked(self._text[first:last])
                html += f'{marked(self._text[done:first])}<mark class="word">{word}</mark>'
                done = last
        return html + marked(self._text[done:end])

    def _list(self, items: Items) -> str:
        """Return a list; what stands deeper is a list in its item."""
        html, depths = "", list[int]()
        for start, end, depth in items.entries:
            while depths and depths[-1] > depth:
                html += "</li></ul>"
                depths.pop()
            if depths and depths[-1] == depth:
                html += "</li>"
            else:
                html += '<ul class="items">'
                depths.append(depth)
            number = self._number(start, end)
            html += f"<li>{number}{self.words(_after_sign(self._text, start, end), end)}"
        return html + "</li></ul>" * len(depths)

    def _table(self, table: Table, title: str) -> str:
        title = title or (self.words(*table.title) if table.title else "")
        caption = f"<caption>{title}</caption>" if title else ""
        wide = max(1, len(table.columns))
        head = ""
        if any(table.columns):
            names = "".join(
                f'<th scope="col" role="columnheader">{marked(name)}</th>'
                if name
                else '<td role="cell"></td>'
                for name in table.columns
            )
            head = f'<thead role="rowgroup"><tr role="row">{names}</tr></thead>'
        rows = "".join(self._row(row, table.columns) for row in table.rows)
        # On a telephone a row is a block, each cell after its column's name (style sheets): the
        # roles say that it is a table still. What is too wide even so is moved sideways, by keys.
        return (
            f'<div class="drawn-table" data-columns="{wide}" tabindex="0"><table role="table">'
            f'{caption}{head}<tbody role="rowgroup">{rows}</tbody></table></div>'
        )

    def _row(self, row: Row, columns: Sequence[str]) -> str:
        number = self._number(row.start, row.end)
        if not row.cells:
            return (
                '<tr role="row"><th class="title" scope="rowgroup" role="rowheader" '
                f'colspan="{max(1, len(columns))}">{number}'
                f"{self.words(row.start, row.end)}</th></tr>"
            )
        first, *others = row.cells
        name = f"{number}{self.words(*first) if first else ''}"
        is_little = first is not None and columns[0] and says_little(self._text[slice(*first)])
        about = f' data-name="{escape(columns[0])}"' if is_little else ""
        cells = "".join(
            f'<td role="cell" data-name="{escape(column)}">{self.words(*cell) if cell else ""}</td>'
            for cell, column in zip(others, columns[1:], strict=True)
        )
        return f'<tr role="row"><th scope="row" role="rowheader"{about}>{name}</th>{cells}</tr>'

    def _number(self, start: int, end: int) -> str:
        number = next((n for at, n in self._numbers.items() if start <= at < end), None)
        return "" if number is None else f'<span class="number">{number}</span> '

    def numbered(self, start: int, end: int) -> str:
        return self._number(start, end) + self.words(start, end)


def _after_sign(text: str, start: int, end: int) -> int:
    """Return where the words of an item begin, behind the sign that readers write for one."""
    return start + 2 if text[start:end].startswith("- ") else start


# -- quotes


def quote_html(text: str) -> str:
    """Return a quote of which only the words are known as HTML, a row of a table as a table."""
    parts = (page := Structure.of(text)).parts(0, len(text))
    return page_html(page) if any(isinstance(part, Table) for part in parts) else marked(text)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Citations that are drawn together, and the parts of their page that they are.

    `title` is where the line over a table or a list stands, if it has one: cited before it, or
    shown so that one knows what the rows are of.
    """

    citations: tuple[Citation, ...]
    page: Structure
    parts: tuple[Part, ...]
    title: tuple[int, int] | None = None

    @property
    def start(self) -> int:
        return min(citation.start for citation in self.citations)

    @property
    def end(self) -> int:
        return max(citation.end for citation in self.citations)

    @property
    def is_words(self) -> bool:
        return all(isinstance(part, Words) for part in self.parts)

    @property
    def over(self) -> str:
        """The line over a table or a list, as text; nothing for others."""
        return self.page.text[slice(*self.title)] if self.title else ""

    def html(self, *, numbered: bool = True) -> str:
        """Return the quote as HTML; of several citations, each line has its number where what is
        said has them."""
        if self.is_words:
            return "\n".join(marked(line) for part in self.parts for line in self.lines(part))
        several = numbered and len(self.citations) > 1
        numbers = {c.start: c.number for c in self.citations} if several else {}
        pen = Pen(self.page.text, numbers=numbers, heading="p")
        title = pen.numbered(*self.title) if self.title else ""
        return "".join(pen.part(part, title) for part in self.parts)

    def bare(self) -> str:
        """Return the quote as HTML, all of it in marks, for where what it stands under is shown
        already."""
        if self.is_words:
            return f"<mark>{self.html()}</mark>"
        pen = Pen(self.page.text, [(0, len(self.page.text))], heading="p", anchor="")
        return "".join(pen.part(part) for part in self.parts)

    def lines(self, part: Part) -> list[str]:
        """Return words, the items of a list, or the title of a table, as lines of text."""
        text = self.page.text
        title = [text[slice(*self.title)]] if self.title else []
        match part:
            case Words(start, end):
                return [words_of(text[start:end])]  # a row that was cut is said as far as it goes
            case Items(entries):
                return title + [f"{'  ' * depth}{text[a:b]}" for a, b, depth in entries]
            case _:
                return title

    def cells(self, table: Table) -> list[list[str]]:
        """Return a table as rows of text, the names of its columns first where it has them."""
        text, wide = self.page.text, len(table.columns)
        names = [[*table.columns]] if any(table.columns) else []
        return names + [
            [text[slice(*cell)] if cell else "" for cell in row.cells]
            or [text[row.start : row.end], *[""] * (wide - 1)]
            for row in table.rows
        ]


def is_said(citation: Citation, sentences: Sequence[Sentence], *, row: bool = False) -> bool:
    """Whether a sentence says a quote word for word; `row`: or says the row that it is, whose cells
    are in the sentence as rules put them there."""
    quote = citation.quote.split()
    return any(
        citation.number in one.citations
        and (one.text.split() == quote or (row and one.author is Author.SOURCE))
        for one in sentences
    )


def quoted(citations: Sequence[Citation], page_of: PageOf) -> list[Quoted]:
    """Return citations as they are drawn, in their order: rows of one table, or items of one list,
    that follow each other are drawn together, with the line over them if it is cited before."""
    found: list[Quoted] = []
    group: list[_Placed] = []
    for citation in citations:
        placed = _placed(citation, page_of)
        if group and not _goes_on(group, placed):
            found.append(_drawn(group))
            group = []
        group.append(placed)
    return [*found, _drawn(group)] if group else found


@dataclass(frozen=True, slots=True)
class _Placed:
    """A citation on its page, and the whole line that it is, None where it is something else."""

    citation: Citation
    page: Structure
    start: int
    end: int
    line: Line | None

    @property
    def where(self) -> tuple[str, int]:
        return self.citation.document, self.citation.page

    @property
    def names(self) -> list[str]:
        """The names of a row's columns: rows with the same ones are of one table."""
        return [name for name, _ in self.page.named_cells(self.line)] if self.line else []


def _placed(citation: Citation, page_of: PageOf) -> _Placed:
    page = page_of(citation.document, citation.page)
    start, end = citation.start, citation.end
    if page is None or page.text[start:end] != citation.quote:
        # it is gone since, or hidden otherwise: the quote is all that is known
        page, start, end = Structure.of(citation.quote), 0, len(citation.quote)
    line = page.row(start) or page.line(start)
    is_whole = line is not None and (line.start, line.end) == (start, end)
    return _Placed(citation, page, start, end, line if is_whole else None)


def _goes_on(group: Sequence[_Placed], placed: _Placed) -> bool:
    """Say whether a citation is drawn with those before it."""
    last, line = group[-1], placed.line
    if not line or not last.line or line.kind not in DRAWN or last.where != placed.where:
        return False
    if last.line.end > line.start:
        return False
    if last.line.kind is line.kind:
        is_known = line.table is not None
        same = line.table == last.line.table if is_known else placed.names == last.names
        return same and _over(placed.page, line) == _over(last.page, last.line)
    over = _over(placed.page, line)
    return len(group) == 1 and over is not None and over.start == last.line.start


def _over(page: Structure, line: Line) -> Line | None:
    """Return what a row or a whole list stands under: an item's parent may be another item."""
    over: Line | None = line
    while over is not None and (over is line or over.kind is Kind.ITEM):
        over = None if over.parent is None else page.lines[over.parent]
    return over


def _drawn(group: Sequence[_Placed]) -> Quoted:
    citations, last = tuple(one.citation for one in group), group[-1]
    lines = [one.line for one in group if one.line]
    if not last.line or last.line.kind not in DRAWN:
        return Quoted(citations, last.page, _parts(last))
    parts = last.page.parts_of([one for one in lines if one.kind is last.line.kind])
    title = last.page.title_of(parts[0]) if isinstance(parts[0], Table) else None
    if lines[0].kind is not last.line.kind:
        title = lines[0].start, lines[0].end
    return Quoted(citations, last.page, tuple(parts), title)


def _parts(placed: _Placed) -> tuple[Part, ...]:
    """Return what a citation is: whole lines as what they are, words where it cuts one."""
    page, start, end = placed.page, placed.start, placed.end
    parts = page.parts(start, end)
    places = page.places(start, end)
    is_whole = places and (page.lines[places[0]].start, page.lines[places[-1]].end) == (start, end)
    is_drawn = is_whole and not all(isinstance(part, Words) for part in parts)
    return tuple(parts) if is_drawn else (Words(start, end),)


DRAWN = (Kind.ROW, Kind.ITEM)
