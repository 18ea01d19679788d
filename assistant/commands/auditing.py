# SPDX-License-Identifier: EUPL-1.2
"""The commands of `register` that read it: show, export, stats, sample, review.

Each of them is entered in the register, under the pseudonym of who is at the keyboard.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from assistant.commands.rated import read_ratings
from assistant.commands.session import Session
from assistant.evaluation_kept import asked_by_people
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from guardrails.findings import Screened
from guardrails.register import Kind, Register, Selection
from guardrails.register.anomalies import anomalies
from guardrails.register.bundles import write_bundle
from guardrails.register.exports import as_json, enter_export, export
from guardrails.register.proof_files import proofs_into
from guardrails.register.quality import Quality, Share
from guardrails.register.ratings import enter_ratings
from guardrails.register.records import Entry
from guardrails.register.sampling import redraw, review, sample
from guardrails.register.statistics import summary

FR = Texts("fr")
ROLE = "administrator"
Command = TypeVar("Command", bound=Callable[..., Any])


def help_of(name: str) -> str:
    return FR("register", f"help_{name}")


@contextmanager
def opened(session: Session) -> Iterator[tuple[Parts, Register, str]]:
    """Open the data folder and its register; the pseudonym of who is at the keyboard."""
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        yield parts, parts.register, parts.register.pseudonym(getpass.getuser())


def selecting(command: Command) -> Command:
    """Add the options that choose entries."""
    for option in (
        click.option("--since", type=click.DateTime(), help=help_of("since")),
        click.option("--until", type=click.DateTime(), help=help_of("until")),
        click.option("--kind", "kinds", multiple=True, type=click.Choice([k.value for k in Kind])),
        click.option("--reason", "reasons", multiple=True, help=help_of("reason")),
        click.option("--collection", "collections", multiple=True, help=help_of("collection")),
        click.option("--pseudonym", "actors", multiple=True, help=help_of("pseudonym")),
        click.option("--user", default="", help=help_of("user")),
    ):
        command = option(command)
    return command


def selection_of(
    register: Register,
    *,
    since: datetime | None,
    until: datetime | None,
    kinds: tuple[str, ...],
    reasons: tuple[str, ...],
    collections: tuple[str, ...],
    actors: tuple[str, ...],
    user: str,
    exchange: str = "",
) -> Selection:
    named = tuple(register.keyring.pseudonyms(user)) or ("-",) if user else ()
    return Selection(
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) if until else None,
        kinds=tuple(Kind(kind) for kind in kinds),
        reasons=reasons,
        collections=collections,
        actors=(*actors, *named),
        exchange=exchange,
    )


@click.command(help=help_of("show"))
@click.argument("exchange", required=False, default="")
@click.option("--last", default=20, show_default=True, help=help_of("last"))
@click.option("--jsonl", "in_jsonl", is_flag=True)
@selecting
@click.pass_obj
def show(session: Session, /, exchange: str, last: int, in_jsonl: bool, **choice: Any) -> int:
    with opened(session) as (_, register, me):
        selection = selection_of(register, exchange=exchange, **choice)
        entries = list(register.entries(selection, by=me, role=ROLE, purpose="show"))
    for entry in entries[-last:]:
        if in_jsonl:
            session.print_json(as_json(entry))
        else:
            session.say(_line(session, entry))
    if exchange and not entries:
        session.tell(session.texts("register", "no_such_exchange", exchange=exchange))
    return 1 if exchange and not entries else 0


def _line(session: Session, entry: Entry) -> str:
    texts = session.texts
    why = (
        entry.public.get("why") or entry.payload.get("reason") or entry.payload.get("status") or ""
    )
    tables = entry.public.get("changed")
    changed = ", ".join(map(str, tables)) if isinstance(tables, list) else ""
    facts = {
        "index": entry.index,
        "at": f"{entry.at:%Y-%m-%d %H:%M:%S}",
        "kind": texts("register", f"kind_{entry.kind.value}"),
        "actor": entry.actor or "-",
        "exchange": entry.exchange,
        "why": texts("register", "why", why=why) if why else "",
        "words": entry.payload.get("question") or entry.payload.get("text") or changed,
    }
    return texts("register", "erased_line" if entry.erased else "entry_line", **facts).rstrip()


@click.command("export", help=help_of("export"))
@click.argument("output", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--form", default="jsonl",
              type=click.Choice(["csv", "jsonl", "bundle", "proofs", "copy"]))  # fmt: skip
@click.option("--exchange", default="", help=help_of("one_exchange"))
@click.option("--checkpoint", "kept", multiple=True, help=help_of("export_checkpoint"),
              type=click.Path(path_type=Path, exists=True, dir_okay=False))  # fmt: skip
@selecting
@click.pass_obj
def export_command(
    session: Session, /, output: Path, form: Any, kept: tuple[Path, ...], **choice: Any
) -> None:
    if kept and form != "bundle":
        raise click.UsageError(session.texts("register", "checkpoint_is_for_bundles"))
    since = [path.read_text("utf-8-sig") for path in kept]
    with opened(session) as (_, register, me):
        selection = selection_of(register, **choice)
        if form == "copy":
            if selection != Selection():
                raise click.UsageError(session.texts("register", "copy_is_whole"))
            register.copy_to(output, by=me, role=ROLE)
            count = register.size()
        elif form == "bundle":
            count = write_bundle(register, selection, output, since=since, by=me, role=ROLE)
        elif form == "proofs":
            stop = enter_export(register, selection, form, by=me, role=ROLE)
            with output.open("wb") as out:
                count = sum(1 for _ in proofs_into(out, register, selection, stop)) // 2
        else:
            with output.open("w", encoding="utf-8", newline="") as file:
                count = export(register, selection, form, file, by=me, role=ROLE)
    session.tell(session.texts("register", "exported", count=count, file=output.name))


@click.command(help=help_of("stats"))
@click.option("--json", "in_json", is_flag=True)
@selecting
@click.pass_obj
def stats(session: Session, /, in_json: bool, **choice: Any) -> None:
    with opened(session) as (_, register, me):
        selection = selection_of(register, **choice)
        looked_at = register.entries(selection, by=me, role=ROLE, purpose="statistics")
        entries = [*asked_by_people(looked_at)]
    counted, signs = summary(entries), anomalies(entries)
    if in_json:
        told = [{**asdict(a), "since": str(a.since), "until": str(a.until)} for a in signs]
        session.print_json({**asdict(counted), "anomalies": told})
        return
    texts = session.texts
    for name, value in asdict(replace(counted, ratings=Quality())).items():
        if name == "ratings":
            _tell_quality(session, counted.ratings)
            continue
        shown = (
            ", ".join(f"{k} {n}" for k, n in value.items()) if isinstance(value, dict) else value
        )
        session.say(
            f"{texts('register', f'stat_{name}')} : {'-' if shown in ('', None) else shown}"
        )
    for sign in signs:
        facts = {
            "actor": sign.actor,
            "count": len(sign.entries),
            "since": f"{sign.since:%d/%m %H:%M}",
        }
        session.say(texts("register", f"sign_{sign.sign.value}", **facts))


def _tell_quality(session: Session, told: Quality) -> None:
    texts = session.texts

    def of(share: Share) -> str:
        low, high = (round(100 * bound) for bound in (share.low, share.high))
        return texts("register", "share", right=share.right, total=share.total, low=low, high=high)

    session.say(texts("register", "stat_rated", count=told.rated))
    for draw in told.draws:
        facts = {**asdict(draw), "answers": of(draw.answers), "refusals": of(draw.refusals)}
        session.say(texts("register", "stat_draw", **facts))
    if told.agreement.pairs:
        kappa = "-" if told.agreement.kappa is None else texts.decimal(told.agreement.kappa, 2)
        facts = {**asdict(told.agreement), "kappa": kappa, "disputed": len(told.disputed)}
        session.say(texts("register", "stat_agreement", **facts))


@click.command("sample", help=help_of("sample"))
@click.argument("count", type=click.IntRange(1, 10_000), required=False)
@click.option("--seed", default="", help=help_of("seed"))
@click.option("--again", type=int, help=help_of("again"))
@selecting
@click.pass_obj
def sample_command(
    session: Session, /, count: int | None, seed: str, again: int | None, **choice: Any
) -> None:
    with opened(session) as (_, register, me):
        if again is not None:
            drawn = redraw(register, again, by=me, role=ROLE)
        else:
            selection = selection_of(register, **choice)
            drawn = sample(register, count or 10, seed=seed, selection=selection, by=me, role=ROLE)
    facts = {"count": len(drawn.exchanges), "population": drawn.population}
    session.tell(session.texts("register", "sampled", seed=drawn.seed, index=drawn.sealed, **facts))
    for exchange in drawn.exchanges:
        session.say(exchange)


@click.command("review", help=help_of("review"))
@click.argument("index", type=int, required=False)
@click.option("--agree/--disagree", "agrees", default=None)
@click.option("--comment", default="", help=help_of("comment"))
@click.option("--ratings", "file", help=help_of("ratings"),
              type=click.Path(path_type=Path, exists=True, dir_okay=False))  # fmt: skip
@click.pass_obj
def review_command(
    session: Session, index: int | None, agrees: bool | None, comment: str, file: Path | None
) -> None:
    texts, is_one = session.texts, index is not None and agrees is not None
    if is_one == bool(file) or (file and (comment or index is not None or agrees is not None)):
        raise click.UsageError(texts("register", "review_what"))
    with opened(session) as (parts, register, me):
        if file is not None:
            ratings = read_ratings(file, register, parts.guard.screen, by=me, role=ROLE)
            places = enter_ratings(register, ratings, user=getpass.getuser(), role=ROLE)
            session.tell(texts("register", "rated", count=len(places)))
        elif index is not None and agrees is not None:
            screened = parts.guard.screen(comment) if comment else Screened("")
            place = review(register, index, agrees=agrees, comment=screened, by=me, role=ROLE)
            session.tell(texts("register", "reviewed", index=index, place=place.index))
