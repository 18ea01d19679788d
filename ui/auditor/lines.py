# SPDX-License-Identifier: EUPL-1.2
"""Entries in a table: what each one is, in a line.

    Entry, its exchange ──line_of──▶ Line ──Lines.table──▶ HTML

The line of a question tells how it ended and what was thought of it, which its other entries say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from guardrails.register import Entry, Kind, Register
from guardrails.register.ratings import seen_by
from guardrails.register.selection import outcome_of, text
from ui.auditor.words import Words
from ui.drawn import marked

WORDS_SHOWN = 160
REFUSAL = "refusal"
OPINIONS = (Kind.FEEDBACK, Kind.REVIEW)
LOOKED_UP = (Kind.INTENT, Kind.REVIEW)

Exchanges = Callable[[str], Sequence[Entry]]
"""The entries of an exchange, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry as the table tells it. `words` are those of the entry, hidden as sealed;
    `ended` is a status, with the `reason` of a refusal; `marks` what was thought of it."""

    index: int
    at: datetime
    kind: Kind
    words: str
    erased: bool
    ended: str = ""
    reason: str = ""
    audience: str = ""
    actor: str = ""
    marks: tuple[str, ...] = ()
    is_reviewed: bool = False  # by an auditor
    is_veiled: bool = False  # of another auditor, for who did not rate it yet


def line_of(entry: Entry, exchange: Sequence[Entry] = ()) -> Line:
    """Return the line of an entry; `exchange` holds the entries of its question that may be seen,
    if it has one."""
    is_question = entry.kind is Kind.INTENT
    is_veiled = entry.kind is Kind.REVIEW and bool(exchange) and entry not in exchange
    if is_veiled:
        entry = replace(entry, payload={})
    is_opinion = entry.kind in OPINIONS
    whole = exchange if is_question else [entry]
    return Line(
        index=entry.index,
        at=entry.at,
        kind=entry.kind,
        words=_words(entry),
        erased=entry.erased,
        ended=outcome_of(exchange) if is_question else "" if is_opinion else _status(entry),
        reason=next((r for e in whole if (r := text(e.payload, "reason"))), ""),
        audience=text(entry.payload, "audience") or entry.role,
        actor=entry.actor,
        marks=marks_of([entry] if is_opinion else exchange),
        is_reviewed=any(e.kind is Kind.REVIEW for e in exchange),
        is_veiled=is_veiled,
    )


def lines_of(entries: Sequence[Entry], exchanges: Exchanges) -> list[Line]:
    """Return the lines of entries, the exchange of each question and review looked up."""
    return [
        line_of(e, exchanges(e.exchange) if e.kind in LOOKED_UP and e.exchange else ())
        for e in entries
    ]


def seen_in(register: Register, name: str) -> Exchanges:
    """Return what tells the entries of an exchange that somebody may see (see ratings.py)."""
    own = register.keyring.pseudonyms(name)
    return lambda exchange: seen_by(register.unrecorded_exchange(exchange), own)


def marks_of(exchange: Sequence[Entry], kinds: Sequence[Kind] = OPINIONS) -> tuple[str, ...]:
    """Return what readers and auditors found of an exchange, in the order of their marks."""
    return tuple(mark for e in exchange if e.kind in kinds and (mark := mark_of(e)))


def mark_of(entry: Entry) -> str:
    """Return what somebody found of an answer: an auditor's mark, an agent's opinion."""
    names = ("mark", "verdict", "status")
    return next((mark for name in names if (mark := text(entry.payload, name))), "")


def _status(entry: Entry) -> str:
    return text(entry.payload, "status")


def _words(entry: Entry) -> str:
    """Return what tells an entry from the others of its kind."""
    for name in ("question", "text", "purpose", "form", "comment", "note", "sentence", "document"):
        if words := text(entry.payload, name):
            return words
    if entry.kind is Kind.COMPARISON:
        sides = (entry.payload.get(side) for side in ("a", "b"))
        return " / ".join(text(side, "file") for side in sides if isinstance(side, Mapping))
    changed = entry.public.get("changed")
    if isinstance(changed, list):
        return ", ".join(map(str, changed))
    return str(entry.public.get("why") or "")


class Lines:
    """Lays out tables of entries in one language."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def table(self, lines: Sequence[Line], caption: str, *, is_all_questions: bool) -> str:
        """Return a table; `caption` is HTML. Without kinds when all of them are questions."""
        say = self._words
        of_kind = ["content", "ended"] if is_all_questions else ["kind", "content", "status"]
        names = ["number", "moment", *of_kind, "audience", "actor"]
        head = "".join(f'<th scope="col" role="columnheader">{say(f"col_{n}")}</th>' for n in names)
        rows = "".join(self._row(line, names) for line in lines)
        return (
            f'<table class="entries" role="table"><caption>{caption}</caption>'
            f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
            f'<tbody role="rowgroup">{rows}</tbody></table>'
        )

    def _row(self, line: Line, names: Sequence[str]) -> str:
        cells = "".join(
            f'<td role="cell" class="c-{name}" data-label="{self._words(f"col_{name}")}">'
            f"<span>{self._cell(line, name)}</span></td>"
            for name in names
        )
        return f'<tr role="row">{cells}</tr>'

    def _cell(self, line: Line, name: str) -> str:
        say = self._words
        match name:
            case "number":
                return opening(say, line.index)
            case "moment":
                return say.moment(line.at)
            case "kind":
                return say.name("kind", line.kind.value)
            case "content":
                return self._content(line)
            case "ended" | "status":
                section = "card" if line.kind is Kind.CARD else "outcome"
                return self.ended(line.ended, line.reason, section) + self.marks(line.marks)
            case "audience":
                return say.name("audience", line.audience)
            case _:
                actor = escape(line.actor)
                return f'<code title="{actor}">{short(actor)}</code>' if actor else ""

    def _content(self, line: Line) -> str:
        if line.erased:
            return f'<em class="quiet">{self._words("erased")}</em>'
        if line.is_veiled:
            return f'<em class="quiet">{self._words("veiled_line")}</em>'
        if line.kind in (Kind.READING, Kind.EXPORT):
            return self._words.name("purpose", line.words)
        return marked(cut(line.words))

    def ended(self, status: str, reason: str, section: str = "outcome") -> str:
        """Return how an exchange ended, as a badge; nothing while it is not known."""
        if not status:
            return ""
        words = self._words.name(section, status)
        why = f' <span class="why">{self._words.name("reason", reason)}</span>' if reason else ""
        kind = status if status in ("answer", REFUSAL) else "other"
        return f'<span class="badge {kind}">{words}</span>{why}'

    def marks(self, marks: Sequence[str]) -> str:
        """Return what somebody found, as badges."""
        return "".join(
            f' <span class="badge mark-{escape(mark)}">{self._words.name("mark", mark)}</span>'
            for mark in marks
        )


def opening(say: Words, index: int) -> str:
    """Return the button that opens an entry, named by its number."""
    number = say.whole(index)
    return (
        f'<button type="button" class="link" data-act="open" data-index="{index}" '
        f'aria-label="{say("open_entry", index=number)}">{number}</button>'
    )


def short(actor: str) -> str:
    """Return enough of a pseudonym to tell it from the others of a page.

    >>> short("2026-03.54b710d07da3eb7b1057")
    '2026-03.54b710…'
    """
    return f"{actor[:14]}…" if len(actor) > 15 else actor


def cut(words: str) -> str:
    """Return the beginning of a text, cut between two words.

    >>> cut("mot " * 60)[-6:]
    ' mot …'
    """
    line = " ".join(words.split())
    return line if len(line) <= WORDS_SHOWN else line[:WORDS_SHOWN].rsplit(" ", 1)[0] + " …"
