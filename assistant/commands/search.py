# SPDX-License-Identifier: EUPL-1.2
"""`search`: the passages nearest to a question, without the language model."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

import click

from assistant.commands.session import Session, read_jsonl, text_field
from assistant.pack.words import pack_json, pack_words
from assistant.pipeline import check_question
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.acts import KINDS
from corpus.documents import Filters
from corpus.packs import Pack
from corpus.structure import words_of

FR = Texts("fr")


class _Asked(TypedDict):
    """What narrows a search."""

    collections: Sequence[str]
    kinds: Sequence[str]
    since: datetime | None
    until: datetime | None


@click.command(help=FR("help", "search"))
@click.argument("question", required=False)
@click.option("-k", "limit", type=click.IntRange(1, 100), default=10)
@click.option("--collection", "collections", multiple=True)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(KINDS)))
@click.option("--audience", type=click.Choice(["agent", "senior"]), default="agent")
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", "as_jsonl", is_flag=True)
@click.pass_obj
def search(
    session: Session,
    /,
    question: str | None,
    limit: int,
    as_json: bool,
    as_jsonl: bool,
    audience: str,
    **asked: Unpack[_Asked],
) -> None:
    if question is None and not as_jsonl:
        raise session.fail("empty_question")
    filters = session.settings.rights.filters(audience, _filters(asked))
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        if question is None:
            for line in read_jsonl(sys.stdin):
                found = _search(parts, text_field(line, "question"), limit, filters)
                session.print_json({"id": line.get("id", ""), "passages": found})
            return
        found = _search(parts, question, limit, filters)
    if as_json or as_jsonl:
        session.print_json({"id": "", "passages": found})
        return
    for rank, row in enumerate(found, 1):
        session.say(session.texts("cli", "passage_line", rank=rank, **row))
        if isinstance(pack := row.get("pack"), dict):
            session.say(f"   {pack_words(Pack(**pack), session.texts)}")
        if "superseded_by" in row:
            session.say(session.texts("cli", "passage_ended", label=row["superseded_by"]))
        session.say(f"   {words_of(str(row['text']))}\n")
    if not found:
        session.say(session.texts("cli", "no_results"))


def _filters(asked: _Asked) -> Filters:
    since, until = asked["since"], asked["until"]
    return Filters(
        collections=frozenset(asked["collections"]) or None,
        kinds=frozenset(asked["kinds"]) or None,
        since=since.date().isoformat() if since else "",
        until=until.date().isoformat() if until else "",
    )


def _search(parts: Parts, question: str, limit: int, filters: Filters) -> list[dict[str, object]]:
    check_question(question)
    return [
        {
            "file": r.passage.file,
            "page": r.passage.page,
            "score": round(r.score, 4),
            "text": r.passage.text.text,
        }
        | ({"pack": pack_json(r.passage.pack)} if r.passage.pack else {})
        | ({"superseded_by": r.passage.superseded_by} if r.passage.superseded_by else {})
        for r in parts.search(parts.guard.screen(question), limit=limit, filters=filters)
    ]
