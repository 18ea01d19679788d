# SPDX-License-Identifier: EUPL-1.2
"""What every administrator's page has around its own words: where one is, what was just done.

Plain HTML: it works without a script, by keyboard, and after a refresh. On a narrow screen the menu
is a popover, which the browser opens and closes by itself; elsewhere, and in a browser that has
none, it stands beside the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.texts import Texts
from ui.admin.html import Markup, join
from ui.dress import script_words
from ui.wording import Words

SECTIONS = (
    "documents", "quarantine", "doubts", "moratorium", "notices", "town", "roster", "policies",
    "synonyms", "glossary", "retention", "models", "people", "remarks", "committee", "papers",
    "use", "health", "backups", "restart",
)  # fmt: skip
GROUPS = (
    ("corpus", ("documents", "quarantine", "doubts")),
    ("answers", ("moratorium", "notices", "models", "remarks", "committee", "papers", "use")),
    ("settings", ("town", "roster", "policies", "synonyms", "glossary", "retention")),
    ("machine", ("people", "health", "backups", "restart")),
)
CURRENT = ' aria-current="page"'
STYLES = ("/ui/style.css", "/admin/static/admin.css")


class Frame:
    """Lays pages out in one language."""

    def __init__(self, words: Words, town: str) -> None:
        self._say = words
        self._town = town

    def page(
        self, section: str, title: str, main: str, *, said: str = "", bad: str = "",
        waits: Sequence[str] = (),
    ) -> str:  # fmt: skip
        """Return a page; `said` is what was just done, `bad` what could not be (both HTML);
        `waits` names what was set and does not count yet."""
        say = self._say
        styles = "".join(f'<link rel="stylesheet" href="{style}">' for style in STYLES)
        return (
            f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="same-origin">'  # or a form's origin would be unknown
            f"<title>{escape(title)} – {say('title')}</title>"
            f'<link rel="icon" href="/ui/icon.svg">{styles}{script_words(Texts(say.language))}'
            '<script type="module" src="/ui/kept.js"></script>'
            '<script src="/admin/static/admin.js" defer></script></head>'
            '<body class="admin"><header class="top">'
            f'<a class="skip" href="#main">{say("skip")}</a>'
            '<p class="brand"><span class="seal" aria-hidden="true"></span>'
            f"<span><strong>{say('title')}</strong> {escape(self._town)}</span></p>"
            f'<button class="button sections" type="button" popovertarget="sections">'
            f"{say('sections')}</button></header>"
            f'<div class="body">{self._menu(section)}<main id="main" tabindex="-1">'
            f"<h1>{escape(title)}</h1>{_told(said, bad)}{self._waiting(waits)}{main}"
            "</main></div></body></html>"
        )

    def _waiting(self, waits: Sequence[str]) -> str:
        if not waits:
            return ""
        told = self._say("pending", names=", ".join(waits))
        to = f'<a href="/admin/restart">{self._say("restart")}</a>'
        return f'<p class="state paused">{told} {to}</p>'

    def _menu(self, here: str) -> Markup:
        return join((
            f'<nav class="menu" id="sections" popover aria-label="{self._say("sections")}">',
            *(self._group(name, sections, here) for name, sections in GROUPS),
            "</nav>",
        ))  # fmt: skip

    def _group(self, name: str, sections: tuple[str, ...], here: str) -> str:
        lines = "".join(
            f'<li><a href="/admin/{section}"{CURRENT if section == here else ""}>'
            f"{self._say(f'section.{section}')}</a></li>"
            for section in sections
        )
        return f"<p>{self._say(f'group.{name}')}</p><ul>{lines}</ul>"


def _told(said: str, bad: str) -> str:
    good = f'<div class="said" role="status">{said}</div>' if said else ""
    wrong = f'<div class="bad" role="alert">{bad}</div>' if bad else ""
    return good + wrong
