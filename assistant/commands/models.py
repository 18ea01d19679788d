# SPDX-License-Identifier: EUPL-1.2
"""`models list` and `models pull`: which model files are here, which fit, and how to have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from assistant.commands.advise import advise
from assistant.commands.calibrate import calibrate
from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import open_weights
from corpus.errors import WeightsUnavailable
from corpus.machine import memory_bytes
from corpus.weights import DEFAULT_EMBEDDER, DEFAULT_LANGUAGE_MODEL, Weights, WeightsStatus
from corpus.weights_catalogue import catalogue
from corpus.weights_sources import Progress

FR = Texts("fr")
NAMES = tuple(weights.name for weights in catalogue())


@click.group(help=FR("models", "help"))
def models() -> None:
    pass


models.add_command(advise)
models.add_command(calibrate)


@models.command("list", help=FR("models", "help_list"))
@click.option("--check", is_flag=True, help=FR("models", "help_check"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_models(session: Session, check: bool, as_json: bool) -> int:
    found = open_weights(session.settings).status(check=check)
    if as_json:
        session.print_json([_row(status) for status in found])
    else:
        memory = f"{memory_bytes() / 1e9:.1f}"
        session.say(session.texts("models", "machine", memory=memory))
        for status in found:
            session.say(_line(session.texts, status))
    return 1 if any(status.state == "wrong" for status in found) else 0


@models.command("pull", help=FR("models", "help_pull"))
@click.argument("name", required=False, type=click.Choice(NAMES), metavar="[NAME]")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def pull(session: Session, name: str | None, as_json: bool) -> None:
    for status in pull_models(session, [name] if name else None):
        if as_json:
            session.print_json(_row(status))


def pull_models(session: Session, names: Sequence[str] | None = None) -> list[WeightsStatus]:
    """Fetch the models of these names, or those that the settings need; say each on stderr."""
    weights = open_weights(session.settings)
    wanted = _needed(session) if names is None else names
    for name in wanted:
        try:
            with _progress(session, name) as progress:
                path = weights.pull(name, progress)
        except WeightsUnavailable as error:
            raise session.fail("weights_error", detail=_advice(session, weights, error)) from error
        session.tell(session.texts("models", "ready", name=name, path=path))
    return [status for status in weights.status() if status.weights.name in wanted]


def _advice(session: Session, weights: Weights, error: WeightsUnavailable) -> str:
    """Why no source could give the file, and where to put it by hand."""
    return session.texts(
        "models",
        "unavailable",
        name=error.name,
        reasons="; ".join(error.reasons),
        file=weights.find(error.name).file,
        folder=weights.folder,
    )


def _needed(session: Session) -> list[str]:
    """The embedder, and the language model unless the settings name a file of their own."""
    chosen = session.settings.model.name or DEFAULT_LANGUAGE_MODEL
    return [chosen, DEFAULT_EMBEDDER] if chosen in NAMES else [DEFAULT_EMBEDDER]


@contextmanager
def _progress(session: Session, name: str) -> Iterator[Progress]:
    """A bar for a person who watches; nothing for a script."""
    if not session.is_terminal:
        yield lambda done, total, word: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(stderr=True)
    with Bar(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(name, total=None)

        def progress(done: int, total: int, word: str) -> None:
            label = session.texts("models", f"step_{word}", name=name)
            bar.update(task, completed=done, total=total, description=label)

        yield progress


def _row(status: WeightsStatus) -> dict[str, object]:
    weights = status.weights
    return {
        "name": weights.name,
        "purpose": weights.purpose.value,
        "state": status.state,
        "recommended": weights.recommended,
        "fits": status.fits,
        "path": str(status.path),
        "have_bytes": status.have_bytes,
        "size_bytes": weights.size_bytes,
        "memory_bytes": weights.memory_bytes,
        "sha256": weights.sha256,
        "licence": weights.licence,
        "languages": list(weights.languages),
    }


def _line(texts: Texts, status: WeightsStatus) -> str:
    weights = status.weights
    remarks = [texts("models", "fits" if status.fits else "too_big")]
    if weights.recommended:
        remarks.append(texts("models", "recommended"))
    return texts(
        "models",
        "line",
        state=texts("models", f"state_{status.state}"),
        name=weights.name,
        purpose=texts("models", f"purpose_{weights.purpose}"),
        size=f"{weights.size_bytes / 1e9:.2f}",
        memory=f"{weights.memory_bytes / 1e9:.1f}",
        licence=weights.licence,
        remarks=", ".join(remarks),
    )
