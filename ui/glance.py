# SPDX-License-Identifier: EUPL-1.2
"""An act at a glance on a page: a quiet block of its own words, tables as tables.

    Glance ─glance_html▶ <section class="glance">  who decided, the vote, the agenda, the articles,
                                                   figures and days, what it replaces

Plain HTML that needs no script; each quote leads to its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from assistant.glance import AgendaItem, Article, Fact, Glance, Quote, Touched
from assistant.texts import Texts
from corpus.acts import date_in_words
from ui.drawn import marked
from ui.wording import typeset

MOST_FACTS = 40
MOST_PAGES = 60
"""Pages that are read for a screen: some 25 ms each."""

Place = Callable[[int, int, int], str]
"""Gives the address of a page, with a stretch of it set apart; nothing where there is none."""


class GlanceBlock:
    """Draws glances in one language; `place` leads to the words on their page."""

    def __init__(self, texts: Texts, place: Place, *, heading: str = "h2") -> None:
        self._texts = texts
        self._place = place
        self._heading = heading

    def html(self, found: Glance, *, is_known: bool = False) -> str:
        """Return the block; `is_known`: kind, number, date and object stand on the page already,
        as does what it replaces. Nothing where there is nothing to show."""
        say, tag = self._say, self._heading
        body = (
            self._head(found, is_known=is_known)
            + self._agenda(found.agenda)
            + self._articles(found.articles)
            + self._facts(found.facts, found.more_facts)
        )
        if not body:
            return ""
        return (
            f'<section class="glance" aria-labelledby="glance"><{tag} id="glance">{say("title")}'
            f'</{tag}><p class="quiet">{say("own_words")}</p>{body}</section>'
        )

    def _say(self, key: str, **facts: object) -> str:
        return typeset(self._texts("glance", key, **facts))

    def _head(self, found: Glance, *, is_known: bool) -> str:
        act, say = found.act, self._say
        known = (
            ("kind", marked(act.kind.capitalize())),
            ("number", marked(act.number)),
            ("date", escape(self._day(found.date))),
            ("object", marked(found.object)),
        )
        around = [
            (key, "<br>".join(self._touched(one) for one in getattr(found, key)))
            for key in ("replaced_by", "amended_by", "replaces", "amends")
        ]
        rows = [
            *(() if is_known else known),
            ("decided_by", self._quote(found.decided_by) if found.decided_by else ""),
            ("signed_by", "" if is_known else marked(found.signed_by)),
            ("vote", self._quote(found.vote.quote) if found.vote else ""),
            *(() if is_known else around),
        ]
        lines = "".join(f"<dt>{say(key)}</dt><dd>{words}</dd>" for key, words in rows if words)
        return f"<dl>{lines}</dl>" if lines else ""

    def _quote(self, quote: Quote) -> str:
        return f"<q>{marked(quote.text)}</q> {self._page(quote.page, quote.start, quote.end)}"

    def _page(self, page: int, start: int, end: int) -> str:
        words, address = self._say("page", page=page), self._place(page, start, end)
        return f'<a href="{address}">{words}</a>' if address else f"<span>{words}</span>"

    def _touched(self, one: Touched) -> str:
        number = f" n° {one.number}" if one.number else ""
        day = f" ({self._day(one.date)})" if one.date else ""
        named = f"{one.kind}{number}{day}" if one.kind else self._texts("glance", "unseen")
        since = (
            f", {self._texts('glance', 'since', date=self._day(one.since))}" if one.since else ""
        )
        quote = f" : <q>{marked(one.quote)}</q>" if one.quote else ""
        return f"{marked((one.label or named) + since)}{quote}"

    def _agenda(self, items: Sequence[AgendaItem]) -> str:
        rows = "".join(
            f'<tr role="row"><th scope="row" role="rowheader">{item.rank}. {marked(item.title)} '
            f"{self._page(item.page, item.start, item.end)}</th>"
            f'<td role="cell" data-name="{self._say("vote")}">{self._became(item)}</td></tr>'
            for item in items
        )
        return self._table("agenda", ("item", "vote"), rows)

    def _became(self, item: AgendaItem) -> str:
        told = [vote.quote for vote in item.votes] or ([item.noted] if item.noted else [])
        return (
            "<br>".join(map(self._quote, told))
            or f'<span class="quiet">{self._say("no_vote")}</span>'
        )

    def _articles(self, articles: Sequence[Article]) -> str:
        items = "".join(self._article(article) for article in articles)
        return f'<h3>{self._say("articles")}</h3><ul class="decided">{items}</ul>' if items else ""

    def _article(self, article: Article) -> str:
        number = self._say("article", number=article.number) if article.number else ""
        name = " – ".join(filter(None, (number, marked(article.title))))
        lead = f"<strong>{name}</strong> " if name else ""
        page = self._page(article.page, article.start, article.end)
        return f"<li>{lead}<q>{marked(article.text)}</q> {page}</li>"

    def _facts(self, facts: Sequence[Fact], more: int) -> str:
        rows = "".join(
            f'<tr role="row"><th scope="row" role="rowheader">{marked(fact.what)}</th>'
            f'<td role="cell" data-name="{self._say("value")}">{marked(fact.value)}</td>'
            f'<td role="cell" data-name="{self._say("place")}">'
            f"{self._page(fact.page, fact.start, fact.end)}</td></tr>"
            for fact in facts[:MOST_FACTS]
        )
        left = more + max(0, len(facts) - MOST_FACTS)
        note = f'<p class="quiet">{self._say("more_facts", count=left)}</p>' if left else ""
        return self._table("facts", ("what", "value", "place"), rows) + note

    def _table(self, title: str, columns: Sequence[str], rows: str) -> str:
        if not rows:
            return ""
        names = "".join(
            f'<th scope="col" role="columnheader">{self._say(name)}</th>' for name in columns
        )
        name = self._say(title)
        return (
            f'<div class="drawn-table" data-columns="{len(columns)}" tabindex="0" role="region" '
            f'aria-label="{name}"><table role="table"><caption>{name}</caption>'
            f'<thead role="rowgroup"><tr role="row">{names}</tr></thead>'
            f'<tbody role="rowgroup">{rows}</tbody></table></div>'
        )

    def _day(self, iso: str) -> str:
        return date_in_words(iso) if iso and self._texts.language == "fr" else iso
