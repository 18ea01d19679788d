# SPDX-License-Identifier: EUPL-1.2
"""What every simple page has around its own words: sizes, languages, and who can help.

┌ town ─ size of the text ─ languages ┐
├ the page's own words ─┬─ who can help
└───────────────────────┴─────────────┘
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from urllib.parse import quote

from assistant.opening import next_open, on
from assistant.settings import Settings
from assistant.texts import Language
from ui.accessibility import mention
from ui.agent import View
from ui.marking import GENERATOR, described, sign
from ui.senior.look import SIZES, Look
from ui.senior.words import LANGUAGES, Words, typeset

STATIC = "/simple/static"
SCRIPT_WORDS = (
    *("listen", "stop", "slower", "normal", "faster", "speed", "print"),
    *("speak", "listening", "finish", "working", "understood", "unheard", "no_microphone"),
    *("rest_title", "rest_text", "rest_stay", "rest_leave"),
)
"""What the scripts say; each has its `script_…` in the texts."""


class Frame:
    """Lays pages out for one town and one look."""

    def __init__(
        self, settings: Settings, look: Look, today: date, *, has_robot: bool = False
    ) -> None:
        """`has_robot`: this machine can speak where the browser cannot."""
        self.look = look
        self.has_robot = has_robot
        self.say = Words(look.language)
        self._town = settings.town
        self._is_told = settings.access.transparency == "open"
        self._rest_seconds = settings.senior.rest_seconds
        self._today = today

    # -- the whole page, in two halves so that what comes first can leave first

    def before(self, title: str, here: str, *, heading: str = "") -> str:
        """Return the page down to its own words; `here` is its address, for sizes and languages."""
        say = self.say
        return (
            f'<!doctype html><html lang="{say.language}" dir="{say.direction}" '
            f'class="size-{self.look.size}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            # forms must say where they come from: the door turns away those of other sites
            f'<meta name="referrer" content="same-origin">{GENERATOR}'
            f"<title>{title} – {escape(self._town.name) or say('brand')}</title>"
            f'<meta name="greffier-words" content="{self._script_words()}">'
            f'<link rel="icon" href="/ui/icon.svg">{self._full_screen()}'
            f'<link rel="stylesheet" href="{STATIC}/simple.css">'
            f'<script type="module" src="{STATIC}/simple.js"></script></head>'
            f'<body{self._kiosk()}><a class="skip" href="#main">{say("skip")}</a>'
            f'<header><p class="town">{escape(self._town.name) or say("brand")}</p>'
            f'{self._sizes(here)}{self._languages(here)}</header><div class="columns">'
            f'<main id="main" tabindex="-1"><h1>{heading or title}</h1>'
        )

    def after(self) -> str:
        """Return the page from the end of its own words."""
        return f"</main>{self.help()}</div>{self._foot()}{self._call_bar()}</body></html>"

    def page(self, title: str, here: str, body: str, *, heading: str = "") -> str:
        """Return a whole page; `title` and `body` are HTML."""
        return self.before(title, here, heading=heading) + body + self.after()

    # -- parts that several pages have

    def machine(self) -> str:
        """Say what this is, that it can be wrong, and that nobody has to use it."""
        return (
            f'<p class="machine"><span aria-hidden="true" class="sign">i</span>'
            f'<span>{self.say("machine")} <span class="free">{self.say("free")}</span>'
            f"{self._more()}</span></p>"
        )

    def machine_short(self) -> str:
        """Say in one line what answers, where all of it comes further down."""
        return f'<p class="short">{self.say("machine_short")}</p>'

    def marks(self, view: View, words: Words | None = None) -> str:
        """Say that a machine answers, first of all that it says; to programs as well.

        `words`: another language than the page's. A device without a voice for the page's language
        says it in French, as it does the answer (`static/voice.js`).
        """
        say = words or self.say
        in_french = escape(Words("fr").plain("by_machine"))
        visible = sign(say("by_machine"), say("ai"), say("ai_name"))
        block = described(view.mark, language="fr", name=say.plain("by_machine"))
        return f'<div class="marks" data-in-french="{in_french}">{visible}</div>{block}'

    def _more(self) -> str:
        """Lead to what the town tells of its assistant; a tablet of everybody's leads nowhere."""
        if self.look.kiosk or not self._is_told:
            return ""
        language = "fr" if self.look.language == "fr" else "en"
        return f' <a href="/transparence?lang={language}">{self.say("more")}</a>'

    def listen(self, sound: str, reads: str) -> str:
        """Return the place of the voice: the browser's own by script, else the server's robot.

        `sound` is the address of what the robot says, `reads` selects what the browser reads.
        """
        say, audio = self.say, ""
        if self.has_robot:
            audio = (
                f'<div class="robot"><p id="robot">{say("robot")}</p><audio controls '
                f'preload="none" aria-labelledby="robot" src="{escape(sound)}">'
                "</audio></div>"
            )
        return f'<div class="voice" data-reads="{reads}">{audio}</div>'

    def hidden_fields(self, **more: str) -> str:
        """Return what a form must carry."""
        return "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in {**self.look.fields(), **more}.items()
        )

    def button_to(self, path: str, words: str, kind: str = "") -> str:
        """Return a link that looks like a button."""
        return f'<a class="button {kind}" href="{escape(self.look.address(path))}">{words}</a>'

    def help(self) -> str:
        """Return the contact sheet: a person, always."""
        say = self.say
        sheet = self._named() + self.town_phone() + self._mail() + self._open() + self._address()
        return (
            f'<aside class="help" id="help" tabindex="-1" aria-labelledby="help-title">'
            f'<h2 id="help-title">{say("help")}</h2><p>{say("person")}</p>{sheet}</aside>'
        )

    def phone(self, number: str, words: str = "") -> str:
        """Return a number to call; on a tablet of everybody's, a number to read."""
        shown = f'<bdi dir="ltr">{escape(number)}</bdi>'
        if self.look.kiosk:
            return f'<strong class="number">{words} {shown}</strong>'
        dialled = quote("".join(c for c in number if c.isdigit() or c == "+"))
        return f'<a class="button call" href="tel:{dialled}">{words} {shown}</a>'

    def site(self, address: str) -> str:
        """Return a site to open: its address to read, no link leads away from this page."""
        return f'<strong class="number"><bdi dir="ltr">{escape(address)}</bdi></strong>'

    def _named(self) -> str:
        name = self._town.name
        return f'<p class="place" lang="fr" dir="ltr">{escape(name)}</p>' if name else ""

    def _address(self) -> str:
        say, town = self.say, self._town
        if town.address:
            place = f'<p class="place" lang="fr" dir="ltr">{escape(town.address)}</p>'
            return f"<h3>{say('come')}</h3>{place}"
        return "" if town.phone or town.email else f"<p>{say('no_contact')}</p>"

    def town_phone(self) -> str:
        """Return the town's number to call; nothing for a town without one."""
        phone = self._town.phone
        return f"<p>{self.phone(phone, self.say('call'))}</p>" if phone else ""

    def _mail(self) -> str:
        mail = self._town.email
        if not mail:
            return ""
        shown = f'<bdi dir="ltr">{escape(mail)}</bdi>'
        link = shown if self.look.kiosk else f'<a href="mailto:{escape(mail)}">{shown}</a>'
        return f'<p class="mail">{self.say("mail")} {link}</p>'

    def _open(self) -> str:
        say, town = self.say, self._town
        lines = []
        if town.week:
            openings = on(town, self._today)
            if openings:
                hours = self._hours(openings)
                lines.append(f'<p class="today open">{say("open_today", hours=hours)}</p>')
            else:
                lines.append(f'<p class="today closed">{say("closed_today")}</p>')
                coming = next_open(town, self._today)
                if coming:
                    facts = {
                        "day": say.plain(f"day_{coming.weekday()}"),
                        "hours": self._hours(on(town, coming)),
                    }
                    lines.append(f"<p>{say('next_open', **facts)}</p>")
        if town.hours:
            lines.append(f'<p class="hours" lang="fr" dir="ltr">{typeset(town.hours)}</p>')
        return f"<h3>{say('hours')}</h3>{''.join(lines)}" if lines else ""

    def _hours(self, openings: Sequence[str]) -> str:
        ranges = (opening.split("-") for opening in openings)
        return self.say.plain("and").join(
            self.say.plain("from_to", start=self._hour(start), end=self._hour(end))
            for start, end in ranges
        )

    def _hour(self, written: str) -> str:
        if self.look.language != "fr":
            return written
        hour, minutes = written.split(":")
        return f"{int(hour)} h" + (f" {minutes}" if minutes != "00" else "")

    def _sizes(self, here: str) -> str:
        items = (
            self._choice(
                replace(self.look, size=size).address(here),
                f'<span class="letter" aria-hidden="true">A</span>'
                f'<span class="unseen">{self.say("size", percent=size)}</span>',
                f'class="step-{size}"',
                size == self.look.size,
            )
            for size in SIZES
        )
        label = self.say("sizes")
        return f'<nav class="sizes" aria-label="{label}"><ul>{"".join(items)}</ul></nav>'

    def _languages(self, here: str) -> str:
        items = (
            self._choice(
                replace(self.look, language=code).address(here),
                escape(name),
                f'lang="{code}" hreflang="{code}"',
                code == self.look.language,
            )
            for code, name in LANGUAGES.items()
        )
        label = self.say("languages")
        return f'<nav class="languages" aria-label="{label}"><ul>{"".join(items)}</ul></nav>'

    def _choice(self, address: str, words: str, kind: str, is_current: bool) -> str:
        current = ' aria-current="true"' if is_current else ""
        return f'<li><a {kind} href="{escape(address)}"{current}>{words}</a></li>'

    def _kiosk(self) -> str:
        return f' class="kiosk" data-rest="{self._rest_seconds}"' if self.look.kiosk else ""

    def _full_screen(self) -> str:
        """A tablet that puts the page on its first screen opens it without a browser around."""
        return f'<link rel="manifest" href="{STATIC}/kiosk.json">' if self.look.kiosk else ""

    def _script_words(self) -> str:
        words = {key: self.say.unfilled(f"script_{key}") for key in SCRIPT_WORDS}
        words["hidden_word"] = Words("fr").plain("hidden_word")  # answers are in French
        return escape(json.dumps(words, ensure_ascii=False))

    def _foot(self) -> str:
        """The mention that the law wants; a tablet of everybody's leads nowhere."""
        language: Language = "en" if self.look.language == "en" else "fr"
        words = mention(language, is_link=not self.look.kiosk)
        return f'<footer class="foot" dir="ltr"><p>{words}</p></footer>'

    def _call_bar(self) -> str:
        """On a narrow screen the contact sheet is far below: a telephone calls in one tap, another
        device, and a telephone where there is no number, goes to the sheet."""
        words, phone = self.say("help_bar"), self._town.phone
        sheet = f'<a class="button to-help" href="#help">{words}</a>'
        is_called = phone and not self.look.kiosk
        call = self.phone(phone, self.say("call")) if is_called else ""
        kind = "call-bar calls" if is_called else "call-bar"
        return f'<nav class="{kind}" aria-label="{words}">{sheet}{call}</nav>'
