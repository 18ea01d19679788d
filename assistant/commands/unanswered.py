# SPDX-License-Identifier: EUPL-1.2
"""`unanswered`: the questions that found no answer, grouped by matter.

Its reading is entered in the register, as every reading is.
"""

from __future__ import annotations

import getpass

import click

from assistant.cards.unanswered import Group
from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import open_parts

FR = Texts("fr")
ROLE = "administrator"
MAX_QUOTE_CHARS = 400


@click.command(help=FR("help", "unanswered"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def unanswered(session: Session, as_json: bool) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        me = parts.register.pseudonym(getpass.getuser())
        groups = parts.unanswered(me, ROLE)
    if as_json:
        session.print_json({"groups": [_row(group) for group in groups]})
        return
    for group in groups:
        session.say(
            session.texts(
                "cards", "group_line", matter=group.matter, count=group.count, since=group.since
            )
        )
        for question in group.questions[1:]:
            session.say(session.texts("cards", "wording_line", wording=question))
        for found in group.nearest[:1]:
            file, page = found.passage.file, found.passage.page
            session.say(session.texts("cards", "near_line", file=file, page=page))
    if not groups:
        session.say(session.texts("cards", "all_answered"))


def _row(group: Group) -> dict[str, object]:
    return {
        "matter": group.matter,
        "questions": [*group.questions],
        "count": group.count,
        "since": group.since,
        "nearest": [
            {
                "file": found.passage.file,
                "page": found.passage.page,
                "quote": found.passage.text.text[:MAX_QUOTE_CHARS],
            }
            for found in group.nearest
        ],
    }
