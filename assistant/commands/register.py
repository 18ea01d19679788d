# SPDX-License-Identifier: EUPL-1.2
"""`register`: what an auditor and an administrator do with the register.

verify                                  needs nothing but the file; exit 0 only if all holds,
                                        4 if it is self-signed
show, export, stats, sample, review     read it, and are entered in it (auditing.py)
proof, witnesses, policy                what strangers verify (proving.py)
checkpoint, timestamp, key              seals, and who makes them
purge, erase                            payloads and their keys go, the proofs stay
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click

from assistant.commands.auditing import (
    ROLE,
    export_command,
    help_of,
    opened,
    review_command,
    sample_command,
    selecting,
    selection_of,
    show,
    stats,
)
from assistant.commands.proving import (
    ask_witnesses,
    policy_command,
    proof_command,
    witnesses_command,
)
from assistant.commands.session import Session
from assistant.elsewhere import open_register_database
from corpus.folder import DataFolder
from guardrails.register import FolderPlace, Kind, Place, Retention, Selection
from guardrails.register.inspection import origin_of
from guardrails.register.keyfiles import anchors
from guardrails.register.leaves import DATABASE
from guardrails.register.printed import MailDraft, PrintedPage
from guardrails.register.timestamps import checked, fetch, request
from guardrails.register.trust_policy import PolicyMalformed, read_policy
from guardrails.register.verify import policy_sentence, verify_any

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(help=help_of("register"))
def register() -> None:
    pass


for command in (
    show, export_command, stats, sample_command, review_command,
    proof_command, witnesses_command, policy_command,
):  # fmt: skip
    register.add_command(command)


@register.command(help=help_of("verify"))
@click.argument("copy", required=False, type=click.Path(path_type=Path))
@click.option("--checkpoint", "notes", multiple=True, help=help_of("verify_checkpoint"), type=FILE)
@click.option("--public-key", "keys", multiple=True, help=help_of("verify_key"))
@click.option("--policy", "policy_file", type=FILE, help=help_of("verify_policy"))
@click.option("--contents", type=FILE, help=help_of("verify_contents"))
@click.option("--json", "in_json", is_flag=True)
@click.pass_obj
def verify(
    session: Session,
    copy: Path | None,
    notes: tuple[Path, ...],
    keys: tuple[str, ...],
    policy_file: Path | None,
    contents: Path | None,
    in_json: bool,
) -> int:
    language = session.texts.language
    try:
        policy = read_policy(policy_file.read_bytes()) if policy_file else None
    except PolicyMalformed as error:
        raise click.UsageError(policy_sentence(error, language)) from error
    kept = [path.read_text("utf-8-sig") for path in notes]
    with _file(session) if copy is None else nullcontext(copy) as path:
        if copy is None and (origin := origin_of(path)):
            anchored = DataFolder.open(session.data).keys(session.keys_base) / "register"
            kept += anchors(anchored, origin)
        verdict = verify_any(path, notes=kept, keys=keys, policy=policy, contents=contents)
    if in_json:
        session.print_json({
            "holds": verdict.holds, "authenticated": verdict.holds and verdict.is_authenticated,
            "size": verdict.size, "origin": verdict.origin,
            "trouble": verdict.trouble, "index": verdict.index if verdict.trouble else None,
            "sentence": verdict.sentence(language), "remarks": verdict.asides(language),
        })  # fmt: skip
    else:
        tell = session.say if verdict.is_complete else session.tell
        for line in (verdict.sentence(language), *verdict.asides(language)):
            tell(line)
    return verdict.exit_code


@contextmanager
def _file(session: Session) -> Iterator[Path]:
    """Give the register as a file: its own, or a copy of the database that the settings name."""
    kept = session.settings.register_
    if not kept.database:
        yield session.data / "register" / DATABASE
        return
    with closing(open_register_database(kept)) as store, store.as_file() as path:
        yield path


@register.command(help=help_of("checkpoint"))
@click.option("--folder", "folders", multiple=True, type=FOLDER, help=help_of("folder"))
@click.option("--page", type=FOLDER, help=help_of("page"))
@click.option("--mail", type=FOLDER, help=help_of("mail"))
@click.option("--to", default="", help=help_of("to"))
@click.option("--request", "tsq", type=click.Path(path_type=Path), help=help_of("request"))
@click.pass_obj
def checkpoint(
    session: Session,
    folders: tuple[Path, ...],
    page: Path | None,
    mail: Path | None,
    to: str,
    tsq: Path | None,
) -> None:
    places: list[Place] = [FolderPlace(folder) for folder in folders]
    places += [PrintedPage(page)] if page else []
    places += [MailDraft(mail, to=to)] if mail else []
    with opened(session) as (_, opened_register, _me):
        note = opened_register.checkpoint(also=places)
        session.say(note.rstrip("\n"))
        ask_witnesses(session, opened_register)
    if tsq:
        tsq.write_bytes(request(note))
        tsq.with_suffix(".txt").write_text(note, "utf-8")


@register.command(help=help_of("timestamp"))
@click.argument("note", type=FILE)
@click.option("--roots", required=True, type=FILE, help=help_of("roots"))
@click.option("--response", type=FILE, help=help_of("response"))
@click.option("--server", default="", help=help_of("server"))
@click.pass_obj
def timestamp(
    session: Session, note: Path, roots: Path, response: Path | None, server: str
) -> None:
    if not response and not server:
        raise click.UsageError("--response / --server")
    text = note.read_text("utf-8-sig")
    stamp = response.read_bytes() if response else fetch(text, server)
    moment = checked(text, stamp, roots_pem=roots.read_bytes())
    note.with_suffix(".tsr").write_bytes(stamp)
    session.say(session.texts("register", "stamped", at=f"{moment:%Y-%m-%d %H:%M:%S} UTC"))


@register.command(help=help_of("key"))
@click.option("--rotate", is_flag=True, help=help_of("rotate"))
@click.option("--protect", is_flag=True, help=help_of("protect"))
@click.pass_obj
def key(session: Session, rotate: bool, protect: bool) -> None:
    with opened(session) as (_, opened_register, me):
        if protect:
            words = session.texts("register", "new_passphrase")
            new = click.prompt(
                words, default="", show_default=False, hide_input=True, confirmation_prompt=True,
                err=True,
            )  # fmt: skip
            opened_register.protect(new or None, by=me, role=ROLE)
            session.tell(session.texts("register", "protected" if new else "unprotected"))
        if rotate:
            opened_register.rotate_signing_key(by=me, role=ROLE)
        for verifier in opened_register.key_chain():
            session.say(str(verifier))


@register.command(help=help_of("purge"))
@click.option("--months", type=click.IntRange(0, 1200), help=help_of("months"))
@click.option("--keep", "by_kind", multiple=True, metavar="KIND=MONTHS", help=help_of("keep"))
@click.option("--clock-confirmed", "confirmed", is_flag=True, help=help_of("clock_confirmed"))
@click.pass_obj
def purge(session: Session, months: int | None, by_kind: tuple[str, ...], confirmed: bool) -> None:
    kept = session.settings.register_
    retention = Retention(
        default_months=kept.months if months is None else months,
        months={**kept.months_by_kind, **dict(_kind_and_months(text) for text in by_kind)},
    )
    with opened(session) as (_, opened_register, me):
        erased = opened_register.purge(retention, confirmed=confirmed, by=me, role=ROLE)
        today = opened_register.now()
    session.tell(session.texts("register", "purged", count=erased.payloads))
    if erased.unconfirmed:
        facts = {"count": erased.unconfirmed, "today": f"{today:%Y-%m-%d}"}
        session.tell(session.texts("register", "clock_unconfirmed", **facts))


@register.command(help=help_of("erase"))
@click.option("--exchange", default="", help=help_of("exchange"))
@click.option("--why", default="request", show_default=True,
              type=click.Choice(["request", "mistake", "order"]), help=help_of("why"))  # fmt: skip
@click.option("--yes", is_flag=True, help=help_of("yes"))
@selecting
@click.pass_obj
def erase(session: Session, /, exchange: str, why: str, yes: bool, **choice: Any) -> None:
    with opened(session) as (_, opened_register, me):
        selection = selection_of(opened_register, exchange=exchange, **choice)
        if selection == Selection():
            raise click.UsageError(session.texts("register", "erase_what"))
        if not yes:
            click.confirm(session.texts("register", "erase_sure"), abort=True, err=True)
        erased = opened_register.erase(selection, why=why, by=me, role=ROLE)
    session.tell(session.texts("register", "erased_at_once", count=erased.payloads))


def _kind_and_months(text: str) -> tuple[Kind, int]:
    name, _, months = text.partition("=")
    if name not in set(Kind) or not months.isdecimal():
        raise click.UsageError(f"--keep {text}: KIND=MONTHS, {', '.join(Kind)}")
    return Kind(name), int(months)
