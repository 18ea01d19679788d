# SPDX-License-Identifier: EUPL-1.2
"""What happened, in words: a comparison, what became of a validated answer, where a quote stands.

    Entry ──Told──▶ HTML, empty for the kinds that are shown as they were sealed only
    quote ──Told.place──▶ its page as a link; of a dropped file, of which nothing is kept, words

All that a person or a document wrote goes through `escape` (or `marked`, `quote_html`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from corpus.documents import is_dropped
from guardrails.register import Entry, Kind
from guardrails.register.records import JsonValue
from guardrails.register.selection import number, text
from ui.auditor.words import Words
from ui.drawn import marked, quote_html
from ui.reply import address

Record = Mapping[str, JsonValue]


def records(payload: Record, name: str) -> list[Record]:
    """Return the objects of a list in a payload; what is something else is left out."""
    value = payload.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def texts(payload: Record, name: str) -> list[str]:
    """Return the texts of a list in a payload; what is something else is left out."""
    value = payload.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, str) and item]


class Told:
    """Tells entries in one language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __call__(self, entry: Entry) -> str:
        """Return what an entry tells, as HTML."""
        match entry.kind:
            case Kind.COMPARISON:
                return self._comparison(entry.payload)
            case Kind.CARD:
                return self._card(entry.payload)
        return ""

    def place(self, record: Record) -> str:
        """Return where a quote stands, as a link to the page where there still is one."""
        page, start, end = (int(number(record, name) or 0) for name in ("page", "start", "end"))
        file = escape(text(record, "file")) or self._words("a_document")
        name = f"{file}, {self._words('page', page=page)}"
        document = text(record, "document")
        if is_dropped(document):
            return f"{name} ({self._words('dropped')})"
        if not document:
            return name
        return f'<a class="source" href="{address(document, page, start, end)}">{name}</a>'

    # -- two documents side by side

    def _comparison(self, payload: Record) -> str:
        say, changes = self._words, records(payload, "changes")
        sides = {name: _record(payload, name) for name in ("a", "b")}
        unchanged = int(number(payload, "unchanged") or 0)
        named = "".join(
            f"<div><dt>{say(f'side_{name}')}</dt><dd>{self._side(side)}</dd></div>"
            for name, side in sides.items()
        )
        lines = "".join(f"<li>{self._change(change, sides)}</li>" for change in changes)
        return (
            f'<p>{say("compared")}</p><dl class="measures">{named}</dl>'
            f"<p>{say.counted('differences', len(changes))} "
            f"{say.counted('unchanged', unchanged)}</p>"
            + (f'<ol class="quotes">{lines}</ol>' if lines else "")
        )

    def _side(self, side: Record) -> str:
        say, pages = self._words, int(number(side, "pages") or 0)
        kept = "" if text(side, "document") else f" ({say('dropped')})"
        return f"{escape(text(side, 'file'))}, {say.counted('pages', pages)}{kept}"

    def _change(self, change: Record, sides: Mapping[str, Record]) -> str:
        say, what = self._words, escape(text(change, "what"))
        part = text(change, "part")
        aside = "" if part == "changes" else f' <span class="quiet">{say.name("part", part)}</span>'
        head = f"<strong>{say.name('change', text(change, 'kind'))}</strong> {what}{aside}"
        before, after = (marked(text(change, name)) for name in ("before", "after"))
        values = f"<p>{before} → {after}</p>" if before and after else ""
        quotes = "".join(
            f'<blockquote>{quote_html(quoted)}</blockquote><p class="source-line">'
            f"{say(f'side_{name}')} : {self._stands(change, name, side)}</p>"
            for name, side in sides.items()
            if (quoted := text(change, f"quote_{name}"))
        )
        return f"<p>{head}</p>{values}{quotes}"

    def _stands(self, change: Record, name: str, side: Record) -> str:
        start = int(number(change, f"start_{name}") or 0)
        return self.place({
            "file": text(side, "file"), "document": text(side, "document"),
            "page": number(change, f"page_{name}"), "start": start,
            "end": start + len(text(change, f"quote_{name}")),
        })  # fmt: skip

    # -- a validated answer

    def _card(self, payload: Record) -> str:
        say, card = self._words, escape(text(payload, "card"))
        asked = texts(payload, "questions")  # of a matter that no card answers
        status = text(payload, "status")
        what = say.names("card").get(status, status)
        became = say("matter_became" if asked else "card_became", what=what)
        if asked:
            return f"<p><strong>{became}</strong></p>{_list(asked)}"
        why = text(payload, "why")
        quotes = "".join(
            f"<li><blockquote>{quote_html(text(one, 'quote'))}</blockquote>"
            f'<p class="source-line">{self.place(one)}</p></li>'
            for one in records(payload, "quotes")
        )
        facts = {
            "card_asked": marked(text(payload, "question")),
            "card_why": say.name("why", why) if why else "",
            "card_said": marked(text(payload, "answer")),
            "card_wordings": _list(texts(payload, "wordings")),
            "card_audience": say.name("audience", text(payload, "audience")),
            "card_until": escape(text(payload, "until")),
            "card_service": escape(text(payload, "service")),
            "card_name": f"<code>{card}</code>",
        }
        told = "".join(
            f"<div><dt>{say(f'fact_{name}')}</dt><dd>{value}</dd></div>"
            for name, value in facts.items()
            if value
        )
        held = f'<p>{say("card_quotes")}</p><ol class="quotes">{quotes}</ol>' if quotes else ""
        return f'<p><strong>{became}</strong></p><dl class="measures">{told}</dl>{held}'


def _record(payload: Record, name: str) -> Record:
    value = payload.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{marked(item)}</li>' for item in items)}</ul>" if items else ""
