# SPDX-License-Identifier: EUPL-1.2
"""`suspend` and `resume`: the switch of generated answers; search and extracts stay."""

from __future__ import annotations

import getpass

import click

from assistant.commands.session import Session
from assistant.moratorium import MAX_SENTENCE_CHARS, Moratorium, Pause, resume, suspend
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts

FR = Texts("fr")
ROLE = "administrator"
AUDIENCES = click.Choice(["agent", "senior"])


@click.command("suspend", help=FR("help", "suspend"))
@click.option("--audience", type=AUDIENCES, default=None)
@click.option("--collection", default="")
@click.option("--sentence", default="", help=FR("help", "suspend_sentence"))
@click.option("--list", "only_list", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def suspend_answers(
    session: Session,
    /,
    audience: str | None,
    collection: str,
    sentence: str,
    only_list: bool,
    as_json: bool,
) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        if not only_list:
            said = _checked(session, parts, sentence)
            pause = Pause(audience=audience or "", collection=collection, sentence=said)
            me = parts.register.pseudonym(getpass.getuser())
            suspend(parts.moratorium, parts.register, pause, by=me, role=ROLE)
        _show(session, parts.moratorium, as_json=as_json)


@click.command("resume", help=FR("help", "resume"))
@click.option("--audience", type=AUDIENCES, default=None)
@click.option("--collection", default="")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def resume_answers(session: Session, audience: str | None, collection: str, as_json: bool) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        kept = parts.moratorium.pauses()
        is_all = not audience and not collection
        ended = [p for p in kept if is_all or p.scope == (audience or "", collection)]
        if not ended and not is_all:
            raise session.fail("nothing_suspended")
        me = parts.register.pseudonym(getpass.getuser())
        for pause in ended:
            resume(parts.moratorium, parts.register, pause, by=me, role=ROLE)
        _show(session, parts.moratorium, as_json=as_json)


def _checked(session: Session, parts: Parts, sentence: str) -> str:
    """Return the sentence if it may be public; without one, the guard is not loaded."""
    said = " ".join(sentence.split())
    if len(said) > MAX_SENTENCE_CHARS:
        raise session.fail("sentence_long", chars=len(said), max_chars=MAX_SENTENCE_CHARS)
    if said and parts.guard.screen(said).findings:
        raise session.fail("sentence_personal")
    return said


def _show(session: Session, moratorium: Moratorium, *, as_json: bool) -> None:
    pauses = moratorium.pauses()
    if as_json:
        session.print_json([pause.model_dump(mode="json") for pause in pauses])
        return
    for pause in pauses:
        session.say(
            session.texts(
                "cli",
                "suspended_line",
                scope=scope_in_words(pause, session.texts),
                since=f"{pause.since:%Y-%m-%d %H:%M}",
                sentence=pause.sentence,
            ).rstrip()
        )
    if not pauses:
        session.say(session.texts("cli", "suspended_none"))


def scope_in_words(pause: Pause, texts: Texts) -> str:
    """Return for whom, and from what, there are no answers."""
    audience = texts("cli", f"scope_{pause.audience or 'all'}")
    if not pause.collection:
        return audience
    return texts("cli", "scope_collection", audience=audience, collection=pause.collection)
