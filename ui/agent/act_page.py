# SPDX-License-Identifier: EUPL-1.2
"""One document, read: what it is, whether it holds, what it does to others, its pages.

┌ what is known ─ amended by, repealed by ─ amends, repeals ─────────┐
├ at a glance: the vote, its items or articles, its figures and days ┤
└ its pages, in their hidden form ───────────────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape

from assistant.glance import Glance
from assistant.glance.finding import glance_of
from assistant.texts import Texts
from corpus.act_rows import Standing, StoredAct, number_key
from corpus.acts import date_in_words
from corpus.links import Link
from corpus.rows import StoredDocument
from ui.agent.filters import collection_name
from ui.agent.frame import Frame
from ui.agent.services import Corpus
from ui.drawn import marked, page_html
from ui.glance import MOST_PAGES, GlanceBlock
from ui.reply import address, file_title

HERE = "/documents"
PAGES_SHOWN = 15


def act_page(
    store: Corpus, frame: Frame, document: StoredDocument, seen: Collection[str], way: str = ""
) -> str:
    """Return the whole page; `seen` are the documents that this person may be led to, `way` is HTML
    that leads to the original."""
    acts = store.acts("a.document = ?", [document.id])
    whole = next((act for act in acts if act.item == 0), None)
    found = glance_of(store, document, seen, most_pages=MOST_PAGES)
    body = (
        f"{_standing(store, frame, document, seen)}"
        f'<div class="columns"><section class="known" aria-labelledby="known">'
        f'<h2 id="known">{frame.say("act_known")}</h2>{_known(frame, document, whole)}</section>'
        f"{_links(store, frame, document, seen)}</div>"
        f"{_glance(frame, document, found)}"
        f"{'' if found.agenda else _items(frame, acts)}{_pages(store, frame, document)}"
        f'<p><a href="/?document={document.id}">{frame.say("ask_document")}</a></p>{way}'
        f'<p><a href="/comparer?a={document.id}">{frame.say("compare_this")}</a></p>'
        f'<p><a href="{HERE}">{frame.say("act_back")}</a></p>'
    )
    return frame.page(document.act.label or file_title(document.file), HERE, body)


def _glance(frame: Frame, document: StoredDocument, found: Glance) -> str:
    def place(page: int, start: int, end: int) -> str:
        return address(document.id, page, start, end)

    return GlanceBlock(Texts(frame.say.language), place).html(found, is_known=True)


def _known(frame: Frame, document: StoredDocument, act: StoredAct | None) -> str:
    say, told = frame.say, document.act
    rows = [
        ("act_kind", told.kind.capitalize()),
        ("act_number", told.number),
        ("act_date", written_day(frame, told.date)),
        ("act_object", told.object),
        ("act_service", act.service if act else ""),
        ("act_signatory", act.signatory if act else ""),
        ("act_articles", str(len(act.articles)) if act and act.articles else ""),
        ("act_collection", collection_name(say, document.collection)),
        ("act_file", document.file),
        ("act_pages", str(document.page_count)),
        ("act_added", written_day(frame, document.added[:10])),
    ]
    lines = "".join(f"<dt>{say(key)}</dt><dd>{marked(value)}</dd>" for key, value in rows if value)
    return f"<dl>{lines}</dl>"


def _standing(store: Corpus, frame: Frame, document: StoredDocument, seen: Collection[str]) -> str:
    """Say first what ended the act, for whoever reads no further."""
    ended = [s for s in store.standings() if s.document == document.id and s.item == 0]
    lines = [
        frame.say("act_ended", label=s.by_label) if s.by_document in seen else frame.say("ended")
        for s in ended
        if s.effect.ends and s.is_on
    ]
    return "".join(f'<p class="care">{line}</p>' for line in lines)


def _links(store: Corpus, frame: Frame, document: StoredDocument, seen: Collection[str]) -> str:
    say = frame.say
    labels = {d.id: d.act.label or file_title(d.file) for d in store.documents() if d.id in seen}
    by_others = [s for s in store.standings() if s.document == document.id]
    to_others = [s for s in store.standings() if s.by_document == document.id]
    passive = "".join(_link(frame, f"{s.effect}_by", s.by_document, s, labels) for s in by_others)
    active = "".join(_link(frame, s.effect, s.document, s, labels) for s in to_others)
    named = "".join(_named(frame, document, store, to_others))
    if not (passive or active or named):
        return ""
    parts = f'<h2 id="links">{say("act_links")}</h2>'
    for key, items in (("act_amended", passive), ("act_amends", active + named)):
        if items:
            parts += f"<h3>{say(key)}</h3><ul>{items}</ul>"
    return f'<section class="links" aria-labelledby="links">{parts}</section>'


def _link(frame: Frame, key: str, other: str, standing: Standing, labels: dict[str, str]) -> str:
    """One act that this one touches, or that touches it; without a link if it is not to be seen."""
    if other not in labels:
        return f"<li>{frame.say(f'link_{key}')} {frame.say('link_unseen')}</li>"
    since = written_day(frame, standing.since)
    when = f" ({escape(frame.say.plain('link_since', date=since))})" if since else ""
    return (
        f'<li>{frame.say(f"link_{key}")} <a href="{HERE}/{other}">{escape(labels[other])}</a>'
        f"{when}</li>"
    )


def _named(
    frame: Frame, document: StoredDocument, store: Corpus, known: list[Standing]
) -> Iterator[str]:
    """Acts that this one says it touches and that were not found among the documents."""
    for owner, _, link in store.links():
        if owner != document.id or any(_is_meant(store, link, one) for one in known):
            continue
        number = f" n° {link.number}" if link.number else ""
        day = written_day(frame, link.date)
        dated = f" {frame.say.plain('of_day', date=day)}" if day else ""
        words = frame.say(f"link_{link.effect}")
        yield f"<li>{words} {escape(f'{link.kind}{number}{dated}')} {frame.say('link_absent')}</li>"


def _is_meant(store: Corpus, link: Link, standing: Standing) -> bool:
    """Whether a link is what a standing was worked out from."""
    target = store.document(standing.document)
    if target is None or standing.effect is not link.effect:
        return False
    same_number = link.number and number_key(link.number) == number_key(target.act.number)
    return bool(same_number or (link.date and link.date == target.act.date))


def _items(frame: Frame, acts: list[StoredAct]) -> str:
    items = [act for act in acts if act.item]
    if not items:
        return ""
    lines = "".join(
        f'<li><a href="{address(act.document, act.page, act.start, act.end)}">'
        f"{marked(act.object)}</a></li>"
        for act in items
    )
    heading = frame.say("act_items")
    return (
        f'<section aria-labelledby="items"><h2 id="items">{heading}</h2><ol>{lines}</ol></section>'
    )


def _pages(store: Corpus, frame: Frame, document: StoredDocument) -> str:
    say = frame.say
    shown = ""
    for number in range(1, min(document.page_count, PAGES_SHOWN) + 1):
        known = store.structure(document.id, number)
        body = page_html(known) if known else ""
        link = address(document.id, number, 0, 0)
        body = f'<div class="page-text">{body}</div>' if body else f"<p>{say('page_empty')}</p>"
        shown += f'<h3><a href="{link}">{say("documents_page", page=number)}</a></h3>{body}'
    rest = "".join(
        f'<a href="{address(document.id, number, 0, 0)}">{number}</a> '
        for number in range(PAGES_SHOWN + 1, document.page_count + 1)
    )
    more = f"<p>{say('act_more_pages')} {rest}</p>" if rest else ""
    return (
        f'<section aria-labelledby="pages"><h2 id="pages">{say("act_text")}</h2>'
        f'<p class="quiet">{say("act_hidden")}</p>{shown}{more}</section>'
    )


def written_day(frame: Frame, day: str) -> str:
    """Return a day in words where the page is French, else as it is."""
    return date_in_words(day) if day and frame.say.language == "fr" else day
