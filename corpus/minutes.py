# SPDX-License-Identifier: EUPL-1.2
"""The items of a sitting's minutes: where each starts, its number and its title.

    Ordre du jour          1. Approbation du compte rendu      the list, if there is one
                           2. Tarifs de la cantine
    1. Approbation…        …   Vote : pour à l'unanimité       item 1 goes from here…
    2. Tarifs de la cantine  …                                 …to here

Numbers also start inner lists, so a number alone proves nothing. Where the agenda is listed
first, an item starts where its title comes back; elsewhere, where the next number comes up
after a vote, or first comes up.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.fuzz import ratio

from corpus.french import flat
from corpus.sentences import shortened
from corpus.votes import Votes, read_votes

Pages = Sequence[tuple[int, str]]

TITLE_CHARS = 160
ALIKE = 80.0
ALIKE_CHARS = 48
"""Titles are compared on their start: the list often cuts them."""

START_CHARS, START_ALIKE = 22, 95.0
"""…or only on its first words, where the body says the rest otherwise."""

MAX_GAP = 3
"""Numbers that may be missing between two items: withdrawn ones."""

NUMBERED = re.compile(
    r"(?:(?:point|question|affaire|rapport|dossier)\s*)?(?:n\s?[°o]\s*)?(\d{1,3})\s?[.)/:°-]+\s*(?=\S)"
)
ACT_NUMBERED = re.compile(
    r"(?:(?:deliberation|dcm)\s*)?(?:n\s?[°o]\s*)?"
    r"((?!\d{1,2}/\d{1,2}/\d{4})\d{2,4}[-/]\d{1,4}(?:[-/]\d{1,4}){0,2})\s*[-:]\s*(?=\S)"
)
SECTION = re.compile(r"point\s*(?:n\s?[°o]\s*)?\d{1,3}\s?[.:)-]+\s*(?=\S)")
CITED = re.compile(r"\(\s*deliberation\s*n\s?[°o]\s*(\d[\w/-]{3,24})\)")
"""Minutes name the deliberation that an item became between brackets."""

NOT_AN_ITEM = re.compile(r"\d|[a-zà-ÿ]|[€%]")
UNVOTED = re.compile(
    r"(?:approbation|adoption|arret)\s+(?:du|des|de)\b.{0,20}"
    r"\b(?:proces[- ]verb|comptes?[- ]rendu (?:de|du conseil)|pv\b)"
    r"|questions? diverses|^(?:points? d')?informations?\b|decisions? (?:prises?|du maire)"
    r"|secretaire de seance"
)
RUNS_ON = re.compile(r"(?:\b(?:d[eu]s?|l[ea]s?|et|ou|à|au|aux|en|par|pour|sur|avec|[dl]')|[,–-])$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An agenda item: `rank` counts from 1, `start` counts characters of its first page.

    `is_act`: it was voted or has a number of its own, so it is a deliberation.
    """

    rank: int
    page: int
    start: int
    end: int
    title: str
    number: str = ""
    theme: str = ""
    is_act: bool = False
    votes: tuple[tuple[int, Votes], ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may start an item; `place` counts characters of the whole text."""

    place: int
    page: int
    start: int
    number: str
    title: str
    lead: int

    @property
    def count(self) -> int:
        return int(self.number)


def find_items(pages: Pages) -> tuple[Item, ...]:
    """Return the items of minutes, in order; none where the text does not number them."""
    whole = "\n".join(text for _, text in pages)
    starts = _by_act_number(pages) or _by_number(pages, whole)
    themes = list(_lines(pages, SECTION))
    items: list[Item] = []
    for rank, line in enumerate(starts, start=1):
        until = starts[rank].place if rank < len(starts) else len(whole)
        text = whole[line.place : until]
        theme = [t.title for t in themes if t.place < line.place and t.title != line.title]
        item = Item(
            rank=rank,
            page=line.page,
            start=line.start,
            end=line.start + _title_end(text),
            title=shortened(
                " ".join(text[line.lead : _title_end(text)].split()), TITLE_CHARS
            ).rstrip(" .:;,"),
            number=line.number if not line.number.isdigit() else "",
            theme=theme[-1] if theme and not starts[0].number.isdigit() else "",
        )
        items.append(_decided(item, text, pages, line.place))
    return tuple(items)


def _decided(item: Item, text: str, pages: Pages, place: int) -> Item:
    """Return the item with its votes, each on its page, and the number that it cites as its own."""
    folded = flat(text)
    votes = on_pages(_formal(read_votes(text)), pages, place=place)
    cited = CITED.findall(folded)
    number = item.number or (cited[-1].rstrip("-/") if len(set(cited)) == 1 and votes else "")
    is_act = bool(votes or item.number) and not UNVOTED.search(flat(item.title))
    return replace(item, votes=votes, number=number if is_act else "", is_act=is_act)


def _formal(votes: Sequence[Votes]) -> list[Votes]:
    """Leave out what the chair says aloud ("trois abstentions, adopté") where it is counted too."""
    counted = {vote.abstentions for vote in votes if vote.pour is not None}
    return [v for v in votes if v.pour is not None or v.abstentions not in counted]


def on_pages(
    votes: Iterable[Votes], pages: Pages, *, place: int = 0
) -> tuple[tuple[int, Votes], ...]:
    """Return each vote with its page, its place counted from the start of that page.

    `place` is where the text that told the votes starts in the pages joined by line breaks.
    """
    firsts, at = [], 0
    for number, text in pages:
        firsts.append((at, number))
        at += len(text) + 1
    placed = []
    for vote in votes:
        first, number = firsts[bisect_right(firsts, (place + vote.start, math.inf)) - 1]
        start, end = place + vote.start - first, place + vote.end - first
        placed.append((number, replace(vote, start=start, end=end)))
    return tuple(placed)


def _lines(pages: Pages, pattern: re.Pattern[str]) -> Iterator[_Line]:
    at = 0
    for number, text in pages:
        start = 0
        for raw in text.split("\n"):
            lead = len(raw) - len(raw.lstrip(" \t*#_>"))
            line = raw[lead:].rstrip(" *_")
            if (found := pattern.match(flat(line))) and _is_title(line[found.end() :]):
                named = found[1] if found.re.groups else ""
                title = line[found.end() :]
                yield _Line(at + start + lead, number, start + lead, named, title, found.end())
            start += len(raw) + 1
        at += len(text) + 1


def _is_title(words: str) -> bool:
    letters = sum(c.isalpha() for c in words)
    return (
        letters >= 3
        and letters >= 0.5 * len(words)
        and not NOT_AN_ITEM.match(words)
        and not words.rstrip().endswith(";")
    )


def _by_act_number(pages: Pages) -> list[_Line]:
    """Return the lines that start with an act's number, the last of each: the list comes first."""
    last = {line.number: line for line in _lines(pages, ACT_NUMBERED)}
    return sorted(last.values(), key=lambda line: line.place) if len(last) > 1 else []


def _by_number(pages: Pages, whole: str) -> list[_Line]:
    lines = list(_lines(pages, NUMBERED))
    listed = _chain(lines)
    again = [o.place for line in listed for o in lines if o.place > line.place and _same(o, line)]
    body: list[_Line] = []
    for line in listed:
        after = body[-1].place + 1 if body else min(again, default=0)
        back = (other for other in lines if other.place >= after and _same(other, line))
        body += [first] if (first := next(back, None)) else []
    if again and len(body) * 2 > len(listed):
        return body
    return _chain(lines, [vote.start for vote in read_votes(whole)])


def _chain(lines: Sequence[_Line], votes: Sequence[int] = ()) -> list[_Line]:
    """Return lines whose numbers go up from 1, each the first, or the first after a vote."""
    chain: list[_Line] = []
    for line in lines:
        before = chain[-1] if chain else None
        expected = before.count + 1 if before else 1
        if expected <= line.count <= expected + (MAX_GAP if before else 0):
            chain.append(line)
        elif before and line.count == before.count and _voted_between(before, line, chain, votes):
            chain[-1] = line
    return chain


def _voted_between(
    before: _Line, line: _Line, chain: Sequence[_Line], votes: Sequence[int]
) -> bool:
    """Say whether the item before was voted only between these two lines of one number."""
    last = chain[-2].place if len(chain) > 1 else 0
    early = any(last < vote < before.place for vote in votes)
    return not early and any(before.place < vote < line.place for vote in votes)


def _same(a: _Line, b: _Line) -> bool:
    return a.number == b.number and _alike(a, b)


def _alike(a: _Line, b: _Line) -> bool:
    first, second = flat(a.title), flat(b.title)
    return any(
        ratio(first[:chars], second[:chars]) >= alike
        for chars, alike in ((ALIKE_CHARS, ALIKE), (START_CHARS, START_ALIKE))
    )


def _title_end(text: str) -> int:
    """Return where the title ends: with its line, unless that runs on to the next."""
    end = 0
    lines = text.split("\n")
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        end += len(line)
        follows = after.strip()
        runs_on = bool(RUNS_ON.search(line.rstrip())) or follows[:1].islower()
        if end > TITLE_CHARS or not follows or not (runs_on or _is_subtitle(line, follows)):
            break
        end += 1
    return end


def _is_subtitle(line: str, follows: str) -> bool:
    return follows[:2] in ("- ", "– ") and len(follows) < 100 and line.rstrip()[-1:] not in ".;"
