# SPDX-License-Identifier: EUPL-1.2
"""The articles of an act in their own words, shortened by leaving out.

    leaves ─▶ what stands under each `Article …` │ numbered points │ what follows DÉCIDE
           ─▶ the first sentence, those with figures, then others while there is room ─▶ Article

`[…]` stands for what was left out; what is between two of them stands so on the page, its line
breaks written as spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.glance.leaves import Leaf
from corpus.french import flat
from corpus.sections import DECIDES, STRONG
from corpus.sentences import sentences
from guardrails.values import Kind as ValueKind
from guardrails.values import values

MOST_CHARS = 340
MOST_ARTICLES = 200
LEFT_OUT = "[…]"
FEWEST_POINTS = 3

ARTICLE = re.compile(
    r"(?:article|art\.)\s+"
    r"(?P<number>(?:[A-Z]{1,3}\s?)?\d{1,3}(?:er)?(?:[.-]\d{1,2})?|ler|premi[eè]re?|unique|[IVX]+)\b"
    r"(?P<more>\s(?:bis|ter|quater)\b)?(?!['’]|[-./]\d)(?:[ \t]*[.:–—-])*[ \t]*",
    re.IGNORECASE,
)
POINT = re.compile(r"(?P<number>\d{1,2})\s?(?:°|[.)–—-]|/(?!\d))\s*(?=[A-ZÀ-Þ])")
ENTRY = re.compile(r"(?:(?P<number>\d{1,2})\s?(?:°|[.)/-])|[-–—•*>])\s*(?=\S)")
TITLED = re.compile(r"(?P<title>[^.:;]{3,90}?)(?:\.(?=\s|$)|\s?:(?=\s|$)|\s[–—](?=\s)|$)")
SAYS = re.compile(
    r"\b(?:est|sont|a|ont|peut|peuvent|doit|doivent|sera|seront|fait|font|ne|il|elle|ils|elles|se"
    r"|demeurent?|entrent?|reste(?:nt)?)\b"
)
"""What a sentence has and a title has not."""
DIVISION = re.compile(r"(?:titre|chapitre|section|annexe|partie)\b", re.IGNORECASE)
OPERATIVE = re.compile(
    r"\s*(?:.{0,120}\b)?(?:D[ÉE]CIDE|D[ÉE]LIB[ÈE]RE|FIXE|APPROUVE|ADOPTE|AUTORISE|PREND ACTE)\b"
    r"|\s*(?:ARR[ÊE]TE|DONNE|VOTE|[ÉE]MET)\b"
)
"""Written in capitals where what is decided begins."""

PROPOSED = re.compile(
    r"(?:en consequence,?\s+)?(?:il (?:vous |nous )?est (?:donc )?(?:propose|demande)"
    r"|(?:je|nous) vous propos\w+)\b[^.\n]{0,90}:\s*$"
)
"""What is put to the vote, where the act says no more of it than that it was adopted."""

DECIDING_KINDS = frozenset({"délibération", "décision", "arrêté"})
POINTED_KINDS = frozenset({"règlement", "convention", "marché public"})
FIGURES = frozenset(
    {ValueKind.AMOUNT, ValueKind.PERCENT, ValueKind.HOUR, ValueKind.DATE, ValueKind.DURATION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article: `number` as it is written (`1` for the first), empty for a point without one.

    `start` is where it begins on its page.
    """

    number: str
    title: str
    text: str
    page: int
    start: int
    end: int


@dataclass(slots=True)
class _Open:
    """An article that is being gathered: stretches of its words, `[…]` for rows of tables."""

    number: str
    title: str
    page: int
    start: int
    end: int
    parts: list[str] = field(default_factory=list)

    @property
    def ends_with_rows(self) -> bool:
        return self.parts[-1:] == [LEFT_OUT]

    def closed(self) -> Article:
        text = _shortened(self.parts)
        return Article(
            number=self.number,
            title=self.title,
            text=text or self.title,
            page=self.page,
            start=self.start,
            end=self.end,
        )


def articles(known: Sequence[Leaf], *, kind: str) -> tuple[Article, ...]:
    """Return the articles of a document; of an act without any, the points that it decides."""
    matter = [leaf for leaf in known if not leaf.is_beside]
    found = list(_articles(matter)) if kind != "procès-verbal" else []
    if not found and kind in POINTED_KINDS:
        points = list(_points(matter))
        found = points if len(points) >= FEWEST_POINTS else []
    if not found and kind in DECIDING_KINDS:
        found = list(_decided(matter))
    return tuple(one.closed() for one in found[:MOST_ARTICLES])


def _articles(matter: Sequence[Leaf]) -> Iterator[_Open]:
    current: _Open | None = None
    for leaf in matter:
        if begun := ARTICLE.match(leaf.text):
            if current:
                yield current
            number = " ".join(f"{begun['number']}{begun['more'] or ''}".split())
            current = _begun(leaf, begun.end(), "1" if _is_first(number) else number)
        elif current and _ends(leaf):
            yield current
            current = None
        elif current:
            _take(current, leaf)
    if current:
        yield current


def _points(matter: Sequence[Leaf]) -> Iterator[_Open]:
    """Yield what stands under numbers that go up from 1, each one more than the one before."""
    current, due = None, 1
    for leaf in matter:
        begun = POINT.match(leaf.text)
        if begun and int(begun["number"]) == due:
            if current:
                yield current
            current, due = _begun(leaf, begun.end(), begun["number"]), due + 1
        elif current and _ends(leaf):
            yield current
            return
        elif current:
            _take(current, leaf)
    if current:
        yield current


def _decided(matter: Sequence[Leaf]) -> Iterator[_Open]:
    """Yield what follows `DÉCIDE`, or what was proposed: each point of a list, or each line."""
    starts = [place for place, leaf in enumerate(matter) if _decides(leaf)]
    proposed = [place for place, leaf in enumerate(matter) if PROPOSED.match(leaf.flat)]
    if not (starts or proposed):
        return
    first = starts[0] if starts else proposed[-1] + 1
    current: _Open | None = None
    for leaf in matter[first:]:
        if leaf.ends_what_is_decided:
            break
        if leaf.is_row:
            if current:
                current.parts.append(LEFT_OUT)
            continue
        entry = ENTRY.match(leaf.text)
        opens = bool(starts) and leaf is matter[first]
        if opens and not re.search(r"[^\W\d_]", leaf.text[_operative_end(leaf) :]):
            continue
        if (
            entry
            or opens
            or current is None
            or (current.parts[-1:] and current.parts[-1][-1] in ".;")
        ):
            if current:
                yield current
            at = entry.end() if entry else 0
            number = (entry["number"] or "") if entry else ""
            current = _Open(number, "", leaf.page, leaf.start, leaf.end, [leaf.text[at:]])
        else:
            _take(current, leaf)
    if current:
        yield current


def _decides(leaf: Leaf) -> bool:
    return not leaf.is_preamble and bool(
        OPERATIVE.match(leaf.text) or (DECIDES.match(leaf.text) and leaf.text.rstrip()[-1:] == ":")
    )


def _operative_end(leaf: Leaf) -> int:
    found = OPERATIVE.match(leaf.text) or DECIDES.match(leaf.text)
    return found.end() if found else 0


def _begun(leaf: Leaf, at: int, number: str) -> _Open:
    """Return an article that begins with a line: its title there, and what follows it."""
    rest = leaf.text[at:].strip()
    title = title_of(rest)
    said = rest[len(title) :].lstrip(" –—-:.")
    return _Open(number, title, leaf.page, leaf.start, leaf.end, [said] if said else [])


def title_of(rest: str) -> str:
    """Return the title that a line gives an article, behind its number; nothing for a sentence.

    >>> title_of("Durée. La convention est conclue pour trente ans.")
    'Durée'
    >>> title_of("Le présent arrêté entre en vigueur le 1er mai 2025."), title_of("Adultes")
    ('', 'Adultes')
    """
    titled = TITLED.match(rest)
    if titled is None or SAYS.search(flat(titled["title"])) or values(titled["title"]):
        return ""
    return titled["title"].strip()


def _take(current: _Open, leaf: Leaf) -> None:
    if leaf.follows_beside:
        current.parts.append(LEFT_OUT)
    current.parts.append(LEFT_OUT if leaf.is_row else leaf.text)
    if leaf.page == current.page:
        current.end = leaf.end


def _ends(leaf: Leaf) -> bool:
    if leaf.ends_what_is_decided:
        return True
    is_division = bool(DIVISION.match(leaf.text)) and leaf.text[-1] not in ".;,"
    is_part = leaf.is_heading and (leaf.text.upper() == leaf.text or bool(STRONG.match(leaf.text)))
    return is_division or is_part


def _is_first(number: str) -> bool:
    return flat(number) in ("1er", "ler", "1", "premier", "premiere")  # « ler »: as scanners see it


def _shortened(parts: Sequence[str]) -> str:
    """Return the words of an article: its first sentence, then those with figures, then others, in
    their order, while there is room; `[…]` where some are left out, as tables are."""
    said = [sentence for part in parts for sentence in _said(part)]
    places = [place for place, sentence in enumerate(said) if sentence != LEFT_OUT]
    if not places:
        return LEFT_OUT if said else ""
    first, *others = places
    kept, room = {first}, MOST_CHARS - len(said[first])
    for place in sorted(others, key=lambda place: (not _has_figures(said[place]), place)):
        if len(said[place]) + 1 <= room:
            kept.add(place)
            room -= len(said[place]) + 1
    words = list[str]()
    for place, sentence in enumerate(said):
        if place in kept:
            words.append(_cut(sentence) if place == first else sentence)
        elif not words or words[-1] != LEFT_OUT:
            words.append(LEFT_OUT)
    return " ".join(words).replace(f"{LEFT_OUT} {LEFT_OUT}", LEFT_OUT)


def _said(part: str) -> list[str]:
    return [part] if part == LEFT_OUT else [part[a:b] for a, b in sentences(part)]


def _cut(sentence: str) -> str:
    """Return a sentence that is too long without its brackets, then without its end."""
    words = " ".join(sentence.split())
    if len(words) <= MOST_CHARS:
        return words
    words = re.sub(r"\([^()]{20,}\)", LEFT_OUT, words)
    if len(words) <= MOST_CHARS:
        return words
    return f"{words[: MOST_CHARS - len(LEFT_OUT)].rsplit(' ', 1)[0].rstrip(' ,;:–-')} {LEFT_OUT}"


def _has_figures(sentence: str) -> bool:
    return any(value.kind in FIGURES for value in values(sentence))
