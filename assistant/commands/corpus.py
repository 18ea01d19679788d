# SPDX-License-Identifier: EUPL-1.2
"""`corpus`, `screen` and `search`: documents in, hidden text and passages out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from assistant.commands.session import Session, read_jsonl, text_field
from assistant.texts import Texts
from assistant.wiring import Parts, open_guard, open_parts, switch_telemetry_off
from corpus.ingest import Progress
from guardrails.findings import Finding, Screened
from guardrails.guard import Guard
from guardrails.register.records import AuditRecord, JsonValue, Kind

FR = Texts("fr")


@click.group(help=FR("help", "corpus"))
def corpus() -> None:
    pass


@corpus.command(help=FR("help", "corpus_add"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", default="default")
@click.option("--prune", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def add(
    session: Session, paths: tuple[Path, ...], collection: str, prune: bool, as_json: bool
) -> None:
    for path in paths:
        if not path.exists():
            raise session.fail("no_such_path", path=path.name)
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        report = add_paths(session, parts, paths, collection=collection, prune=prune)
    if as_json:
        session.print_json(report)
    else:
        show_report(session, report)


def add_paths(
    session: Session, parts: Parts, paths: tuple[Path, ...], *, collection: str, prune: bool = False
) -> dict[str, JsonValue]:
    """Ingest, seal what was done, and return the report of the contract."""
    with _progress(session) as progress:
        report = parts.ingestion.add(paths, collection=collection, prune=prune, progress=progress)
    told: dict[str, JsonValue] = asdict(report)
    parts.register.append(
        AuditRecord(
            kind=Kind.INGESTION,
            payload={name: told[name] for name in told if name not in ("failed", "waiting")}
            | {
                "failed": len(report.failed),
                "waiting": len(report.waiting),
                "collection": collection,
            },
        )
    )
    return told


@contextmanager
def _progress(session: Session) -> Iterator[Progress | None]:
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


def show_report(session: Session, report: dict[str, JsonValue]) -> None:
    """Print an ingestion report for a person."""
    texts, hidden = session.texts, report["hidden"]
    total = sum(hidden.values()) if isinstance(hidden, dict) else 0
    session.say(texts("cli", "added", **{**report, "hidden": total}))
    for name in ("failed", "waiting"):
        for row in report[name]:  # type: ignore[union-attr]
            session.say(texts("cli", f"{name}_line", **row))  # type: ignore[arg-type]


@corpus.command("list", help=FR("help", "corpus_list"))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def list_documents(session: Session, as_json: bool) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        rows = [
            {
                "id": d.id,
                "file": d.file,
                "collection": d.collection,
                "pages": d.page_count,
                "passages": d.passage_count,
                "waiting_pages": list(d.waiting_pages),
            }
            for d in parts.store.documents()
        ]
    if as_json:
        session.print_json(rows)
        return
    for row in rows:
        session.say(session.texts("cli", "document_line", **row))
    if not rows:
        session.say(session.texts("cli", "no_results"))


@click.command(help=FR("help", "screen"))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", "as_jsonl", is_flag=True)
@click.pass_obj
def screen(
    session: Session, file: Path | None, explain: bool, as_json: bool, as_jsonl: bool
) -> None:
    if file is None and sys.stdin.isatty():
        raise session.fail("no_input")
    if file is not None and not file.exists():
        raise session.fail("no_such_path", path=file.name)
    switch_telemetry_off()
    if as_jsonl:
        _screen_lines(session, file)
        return
    text = _read(session, file)
    guard = open_guard(session.settings)
    if explain:
        _explain(session, guard, text)
        return
    screened = guard.screen(text)
    if as_json:
        session.print_json({"id": ""} | as_contract(screened))
    else:
        session.say(screened.text)


def _read(session: Session, file: Path | None) -> str:
    try:
        return (file.read_bytes() if file else sys.stdin.buffer.read()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise session.fail("not_text") from error


def _screen_lines(session: Session, file: Path | None) -> None:
    stream = file.open(encoding="utf-8") if file else sys.stdin
    guard = open_guard(session.settings)
    for line in read_jsonl(stream):
        roster = line.get("roster")
        names = [str(name) for name in roster] if isinstance(roster, list) else None
        screened = guard.screen(text_field(line, "text"), roster=names)
        session.print_json({"id": line.get("id", "")} | as_contract(screened))


def as_contract(screened: Screened) -> dict[str, object]:
    """Return a screened text as the command-line contract has it."""
    return {"text": screened.text, "findings": [_finding(f) for f in screened.findings]}


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "entity": finding.entity.value,
        "start": finding.start,
        "end": finding.end,
        "rule": finding.rule,
        "score": round(finding.score, 3),
    }


def _explain(session: Session, guard: Guard, text: str) -> None:
    """Print each decision with the layers that voted: positions and kinds, not the words."""
    explanation = guard.explain(text)
    for decision in explanation.decisions:
        f = decision.finding
        session.say(
            f"{f.start:>7}-{f.end:<7} {f.entity.value:<16} {decision.verdict.value:<10} "
            f"{f.score:.2f}  {f.rule}  ({', '.join(decision.voters)})"
        )
    if not explanation.decisions:
        session.say(session.texts("cli", "screened_clean"))


@click.command(help=FR("help", "search"))
@click.argument("question", required=False)
@click.option("-k", "limit", type=click.IntRange(1, 100), default=10)
@click.option("--json", "as_json", is_flag=True)
@click.option("--jsonl", "as_jsonl", is_flag=True)
@click.pass_obj
def search(
    session: Session, question: str | None, limit: int, as_json: bool, as_jsonl: bool
) -> None:
    if question is None and not as_jsonl:
        raise session.fail("empty_question")
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        if question is None:
            for line in read_jsonl(sys.stdin):
                found = _search(parts, text_field(line, "question"), limit)
                session.print_json({"id": line.get("id", ""), "passages": found})
            return
        found = _search(parts, question, limit)
    if as_json or as_jsonl:
        session.print_json({"id": "", "passages": found})
        return
    for rank, row in enumerate(found, 1):
        session.say(session.texts("cli", "passage_line", rank=rank, **row))
        session.say(f"   {row['text']}\n")
    if not found:
        session.say(session.texts("cli", "no_results"))


def _search(parts: Parts, question: str, limit: int) -> list[dict[str, object]]:
    from assistant.pipeline import check_question

    check_question(question)
    return [
        {
            "file": r.passage.file,
            "page": r.passage.page,
            "score": round(r.score, 4),
            "text": r.passage.text.text,
        }
        for r in parts.search(parts.guard.screen(question), limit=limit)
    ]
