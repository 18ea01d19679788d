# SPDX-License-Identifier: EUPL-1.2
"""The page of a source, in its hidden form, with the quote highlighted.

Plain HTML that needs no script: the agent's page opens it in a panel, a new
tab shows it whole (`ui/agent/sources.py` serves it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Protocol

from assistant.pack.words import pack_words
from assistant.texts import Texts
from corpus.act_rows import Standing
from corpus.audience import Kind
from corpus.french import Forms
from corpus.packs import Pack
from corpus.quarantine import is_waiting
from corpus.rows import StoredDocument
from corpus.structure import Structure
from guardrails.findings import Screened
from guardrails.special import Concern, is_somebodys
from ui.drawn import marked, page_html
from ui.reply import address, file_title
from ui.wording import typeset


class Pages(Protocol):
    """What the screens need of the corpus."""

    def documents(self) -> list[StoredDocument]: ...

    def document(self, document: str) -> StoredDocument | None: ...

    def documents_of(self, documents: Iterable[str]) -> list[StoredDocument]: ...

    def page(self, document: str, number: int) -> str | None: ...

    def pages(self, document: str) -> list[tuple[int, str]]: ...

    def structure(self, document: str, page: int) -> Structure | None: ...

    def standings(self) -> list[Standing]: ...

    def concerns(self, document: str) -> tuple[Concern, ...]: ...

    def generation(self) -> tuple[int, int]: ...


def title_of(store: Pages, document: str, file: str) -> str:
    """Return how a document is called: what its act says, else its file in words."""
    stored = store.document(document)
    return (stored.act.label if stored else "") or file_title(file)


def shown_page(store: Pages, document: StoredDocument, page: int) -> Structure | None:
    """Return a page and what is known of its lines, but nothing of what waits in quarantine."""
    if is_waiting(document):
        pages, told = store.pages(document.id), store.concerns(document.id)
        is_whole = document.audience == Kind.PRIVATE or is_somebodys(
            [Screened(t) for _, t in pages]
        )
        # what tells is told by its rank among the pages that are kept, then the name
        named = {pages[c.page][0] if c.page < len(pages) else page for c in told}
        if not told or is_whole or page in named:
            return None
    return store.structure(document.id, page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page to show, `start` to `end` highlighted, and the words that were `sought`. `picture` is
    the address of the original's picture, empty where it is not to be seen; `more` is HTML that
    follows the page's name."""

    page: int
    known: Structure
    start: int = 0
    end: int = 0
    sought: Forms = frozenset()
    picture: str = ""
    more: str = ""


def source_page(texts: Texts, document: StoredDocument, shown: Shown) -> str:
    """Return the whole HTML page of a page of a source."""

    def say(key: str, **facts: object) -> str:
        return escape(texts("ui", key, **facts))

    name, page = document.act.label or file_title(document.file), shown.page
    body = page_html(shown.known, (shown.start, shown.end), sought=shown.sought)
    text = f'<div class="page-text">{body}</div>' if body else f"<p>{say('source_empty')}</p>"
    hidden = f'<p class="quiet">{say("source_hidden")}</p>'
    if shown.picture:
        alt = say("source_picture_alt", title=name, page=page)
        hidden = ""
        text = (
            f'<p class="care">{say("source_original")}</p>'
            f'<img class="page-picture" src="{shown.picture}" alt="{alt}" tabindex="-1">'
            f'<h2>{say("source_text")}</h2><p class="quiet">{say("source_hidden")}</p>{text}'
        )
    has_quote = '<mark id="quote"' in body
    jump = f'<a class="jump" href="#quote">{say("source_quote")}</a>' if has_quote else ""
    steps = "".join(
        f'<a href="{address(document.id, to, 0, 0)}" rel="{rel}">{say(key)}</a>'
        for to, rel, key in (
            (page - 1, "prev", "source_previous"),
            (page + 1, "next", "source_next"),
        )
        if 1 <= to <= document.page_count
    )
    place = say("source_page", page=page, pages=document.page_count)
    around = f'<nav aria-label="{place}">{steps}</nav>' if steps else ""
    main = (
        f'<header><h1>{escape(name)}</h1><p class="where">'
        f"<span>{place}</span> "
        f'<span class="file">{say("source_file")} {marked(document.file)}</span></p>'
        f"{pack_note(document.pack, texts)}{hidden}{jump}{shown.more}</header>{text}{around}"
    )
    back = f'<header class="back"><a href="/">{say("source_back")}</a></header>'
    return html_page(texts, say("source_title", title=name, page=page), back, main)


def pack_note(pack: Pack | None, texts: Texts) -> str:
    """Return as HTML where a guide comes from and of when it is; nothing for any other paper."""
    return f'<p class="pack quiet">{typeset(pack_words(pack, texts))}</p>' if pack else ""


def message_page(texts: Texts, title: str, words: str) -> str:
    """Return a page that says one thing and leads back."""

    def say(key: str) -> str:
        return escape(texts("ui", key))

    main = f"<header><h1>{say(title)}</h1></header><p>{say(words)}</p>"
    return html_page(
        texts,
        say(title),
        f'<header class="back"><a href="/">{say("source_back")}</a></header>',
        main,
    )


def html_page(texts: Texts, title: str, before: str, main: str) -> str:
    """Return a plain page in the town's style; its parts are HTML already."""
    return (
        f'<!doctype html><html lang="{texts.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} – {escape(texts('ui', 'title'))}</title>"
        '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/style.css">'
        '<link rel="stylesheet" href="/ui/workspace.css">'
        f'</head><body class="plain">{before}<main class="source-page">{main}</main></body></html>'
    )
