# SPDX-License-Identifier: EUPL-1.2
"""A question that leans on the one before and may mean two things: its wordings, to choose from.

Understood(several) ─by_form▶ a plain page's buttons      ─by_script▶ those of the page in Gradio
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from ui.agent.words import Words
from ui.drawn import marked

AS_IT_IS = "telle"
"""The field of a form whose question is asked in its own words."""


def by_form(
    words: Words, action: str, choices: Sequence[str], written: str, more: Mapping[str, str]
) -> str:
    """Return a form whose buttons each ask one wording, the last one what was `written`; `more`
    are its other fields."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {AS_IT_IS: "1", **more}.items()
    )
    buttons = "".join(
        f'<button type="submit" class="button plain" name="question" value="{escape(choice)}">'
        f"{marked(choice)}</button> "
        for choice in choices
    )
    return (
        f'<form method="post" action="{action}" class="stack screen-only asked-back" '
        f'autocomplete="off" data-busy="{words("drop_asking")}">{fields}'
        f'<fieldset><legend id="done" tabindex="-1">{words("asked_back")}</legend>{buttons}'
        f'<button type="submit" class="button plain" name="question" value="{escape(written)}">'
        f"{words('ask_alone')}</button></fieldset></form>"
    )


def by_script(words: Words, choices: Sequence[str]) -> str:
    """Return buttons by which `static/agent.js` asks one wording; beside them stands the one that
    asks what was written."""
    buttons = "".join(
        f'<button type="button" class="small-button" data-ask="{escape(choice)}">'
        f"{marked(choice)}</button> "
        for choice in choices
    )
    return f'<div class="note asked-back" role="status"><p>{words("asked_back")}</p>{buttons}</div>'
