# SPDX-License-Identifier: EUPL-1.2
"""What every plain page of agents has around its own words: the workspace's links, a way out.

┌ skip ─ town ─ the workspace's pages ─┐
├ the page's own words ────────────────┤
└ what is never forgotten ─────────────┘

They work without a script; `static/agent.js` adds the panel beside an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from assistant.settings import Settings
from assistant.texts import Texts
from ui.agent.words import Words
from ui.dress import script_words
from ui.marking import GENERATOR

CARDS = "nav_cards"
ROOMS: Sequence[tuple[str, Mapping[str, str]]] = (
    ("nav_ask", {"/": "nav_ask", "/mes-questions": "nav_own"}),
    ("nav_documents", {"/documents": "nav_find", "/comparer": "nav_compare"}),
    ("nav_texts", {"/repondre": "nav_letter", "/fichier": "nav_drop", "/masquer": "nav_mask"}),
    (CARDS, {"/reponses-validees": "nav_valid", "/sans-reponse": "nav_unanswered"}),
    ("nav_course", {"/premiers-pas": "nav_course"}),
)
"""What an agent comes for, and the pages of each: the first one opens it."""


def navigation(words: Words, here: str, *, has_simple: bool = False, to_review: int = 0) -> str:
    """Return the links to the workspace's rooms, and to the pages of the one shown, of which
    `here` is the address. The simple page, for somebody beside the agent, opens apart: what was
    asked here stays. `to_review` validated answers are to be looked at: their room says so."""
    told = {CARDS: f" ({words.counted('nav_to_review', to_review)})"} if to_review else {}
    links = "".join(
        f'<li><a href="{next(iter(pages))}"{_current(here in pages, len(pages) == 1)}>'
        f"{words(name)}{told.get(name, '')}</a></li>"
        for name, pages in ROOMS
    )
    if has_simple:
        links += (
            f'<li><a href="/simple" target="_blank" rel="noopener" title="{words("simple_title")}">'
            f'{words("nav_simple")}<span class="unseen"> {words("new_tab")}</span></a></li>'
        )
    room = next((pages for _, pages in ROOMS if here in pages and len(pages) > 1), {})
    inside = "".join(
        f'<li><a href="{address}"{_current(address == here, True)}>{words(key)}</a></li>'
        for address, key in room.items()
    )
    below = f'<ul class="inside">{inside}</ul>' if inside else ""
    return f'<nav class="tabs" aria-label="{words("nav")}"><ul>{links}</ul>{below}</nav>'


def banner(
    texts: Texts, words: Words, settings: Settings, here: str, skip: str, *, to_review: int = 0
) -> str:
    """Return what stands at the top of every page of the workspace; `skip` is its first link."""
    town = settings.town
    tabs = navigation(words, here, has_simple=settings.senior.open, to_review=to_review)
    name = escape(town.name or texts("ui", "tagline"))
    place = "local_server" if settings.runs_elsewhere else "local"
    return (
        f'<header>{skip}<p class="brand"><span class="seal" aria-hidden="true"></span>'
        f"<span><strong>{escape(texts('ui', 'title'))}</strong> {name}</span></p>"
        f'<p class="quiet">{escape(texts("ui", place))}</p></header>{tabs}'
    )


def reminder(words: Words) -> str:
    """Return what stands wherever an answer is read: a person can be asked, nothing is learnt."""
    return (
        f'<p class="reminder">{words("reminder")} '
        f'<a href="/transparence">{words("transparency")}</a></p>'
    )


async def apart(draw: Callable[[], str], status: int = 200) -> HTMLResponse:
    """Return a page drawn in a thread: what stands around every page is read from databases too,
    and may hold hundreds of thousands of characters; the event loop waits for neither."""
    return HTMLResponse(await run_in_threadpool(draw), status)


class Frame:
    """Lays plain pages out for one town, in one language."""

    def __init__(
        self,
        texts: Texts,
        words: Words,
        settings: Callable[[], Settings],
        to_review: Callable[[], int] = int,
    ) -> None:
        """`to_review` counts the validated answers that are to be looked at again."""
        self.say = words
        self._to_review = to_review
        self._texts = texts
        self._settings = settings

    def page(self, title: str, here: str, body: str, *, kind: str = "") -> str:
        """Return a whole page; `title` is text, `body` HTML."""
        name = escape(self._texts("ui", "title"))
        return (
            f'<!doctype html><html lang="{self.say.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            # forms must say where they come from: the door turns away those of other sites
            f'<meta name="referrer" content="same-origin">{GENERATOR}'
            f"<title>{escape(title)} – {name}</title>"
            '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/style.css">'
            '<link rel="stylesheet" href="/ui/workspace.css">'
            f"{script_words(self._texts)}"
            '<script type="module" src="/ui/pages.js"></script></head>'
            f'<body class="workspace {kind}">'
            f'<div class="banner">{self._banner(here)}</div>'
            f'<main id="main" tabindex="-1"><h1>{escape(title)}</h1>{body}</main>'
            f'<footer class="foot">{reminder(self.say)}</footer></body></html>'
        )

    def _banner(self, here: str) -> str:
        skip = f'<a class="skip" href="#main">{self.say("skip_main")}</a>'
        waiting = self._to_review()
        return banner(self._texts, self.say, self._settings(), here, skip, to_review=waiting)

    def message(self, title: str, words: str, here: str) -> str:
        """Return a page that says one thing; both are keys of words."""
        body = f'<p class="notice-box" role="status">{self.say(words)}</p>'
        return self.page(self.say.plain(title), here, body)


def _current(is_here: bool, is_page: bool) -> str:
    return f' aria-current="{"page" if is_page else "true"}"' if is_here else ""
