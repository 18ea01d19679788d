# SPDX-License-Identifier: EUPL-1.2
"""`witness`: watch over the registers of others, who cannot then rewrite what was seen.

init NAME     makes one: a file with its key and all that it will remember
trust KEY     watch over the register of that public key; `--forget`: no longer
list          its own key, the registers, how far each has come, and what contradicted it
serve         answers registers and who watches them
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from assistant.commands.session import Session
from assistant.texts import Texts
from guardrails.register.notes import NoteMalformed, VerifierKey
from guardrails.register.verdicts import moment
from guardrails.register.witness import Witness, WitnessUnusable, digest_of_origin, found_witness

FR = Texts("fr")
FILE = "witness.sqlite3"
PLACE = click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help=FR("witness", "help_folder")
)


@click.group(help=FR("help", "witness"))
def witness() -> None:
    pass


@witness.command(help=FR("witness", "help_init"))
@click.argument("name")
@PLACE
@click.pass_obj
def init(session: Session, name: str, folder: Path | None) -> None:
    with _told(session):
        key = found_witness(_file(session, folder), name)
    session.say(str(key))
    session.tell(session.texts("witness", "founded"))


@witness.command(help=FR("witness", "help_trust"))
@click.argument("key")
@click.option("--forget", is_flag=True, help=FR("witness", "help_forget"))
@PLACE
@click.pass_obj
def trust(session: Session, key: str, forget: bool, folder: Path | None) -> None:
    try:
        log = VerifierKey.read(key)
    except NoteMalformed as error:
        raise session.fail("witness_key") from error
    with _opened(session, folder) as one:
        if forget:
            one.forget(log)
        else:
            one.trust(log)
    words = "forgotten" if forget else "trusted"
    session.tell(session.texts("witness", words, origin=log.name))


@witness.command("list", help=FR("witness", "help_list"))
@click.option("--json", "in_json", is_flag=True)
@PLACE
@click.pass_obj
def list_command(session: Session, in_json: bool, folder: Path | None) -> int:
    with _opened(session, folder) as one:
        key, logs = str(one.key), one.logs()
        proofs = {log.origin: one.refusals(log.origin) for log in logs if log.refused}
    if in_json:
        session.print_json({
            "key": key,
            "logs": [
                {
                    "origin": log.origin, "keys": log.keys, "size": log.size, "at": log.at,
                    "address": f"/{digest_of_origin(log.origin)}/checkpoint",
                    "contradictions": [
                        {"refused": refused, "cosigned": known}
                        for refused, known in proofs.get(log.origin, ())
                    ],
                }
                for log in logs
            ],
        })  # fmt: skip
        return 1 if proofs else 0
    session.say(key)
    for log in logs:
        facts = {
            "origin": log.origin, "size": log.size, "count": log.refused,
            "at": moment(log.at, session.texts.language),
            "address": f"/{digest_of_origin(log.origin)}/checkpoint",
        }  # fmt: skip
        session.say(session.texts("witness", "log" if log.at else "log_unseen", **facts))
        if log.refused:
            key = "contradicted_one" if log.refused == 1 else "contradicted"
            session.say(session.texts("witness", key, **facts))
    return 1 if proofs else 0


@witness.command(help=FR("witness", "help_serve"))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=7381, show_default=True)
@PLACE
@click.pass_obj
def serve(session: Session, host: str, port: int, folder: Path | None) -> None:
    from guardrails.register.witness_http import WitnessServer

    with _opened(session, folder) as one, WitnessServer((host, port), one) as server:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{server.server_address[1]}"
        session.tell(session.texts("witness", "serving", address=address, name=one.name))
        server.serve_forever()


def _file(session: Session, folder: Path | None) -> Path:
    return (folder or session.keys_base.with_name("witness")) / FILE


@contextmanager
def _opened(session: Session, folder: Path | None) -> Iterator[Witness]:
    with _told(session), closing(Witness(_file(session, folder))) as one:
        yield one


@contextmanager
def _told(session: Session) -> Iterator[None]:
    """Say in the words of this command what is wrong with a witness's file."""
    try:
        yield
    except WitnessUnusable as error:
        raise session.fail(f"witness_{error.why}") from error
