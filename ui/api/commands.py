# SPDX-License-Identifier: EUPL-1.2
"""`greffier key`: the keys of programs, from the terminal; what it changes counts at once."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from assistant.commands.session import Session
from assistant.texts import Texts
from ui.access.commands import opened
from ui.access.keys import ROLES, Key
from ui.access.person import Role

FR = Texts("fr")
DAY_SECONDS = 86_400.0
NAMES = click.argument("name")


@click.group(help=FR("help", "key"))
def key() -> None:
    pass


@key.command(help=FR("help", "key_add"))
@NAMES
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in ROLES]),
    help=FR("help", "key_option_role"),
)
@click.option(
    "--collection", "collections", multiple=True, help=FR("help", "key_option_collection")
)
@click.option("--days", type=click.IntRange(1, 3650), help=FR("help", "key_option_days"))
@click.pass_obj
def add(
    session: Session, name: str, role: str, collections: tuple[str, ...], days: int | None
) -> None:
    with opened(session) as (_, clerk):
        made, secret = clerk.make_key(
            name,
            Role(role),
            collections=collections or None,
            seconds=days * DAY_SECONDS if days else None,
        )
    session.tell(session.texts("cli", "key_made", name=made.name, role=made.role.value))
    session.say(secret)


@key.command(name="list", help=FR("help", "key_list"))
@click.option("--json", "in_json", is_flag=True)
@click.pass_obj
def list_(session: Session, in_json: bool) -> None:
    with opened(session) as (desk, _):
        keys, now = desk.keys.all(), datetime.now(UTC).timestamp()
    if in_json:
        session.print_json([
            {
                "name": k.name, "id": k.id, "role": k.role, "collections": k.collections,
                "created": _day(k.created), "expires": _day(k.expires), "state": _state(k, now),
            }
            for k in keys
        ])  # fmt: skip
        return
    if not keys:
        session.tell(session.texts("cli", "key_none"))
    for one in keys:
        facts = {
            "name": one.name,
            "id": one.id,
            "role": one.role.value,
            "state": session.texts("cli", f"key_state_{_state(one, now)}"),
            "expires": _day(one.expires) or session.texts("cli", "key_never"),
            "collections": session.texts("cli", "user_all")
            if one.collections is None
            else ", ".join(one.collections),
        }
        session.say(session.texts("cli", "key_line", **facts))


@key.command(help=FR("help", "key_revoke"))
@NAMES
@click.pass_obj
def revoke(session: Session, name: str) -> None:
    with opened(session) as (_, clerk):
        over = clerk.revoke_key(name)
    session.say(session.texts("cli", "key_revoked", name=over.name))


def _state(one: Key, now: float) -> str:
    if one.revoked is not None:
        return "revoked"
    return "open" if one.holds(now) else "expired"


def _day(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).date().isoformat()
