# SPDX-License-Identifier: EUPL-1.2
"""The committee's page for everybody: how many remarks came, what was decided, what was suspended.

Of remarks it gives counts by kind and by month: their words are for the committee, on the
administrator's page, since what the guard misses must not be published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from assistant.moratorium import Change
from ui.public import pages
from ui.public.decisions import Decision
from ui.public.facts import History
from ui.public.remarks import KEPT_DAYS, KINDS, Remark
from ui.public.sheets import day
from ui.wording import Words

HERE = f"{pages.HOME}/comite"


def page(
    say: Words,
    town: str,
    *,
    remarks: Sequence[Remark],
    decisions: Sequence[Decision],
    history: History,
    months: int,
) -> str:
    """Return the page; `months` is how long the register keeps what is said of suspensions."""
    moment = day(history.at.date().isoformat(), say)
    main = (
        f'<p class="lead">{say("committee.lead")}</p>'
        f"<section><h2>{say('committee.decisions')}</h2>{_decided(say, decisions)}</section>"
        f"<section><h2>{say('committee.remarks')}</h2>"
        f"<p>{say('committee.remarks_words', days=KEPT_DAYS)}</p>{counted(say, remarks)}</section>"
        f"<section><h2>{say('committee.history')}</h2>"
        f"<p>{say('committee.history_words', day=moment, months=months)}</p>"
        f"{changes(say, history.changes)}</section>"
        f'<p><a href="{pages.HOME}?lang={say.language}">{say("transparency")}</a></p>'
    )
    return pages.page(say, town, say.plain("committee.title"), main, here=HERE)


def _decided(say: Words, decisions: Sequence[Decision]) -> str:
    if not decisions:
        return f"<p>{say('committee.decisions_none')}</p>"
    items = "".join(
        f'<li lang="fr"><strong>{day(one.day, say)}</strong> {escape(one.text)}</li>'
        for one in decisions
    )
    return f"<ul>{items}</ul>"


def counted(say: Words, remarks: Sequence[Remark]) -> str:
    """Return how many remarks of each kind came, a line a month, the newest first."""
    if not remarks:
        return f"<p>{say('committee.remarks_none')}</p>"
    found = Counter((one.day[:7], one.kind) for one in remarks)
    lines = "".join(
        f"<li><strong>{month}</strong> "
        f"{say('committee.month', **{kind: found[month, kind] for kind in KINDS})}</li>"
        for month in sorted({month for month, _ in found}, reverse=True)
    )
    return f"<ul>{lines}</ul>"


def changes(say: Words, found: Sequence[Change]) -> str:
    """Return the suspensions and what ended them, the newest first."""
    if not found:
        return f"<p>{say('committee.history_none')}</p>"
    return f"<ul>{''.join(_change(say, one) for one in found)}</ul>"


def _change(say: Words, one: Change) -> str:
    what = say(f"committee.{'suspended' if one.is_pause else 'resumed'}_{one.audience or 'all'}")
    where = f" {say('committee.one_collection')}" if one.collection else ""
    said = f' <q lang="fr">{escape(one.sentence)}</q>' if one.sentence and one.is_pause else ""
    moment = day(one.at.date().isoformat(), say)
    return f"<li><strong>{moment}</strong> {what}{where}{said}</li>"
