# SPDX-License-Identifier: EUPL-1.2
"""`corpus check` and `corpus watch`: what to mend, and keeping in step by itself.

check    reads what is kept and says what an administrator should look at; a page with --page
watch    adds what changes as it changes, until it is stopped
"""

from __future__ import annotations

import threading
from dataclasses import asdict
from pathlib import Path

import click

from assistant.cards import Settled
from assistant.commands.adding import add_paths, show_report
from assistant.commands.audience import declared, tell_unless_said
from assistant.commands.session import Session
from assistant.errors import BadSettings
from assistant.quality_page import quality_page
from assistant.texts import Texts
from assistant.wiring import open_parts
from corpus.cores import step_back
from corpus.quality import CorpusQuality, check

FR = Texts("fr")
MOST_SHOWN = 20


@click.command("check", help=FR("quality", "help_check"))
@click.option("--json", "as_json", is_flag=True)
@click.option("--page", type=click.Path(path_type=Path, dir_okay=False),
              help=FR("quality", "help_page"))  # fmt: skip
@click.pass_obj
def check_corpus(session: Session, as_json: bool, page: Path | None) -> None:
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        quality = check(parts.store)
        missing = parts.cards.settled(Settled.MISSING) if page else []
    if page is not None:
        page.write_text(quality_page(quality, session.texts, missing), "utf-8")
    if as_json:
        session.print_json(asdict(quality))
    else:
        _show(session, quality)


def _show(session: Session, quality: CorpusQuality) -> None:
    texts = session.texts
    for collection in quality.collections:
        session.say(texts("quality", "collection_line", **asdict(collection)))
    for document in quality.to_mend[:MOST_SHOWN]:
        why = ", ".join(texts("doubt", doubt) for doubt in document.doubts)
        session.say(texts("quality", "document_line", file=document.file, why=why))
    if len(quality.to_mend) > MOST_SHOWN:
        session.say(texts("quality", "more", count=len(quality.to_mend) - MOST_SHOWN))
    if quality.alike:
        session.say(texts("quality", "alike_line", count=len(quality.alike)))
    if not quality.to_mend and not quality.not_in:
        session.say(texts("quality", "all_well"))


@click.command("watch", help=FR("quality", "help_watch"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--collection", help=FR("help", "add_collection"))
@click.option("--prune", is_flag=True)
@click.option("--poll", is_flag=True, help=FR("quality", "help_poll"))
@click.pass_obj
def watch_paths(
    session: Session, paths: tuple[Path, ...], collection: str | None, prune: bool, poll: bool
) -> None:
    from corpus.watch import PASSING, watch

    for position, path in enumerate(paths, start=1):
        if not path.exists():
            raise session.fail("no_such_path", position=position)
    step_back()
    with open_parts(session.data, session.keys_base, session.settings) as parts:
        given = declared(session, parts, paths, collection)

        def sync() -> None:
            parts.keep_up(session.read_settings())  # a page may have kept other rules meanwhile
            report = add_paths(
                session, parts, paths, collection=given.collection, prune=prune, is_watching=True
            )
            if report.has_changes:
                show_report(session, report)

        def failed(error: Exception) -> None:
            session.tell(session.texts("quality", "watch_failed", detail=type(error).__name__))

        session.tell(session.texts("quality", "watching"))
        tell_unless_said(session, given)
        passing = (*PASSING, BadSettings)
        watch(paths, sync, failed, stop=threading.Event(), poll=poll, passing=passing)
