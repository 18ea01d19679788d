# SPDX-License-Identifier: EUPL-1.2
"""Adding documents from any command: with a progress bar, sealed, told to a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from assistant.commands.session import Session
from assistant.operations import ingest
from assistant.wiring import Parts
from corpus.ingest import IngestReport, Progress


def add_paths(
    session: Session,
    parts: Parts,
    paths: tuple[Path, ...],
    *,
    collection: str,
    prune: bool = False,
    is_watching: bool = False,
) -> IngestReport:
    """Ingest, seal what was done, and return the report of the contract.

    What watches seals only runs that changed something: it looks every few seconds.
    """
    with shown_progress(session) as progress:
        return ingest(
            parts, paths, collection=collection, prune=prune, progress=progress,
            is_watching=is_watching,
        )  # fmt: skip


@contextmanager
def shown_progress(session: Session) -> Iterator[Progress | None]:
    """Yield what shows a person how far the reading is; nothing where nobody watches."""
    if not session.is_terminal:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(session.texts("cli", "reading"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show_report(session: Session, report: IngestReport) -> None:
    """Print an ingestion report for a person."""
    texts = session.texts
    told = asdict(report) | {"hidden": sum(report.hidden.values())}
    session.say(texts("cli", "added", **told))
    if report.private:
        session.say(texts("cli", "private_line", count=report.private))
    for failed in report.failed:
        why = texts("reason", failed.reason)
        session.say(texts("cli", "failed_line", file=failed.file, why=why))
    for waiting in report.waiting:
        why = texts("needs", waiting.needs)
        session.say(texts("cli", "waiting_line", file=waiting.file, why=why))
    for flagged in report.flagged:
        why = ", ".join(texts("flag", flag) for flag in flagged.flags)
        session.say(texts("cli", "flagged_line", file=flagged.file, why=why))
