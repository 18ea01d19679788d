# SPDX-License-Identifier: EUPL-1.2
"""`summary`: an act at a glance, in its own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import click

from assistant.commands.session import Session
from assistant.glance import AgendaItem, Glance, Quote, Touched, Vote
from assistant.glance.finding import glance_of, glance_of_dropped
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.acts import date_in_words
from corpus.dropped import read_dropped
from corpus.passages import StoredDocument
from corpus.quarantine import is_waiting
from corpus.readers.pool import ReadingPool
from corpus.structure import words_of

FR = Texts("fr")


@click.command(help=FR("help", "summary"))
@click.argument("file")
@click.option("--audience", type=click.Choice(["agent", "senior"]), default="agent")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def summary(session: Session, file: str, audience: str, as_json: bool) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        found = _glance(session, parts, file, audience)
    if as_json:
        session.print_json(as_contract(found))
    else:
        session.say("\n".join(_lines(found, session.texts)))


def _glance(session: Session, parts: Parts, file: str, audience: str) -> Glance:
    """Return the glance of a document of the corpus, otherwise of a file on this disk."""
    rights = session.settings.rights
    visible = [d for d in parts.store.documents() if rights.sees(audience, d.collection)]
    stored = _stored(session, visible, file)
    if stored:
        if is_waiting(stored):
            raise session.fail("paper_waits")
        seen = {d.id for d in visible if not is_waiting(d)}
        return glance_of(parts.store, stored, seen)
    path = Path(file)
    if not path.is_file():
        raise session.fail("no_such_file")
    dropped = read_dropped(
        path,
        name=path.name,
        guard=parts.guard,
        open_reading=lambda: ReadingPool(1, in_background=False),
    )
    return glance_of_dropped(dropped)


def _stored(
    session: Session, visible: Sequence[StoredDocument], file: str
) -> StoredDocument | None:
    """Return the document that bears this path, or this name where one alone does."""
    named = [document for document in visible if file in (document.file, document.id)]
    last = [document for document in visible if PurePosixPath(document.file).name == file]
    for found in (named, last):
        if len(found) > 1:
            raise session.fail("several_such_files")
        if found:
            return found[0]
    return None


# -- as JSON


def as_contract(found: Glance) -> dict[str, object]:
    """Return a glance as the command-line contract has it."""
    return {
        "file": found.file,
        "kind": found.act.kind,
        "number": found.act.number,
        "date": found.date,
        "object": found.object,
        "title": found.title,
        "vote": found.vote.quote.text if found.vote else "",
        "votes": [_vote(vote) for vote in found.votes],
        "decided_by": found.decided_by.text if found.decided_by else "",
        "signed_by": found.signed_by,
        "articles": [
            {"number": a.number, "title": a.title, "text": a.text, "page": a.page}
            for a in found.articles
        ],
        "facts": [
            {"what": f.what, "value": f.value, "kind": f.kind, "page": f.page, "quote": f.quote}
            for f in found.facts
        ],
        "more_facts": found.more_facts,
        "agenda": [_item(item) for item in found.agenda],
        "replaces": [_touched(one) for one in found.replaces],
        "replaced_by": [_touched(one) for one in found.replaced_by],
        "amends": [_touched(one) for one in found.amends],
        "amended_by": [_touched(one) for one in found.amended_by],
    }


def _vote(vote: Vote) -> dict[str, object]:
    return {
        "quote": vote.quote.text,
        "page": vote.quote.page,
        "pour": vote.pour,
        "contre": vote.contre,
        "abstentions": vote.abstentions,
        "unanimous": vote.unanimous,
        "outcome": vote.outcome,
    }


def _item(item: AgendaItem) -> dict[str, object]:
    last = item.votes[-1] if item.votes else None
    return {
        "rank": item.rank,
        "number": item.number,
        "title": item.title,
        "page": item.page,
        "vote": last.quote.text if last else "",
        "noted": item.noted.text if item.noted else "",
        "votes": [_vote(vote) for vote in item.votes],
    }


def _touched(one: Touched) -> dict[str, object]:
    return {
        "effect": one.effect.value,
        "kind": one.kind,
        "number": one.number,
        "date": one.date,
        "since": one.since,
        "file": one.file,
        "label": one.label,
        "page": one.page,
        "quote": one.quote,
    }


# -- as text


def _lines(found: Glance, texts: Texts) -> Iterator[str]:
    def say(key: str, **facts: object) -> str:
        return texts("glance", key, **facts)

    def placed(quote: Quote) -> str:
        return f"« {quote.text} » ({say('page', page=quote.page)})"

    act = found.act
    day = _day(found.date, texts)
    rows = [
        ("kind", act.kind.capitalize()),
        ("number", act.number),
        ("date", day),
        ("object", found.object),
        ("decided_by", placed(found.decided_by) if found.decided_by else ""),
        ("signed_by", found.signed_by),
        ("vote", placed(found.vote.quote) if found.vote else ""),
    ]
    yield f"{found.file}"
    yield from (f"{say(key)} : {value}" for key, value in rows if value)
    for key in ("replaced_by", "amended_by", "replaces", "amends"):
        for one in getattr(found, key):
            yield f"{say(key)} : {touched_words(one, texts)}"
    if found.agenda:
        yield f"\n{say('agenda')}"
    for item in found.agenda:
        told = item.votes[-1].quote if item.votes else item.noted
        yield f"  {item.rank}. {item.title} ({say('page', page=item.page)})"
        yield f"     {placed(told) if told else say('no_vote')}"
    if found.articles:
        yield f"\n{say('articles')}"
    for article in found.articles:
        number = say("article", number=article.number) if article.number else "–"
        name = f"{number}, {article.title}" if article.title else number
        yield f"  {name} ({say('page', page=article.page)})\n     « {article.text} »"
    if found.facts:
        yield f"\n{say('facts')}"
    for fact in found.facts:
        yield f"  {words_of(fact.what)} : {fact.value} ({say('page', page=fact.page)})"
    if found.more_facts:
        yield say("more_facts", count=found.more_facts)
    if not (found.articles or found.facts or found.agenda):
        yield f"\n{say('nothing')}"
    yield f"\n{say('own_words')}"


def touched_words(one: Touched, texts: Texts) -> str:
    """Return another act in words: as the corpus calls it, otherwise as it is named."""
    number = f" n° {one.number}" if one.number else ""
    day = _day(one.date, texts)
    named = f"{one.kind}{number}{f' ({day})' if day else ''}"
    words = one.label or (named if one.kind else texts("glance", "unseen"))
    since = f", {texts('glance', 'since', date=_day(one.since, texts))}" if one.since else ""
    quote = f" : « {one.quote} » ({texts('glance', 'page', page=one.page)})" if one.quote else ""
    return f"{words}{since}{quote}"


def _day(iso: str, texts: Texts) -> str:
    return date_in_words(iso) if iso and texts.language == "fr" else iso
