# SPDX-License-Identifier: EUPL-1.2
"""`serve` and `demo`: the commands that open the screens.

They live here because nothing below `ui` may import it; `main.py` adds them to
the command line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

import click

from assistant.commands.adding import add_paths, show_report
from assistant.commands.cards import import_file
from assistant.commands.models import pull_models
from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts, open_weights, switch_telemetry_off
from corpus.documents import PUBLIC
from corpus.folder import read_key
from guardrails.lastnet import hanging_net

if TYPE_CHECKING:
    from ui.restarting import Restarting

FR = Texts("fr")
SAMPLES = Path("samples")
CARDS = "cards.jsonl"
FIRST_LINK = ".premier-compte"
"""How the file beside the keys ends that holds the first administrator's link, where nobody
watches. Not among them: a backup of the keys must not hold it."""


@click.command(help=FR("help", "serve"))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True)
@click.pass_obj
def serve(session: Session, host: str, port: int) -> None:
    from ui.restarting import Restarting, is_able, is_managed

    managed, able = is_managed(), is_able()
    with (
        _held(host, port) as listening,
        open_parts(session.data, session.keys_base, session.settings, is_service=True) as parts,
    ):
        restarting = Restarting(under_way=parts.turns.under_way, is_managed=managed, is_able=able)
        _serve(session, parts, host, listening, restarting=restarting)
    restarting.again()


@click.command(help=FR("help", "demo"))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True)
@click.option("--samples", type=click.Path(path_type=Path), default=SAMPLES, show_default=True)
@click.option("--no-serve", is_flag=True, help=FR("help", "demo_no_serve"))
@click.pass_obj
def demo(session: Session, host: str, port: int, samples: Path, no_serve: bool) -> None:
    if not samples.is_dir():
        raise session.fail("samples_missing")
    _settle_demo(session, samples)  # before anything reads the settings
    if no_serve:
        with _prepared_demo(session, samples):
            return
    with _held(host, port) as listening, _prepared_demo(session, samples) as parts:
        session.tell(session.texts("cli", "demo_open"))
        _serve(session, parts, host, listening)


def _tell_of_origin(session: Session, own: str) -> None:
    """Say that the settings give the register a name that it does not have."""
    wanted = session.settings.register_.origin
    if wanted and wanted != own:
        session.tell(session.texts("cli", "origin_ignored", own=own, wanted=wanted))


def _tell_of_voice(session: Session) -> None:
    """Name what the simple page needs to be heard where a device has no voice."""
    from assistant.doctor import has_robot

    if session.settings.senior.open and not has_robot():
        session.tell(session.texts("cli", "demo_no_voice"))


@contextmanager
def _held(host: str, port: int) -> Iterator[socket]:
    """Hold the port before anything heavy is opened: one that is taken is said at once."""
    from ui.serve import listen

    with listen(host, port) as listening:
        yield listening


@contextmanager
def _prepared_demo(session: Session, samples: Path) -> Iterator[Parts]:
    """Fetch the models and read the fictional town's documents."""
    _tell_of_voice(session)
    session.tell(session.texts("cli", "demo_models"))
    pull_models(session)
    with open_parts(session.data, session.keys_base, session.settings, is_service=True) as parts:
        session.tell(session.texts("cli", "demo_corpus"))
        show_report(session, add_paths(session, parts, (samples,), collection=PUBLIC))
        _validate_demo(parts, samples / CARDS)
        yield parts


def _validate_demo(parts: Parts, file: Path) -> None:
    """Bring the answers that the fictional town's agents validated, where none is there yet."""
    if file.is_file() and not any(parts.cards.counts().values()):
        import_file(parts, file, by=parts.register.pseudonym("demo"), role="agent")


def _settle_demo(session: Session, samples: Path) -> None:
    """Give a new demo folder the settings of the fictional town: its roster and contact sheet."""
    target, source = session.data / "greffier.toml", samples / "greffier.toml"
    if source.is_file() and not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.write_text(source.read_text("utf-8"), "utf-8")


def _serve(
    session: Session,
    parts: Parts,
    host: str,
    listening: socket,
    *,
    restarting: Restarting | None = None,
) -> None:
    """Serve until interrupted; without `restarting`, as a demonstration."""
    switch_telemetry_off()  # before gradio is imported
    from ui.access import Demo, open_access
    from ui.app import build_app
    from ui.band import Bands
    from ui.senior import SeniorExtras
    from ui.senior.examples import examples_of
    from ui.senior.hearing import open_ears
    from ui.serve import serve_on
    from ui.workspaces import workspaces_of

    secret, access = read_key(parts.keys, "access"), session.settings.access
    _tell_of_origin(session, parts.register.origin)
    examples = examples_of(parts)
    with open_access(parts.folder.path, secret, access, parts.register) as desk:
        has_accounts = desk.accounts.is_open or restarting is not None
        keeper = desk if has_accounts else None
        parts.now.open()
        app = build_app(
            parts.answering,
            session.texts,
            parts.store,
            settings=session.settings,
            examples=session.settings.examples,
            extras=SeniorExtras(
                glossary=lambda: parts.now.glossary,
                ears=open_ears(open_weights(session.settings, parts.keys)),
                recognise=parts.recognise_emergency,
                suspended=lambda: parts.said_closed("senior"),
                report=partial(_report, parts),
                examples=examples,
            ),
            keeper=keeper or Demo(),
            workspaces=workspaces_of(
                parts, session.texts.language, session.keys_base, keeper, restarting=restarting
            ),
            readiness=parts.readiness,
            in_force=lambda: parts.settings,
            band=Bands(parts.moratorium, parts.notices),
        )
        link = desk.first_link() if has_accounts else ""
        _link_file(parts).unlink(missing_ok=True)  # what it held opens nothing any more

        def told(url: str) -> None:
            ours = partial(click.echo, file=terminal)  # its address is no person's
            ours(session.texts("cli", "serving", url=url))
            if not has_accounts:
                ours(session.texts("cli", "demo_mode"))
            if link:
                ours(_first_account(session, parts, f"{url}/bienvenue/{link}"))

        with ExitStack() as screening:
            net, terminal = hanging_net(), sys.stderr
            if net is not None:
                terminal = screening.enter_context(net.over_streams())
            screening.enter_context(parts.nights.running())
            if session.settings.senior.open:
                screening.enter_context(examples.running())
            serve_on(listening, app, host, on_ready=told)
    session.tell(session.texts("cli", "closed"))


def _report(parts: Parts, card: str, *, suspends: bool) -> None:
    """Take a validated answer that a resident says is wrong out of service, or keep that they say
    so."""
    from assistant.cards import Refused

    with suppress(Refused):  # somebody else did
        parts.card_desk.report(card, suspends=suspends, by="", role="resident")


def _first_account(session: Session, parts: Parts, address: str) -> str:
    """Return what is said of the first administrator's link. What a service prints is kept by
    the system's journal, which others read: there, the link is in a file of the keys' owner."""
    if session.is_terminal:
        return session.texts("cli", "first_account", url=address)
    path = _link_file(parts)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{address}\n")
    return session.texts("cli", "first_account_file", path=path)


def _link_file(parts: Parts) -> Path:
    return parts.keys.with_name(parts.keys.name + FIRST_LINK)
