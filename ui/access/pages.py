# SPDX-License-Identifier: EUPL-1.2
"""The pages of the door: signing in, choosing a password, one's account, signing out."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from ui.access.accounts import Account, Method
from ui.access.forms import FIELD
from ui.access.frame import Frame, hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a form carries: its token, what was wrong with the last one, what was typed."""

    token: str
    problem: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    name: str = ""
    after: str = ""


def sign_in(frame: Frame, form: Form, *, has_oidc: bool, has_simple: bool) -> str:
    """Return the page where one signs in."""
    say, oidc = frame.say, ""
    if has_oidc:
        address = "/connexion/oidc" + (f"?suite={escape(form.after)}" if form.after else "")
        oidc = (
            f'<p><a class="button wide" href="{address}">{say("sign_in_oidc")}</a></p>'
            f"<h2>{say('sign_in_or')}</h2>"
        )
    described = ' aria-describedby="problem"' if form.problem else ""
    body = (
        f"<p>{say('sign_in_lead')}</p>{frame.problem(form.problem, **form.facts)}{oidc}"
        f'<form class="box" method="post" action="/connexion">'
        f"{hidden(FIELD, form.token)}{hidden('suite', form.after)}"
        f"{_name(frame, 'name', form.name, described)}"
        f"{_password(frame, 'password', 'password', 'current-password', described)}"
        f'<button type="submit">{say("sign_in")}</button></form>'
        f'<p class="hint">{say("sign_in_help")}</p>'
    )
    if has_simple:
        body += f'<p><a href="/simple">{say("to_simple")}</a></p>'
    return frame.page(say("sign_in"), body)


def welcome(frame: Frame, form: Form, action: str, *, name: str) -> str:
    """Return the page of a one-time link; without a name it makes the first administrator."""
    say = frame.say
    who = hidden("name", name) if name else _name(frame, "new_name", form.name, "")
    lead = say("welcome_lead", name=name) if name else say("welcome_first_lead")
    body = (
        f"<p>{lead}</p>{frame.problem(form.problem, **form.facts)}"
        f'<form class="box" method="post" action="{escape(action)}">'
        f"{hidden(FIELD, form.token)}{who}{_new_password(frame)}"
        f'<button type="submit">{say("choose")}</button></form>'
    )
    return frame.page(say("welcome" if name else "welcome_first"), body)


def account(
    frame: Frame, form: Form, account: Account, *, sessions: int, home: str, done: bool = False
) -> str:
    """Return the page of one's own account."""
    say = frame.say
    who = say("account_who", name=account.name, role=say(f"role_{account.role}"))
    lead = f"<p>{who}</p>"
    if account.collections is not None:
        named = ", ".join(account.collections) or "–"
        lead += f"<p>{say('account_collections', collections=named)}</p>"
    if done:
        lead += f'<p class="done" role="status">{say("changed")}</p>'
    if account.must_change:
        return frame.page(
            say("account"), f"{lead}<p>{say('account_must')}</p>{_change(frame, form)}"
        )
    lead += f'<p><a href="{home}">{say("forbidden_back")}</a></p>'
    change = (
        f"<h2>{say('change')}</h2>{_change(frame, form)}"
        if account.method is Method.PASSWORD
        else f"<p>{say('account_outside')}</p>"
    )
    leave = (
        f"<h2>{say('sessions')}</h2><p>{say('sessions_count', count=sessions)}</p>"
        f"{_button(frame, form.token, '/deconnexion', 'sign_out')}"
        f"{_button(frame, form.token, '/compte/partout', 'everywhere')}"
        f'<p class="hint">{say("everywhere_note")}</p>'
    )
    return frame.page(say("account"), lead + change + leave)


def sign_out(frame: Frame, token: str) -> str:
    """Return the page that asks whether one wants to leave."""
    button = _button(frame, token, "/deconnexion", "sign_out")
    return frame.page(frame.say("sign_out"), f"<p>{frame.say('sign_out_lead')}</p>{button}")


def signed_out(frame: Frame, *, stays_there: bool = False) -> str:
    """Return the page of who has left; `stays_there`: the identity provider could not be told."""
    lead = frame.say("signed_out_here" if stays_there else "signed_out_lead")
    link = f'<p><a class="button" href="/connexion">{frame.say("sign_in")}</a></p>'
    return frame.page(frame.say("signed_out"), f"<p>{lead}</p>{link}")


def _change(frame: Frame, form: Form) -> str:
    described = ' aria-describedby="problem"' if form.problem else ""
    return (
        f"{frame.problem(form.problem, **form.facts)}"
        f'<form class="box" method="post" action="/compte">{hidden(FIELD, form.token)}'
        f"{_password(frame, 'current', 'current', 'current-password', described)}"
        f"{_new_password(frame)}"
        f'<button type="submit">{frame.say("choose")}</button></form>'
    )


def _name(frame: Frame, words: str, value: str, more: str) -> str:
    return (
        f'<label for="name">{frame.say(words)}</label><input type="text" id="name" name="name" '
        f'value="{escape(value)}" maxlength="64" required autocomplete="username" '
        f'autocapitalize="none" spellcheck="false"{more}>'
    )


def _new_password(frame: Frame) -> str:
    return (
        f'<label for="new">{frame.say("new_password")}</label>'
        f'<p class="hint" id="hint">{frame.say("new_password_hint")}</p>'
        '<input type="password" id="new" name="new" maxlength="200" required '
        'autocomplete="new-password" aria-describedby="hint">'
        f"{_password(frame, 'again', 'again', 'new-password', '')}"
    )


def _password(frame: Frame, name: str, words: str, kind: str, more: str) -> str:
    return (
        f'<label for="{name}">{frame.say(words)}</label><input type="password" id="{name}" '
        f'name="{name}" maxlength="200" required autocomplete="{kind}"{more}>'
    )


def _button(frame: Frame, token: str, action: str, words: str) -> str:
    return (
        f'<form method="post" action="{action}">{hidden(FIELD, token)}'
        f'<button class="second" type="submit">{frame.say(words)}</button></form>'
    )
