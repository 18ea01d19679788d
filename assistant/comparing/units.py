# SPDX-License-Identifier: EUPL-1.2
"""What of an act is compared: its rows, entries and sentences, each with the facts that it states.

    pages ─lines─▶ rows │ paragraphs (broken lines joined) ─▶ sentences │ blocks of broken columns
          ─▶ Unit(form, label, tokens, context, facts)

A Fact is one value with what it is the value of: of a cell its row and its column, in words what
stands around it. A year in a label counts from the act's own year: « Tarifs 2024 » and
« Tarifs 2025 » are the same column of two editions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from assistant.comparing.facts import (
    CONTEXT_WEIGHT,
    Fact,
    Read,
    cell,
    content,
    free,
    is_unitless,
    lighter,
    one_line,
    value_key,
    worded,
)
from assistant.comparing.frames import is_decision, is_frame, is_visa, tells
from assistant.comparing.stretches import LABEL_CHARS, LEAD, Stretch, stretches
from assistant.comparing.tokens import (
    FREE,
    TOLD,
    Token,
    Weights,
    read_values,
    reference_year,
    tokens_of,
    weighed,
)
from corpus.sentences import sentences, shortened
from corpus.structure import Cell, Line, Structure, name_of, of_column
from corpus.structure import Kind as LineKind
from guardrails.values import Value

MOST_LABEL_WORDS = 9
MOST_SENTENCE_CHARS = 3_000
"""A sentence that goes on is compared in parts: each of its values knows all of its words."""

"""Words beside its values up to which a line is an entry (« Adulte : 5 € »), no sentence."""

LEAST_LETTERS, CAPITAL_SHARE = 4, 0.55
_PART_ENDS = tuple(map(re.compile, (r";\s", r",\s", r"\n", r"(?<!\d)\s(?!\d)")))
"""Never within a number."""

_DASHED = re.compile(r"\s*([-–—=*_]{2,}).+\1\s*")
_LEADERS = re.compile(r"[.…]{3,}(?=\s*\S)")
_ENTRIES = re.compile(r"(?<=[.;])\s(?=[^.;·]{3,80}·{3,})")
_NO_SENTENCE = re.compile(r"\s*art(?:icle|\.)\s*\S+|\W*\w{0,2}\W*", re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*\)")
_ARTICLE = re.compile(r"\s*(article\s+[\wéèÈÉ]+)", re.IGNORECASE)
_COLON = re.compile(r"\s?:\s|\s?:$|\s?[.…]{3,}\s?|\s[–—]\s|\t+")


class Form(StrEnum):
    """How a unit is laid out."""

    ROW = "row"
    ENTRY = "entry"
    PROSE = "prose"
    HEADING = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A row, an entry, a sentence or a heading; `label` weighs the words of what it is about."""

    page: int
    start: int
    end: int
    text: str
    form: Form
    name: str
    label: Weights
    tokens: tuple[Token, ...]
    context: Weights
    headings: tuple[str, ...]
    title: str = ""
    facts: tuple[Fact, ...] = ()
    table: tuple[int, int] | None = None
    paragraph: int = 0
    is_frame: bool = False
    key: tuple[str, ...] = field(default=())
    called: frozenset[str] = frozenset()
    """Words of what a row or an entry is called, its column's name left out."""


def units_of(pages: Sequence[tuple[int, Structure]], *, hint: str = "") -> list[Unit]:
    """Return what the pages of an act say, in their order; `hint` may name its year."""
    reader = _Reader(reference_year([*_titles(pages)], hint), _has_frame(pages))
    found: list[Unit] = []
    for number, page in pages:
        found += reader.read(number, page)
    return found


def _titles(pages: Sequence[tuple[int, Structure]]) -> Iterator[str]:
    for _, page in pages:
        for line in page.lines:
            if line.kind is LineKind.HEADING:
                yield page.text[line.start : line.end]
            for one in line.cells:
                yield name_of(page.text, one)


def _has_frame(pages: Sequence[tuple[int, Structure]]) -> bool:
    """Whether an act decides after its grounds: what stands before is not what it decides."""
    lines = [page.text[line.start : line.end] for _, page in pages for line in page.lines]
    return any(map(is_visa, lines)) and any(map(is_decision, lines))


@dataclass(frozen=True, slots=True)
class _Over:
    """What stands over a unit: headings and the line that opens its list, the nearest heading, and
    whether all of it only frames what an act decides."""

    headings: tuple[str, ...] = ()
    title: str = ""
    is_frame: bool = False


def _is_title(text: str) -> bool:
    """Whether a short line is written as a title: in capitals, or between dashes."""
    letters = [c for c in _BRACKETED.sub("", text) if c.isalpha()]
    if len(text) > LABEL_CHARS or len(letters) < LEAST_LETTERS or tells(text):
        return False
    capitals = sum(map(str.isupper, letters))
    return capitals > CAPITAL_SHARE * len(letters) or bool(_DASHED.fullmatch(text))


def _states(name: str) -> bool:
    """Whether a column's name is a cell: a price, an hour, « fermé »."""
    free = {token.key for token in tokens_of(name, 0)}
    return (bool(free) and free <= FREE.keys()) or tells(name)


class _Reader:
    """Reads one act page by page: headings and the decision go on from one page to the next."""

    def __init__(self, year: int, has_frame: bool) -> None:
        self._year, self._is_before = year, has_frame
        self._last = _Over()
        self._known: dict[str, Weights] = {}
        self._heads: set[object] = set()
        self._paragraph = 0
        self._sub: _Over | None = None

    def read(self, number: int, page: Structure) -> Iterator[Unit]:
        for stretch in stretches(page):
            self._paragraph += 1
            first = stretch.lines[0]
            text = page.text[first.start : stretch.lines[-1].end]
            self._is_before = self._is_before and not is_decision(text)
            over = self._under(self._over(page, first), text)
            is_row = bool(page.cells(first))
            over = replace(over, is_frame=self._is_before or is_frame(text, is_row=is_row))
            if first.kind is LineKind.HEADING and not stretch.labels and not tells(text):
                yield self._unit(number, page, first.start, first.end, Form.HEADING, over)
                self._last = _Over((*over.headings, text), text)
            elif _is_title(text) and not stretch.labels and not read_values(text):
                yield self._unit(number, page, first.start, first.end, Form.HEADING, over)
            elif page.cells(first):
                yield from self._rows(number, page, first, over)
            elif stretch.labels:
                yield self._block(number, page, stretch, over)
            else:
                if article := _ARTICLE.match(text):
                    over = replace(over, title=article[1])
                    self._last = replace(self._last, title=article[1])
                for a, b in _sentences(text):
                    start, end = first.start + a, first.start + b
                    yield self._unit(number, page, start, end, None, over)

    def _under(self, over: _Over, text: str) -> _Over:
        """Add the title within a section that no reader took for one (« COLUMBARIUM (2 urnes) »),
        and note one that begins."""
        if _is_title(text):
            self._sub = replace(over, headings=(*over.headings, text), title=text)
            return over
        if self._sub and self._sub.headings[:-1] == over.headings:
            return replace(over, headings=self._sub.headings, title=self._sub.title)
        return over

    def _over(self, page: Structure, line: Line) -> _Over:
        """Return the headings and the line that opens a list over a line."""
        own, title, place = list[str](), "", line.parent
        while place is not None:
            parent = page.lines[place]
            own.append(shortened(page.text[parent.start : parent.end], 160))
            if parent.kind is LineKind.HEADING and not title:
                title = own[-1]
            place = parent.parent
        if own:
            return _Over(tuple(reversed(own)), title or own[0])
        return _Over() if line.kind is LineKind.HEADING else self._last

    def _context(self, over: Sequence[str]) -> Weights:
        """Return the words of the nearest headings."""
        words = Weights()
        for line in over[-3:]:
            if line not in self._known:
                self._known[line] = weighed(tokens_of(line, self._year))
            words |= self._known[line]
        return words

    def _unit(
        self,
        number: int,
        page: Structure,
        start: int,
        end: int,
        form: Form | None,
        over: _Over,
    ) -> Unit:
        """Return a heading, an entry or a sentence."""
        text = page.text[start:end]
        lead = LEAD.match(text)
        skipped = lead.end() if lead and lead.end() < len(text) else 0
        body = text[skipped:]
        read = Read.of(body, start + skipped, self._year, is_label=len(body) <= LABEL_CHARS)
        if form is None:
            form = _form(read)
        label_end = _label_end(body, read.found) if form is Form.ENTRY else 0
        label = weighed(t for t in read.tokens if form is not Form.ENTRY or t.start < label_end)
        context = self._context(over.headings)
        facts = tuple(worded(read, context, label_end))
        if form is Form.ENTRY and not any(not fact.in_label for fact in facts):
            facts += tuple(content(read, label_end, label))
        if form is Form.PROSE or not any(fact.kind in TOLD for fact in facts):
            facts += tuple(free(read, context))
        return Unit(
            page=number, start=start, end=end, text=text, form=form,
            name=shortened(one_line(body[:label_end] or body).strip(" :–—.…\t-"), LABEL_CHARS),
            label=_of_prose(read) if form is Form.PROSE else label or weighed(read.tokens),
            tokens=tuple(token.moved(skipped) for token in read.tokens),
            called=frozenset(label) if form is Form.ENTRY else frozenset(),
            context=context, headings=over.headings, title=over.title, facts=facts,
            paragraph=self._paragraph, is_frame=over.is_frame,
            key=tuple(token.key for token in read.tokens),
        )  # fmt: skip

    def _rows(self, number: int, page: Structure, line: Line, over: _Over) -> Iterator[Unit]:
        """Yield a row of a table. Where names of columns tell values (« Lundi ; fermé »), they are
        a row that a reader took for the table's head, and its columns have no names."""
        cells = page.cells(line)
        names = [name_of(page.text, one) for one in cells]
        if not any(map(_states, names[1:])):
            yield self._row(number, page, line, cells, over)
            return
        head = (number, line.table, tuple(names))
        if head not in self._heads:
            self._heads.add(head)
            as_row = [
                replace(one, value=one.start, end=one.start + len(name))
                for one, name in zip(cells, names, strict=True)
            ]
            yield self._row(number, page, line, as_row, over)
        nameless = [replace(one, start=one.value) for one in cells]
        yield self._row(number, page, line, nameless, over)

    def _row(
        self, number: int, page: Structure, line: Line, cells: Sequence[Cell], over: _Over
    ) -> Unit:
        """Return a row of a table: what its first cell is about, a fact for each other one."""
        subject = _subject(page, cells)
        others = [one for one in cells if one is not subject]
        text = page.text[line.start : line.end]
        said = page.text[subject.value : subject.end]
        title = name_of(page.text, subject)
        name = of_column(title, said)
        # Read as a whole: a column's name says what its figures are (« Quotient : de 500 à 800 »).
        row = Read.of(text, line.start, self._year, is_label=True)
        own = weighed(row.words(subject.value, subject.end))
        # « Instrument ; Cours adulte ; 30 min »: all before the first value is what the row is of.
        for other in others[:-1]:
            if row.values(other.value, other.end):
                break
            own = weighed(row.words(other.value, other.end)) | own
        label = weighed(tokens_of(title, self._year), CONTEXT_WEIGHT) | own
        context = self._context(over.headings)
        facts = [
            Fact(
                start=line.start + v.start, end=line.start + v.end, value=v, label=label,
                name=name, kind=v.kind, key=value_key(v), in_label=True,
            )
            for v in row.values(subject.value, subject.end)
        ]  # fmt: skip
        for other in others:
            column = name_of(page.text, other)
            words = tokens_of(column, self._year, is_label=True)
            weight = 1.0 if len(others) > 1 else CONTEXT_WEIGHT
            of_it = lighter(context) | weighed(words, weight) | label
            facts += cell(row, (other.value, other.end), (column, weighed(words)), name, of_it)
        # What the row does not say itself (a head that is a row) is none of its words.
        tokens = [t for one in cells for t in row.words(one.start, one.end)]
        return Unit(
            page=number, start=line.start, end=line.end, text=text, form=Form.ROW,
            name=shortened(name, 2 * LABEL_CHARS), label=label, tokens=tuple(tokens),
            context=context, headings=over.headings, title=over.title, facts=tuple(facts),
            table=None if line.table is None else (number, line.table), called=frozenset(own),
            paragraph=self._paragraph, is_frame=over.is_frame,
            key=tuple(token.key for token in tokens),
        )  # fmt: skip

    def _block(self, number: int, page: Structure, run: Stretch, over: _Over) -> Unit:
        """Return a table of which the text layer tells the labels first and the values after."""
        first, last = run.lines[0], run.lines[-1]
        text = page.text[first.start : last.end]
        context, facts = self._context(over.headings), list[Fact]()
        values_at = run.lines[len(run.labels) :]
        wanted = min(len(run.labels), len(values_at))
        names = run.labels[-wanted:]
        for rank, line in enumerate(values_at):
            named = names[rank % len(names)]
            name = page.text[named.start : named.end].strip()
            label = weighed(tokens_of(name, self._year, is_label=True))
            read = Read.of(page.text[line.start : line.end], line.start, self._year)
            place = (line.start, line.end)
            facts += cell(read, place, ("", Weights()), name, lighter(context) | label)
        tokens = tokens_of(text, self._year, is_label=True)
        return Unit(
            page=number, start=first.start, end=last.end, text=text, form=Form.PROSE,
            name=facts[0].name if facts else "", label=weighed(tokens), tokens=tuple(tokens),
            context=context, headings=over.headings, title=over.title, facts=tuple(facts),
            paragraph=self._paragraph, is_frame=over.is_frame,
            key=tuple(token.key for token in tokens),
        )  # fmt: skip


def _subject(page: Structure, cells: Sequence[Cell]) -> Cell:
    """Return the cell that says what a row is about: the first, or the first one in words where
    that only tells a price, an hour, a day or a number (« 0,80 € ; mètre linéaire ; abonné »)."""
    for one in cells:
        head, held = f"{name_of(page.text, one)} : ", page.text[one.value : one.end]
        found = [value for value in read_values(head + held) if value.end > len(head)]
        if not any(map(_is_figure, found)):
            return one
        beside = tokens_of(head + held, 0)
        if any(not token.is_value and token.start >= len(head) for token in beside):
            return one
    return cells[0]


def _is_figure(value: Value) -> bool:
    """Whether a value is told of something, not what a row is about as an age or a weekday is."""
    return value.kind in TOLD or is_unitless(value) or (value.unit == "date" and not value.is_range)


def _form(read: Read) -> Form:
    """Tell an entry from a sentence: an entry has few words beside its values."""
    words = [token for token in read.tokens if not token.is_value]
    is_short = len(words) <= MOST_LABEL_WORDS and (read.found or _COLON.search(read.text))
    is_sentence = read.text.endswith((".", "!", "?")) and len(words) > MOST_LABEL_WORDS // 2
    opens = read.text.endswith(":")
    return Form.ENTRY if is_short and not is_sentence and not opens else Form.PROSE


def _of_prose(read: Read) -> Weights:
    """Return what a sentence is known by: its words, less its values, and their kinds."""
    words = {k: w * (0.4 if k.startswith("#") else 1.0) for k, w in weighed(read.tokens).items()}
    return words | {f"#{value.kind}": 0.3 for value in read.found}


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a paragraph, one without an end in parts."""
    for start, end in _whole_sentences(text):
        while end - start > MOST_SENTENCE_CHARS:
            least, most = start + MOST_SENTENCE_CHARS // 2, start + MOST_SENTENCE_CHARS
            ends = ([m.end() for m in sign.finditer(text, least, most)] for sign in _PART_ENDS)
            cut = next((found[-1] for found in ends if found), most)
            yield start, cut
            start = cut
        yield start, end


def _whole_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a paragraph, whose broken lines are no ends of them; dots that lead
    to a value are none either, and an entry begins before them."""
    leaders = _LEADERS.sub(lambda dots: "·" * len(dots[0]), text.replace("\n", " "))
    cuts = [0, *(cut.end() for cut in _ENTRIES.finditer(leaders)), len(text)]
    start = None
    for first, last in pairwise(cuts):
        for a, b in sentences(leaders[first:last]):
            start = first + a if start is None else start
            if not _NO_SENTENCE.fullmatch(text[start : first + b]):
                yield start, first + b
                start = None
    if start is not None:
        yield start, len(text.rstrip())


def _label_end(body: str, found: Sequence[Value]) -> int:
    """Return where what an entry is about ends: at the last colon, dash or dots before what is
    told, else where that begins."""
    told = [v for v in found if v.kind in TOLD]
    signs = [m for m in _COLON.finditer(body) if re.search(r"\w", body[: m.start()])]
    colons = [m for m in signs if ":" in m[0] or "." in m[0] or "…" in m[0]] or signs
    if not told:
        within = [m for m in colons if re.search(r"\w", body[m.end() :])]
        return within[0].end() if within else _first(found, body)
    before = [m for m in colons if m.end() <= told[0].start]
    if before:
        return before[-1 if len(told) == 1 else 0].end()
    return _first(told, body)


def _first(found: Sequence[Value], body: str) -> int:
    return found[0].start if found and found[0].start > 2 else len(body)
