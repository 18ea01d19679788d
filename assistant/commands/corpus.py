# SPDX-License-Identifier: EUPL-1.2
"""`corpus`: documents in, what became of them, and documents out for good.

add      reads, hides, splits, indexes; only what changed; says which files are gone
list     what there is, with the ids that `remove` takes, and where it stands
audience whom a paper is for, as a person says
remove   erases, looks for what is left in every byte, seals the proof in the register
"""

from __future__ import annotations

import getpass
import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from assistant.commands.adding import add_paths, show_report
from assistant.commands.audience import audience, declared, tell_unless_said
from assistant.commands.session import Session
from assistant.commands.upkeep import check_corpus, watch_paths
from assistant.operations import remove as remove_documents
from assistant.texts import Texts
from assistant.wiring import Parts, open_parts
from corpus.cores import step_back
from corpus.erase import ErasureProof
from guardrails.register.events import write_certificate

FR = Texts("fr")
ROLE = "administrator"


@click.group(help=FR("help", "corpus"))
def corpus() -> None:
    pass


corpus.add_command(check_corpus)
corpus.add_command(watch_paths)
corpus.add_command(audience)


@corpus.command(help=FR("help", "corpus_add"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", help=FR("help", "add_collection"))
@click.option("--prune", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def add(
    session: Session, paths: tuple[Path, ...], collection: str | None, prune: bool, as_json: bool
) -> None:
    for position, path in enumerate(paths, start=1):
        if not path.exists():  # not named: a path may hold a person's name
            raise session.fail("no_such_path", position=position)
    step_back()
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        given = declared(session, parts, paths, collection)
        collection = given.collection
        report = add_paths(session, parts, paths, collection=collection, prune=prune)
        gone = () if prune else parts.ingestion.missing(paths, collection=collection)
        if gone and not as_json and _agrees(session, len(gone)):
            again = add_paths(session, parts, paths, collection=collection, prune=True)
            report, gone = replace(report, removed=again.removed), ()
    if as_json:
        session.print_json(asdict(report))
    else:
        show_report(session, report)
    if gone:
        session.tell(session.texts("cli", "gone", count=len(gone)))
    if report.has_changes:
        tell_unless_said(session, given)


def _agrees(session: Session, count: int) -> bool:
    """Ask a person who watches whether documents of files that are gone may go too."""
    if not (session.is_terminal and sys.stdin.isatty()):
        return False
    return click.confirm(session.texts("quality", "ask_prune", count=count), err=True)


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
                "needs": d.needs,
                "declared": d.declared,
                "audience": d.audience,
            }
            for d in parts.store.documents()
        ]
    if as_json:
        session.print_json(rows)
        return
    needs = session.texts.section("needs")
    for row in rows:
        waits = f"  [{needs[str(row['needs'])]}]" if row["needs"] else ""
        place = session.texts.section("collection").get(str(row["collection"]), row["collection"])
        session.say(session.texts("cli", "document_line", **row | {"collection": place}) + waits)
    if not rows:
        session.say(session.texts("cli", "no_results"))


@corpus.command(help=FR("help", "corpus_remove"))
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--certificate", type=click.Path(path_type=Path, dir_okay=False),
              help=FR("register", "help_certificate"))  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def remove(session: Session, ids: tuple[str, ...], certificate: Path | None, as_json: bool) -> int:
    wanted = tuple(dict.fromkeys(ids))
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        for identifier in wanted:
            if parts.store.document(identifier) is None:
                raise session.fail("no_such_document", id=identifier)
        proof = _erase(parts, wanted, certificate)
    told = asdict(proof)
    if as_json:
        session.print_json(told)
    else:
        session.say(session.texts("cli", "removed", **told | {"documents": len(wanted)}))
    if not proof.is_clean:
        session.tell(session.texts("cli", "remains", count=proof.remains))
    return 0 if proof.is_clean else 1


def _erase(parts: Parts, documents: tuple[str, ...], certificate: Path | None) -> ErasureProof:
    """Erase and seal the proof; a register that cannot be opened keeps all as it is."""
    me = parts.register.pseudonym(getpass.getuser())
    proof, removal = remove_documents(parts, documents, by=me, role=ROLE)
    if certificate is not None:
        write_certificate(parts.register, removal, certificate, by=me, role=ROLE)
    return proof
