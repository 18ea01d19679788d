# SPDX-License-Identifier: EUPL-1.2
"""A line that misleads alone is quoted with those around it.

« — du 3 novembre au 31 mars, de 8 heures à 17 heures 30 » does not say what is open, nor that
summer has other hours; « - les pneus » does not say that they are refused.

    an item ──▶ the line that opens its list, those above it that deny or allow; a short list whole
    a row   ──▶ the line over its table that says when, where or for whom; the rows that the
                question does not tell from it
    a day   ──▶ as a row: « Lundi : 9 h – 12 h », a line each
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.evidence import Candidate
from assistant.ranges import suits
from assistant.rows import (
    SIGN,
    day_told,
    is_row,
    labels,
    named_alike,
    says_alike,
    sets_apart,
    tells_when,
)
from corpus.french import fold
from corpus.sentences import sentences

MOST_ITEMS = 4
"""Items of a list between which a question does not choose, under the line that opens it. Of a
longer one those that answer are quoted, or all of them where these are half of it: papers to bring
are all needed."""

MOST_ROWS, MOST_DAYS = 8, 14
"""Rows of a table between which a question does not choose: a week's hours, prices by income. Lines
of a week may be two a day."""

TITLE_CHARS = 100
"""Length of a line that may open a list without a colon, or stand over a table."""

_MARK = re.compile(rf"{SIGN}|\d{{1,2}}(?:[.)]|°\)?)\s|[a-z]\)\s")
_IS_TOLD = re.compile(rf"(?:{_MARK.pattern})?\W*[A-ZÀ-Þ].*[.!?]$", re.DOTALL)
"""An item that is a sentence: it needs no title."""

_DENIES = re.compile(
    r"\b(?:interdi\w+|prohib\w+|proscri\w+|refus(?:e\w*)?|exclu\w*|defen(?:se de|du\w*)|aucune?"
    r"|non|sauf|hormis|excepte\w*|a l'exception)\b"
    r"|\bn(?:e |')[^.;:]*\b(?:(?:pas|plus|jamais|ni|que)\b|qu')"
)
_ALLOWS = re.compile(
    r"\b(?:(?:autoris|accept|toler|reserv)(?:ee?s?|ent)|admis(?:es?)?|permis(?:es?)?(?! de)"
    r"|uniquement|seulement)\b"
)


def with_neighbours(carriers: Sequence[Candidate], question: str) -> list[Candidate]:
    """Return what to quote, in its order: sentences that stand alone are left as they are."""
    first = carriers[0]
    passage = first.passage
    spans = sentences(passage.text.text)
    lines = [passage.text.text[start:end] for start, end in spans]
    starts = [passage.start + start for start, _ in spans]
    places = sorted(starts.index(c.start) for c in carriers if c.start in starts)
    if len(places) < len(carriers) or any(c.passage is not passage for c in carriers):
        return list(carriers)
    quoted = _of_table(lines, places, question)
    quoted = quoted or _Lists(lines, _marks(passage.text.text, spans)).quoted(places, question)
    if not quoted:
        return list(carriers)
    return [_line(first, *spans[place]) for place in quoted]


def misleads_alone(carriers: Sequence[Candidate], quoted: Sequence[Candidate]) -> bool:
    """Whether a sentence that rests on the carriers alone would leave out what stands beside them:
    more is quoted than they and a line that opens their list without limiting it."""
    starts = {carrier.start for carrier in carriers}
    beside = [line for line in quoted if line.start not in starts]
    of_list = not is_row(quoted[-1].text)
    return any(line is not quoted[0] or not of_list or _limits(line.text) for line in beside)


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lines of a passage, and the mark of the item that each is of, nothing for none."""

    lines: Sequence[str]
    marks: Sequence[str]

    def quoted(self, places: Sequence[int], question: str) -> list[int]:
        """Places of the lines that open the list, then of the items that the question does not tell
        apart from those of the answer; nothing for no list.

        Lines that are not of one list get what limits them alone.
        """
        openers = [self._openers(place) for place in places]
        if not openers[0] or any(one != openers[0] for one in openers):
            limits = {over for one in openers for over in one if _limits(self.lines[over])}
            return sorted(limits.union(places)) if limits.difference(places) else []
        *outer, opening = openers[0]
        after = places[-1] + 1
        while after < len(self.lines) and (
            self.marks[after] or self.lines[after - 1].endswith(";")
        ):
            after += 1
        alike = [
            place
            for place in range(opening + 1, after)
            if opening in self._above(place)
            and any(says_alike(self.lines[place], self.lines[one], question) for one in places)
        ]
        is_whole = len(alike) <= MOST_ITEMS or len(alike) <= 2 * len(places)
        return [*outer, opening, *(alike if is_whole else places)]

    def _openers(self, place: int) -> list[int]:
        """Places of the line that opens an item's list, and of those above it that limit it too,
        the outermost first."""
        is_within = self.marks[place] not in ("", ",") and not _MARK.match(self.lines[place])
        if is_within or self._starts_anew(place):
            return []  # what follows a full stop in an item stands alone
        above = self._above(place)
        return [
            over
            for under, over in zip([place, *above], above, strict=False)
            if self._opens(over, under) and (under == place or _limits(self.lines[over]))
        ][::-1]

    def _above(self, place: int) -> list[int]:
        """Places of what a line stands under, then of what that stands under, and so on."""
        over = self._over(place)
        return [] if over is None else [over, *self._above(over)]

    def _over(self, place: int) -> int | None:
        """Place of what a line stands right under, nothing for what is no item of a list."""
        above = place - 1
        if self._starts_anew(place):
            line = self.lines[above] if place and not self.marks[above] else ""
            return above if line.endswith(":") or (_is_title(line) and _limits(line)) else None
        if not self._is_item(place):
            return None
        while above >= 0 and self._is_beside(above, place):
            above -= 1
        # « Acceptés : », « - le bois », « 2. Refusés »: the number is none of what is accepted
        is_of_list = _rank(self.marks[above + 1]) <= _rank(self.marks[place])
        return above if above >= 0 and is_of_list else None

    def _opens(self, over: int, under: int) -> bool:
        """Whether a line opens the list under it: by its colon, or by what it says of items that
        are no sentences."""
        line, is_told = self.lines[over], _IS_TOLD.match(self.lines[under])
        if line.endswith(":"):
            return True
        if is_row(line) or not (self.marks[over + 1] or self._starts_anew(over + 1)):
            return False
        if is_told:
            return _limits(line) and not line.endswith(".")
        return _limits(line) or _is_title(line)

    def _is_beside(self, above: int, place: int) -> bool:
        """Whether a line above an item is of its list, or of another's that stands under it."""
        mark, own = self.marks[above], self.marks[place]
        if self.lines[above].endswith(":"):
            opens_another = self.marks[above + 1] != own or self.lines[place].endswith(":")
            return bool(own) and mark == own and opens_another and above + 1 != place
        stands_over = mark and own and _rank(mark) < _rank(own)
        return self._is_item(above) and not stands_over

    def _is_item(self, place: int) -> bool:
        line, before = self.lines[place], self.lines[place - 1] if place else ""
        is_one = self.marks[place] or line.endswith(";") or before.endswith((";", ":"))
        return bool(is_one) and not is_row(line)

    def _starts_anew(self, place: int) -> bool:
        """Whether a line without a mark opens a list, whatever stands above it."""
        line, below = self.lines[place], "".join(self.marks[place + 1 : place + 2])
        is_over = bool(below) and _is_title(line) and not self._is_item(place)
        return not self.marks[place] and (line.endswith(":") or is_over)


def _marks(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The mark of each sentence's line: what follows a full stop is of the same item, and commas
    mark items under what denies or allows them (elsewhere, an address or a letter's first line)."""
    marks: list[str] = []
    before = ""
    end = 0
    for start, after in spans:
        line = text[start:after]
        found = _MARK.match(line)
        sign = found[0][0] if found else ""
        mark = "1" if sign.isdigit() else "a" if sign.isalpha() else sign
        if marks and "\n" not in text[end:start]:
            mark = marks[-1]
        elif not mark and (
            (marks and marks[-1] == "," and before.endswith(","))
            or (line.endswith(",") and before.endswith(":") and _denies_or_allows(before))
        ):
            mark = ","
        marks.append(mark)
        before, end = line, after
    return marks


def _rank(mark: str) -> int:
    """Numbers stand over letters, letters over signs: « 2. Déchets refusés » opens « - pneus »."""
    return {"1": 0, "a": 1}.get(mark, 2)


def _denies_or_allows(line: str) -> bool:
    return bool(_DENIES.search(fold(line)) or _ALLOWS.search(fold(line)))


def _limits(line: str) -> bool:
    """Whether what stands under a line is denied or allowed by it, or holds at times only.

    >>> _limits("Ne sont pas acceptés"), _limits("Octobre"), _limits("Pièces à fournir")
    (True, True, False)
    """
    return _denies_or_allows(line) or tells_when(line)


def _is_title(line: str) -> bool:
    return 0 < len(line) <= TITLE_CHARS and line[-1] not in ".;,!…" and not is_row(line)


def _of_table(lines: Sequence[str], places: Sequence[int], question: str) -> list[int]:
    """Places of the rows that a question does not tell apart, with those of the answer, each under
    the line that sets its table apart; the rows of the answer alone where the question singles one
    out, by a word or by a figure that falls into its range; nothing where nothing is added."""
    days = [place for place in places if day_told(lines[place])]
    of_rows = days or (places if all(is_row(lines[place]) for place in places) else ())
    near = {place for row in of_rows for place in _table(lines, row)}
    alike = {
        place
        for place in near
        if any(named_alike(lines[row], lines[place], question) for row in of_rows)
    }
    is_one_meant = not days and any(suits(question, lines[place]) is not None for place in near)
    is_few = len(alike) <= (MOST_DAYS if days else MOST_ROWS)
    rows = alike.union(places) if is_few and not is_one_meant else set(places)
    over = {title for place in rows if (title := _title(lines, place)) is not None}
    quoted = sorted(rows | over)
    return quoted if len(quoted) > len(places) else []


def _table(lines: Sequence[str], place: int) -> range:
    """Places of the rows around one that have its headings, itself included; of a week's lines for
    one that tells a day."""
    if day_told(lines[place]):
        return _week(lines, place)
    headings = labels(lines[place])
    return _run(lines, place, lambda line: labels(line) == headings)


def _run(lines: Sequence[str], place: int, is_of_it: Callable[[str], bool]) -> range:
    """Places of the lines on both sides of one that go on with it."""
    first, after = place, place + 1
    while first > 0 and is_of_it(lines[first - 1]):
        first -= 1
    while after < len(lines) and is_of_it(lines[after]):
        after += 1
    return range(first, after)


def _week(lines: Sequence[str], place: int) -> range:
    """Places of the lines of one week: another one begins where a day comes again."""
    run = _run(lines, place, lambda line: bool(day_told(line)))
    first, told = run.start, set[str]()
    for at in run:
        day = day_told(lines[at])
        if day in told:
            if at > place:
                return range(first, at)
            first, told = at, set()
        told.add(day)
    return range(first, run.stop)


def _title(lines: Sequence[str], place: int) -> int | None:
    """Place of the line right over a row's table, where rows need it: it denies, it tells when,
    where or for whom they hold, it opens a list of days, or it tells them from those of another
    table alike.

    « Lundi : 9 h – 18 h » needs « En hiver », and any title where another week stands beside.
    """
    row = lines[place]
    headings = labels(row)
    is_day = bool(day_told(row))

    def is_of_table(line: str) -> bool:
        # a row with an empty cell lacks its heading: the first one is hardly ever empty
        own = labels(line)
        return own[:1] == headings[:1] if is_row(row) else bool(own) and not is_row(line)

    if not is_day and (not headings or row.endswith(":")):
        return None
    table = _week(lines, place) if is_day else _run(lines, place, is_of_table)
    above = table.start - 1
    if above < 0 or not _is_title(lines[above]) or day_told(lines[above]):
        return None
    title, around = lines[above], [*lines[:above], *lines[table.stop :]]
    if is_day:
        is_told_apart = not labels(title) and (_limits(title) or any(map(day_told, around)))
        return above if title.endswith(":") or is_told_apart else None
    own = [labels(lines[one]) for one in table]
    is_needed = any(labels(line) in own for line in around)
    if is_row(row):
        is_needed |= sets_apart(title, row) or _DENIES.search(fold(title)) is not None
    else:
        is_needed &= _limits(title)
    return above if is_needed else None


def _line(like: Candidate, start: int, end: int) -> Candidate:
    passage = like.passage
    text = passage.text.text[start:end]
    return replace(like, start=passage.start + start, end=passage.start + end, text=text)
