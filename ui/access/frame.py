# SPDX-License-Identifier: EUPL-1.2
"""What every page of the door has around its own words, and the bar above the other pages.

Plain HTML, no script: who cannot enter must still be able to read why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from html import escape

from ui.access.entrance import Seen
from ui.access.forms import FIELD
from ui.access.person import Role
from ui.access.routes import AREAS
from ui.access.words import Words
from ui.accessibility import mention

STATIC = "/connexion/static"
STYLE = f'<link rel="stylesheet" href="{STATIC}/access.css">'
AREA_WORDS = {"/": "area_ask", "/auditeur/": "area_auditor", "/admin": "area_admin"}


class Frame:
    """Lays out the pages of the door, in one language, for one town."""

    def __init__(self, say: Words, town: Callable[[], str]) -> None:
        self.say = say
        self._town = town

    def page(self, title: str, body: str, *, head: str = "") -> str:
        """Return a whole page; `title`, `body` and `head` are HTML."""
        say = self.say
        name = escape(self._town())
        town = f"{name} · " if name else ""
        return (
            f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            # forms must say where they come from: the gate turns away those of other sites
            f'<meta name="referrer" content="same-origin">{head}'
            f"<title>{title} – {say('brand')}</title>"
            '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/style.css">'
            f'{STYLE}</head><body class="door"><header class="brand">'
            f'<span class="seal" aria-hidden="true"></span><p>{town}{say("brand")}</p></header>'
            f"<main><h1>{title}</h1>{body}</main>"
            f'<footer class="foot">{mention(say.language)}</footer></body></html>'
        )

    def message(self, key: str, *, link: str = "", words: str = "", **facts: object) -> str:
        """Return a page that says one thing and perhaps leads on."""
        on = f'<p><a class="button" href="{escape(link)}">{self.say(words)}</a></p>' if link else ""
        return self.page(self.say(f"{key}_title"), f"<p>{self.say(key, **facts)}</p>{on}")

    def moving(self, to: str) -> str:
        """Return a page of ours that leads on at once: what it asks for comes from this site."""
        address = escape(to)
        head = f'<meta http-equiv="refresh" content="0; url={address}">'
        say = self.say
        body = f'<p>{say("moving")} <a href="{address}">{say("moving_link")}</a></p>'
        return self.page(say("moving_title"), body, head=head)

    def problem(self, key: str, **facts: object) -> str:
        """Return what was wrong with a form, nothing for an empty key."""
        if not key:
            return ""
        words = self.say(f"problem_{key}", **facts)
        return f'<p class="problem" id="problem" role="alert">{words}</p>'

    def bar(self, seen: Seen, token: str, here: str, *, mounted: Collection[str]) -> str:
        """Return the line above a page: where one may go, who one is, how to leave."""
        say, person = self.say, seen.person
        if person is None:
            return ""
        if seen.method == "demo":
            inside = f'<p class="demo">{say("demo")}</p>'
        else:
            own = [a for a, roles in AREAS.items() if a in mounted and person.role in roles]
            links = (self._link(area, AREA_WORDS[area], here) for area in own)
            inside = "".join(links) if len(own) > 1 else ""
            inside += self._who(person.name, person.role, token)
        return (
            f'{STYLE}<nav class="account-bar" aria-label="{say("bar")}"><div>{inside}</div></nav>'
        )

    def _link(self, address: str, words: str, here: str) -> str:
        is_inside = here == address or (address != "/" and here.startswith(address))
        current = ' aria-current="true"' if is_inside else ""
        return f'<a href="{address}"{current}>{self.say(words)}</a>'

    def _who(self, name: str, role: Role, token: str) -> str:
        return (
            f'<a class="who" href="/compte">{escape(name)} ({self.say(f"role_{role}")})</a>'
            f'<form method="post" action="/deconnexion">'
            f'<input type="hidden" name="{FIELD}" value="{token}">'
            f'<button type="submit">{self.say("sign_out")}</button></form>'
        )


def hidden(name: str, value: str) -> str:
    """Return a field that nobody sees."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'
