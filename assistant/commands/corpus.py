# SPDX-License-Identifier: EUPL-1.2
"""`corpus`: documents in, what became of them, and documents out for good.

add      reads, hides, splits, indexes; only what changed; says which files are gone
list     what there is, with the ids that `remove` takes
remove   erases, looks for what is left in every byte, seals the proof in the register
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from assistant.commands.session import Session
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.erase import ErasureProof, erase
from corpus.ingest import Progress
from guardrails.register.records import AuditRecord, JsonValue, Kind
from guardrails.register.sequencer import draft

FR = Texts("fr")
ROLE = "administrator"


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
    for position, path in enumerate(paths, start=1):
        if not path.exists():  # not named: a path may hold a person's name
            raise session.fail("no_such_path", position=position)
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        report = add_paths(session, parts, paths, collection=collection, prune=prune)
        gone = () if prune else parts.ingestion.missing(paths, collection=collection)
    if as_json:
        session.print_json(report)
    else:
        show_report(session, report)
    if gone:
        session.tell(session.texts("cli", "gone", count=len(gone)))


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
    for name, word in (("failed", "reason"), ("waiting", "needs")):
        words = texts.section(word)
        for row in report[name]:  # type: ignore[union-attr]
            why = words[row[word]]  # type: ignore[call-overload, index]
            session.say(texts("cli", f"{name}_line", file=row["file"], why=why))  # type: ignore[call-overload, index]


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


@corpus.command(help=FR("help", "corpus_remove"))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def remove(session: Session, ids: tuple[str, ...], as_json: bool) -> int:
    wanted = tuple(dict.fromkeys(ids))
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        for identifier in wanted:
            if parts.store.document(identifier) is None:
                raise session.fail("no_such_document", id=identifier)
        proof = _erase(parts, wanted)
    told = asdict(proof)
    if as_json:
        session.print_json(told)
    else:
        session.say(session.texts("cli", "removed", **told | {"documents": len(wanted)}))
    if not proof.is_clean:
        session.tell(session.texts("cli", "remains", count=proof.remains))
    return 0 if proof.is_clean else 1


def _erase(parts: Parts, documents: tuple[str, ...]) -> ErasureProof:
    """Erase and seal the proof; a register that cannot be opened keeps all as it is."""
    me = parts.register.pseudonym(getpass.getuser())
    proof = erase(parts.store, parts.index, documents, parts.folder.path)
    record = AuditRecord(kind=Kind.ERASURE, actor=me, role=ROLE, payload=asdict(proof))
    # A verifier reads in the leaf which entries an erasure took: this one took none.
    parts.register.append_drafts([draft(record, {"why": "document", "erases": []})])
    parts.register.checkpoint_if_due()
    return proof
