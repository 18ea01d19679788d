# SPDX-License-Identifier: EUPL-1.2
"""What an alignment says: changes with both quotes and pages, values first, wording apart.

    Matching ─▶ changed values │ renamed categories │ added, removed │ reworded ─▶ Comparison

What only tells two acts apart (their number, their sitting, visas, vote, stamps) is `formal`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from assistant.comparing.atoms import is_same_day, names_an_act
from assistant.comparing.facts import Fact, is_bare
from assistant.comparing.matching import TABULAR, Matching, of_other_year
from assistant.comparing.settled import Changed, Settled
from assistant.comparing.tokens import PERIODS, Token, is_years, period_end
from assistant.comparing.units import Form, Unit
from corpus.sentences import shortened
from guardrails.values import Kind, Value

QUOTE_CHARS = 500
HEADING_CHARS = 90


_PRICED = frozenset({Kind.AMOUNT, Kind.PERCENT})
"""Of a ground, of what the mayor proposes: another price is another decision."""

_NOUN = re.compile(r"\s+[^\W\d_]+")
SAID_CHARS = 700
DATED_WORDS = 8
"""Words up to which a line with a day only says when an act was made."""

LEAST_TO_TELL, UNLIKE_SHARE = 4, 0.12
"""Below which share of common units, of how many at least, two acts are of different matters."""


class What(StrEnum):
    """What became of something."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. Quotes are stretches of their page, word for word; where one side has
    nothing, its page is None and its quote empty. `is_wording`: no value differs."""

    kind: What
    what: str
    before: str
    after: str
    page_a: int | None
    page_b: int | None
    quote_a: str
    quote_b: str
    start_a: int | None = None
    start_b: int | None = None
    """Where the quotes begin in their pages."""
    is_wording: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs between two acts, in their order; `unchanged` counts rows and sentences that
    both have. `wording`: said in other words, every value the same. `formal`: what only tells
    which act it is."""

    changes: tuple[Change, ...]
    wording: tuple[Change, ...]
    formal: tuple[Change, ...]
    unchanged: int
    is_unlike: bool = False
    """Whether next to nothing is common: no two editions of one act."""

    @property
    def is_same(self) -> bool:
        """Whether nothing differs but words and formalities."""
        return not self.changes


def tell(found: Matching, settled: Settled) -> Comparison:
    """Return what an alignment says."""
    return _Teller(found, settled).comparison()


class _Teller:
    def __init__(self, found: Matching, settled: Settled) -> None:
        self._found, self._settled = found, settled
        self._is_edited = settled.is_edited
        self._told: list[tuple[float, Change, bool]] = []
        self._wording: list[tuple[float, Change, bool]] = []
        self._touched: set[int] = set()
        self._renames: set[tuple[str, str]] = set()
        self._columns = defaultdict[tuple[int, int], list[tuple[int, int]]](list)
        for (i, m), (j, n) in found.facts.items():
            self._columns[i, j].append((m, n))

    def comparison(self) -> Comparison:
        found = self._found
        self._changed_facts()
        for i, j in sorted(found.units.items()):
            self._renamed(i, j)
            self._reworded(i, j)
            self._within(i, j)
        for i, j in self._settled.reworded.items():
            self._written_anew(found.a[i], found.b[j], j)
        self._alone(found.a, 0)
        self._alone(found.b, 1)
        ranked = sorted(self._told, key=lambda one: (one[1].is_wording, one[0]))
        unchanged = [
            i
            for i, unit in enumerate(found.a)
            if unit.form is not Form.HEADING and i not in self._touched
        ]
        return Comparison(
            changes=tuple(change for _, change, formal in ranked if not formal),
            wording=tuple(c for _, c, formal in sorted(self._wording, key=_rank) if not formal),
            formal=tuple(
                c for _, c, formal in sorted((*self._told, *self._wording), key=_rank) if formal
            ),
            unchanged=len(unchanged),
            is_unlike=self._is_unlike(),
        )

    def _is_unlike(self) -> bool:
        found = self._found
        least = min(
            sum(not unit.is_frame and unit.form is not Form.HEADING for unit in units)
            for units in (found.a, found.b)
        )
        paired = sum(
            not (found.a[i].is_frame or found.b[j].is_frame) and found.a[i].form is not Form.HEADING
            for i, j in found.units.items()
        )
        return least >= LEAST_TO_TELL and paired + len(found.said_a) < UNLIKE_SHARE * least

    # -- values

    def _changed_facts(self) -> None:
        """Tell each pair of facts that differ, those of one cell once."""
        found, cells = self._found, defaultdict[object, list[Changed]](list)
        for one in sorted(self._settled.changed, key=lambda one: (one.a, one.b)):
            mine, theirs = found.fact(0, one.a), found.fact(1, one.b)
            key: object = (one.a, one.b)
            if mine.cell and theirs.cell:
                key = (one.a[0], mine.cell, one.b[0], theirs.cell)
            cells[key].append(one)
        for changes in cells.values():
            self._changed(changes[0], is_cell=len(changes) > 1)

    def _changed(self, told: Changed, *, is_cell: bool) -> None:
        found, a, b = self._found, told.a, told.b
        one, other = found.a[a[0]], found.b[b[0]]
        mine, theirs = found.fact(0, a), found.fact(1, b)
        before, after = (
            _said(unit, fact, whole=is_cell or mine.cell is not None)
            for unit, fact in ((one, mine), (other, theirs))
        )
        if _bounds_alike(mine, theirs):
            before, after = _figure(one, mine), _figure(other, theirs)
        elif any(told.figures) and not is_cell:
            before = _figure(one, mine, told.figures[0]) or before
            after = _figure(other, theirs, told.figures[1]) or after
        if mine.period and theirs.period and mine.period != theirs.period and not mine.cell:
            before, after = _said(one, mine, period=True), _said(other, theirs, period=True)
        if before == after and mine.column and theirs.column:  # « Prix par mois », « par an »
            before, after = f"{before} ({mine.column})", f"{after} ({theirs.column})"
        is_frame = (one.is_frame or other.is_frame) and mine.kind not in _PRICED
        formal = (
            is_frame
            or is_same_day(mine, theirs)
            or (names_an_act(one, mine) and names_an_act(other, theirs))
        )
        formal = formal or (
            (mine.in_label or one.form is Form.HEADING)
            and all(f.value is not None and is_years(f.value) for f in (mine, theirs))
        )
        is_wording = mine.value is None and theirs.value is None and not mine.kind
        change = _change(
            What.CHANGED, _what(one, mine, other, theirs), (before, after),
            (_quote(one, mine), _quote(other, theirs)), is_wording=is_wording,
        )  # fmt: skip
        self._tell(b[0] + a[1] / 1000, change, formal)
        self._touched.add(a[0])

    def _within(self, i: int, j: int) -> None:
        """Tell the values of a pair of which the other unit has none."""
        found = self._found
        if self._settled.sure.get(i) != j:
            return
        for side, (own, other) in enumerate(((i, j), (j, i))):
            units, said = ((found.a, found.said_a), (found.b, found.said_b))[side]
            unit, twin = units[own], (found.b, found.a)[side][other]
            for m, fact in enumerate(unit.facts):
                place = (own, m)
                if place in self._settled.met[side] or place in said or fact.in_label:
                    continue
                if unit.form is Form.HEADING or of_other_year(fact) or not _counts(fact):
                    continue
                if fact.value is None:  # « fermé » where the other says nothing
                    continue
                change = self._alone_change(side, unit, fact, twin)
                if change:
                    self._tell(j + m / 1000, change, unit.is_frame)
                    self._touched.add(i)

    def _alone_change(self, side: int, unit: Unit, fact: Fact, twin: Unit) -> Change | None:
        said = _said(unit, fact, whole=fact.cell is not None)
        what, own, beside = _what(unit, fact), _quote(unit, fact), _quote(twin, None)
        if side:
            return _change(What.ADDED, what, ("", said), (beside, own))
        return _change(What.REMOVED, what, (said, ""), (own, beside))

    # -- names of categories

    def _renamed(self, i: int, j: int) -> None:
        one, other = self._found.a[i], self._found.b[j]
        if one.form in TABULAR and other.form in TABULAR:
            mine, theirs = {*one.called}, {*other.called}
            self._rename(i, j, one.name, other.name, _words(mine - theirs), _words(theirs - mine))
        if one.form is Form.ROW and other.form is Form.ROW:
            for m, n in self._columns[i, j]:
                x, y = one.facts[m], other.facts[n]
                if x.column and y.column and x.column != y.column:
                    mine, theirs = {*x.column_words}, {*y.column_words}
                    only, new = _words(mine - theirs), _words(theirs - mine)
                    self._rename(i, j, x.column, y.column, only, new)

    def _rename(self, i: int, j: int, a: str, b: str, only: set[str], new: set[str]) -> None:
        if not (only and new) or (a, b) in self._renames:
            return
        self._renames.add((a, b))
        one, other = self._found.a[i], self._found.b[j]
        what, quotes = _headed(other, other.name), (_quote(one, None), _quote(other, None))
        if not self._is_edited:
            change = _change(What.CHANGED, what, (a, b), quotes, is_wording=True)
            self._wording.append((j, change, one.is_frame or other.is_frame))
            return
        change = _change(What.CHANGED, what, (a, b), quotes)
        self._tell(j - 0.5, change, one.is_frame or other.is_frame or _is_dated(other))
        self._touched.add(i)

    # -- words

    def _reworded(self, i: int, j: int) -> None:
        """Tell sentences that say something in other words."""
        one, other = self._found.a[i], self._found.b[j]
        if one.form is not other.form or one.form in TABULAR or _content(one) == _content(other):
            return
        spans = _differing(one, other)
        if spans is None:
            return
        (a, b), (c, d) = spans
        is_heading = other.form is Form.HEADING
        change = _change(
            What.CHANGED, _headed(other, other.name if is_heading else ""),
            (" ".join(one.text[a:b].split()), " ".join(other.text[c:d].split())),
            (_quote(one, None), _quote(other, None)), is_wording=True,
        )  # fmt: skip
        is_formal = one.is_frame or other.is_frame
        has_values = any(f.value for unit in (one, other) for f in unit.facts)
        is_apart = has_values or is_heading or not self._is_edited
        (self._wording if is_apart else self._told).append((j, change, is_formal))
        if not is_apart:
            self._touched.add(i)

    def _written_anew(self, one: Unit, other: Unit, rank: float) -> None:
        quotes = _quote(one, None), _quote(other, None)
        said = (
            shortened(" ".join(one.text.split()), SAID_CHARS),
            shortened(" ".join(other.text.split()), SAID_CHARS),
        )
        change = _change(What.CHANGED, _headed(other, ""), said, quotes, is_wording=True)
        self._wording.append((rank, change, False))

    # -- what one side has alone

    def _alone(self, units: Sequence[Unit], side: int) -> None:
        is_new = self._settled.alone[side]
        known_titles = {
            unit.title
            for i, unit in enumerate(units)
            if i not in is_new and unit.form is not Form.HEADING
        }
        for group in _grouped(units, sorted(is_new), known_titles):
            self._tell_alone(side, units[group[0]], [units[i] for i in group], None, group[0])
            if not side:
                self._touched |= {*group}

    def _tell_alone(
        self, side: int, unit: Unit, group: list[Unit], fact: Fact | None, rank: float = 0
    ) -> None:
        quote = _quote(unit, fact) if fact or len(group) == 1 else _joined(group)
        said = _said(unit, fact, whole=True) if fact else _content_said(group)
        name = unit.name if _is_listed(unit) else ""
        what = (_what(unit, fact) if fact else _headed(unit, name)) or unit.name
        is_wording = not any(f.value or f.kind for u in group for f in u.facts)
        if side:
            change = _change(What.ADDED, what, ("", said), (None, quote), is_wording=is_wording)
        else:
            change = _change(What.REMOVED, what, (said, ""), (quote, None), is_wording=is_wording)
        self._tell(rank, change, all(u.is_frame or _is_dated(u) for u in group))

    def _tell(self, rank: float, change: Change, formal: bool) -> None:
        self._told.append((rank, change, formal))


def _is_dated(unit: Unit) -> bool:
    """Whether a short line states but a day with its year: when an act was made or revised."""
    stated = [fact.value for fact in unit.facts if fact.value]
    return (
        bool(stated)
        and len(unit.key) <= DATED_WORDS
        and all(v.unit == "date" and v.has_year for v in stated)
    )


def _rank(told: tuple[float, Change, bool]) -> float:
    return told[0]


def _words(keys: set[str]) -> set[str]:
    """Return the words that name something: no value, no « par an »."""
    return {key for key in keys if not key.startswith("#") and key not in PERIODS}


def _counts(fact: Fact) -> bool:
    """Whether a fact is told where the other side has none: a value, or a word in its place."""
    return fact.kind is not None and not is_bare(fact.value)


def _content(unit: Unit) -> list[str]:
    return [token.key for token in unit.tokens if not token.is_value]


Span = tuple[int, int]


def _differing(one: Unit, other: Unit) -> tuple[Span, Span] | None:
    """Return where two sentences differ in words, from their first difference to the last; nothing
    where only values and small words do."""
    mine = [t for t in one.tokens if not t.is_value]
    theirs = [t for t in other.tokens if not t.is_value]
    a, b = [t.key for t in mine], [t.key for t in theirs]
    steps = [
        s for s in SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if s[0] != "equal"
    ]
    if not steps or sorted(a) == sorted(b):
        return None
    first, last = steps[0], steps[-1]
    if first[1] == last[2] or first[3] == last[4]:  # words that one side lacks: whole sentences
        return (0, len(one.text)), (0, len(other.text))
    return _span(mine, first[1], last[2]), _span(theirs, first[3], last[4])


def _span(tokens: Sequence[Token], first: int, last: int) -> Span:
    return tokens[first].start, tokens[last - 1].end


def _said(unit: Unit, fact: Fact, *, whole: bool = False, period: bool = False) -> str:
    """Return what a fact says as its page has it: its cell, or its value."""
    start, end = fact.start, fact.end
    if whole and fact.cell:
        start, end = fact.cell
    if is_bare(fact.value) and (noun := _NOUN.match(unit.text, end - unit.start)):
        end = unit.start + noun.end()  # « deux fois », not « deux »
    if period:
        end += period_end(unit.text[end - unit.start : end - unit.start + 30])
    text = unit.text[start - unit.start : end - unit.start]
    return " ".join(text.split())


def _bounds_alike(mine: Fact, theirs: Fact) -> bool:
    """Whether both leave the same end open, outside of cells: « après 18 h 30 »."""
    if mine.cell or theirs.cell or not (mine.value and theirs.value):
        return False
    x, y = mine.value, theirs.value
    return len(x.parts) == len(y.parts) == 1 and (x.low == y.low or x.high == y.high)


def _figure(unit: Unit, fact: Fact, part: Value | None = None) -> str:
    """Return one figure of a value, the first unless a part is given."""
    value = fact.value
    if value is None:
        return ""
    shift = fact.start - unit.start - value.start
    part = part or (value.parts or (value,))[0]
    return " ".join(unit.text[part.start + shift : part.end + shift].split())


def _what(
    unit: Unit, fact: Fact | None, twin: Unit | None = None, other: Fact | None = None
) -> str:
    """Return what a value is of, under its heading; as a table says it, where one does."""
    if twin and other and twin.form in TABULAR and (unit.form not in TABULAR or other.column):
        unit, fact = twin, other
    if fact is None:
        return _headed(unit, unit.name)
    name = fact.name if not fact.in_label else unit.name
    column = fact.column
    return _headed(unit, f"{name} – {column}" if column and column != name else name)


def _headed(unit: Unit, name: str) -> str:
    over = " ".join(unit.title.split())
    if len(over) > HEADING_CHARS:
        over = over[: HEADING_CHARS - 1].rsplit(" ", 1)[0] + "…"
    return " › ".join(part for part in (over.rstrip(" :"), " ".join(name.split())) if part)


Quote = tuple[int, int, str]
"""A page, where a quote begins in it, and its words."""


def _change(
    kind: What,
    what: str,
    said: tuple[str, str],
    quotes: tuple[Quote | None, Quote | None],
    *,
    is_wording: bool = False,
) -> Change:
    (page_a, start_a, quote_a), (page_b, start_b, quote_b) = (
        quote or (None, None, "") for quote in quotes
    )
    return Change(
        kind=kind, what=what, before=said[0], after=said[1], page_a=page_a, page_b=page_b,
        quote_a=quote_a, quote_b=quote_b, start_a=start_a, start_b=start_b, is_wording=is_wording,
    )  # fmt: skip


def _quote(unit: Unit, fact: Fact | None) -> Quote:
    """Return a stretch of the page around a fact, whole words, word for word."""
    if len(unit.text) <= QUOTE_CHARS:
        return unit.page, unit.start, unit.text
    at = fact.start - unit.start if fact else 0
    start = max(0, min(at - QUOTE_CHARS // 2, len(unit.text) - QUOTE_CHARS))
    end = start + QUOTE_CHARS
    if start:
        start = unit.text.find(" ", start) + 1 or start
    if end < len(unit.text):
        end = unit.text.rfind(" ", start, end) if " " in unit.text[start:end] else end
    return unit.page, unit.start + start, unit.text[start:end]


def _joined(group: Sequence[Unit]) -> Quote:
    """Return the first sentence of a paragraph: a whole one may be longer than a quote."""
    return _quote(group[0], None)


def _content_said(group: Sequence[Unit]) -> str:
    unit = group[0]
    is_named = any(f.in_label and f.value for f in unit.facts)
    if len(group) == 1 and _is_listed(unit) and not is_named:
        own = [f for f in unit.facts if not f.in_label]
        now = [f for f in own if not of_other_year(f)] or own
        valued = [f for f in now if _counts(f)] or now
        cells = dict.fromkeys(_said(unit, f, whole=True) for f in valued)
        if cells:
            return " ; ".join(cells)
    return shortened(" ".join(" ".join(u.text.split()) for u in group), SAID_CHARS)


def _is_listed(unit: Unit) -> bool:
    """Whether it is a line of a table or a list, no short sentence."""
    return unit.form in TABULAR and not unit.text.endswith((".", "!", "?"))


def _grouped(
    units: Sequence[Unit], new: Sequence[int], known_titles: Collection[str]
) -> Iterator[list[int]]:
    """Yield what is alone: sentences of one paragraph together, and all of an article of which the
    other side has nothing; rows and entries each for itself."""

    def together(i: int) -> object:
        unit = units[i]
        if _is_listed(unit):
            return i
        if unit.title and unit.title not in known_titles:
            return unit.page, unit.title
        return unit.page, unit.paragraph

    for _, group in groupby(new, together):
        yield [*group]
