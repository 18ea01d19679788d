# SPDX-License-Identifier: EUPL-1.2
"""`cards`: answers that a person validated, and what becomes of them.

import   many, from a file of JSON lines
add      one, from the command line
list     what there is; `show` one of them
suspend  served no more until somebody confirms it
retire   served never again
review   what waits for a person, beside what its pages say now; --confirm serves it (again)
export   questions alone, for another town to tie to its own pages
propose  questions that the model writes of lines (`proposing.py`)
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Literal, TypedDict, Unpack

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.cards import Added, Audience, Card, Draft, GivenQuote, Refused, State, ToReview, Why
from assistant.cards.export import exported
from assistant.cards.making import Fault
from assistant.commands.proposing import propose
from assistant.commands.session import Session, read_jsonl
from assistant.errors import UserError
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts

FR = Texts("fr")
ROLE = "administrator"
Foreign = Literal["en", "ar", "pt", "es", "tr"]
"""The languages of the simple page, other than that of the documents."""

AUDIENCES = click.Choice(["agent", "senior"])


@click.group(help=FR("help", "cards"))
def cards() -> None:
    pass


cards.add_command(propose)


@cards.command("import", help=FR("help", "cards_import"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def import_cards(session: Session, file: Path, as_json: bool) -> int:
    return _add(session, _drafts(file), as_json=as_json)


def import_file(parts: Parts, file: Path, *, by: str, role: str) -> Added:
    """Add the answers of a file, in the name of somebody (a pseudonym)."""
    given = _drafts(file)
    drafts = [one for one in given if isinstance(one, Draft)]
    done = parts.card_desk.add(drafts, by=by, role=role)
    misshapen = tuple(one for one in given if not isinstance(one, Draft))
    return Added(added=done.added, refused=(*misshapen, *done.refused))


def _drafts(file: Path) -> list[Draft | tuple[str, Fault]]:
    with file.open(encoding="utf-8-sig") as stream:
        return [_draft(line) for line in read_jsonl(stream)]


class _Given(TypedDict):
    """A card on the command line."""

    file: str
    page: int
    quote: str
    answer: str
    audience: str | None
    until: str
    wordings: tuple[str, ...]


@cards.command(help=FR("help", "cards_add"))
@click.argument("question")
@click.option("--file", required=True)
@click.option("--page", type=click.IntRange(1), required=True)
@click.option("--quote", required=True)
@click.option("--answer", default="")
@click.option("--audience", type=AUDIENCES)
@click.option("--until", default="")
@click.option("--wording", "wordings", multiple=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def add(session: Session, /, question: str, as_json: bool, **given: Unpack[_Given]) -> int:
    line: dict[str, object] = {
        **given, "question": question, "audience": given["audience"] or "",
        "wordings": [*given["wordings"]],
    }  # fmt: skip
    return _add(session, [_draft(line)], as_json=as_json)


class _Quote(BaseModel):
    """Words of a page, as a line has them."""

    model_config = ConfigDict(strict=True)

    file: str
    page: int = Field(ge=1)
    quote: Annotated[str, Field(pattern=r"\w")]


class _Line(BaseModel):
    """A card as a line of JSON has it; one with `documents` is another town's, without a page."""

    model_config = ConfigDict(strict=True)

    question: str
    answer: str | None = None
    audience: Audience | None = None
    until: str | None = None
    service: str | None = None
    wordings: list[str] | None = None
    answers: dict[Foreign, str] | None = None
    quotes: list[_Quote] = Field(default_factory=list)
    documents: list[str] | None = None

    def draft(self) -> Draft:
        return Draft(
            question=self.question,
            quotes=tuple(GivenQuote(**one.model_dump()) for one in self.quotes),
            answer=self.answer or "",
            wordings=tuple(self.wordings or ()),
            audience=self.audience or "",
            until=self.until or "",
            service=self.service or "",
            translations=tuple((self.answers or {}).items()),
        )


def _draft(line: dict[str, object]) -> Draft | tuple[str, Fault]:
    """Return a line as a draft, or its question and what is wrong with its form."""
    if any(name in line for name in _Quote.model_fields):
        line = {**line, "quotes": [{name: line.get(name) for name in _Quote.model_fields}]}
    try:
        read = _Line.model_validate(line)
    except ValidationError as error:
        question = line.get("question")
        is_audience = error.errors()[0]["loc"] == ("audience",)
        fault = Fault.BAD_AUDIENCE if is_audience else Fault.MISSING_FIELD
        return (question if isinstance(question, str) else ""), fault
    if not read.quotes and read.documents is None:
        return read.question, Fault.MISSING_FIELD
    return read.draft()


def _add(session: Session, given: Iterable[Draft | tuple[str, Fault]], *, as_json: bool) -> int:
    given = list(given)
    drafts = [one for one in given if isinstance(one, Draft)]
    refused = [one for one in given if not isinstance(one, Draft)]
    with _opened(session) as parts:
        done = parts.card_desk.add(drafts, by=_me(parts), role=ROLE)
    refused += done.refused
    if as_json:
        session.print_json({
            "added": [*done.added],
            "refused": [{"question": q, "reason": fault.value} for q, fault in refused],
        })  # fmt: skip
    else:
        session.say(session.texts("cards", "added", count=len(done.added)))
        for question, fault in refused:
            why = session.texts("card_fault", fault.value)
            session.say(session.texts("cards", "refused_line", question=question, why=why))
    return 1 if refused and not done.added else 0


@cards.command("list", help=FR("help", "cards_list"))
@click.option("--state", "states", multiple=True, type=click.Choice([s.value for s in State]))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_cards(session: Session, states: tuple[str, ...], as_json: bool) -> None:
    wanted = [State(state) for state in states] or [*State]
    with _opened(session) as parts:
        found = parts.cards.cards(states=wanted)
    if as_json:
        session.print_json({"cards": [as_row(card) for card in found]})
        return
    for card in found:
        session.say(_line(session, card))
    if not found:
        session.say(session.texts("cards", "none"))


def as_row(card: Card) -> dict[str, object]:
    """Return a card as the contract of the command line has it."""
    return {
        "id": card.id,
        "question": card.question,
        "wordings": [*card.wordings],
        "quotes": [{"file": q.file, "page": q.page, "quote": q.quote} for q in card.quotes],
        "answer": card.answer,
        "audience": card.audience,
        "until": card.until,
        "state": card.state.value,
        "why": card.why.value,
        "by": card.by,
        "role": card.role,
        "service": card.service,
        "at": card.at,
        "answers": dict(card.translations),
        "likely": card.likely,
    }


def _line(session: Session, card: Card) -> str:
    state = session.texts("card_state", card.state.value)
    if card.why:
        state += ", " + session.texts("card_why", card.why.value)
    return session.texts("cards", "line", id=card.id, question=card.question, state=state)


@cards.command(help=FR("help", "cards_show"))
@click.argument("identifier", metavar="ID")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(session: Session, identifier: str, as_json: bool) -> None:
    with _opened(session) as parts:
        card = parts.cards.card(identifier)
    if card is None:
        raise session.fail("no_such_card", id=identifier)
    if as_json:
        session.print_json(as_row(card))
        return
    session.say(_line(session, card))
    for wording in card.wordings:
        session.say(session.texts("cards", "wording_line", wording=wording))
    if card.answer:
        session.say(card.answer)
    for number, quote in enumerate(card.quotes, 1):
        session.say(
            session.texts(
                "cli", "source_line", number=number, file=quote.file, page=quote.page,
                quote=quote.quote,
            )
        )  # fmt: skip


@cards.command(help=FR("help", "cards_suspend"))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def suspend(session: Session, ids: tuple[str, ...], as_json: bool) -> None:
    with _opened(session) as parts:
        me = _me(parts)
        done = [
            _told(session, one, lambda i: parts.card_desk.suspend(i, by=me, role=ROLE))
            for one in ids
        ]
    _show(session, done, as_json=as_json)


@cards.command(help=FR("help", "cards_retire"))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def retire(session: Session, ids: tuple[str, ...], as_json: bool) -> None:
    with _opened(session) as parts:
        me = _me(parts)
        done = [
            _told(session, one, lambda i: parts.card_desk.retire(i, by=me, role=ROLE))
            for one in ids
        ]
    _show(session, done, as_json=as_json)


@cards.command(help=FR("help", "cards_review"))
@click.option("--confirm", "confirmed", multiple=True, metavar="ID",
              help=FR("help", "cards_confirm"))  # fmt: skip
@click.option("--confirm-restored", "restored", is_flag=True,
              help=FR("help", "cards_confirm_restored"))  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def review(session: Session, confirmed: tuple[str, ...], restored: bool, as_json: bool) -> None:
    with _opened(session) as parts:
        me, desk = _me(parts), parts.card_desk
        mine = parts.register.keyring.pseudonyms(getpass.getuser())
        if restored:
            suspended = parts.cards.cards(states=[State.SUSPENDED])
            confirmed += tuple(card.id for card in suspended if card.why is Why.RESTORED)
        if confirmed:
            done = [
                _told(session, one, lambda i: desk.confirm(i, by=me, role=ROLE, known_as=mine))
                for one in confirmed
            ]
            _show(session, done, as_json=as_json)
            return
        parts.card_desk.settle()
        waiting = parts.card_desk.review()
        proposed = sorted(parts.cards.cards(states=[State.PROPOSED]), key=lambda c: -c.likely)
    if as_json:
        session.print_json({
            "cards": [_review_row(one) for one in waiting],
            "proposed": [as_row(card) for card in proposed],
        })  # fmt: skip
        return
    for one in waiting:
        session.say(_line(session, one.card))
        for quote, now in one.now:
            session.say(
                session.texts("cards", "was_line", file=quote.file, page=quote.page,
                              quote=quote.quote)
            )  # fmt: skip
            if now is None:
                session.say(session.texts("cards", "no_page_now"))
    for card in proposed:
        session.say(_line(session, card))
    if not waiting and not proposed:
        session.say(session.texts("cards", "nothing_to_review"))


def _review_row(one: ToReview) -> dict[str, object]:
    now = [
        {"file": quote.file, "page": quote.page, "quote": quote.quote, "now": now}
        for quote, now in one.now
    ]
    return as_row(one.card) | {"quotes": now}


@cards.command(help=FR("help", "cards_export"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.pass_obj
def export(session: Session, file: Path | None) -> None:
    with _opened(session) as parts:
        served = parts.cards.cards(states=[State.SERVED])
        lines = exported(served, parts.store)
    if file is None:
        session.say(lines.rstrip("\n"))
        return
    file.write_text(lines, "utf-8")
    session.tell(session.texts("cards", "exported", count=len(served)))


def _told(session: Session, identifier: str, change: Callable[[str], Card]) -> Card:
    try:
        return change(identifier)
    except Refused as error:
        if error.fault is Fault.NO_SUCH_CARD:
            raise session.fail("no_such_card", id=identifier) from None
        why = session.texts("card_fault", error.fault.value)
        raise UserError("card_refused", id=identifier, why=why) from None


def _show(session: Session, done: Iterable[Card], *, as_json: bool) -> None:
    if as_json:
        session.print_json({"cards": [as_row(card) for card in done]})
        return
    for card in done:
        session.say(_line(session, card))


def _opened(session: Session) -> AbstractContextManager[Parts]:
    return open_parts(session.data, session.keys_base, session.settings)


def _me(parts: Parts) -> str:
    return parts.register.pseudonym(getpass.getuser())
