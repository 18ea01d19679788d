# SPDX-License-Identifier: EUPL-1.2
"""`compare`: what changed from one act to another, with both quotes and pages."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import click

from assistant.commands.session import Session
from assistant.comparing import Change, What
from assistant.comparing.desk import Compared, CompareDesk, as_contract
from assistant.comparing.sides import Asked, NotComparable, Range, SideReader, parse_range
from assistant.errors import UserError
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts, open_screening
from corpus.batches import kept_open
from corpus.prepare import DocumentGuard
from corpus.readers.pool import FileReading, ReadingPool

FR = Texts("fr")
ROLE = "agent"
LONG_CHARS = 30_000
"""From here on two guards at once, in processes of their own, are sooner done than one here."""


class PageRange(click.ParamType[Range]):
    """`3-7`, or one page: `3`."""

    name = "pages"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Range:
        try:
            return parse_range(str(value))
        except ValueError:
            self.fail(FR("error", "compare_range"), param, ctx)


@click.command(help=FR("help", "compare"))
@click.argument("a")
@click.argument("b")
@click.option("--pages-a", type=PageRange(), help=FR("help", "compare_pages"))
@click.option("--pages-b", type=PageRange(), help=FR("help", "compare_pages"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def compare(
    session: Session, a: str, b: str, pages_a: Range, pages_b: Range, as_json: bool
) -> None:
    asked = (_asked(a, pages_a), _asked(b, pages_b))
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        me = parts.register.pseudonym(getpass.getuser())
        rights = session.settings.rights
        desk = CompareDesk(_reader(parts), parts.register, rights, lambda: parts.embedder)
        try:
            compared = desk.compare(*asked, by=me, role=ROLE)
        except NotComparable as error:
            raise why_not(error, session.texts) from None
    if as_json:
        session.print_json(as_json_object(compared))
    else:
        _print(session, compared)


def _asked(name: str, pages: Range) -> Asked:
    path = Path(name)
    if path.is_file():
        return Asked(name=path.name, path=path.resolve(), pages=pages)
    return Asked(name=name, pages=pages)


def _reader(parts: Parts) -> SideReader:
    def guard(chars: int) -> DocumentGuard:
        if chars < LONG_CHARS:
            return parts.guard
        pool = open_screening(parts.settings, parts.folder.path, in_background=False)
        parts.closing.enter_context(kept_open(pool))
        return pool

    def open_reading() -> AbstractContextManager[FileReading]:
        return ReadingPool(2, in_background=False)

    rights = parts.settings.rights
    return SideReader(
        store=lambda: parts.store,
        sees=lambda document: rights.sees(ROLE, document.collection),
        guard=guard,
        open_reading=open_reading,
    )


def why_not(error: NotComparable, texts: Texts) -> UserError:
    """Return the error with the words of what its reader said, in the person's language."""
    facts = dict(error.facts)
    if error.key == "compare_unreadable":
        facts["reason"] = texts("reason", str(facts["reason"]))
    elif error.key == "compare_needs":
        facts["reason"] = texts("needs", str(facts["reason"]))
    return UserError(error.key, **facts)


def as_json_object(compared: Compared) -> dict[str, object]:
    """Return a comparison as the command-line contract has it."""
    found = compared.found
    return {
        "changes": [*map(as_contract, found.changes)],
        "unchanged": found.unchanged,
        "seconds": compared.seconds,
        "wording": [*map(as_contract, found.wording)],
        "formal": [*map(as_contract, found.formal)],
        "is_unlike": found.is_unlike,
        **{
            side: {
                "file": one.file,
                "pages": [n for n, _ in one.pages],
                "unread": [*one.unread],
                "orders": one.orders,
            }
            for side, one in (("a", compared.a), ("b", compared.b))
        },
        "record": compared.record,
    }


def _print(session: Session, compared: Compared) -> None:
    texts, found = session.texts, compared.found
    session.say(texts("compare", "title", a=compared.a.file, b=compared.b.file))
    for one in (compared.a, compared.b):
        if one.unread:
            pages = ", ".join(map(str, one.unread))
            session.say(texts("compare", "unread", file=one.file, pages=pages))
        if one.orders:
            session.say(texts("compare", "orders", file=one.file, count=one.orders))
    if found.is_unlike:
        session.say(texts("compare", "unlike"))
    elif found.is_same:
        session.say(texts("compare", "same"))
    _part(session, "", found.changes)
    _part(session, "wording", found.wording)
    _part(session, "formal", found.formal)
    facts = {"changes": len(found.changes), "unchanged": found.unchanged}
    session.say("\n" + texts("compare", "count", **facts, seconds=compared.seconds))
    session.say(texts("compare", "record", record=compared.record))


def _part(session: Session, title: str, changes: Sequence[Change]) -> None:
    if title and changes:
        session.say("\n" + session.texts("compare", title))
    for change in changes:
        for line in _lines(session.texts, change):
            session.say(line)


def _lines(texts: Texts, change: Change) -> list[str]:
    said = {
        What.CHANGED: f"{change.before} → {change.after}",
        What.ADDED: change.after,
        What.REMOVED: change.before,
    }[change.kind]
    kind = texts("compare", change.kind.value)
    lines = ["\n" + texts("compare", "line", kind=kind, what=change.what, said=said)]
    for side, page, quote in (
        ("before", change.page_a, change.quote_a),
        ("after", change.page_b, change.quote_b),
    ):
        if page is not None:
            lines.append(texts("compare", side, page=page, quote=" ".join(quote.split())))
    return lines
