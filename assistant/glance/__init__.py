# SPDX-License-Identifier: EUPL-1.2
"""An act at a glance: what it is, what it decides, its figures and days, in its own words.

    pages, their lines ─read_act─▶ kind, number, date, object, votes, items
                       ├─articles─▶ each article, shortened by leaving out
                       └─facts────▶ amounts, hours, dates, deadlines, each with its line
    standings, links ──around──▶ what it replaces, what replaces it

No model writes here: each word is quoted from the hidden pages, `[…]` stands where words were left
out. What is not found stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.glance.around import Touched
from assistant.glance.articles import Article, articles
from assistant.glance.facts import Fact, facts
from assistant.glance.leaves import Leaf, leaves
from corpus.acts import HEAD_CHARS, Act, named_date, read_act
from corpus.minutes import Item
from corpus.structure import Structure
from corpus.votes import Votes

__all__ = ["AgendaItem", "Article", "Fact", "Glance", "Quote", "Touched", "Vote", "glance"]

VOTE_CHARS = 400

STATED = re.compile(
    r"^(?:article\s+\w+|\d{1,2})[ \t]*[.):–—-]*[ \t]*objet[^\n.:]{0,40}[.:–—-]"
    r"[ \t]*(?P<said>[^\n]+)",
    re.IGNORECASE,
)
BODY = re.compile(
    r"\b(?:le|du|au) (?P<body>conseil (?:municipal|communautaire|d['’]administration|syndical"
    r"|d[ée]partemental|r[ée]gional|m[ée]tropolitain)|comit[ée] syndical|bureau communautaire)",
    re.IGNORECASE,
)
AUTHORITY = re.compile(
    r"^(?P<body>(?:le|la|l['’]|monsieur le|madame la)[ \t]?"
    r"(?:maires?|pr[ée]sidente?|pr[ée]f[eè]te?)\b[^\n,;:.]{0,90}),?$",
    re.IGNORECASE | re.MULTILINE,
)


NOTED = re.compile(
    r"[^.\n]*\b(?:(?:prend|prennent|donne|donné) acte|dont acte|de l['’]ordre du jour"
    r"|est (?:retir|report|ajourn)[ée]e?|vote [^.\n]{0,30}figure dans)\b[^.\n]*\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a page, as they stand there, line breaks written as spaces; places count characters
    of the page."""

    text: str
    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How it went: the words that tell it, and what they count; None where they do not say."""

    quote: Quote
    pour: int | None
    contre: int | None
    abstentions: int | None
    unanimous: bool
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """An item of minutes: `rank` counts from 1, `number` is the act's that it became."""

    rank: int
    number: str
    title: str
    page: int
    start: int
    end: int
    votes: tuple[Vote, ...]
    noted: Quote | None = None
    """What became of an item without a vote: the council took note, it was put off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a reader wants to know first of a document; dates are ISO, empty where not said.

    `decided_by` is who decided, `signed_by` in what office it was signed. `more_facts` counts the
    facts that were left out.
    """

    file: str
    title: str
    act: Act
    date: str
    object: str
    decided_by: Quote | None
    signed_by: str
    votes: tuple[Vote, ...]
    articles: tuple[Article, ...]
    facts: tuple[Fact, ...]
    more_facts: int
    agenda: tuple[AgendaItem, ...]
    replaces: tuple[Touched, ...] = ()
    replaced_by: tuple[Touched, ...] = ()
    amends: tuple[Touched, ...] = ()
    amended_by: tuple[Touched, ...] = ()

    @property
    def vote(self) -> Vote | None:
        """The vote on the whole: the last that is counted, otherwise the last that is told."""
        counted = [vote for vote in self.votes if vote.pour is not None]
        return next(reversed(counted or self.votes), None) if self.votes else None


def glance(file: str, pages: Sequence[tuple[int, Structure]]) -> Glance:
    """Return what the hidden pages of a document say of themselves."""
    first = pages[0][1].lines if pages else ()
    act = read_act([(number, page.text) for number, page in pages], file, first)
    texts = {number: page.text for number, page in pages}
    known = leaves(pages, title=act.title)
    # The day of a mail or of an order form makes no act of it: for search it has none.
    day = act.date or named_date(pages[0][1].text[:HEAD_CHARS] if pages else "")
    told, more = facts(known, date=day)
    return Glance(
        file=file,
        title=act.title,
        act=act,
        date=day,
        object=act.object or _stated(known) or act.title,
        decided_by=_decided_by(act, texts),
        signed_by=act.signatory,
        votes=tuple(_vote(texts[page], page, vote) for page, vote in act.votes),
        articles=articles(known, kind=act.kind),
        facts=told,
        more_facts=more,
        agenda=tuple(
            _item(texts, item, after)
            for item, after in zip(act.items, [*act.items[1:], None], strict=False)
        ),
    )


def _stated(known: Sequence[Leaf]) -> str:
    """Return the first sentence of the article that says the object."""
    for leaf in known:
        if found := STATED.match(leaf.text):
            return re.split(r"(?<=[^\d])\.(?=\s|$)", found["said"])[0].strip()
    return ""


def _decided_by(act: Act, texts: dict[int, str]) -> Quote | None:
    pattern = AUTHORITY if act.kind in {"arrêté", "décision"} else BODY
    if not act.kind:
        return None
    for page, text in texts.items():
        if found := pattern.search(text):
            return Quote(found["body"], page, *found.span("body"))
    return None


def _vote(text: str, page: int, vote: Votes) -> Vote:
    end = min(vote.end, vote.start + VOTE_CHARS)
    return Vote(
        quote=Quote(" ".join(text[vote.start : end].split()), page, vote.start, end),
        pour=vote.pour,
        contre=vote.contre,
        abstentions=vote.abstentions,
        unanimous=vote.unanimous,
        outcome=vote.outcome,
    )


def _item(texts: dict[int, str], item: Item, after: Item | None) -> AgendaItem:
    return AgendaItem(
        rank=item.rank,
        number=item.number,
        title=item.title,
        page=item.page,
        start=item.start,
        end=item.end,
        votes=tuple(_vote(texts[page], page, vote) for page, vote in item.votes),
        noted=None if item.votes else _noted(texts, item, after),
    )


def _noted(texts: dict[int, str], item: Item, after: Item | None) -> Quote | None:
    """Return the last sentence, between an item and the next, that tells what became of it."""
    found = None
    for page, text in texts.items():
        start = item.end if page == item.page else 0
        end = after.start if after and page == after.page else len(text)
        if page >= item.page and (after is None or page <= after.page):
            for match in NOTED.finditer(text, start, end):
                found = Quote(match[0].strip(), page, *match.span())
    return found
