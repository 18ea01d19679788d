# SPDX-License-Identifier: EUPL-1.2
"""`cards propose`: the model writes questions of lines, for somebody to validate.

Each costs what a question costs, and some seconds more: it runs after what people wait for, and
what an earlier run tried is not tried again.
"""

from __future__ import annotations

import time
from datetime import date

import click

from assistant.cards.proposing import Tried, What, counted
from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.cores import step_back

FR = Texts("fr")
USUAL = 20


@click.command(help=FR("help", "cards_propose"))
@click.option("--limit", type=click.IntRange(1, 1000), default=USUAL, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def propose(session: Session, limit: int, as_json: bool) -> None:
    step_back()
    began, tried = time.monotonic(), list[Tried]()
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        for one in parts.proposer(limit, night=date.today().isoformat()):
            tried.append(one)
            if session.is_terminal:
                session.tell(f"{len(tried)}/{limit}  {one.what.value}")
    counts = counted(tried)
    kept = [one.card for one in tried if one.what is What.KEPT]
    if as_json:
        session.print_json({
            "proposed": kept,
            "tried": len(tried),
            **{what.value: count for what, count in counts.items()},
            "seconds": round(time.monotonic() - began, 1),
        })  # fmt: skip
        return
    told = {what.value: count for what, count in counts.items()}
    session.say(session.texts("cards", "proposed_line", tried=len(tried), **told))
