# SPDX-License-Identifier: EUPL-1.2
"""`greffier user`: the accounts, from the terminal; what it changes counts at once.

No password is ever an argument: a one-time link, or the standard input.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.folder import read_key
from ui.access.accounts import Account, Method
from ui.access.clerk import Clerk
from ui.access.desk import Desk, open_access
from ui.access.links import LIFE_SECONDS
from ui.access.person import Person, Role

FR = Texts("fr")
ROLES = click.Choice([role.value for role in Role])
NAMES = click.argument("name")
COLLECTIONS = click.option(
    "--collection", "collections", multiple=True, help=FR("help", "user_option_collection")
)
STDIN = click.option("--stdin", "by_stdin", is_flag=True, help=FR("help", "user_option_stdin"))


@contextmanager
def opened(session: Session) -> Iterator[tuple[Desk, Clerk]]:
    """Open the accounts, in the name of who is at the keyboard."""
    with (
        open_parts(session.data, session.keys_base, session.settings) as parts,
        open_access(
            parts.folder.path,
            read_key(parts.keys, "access"),
            session.settings.access,
            parts.register,
        ) as desk,
    ):
        yield desk, Clerk(desk, Person(getpass.getuser(), Role.ADMIN))


@click.group(help=FR("help", "user"))
def user() -> None:
    pass


@user.command(help=FR("help", "user_add"))
@NAMES
@click.option("--role", required=True, type=ROLES, help=FR("help", "user_option_role"))
@COLLECTIONS
@click.option(
    "--sign-in",
    "method",
    type=click.Choice([method.value for method in Method]),
    default=Method.PASSWORD.value,
    show_default=True,
    help=FR("help", "user_option_sign_in"),
)
@click.option("--known-as", default="", help=FR("help", "user_option_known_as"))
@STDIN
@click.pass_obj
def add(
    session: Session,
    name: str,
    role: str,
    collections: tuple[str, ...],
    method: str,
    known_as: str,
    by_stdin: bool,
) -> None:
    with opened(session) as (_, clerk):
        account = clerk.add(
            name,
            Role(role),
            collections=collections or None,
            method=Method(method),
            known_as=known_as,
        )
        if account.method is Method.PASSWORD:
            _give_password(session, clerk, account.name, by_stdin=by_stdin)
        else:
            _tell(session, "user_outside", account, method=method)


@user.command(name="list", help=FR("help", "user_list"))
@click.option("--json", "in_json", is_flag=True)
@click.pass_obj
def list_(session: Session, in_json: bool) -> None:
    with opened(session) as (desk, _):
        accounts = desk.accounts.all()
        if in_json:
            session.print_json([
                {
                    "name": a.name, "role": a.role, "collections": a.collections,
                    "sign_in": a.method, "state": _state(a),
                    "sessions": desk.sessions.count(a.name),
                }
                for a in accounts
            ])  # fmt: skip
            return
        if not accounts:
            session.tell(session.texts("cli", "user_none"))
        for account in accounts:
            _tell(session, "user_line", account, method=account.method)


@user.command(help=FR("help", "user_disable"))
@NAMES
@click.pass_obj
def disable(session: Session, name: str) -> None:
    with opened(session) as (_, clerk):
        _tell(session, "user_disabled", clerk.shut(name))


@user.command(help=FR("help", "user_enable"))
@NAMES
@click.pass_obj
def enable(session: Session, name: str) -> None:
    with opened(session) as (_, clerk):
        _tell(session, "user_enabled", clerk.shut(name, disabled=False))


@user.command(help=FR("help", "user_password"))
@NAMES
@STDIN
@click.pass_obj
def password(session: Session, name: str, by_stdin: bool) -> None:
    with opened(session) as (desk, clerk):
        account = desk.accounts.need(name)
        _give_password(session, clerk, account.name, by_stdin=by_stdin)


@user.command(help=FR("help", "user_role"))
@NAMES
@click.argument("role", type=ROLES)
@COLLECTIONS
@click.pass_obj
def role(session: Session, name: str, role: str, collections: tuple[str, ...]) -> None:
    with opened(session) as (_, clerk):
        _tell(session, "user_role", clerk.grant(name, Role(role), collections or None))


def _give_password(session: Session, clerk: Clerk, name: str, *, by_stdin: bool) -> None:
    if by_stdin:
        typed = sys.stdin.readline().rstrip("\r\n")
        _tell(session, "user_password", clerk.password(name, typed))
        return
    path, days = clerk.link(name), int(LIFE_SECONDS // 86_400)
    session.say(
        session.texts("cli", "user_link", name=name, days=days, url=f"{_site(session)}{path}")
    )


def _site(session: Session) -> str:
    """Return where the screens are, as far as the settings say."""
    hosts = session.settings.access.hosts
    return f"https://{hosts[0]}" if hosts else "http://127.0.0.1:7860"


def _tell(session: Session, key: str, account: Account, **facts: str) -> None:
    all_ = session.texts("cli", "user_all")
    known = {
        "name": account.name,
        "role": account.role.value,
        "state": session.texts("cli", f"user_state_{_state(account)}"),
        "collections": all_ if account.collections is None else ", ".join(account.collections),
    }
    session.say(session.texts("cli", key, **(known | facts)))


def _state(account: Account) -> str:
    if account.disabled:
        return "disabled"
    is_waiting = account.method is Method.PASSWORD and not account.password
    return "waiting" if is_waiting else "open"
